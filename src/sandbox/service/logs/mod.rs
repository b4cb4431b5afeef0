//! CloudWatch Logs: groups, streams, and the events in them.

mod ask;
mod events;
pub(in crate::sandbox) mod filter;
mod filtered;
mod groups;
mod put;
mod quota;
mod streams;
mod token;

use super::{Answer, Call};
use crate::sandbox::failure::Refusal;

pub(super) fn answer(call: &Call<'_>) -> Answer {
    call.estate()?;
    if !quota::allows(call) {
        return Err(Refusal::Throttled.into());
    }
    match call.operation {
        "CreateLogGroup" => groups::create(call),
        "DeleteLogGroup" => groups::delete(call),
        "PutRetentionPolicy" => groups::keep(call),
        "DescribeLogGroups" => groups::describe(call),
        "CreateLogStream" => streams::create(call),
        "DescribeLogStreams" => streams::describe(call),
        "PutLogEvents" => put::put(call),
        "FilterLogEvents" => filtered::filter(call),
        "GetLogEvents" => events::get(call),
        _ => Err(call.unknown_operation()),
    }
}
