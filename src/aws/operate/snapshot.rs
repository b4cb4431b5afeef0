//! Everything that it takes to deploy a stack again as it is.

use crate::aws::problem::Failure;
use crate::aws::shape::{moment, text};
use crate::aws::{stacks, template};
use crate::domain::operation::{Setting, Snapshot};
use crate::domain::{Scope, Stack, Timestamp, Untrusted};
use aws_sdk_cloudformation::{Client, types};

/// Reads the stack anew; what was read of it before may be older than its template is now.
pub(super) async fn take(
    client: &Client,
    scope: &Scope,
    stack: &Stack,
    now: Timestamp,
) -> Result<Option<Snapshot>, Failure> {
    let Some(shape) = stacks::shape(client, stack.id.exact()).await? else {
        return Ok(None);
    };
    let template = template::get(client, &stack.id).await?;
    let policy = client
        .get_stack_policy()
        .stack_name(stack.id.exact())
        .send()
        .await?;
    Ok(Some(Snapshot {
        scope: scope.clone(),
        stack: stack.id.clone(),
        taken: now,
        updated: moment(shape.last_updated_time()),
        template: template.body.exact().to_owned(),
        parameters: shape.parameters().iter().map(setting).collect(),
        tags: shape.tags().iter().filter_map(tag).collect(),
        capabilities: shape
            .capabilities()
            .iter()
            .map(|name| name.as_str().to_owned())
            .collect(),
        role: shape.role_arn().map(Untrusted::new),
        notifications: shape
            .notification_arns()
            .iter()
            .map(|arn| Untrusted::new(arn.as_str()))
            .collect(),
        policy: policy.stack_policy_body,
    }))
}

/// A secret value comes as asterisks; it can only be left as it is.
fn setting(shape: &types::Parameter) -> Setting {
    let value = shape.parameter_value().unwrap_or_default();
    let is_masked = !value.is_empty() && value.bytes().all(|byte| byte == b'*');
    Setting {
        key: text(shape.parameter_key()),
        value: (!is_masked).then(|| value.into()),
    }
}

/// AWS's own tags are not for anybody to set.
fn tag(shape: &types::Tag) -> Option<(Untrusted, Untrusted)> {
    let key = shape.key().unwrap_or_default();
    (!key.starts_with("aws:")).then(|| (key.into(), text(shape.value())))
}
