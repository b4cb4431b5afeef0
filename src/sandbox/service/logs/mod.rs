//! CloudWatch Logs: groups, streams, and the events in them.

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
        "StartQuery" => queries::start_query(call),
        "StopQuery" => queries::stop_query(call),
        "DescribeQueries" => queries::describe_queries(call),
        "GetQueryResults" => results::get_query_results(call),
        _ => Err(call.unknown_operation()),
    }
}

/// The one answer that goes on.
pub(super) fn stream(call: &Call<'_>) -> Result<Box<dyn Stream>, Refused> {
    admit(call)?;
    live_tail::start_live_tail(call)
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
