//! From the SDK's errors to a [`Problem`](crate::domain::Problem) in an operator's words.
//!
//! Two steps, so that no generic code knows words and no words know the SDK: [`Failure`] takes the facts out of
//! an `SdkError` of any operation, and [`Asking`] words them for the question that was asked. The raw error goes
//! to the log; what AWS or a proxy wrote passes the sanitiser and is cut.

mod asking;
mod certificate;
mod code;
mod credentials;
mod deed;
mod failure;
mod network;
mod skew;

pub(super) use asking::{Asking, Subject};
pub(super) use credentials::of_credentials;
pub(super) use deed::Deed;
pub(super) use failure::{Failure, Fate};

use crate::domain::untrusted::sanitise;
use std::error::Error;

/// How much of a foreign sentence is shown, in characters.
const QUOTED_AT_MOST: usize = 300;

/// Somebody else's sentence, harmless, of bearable length, and ending like one.
///
/// Only its first line: what follows is for machines, and AWS puts the request there as it was signed, with its
/// session token.
fn quote(text: &str) -> String {
    let text = text.trim().lines().next().unwrap_or_default();
    let text = text
        .find("x-amz-security-token")
        .map_or(text, |at| text.get(..at).unwrap_or_default());
    let mut quoted: String = sanitise(text).chars().take(QUOTED_AT_MOST).collect();
    if text.chars().nth(QUOTED_AT_MOST).is_some() {
        quoted.push('…');
    } else if !quoted.ends_with(['.', '!', '?']) {
        quoted.push('.');
    }
    quoted
}

/// The error and everything beneath it. An `io::Error` hides what it wraps from `source`, so it is asked apart.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| {
        let error = *error;
        let wrapped = error
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref)
            .map(|inner| inner as &(dyn Error + 'static));
        wrapped.or_else(|| error.source())
    })
}
