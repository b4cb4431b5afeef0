//! Lambda: functions, their versions and aliases, what calls them, and calling them.

mod aliases;
mod concurrency;
mod functions;
mod invoke;
mod sources;
mod versions;

pub(super) use aliases::list as aliases;
pub(super) use concurrency::{get as concurrency, limits};
pub(super) use functions::{get as function, list as functions, log_group};
pub(super) use invoke::invoke;
pub(super) use sources::list as event_sources;
pub(super) use versions::list as versions;

use super::page::Page;
use aws_sdk_lambda::config;

/// How often to try a page, as Lambda's client wants it.
fn attempts(page: &Page) -> config::Builder {
    config::Builder::default().retry_config(page.retries())
}

/// A count that AWS writes as a signed number.
fn count(number: Option<i32>) -> u32 {
    number
        .and_then(|number| number.try_into().ok())
        .unwrap_or_default()
}
