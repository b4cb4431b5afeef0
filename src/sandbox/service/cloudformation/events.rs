//! What happened to a stack, newest first.

use super::{Answer, Call, page};
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::stack::{Event, Stack};

pub(super) fn describe(call: &Call<'_>) -> Answer {
    let name = call.required("StackName")?;
    // This one operation words a missing stack differently.
    let (stack, _) = call.stack(&name, |name| format!("Stack [{name}] does not exist"))?;
    let token = call.input.text("NextToken");
    let events = stack.events(call.now);
    let (events, next) = page::cut(events, call.world.pages.events, token.as_deref(), |event| {
        event.id.clone()
    })?;
    let events = events.iter().map(|event| described(stack, event));
    Ok(Map::new()
        .with("StackEvents", events.collect::<Value>())
        .with_some("NextToken", next))
}

fn described(stack: &Stack, event: &Event<'_>) -> Map {
    // A resource has no physical id before its creation has been initiated.
    let unborn = event.status == "CREATE_IN_PROGRESS" && event.reason.is_none();
    let (logical, kind, physical) = match event.resource {
        Some(resource) => (
            &resource.logical,
            resource.kind.as_str(),
            if unborn {
                ""
            } else {
                resource.physical.as_str()
            },
        ),
        None => (&stack.name, "AWS::CloudFormation::Stack", stack.id.as_str()),
    };
    Map::new()
        .with("StackId", &stack.id)
        .with("EventId", &event.id)
        .with("StackName", &stack.name)
        .with("OperationId", &event.operation)
        .with("LogicalResourceId", logical)
        .with("PhysicalResourceId", physical)
        .with("ResourceType", kind)
        .with("Timestamp", event.at)
        .with("ResourceStatus", event.status)
        .with_some("ResourceStatusReason", event.reason.as_ref())
        .with_some("ClientRequestToken", event.token.as_ref())
}
