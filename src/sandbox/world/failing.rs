//! Operations that are to fail: chosen by a scenario, or by whoever holds the sandbox.
//!
//! Each is good for so many operations and is then used up; the first that concerns an operation is the one.

use std::sync::{Mutex, PoisonError};

/// An update (or creation) that is to fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailingUpdate {
    /// The stack's name.
    pub stack: String,
    /// Account ids; none is all.
    pub accounts: Vec<String>,
    /// None is all.
    pub regions: Vec<String>,
    /// The logical id of the resource that fails; the last of those that change if left out, and nothing fails where
    /// it does not change.
    pub resource: Option<String>,
    pub reason: String,
    /// How many operations fail.
    pub times: u32,
    /// Why the resource cannot be brought back either, if it cannot: the stack gets stuck in `UPDATE_ROLLBACK_FAILED`.
    pub rollback_fails: Option<String>,
    /// Whether continuing the rollback fails as well, until the resource is skipped.
    pub stubborn: bool,
}

/// What is still to fail.
#[derive(Debug, Default)]
pub(in crate::sandbox) struct Failings(Mutex<Vec<FailingUpdate>>);

impl Failings {
    pub(in crate::sandbox) fn new(planned: Vec<FailingUpdate>) -> Failings {
        Failings(Mutex::new(planned))
    }

    pub(in crate::sandbox) fn add(&self, failing: FailingUpdate) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(failing);
    }

    /// The one that this operation meets, if any; meeting it uses it up.
    pub(in crate::sandbox) fn met(
        &self,
        (account, region): (&str, &str),
        stack: &str,
        changed: &[&str],
    ) -> Option<FailingUpdate> {
        let among =
            |names: &[String], name: &str| names.is_empty() || names.iter().any(|it| it == name);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let met = all.iter_mut().find(|failing| {
            let there = among(&failing.accounts, account) && among(&failing.regions, region);
            let concerned = match &failing.resource {
                Some(resource) => changed.contains(&resource.as_str()),
                None => !changed.is_empty(),
            };
            failing.times > 0 && failing.stack == stack && there && concerned
        })?;
        met.times -= 1;
        Some(met.clone())
    }

    /// Why continuing the rollback of a resource fails, if it does; it does until somebody skips it.
    pub(in crate::sandbox) fn holds_back(
        &self,
        (account, region): (&str, &str),
        stack: &str,
        resource: &str,
    ) -> Option<String> {
        let among =
            |names: &[String], name: &str| names.is_empty() || names.iter().any(|it| it == name);
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let held = all.iter().find(|failing| {
            let there = among(&failing.accounts, account) && among(&failing.regions, region);
            let own = failing
                .resource
                .as_deref()
                .is_none_or(|own| own == resource);
            failing.stubborn && failing.stack == stack && there && own
        })?;
        held.rollback_fails.clone()
    }
}
