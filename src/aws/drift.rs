//! How far a stack's resources have drifted, from `DescribeStackResourceDrifts`: the last detection's findings.

use super::page::Page;
use super::problem::Failure;
use super::shape::{drift, optional, promised, text};
use crate::domain::{Difference, ResourceDrift, StackId};
use aws_sdk_cloudformation::{Client, types};

pub(super) async fn describe(
    client: &Client,
    stack: &StackId,
) -> Result<Vec<ResourceDrift>, Failure> {
    let mut drifts = Vec::new();
    let mut page = Some(Page::First);
    while let Some(at) = page {
        let answer = client
            .describe_stack_resource_drifts()
            .stack_name(stack.exact())
            .set_next_token(at.token())
            .customize()
            .config_override(at.attempts())
            .send()
            .await?;
        drifts.extend(answer.stack_resource_drifts().iter().map(resource));
        page = at.next(answer.next_token);
    }
    Ok(drifts)
}

fn resource(shape: &types::StackResourceDrift) -> ResourceDrift {
    let status = shape.stack_resource_drift_status();
    ResourceDrift {
        logical: text(shape.logical_resource_id()),
        physical: optional(shape.physical_resource_id()),
        resource_type: text(shape.resource_type()),
        status: drift(status.map(types::StackResourceDriftStatus::as_str)),
        differences: shape
            .property_differences()
            .iter()
            .map(difference)
            .collect(),
        checked: promised(shape.timestamp()),
    }
}

fn difference(shape: &types::PropertyDifference) -> Difference {
    Difference {
        path: text(shape.property_path()),
        expected: text(shape.expected_value()),
        actual: text(shape.actual_value()),
    }
}
