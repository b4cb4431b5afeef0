//! What a client has done to a stack.
//!
//! Unlike an episode of a scenario, which is played from a script, an operation has its steps written out when it
//! begins: what they are depends on what was there. One that begins while another is under way ends that other one.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, TimeDelta, Utc};

use super::Definition;
use crate::sandbox::timeline::{Step, Verb};

#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Operation {
    pub(in crate::sandbox) started: DateTime<Utc>,
    pub(in crate::sandbox) kind: Kind,
    /// Tells operations apart in ids.
    pub(in crate::sandbox) number: u64,
    /// The one that the client gave it.
    pub(in crate::sandbox) token: Option<String>,
    /// In order of time.
    pub(in crate::sandbox) steps: Vec<Step>,
    /// What the stack is if this is undone, and else.
    pub(in crate::sandbox) before: Arc<Phase>,
    pub(in crate::sandbox) after: Arc<Phase>,
    /// The places of the resources that came with it.
    pub(in crate::sandbox) brought: Range<usize>,
    /// The ARN of what was executed.
    pub(in crate::sandbox) change_set: Option<String>,
    /// Set if it never came to it: a nested stack whose parent was stopped before it was reached.
    pub(in crate::sandbox) called_off: OnceLock<()>,
}

/// A definition, and the version it is called.
#[derive(Clone, Debug, Default)]
pub(in crate::sandbox) struct Phase {
    pub(in crate::sandbox) definition: Arc<Definition>,
    pub(in crate::sandbox) version: Arc<str>,
}

/// What is done to a stack as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Kind {
    /// The shell that a change set needs which would create a stack.
    Review,
    Create,
    Update,
    Delete,
    /// An update that somebody took back, while it was under way or after it had failed.
    Rollback,
    ContinueRollback,
}

impl Kind {
    /// `OperationType`, as `LastOperations` tells it.
    pub(in crate::sandbox) fn name(self) -> &'static str {
        match self {
            Kind::Review => "CREATE_CHANGESET",
            Kind::Create => "CREATE_STACK",
            Kind::Update => "UPDATE_STACK",
            Kind::Delete => "DELETE_STACK",
            Kind::Rollback => "ROLLBACK",
            Kind::ContinueRollback => "CONTINUE_ROLLBACK",
        }
    }
}

impl From<Verb> for Kind {
    fn from(verb: Verb) -> Kind {
        match verb {
            Verb::Create => Kind::Create,
            Verb::Update => Kind::Update,
            Verb::Delete => Kind::Delete,
        }
    }
}

impl Operation {
    pub(in crate::sandbox) fn steps_until(&self, now: DateTime<Utc>) -> Vec<Step> {
        let elapsed = (now - self.started).num_milliseconds();
        let begun = self.steps.iter().filter(|step| step.at <= elapsed);
        begun.cloned().collect()
    }

    pub(in crate::sandbox) fn ends(&self) -> DateTime<Utc> {
        let last = self.steps.last().map_or(0, |step| step.at);
        self.started + TimeDelta::milliseconds(last)
    }

    /// How the change set stands that this executes; `stopped` if somebody has ended it before its time.
    pub(super) fn execution(&self, stopped: bool, now: DateTime<Utc>) -> &'static str {
        if stopped {
            return "EXECUTE_FAILED";
        }
        if now < self.ends() {
            return "EXECUTE_IN_PROGRESS";
        }
        let last = self.steps.iter().rfind(|step| step.resource.is_none());
        match last.map(|step| step.status) {
            Some("CREATE_COMPLETE" | "UPDATE_COMPLETE") => "EXECUTE_COMPLETE",
            Some(_) | None => "EXECUTE_FAILED",
        }
    }
}
