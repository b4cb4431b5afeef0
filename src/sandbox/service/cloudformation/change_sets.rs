//! Change sets: what somebody means to change, waiting for a decision.

use super::{Answer, Call, Refused, no_such_stack, page, stacks};
use crate::sandbox::failure::Failure;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::stack::{Change, ChangeAction, ChangeSet, ChangeSetStatus, Stack};

pub(super) fn list(call: &Call<'_>) -> Answer {
    let (stack, _) = call.named_stack()?;
    let token = call.input.text("NextToken");
    let sets: Vec<&ChangeSet> = stack.change_sets.iter().collect();
    let (sets, next) = page::cut(sets, call.world.pages.changes, token.as_deref(), |set| {
        set.id.clone()
    })?;
    let rows = sets.iter().map(|set| {
        named(stack, set)
            .with("CreationTime", set.created)
            .with("Description", &set.description)
            .with("IncludeNestedStacks", false)
            .with("ImportExistingResources", false)
    });
    Ok(Map::new()
        .with("Summaries", rows.collect::<Value>())
        .with_some("NextToken", next))
}

pub(super) fn describe(call: &Call<'_>) -> Answer {
    let (stack, set) = find(call)?;
    let token = call.input.text("NextToken");
    let changes: Vec<&Change> = set.changes.iter().collect();
    let (changes, next) = page::cut(
        changes,
        call.world.pages.changes,
        token.as_deref(),
        |change| change.logical.clone(),
    )?;
    let values = if call.input.says("IncludePropertyValues") {
        Values::Included
    } else {
        Values::LeftOut
    };
    let changes = changes.iter().map(|change| {
        Map::new()
            .with("Type", "Resource")
            .with("ResourceChange", described(change, values))
    });
    Ok(named(stack, set)
        .with("Description", &set.description)
        .with("Parameters", stacks::parameters(stack, &set.version))
        .with("CreationTime", set.created)
        .with("NotificationARNs", Value::List(Vec::new()))
        .with("RollbackConfiguration", Map::new())
        .with("Capabilities", stack.capabilities.clone())
        .with("Tags", stacks::tags(stack, &set.version))
        .with("Changes", changes.collect::<Value>())
        .with_some("NextToken", next)
        .with("IncludeNestedStacks", false)
        .with("ImportExistingResources", false))
}

/// The change set that the request names: by its ARN, or by its name and its stack.
pub(super) fn find<'c>(call: &'c Call<'_>) -> Result<(&'c Stack, &'c ChangeSet), Refused> {
    let name = call.required("ChangeSetName")?;
    let missing = || {
        Failure::new(
            404,
            "ChangeSetNotFound",
            format!("ChangeSet [{name}] does not exist"),
        )
    };
    let stack = match call.input.text("StackName") {
        Some(stack) => Some(call.stack(&stack, no_such_stack)?.0),
        None if name.starts_with("arn:") => None,
        None => {
            let message =
                "StackName must be specified if ChangeSetName is not specified as an ARN.";
            return Err(Failure::validation(message).into());
        }
    };
    let found = call
        .estate()?
        .stacks
        .iter()
        .filter(|other| stack.is_none_or(|stack| stack.id == other.id))
        .find_map(|other| {
            let mut sets = other.change_sets.iter();
            Some((other, sets.find(|set| set.id == name || set.name == name)?))
        });
    Ok(found.ok_or_else(missing)?)
}

fn named(stack: &Stack, set: &ChangeSet) -> Map {
    let (execution, status, reason) = match &set.status {
        ChangeSetStatus::Ready => ("AVAILABLE", "CREATE_COMPLETE", None),
        ChangeSetStatus::Failed { reason } => ("UNAVAILABLE", "FAILED", Some(reason)),
    };
    Map::new()
        .with("StackId", &stack.id)
        .with("StackName", &stack.name)
        .with("ChangeSetId", &set.id)
        .with("ChangeSetName", &set.name)
        .with("ExecutionStatus", execution)
        .with("Status", status)
        .with_some("StatusReason", reason)
}

/// Whether the client asked for values before and after.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Values {
    Included,
    LeftOut,
}

fn described(change: &Change, values: Values) -> Map {
    let (action, replacement, recreation) = match change.action {
        ChangeAction::Add => ("Add", None, None),
        ChangeAction::Modify => ("Modify", Some("False"), Some("Never")),
        ChangeAction::Replace => ("Modify", Some("True"), Some("Always")),
        ChangeAction::Remove => ("Remove", None, None),
    };
    let mut row = Map::new();
    if change.action == ChangeAction::Remove {
        row.set("PolicyAction", "Delete");
    }
    if change.action == ChangeAction::Replace {
        row.set("PolicyAction", "ReplaceAndDelete");
    }
    row.set("Action", action);
    row.set("LogicalResourceId", &change.logical);
    let mut row = row
        .with_some("PhysicalResourceId", change.physical.as_ref())
        .with("ResourceType", &change.kind)
        .with_some("Replacement", replacement);
    let Some(recreation) = recreation else {
        return row
            .with("Scope", Value::List(Vec::new()))
            .with("Details", Value::List(Vec::new()));
    };
    let mut target = Map::new()
        .with("Attribute", "Properties")
        .with("Name", &change.property)
        .with("RequiresRecreation", recreation)
        .with("Path", format!("/Properties/{}", change.property));
    if values == Values::Included {
        target.set("BeforeValue", &change.before);
        target.set("AfterValue", &change.after);
        target.set("AttributeChangeType", "Modify");
        let context = |value: &str| {
            let mut properties = serde_json::Map::new();
            properties.insert(change.property.clone(), value.into());
            serde_json::json!({ "Properties": properties }).to_string()
        };
        row.set("BeforeContext", context(&change.before));
        row.set("AfterContext", context(&change.after));
    }
    row.with("Scope", vec!["Properties"]).with(
        "Details",
        vec![
            Map::new()
                .with("Target", target)
                .with("Evaluation", "Static")
                .with("ChangeSource", "DirectModification"),
        ],
    )
}
