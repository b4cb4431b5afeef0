//! Stack policies: asked for, and set.

use super::{Answer, Call};
use crate::sandbox::value::Map;

/// A stack without a policy answers with nothing.
pub(super) fn get(call: &Call<'_>) -> Answer {
    let (stack, _) = call.named_stack()?;
    Ok(Map::new().with_some("StackPolicyBody", stack.policy(call.now)))
}
