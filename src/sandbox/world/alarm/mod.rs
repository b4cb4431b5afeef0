//! A CloudWatch alarm of the world: what it watches, and ([`track`]) what it has gone through.

mod track;

use chrono::{DateTime, Utc};

use super::metrics::Metric;
use crate::sandbox::scenario::AlarmState;

pub(in crate::sandbox) use track::Track;

#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Alarm {
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) arn: String,
    pub(in crate::sandbox) description: String,
    /// When it came into the state it was planned with.
    pub(in crate::sandbox) since: DateTime<Utc>,
    pub(in crate::sandbox) kind: AlarmKind,
}

#[derive(Clone, Debug)]
pub(in crate::sandbox) enum AlarmKind {
    Metric(Watch),
    /// In alarm while any of these is.
    Composite(Vec<String>),
}

/// How a metric is watched.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Watch {
    pub(in crate::sandbox) metric: Metric,
    pub(in crate::sandbox) statistic: String,
    /// In seconds.
    pub(in crate::sandbox) period: i64,
    pub(in crate::sandbox) evaluation_periods: i64,
    pub(in crate::sandbox) datapoints_to_alarm: i64,
    pub(in crate::sandbox) threshold: f64,
    /// What the scenario says of it; alarms on functions follow the calls instead.
    pub(in crate::sandbox) state: AlarmState,
    pub(in crate::sandbox) reason: String,
    /// Its metric never has data.
    pub(in crate::sandbox) blind: bool,
}

impl Alarm {
    pub(in crate::sandbox) fn watch(&self) -> Option<&Watch> {
        match &self.kind {
            AlarmKind::Metric(watch) => Some(watch),
            AlarmKind::Composite(_) => None,
        }
    }
}

impl AlarmState {
    pub(in crate::sandbox) fn name(self) -> &'static str {
        match self {
            AlarmState::Ok => "OK",
            AlarmState::Alarm => "ALARM",
            AlarmState::InsufficientData => "INSUFFICIENT_DATA",
        }
    }

    pub(in crate::sandbox) fn parse(name: &str) -> Option<AlarmState> {
        [
            AlarmState::Ok,
            AlarmState::Alarm,
            AlarmState::InsufficientData,
        ]
        .into_iter()
        .find(|state| state.name() == name)
    }
}

#[cfg(test)]
mod tests;
