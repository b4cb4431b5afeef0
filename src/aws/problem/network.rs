//! How a connection failed, told from the chain of causes.

use super::{certificate, chain};
use crate::domain::Reach;
use crate::domain::untrusted::sanitise;
use aws_smithy_runtime_api::client::dns::ResolveDnsError;
use aws_smithy_runtime_api::client::result::ConnectorError;
use std::error::Error;
use std::io::ErrorKind;

/// How much of the deepest cause is kept when nothing better is known, in characters.
const DETAIL_AT_MOST: usize = 120;

/// Why nobody answered, and what is known beyond that.
pub(super) fn before_answer(error: &(dyn Error + 'static)) -> (Reach, Option<String>) {
    during_transfer(error).unwrap_or_else(|| {
        let detail = chain(error).last().map(|deepest| {
            sanitise(&deepest.to_string())
                .chars()
                .take(DETAIL_AT_MOST)
                .collect()
        });
        (Reach::Other, detail)
    })
}

/// The same, once an answer has begun: `None` when the connection is not what failed.
pub(super) fn during_transfer(error: &(dyn Error + 'static)) -> Option<(Reach, Option<String>)> {
    // The deepest cause is the most exact: a timeout above a refused connection is a refused connection.
    chain(error)
        .filter_map(|cause| reach(cause).map(|reach| (reach, detail(reach, cause))))
        .last()
}

fn reach(cause: &(dyn Error + 'static)) -> Option<Reach> {
    let text = cause.to_string();
    if cause.is::<ResolveDnsError>() || text.starts_with("failed to lookup address") {
        return Some(Reach::Dns);
    }
    // rustls is not ours to name; its words are stable since 0.20.
    if text.starts_with("invalid peer certificate") {
        return Some(Reach::Certificate);
    }
    if told(&text).is_some() {
        return Some(Reach::Other);
    }
    if let Some(io) = cause.downcast_ref::<std::io::Error>() {
        return of_kind(io.kind());
    }
    if let Some(hyper) = cause.downcast_ref::<hyper::Error>() {
        return (hyper.is_incomplete_message() || hyper.is_closed()).then_some(Reach::Reset);
    }
    let timed_out = cause
        .downcast_ref::<ConnectorError>()
        .is_some_and(ConnectorError::is_timeout)
        || (text.starts_with("HTTP ") && text.contains("timeout occurred"))
        || text == "request has timed out";
    timed_out.then_some(Reach::TimedOut)
}

fn of_kind(kind: ErrorKind) -> Option<Reach> {
    match kind {
        ErrorKind::ConnectionRefused => Some(Reach::Refused),
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::UnexpectedEof => Some(Reach::Reset),
        ErrorKind::TimedOut => Some(Reach::TimedOut),
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => {
            Some(Reach::Other)
        }
        _ => None,
    }
}

fn detail(reach: Reach, cause: &(dyn Error + 'static)) -> Option<String> {
    let text = cause.to_string();
    let detail = match reach {
        Reach::Certificate => Some(certificate::fault(&text)),
        Reach::Other => told(&text).or(Some("the network has no way there")),
        Reach::Dns | Reach::Refused | Reach::Reset | Reach::TimedOut | Reach::Redirected => None,
    };
    detail.map(str::to_owned)
}

/// Causes that have a sentence but no type that could be asked.
fn told(text: &str) -> Option<&'static str> {
    [
        (
            "tunnel error: proxy auth",
            "the proxy wants a user name and a password",
        ),
        ("tunnel error", "the proxy refuses to connect there"),
        (
            "received corrupt message",
            "what answers there does not speak TLS",
        ),
    ]
    .into_iter()
    .find(|(words, _)| text.starts_with(words))
    .map(|(_, told)| told)
}
