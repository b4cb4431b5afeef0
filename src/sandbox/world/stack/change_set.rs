//! What somebody means to change about a stack, waiting for a decision.
//!
//! A change set is worked out when it is asked for and never again; what it says of itself (its status, whether it can
//! still be executed) is read off the clock and off what has happened to its stack since.

use std::sync::{Arc, OnceLock};

use chrono::{DateTime, TimeDelta, Utc};

use super::{Definition, Kind, Stack};
use crate::sandbox::template::Change;

/// How long after the request it begins to be made, and how long after it is made.
const BEGINS: TimeDelta = TimeDelta::milliseconds(300);
const ENDS: TimeDelta = TimeDelta::milliseconds(1_600);

#[derive(Clone, Debug)]
pub(in crate::sandbox) struct ChangeSet {
    pub(in crate::sandbox) id: String,
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) description: String,
    pub(in crate::sandbox) created: DateTime<Utc>,
    /// Why it came to nothing, if it did.
    pub(in crate::sandbox) failed: Option<String>,
    /// The version that the stack would have.
    pub(in crate::sandbox) version: String,
    pub(in crate::sandbox) changes: Vec<Change>,
    /// What the stack would be; `None` if only a scenario tells of it.
    pub(in crate::sandbox) definition: Option<Arc<Definition>>,
    /// The token it was asked for with.
    pub(in crate::sandbox) token: Option<String>,
    pub(in crate::sandbox) deleted: OnceLock<DateTime<Utc>>,
}

/// How a change set stands, in AWS's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) struct SetStanding<'s> {
    pub(in crate::sandbox) status: &'static str,
    pub(in crate::sandbox) execution: &'static str,
    pub(in crate::sandbox) reason: Option<&'s str>,
}

impl ChangeSet {
    /// Nobody waits for what a scenario tells of.
    fn is_made(&self, now: DateTime<Utc>) -> bool {
        self.definition.is_none() || now >= self.created + ENDS
    }

    /// How it stands; `None` if it is gone. Executing one makes all others of the stack worthless: CloudFormation
    /// deletes them, and an update past all change sets leaves them behind as obsolete.
    pub(in crate::sandbox) fn standing<'s>(
        &'s self,
        stack: &Stack,
        now: DateTime<Utc>,
    ) -> Option<SetStanding<'s>> {
        if self.deleted.get().is_some_and(|deleted| *deleted <= now) {
            return None;
        }
        let later = stack.operations.iter().filter(|operation| {
            let changes = matches!(operation.kind, Kind::Create | Kind::Update);
            changes && operation.started <= now && operation.started >= self.created
        });
        let execution = match later.last() {
            None => None,
            Some(operation) => match &operation.change_set {
                Some(executed) if *executed == self.id => {
                    Some(operation.execution(stack.taken_back(operation, now), now))
                }
                Some(_) => return None,
                None => Some("OBSOLETE"),
            },
        };
        let waiting = (self.definition.is_some() && now < self.created + BEGINS)
            .then_some("CREATE_PENDING")
            .or((!self.is_made(now)).then_some("CREATE_IN_PROGRESS"));
        Some(match (waiting, &self.failed, execution) {
            (Some(status), ..) => SetStanding {
                status,
                execution: execution.unwrap_or("UNAVAILABLE"),
                reason: None,
            },
            (None, Some(reason), _) => SetStanding {
                status: "FAILED",
                execution: "UNAVAILABLE",
                reason: Some(reason),
            },
            (None, None, execution) => SetStanding {
                status: "CREATE_COMPLETE",
                execution: execution.unwrap_or("AVAILABLE"),
                reason: None,
            },
        })
    }
}
