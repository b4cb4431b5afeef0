//! A plan: everything that would be done, before anything is.
//!
//! It names its targets, its waves, every call with its parameters, what cannot be taken back, and what it takes to
//! agree to it. It is made of what AWS said a moment ago, so it expires; the engine carries out a plan that it has made
//! itself, and each at most once.

use super::{Call, Gate, OperationId, Verb};
use crate::domain::{Change, Scope, Timestamp, Untrusted};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// What would be done, in order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The name that its run has, too.
    pub id: OperationId,
    pub verb: Verb,
    /// What it is about, for a title: a stack's name, a function's, an accelerator's.
    pub target: Untrusted,
    pub made: Timestamp,
    /// The operator, as this machine knows him.
    pub by: String,
    /// Each begins when the one before has succeeded and its gates are passed.
    pub waves: Vec<Wave>,
    pub consent: Consent,
    /// What is undone when something fails.
    pub undo: UndoPolicy,
}

/// Members that are worked on at the same time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Wave {
    pub members: Vec<Member>,
    /// What has to hold before the next wave begins, and before the last one counts as a success; in this order.
    pub gates: Vec<Gate>,
}

/// What is done to one target in one place: a straight line of steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    pub scope: Scope,
    /// Twelve digits. Asked again before the first call; another account's credentials change nothing.
    pub account: Untrusted,
    /// What is worked on here, which nothing else may work on meanwhile: `stack/checkout-api`.
    pub target: Untrusted,
    pub steps: Vec<Step>,
    /// What CloudFormation would change, where a change set says so.
    pub changes: Vec<Change>,
    pub parameters: Vec<ParameterChange>,
    pub hazards: Vec<Hazard>,
    pub undo: Undo,
    /// The name of the snapshot that was taken for it.
    pub snapshot: Option<String>,
    /// Why there is nothing to do here, as a sentence.
    pub idle: Option<String>,
    /// How long the last run of this verb took here.
    pub usual: Option<u32>,
}

/// One thing of a member's line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    Call(Call),
    Gate(Gate),
}

/// A parameter that would have another value. What is secret has none here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParameterChange {
    pub key: Untrusted,
    pub before: Option<Untrusted>,
    pub after: Option<Untrusted>,
}

/// Something that an operator should know before he agrees, as a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hazard {
    /// Something that holds data would be deleted or replaced: logical id, type.
    Loses { logical: Untrusted, kind: Untrusted },
    /// Anything else of weight, in words.
    Warns(String),
}

/// How a member is taken back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Undo {
    /// The calls that were made, reversed, last first.
    Reverse,
    /// CloudFormation rolls a failed update back itself; a finished one by deploying what was there before.
    Redeploy,
    /// It cannot be: why, as a sentence.
    Never(String),
}

/// Which members are taken back when one has failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UndoPolicy {
    None,
    /// Those that have failed.
    #[default]
    Failed,
    /// All of the wave in which one has failed.
    Wave,
    /// Everything that the run has done.
    All,
}

/// What it takes to agree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Consent {
    /// A key, pressed once it could be read.
    Key,
    /// This text, typed.
    Typed(String),
}

impl Consent {
    /// Whether the text agrees: what was typed, or nothing for a key.
    pub fn is_given(&self, text: &str) -> bool {
        match self {
            Self::Key => text.is_empty(),
            Self::Typed(wanted) => text == wanted,
        }
    }
}

/// A word to a run that goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Steered {
    /// No new step begins; an update of a stack is cancelled.
    Cancel,
    /// Lets the next wave begin.
    Approve { comment: String },
    /// Ends the run; what is done stays done.
    Reject { comment: String },
    /// Ends the baking early.
    SkipBake { reason: String },
    /// No new step begins, and what is done is undone. Kept like any other word, so that a restart goes on with it.
    Reverse,
}

impl Plan {
    /// How long what it was made of is taken to hold.
    pub const LIFE: TimeDelta = TimeDelta::minutes(5);

    pub fn expires(&self) -> Timestamp {
        self.made + Self::LIFE
    }

    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.waves.iter().flat_map(|wave| &wave.members)
    }

    /// Whether there is anything to do at all.
    pub fn is_idle(&self) -> bool {
        self.members().all(|member| member.idle.is_some())
    }

    /// What is lost for good, if it is run.
    pub fn losses(&self) -> impl Iterator<Item = (&Member, &Hazard)> {
        self.members().flat_map(|member| {
            let hazards = member.hazards.iter();
            hazards
                .filter(|hazard| matches!(hazard, Hazard::Loses { .. }))
                .map(move |hazard| (member, hazard))
        })
    }
}

impl Member {
    pub fn calls(&self) -> impl Iterator<Item = &Call> {
        self.steps.iter().filter_map(|step| match step {
            Step::Call(call) => Some(call),
            Step::Gate(_) => None,
        })
    }
}
