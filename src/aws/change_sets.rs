//! The change sets of a stack with their changes, from `ListChangeSets` and `DescribeChangeSet`.

use super::page::Page;
use super::problem::Failure;
use super::shape::{optional, promised, text};
use crate::domain::{Change, ChangeSet, StackId};
use aws_sdk_cloudformation::operation::describe_change_set::DescribeChangeSetError;
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
    let mut changes = Vec::new();
    let mut page = Some(Page::First);
    while let Some(at) = page {
        let answer = client
            .describe_change_set()
            .stack_name(stack.exact())
            .set_change_set_name(
                summary
                    .change_set_id()
                    .or(summary.change_set_name())
                    .map(str::to_owned),
            )
            .set_next_token(at.token())
            .customize()
            .config_override(at.attempts())
            .send()
            .await;
        let answer = match answer {
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(DescribeChangeSetError::is_change_set_not_found_exception) =>
            {
                return Ok(None);
            }
            answer => answer?,
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
