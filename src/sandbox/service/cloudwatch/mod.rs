//! CloudWatch: metrics and alarms. The one service that answers in three protocols.

mod alarms;
mod ask;
mod data;
mod history;
mod math;
mod metrics;
mod page;
mod search;
mod statistics;

use super::{Answer, Call};
use crate::sandbox::failure::Refusal;

pub(super) fn answer(call: &Call<'_>) -> Answer {
    call.estate()?;
    if let Some(rate) = per_second(call.operation)
        && !call.within(call.operation, rate)
    {
        return Err(Refusal::Throttled.into());
    }
    let (answer, metrics) = match call.operation {
        "GetMetricData" => data::get(call)?,
        "GetMetricStatistics" => (statistics::get(call)?, 0),
        "ListMetrics" => (metrics::list(call)?, 0),
        "DescribeAlarms" => (alarms::describe(call)?, 0),
        "DescribeAlarmHistory" => (history::describe(call)?, 0),
        "SetAlarmState" => (alarms::set_state(call)?, 0),
        _ => return Err(call.unknown_operation()),
    };
    call.world.meter.count(call.operation, metrics);
    Ok(answer)
}

/// How many requests a second AWS takes of an account in a region.
fn per_second(operation: &str) -> Option<f64> {
    Some(match operation {
        "GetMetricData" => 500.0,
        "GetMetricStatistics" => 400.0,
        "ListMetrics" => 25.0,
        "DescribeAlarms" => 9.0,
        "DescribeAlarmHistory" => 20.0,
        "SetAlarmState" => 3.0,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
