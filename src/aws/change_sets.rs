//! The change sets of a stack with their changes, from `ListChangeSets` and `DescribeChangeSet`.

use super::page::Page;
use super::problem::Failure;
use super::shape::{optional, promised, text};
use crate::domain::{Change, ChangeSet, StackId, Untrusted};
use aws_sdk_cloudformation::operation::describe_change_set::DescribeChangeSetOutput;
use aws_sdk_cloudformation::{Client, types};
use std::cmp::Reverse;

/// Pipelines leave change sets behind by the hundred. Only the newest can be meant when somebody looks, and each
/// one described is a call of its own against a limit that AWS does not publish.
const DESCRIBED_AT_MOST: usize = 20;

/// The newest change sets, newest first.
pub(super) async fn describe(client: &Client, stack: &StackId) -> Result<Vec<ChangeSet>, Failure> {
    let mut summaries = list(client, stack).await?;
    summaries.sort_by_key(|summary| Reverse(promised(summary.creation_time())));
    let mut sets = Vec::new();
    for summary in summaries.iter().take(DESCRIBED_AT_MOST) {
        if let Some(changes) = changes(client, stack, summary).await? {
            sets.push(change_set(summary, changes));
        }
    }
    Ok(sets)
}

async fn list(client: &Client, stack: &StackId) -> Result<Vec<types::ChangeSetSummary>, Failure> {
    let mut summaries = Vec::new();
    let mut page = Some(Page::First);
    while let Some(at) = page {
        let answer = client
            .list_change_sets()
            .stack_name(stack.exact())
            .set_next_token(at.token())
            .customize()
            .config_override(at.attempts())
            .send()
            .await?;
        summaries.extend(answer.summaries.unwrap_or_default());
        page = at.next(answer.next_token);
    }
    Ok(summaries)
}

/// What one change set would change; `None` when it was deleted since it was listed.
async fn changes(
    client: &Client,
    stack: &StackId,
    summary: &types::ChangeSetSummary,
) -> Result<Option<Vec<Change>>, Failure> {
    let name = summary.change_set_id().or(summary.change_set_name());
    of(client, stack, &text(name)).await
}

/// What a change set would change, to its last page; `None` where it does not exist.
pub(super) async fn of(
    client: &Client,
    stack: &StackId,
    change_set: &Untrusted,
) -> Result<Option<Vec<Change>>, Failure> {
    let mut changes = Vec::new();
    let mut page = Some(Page::First);
    while let Some(at) = page {
        let Some(answer) = describe_page(client, stack, change_set, &at).await? else {
            return Ok(None);
        };
        let of_resources = answer
            .changes()
            .iter()
            .filter_map(types::Change::resource_change);
        changes.extend(of_resources.map(change));
        page = at.next(answer.next_token);
    }
    Ok(Some(changes))
}

/// How a change set stands.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub(super) status: Untrusted,
    pub(super) execution: Untrusted,
    pub(super) reason: Option<Untrusted>,
}

/// `None` where it does not exist, or its stack does not.
pub(super) async fn state(
    client: &Client,
    stack: &StackId,
    change_set: &Untrusted,
) -> Result<Option<State>, Failure> {
    // Whoever waits for it asks again, but would lose what was waited for by giving up.
    let patient = Page::After(String::new());
    let answer = describe_page(client, stack, change_set, &patient).await?;
    Ok(answer.map(|answer| State {
        status: text(answer.status().map(types::ChangeSetStatus::as_str)),
        execution: text(
            answer
                .execution_status()
                .map(types::ExecutionStatus::as_str),
        ),
        reason: optional(answer.status_reason()),
    }))
}

/// The change sets that a stack has, but for those that are being deleted.
pub(super) async fn remaining(client: &Client, stack: &StackId) -> Result<Vec<Untrusted>, Failure> {
    let is_going = |summary: &types::ChangeSetSummary| {
        let status = summary.status().map_or("", types::ChangeSetStatus::as_str);
        matches!(
            status,
            "DELETE_PENDING" | "DELETE_IN_PROGRESS" | "DELETE_COMPLETE"
        )
    };
    let summaries = list(client, stack).await?;
    let left = summaries.iter().filter(|summary| !is_going(summary));
    Ok(left.map(|summary| text(summary.change_set_id())).collect())
}

async fn describe_page(
    client: &Client,
    stack: &StackId,
    change_set: &Untrusted,
    page: &Page,
) -> Result<Option<DescribeChangeSetOutput>, Failure> {
    let answer = client
        .describe_change_set()
        .stack_name(stack.exact())
        .change_set_name(change_set.exact())
        .set_next_token(page.token().filter(|token| !token.is_empty()))
        .customize()
        .config_override(page.attempts())
        .send()
        .await
        .map_err(Failure::from);
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(failure) if failure.is_missing() => Ok(None),
        Err(failure) => Err(failure),
    }
}

fn change_set(summary: &types::ChangeSetSummary, changes: Vec<Change>) -> ChangeSet {
    ChangeSet {
        id: text(summary.change_set_id()),
        name: text(summary.change_set_name()),
        status: text(summary.status().map(types::ChangeSetStatus::as_str)),
        execution: text(
            summary
                .execution_status()
                .map(types::ExecutionStatus::as_str),
        ),
        reason: optional(summary.status_reason()),
        description: optional(summary.description()),
        created: promised(summary.creation_time()),
        changes,
    }
}

fn change(shape: &types::ResourceChange) -> Change {
    Change {
        action: text(shape.action().map(types::ChangeAction::as_str)),
        logical: text(shape.logical_resource_id()),
        physical: optional(shape.physical_resource_id()),
        resource_type: text(shape.resource_type()),
        replacement: optional(shape.replacement().map(types::Replacement::as_str)),
        scope: shape
            .scope()
            .iter()
            .map(|part| text(Some(part.as_str())))
            .collect(),
    }
}
