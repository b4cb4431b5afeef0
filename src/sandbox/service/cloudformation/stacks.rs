//! Stacks themselves: describe, list, policy.

use super::{Answer, Call, Found, no_such_stack, page};
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::stack::{
    Definition, Echo, Kind, OnFailure, Protection, RollbackConfiguration, Stack, Standing,
};

pub(super) fn describe(call: &Call<'_>) -> Answer {
    if let Some(name) = call.input.text("StackName") {
        let (stack, standing) = call.stack(&name, no_such_stack)?;
        return Ok(Map::new().with("Stacks", vec![described(call, stack, &standing)]));
    }
    let mut living = call.all_stacks()?;
    living.retain(|(_, standing)| standing.status != "DELETE_COMPLETE");
    let (stacks, next) = cut(call, living)?;
    let stacks = stacks
        .iter()
        .map(|(stack, standing)| described(call, stack, standing));
    Ok(Map::new()
        .with("Stacks", stacks.collect::<Value>())
        .with_some("NextToken", next))
}

pub(super) fn list(call: &Call<'_>) -> Answer {
    let wanted = call.input.texts("StackStatusFilter");
    let mut found = call.all_stacks()?;
    found.retain(|(_, standing)| {
        wanted.is_empty() || wanted.iter().any(|status| status == standing.status)
    });
    let (stacks, next) = cut(call, found)?;
    let stacks = stacks
        .iter()
        .map(|(stack, standing)| summarised(call, stack, standing));
    Ok(Map::new()
        .with("StackSummaries", stacks.collect::<Value>())
        .with_some("NextToken", next))
}

fn cut<'c>(
    call: &Call<'c>,
    stacks: Vec<Found<'c>>,
) -> Result<(Vec<Found<'c>>, Option<String>), super::Refused> {
    let token = call.input.text("NextToken");
    page::cut(
        stacks,
        call.world.pages.stacks,
        token.as_deref(),
        |(stack, _)| stack.id.clone(),
    )
}

fn described(call: &Call<'_>, stack: &Stack, standing: &Standing<'_>) -> Map {
    let definition = standing.definition;
    Map::new()
        .with("StackId", &stack.id)
        .with("StackName", &stack.name)
        .with_some("Description", some(&definition.description))
        .with_some(
            "Parameters",
            listed(parameters(definition, &standing.version)),
        )
        .with("CreationTime", standing.created)
        .with_some("DeletionTime", standing.deleted)
        .with_some("LastUpdatedTime", standing.updated)
        .with("RollbackConfiguration", rollback(&definition.rollback))
        .with("StackStatus", standing.status)
        .with_some(
            "StackStatusReason",
            standing
                .reason
                .as_ref()
                .filter(|reason| *reason != "User Initiated"),
        )
        .with("DisableRollback", definition.on_failure == OnFailure::Stays)
        .with("NotificationARNs", definition.notified.clone())
        .with_some("Capabilities", listed(definition.capabilities.clone()))
        .with_some("Outputs", listed(outputs(standing)))
        .with_some("RoleARN", definition.role.as_ref())
        .with("Tags", tags(definition, &standing.version))
        .with(
            "EnableTerminationProtection",
            stack.protection == Protection::On,
        )
        .with_some("ParentId", stack.parent.as_ref())
        .with_some("RootId", stack.root.as_ref())
        .with("DriftInformation", drift(call, stack))
        .with("LastOperations", operations(standing))
}

fn summarised(call: &Call<'_>, stack: &Stack, standing: &Standing<'_>) -> Map {
    Map::new()
        .with("StackId", &stack.id)
        .with("StackName", &stack.name)
        .with_some(
            "TemplateDescription",
            some(&standing.definition.description),
        )
        .with("CreationTime", standing.created)
        .with_some("LastUpdatedTime", standing.updated)
        .with_some("DeletionTime", standing.deleted)
        .with("StackStatus", standing.status)
        .with_some(
            "StackStatusReason",
            standing
                .reason
                .as_ref()
                .filter(|reason| *reason != "User Initiated"),
        )
        .with_some("ParentId", stack.parent.as_ref())
        .with_some("RootId", stack.root.as_ref())
        .with("DriftInformation", drift(call, stack))
        .with("LastOperations", operations(standing))
}

fn some(text: &String) -> Option<&String> {
    (!text.is_empty()).then_some(text)
}

fn listed<T: Into<Value>>(items: Vec<T>) -> Option<Value> {
    (!items.is_empty()).then(|| items.into())
}

/// A secret is answered as four stars, whatever it is.
pub(super) fn parameters(definition: &Definition, version: &str) -> Vec<Map> {
    let parameters = definition.parameters.iter();
    parameters
        .map(|parameter| {
            let value = match parameter.echo {
                Echo::Shown => Stack::as_of(&parameter.value, version),
                Echo::Masked => "****".to_owned(),
            };
            Map::new()
                .with("ParameterKey", &parameter.key)
                .with("ParameterValue", value)
        })
        .collect()
}

pub(super) fn tags(definition: &Definition, version: &str) -> Value {
    let tags = definition.tags.iter();
    tags.map(|(key, value)| {
        Map::new()
            .with("Key", key)
            .with("Value", Stack::as_of(value, version))
    })
    .collect()
}

/// A stack that is still being made has no outputs yet.
fn outputs(standing: &Standing<'_>) -> Vec<Map> {
    if standing.kind == Kind::Create && standing.status != "CREATE_COMPLETE" {
        return Vec::new();
    }
    let outputs = standing.definition.outputs.iter();
    outputs
        .map(|output| {
            Map::new()
                .with("OutputKey", &output.key)
                .with(
                    "OutputValue",
                    Stack::as_of(&output.value, &standing.version),
                )
                .with_some("Description", output.description.as_ref())
                .with_some("ExportName", output.export.as_ref())
        })
        .collect()
}

fn drift(call: &Call<'_>, stack: &Stack) -> Map {
    match call.world.drift_checked(stack, call.now) {
        None => Map::new().with("StackDriftStatus", "NOT_CHECKED"),
        Some(checked) => Map::new()
            .with("StackDriftStatus", super::drift::stack_status(stack))
            .with("LastCheckTimestamp", checked),
    }
}

pub(super) fn rollback(configuration: &RollbackConfiguration) -> Map {
    let triggers = configuration.triggers.iter();
    let triggers: Vec<Map> = triggers
        .map(|(arn, kind)| Map::new().with("Arn", arn).with("Type", kind))
        .collect();
    Map::new()
        .with_some("RollbackTriggers", listed(triggers))
        .with_some("MonitoringTimeInMinutes", configuration.minutes)
}

fn operations(standing: &Standing<'_>) -> Vec<Map> {
    vec![
        Map::new()
            .with("OperationType", standing.kind.name())
            .with("OperationId", &standing.operation),
    ]
}
