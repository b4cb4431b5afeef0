//! How an alarm's state changed, from `DescribeAlarmHistory`.

use super::attempts;
use crate::aws::page::Page;
use crate::aws::problem::Failure;
use crate::aws::shape::promised;
use crate::domain::{AlarmState, AlarmTransition, Untrusted};
use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::types::{self, AlarmType, HistoryItemType, ScanBy};
use serde_json::Value;

/// AWS's largest page.
const PAGE: i32 = 100;
/// An alarm that flaps has thousands, and the latest tell enough.
const TRANSITIONS_AT_MOST: usize = 200;

/// Newest first.
pub(in crate::aws) async fn describe(
    client: &Client,
    alarm: &Untrusted,
) -> Result<Vec<AlarmTransition>, Failure> {
    let mut transitions = Vec::new();
    let mut page = Some(Page::First);
    while let Some(at) = page {
        let answer = client
            .describe_alarm_history()
            .alarm_name(alarm.exact())
            // Without them only metric alarms have a history.
            .alarm_types(AlarmType::MetricAlarm)
            .alarm_types(AlarmType::CompositeAlarm)
            .history_item_type(HistoryItemType::StateUpdate)
            .scan_by(ScanBy::TimestampDescending)
            .max_records(PAGE)
            .set_next_token(at.token())
            .customize()
            .config_override(attempts(&at))
            .send()
            .await?;
        transitions.extend(answer.alarm_history_items().iter().filter_map(transition));
        page = at
            .next(answer.next_token)
            .filter(|_| transitions.len() < TRANSITIONS_AT_MOST);
    }
    transitions.truncate(TRANSITIONS_AT_MOST);
    Ok(transitions)
}

/// The states stand in a document of their own, `{"oldState":{"stateValue":…},"newState":{…}}`.
fn transition(shape: &types::AlarmHistoryItem) -> Option<AlarmTransition> {
    let document: Value = serde_json::from_str(shape.history_data()?).ok()?;
    let state = |which: &str| {
        let value = document.get(which)?.get("stateValue")?.as_str()?;
        Some(AlarmState::parse(value))
    };
    let reason = document.get("newState")?.get("stateReason");
    Some(AlarmTransition {
        at: promised(shape.timestamp()),
        from: state("oldState"),
        to: state("newState")?,
        reason: reason.and_then(Value::as_str).map(Untrusted::new),
    })
}
