//! What is written down about a run, in order. Nothing else is known of it, anywhere.

use super::{GateState, MemberState, Outcome, Plan, Steered, Step};
use crate::domain::Timestamp;
use serde::{Deserialize, Serialize};

/// A record with its place in the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stamped {
    /// From 0, without a gap.
    pub number: u64,
    pub at: Timestamp,
    pub record: Record,
}

/// One thing that is about to happen, or has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Record {
    /// The first: all of the plan that was agreed to.
    Planned(Box<Plan>),
    /// Another process goes on with it from here.
    Resumed { by: String },
    /// A wave begins.
    WaveBegan { wave: usize },
    /// A step is about to be done. For a call: the next thing is the request.
    Intent {
        wave: usize,
        member: usize,
        step: usize,
    },
    /// AWS has taken the call.
    Accepted {
        wave: usize,
        member: usize,
        step: usize,
        request: Option<String>,
    },
    /// A step has come to its end.
    Ended {
        wave: usize,
        member: usize,
        step: usize,
        ending: Ending,
    },
    /// More is to be done for a member than was planned: to cancel, or to take it back. Why, as a sentence.
    Extended {
        wave: usize,
        member: usize,
        why: String,
        steps: Vec<Step>,
    },
    /// A member has come to its end.
    MemberEnded {
        wave: usize,
        member: usize,
        state: MemberState,
    },
    /// A wave's gate stands differently.
    Gate {
        wave: usize,
        gate: usize,
        state: GateState,
    },
    /// Somebody said something to it.
    Decided(Decision),
    /// The last.
    Finished(Outcome),
}

/// What somebody said to a run, and who.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub by: String,
    pub steered: Steered,
}

/// How a step ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    Done,
    /// It was that way already: nothing was sent.
    Already,
    /// Why, as a sentence.
    Failed(String),
    /// It failed, and AWS has taken back what it had done.
    RolledBack(String),
    /// It was not done: why.
    Skipped(String),
}

impl Ending {
    pub fn is_good(&self) -> bool {
        match self {
            Self::Done | Self::Already | Self::Skipped(_) => true,
            Self::Failed(_) | Self::RolledBack(_) => false,
        }
    }
}
