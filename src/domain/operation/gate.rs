//! What has to hold before a run goes on.
//!
//! A gate asks and never changes anything. What it cannot find out is not passed: unknown is never healthy.

use crate::domain::{AcceleratorArn, Scope, Timestamp, Untrusted};
use serde::{Deserialize, Serialize};

/// One condition, or one time to wait.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gate {
    /// Waits so many seconds, and fails at once if one of the alarms is missing, not OK, or changed meanwhile.
    Bake {
        seconds: u32,
        alarms: Vec<AlarmName>,
    },
    /// Waits until somebody approves.
    Approve { words: String },
    /// A `GET` of this address has to answer with a 2xx within so many seconds.
    Http { url: String, seconds: u32 },
    /// Every endpoint of every accelerator in the regions of the wave has to be healthy within so many seconds.
    Endpoints { seconds: u32 },
    /// The function's errors, in hundredths of its calls, have to stay below this for so long.
    Errors {
        scope: Scope,
        function: Untrusted,
        alias: String,
        percent: f64,
        seconds: u32,
    },
    /// A command of the operator's has to end with 0 within so many seconds; it reads the plan as JSON.
    Command { line: Vec<String>, seconds: u32 },
    /// Nothing goes on outside of these hours.
    Window {
        /// `Mon`, `Tue`, …; none for every day.
        days: Vec<String>,
        /// Minutes since midnight, UTC: from, until.
        from: u32,
        until: u32,
    },
    /// No new flow has come for a minute to what was dialled down; waits so long at most, and then says so and goes on.
    Drained { group: AcceleratorArn, seconds: u32 },
    /// Just waits.
    Wait { seconds: u32 },
}

/// An alarm somewhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AlarmName {
    pub scope: Scope,
    pub name: Untrusted,
}

/// How a gate stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GateState {
    /// Since when, and until when if that is known.
    Open {
        since: Timestamp,
        until: Option<Timestamp>,
    },
    Passed,
    /// Why, as a sentence.
    Failed(String),
    /// Somebody went past it: why.
    Skipped(String),
}

impl Gate {
    /// Whether it is mostly time that it waits for, which somebody may know better.
    pub fn can_be_skipped(&self) -> bool {
        match self {
            Self::Bake { .. } | Self::Errors { .. } | Self::Drained { .. } | Self::Wait { .. } => {
                true
            }
            Self::Approve { .. }
            | Self::Http { .. }
            | Self::Endpoints { .. }
            | Self::Command { .. }
            | Self::Window { .. } => false,
        }
    }

    /// How many seconds it may take, where it says so.
    pub fn seconds(&self) -> Option<u32> {
        match self {
            Self::Bake { seconds, .. }
            | Self::Http { seconds, .. }
            | Self::Endpoints { seconds }
            | Self::Errors { seconds, .. }
            | Self::Command { seconds, .. }
            | Self::Drained { seconds, .. }
            | Self::Wait { seconds } => Some(*seconds),
            Self::Approve { .. } | Self::Window { .. } => None,
        }
    }
}

impl GateState {
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Open { .. })
    }
}
