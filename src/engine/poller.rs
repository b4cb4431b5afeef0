//! One task per wish: asks, reports, waits, asks again. No failure ends it.

use super::gate::Turn;
use super::governor::{Permit, Service, Urgency};
use super::message::{Cadence, Update, Wish};
use super::{Shop, pace};
use crate::domain::store::Attempt;
use crate::domain::{Kind, Problem, Reading, Scope, Timestamp, Topic};
use chrono::TimeDelta;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// The longest that one question may take, pages and nested stacks included; then it has failed.
const DEADLINE: Duration = Duration::from_secs(60);

/// What the foreman keeps of a poller.
#[derive(Debug)]
pub(super) struct Handle {
    pub(super) cadence: watch::Sender<Cadence>,
    /// Asks at once.
    pub(super) nudge: Arc<Notify>,
    pub(super) stop: CancellationToken,
}

impl Handle {
    /// Whether the poller can still do what is wished: one that was asked once and has answered is gone, which is
    /// all that asking once wants, and too little for anything else.
    pub(super) fn serves(&self, wished: Cadence) -> bool {
        !self.cadence.is_closed() || wished == Cadence::Once
    }
}

/// A poller about to run.
pub(super) struct Poller {
    shop: Shop,
    topic: Topic,
    scope: Scope,
    cadence: watch::Receiver<Cadence>,
    nudge: Arc<Notify>,
    stop: CancellationToken,
    failures: u32,
    turn: u64,
}

impl Poller {
    pub(super) fn new(shop: Shop, wish: Wish) -> (Self, Handle) {
        let stop = shop.stop.child_token();
        let nudge = Arc::new(Notify::new());
        let (sender, cadence) = watch::channel(wish.cadence);
        let handle = Handle {
            cadence: sender,
            nudge: Arc::clone(&nudge),
            stop: stop.clone(),
        };
        (
            Self {
                shop,
                topic: wish.topic,
                scope: wish.scope,
                cadence,
                nudge,
                stop,
                failures: 0,
                turn: 0,
            },
            handle,
        )
    }

    pub(super) async fn run(mut self) {
        let stop = self.stop.clone();
        // Dropping the future drops the request: a poller that nobody wants any more costs nothing further.
        let _ = stop.run_until_cancelled(self.poll()).await;
    }

    async fn poll(&mut self) {
        loop {
            let (permit, turn) = self.admitted().await;
            let outcome = self.attempt(permit, turn).await;
            self.turn += 1;
            let asked = Instant::now();
            if self.rest(asked, turn, outcome).await == After::Enough {
                return;
            }
        }
    }

    /// Waits until it may ask. While the account has no credentials there is nothing to ask, and that is said.
    ///
    /// Credentials come before the permit: a source that makes people wait (a process, a portal) must not hold places
    /// that other accounts could use, and its failures are not a region's.
    async fn admitted(&self) -> (Result<Permit, Problem>, Turn) {
        let account = &self.scope.account;
        loop {
            if let Err(problem) = self.shop.gates.look(account) {
                // The account's own row is the renewal's.
                if self.topic != Topic::Identity {
                    self.report(Err(problem), self.shop.clock.now()).await;
                }
                self.shop.gates.passed(account).await;
            }
            if let (Err(problem), Ok(turn)) = (
                self.shop.cloud.ready(account).await,
                self.shop.gates.look(account),
            ) {
                return (Err(problem), turn);
            }
            let urgency = match *self.cadence.borrow() {
                Cadence::Focused(_) => Urgency::Focused,
                // What does not change can wait for what does: a screen of templates, say, for the list of stacks.
                Cadence::Background(_) | Cadence::Once => Urgency::Background,
            };
            let permit = self
                .shop
                .governor
                .permit(Service::of(&self.topic), &self.scope, urgency)
                .await;
            // A permit may take its time, and the gate may have been shut meanwhile.
            if let Ok(turn) = self.shop.gates.look(account) {
                return (Ok(permit), turn);
            }
        }
    }

    /// Asks once and reports.
    async fn attempt(
        &mut self,
        permit: Result<Permit, Problem>,
        turn: Turn,
    ) -> Result<(), Problem> {
        // By the house's clock, so that a clock that stands still gives the same picture twice.
        let began = self.shop.clock.now();
        let result = match permit {
            Ok(permit) => {
                let (result, requests) = self.shop.ask(&self.topic, &self.scope, DEADLINE).await;
                permit.settle(result.as_ref().map(|_| ()), requests);
                result
            }
            Err(problem) => Err(problem),
        };
        let outcome = result.as_ref().map(|_| ()).map_err(Clone::clone);
        match &outcome {
            Ok(()) => self.failures = 0,
            Err(problem) => {
                self.failures += 1;
                match problem.kind {
                    Kind::Expired => self.shop.gates.shut(&self.scope.account, turn, problem),
                    // The region is not enabled, or nobody knows the key any more: STS knows which.
                    Kind::NotRecognized => self.shop.gates.doubt(&self.scope.account, turn),
                    _ => {}
                }
            }
        }
        // Who we were with other credentials must not take back what the renewal says meanwhile.
        let is_outdated = self.shop.gates.look(&self.scope.account) != Ok(turn);
        if self.topic != Topic::Identity || !is_outdated {
            self.report(result, began).await;
        }
        outcome
    }

    async fn report(&self, result: Result<Reading, Problem>, began: Timestamp) {
        let at = self.shop.clock.now();
        let delay = match &result {
            Ok(_) => None,
            // An account without credentials is tried again when it has new ones, not at a time.
            Err(problem) if problem.kind == Kind::Expired => None,
            Err(problem) => pace::delay(*self.cadence.borrow(), Err(problem), self.failures),
        };
        let attempt = Attempt {
            topic: self.topic.clone(),
            scope: self.scope.clone(),
            at,
            took: (at - began).max(TimeDelta::zero()),
            result,
            retry: delay
                .and_then(|delay| TimeDelta::from_std(delay).ok())
                .map(|delay| at + delay),
        };
        // Nobody listens any more only when the house is being left.
        let _ = self.shop.updates.send(Update::Attempt(attempt)).await;
    }

    /// Waits for the next turn: its time, a changed cadence that makes it due, a nudge, or other credentials.
    async fn rest(&mut self, asked: Instant, turn: Turn, outcome: Result<(), Problem>) -> After {
        loop {
            let cadence = *self.cadence.borrow_and_update();
            let Some(delay) = pace::delay(cadence, outcome.as_ref().copied(), self.failures) else {
                return After::Enough;
            };
            let due = asked + pace::jittered(delay, &(&self.topic, &self.scope), self.turn);
            tokio::select! {
                () = tokio::time::sleep_until(due) => return After::Again,
                () = self.nudge.notified() => return After::Again,
                () = self.shop.gates.moved(&self.scope.account, turn) => return After::Again,
                changed = self.cadence.changed() => if changed.is_err() { return After::Enough },
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum After {
    Again,
    Enough,
}
