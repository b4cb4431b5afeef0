//! The resources of a stack, from `ListStackResources`: `DescribeStackResources` ends at a hundred.

use super::page::Page;
use super::problem::Failure;
use super::shape::{drift, optional, promised, text};
use crate::domain::{StackId, StackResource};
use aws_sdk_cloudformation::{Client, types};

pub(super) async fn list(client: &Client, stack: &StackId) -> Result<Vec<StackResource>, Failure> {
    let mut resources = Vec::new();
    let mut page = Some(Page::First);
    while let Some(at) = page {
        let answer = client
            .list_stack_resources()
            .stack_name(stack.exact())
            .set_next_token(at.token())
            .customize()
            .config_override(at.attempts())
            .send()
            .await?;
        resources.extend(answer.stack_resource_summaries().iter().map(resource));
        page = at.next(answer.next_token);
    }
    Ok(resources)
}

fn resource(shape: &types::StackResourceSummary) -> StackResource {
    let status = shape.resource_status().map(types::ResourceStatus::as_str);
    let drifted = shape
        .drift_information()
        .and_then(types::StackResourceDriftInformationSummary::stack_resource_drift_status)
        .map(types::StackResourceDriftStatus::as_str);
    StackResource {
        logical: text(shape.logical_resource_id()),
        physical: optional(shape.physical_resource_id()),
        resource_type: text(shape.resource_type()),
        status: text(status),
        reason: optional(shape.resource_status_reason()),
        updated: promised(shape.last_updated_timestamp()),
        drift: drift(drifted),
    }
}
