//! CloudWatch: metrics, alarms and their history.

mod alarms;
mod history;
mod metrics;

pub use metrics::{METRICS_AT_MOST, MetricsAnswer, MetricsQuestion, POINTS_AT_MOST};

pub(super) use alarms::describe as alarms;
pub(super) use history::describe as history;
pub(super) use metrics::get as metrics;

use super::page::Page;
use aws_sdk_cloudwatch::config;

/// How often to try a page, as CloudWatch's client wants it.
fn attempts(page: &Page) -> config::Builder {
    config::Builder::default().retry_config(page.retries())
}
