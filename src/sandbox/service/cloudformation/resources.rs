//! The resources of a stack, in the three shapes in which AWS tells of them.

use super::{Answer, Call, Refused, no_such_stack, page};
use crate::sandbox::failure::Failure;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::stack::{ResourceStanding, Stack};

/// `DescribeStackResources` knows no paging and stops here.
const MOST_DESCRIBED: usize = 100;

pub(super) fn list(call: &Call<'_>) -> Answer {
    let (stack, _) = call.named_stack()?;
    let token = call.input.text("NextToken");
    let standings = stack.resources(call.now);
    let (standings, next) = page::cut(
        standings,
        call.world.pages.resources,
        token.as_deref(),
        |standing| standing.resource.logical.clone(),
    )?;
    let rows = standings.iter().map(|standing| {
        identified(standing)
            .with("LastUpdatedTimestamp", standing.at)
            .with("ResourceStatus", standing.status)
            .with_some("ResourceStatusReason", standing.reason.as_ref())
            .with("DriftInformation", drift(call, stack, standing))
    });
    Ok(Map::new()
        .with("StackResourceSummaries", rows.collect::<Value>())
        .with_some("NextToken", next))
}

pub(super) fn describe_all(call: &Call<'_>) -> Answer {
    let logical = call.input.text("LogicalResourceId");
    let stack = match (
        call.input.text("StackName"),
        call.input.text("PhysicalResourceId"),
    ) {
        (Some(name), _) => call.stack(&name, no_such_stack)?.0,
        (None, Some(physical)) => owner(call, &physical)?,
        (None, None) => {
            let message = "StackName or PhysicalResourceId must be specified, but not both";
            return Err(Failure::validation(message).into());
        }
    };
    let standings = stack.resources(call.now);
    let rows = standings
        .iter()
        .filter(|standing| {
            logical
                .as_deref()
                .is_none_or(|logical| standing.resource.logical == logical)
        })
        .take(MOST_DESCRIBED)
        .map(|standing| {
            of_stack(stack, standing)
                .with("Timestamp", standing.at)
                .with("ResourceStatus", standing.status)
                .with_some("ResourceStatusReason", standing.reason.as_ref())
                .with("DriftInformation", drift(call, stack, standing))
        });
    Ok(Map::new().with("StackResources", rows.collect::<Value>()))
}

pub(super) fn describe_one(call: &Call<'_>) -> Answer {
    let (stack, _) = call.named_stack()?;
    let logical = call.required("LogicalResourceId")?;
    let standings = stack.resources(call.now);
    let standing = standings
        .iter()
        .find(|standing| standing.resource.logical == logical)
        .ok_or_else(|| {
            Failure::validation(format!(
                "Resource {logical} does not exist for stack {}",
                stack.name
            ))
        })?;
    let detail = of_stack(stack, standing)
        .with("LastUpdatedTimestamp", standing.at)
        .with("ResourceStatus", standing.status)
        .with_some("ResourceStatusReason", standing.reason.as_ref())
        .with("Metadata", "{}")
        .with("DriftInformation", drift(call, stack, standing));
    Ok(Map::new().with("StackResourceDetail", detail))
}

/// The stack that made a resource.
fn owner<'c>(call: &'c Call<'_>, physical: &str) -> Result<&'c Stack, Refused> {
    call.all_stacks()?
        .into_iter()
        .map(|(stack, _)| stack)
        .find(|stack| {
            stack
                .resources
                .iter()
                .any(|resource| resource.physical == physical)
        })
        .ok_or_else(|| Failure::validation(format!("Stack for {physical} does not exist")).into())
}

fn identified(standing: &ResourceStanding<'_>) -> Map {
    Map::new()
        .with("LogicalResourceId", &standing.resource.logical)
        .with("PhysicalResourceId", &standing.resource.physical)
        .with("ResourceType", &standing.resource.kind)
}

fn of_stack(stack: &Stack, standing: &ResourceStanding<'_>) -> Map {
    let mut row = Map::new()
        .with("StackName", &stack.name)
        .with("StackId", &stack.id);
    for (key, value) in identified(standing).iter() {
        row.set(key.to_owned(), value.clone());
    }
    row
}

fn drift(call: &Call<'_>, stack: &Stack, standing: &ResourceStanding<'_>) -> Map {
    match call.world.drift_checked(stack, call.now) {
        None => Map::new().with("StackResourceDriftStatus", "NOT_CHECKED"),
        Some(checked) => Map::new()
            .with(
                "StackResourceDriftStatus",
                super::drift::resource_status(stack, &standing.resource.logical),
            )
            .with("LastCheckTimestamp", checked),
    }
}
