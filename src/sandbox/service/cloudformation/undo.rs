//! Taking back: an update that is under way, one that failed, a rollback that got stuck, a whole stack.

use super::{Answer, Call, Found, Refused, execute, guard, no_such_stack};
use crate::sandbox::failure::Failure;
use crate::sandbox::value::Map;
use crate::sandbox::world::deploy;
use crate::sandbox::world::stack::{Kind, Protection, Stack};

pub(super) fn cancel(call: &Call<'_>) -> Answer {
    let _turn = call.world.writing();
    let (stack, standing) = call.named_stack()?;
    let token = guard::token(call, stack)?;
    if standing.status != "UPDATE_IN_PROGRESS" {
        let message = "CancelUpdateStack cannot be called from current stack status";
        return Err(Failure::validation(message).into());
    }
    // Events of the rollback carry the token of what is cancelled, unless the request has its own.
    let events = stack.events(call.now);
    let theirs = events.first().and_then(|event| event.token.clone());
    let token = token.or(theirs);
    let order = execute::order(call, token.as_deref());
    for child in nested(call, stack)? {
        child.call_off(call.now);
        let moves = child.standing(call.now);
        if moves.is_some_and(|standing| standing.status == "UPDATE_IN_PROGRESS") {
            call.world.roll_back(child, order, (Kind::Rollback, &[]));
        }
    }
    call.world.roll_back(stack, order, (Kind::Rollback, &[]));
    Ok(Map::new())
}

/// All stacks below one.
fn nested<'c>(call: &'c Call<'_>, stack: &Stack) -> Result<Vec<&'c Stack>, Refused> {
    let stacks = call.estate()?.stacks.iter();
    let below = stacks.filter(|other| other.root.as_ref() == Some(&stack.id));
    Ok(below.collect())
}

pub(super) fn roll_back(call: &Call<'_>) -> Answer {
    let _turn = call.world.writing();
    let (stack, standing) = call.named_stack()?;
    let token = guard::token(call, stack)?;
    if !matches!(standing.status, "CREATE_FAILED" | "UPDATE_FAILED") {
        return Err(guard::in_state(stack, standing.status, "rolled back"));
    }
    let order = execute::order(call, token.as_deref());
    call.world.roll_back(stack, order, (Kind::Rollback, &[]));
    Ok(Map::new().with("StackId", &stack.id))
}

pub(super) fn go_on(call: &Call<'_>) -> Answer {
    let _turn = call.world.writing();
    let (stack, standing) = call.named_stack()?;
    let token = guard::token(call, stack)?;
    if stack.parent.is_some() {
        let message = "RollbackUpdatedStack cannot be invoked on child stacks";
        return Err(Failure::validation(message).into());
    }
    if standing.status != "UPDATE_ROLLBACK_FAILED" {
        let message = format!(
            "Stack:{} is in {} state and can not continue rolling back.",
            stack.id, standing.status
        );
        return Err(Failure::validation(message).into());
    }
    let skip = call.input.texts("ResourcesToSkip");
    let mut all: Vec<&Stack> = nested(call, stack)?
        .into_iter()
        .filter(|child| {
            let stands = child.standing(call.now);
            stands.is_some_and(|standing| standing.status == "UPDATE_ROLLBACK_FAILED")
        })
        .collect();
    all.push(stack);
    let skipped = skipped(call, (stack, &all), &skip)?;
    let order = execute::order(call, token.as_deref());
    for (own, places) in all.iter().zip(&skipped) {
        let kind = Kind::ContinueRollback;
        call.world.roll_back(own, order, (kind, places));
    }
    Ok(Map::new())
}

/// The places to skip, stack by stack. Only what failed in the rollback can be, in a nested stack as `Name.Logical`.
fn skipped(
    call: &Call<'_>,
    (root, all): (&Stack, &[&Stack]),
    skip: &[String],
) -> Result<Vec<Vec<usize>>, Refused> {
    let mut unknown: Vec<&str> = skip.iter().map(String::as_str).collect();
    let mut places = Vec::new();
    for stack in all {
        let trail = stack.trail(call.now);
        let mut own = Vec::new();
        for (place, logical) in deploy::stuck(stack, &trail) {
            let name = if stack.id == root.id {
                logical.to_owned()
            } else {
                format!("{}.{logical}", stack.name)
            };
            if skip.contains(&name) {
                own.push(place);
                unknown.retain(|other| *other != name);
            }
        }
        places.push(own);
    }
    if unknown.is_empty() {
        return Ok(places);
    }
    Err(Failure::validation(format!(
        "The following resources to skip are not in a failed state of the rollback of stack {}: [{}]",
        root.name,
        unknown.join(", ")
    ))
    .into())
}

pub(super) fn delete(call: &Call<'_>) -> Answer {
    let asked = call.required("StackName")?;
    let _turn = call.world.writing();
    // What is gone, or never was, need not be deleted.
    let Ok(found) = call.stack(&asked, no_such_stack) else {
        return Ok(Map::new());
    };
    let (stack, standing) = &found;
    if standing.kind == Kind::Delete && standing.status != "DELETE_FAILED" {
        return Ok(Map::new());
    }
    let token = guard::token(call, stack)?;
    if stack.protection == Protection::On {
        let message = format!(
            "Stack [{}] cannot be deleted while TerminationProtection is enabled",
            stack.name
        );
        return Err(Failure::validation(message).into());
    }
    let busy = standing.status.ends_with("_IN_PROGRESS");
    if busy && !standing.status.starts_with("CREATE") && standing.status != "REVIEW_IN_PROGRESS" {
        let message = format!(
            "Stack [{}] cannot be deleted while in status {}",
            stack.id, standing.status
        );
        return Err(Failure::validation(message).into());
    }
    let retained = call.input.texts("RetainResources");
    if !retained.is_empty() && standing.status != "DELETE_FAILED" {
        let message = format!(
            "Invalid operation on stack [{}]. RetainResources can only be specified when the stack is in \
             DELETE_FAILED state.",
            stack.id
        );
        return Err(Failure::validation(message).into());
    }
    let order = execute::order(call, token.as_deref());
    let blocked = in_use(call, &found)?;
    call.world.delete(stack, order, (&retained, blocked));
    Ok(Map::new())
}

/// Why a stack cannot be deleted: others use what it exports.
fn in_use(call: &Call<'_>, (stack, standing): &Found<'_>) -> Result<Option<String>, Refused> {
    let all = call.all_stacks()?;
    let others = all
        .iter()
        .filter(|(other, standing)| other.id != stack.id && standing.status != "DELETE_COMPLETE");
    let others: Vec<&Found<'_>> = others.collect();
    let exports = standing.definition.outputs.iter();
    let mut exports = exports.filter_map(|output| output.export.as_ref());
    Ok(exports.find_map(|export| {
        let users = others
            .iter()
            .filter(|(_, other)| other.definition.imports.contains(export));
        let users: Vec<&str> = users.map(|(other, _)| other.name.as_str()).collect();
        (!users.is_empty()).then(|| {
            format!(
                "Export {export} cannot be deleted as it is in use by {}",
                users.join(" and ")
            )
        })
    }))
}
