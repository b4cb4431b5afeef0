//! What may be done to a stack as it stands, and AWS's words where it may not.

use super::{Call, Found, Refused};
use crate::sandbox::failure::Failure;
use crate::sandbox::world::deploy::is_firm;
use crate::sandbox::world::stack::{ChangeSet, Stack};

/// Whether a stack can be updated: it stands firm, or an update that failed was left as it was.
pub(super) fn may_update((stack, standing): &Found<'_>) -> Result<(), Refused> {
    if is_firm(standing.status) || matches!(standing.status, "CREATE_FAILED" | "UPDATE_FAILED") {
        return Ok(());
    }
    Err(in_state(stack, standing.status, "updated"))
}

/// `Stack:arn… is in X state and can not be updated.`
pub(super) fn in_state(stack: &Stack, status: &str, done: &str) -> Refused {
    Failure::validation(format!(
        "Stack:{} is in {status} state and can not be {done}.",
        stack.id
    ))
    .into()
}

pub(super) fn set_status(set: &ChangeSet, verb: &str, status: &str) -> Refused {
    let (id, done) = (&set.id, format!("{verb}d"));
    Failure::new(
        400,
        "InvalidChangeSetStatus",
        format!("ChangeSet [{id}] cannot be {done} in its current status of [{status}]"),
    )
    .into()
}

/// The token of the request; one that an operation of the stack already has is refused.
pub(super) fn token(call: &Call<'_>, stack: &Stack) -> Result<Option<String>, Refused> {
    let token = call.input.text("ClientRequestToken");
    let mut known = stack
        .operations
        .iter()
        .filter_map(|operation| operation.token.as_deref());
    if let Some(token) = token.as_deref()
        && known.any(|known| known == token)
    {
        return Err(Failure::new(
            400,
            "TokenAlreadyExistsException",
            "A client request token already exists.",
        )
        .into());
    }
    Ok(token.map(std::borrow::Cow::into_owned))
}

/// A name that somebody gives.
pub(super) fn name(name: &str, member: &str) -> Result<(), Refused> {
    let begins = name.starts_with(|letter: char| letter.is_ascii_alphabetic());
    let letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    if begins && name.len() <= 128 && name.chars().all(letter) {
        return Ok(());
    }
    Err(Failure::validation(format!(
        "1 validation error detected: Value '{name}' at '{member}' failed to satisfy constraint: Member must satisfy \
         regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
    ))
    .into())
}
