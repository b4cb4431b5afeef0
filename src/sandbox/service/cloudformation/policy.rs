//! Stack policies: asked for, and set.

use super::{Answer, Call};
use crate::sandbox::failure::Failure;
use crate::sandbox::template::Policy;
use crate::sandbox::value::Map;
use crate::sandbox::world::stack::Policy as Set;

/// A stack without a policy answers with nothing.
pub(super) fn get(call: &Call<'_>) -> Answer {
    let (stack, _) = call.named_stack()?;
    Ok(Map::new().with_some("StackPolicyBody", stack.policy(call.now)))
}

pub(super) fn set(call: &Call<'_>) -> Answer {
    let _turn = call.world.writing();
    let (stack, _) = call.named_stack()?;
    let Some(body) = call.input.text("StackPolicyBody") else {
        let message = "Either StackPolicyBody or StackPolicyURL must be specified.";
        return Err(Failure::validation(message).into());
    };
    Policy::parse(&body).map_err(Failure::validation)?;
    let (since, body) = (call.now, body.into_owned());
    stack.policies.push(Set { since, body });
    Ok(Map::new())
}
