//! `DescribeAlarmHistory`: what alarms went through, newest first.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

use super::super::{Answer, Call};
use super::alarms::{kind, of_type};
use super::ask::{constraint, moment};
use super::page;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::Alarm;

/// How long CloudWatch remembers.
const KEPT: TimeDelta = TimeDelta::days(30);

struct Item {
    name: String,
    kind: &'static str,
    at: DateTime<Utc>,
    what: &'static str,
    summary: String,
    data: String,
}

pub(super) fn describe(call: &Call<'_>) -> Answer {
    let name = call.input.text("AlarmName");
    let what = call.input.text("HistoryItemType");
    let most = page::most_records(call, 100)?;
    let bound = |member: &str| call.input.get(member).and_then(moment);
    let since = bound("StartDate").map_or(call.now - KEPT, |start| start.max(call.now - KEPT));
    let until = bound("EndDate").unwrap_or(call.now);
    let mut items = Vec::new();
    let alarms = call.estate()?.alarms.iter();
    for alarm in alarms.filter(|alarm| name.as_deref().is_none_or(|name| name == alarm.name)) {
        if of_type(call, alarm) {
            items.extend(history(call, alarm)?);
        }
    }
    items.retain(|item| {
        (since..=until).contains(&item.at) && what.as_deref().is_none_or(|what| what == item.what)
    });
    items.sort_by(|left, right| (left.at, &left.name).cmp(&(right.at, &right.name)));
    match call.input.text("ScanBy").as_deref() {
        None | Some("TimestampDescending") => items.reverse(),
        Some("TimestampAscending") => {}
        Some(other) => {
            return Err(constraint(
                &format!("'{other}'"),
                "scanBy",
                "satisfy enum value set: [TimestampDescending, TimestampAscending]",
            ));
        }
    }
    let (page, next) = page::of(call, items, most, |item| {
        format!("{}/{}/{}", item.at.timestamp_millis(), item.what, item.name)
    })?;
    let written = page.into_iter().map(|item| {
        Map::new()
            .with("AlarmName", item.name)
            .with("AlarmType", item.kind)
            .with("Timestamp", item.at)
            .with("HistoryItemType", item.what)
            .with("HistorySummary", item.summary)
            .with("HistoryData", item.data)
    });
    Ok(Map::new()
        .with("AlarmHistoryItems", written.collect::<Value>())
        .with_some("NextToken", next))
}

fn history(call: &Call<'_>, alarm: &Alarm) -> Result<Vec<Item>, super::super::Refused> {
    let item = |at, what, summary, data| Item {
        name: alarm.name.clone(),
        kind: kind(alarm),
        at,
        what,
        summary,
        data,
    };
    let track = call
        .world
        .track(&call.caller.account, call.region, alarm, call.now)?;
    let mut items = vec![item(
        alarm.since - TimeDelta::days(30),
        "ConfigurationUpdate",
        format!("Alarm \"{}\" created", alarm.name),
        serde_json::json!({"version": "1.0", "type": "Create"}).to_string(),
    )];
    for change in &track.transitions {
        let (from, to) = (change.from.name(), change.to.name());
        let reason_data: serde_json::Value =
            serde_json::from_str(&change.data).unwrap_or(serde_json::Value::Null);
        let data = serde_json::json!({
            "version": "1.0",
            "oldState": {"stateValue": from},
            "newState": {
                "stateValue": to,
                "stateReason": change.reason,
                "stateReasonData": reason_data,
            },
        });
        items.push(item(
            change.at,
            "StateUpdate",
            format!("Alarm updated from {from} to {to}"),
            data.to_string(),
        ));
        if to == "ALARM" {
            let at = change.at + TimeDelta::milliseconds(40);
            let summary = "Successfully executed action arn:aws:sns".to_owned();
            let data = serde_json::json!({
                "actionState": "Succeeded",
                "publishedMessage": at.to_rfc3339_opts(SecondsFormat::Millis, true),
            });
            items.push(item(at, "Action", summary, data.to_string()));
        }
    }
    Ok(items)
}
