//! Drift: what somebody changed behind CloudFormation's back.
//!
//! A detection takes a few seconds of the clock. Its id carries when it began, so that the only thing to
//! remember is which stacks have been checked.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Answer, Call, page};
use crate::sandbox::failure::Failure;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::random::Dice;
use crate::sandbox::world::stack::{Difference, ResourceStanding, Stack};

const DETECTION: TimeDelta = TimeDelta::seconds(4);

pub(super) fn detect(call: &Call<'_>) -> Answer {
    let (stack, standing) = call.named_stack()?;
    if !standing.status.ends_with("_COMPLETE") {
        let message = format!(
            "Drift detection cannot be performed on stack {} while it is in {} state.",
            stack.name, standing.status
        );
        return Err(Failure::validation(message).into());
    }
    call.world
        .check_drift(&stack.id, call.now, call.now + DETECTION);
    Ok(Map::new().with("StackDriftDetectionId", detection_id(stack, call.now)))
}

pub(super) fn detection_status(call: &Call<'_>) -> Answer {
    let id = call.required("StackDriftDetectionId")?;
    let found = began(&id).and_then(|began| {
        let stacks = call.estate().ok()?.stacks.iter();
        stacks
            .filter(|stack| detection_id(stack, began) == id)
            .map(|stack| (stack, began))
            .next()
    });
    let Some((stack, began)) = found else {
        return Err(
            Failure::validation(format!("StackDriftDetectionId {id} does not exist")).into(),
        );
    };
    let status = Map::new()
        .with("StackId", &stack.id)
        .with("StackDriftDetectionId", &id);
    if call.now < began + DETECTION {
        return Ok(status
            .with("DetectionStatus", "DETECTION_IN_PROGRESS")
            .with("Timestamp", began));
    }
    Ok(status
        .with("StackDriftStatus", stack_status(stack))
        .with("DetectionStatus", "DETECTION_COMPLETE")
        .with(
            "DriftedStackResourceCount",
            i64::try_from(drifted(stack)).unwrap_or(0),
        )
        .with("Timestamp", began + DETECTION))
}

pub(super) fn resources(call: &Call<'_>) -> Answer {
    let (stack, _) = call.named_stack()?;
    let wanted = call.input.texts("StackResourceDriftStatusFilters");
    let Some(checked) = call.world.drift_checked(stack, call.now) else {
        // What was never checked has nothing to tell.
        return Ok(Map::new().with("StackResourceDrifts", Value::List(Vec::new())));
    };
    let mut standings = stack.resources(call.now);
    standings.retain(|standing| {
        wanted.is_empty()
            || wanted
                .iter()
                .any(|status| status == resource_status(stack, &standing.resource.logical))
    });
    let size = call
        .input
        .integer("MaxResults")
        .and_then(|most| usize::try_from(most).ok());
    let token = call.input.text("NextToken");
    let (standings, next) = page::cut(
        standings,
        size.unwrap_or(100).clamp(1, 100),
        token.as_deref(),
        |standing| standing.resource.logical.clone(),
    )?;
    let rows = standings
        .iter()
        .map(|standing| row(stack, standing, checked));
    Ok(Map::new()
        .with("StackResourceDrifts", rows.collect::<Value>())
        .with_some("NextToken", next))
}

pub(super) fn stack_status(stack: &Stack) -> &'static str {
    if drifted(stack) == 0 {
        "IN_SYNC"
    } else {
        "DRIFTED"
    }
}

pub(super) fn resource_status(stack: &Stack, logical: &str) -> &'static str {
    if differences(stack, logical).next().is_some() {
        "MODIFIED"
    } else {
        "IN_SYNC"
    }
}

fn drifted(stack: &Stack) -> usize {
    let resources = stack.resources.iter();
    resources
        .filter(|resource| differences(stack, &resource.logical).next().is_some())
        .count()
}

fn differences<'s>(stack: &'s Stack, logical: &str) -> impl Iterator<Item = &'s Difference> {
    let all = stack.drift.iter().flat_map(|drift| &drift.differences);
    all.filter(move |difference| difference.logical == logical)
}

fn row(stack: &Stack, standing: &ResourceStanding<'_>, checked: DateTime<Utc>) -> Map {
    let logical = &standing.resource.logical;
    let status = resource_status(stack, logical);
    let mut row = Map::new()
        .with("StackId", &stack.id)
        .with("LogicalResourceId", logical)
        .with("PhysicalResourceId", &standing.resource.physical)
        .with("ResourceType", &standing.resource.kind);
    if status == "MODIFIED" {
        row.set(
            "ExpectedProperties",
            properties(stack, logical, |difference| &difference.expected),
        );
        row.set(
            "ActualProperties",
            properties(stack, logical, |difference| &difference.actual),
        );
        let found = differences(stack, logical).map(|difference| {
            Map::new()
                .with("PropertyPath", format!("/{}", difference.path))
                .with("ExpectedValue", &difference.expected)
                .with("ActualValue", &difference.actual)
                .with("DifferenceType", "NOT_EQUAL")
        });
        row.set("PropertyDifferences", found.collect::<Value>());
    }
    row.with("StackResourceDriftStatus", status)
        .with("Timestamp", checked)
}

fn properties(stack: &Stack, logical: &str, side: impl Fn(&Difference) -> &String) -> String {
    let members: serde_json::Map<String, serde_json::Value> = differences(stack, logical)
        .map(|difference| (difference.path.clone(), side(difference).as_str().into()))
        .collect();
    serde_json::Value::Object(members).to_string()
}

/// A uuid whose first twelve digits are the milliseconds at which the detection began.
fn detection_id(stack: &Stack, began: DateTime<Utc>) -> String {
    let millis = format!("{:012x}", began.timestamp_millis());
    let (high, low) = millis.split_at(8);
    let mut dice = Dice::named(0, &format!("{}/{millis}/drift", stack.id));
    format!(
        "{high}-{low}-4{}-a{}-{}",
        dice.hex(3),
        dice.hex(3),
        dice.hex(12)
    )
}

fn began(id: &str) -> Option<DateTime<Utc>> {
    let digits: String = id
        .chars()
        .filter(|letter| *letter != '-')
        .take(12)
        .collect();
    DateTime::from_timestamp_millis(i64::from_str_radix(&digits, 16).ok()?)
}
