//! A stack: what it was made of, and everything that has happened to it.
//!
//! Nothing in a stack is ever overwritten. A scenario gives it a past and perhaps a routine; what clients do is
//! written below that ([`Ledger`]). Status, events, definition and resources are answers to "as of when?".

mod change_set;
mod definition;
mod operation;
mod standing;
mod trail;

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::ledger::Ledger;
use crate::sandbox::timeline::{Episode, Routine, Verb};

pub(in crate::sandbox) use change_set::{ChangeSet, SetStanding};
pub(in crate::sandbox) use definition::{
    Declared, Definition, Echo, OnFailure, Output, Parameter, RollbackConfiguration,
};
pub(in crate::sandbox) use operation::{Kind, Operation, Phase};
pub(in crate::sandbox) use standing::{Event, ResourceStanding, Standing};
pub(in crate::sandbox) use trail::Trail;

#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Stack {
    /// The ARN.
    pub(in crate::sandbox) id: String,
    pub(in crate::sandbox) name: String,
    /// What it was before any client deployed anything.
    pub(in crate::sandbox) born: Arc<Definition>,
    pub(in crate::sandbox) protection: Protection,
    /// All that it ever had, in the order in which they came.
    pub(in crate::sandbox) resources: Ledger<Resource>,
    pub(in crate::sandbox) parent: Option<String>,
    pub(in crate::sandbox) root: Option<String>,
    pub(in crate::sandbox) past: Vec<Episode>,
    pub(in crate::sandbox) routine: Option<Routine>,
    /// What clients did, in order of time.
    pub(in crate::sandbox) operations: Ledger<Operation>,
    /// Who set which policy, in order of time.
    pub(in crate::sandbox) policies: Ledger<Policy>,
    pub(in crate::sandbox) drift: Option<Drift>,
    pub(in crate::sandbox) change_sets: Ledger<ChangeSet>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Protection {
    On,
    Off,
}

/// What may be updated, in AWS's words, since when.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Policy {
    pub(in crate::sandbox) since: DateTime<Utc>,
    pub(in crate::sandbox) body: String,
}

#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Resource {
    pub(in crate::sandbox) logical: String,
    pub(in crate::sandbox) kind: String,
    pub(in crate::sandbox) physical: String,
}

/// What drift detection finds, and when it last looked.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Drift {
    pub(in crate::sandbox) checked: DateTime<Utc>,
    pub(in crate::sandbox) differences: Vec<Difference>,
}

#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Difference {
    pub(in crate::sandbox) logical: String,
    pub(in crate::sandbox) path: String,
    pub(in crate::sandbox) expected: String,
    pub(in crate::sandbox) actual: String,
}

impl Stack {
    /// The policy that holds now.
    pub(in crate::sandbox) fn policy(&self, now: DateTime<Utc>) -> Option<&str> {
        let set = self.policies.iter().filter(|policy| policy.since <= now);
        set.last().map(|policy| policy.body.as_str())
    }

    /// How many of its resources a scenario gave it.
    pub(in crate::sandbox) fn planned(&self) -> usize {
        let first = self.operations.iter().next();
        first.map_or_else(|| self.resources.len(), |first| first.brought.start)
    }

    /// Whether somebody has begun something else before an operation was over.
    fn taken_back(&self, operation: &Operation, now: DateTime<Utc>) -> bool {
        let mut later = self.operations.iter();
        later.any(|other| {
            other.number > operation.number
                && other.started <= now
                && other.started < operation.ends()
        })
    }

    /// When a client's update first succeeded, or is about to.
    pub(in crate::sandbox) fn mended(&self) -> Option<DateTime<Utc>> {
        let mut updates = self.operations.iter();
        let good = updates.find(|operation| {
            let last = operation.steps.last();
            operation.kind == Kind::Update
                && last.is_some_and(|step| step.status == "UPDATE_COMPLETE")
                && operation.called_off.get().is_none()
                && !self.taken_back(operation, DateTime::<Utc>::MAX_UTC)
        });
        good.map(Operation::ends)
    }

    /// When a resource came, by its physical id.
    pub(in crate::sandbox) fn came(&self, physical: &str) -> Option<DateTime<Utc>> {
        let mut all = self.resources.iter();
        let place = all.position(|own| own.physical == physical)?;
        let mut operations = self.operations.iter();
        let own = operations.find(|operation| operation.brought.contains(&place));
        let planned = self.past.first().map(|episode| episode.started);
        own.map(|operation| operation.started).or(planned)
    }

    /// When it was deleted, if it was.
    pub(in crate::sandbox) fn gone(&self) -> Option<DateTime<Utc>> {
        let planned = self.past.last();
        let planned = planned.filter(|last| last.script.verb == Verb::Delete);
        let deleted = self.operations.iter().filter(|operation| {
            let last = operation.steps.last();
            operation.called_off.get().is_none()
                && last.is_some_and(|step| step.status == "DELETE_COMPLETE")
                && operation.kind == Kind::Delete
        });
        let deleted = deleted.last().map(|operation| operation.started);
        deleted.or(planned.map(|last| last.started))
    }

    /// Fills `{version}` in, the only part of a definition that changes with time.
    pub(in crate::sandbox) fn as_of(text: &str, version: &str) -> String {
        text.replace("{version}", version)
    }
}
