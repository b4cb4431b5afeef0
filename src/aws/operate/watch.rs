//! How the thing of a stack's call stands: the stack, our token among its events, how far it is, and what failed first.

use crate::aws::problem::Failure;
use crate::aws::{change_sets, events, stacks};
use crate::domain::operation::{Call, Sight, StackSight, Token, Trace, is_end};
use crate::domain::{StackEvent, StackId, StackStatus, Timestamp, root_cause};
use aws_sdk_cloudformation::Client;
use std::collections::BTreeMap;

/// More events than this tell nothing new of how far an operation is.
const EVENTS_AT_MOST: usize = 500;

pub(super) async fn stack(client: &Client, call: &Call, id: &StackId) -> Result<Sight, Failure> {
    if matches!(call, Call::SetStackPolicy { .. }) {
        return policy(client, id).await;
    }
    let Some(found) = stacks::find(client, id.exact()).await? else {
        return Ok(Sight::Gone);
    };
    let mut events = of_call(client, call, id).await?;
    let trace = match call.token() {
        Some(token) => trace(&mut events, token, &found.status),
        None => Trace::Absent,
    };
    // Once it was executed nobody asks how it stands.
    let change_set = match (call.change_set(), &trace) {
        (Some(change_set), Trace::Absent) => change_sets::state(client, id, change_set)
            .await?
            .map(|state| state.execution),
        (Some(_), Trace::Newest | Trace::Overtaken(_)) | (None, _) => None,
    };
    narrow(&mut events, call);
    let moves = found.status.phase().is_moving() && !matches!(trace, Trace::Overtaken(_));
    let progress = progress(&events, id).filter(|_| moves);
    let has_failed = events.iter().any(StackEvent::is_failure);
    let cause = if has_failed {
        let began = events.last().map(|event| event.at).unwrap_or_default();
        events::follow(client, &mut events, began).await;
        root_cause(id, &events).map(|event| {
            let reason = event.reason.clone();
            (
                event.logical.clone(),
                reason.unwrap_or_else(|| event.status.clone()),
            )
        })
    } else {
        None
    };
    Ok(Sight::Stack(StackSight {
        status: found.status,
        reason: found.reason,
        updated: found.updated,
        trace,
        change_set,
        progress,
        cause,
    }))
}

/// Whether the newest operation is that of the token. What began after it is taken out of the events, newest first.
fn trace(events: &mut Vec<StackEvent>, token: &Token, status: &StackStatus) -> Trace {
    let Some(ours) = events.iter().position(|event| is_of(event, token)) else {
        return Trace::Absent;
    };
    // What rolls back under another token still belongs to it; what begins anew does not.
    let newer = &events[..ours];
    let next = newer.iter().rposition(StackEvent::begins_operation);
    events.drain(..next.map_or(0, |next| next + 1));
    let own = events.iter().find(|it| it.is_of_the_stack_itself());
    let own = own.map(|event| StackStatus::parse(event.status.exact()));
    let end = own.filter(is_end);
    // The events may lag behind the stack: an update that runs after ours has ended is not ours.
    if next.is_some() || (end.is_some() && *status == StackStatus::UpdateInProgress) {
        Trace::Overtaken(end)
    } else {
        Trace::Newest
    }
}

async fn policy(client: &Client, id: &StackId) -> Result<Sight, Failure> {
    let answer = client
        .get_stack_policy()
        .stack_name(id.exact())
        .send()
        .await;
    match answer.map_err(Failure::from) {
        Ok(answer) => Ok(Sight::Policy(answer.stack_policy_body)),
        Err(failure) if failure.is_missing() => Ok(Sight::Gone),
        Err(failure) => Err(failure),
    }
}

/// The newest events, back to the first of the call or to before it was planned.
async fn of_call(client: &Client, call: &Call, id: &StackId) -> Result<Vec<StackEvent>, Failure> {
    let token = call.token();
    let since = planned(call);
    events::of_stack(client, id, |events: &[StackEvent]| {
        let Some(oldest) = events.last() else {
            return false;
        };
        let ours = |event: &StackEvent| token.is_some_and(|token| is_of(event, token));
        let is_older = since.is_some_and(|since| oldest.at < since);
        let is_past_ours = events.iter().any(ours) && !ours(oldest);
        let is_first = events
            .iter()
            .any(|event| event.begins_operation() && (since.is_none() || ours(event)));
        is_older
            || is_past_ours
            || is_first
            || (events.len() >= EVENTS_AT_MOST && events.iter().any(ours))
    })
    .await
}

/// When the stack had been changed last before the call: what is older is somebody else's.
///
/// None where the call is about whatever goes on now.
fn planned(call: &Call) -> Option<Timestamp> {
    match call {
        Call::ExecuteChangeSet { seen, .. }
        | Call::UpdateStack { seen, .. }
        | Call::RollbackStack { seen, .. }
        | Call::ContinueUpdateRollback { seen, .. } => Some(seen.updated.unwrap_or_default()),
        Call::CancelUpdateStack { .. }
        | Call::SetStackPolicy { .. }
        | Call::UpdateAlias { .. }
        | Call::SetDial { .. }
        | Call::SetWeight { .. }
        | Call::Remember { .. }
        | Call::SetProcesses { .. }
        | Call::SetSizes { .. }
        | Call::SetTasks { .. }
        | Call::SetTaskLimits { .. }
        | Call::SetPower { .. } => None,
    }
}

fn is_of(event: &StackEvent, token: &Token) -> bool {
    event
        .token
        .as_ref()
        .is_some_and(|its| its.exact() == token.as_str())
}

/// Leaves what belongs to the operation that the call began, or to the latest one where it only steers that.
fn narrow(events: &mut Vec<StackEvent>, call: &Call) {
    let token = call.token().filter(|_| planned(call).is_some());
    let ours = token.and_then(|token| events.iter().rposition(|event| is_of(event, token)));
    let latest = || events.iter().position(StackEvent::begins_operation);
    if let Some(began) = ours.or_else(latest) {
        events.truncate(began + 1);
    }
}

/// How many of the resources that have begun are done.
fn progress(events: &[StackEvent], stack: &StackId) -> Option<(usize, usize)> {
    let mut latest = BTreeMap::new();
    for event in events {
        if event.stack == *stack && !event.is_of_the_stack_itself() {
            latest.entry(&event.logical).or_insert(&event.status);
        }
    }
    let moves = |status: &&&crate::domain::Untrusted| status.exact().ends_with("_IN_PROGRESS");
    let under_way = latest.values().filter(moves).count();
    (!latest.is_empty()).then(|| (latest.len() - under_way, latest.len()))
}
