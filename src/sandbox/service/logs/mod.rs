//! CloudWatch Logs.

pub(in crate::sandbox) mod filter;
mod quota;

use super::{Answer, Call};
use crate::sandbox::failure::Refusal;

pub(super) fn answer(call: &Call<'_>) -> Answer {
    call.estate()?;
    if !quota::allows(call) {
        return Err(Refusal::Throttled.into());
    }
    match call.operation {
        _ => Err(call.unknown_operation()),
    }
}
