//! CloudWatch Logs.

mod insights;
mod live_tail;
mod pattern;
mod queries;
mod results;

pub(super) use live_tail::start_live_tail;
use super::{Answer, Call, Refused};
use std::ops::RangeInclusive;
use crate::sandbox::failure::Failure;

pub(super) fn answer(call: &Call<'_>) -> Answer {
    match call.operation {
        "StartQuery" => queries::start_query(call),
        "StopQuery" => queries::stop_query(call),
        "DescribeQueries" => queries::describe_queries(call),
        "GetQueryResults" => results::get_query_results(call),
        _ => Err(call.unknown_operation()),
    }
}

fn invalid(message: impl Into<String>) -> Refused {
    Failure::new(400, "InvalidParameterException", message).into()
}

/// How many names there may be, in the words of AWS's validation.
fn constrained(
    member: &str,
    names: &[String],
    length: RangeInclusive<usize>,
) -> Result<(), Refused> {
    let bound = if names.len() < *length.start() {
        format!("greater than or equal to {}", length.start())
    } else if names.len() > *length.end() {
        format!("less than or equal to {}", length.end())
    } else {
        return Ok(());
    };
    Err(invalid(format!(
        "1 validation error detected: Value '[{}]' at '{member}' failed to satisfy constraint: Member must have \
         length {bound}",
        names.join(", ")
    )))
}
