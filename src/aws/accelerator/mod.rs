//! Global Accelerator. Its control plane is in one region, whatever the regions of the endpoints, and is asked there
//! and nowhere else.

mod accelerators;
mod attachments;
mod listeners;

pub(super) use accelerators::list as accelerators;
pub(super) use attachments::list as attachments;
pub(super) use listeners::{dial, group, list as listeners};

use super::page::Page;
use aws_sdk_globalaccelerator::config;

/// AWS's largest page.
const PAGE: i32 = 100;

/// How often to try a page, as Global Accelerator's client wants it.
fn attempts(page: &Page) -> config::Builder {
    config::Builder::default().retry_config(page.retries())
}
