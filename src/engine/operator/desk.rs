//! What lies on the operator's desk: plans that nobody has agreed to yet, and the runs that go on.

use super::Operator;
use super::run::Runner;
use crate::aws::{Drafted, Warrant};
use crate::domain::operation::{Call, OperationId, Plan};
use crate::domain::{AccountName, Kind, Problem};
use crate::engine::Shop;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long the house waits, when it is left, for change sets to be deleted.
pub(super) const FAREWELL: Duration = Duration::from_secs(5);

#[derive(Default)]
pub(super) struct Desk {
    plans: Mutex<BTreeMap<OperationId, Made>>,
    runs: Mutex<BTreeMap<OperationId, Arc<Runner>>>,
    /// The newest arming of each account; ended by the next one.
    arms: Mutex<BTreeMap<AccountName, CancellationToken>>,
}

/// A plan that this operator has made.
pub(super) struct Made {
    pub(super) plan: Plan,
    /// The leave under which its change sets were made, so that they can be deleted under it.
    warrants: BTreeMap<AccountName, Warrant>,
}

/// What comes of asking for a plan to run it.
pub(super) enum Draw {
    /// It is nobody else's from here on.
    Made(Box<Made>),
    Refused(Problem),
}

impl Desk {
    pub(super) fn put(&self, shop: &Shop, plan: Plan) {
        let now = shop.clock.now();
        let warrants = plan.members().filter_map(|member| {
            let account = &member.scope.account;
            let warrant = shop.cloud.warrant(account, now).ok()?;
            Some((account.clone(), warrant))
        });
        let warrants = warrants.collect();
        locked(&self.plans).insert(plan.id.clone(), Made { plan, warrants });
    }

    /// Takes a plan away, if it is there.
    pub(super) fn take(&self, id: &OperationId) -> Option<Made> {
        locked(&self.plans).remove(id)
    }

    /// Takes a plan away to run it, if what was typed agrees to it. One that was not agreed to stays.
    pub(super) fn draw(&self, id: &OperationId, text: &str) -> Draw {
        let mut plans = locked(&self.plans);
        let Some(made) = plans.remove(id) else {
            let what =
                format!("{id} is no plan that could be run: it was run, dropped, or has expired.");
            return Draw::Refused(Problem::new(Kind::Denied, what).hint("Plan it again."));
        };
        if made.plan.consent.is_given(text) {
            return Draw::Made(Box::new(made));
        }
        plans.insert(id.clone(), made);
        let what = format!("What was typed does not agree to {id}, so nothing was sent.");
        Draw::Refused(Problem::new(Kind::Denied, what).hint("Type what the plan asks for."))
    }

    /// Puts back a plan that could not be run yet.
    pub(super) fn put_back(&self, made: Made) {
        locked(&self.plans).insert(made.plan.id.clone(), made);
    }

    /// Takes all plans away.
    pub(super) fn clear(&self) -> Vec<Made> {
        std::mem::take(&mut *locked(&self.plans))
            .into_values()
            .collect()
    }

    pub(super) fn runner(&self, id: &OperationId) -> Option<Arc<Runner>> {
        locked(&self.runs).get(id).cloned()
    }

    pub(super) fn begin(&self, id: &OperationId, runner: &Arc<Runner>) {
        locked(&self.runs).insert(id.clone(), Arc::clone(runner));
    }

    pub(super) fn end(&self, id: &OperationId) {
        locked(&self.runs).remove(id);
    }

    /// Ends the last arming of an account, and tells when the new one is ended.
    pub(super) fn armed(&self, account: &AccountName) -> CancellationToken {
        let turn = CancellationToken::new();
        if let Some(before) = locked(&self.arms).insert(account.clone(), turn.clone()) {
            before.cancel();
        }
        turn
    }
}

impl Operator {
    /// Deletes the change sets of a plan that is not wanted, all at the same time and whatever ends meanwhile: the house is
    /// not left before. What cannot be deleted is told to the log: it does nothing.
    pub(super) fn discard(&self, made: &Made) {
        for member in made.plan.members() {
            let Some(warrant) = made.warrants.get(&member.scope.account) else {
                continue;
            };
            for call in member.calls() {
                let Call::ExecuteChangeSet {
                    stack, change_set, ..
                } = call
                else {
                    continue;
                };
                let drafted = Drafted {
                    stack: stack.clone(),
                    change_set: change_set.clone(),
                    changes: Vec::new(),
                    idle: None,
                };
                let (cloud, scope) = (Arc::clone(&self.shop.cloud), member.scope.clone());
                let warrant = warrant.clone();
                self.discarding.spawn(async move {
                    let undrafted = cloud.undraft(&warrant, &scope, &drafted).await;
                    if let Err(problem) = undrafted {
                        tracing::warn!(%problem, "a change set was not deleted");
                    }
                });
            }
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
