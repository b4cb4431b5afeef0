//! Alarms: which there are, how they stand, and what a client says they are.

use chrono::TimeDelta;

use super::super::{Answer, Call, Refused};
use super::ask::{self, bad_format, constraint, no_such_alarm};
use super::page;
use crate::sandbox::scenario::AlarmState;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::{Alarm, AlarmKind};

pub(super) fn describe(call: &Call<'_>) -> Answer {
    let names = call.input.texts("AlarmNames");
    let prefix = call.input.text("AlarmNamePrefix").unwrap_or_default();
    if !names.is_empty() && !prefix.is_empty() {
        return Err(ask::bad_combination(
            "AlarmNames and AlarmNamePrefix cannot be given together.",
        ));
    }
    let wanted = match call.input.text("StateValue") {
        Some(name) => Some(state_named(&name)?),
        None => None,
    };
    let action = call.input.text("ActionPrefix");
    let most = page::most_records(call, 50)?;
    let estate = call.estate()?;
    let mut found: Vec<(&Alarm, Map)> = Vec::new();
    for alarm in &estate.alarms {
        let named = names.is_empty() || names.contains(&alarm.name);
        let topic = topic(alarm);
        let rings = action
            .as_deref()
            .is_none_or(|action| topic.starts_with(action));
        if !named || !rings || !alarm.name.starts_with(prefix.as_ref()) || !of_type(call, alarm) {
            continue;
        }
        let account = &call.caller.account;
        let track = call.world.track(account, call.region, alarm, call.now)?;
        let last = track.last();
        if wanted.is_some_and(|wanted| wanted != last.to) {
            continue;
        }
        let mut written = described(alarm, &topic)
            .with("StateValue", last.to.name())
            .with("StateReason", &last.reason)
            .with("StateUpdatedTimestamp", last.at)
            .with("StateTransitionedTimestamp", last.at);
        if last.data != "{}" {
            written.set("StateReasonData", &last.data);
        }
        found.push((alarm, written));
    }
    // Composite alarms come first.
    found.sort_by(|(left, _), (right, _)| {
        let key = |alarm: &Alarm| (alarm.watch().is_some(), alarm.name.clone());
        key(left).cmp(&key(right))
    });
    let (page, next) = page::of(call, found, most, |(alarm, _)| alarm.name.clone())?;
    let (metric, composite): (Vec<_>, Vec<_>) = page
        .into_iter()
        .partition(|(alarm, _)| alarm.watch().is_some());
    let of =
        |alarms: Vec<(&Alarm, Map)>| -> Value { alarms.into_iter().map(|(_, map)| map).collect() };
    Ok(Map::new()
        .with("CompositeAlarms", of(composite))
        .with("MetricAlarms", of(metric))
        .with_some("NextToken", next))
}

fn state_named(name: &str) -> Result<AlarmState, Refused> {
    AlarmState::parse(name).ok_or_else(|| {
        constraint(
            &format!("'{name}'"),
            "stateValue",
            "satisfy enum value set: [INSUFFICIENT_DATA, ALARM, OK]",
        )
    })
}

/// Whether an alarm is of the types asked for: without any, metric alarms only.
pub(super) fn of_type(call: &Call<'_>, alarm: &Alarm) -> bool {
    let types = call.input.texts("AlarmTypes");
    let own = kind(alarm);
    (types.is_empty() && own == "MetricAlarm") || types.iter().any(|kind| kind == own)
}

pub(super) fn kind(alarm: &Alarm) -> &'static str {
    match alarm.kind {
        AlarmKind::Metric(_) => "MetricAlarm",
        AlarmKind::Composite(_) => "CompositeAlarm",
    }
}

/// Where an alarm rings.
fn topic(alarm: &Alarm) -> String {
    let place = alarm.arn.split(":alarm:").next().unwrap_or_default();
    let place = place.replacen(":cloudwatch:", ":sns:", 1);
    format!("{place}:account-alarms")
}

fn described(alarm: &Alarm, topic: &str) -> Map {
    let common = Map::new()
        .with("AlarmName", &alarm.name)
        .with("AlarmArn", &alarm.arn)
        .with("AlarmDescription", &alarm.description)
        .with(
            "AlarmConfigurationUpdatedTimestamp",
            alarm.since - TimeDelta::days(30),
        )
        .with("ActionsEnabled", true)
        .with("OKActions", Value::List(Vec::new()))
        .with("AlarmActions", vec![topic])
        .with("InsufficientDataActions", Value::List(Vec::new()));
    match &alarm.kind {
        AlarmKind::Metric(watch) => {
            let common = common
                .with("MetricName", &watch.metric.name)
                .with("Namespace", &watch.metric.namespace);
            let key = if watch.statistic.starts_with('p') {
                "ExtendedStatistic"
            } else {
                "Statistic"
            };
            common
                .with(key, &watch.statistic)
                .with("Dimensions", ask::dimensions(&watch.metric))
                .with("Period", watch.period)
                .with("EvaluationPeriods", watch.evaluation_periods)
                .with("DatapointsToAlarm", watch.datapoints_to_alarm)
                .with("Threshold", watch.threshold)
                .with("ComparisonOperator", "GreaterThanThreshold")
                .with("TreatMissingData", "notBreaching")
        }
        AlarmKind::Composite(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|member| format!("ALARM(\"{member}\")"))
                .collect();
            common.with("AlarmRule", members.join(" OR "))
        }
    }
}

pub(super) fn set_state(call: &Call<'_>) -> Answer {
    let text = |member: &str| {
        let given = call.input.text(member).map(std::borrow::Cow::into_owned);
        let mut letters = member.chars();
        let name: String = letters
            .next()
            .map(|first| first.to_lowercase().chain(letters).collect())
            .unwrap_or_default();
        given.ok_or_else(|| constraint("null", &name, "not be null"))
    };
    let name = text("AlarmName")?;
    let state = state_named(&text("StateValue")?)?;
    let reason = text("StateReason")?;
    let data = match call.input.text("StateReasonData") {
        None => "{}".to_owned(),
        Some(data) => {
            if serde_json::from_str::<serde_json::Value>(&data).is_err() {
                return Err(bad_format("StateReasonData is not valid JSON."));
            }
            data.into_owned()
        }
    };
    let alarms = &call.estate()?.alarms;
    let alarm = alarms
        .iter()
        .find(|alarm| alarm.name == name)
        .ok_or_else(no_such_alarm)?;
    call.world.set_alarm(
        (&call.caller.account, call.region),
        alarm,
        (state, reason, data),
        call.now,
    )?;
    Ok(Map::new())
}
