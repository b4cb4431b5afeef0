//! Change sets as they are made and thrown away.

use std::sync::{Arc, OnceLock};

use super::{Answer, Call, Found, Refused, change_sets, guard, no_such_stack, proposal};
use crate::sandbox::failure::Failure;
use crate::sandbox::value::Map;
use crate::sandbox::world::deploy;
use crate::sandbox::world::ledger::Ledger;
use crate::sandbox::world::random::Dice;
use crate::sandbox::world::stack::{ChangeSet, Protection, Stack};

const NOTHING: &str = "The submitted information didn't contain changes. Submit different information to create a \
                       change set.";

pub(super) fn create(call: &Call<'_>) -> Answer {
    let name = call.required("ChangeSetName")?;
    let asked = call.required("StackName")?;
    guard::name(&name, "changeSetName")?;
    let _turn = call.world.writing();
    let found = call.stack(&asked, no_such_stack).ok();
    let creating = match call.input.text("ChangeSetType").as_deref() {
        None | Some("UPDATE") => false,
        Some("CREATE") => true,
        Some(other) => {
            return Err(Failure::validation(format!(
                "1 validation error detected: Value '{other}' at 'changeSetType' failed to satisfy constraint: \
                 Member must satisfy enum value set: [CREATE, UPDATE]"
            ))
            .into());
        }
    };
    let reviewed = found
        .as_ref()
        .filter(|(_, standing)| standing.status == "REVIEW_IN_PROGRESS");
    match (&found, creating) {
        (None, false) => {
            let message = format!("Stack [{asked}] does not exist");
            return Err(Failure::validation(message).into());
        }
        (Some(found), false) => guard::may_update(found)?,
        (Some(_), true) if reviewed.is_none() => {
            let message = format!(
                "Stack [{asked}] already exists and cannot be created again with the changeSet [{name}]."
            );
            return Err(Failure::validation(message).into());
        }
        (Some(_) | None, true) => {}
    }
    let token = call.input.text("ClientToken");
    if let Some((stack, _)) = &found
        && let Some(known) = named(call, stack, &name)
    {
        if token.is_some() && known.token.as_deref() == token.as_deref() {
            return Ok(told(stack, known));
        }
        let message = format!("ChangeSet {name} already exists for stack {}", stack.id);
        return Err(Failure::new(400, "AlreadyExistsException", message).into());
    }
    let id = if let Some((stack, _)) = &found {
        stack.id.clone()
    } else {
        guard::name(&asked, "stackName")?;
        new_id(call, &asked)?
    };
    let stack_name = found
        .as_ref()
        .map_or(asked, |(stack, _)| stack.name.clone());
    let there = found.as_ref().filter(|_| !creating);
    let proposal = proposal::of(call, (&stack_name, &id), there)?;
    let before = there.map_or("", |(_, standing)| standing.version.as_ref());
    let set = ChangeSet {
        id: String::new(),
        name,
        description: call
            .input
            .text("Description")
            .unwrap_or_default()
            .into_owned(),
        created: call.now,
        failed: proposal.is_empty.then(|| NOTHING.to_owned()),
        version: deploy::version(&proposal.definition, before).to_string(),
        changes: proposal.changes,
        definition: Some(Arc::new(proposal.definition)),
        token: token.map(std::borrow::Cow::into_owned),
        deleted: OnceLock::new(),
    };
    write(call, found.as_ref(), (stack_name, id), set)
}

/// Puts the set under its stack; a stack that is only to be created begins here, as a shell.
fn write(
    call: &Call<'_>,
    found: Option<&Found<'_>>,
    (stack_name, stack_id): (String, String),
    set: ChangeSet,
) -> Answer {
    let estate = call.estate()?;
    let stack = if let Some((stack, _)) = found {
        *stack
    } else {
        estate.stacks.push(Stack {
            id: stack_id,
            name: stack_name,
            born: Arc::default(),
            protection: Protection::Off,
            resources: Ledger::new(),
            parent: None,
            root: None,
            past: Vec::new(),
            routine: None,
            operations: vec![deploy::review(call.now)].into(),
            policies: Ledger::new(),
            drift: None,
            change_sets: Ledger::new(),
        });
        let missing = || Failure::new(500, "InternalFailure", "");
        estate.stacks.last().ok_or_else(missing)?
    };
    let number = stack.change_sets.len();
    let mut dice = Dice::named(
        call.world.seed,
        &format!("{}/{}/{number}", stack.id, set.name),
    );
    let set = ChangeSet {
        id: format!(
            "arn:aws:cloudformation:{}:{}:changeSet/{}/{}",
            call.region,
            call.caller.account,
            set.name,
            dice.uuid()
        ),
        ..set
    };
    let answer = told(stack, &set);
    stack.change_sets.push(set);
    Ok(answer)
}

fn told(stack: &Stack, set: &ChangeSet) -> Map {
    Map::new().with("Id", &set.id).with("StackId", &stack.id)
}

/// The change set of that name, if there is one now.
fn named<'s>(call: &Call<'_>, stack: &'s Stack, name: &str) -> Option<&'s ChangeSet> {
    let mut sets = stack.change_sets.iter();
    sets.find(|set| set.name == name && set.standing(stack, call.now).is_some())
}

fn new_id(call: &Call<'_>, name: &str) -> Result<String, Refused> {
    let (account, region) = (&call.caller.account, call.region);
    let number = call.estate()?.stacks.len();
    let what = format!("{account}/{region}/{name}/{number}");
    let uuid = Dice::named(call.world.seed, &what).uuid();
    Ok(format!(
        "arn:aws:cloudformation:{region}:{account}:stack/{name}/{uuid}"
    ))
}

pub(super) fn delete(call: &Call<'_>) -> Answer {
    let name = call.required("ChangeSetName")?;
    let _turn = call.world.writing();
    // What is not there need not be deleted.
    let Some((_, set, standing)) = change_sets::look_up(call, &name)? else {
        return Ok(Map::new());
    };
    if standing.execution == "EXECUTE_IN_PROGRESS" {
        return Err(guard::set_status(set, "delete", standing.execution));
    }
    set.deleted.get_or_init(|| call.now);
    Ok(Map::new())
}
