//! Whatever changes something in AWS: what is wanted, the plan that is made of it, the run of the plan, and how it
//! ended.
//!
//! `Operation → Plan → consent → Run → Outcome`. An [`Operation`] is a wish and touches nothing. A [`Plan`] is all of
//! it in concrete [`Call`]s, read from AWS as it is now; it expires, and can be run once. A [`Run`] is nothing but the
//! sum of its [`Record`]s: the journal on disk, the screen, the command line and a restart all fold the same list.

mod call;
mod command_line;
mod gate;
mod plan;
pub mod planning;
mod record;
mod run;
mod sight;
mod snapshot;
mod standing;
mod wish;
mod words;

pub use call::{Body, Call, OnFailure, Power, Processes, Seen, Setting, Thing};
pub use command_line::MEMORY;
pub use gate::{AlarmName, Gate, GateState};
pub use plan::{
    Consent, Hazard, Member, ParameterChange, Plan, Steered, Step, Undo, UndoPolicy, Wave,
};
pub use record::{Decision, Ending, Record, Stamped};
pub use run::{MemberRun, MemberState, Outcome, Run, StepState, Summary, WaveRun};
pub use sight::{PowerState, Sight, Spread, StackSight, Trace, Verdict, is_end};
pub use snapshot::Snapshot;
pub use standing::{Echo, Standing, TemplateNeeds, TemplateParameter};
pub use wish::{Deployment, Given, GroupWish, Operation, Pace, Policy, Source, StackWish, Verb};

use crate::domain::Untrusted;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// The name of an operation: when it was planned, what it is, and four random digits, so that names sort by time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OperationId(Arc<str>);

/// A client request token: the same for every attempt at a call, and for no other call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Token(String);

/// Where an alias points: a version, and others that take a share of the calls, as parts of one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AliasTarget {
    pub version: Untrusted,
    pub weights: Vec<(Untrusted, f64)>,
}

/// The three sizes of an Auto Scaling group, which are always set together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sizes {
    pub least: u32,
    pub desired: u32,
    pub most: u32,
}

impl OperationId {
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The token of a member's step: made of names alone, so that a restart makes the same one.
    ///
    /// AWS allows letters, digits and hyphens, and 128 of them.
    pub fn token(&self, wave: usize, member: usize, step: usize) -> Token {
        Token(format!("qd-{self}-{wave}-{member}-{step}"))
    }
}

impl fmt::Display for OperationId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&crate::domain::untrusted::sanitise(&self.0))
    }
}

impl Token {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AliasTarget {
    /// All calls go to one version.
    pub fn whole(version: Untrusted) -> Self {
        Self {
            version,
            weights: Vec::new(),
        }
    }
}

impl Sizes {
    /// Whether the group was scaled to nothing, which is never what it should be brought back to.
    pub fn is_nothing(self) -> bool {
        self.least == 0 && self.desired == 0
    }
}

impl fmt::Display for Sizes {
    /// `min-desired-max`, as AWS's own Instance Scheduler writes it.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}-{}-{}", self.least, self.desired, self.most)
    }
}
