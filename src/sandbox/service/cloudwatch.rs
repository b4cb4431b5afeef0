//! CloudWatch: alarms. The one service that answers in three protocols.

use super::{Answer, Call};
use crate::sandbox::failure::Failure;
use crate::sandbox::scenario::AlarmState;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::Alarm;

pub(super) fn answer(call: &Call<'_>) -> Answer {
    match call.operation {
        "DescribeAlarms" => describe_alarms(call),
        _ => Err(call.unknown_operation()),
    }
}

fn describe_alarms(call: &Call<'_>) -> Answer {
    let names = call.input.texts("AlarmNames");
    let prefix = call.input.text("AlarmNamePrefix").unwrap_or_default();
    let wanted = call.input.text("StateValue");
    let types = call.input.texts("AlarmTypes");
    if !types.is_empty() && !types.iter().any(|kind| kind == "MetricAlarm") {
        return Ok(Map::new()
            .with("CompositeAlarms", Value::List(Vec::new()))
            .with("MetricAlarms", Value::List(Vec::new())));
    }
    let mut alarms: Vec<&Alarm> = call
        .estate()?
        .alarms
        .iter()
        .filter(|alarm| names.is_empty() || names.contains(&alarm.name))
        .filter(|alarm| alarm.name.starts_with(prefix.as_ref()))
        .filter(|alarm| {
            wanted
                .as_deref()
                .is_none_or(|wanted| wanted == state(alarm.state))
        })
        .collect();
    alarms.sort_by(|left, right| left.name.cmp(&right.name));
    let most = usize::try_from(call.input.integer("MaxRecords").unwrap_or(50))
        .unwrap_or(50)
        .clamp(1, 100);
    let start = match call.input.text("NextToken") {
        None => 0,
        Some(token) => alarms
            .iter()
            .position(|alarm| token == after(alarm))
            .map(|place| place + 1)
            .ok_or_else(|| {
                let failure = Failure::new(
                    400,
                    "InvalidNextToken",
                    "The next token specified is invalid.",
                );
                Failure {
                    query_code: Some("InvalidNextToken".to_owned()),
                    ..failure
                }
            })?,
    };
    let end = alarms.len().min(start + most);
    let next = (end < alarms.len()).then(|| after(alarms[end - 1]));
    Ok(Map::new()
        .with("CompositeAlarms", Value::List(Vec::new()))
        .with(
            "MetricAlarms",
            alarms[start..end]
                .iter()
                .map(|alarm| described(alarm))
                .collect::<Value>(),
        )
        .with_some("NextToken", next))
}

fn after(alarm: &Alarm) -> String {
    format!("after-{}", alarm.name)
}

fn state(state: AlarmState) -> &'static str {
    match state {
        AlarmState::Ok => "OK",
        AlarmState::Alarm => "ALARM",
        AlarmState::InsufficientData => "INSUFFICIENT_DATA",
    }
}

fn described(alarm: &Alarm) -> Map {
    let (name, value) = &alarm.dimension;
    Map::new()
        .with("AlarmName", &alarm.name)
        .with("AlarmArn", &alarm.arn)
        .with("AlarmDescription", format!("{} of {value}.", alarm.metric))
        .with(
            "AlarmConfigurationUpdatedTimestamp",
            alarm.since - chrono::TimeDelta::days(30),
        )
        .with("ActionsEnabled", true)
        .with("OKActions", Value::List(Vec::new()))
        .with("AlarmActions", Value::List(Vec::new()))
        .with("InsufficientDataActions", Value::List(Vec::new()))
        .with("StateValue", state(alarm.state))
        .with("StateReason", &alarm.reason)
        .with("StateUpdatedTimestamp", alarm.since)
        .with("StateTransitionedTimestamp", alarm.since)
        .with("MetricName", &alarm.metric)
        .with("Namespace", &alarm.namespace)
        .with("Statistic", "Sum")
        .with(
            "Dimensions",
            vec![Map::new().with("Name", name).with("Value", value)],
        )
        .with("Period", 60_i64)
        .with("EvaluationPeriods", 5_i64)
        .with("DatapointsToAlarm", 3_i64)
        .with("Threshold", alarm.threshold)
        .with("ComparisonOperator", "GreaterThanThreshold")
        .with("TreatMissingData", "notBreaching")
}
