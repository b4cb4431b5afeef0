//! The published versions of a function, from `ListVersionsByFunction`.

use super::attempts;
use super::functions::moment;
use crate::aws::page::Page;
use crate::aws::problem::Failure;
use crate::aws::shape::{optional, text};
use crate::domain::{FunctionVersion, Untrusted};
use aws_sdk_lambda::{Client, types};
use std::cmp::Reverse;

/// Newest first, without `$LATEST`, which is what the configuration tells of.
pub(in crate::aws) async fn list(
    client: &Client,
    function: &Untrusted,
) -> Result<Vec<FunctionVersion>, Failure> {
    let mut versions = Vec::new();
    let mut page = Some(Page::First);
    while let Some(at) = page {
        let answer = client
            .list_versions_by_function()
            .function_name(function.exact())
            .set_marker(at.token())
            .customize()
            .config_override(attempts(&at))
            .send()
            .await?;
        let published = answer
            .versions()
            .iter()
            .filter(|shape| shape.version() != Some("$LATEST"));
        versions.extend(published.map(version));
        page = at.next(answer.next_marker);
    }
    versions.sort_by_key(|version| Reverse(version.number()));
    Ok(versions)
}

fn version(shape: &types::FunctionConfiguration) -> FunctionVersion {
    FunctionVersion {
        version: text(shape.version()),
        description: optional(shape.description()),
        modified: moment(shape.last_modified()),
        code: text(shape.code_sha256()),
        runtime: optional(shape.runtime().map(types::Runtime::as_str)),
    }
}
