//! The words of a scenario about functions that turn bad, about alarms, and about how soon either is noticed.
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
    #[serde(default)]
    pub(in crate::sandbox) minutes_ago: i64,
    /// To the second; about `minutes_ago` if left out.
    pub(in crate::sandbox) seconds_ago: Option<i64>,
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
    /// How many minutes have to breach, and out of how many.
    #[serde(default = "three_of_five")]
    pub(in crate::sandbox) datapoints: (i64, i64),
    pub(in crate::sandbox) state: AlarmState,
    pub(in crate::sandbox) reason: String,
    /// Its metric has no data here: it watches what is not there.
    #[serde(default)]
    pub(in crate::sandbox) blind: bool,
}

/// When figures are there, and when alarms look at them: a while that lies between two numbers of seconds.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::sandbox) struct PacePlan {
    /// From a minute's end until its figures can be read.
    pub(in crate::sandbox) late: (i64, i64),
    /// From a minute's end until an alarm is evaluated.
    pub(in crate::sandbox) evaluated: (i64, i64),
}

impl Default for PacePlan {
    fn default() -> PacePlan {
        PacePlan {
            late: (15, 75),
            evaluated: (0, 60),
        }
    }
}

fn three_of_five() -> (i64, i64) {
    (3, 5)
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
