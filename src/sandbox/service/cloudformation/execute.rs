//! Deploying: a change set that was looked at, or a template straight away.

use super::{Answer, Call, change_sets, guard, proposal, template};
use crate::sandbox::failure::Failure;
use crate::sandbox::template::Policy;
use crate::sandbox::value::Map;
use crate::sandbox::world::deploy::{Deployment, Order};
use crate::sandbox::world::stack::{Definition, OnFailure, Policy as Set, Stack};

pub(super) fn execute(call: &Call<'_>) -> Answer {
    let name = call.required("ChangeSetName")?;
    let _turn = call.world.writing();
    let found = change_sets::look_up(call, &name)?;
    let (stack, set, standing) = found.ok_or_else(|| change_sets::missing(&name))?;
    let token = guard::token(call, stack)?;
    if standing.execution != "AVAILABLE" {
        let status = if standing.execution == "UNAVAILABLE" {
            standing.status
        } else {
            standing.execution
        };
        return Err(guard::set_status(set, "execute", status));
    }
    let stands = call.stack(&stack.id, super::no_such_stack)?;
    if stands.1.status != "REVIEW_IN_PROGRESS" {
        guard::may_update(&stands)?;
    }
    let definition = match &set.definition {
        Some(definition) => Definition::clone(definition),
        // A scenario tells of no more than the changes: the rest follows the version.
        None => Definition::clone(&stack.born),
    };
    let template = template::of(stack, &definition, &set.version);
    let parameters = proposal::written_out(&definition, &set.version).parameters;
    let deployment = Deployment {
        template: &template,
        place: proposal::place(call, (&stack.name, &stack.id), &parameters),
        definition: Definition {
            on_failure: on_failure(call),
            ..definition
        },
        version: set.version.as_str(),
        changes: &set.changes,
        change_set: Some(&set.id),
        kept: proposal::kept(&stands, &template),
        policy: policy(call, stack),
    };
    call.world
        .deploy(stack, order(call, token.as_deref()), &deployment);
    Ok(Map::new())
}

pub(super) fn update(call: &Call<'_>) -> Answer {
    let asked = call.required("StackName")?;
    let _turn = call.world.writing();
    let missing = |name: &str| format!("Stack [{name}] does not exist");
    let found = call.stack(&asked, missing)?;
    let (stack, standing) = &found;
    let token = guard::token(call, stack)?;
    guard::may_update(&found)?;
    let lasting = body(call, "StackPolicyBody")?;
    let during = body(call, "StackPolicyDuringUpdateBody")?;
    let proposal = proposal::of(call, (&stack.name, &stack.id), Some(&found))?;
    if proposal.is_empty {
        return Err(Failure::validation("No updates are to be performed.").into());
    }
    if let Some((body, _)) = lasting {
        let since = call.now;
        stack.policies.push(Set { since, body });
    }
    let version = crate::sandbox::world::deploy::version(&proposal.definition, &standing.version);
    let parameters = &proposal.definition.parameters;
    let deployment = Deployment {
        template: &proposal.template,
        place: proposal::place(call, (&stack.name, &stack.id), parameters),
        definition: Definition {
            on_failure: on_failure(call),
            ..proposal.definition.clone()
        },
        version: &version,
        changes: &proposal.changes,
        change_set: None,
        kept: proposal::kept(&found, &proposal.template),
        policy: during
            .map(|(_, policy)| policy)
            .or_else(|| policy(call, stack)),
    };
    call.world
        .deploy(stack, order(call, token.as_deref()), &deployment);
    Ok(Map::new().with("StackId", &stack.id))
}

pub(super) fn order<'o>(call: &'o Call<'_>, token: Option<&'o str>) -> Order<'o> {
    Order {
        place: (&call.caller.account, call.region),
        now: call.now,
        token,
    }
}

fn on_failure(call: &Call<'_>) -> OnFailure {
    if call.input.says("DisableRollback") {
        OnFailure::Stays
    } else {
        OnFailure::RollsBack
    }
}

/// The policy that holds for the stack.
fn policy(call: &Call<'_>, stack: &Stack) -> Option<Policy> {
    Policy::parse(stack.policy(call.now)?).ok()
}

/// A policy that was sent along: its text, and what it says.
fn body(call: &Call<'_>, member: &str) -> Result<Option<(String, Policy)>, super::Refused> {
    let Some(body) = call.input.text(member) else {
        return Ok(None);
    };
    let policy = Policy::parse(&body).map_err(Failure::validation)?;
    Ok(Some((body.into_owned(), policy)))
}
