//! Change sets as they are told: what somebody means to change, waiting for a decision.

use super::{Answer, Call, Refused, no_such_stack, page, stacks};
use crate::sandbox::failure::Failure;
use crate::sandbox::template::{Action, Attribute, Change, Detail, Keeping, Source};
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::stack::{ChangeSet, SetStanding, Stack};

/// A change set, its stack, and how it stands.
pub(super) type Found<'c> = (&'c Stack, &'c ChangeSet, SetStanding<'c>);

pub(super) fn list(call: &Call<'_>) -> Answer {
    let (stack, _) = call.named_stack()?;
    let token = call.input.text("NextToken");
    let sets = stack.change_sets.iter();
    let sets: Vec<Found<'_>> = sets
        .filter_map(|set| Some((stack, set, set.standing(stack, call.now)?)))
        .collect();
    let (sets, next) = page::cut(
        sets,
        call.world.pages.changes,
        token.as_deref(),
        |(_, set, _)| set.id.clone(),
    )?;
    let rows = sets.iter().map(|found| {
        named(found)
            .with("CreationTime", found.1.created)
            .with("Description", &found.1.description)
            .with("IncludeNestedStacks", false)
            .with("ImportExistingResources", false)
    });
    Ok(Map::new()
        .with("Summaries", rows.collect::<Value>())
        .with_some("NextToken", next))
}

pub(super) fn describe(call: &Call<'_>) -> Answer {
    let found = find(call)?;
    let (stack, set, standing) = found;
    let token = call.input.text("NextToken");
    // What is not worked out yet has nothing to show.
    let done = !matches!(standing.status, "CREATE_PENDING" | "CREATE_IN_PROGRESS");
    let changes: Vec<&Change> = set.changes.iter().filter(|_| done).collect();
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
    let definition = set.definition.as_ref().unwrap_or(&stack.born);
    Ok(named(&found)
        .with("Description", &set.description)
        .with("Parameters", stacks::parameters(definition, &set.version))
        .with("CreationTime", set.created)
        .with("NotificationARNs", definition.notified.clone())
        .with(
            "RollbackConfiguration",
            stacks::rollback(&definition.rollback),
        )
        .with("Capabilities", definition.capabilities.clone())
        .with("Tags", stacks::tags(definition, &set.version))
        .with("Changes", changes.collect::<Value>())
        .with_some("NextToken", next)
        .with("IncludeNestedStacks", false)
        .with("ImportExistingResources", false))
}

/// The change set that the request names.
pub(super) fn find<'c>(call: &'c Call<'_>) -> Result<Found<'c>, Refused> {
    let name = call.required("ChangeSetName")?;
    let found = look_up(call, &name)?;
    Ok(found.ok_or_else(|| missing(&name))?)
}

pub(super) fn missing(name: &str) -> Failure {
    Failure::new(
        404,
        "ChangeSetNotFound",
        format!("ChangeSet [{name}] does not exist"),
    )
}

/// By its ARN, or by its name and its stack; one that is gone is not found.
pub(super) fn look_up<'c>(call: &'c Call<'_>, name: &str) -> Result<Option<Found<'c>>, Refused> {
    let stack = match call.input.text("StackName") {
        Some(stack) => Some(call.stack(&stack, no_such_stack)?.0),
        None if name.starts_with("arn:") => None,
        None => {
            let message =
                "StackName must be specified if ChangeSetName is not specified as an ARN.";
            return Err(Failure::validation(message).into());
        }
    };
    let stacks = call.estate()?.stacks.iter();
    let mut sets = stacks
        .filter(|other| stack.is_none_or(|stack| stack.id == other.id))
        .flat_map(|stack| stack.change_sets.iter().map(move |set| (stack, set)));
    Ok(sets.find_map(|(stack, set)| {
        let standing = set.standing(stack, call.now)?;
        (set.id == name || set.name == name).then_some((stack, set, standing))
    }))
}

fn named((stack, set, standing): &Found<'_>) -> Map {
    Map::new()
        .with("StackId", &stack.id)
        .with("StackName", &stack.name)
        .with("ChangeSetId", &set.id)
        .with("ChangeSetName", &set.name)
        .with("ExecutionStatus", standing.execution)
        .with("Status", standing.status)
        .with_some("StatusReason", standing.reason)
}

/// Whether the client asked for values before and after.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Values {
    Included,
    LeftOut,
}

fn described(change: &Change, values: Values) -> Map {
    let action = match change.action {
        Action::Add => "Add",
        Action::Modify => "Modify",
        Action::Remove => "Remove",
    };
    let mut row = Map::new()
        .with_some("PolicyAction", policy_action(change))
        .with("Action", action)
        .with("LogicalResourceId", &change.logical)
        .with_some("PhysicalResourceId", change.physical.as_ref())
        .with("ResourceType", &change.kind);
    if change.action == Action::Modify {
        row.set("Replacement", change.recreation().replacement());
    }
    if values == Values::Included {
        let told = |context: &serde_json::Value| context.to_string();
        row = row
            .with_some("BeforeContext", change.before.as_ref().map(told))
            .with_some("AfterContext", change.after.as_ref().map(told));
    }
    let mut scope: Vec<&str> = Vec::new();
    for detail in &change.details {
        if !scope.contains(&detail.attribute.name()) {
            scope.push(detail.attribute.name());
        }
    }
    let details = change.details.iter().map(|detail| detailed(detail, values));
    row.with("Scope", scope)
        .with("Details", details.collect::<Value>())
}

fn policy_action(change: &Change) -> Option<&'static str> {
    let replaces = change.replaces();
    match (change.action, change.policy) {
        (Action::Add, _) => None,
        (Action::Modify, _) if !replaces => None,
        (Action::Modify, Keeping::Delete) => Some("ReplaceAndDelete"),
        (Action::Modify, Keeping::Retain) => Some("ReplaceAndRetain"),
        (Action::Modify, Keeping::Snapshot) => Some("ReplaceAndSnapshot"),
        (Action::Remove, Keeping::Delete) => Some("Delete"),
        (Action::Remove, Keeping::Retain) => Some("Retain"),
        (Action::Remove, Keeping::Snapshot) => Some("Snapshot"),
    }
}

fn detailed(detail: &Detail, values: Values) -> Map {
    let mut target = Map::new().with("Attribute", detail.attribute.name());
    if detail.attribute == Attribute::Properties {
        target = target
            .with("Name", &detail.name)
            .with("RequiresRecreation", detail.recreation.name())
            .with("Path", format!("/Properties/{}", detail.name));
    } else {
        target.set("RequiresRecreation", "Never");
    }
    if values == Values::Included && detail.source != Source::ResourceReference {
        let kind = match (&detail.before, &detail.after) {
            (None, Some(_)) => "Add",
            (Some(_), None) => "Remove",
            (Some(_), Some(_)) | (None, None) => "Modify",
        };
        target = target
            .with_some("BeforeValue", detail.before.as_ref())
            .with_some("AfterValue", detail.after.as_ref())
            .with("AttributeChangeType", kind);
    }
    // What another resource will be called is known only when it is there.
    let evaluation = match detail.source {
        Source::ResourceReference => "Dynamic",
        Source::DirectModification | Source::ParameterReference => "Static",
    };
    Map::new()
        .with("Target", target)
        .with("Evaluation", evaluation)
        .with("ChangeSource", detail.source.name())
        .with_some("CausingEntity", detail.cause.as_ref())
}
