//! The words of a scenario about functions that turn bad, and about alarms.
//!
//! An alarm on a metric of `AWS/Lambda` follows the calls; any other is in the state that is written here.

use serde::Deserialize;

use super::plan::Reach;

/// A version of a function that was put to work past its stack, and is bad.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct ReleasePlan {
    pub(in crate::sandbox) stack: String,
    #[serde(default)]
    pub(in crate::sandbox) on: Reach,
    /// The function's logical id, in the stack or in one nested in it.
    pub(in crate::sandbox) resource: String,
    pub(in crate::sandbox) version: i64,
    pub(in crate::sandbox) description: String,
    pub(in crate::sandbox) minutes_ago: i64,
    /// The share of its calls that fails.
    pub(in crate::sandbox) errors: f64,
    /// What durations are multiplied with.
    pub(in crate::sandbox) slower: f64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct AlarmPlan {
    pub(in crate::sandbox) name: String,
    #[serde(default)]
    pub(in crate::sandbox) on: Reach,
    pub(in crate::sandbox) namespace: String,
    pub(in crate::sandbox) metric: String,
    pub(in crate::sandbox) dimension: (String, String),
    #[serde(default = "sum")]
    pub(in crate::sandbox) statistic: String,
    pub(in crate::sandbox) threshold: f64,
    pub(in crate::sandbox) state: AlarmState,
    pub(in crate::sandbox) reason: String,
    /// Its metric has no data here: it watches what is not there.
    #[serde(default)]
    pub(in crate::sandbox) blind: bool,
}

fn sum() -> String {
    "Sum".to_owned()
}

/// An alarm that is in alarm while any of some others is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct CompositePlan {
    pub(in crate::sandbox) name: String,
    #[serde(default)]
    pub(in crate::sandbox) on: Reach,
    pub(in crate::sandbox) description: String,
    pub(in crate::sandbox) any_of: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(in crate::sandbox) enum AlarmState {
    Ok,
    Alarm,
    InsufficientData,
}
