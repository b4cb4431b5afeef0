//! The stacks of a region, from `DescribeStacks`: it brings outputs, tags and drift, which `ListStacks` does not.

use super::page::Page;
use super::problem::Failure;
use super::shape::{drift, moment, optional, promised, text};
use crate::domain::stack::Protection;
use crate::domain::{Output, Parameter, Stack, StackId, StackStatus, Tag};
use aws_sdk_cloudformation::{Client, types};

/// Every stack that is not deleted, in AWS's order.
pub(super) async fn describe(client: &Client) -> Result<Vec<Stack>, Failure> {
    let mut stacks = Vec::new();
    let mut page = Some(Page::First);
    while let Some(at) = page {
        let answer = client
            .describe_stacks()
            .set_next_token(at.token())
            .customize()
            .config_override(at.attempts())
            .send()
            .await?;
        stacks.extend(answer.stacks().iter().map(stack));
        page = at.next(answer.next_token);
    }
    Ok(stacks)
}

/// A stack by its name or id. None where AWS says that it does not exist; everything else that goes wrong says nothing
/// about that.
pub(super) async fn find(client: &Client, name: &str) -> Result<Option<Stack>, Failure> {
    Ok(shape(client, name).await?.as_ref().map(stack))
}

/// The same as AWS tells it.
pub(super) async fn shape(client: &Client, name: &str) -> Result<Option<types::Stack>, Failure> {
    let answer = client.describe_stacks().stack_name(name).send().await;
    match answer.map_err(Failure::from) {
        Ok(answer) => Ok(answer.stacks.and_then(|mut stacks| stacks.pop())),
        Err(failure) if failure.is_missing() => Ok(None),
        Err(failure) => Err(failure),
    }
}

fn stack(shape: &types::Stack) -> Stack {
    // The name is a legal, if ambiguous, way to ask for a stack that came without its id.
    let id = shape.stack_id().or(shape.stack_name()).unwrap_or_default();
    let status = shape.stack_status().map_or("", types::StackStatus::as_str);
    let drifted = shape
        .drift_information()
        .and_then(types::StackDriftInformation::stack_drift_status)
        .map(types::StackDriftStatus::as_str);
    Stack {
        id: StackId::new(id),
        name: text(shape.stack_name()),
        status: StackStatus::parse(status),
        reason: optional(shape.stack_status_reason()),
        description: optional(shape.description()),
        created: promised(shape.creation_time()),
        updated: moment(shape.last_updated_time()),
        parent: shape.parent_id().map(StackId::new),
        tags: shape.tags().iter().map(tag).collect(),
        parameters: shape.parameters().iter().map(parameter).collect(),
        outputs: shape.outputs().iter().map(output).collect(),
        drift: drift(drifted),
        protected: match shape.enable_termination_protection() {
            Some(true) => Protection::On,
            Some(false) | None => Protection::Off,
        },
        role: optional(shape.role_arn()),
    }
}

fn tag(shape: &types::Tag) -> Tag {
    Tag {
        key: text(shape.key()),
        value: text(shape.value()),
    }
}

fn parameter(shape: &types::Parameter) -> Parameter {
    Parameter {
        key: text(shape.parameter_key()),
        value: text(shape.parameter_value()),
        resolved: optional(shape.resolved_value()),
    }
}

fn output(shape: &types::Output) -> Output {
    Output {
        key: text(shape.output_key()),
        value: text(shape.output_value()),
        description: optional(shape.description()),
        export: optional(shape.export_name()),
    }
}
