//! CloudWatch Logs: groups, streams, the events in them, and what is found and followed among these.

mod ask;
mod events;
pub(in crate::sandbox) mod filter;
mod filtered;
mod groups;
mod insights;
mod live_tail;
mod put;
mod queries;
mod quota;
mod results;
mod streams;
mod token;

use super::{Answer, Call, Refused};
use crate::sandbox::failure::Refusal;
use crate::sandbox::stream::Stream;

pub(super) fn answer(call: &Call<'_>) -> Answer {
    admit(call)?;
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
        "StartQuery" => queries::start(call),
        "StopQuery" => queries::stop(call),
        "DescribeQueries" => queries::describe(call),
        "GetQueryResults" => results::get(call),
        _ => Err(call.unknown_operation()),
    }
}

/// `StartLiveTail`, the one answer that goes on.
pub(super) fn follow(call: &Call<'_>) -> Result<Box<dyn Stream>, Refused> {
    admit(call)?;
    live_tail::start(call)
}

/// Whether the account has the region, and has not asked too often.
fn admit(call: &Call<'_>) -> Result<(), Refused> {
    call.estate()?;
    if quota::allows(call) {
        Ok(())
    } else {
        Err(Refusal::Throttled.into())
    }
}
