//! The stack that made a resource, from `DescribeStackResources`.

use super::problem::Failure;
use crate::domain::{StackId, Untrusted};
use aws_sdk_cloudformation::Client;

/// None where no stack made it: CloudFormation says so by refusing the question.
pub(super) async fn find(
    client: &Client,
    physical: &Untrusted,
) -> Result<Option<StackId>, Failure> {
    let answer = client
        .describe_stack_resources()
        .physical_resource_id(physical.exact())
        .send()
        .await
        .map_err(Failure::from);
    match answer {
        Ok(answer) => {
            let mut resources = answer.stack_resources().iter();
            Ok(resources
                .find_map(|resource| resource.stack_id())
                .map(StackId::new))
        }
        Err(failure) if failure.is_missing() => Ok(None),
        Err(failure) => Err(failure),
    }
}
