//! CloudWatch Logs.

pub(in crate::sandbox) mod filter;
mod insights;
mod live_tail;
mod queries;
mod quota;
mod results;

use std::borrow::Cow;
use std::ops::RangeInclusive;

use super::{Answer, Call, Refused};
use crate::sandbox::failure::{Failure, Refusal};
use crate::sandbox::stream::Stream;

pub(super) fn answer(call: &Call<'_>) -> Answer {
    admit(call)?;
    match call.operation {
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

/// A member that the operation cannot do without.
fn required(call: &Call<'_>, member: &str) -> Result<String, Refused> {
    let text = call.input.text(member).map(Cow::into_owned);
    text.ok_or_else(|| {
        invalid(format!(
            "1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be null"
        ))
    })
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
