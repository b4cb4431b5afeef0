//! What happened to a stack, from `DescribeStackEvents`, and to the stacks nested in it.
//!
//! The walk goes back to the start of the latest operation, and down into nested stacks that failed or are
//! moving: that is where [`root_cause`](crate::domain::root_cause) finds what a parent only repeats.

use super::page::Page;
use super::problem::Failure;
use super::shape::{optional, promised, text};
use crate::domain::{StackEvent, StackId, Timestamp};
use aws_sdk_cloudformation::{Client, types};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A stack with a long history would bring pages nobody reads.
const EVENTS_AT_MOST: usize = 500;

/// How far down nested stacks are followed.
const DEPTH_AT_MOST: u8 = 5;

/// How many nested stacks one reading follows: each is at least one call, and they share the region's rate with
/// everything else.
const NESTED_AT_MOST: usize = 20;

/// The events of the stack's latest operation and some before it, with those of its nested stacks; newest first.
pub(super) async fn describe(client: &Client, stack: &StackId) -> Result<Vec<StackEvent>, Failure> {
    let is_enough = |events: &[StackEvent]| {
        events.len() >= EVENTS_AT_MOST || events.iter().any(StackEvent::begins_operation)
    };
    let mut events = of_stack(client, stack, is_enough).await?;
    events.truncate(EVENTS_AT_MOST);
    let began = beginning(&events, stack);
    follow(client, &mut events, began).await;
    Ok(events)
}

/// Adds what happened since `began` to the stacks nested in those of the events, where it matters.
pub(super) async fn follow(client: &Client, events: &mut Vec<StackEvent>, began: Timestamp) {
    let is_enough = |events: &[StackEvent]| {
        events.len() >= EVENTS_AT_MOST || events.iter().any(StackEvent::begins_operation)
    };
    let mut followed = Vec::new();
    let mut level = restless(events, began);
    for _ in 0..DEPTH_AT_MOST {
        let mut below = Vec::new();
        for nested in level {
            if followed.len() == NESTED_AT_MOST || followed.contains(&nested) {
                continue;
            }
            // The stack's own events are worth showing even when a nested stack's cannot be read.
            if let Ok(its) = of_stack(client, &nested, is_enough).await {
                let its: Vec<_> = its.into_iter().filter(|event| event.at >= began).collect();
                below.extend(restless(&its, began));
                events.extend(its);
            }
            followed.push(nested);
        }
        level = below;
    }
    // Stable, so that events of the same instant keep AWS's order.
    events.sort_by_key(|event| Reverse(event.at));
}

/// One stack's events, newest first, page by page until there are enough.
pub(super) async fn of_stack(
    client: &Client,
    stack: &StackId,
    is_enough: impl Fn(&[StackEvent]) -> bool,
) -> Result<Vec<StackEvent>, Failure> {
    let mut events: Vec<StackEvent> = Vec::new();
    let mut page = Some(Page::First);
    while let Some(at) = page {
        let answer = client
            .describe_stack_events()
            .stack_name(stack.exact())
            .set_next_token(at.token())
            .customize()
            .config_override(at.attempts())
            .send()
            .await?;
        events.extend(answer.stack_events().iter().map(event));
        page = at.next(answer.next_token.filter(|_| !is_enough(&events)));
    }
    Ok(events)
}

/// When the latest operation of the stack began, as far back as the events reach.
fn beginning(events: &[StackEvent], stack: &StackId) -> Timestamp {
    let of_the_stack = || events.iter().filter(|event| event.stack == *stack);
    of_the_stack()
        .find(|event| event.begins_operation())
        .or_else(|| of_the_stack().next_back())
        .map(|event| event.at)
        .unwrap_or_default()
}

/// The nested stacks that failed since `began`, or whose latest word is that they are moving.
fn restless(events: &[StackEvent], began: Timestamp) -> Vec<StackId> {
    let mut restless = BTreeMap::new();
    for event in events.iter().filter(|event| event.at >= began) {
        if let Some(nested) = event.nested() {
            // Newest first: the first row seen of a nested stack is how it stands now.
            let moves_or_failed = restless
                .entry(nested)
                .or_insert_with(|| event.status.exact().ends_with("_IN_PROGRESS"));
            *moves_or_failed |= event.is_failure();
        }
    }
    let stacks = restless.into_iter().filter(|(_, restless)| *restless);
    stacks.map(|(stack, _)| stack).collect()
}

fn event(shape: &types::StackEvent) -> StackEvent {
    // A hook's verdict comes as an event without a resource status; its own words are the news.
    let status = shape
        .resource_status()
        .map(types::ResourceStatus::as_str)
        .or_else(|| shape.hook_status().map(types::HookStatus::as_str));
    StackEvent {
        id: text(shape.event_id()),
        stack: StackId::new(shape.stack_id().unwrap_or_default()),
        stack_name: text(shape.stack_name()),
        logical: text(shape.logical_resource_id()),
        physical: optional(shape.physical_resource_id()),
        resource_type: text(shape.resource_type()),
        status: text(status),
        reason: optional(
            shape
                .resource_status_reason()
                .or(shape.hook_status_reason()),
        ),
        at: promised(shape.timestamp()),
        token: optional(shape.client_request_token()),
    }
}
