//! One task per scope: waits for the beat, asks for everything that is due, tells each answer, waits again.
//!
//! No failure ends it, and what cannot be afforded is said and not asked.

use super::batch::{self, Batch};
use super::ledger::Ledger;
use super::{Item, Wishes, beat};
use crate::aws::MetricsQuestion;
use crate::domain::store::Attempt;
use crate::domain::{Bill, Kind, Problem, Reach, Reading, Scope, Spending, Timestamp, Topic};
use crate::engine::governor::{Service, Urgency};
use crate::engine::leave::Leave;
use crate::engine::message::{Cadence, Update};
use crate::engine::{Shop, pace};
use chrono::TimeDelta;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

/// The longest that one request may take, with its pages.
const DEADLINE: Duration = Duration::from_secs(60);
/// How long an answer is as new as it can be.
const FRESH: Duration = Duration::from_secs(60);
/// What is due so soon goes along with what is due now.
const ALONG: Duration = Duration::from_secs(5);

pub(super) struct Survey {
    shop: Shop,
    ledger: Arc<Ledger>,
    scope: Scope,
    phase: i64,
    wishes: watch::Receiver<Wishes>,
    nudge: Arc<Notify>,
    agenda: BTreeMap<Item, Due>,
    failures: u32,
}

/// When a wish is to be asked for, and how often it was wanted when that was decided.
struct Due {
    /// None where it was answered and that was all that was wanted.
    at: Option<Instant>,
    cadence: Cadence,
    /// When it was answered last.
    answered: Option<Instant>,
}

impl Survey {
    pub(super) fn new(
        shop: Shop,
        ledger: Arc<Ledger>,
        scope: Scope,
        wishes: watch::Receiver<Wishes>,
        nudge: Arc<Notify>,
    ) -> Self {
        Self {
            phase: beat::phase(&scope),
            shop,
            ledger,
            scope,
            wishes,
            nudge,
            agenda: BTreeMap::new(),
            failures: 0,
        }
    }

    pub(super) async fn run(mut self) {
        loop {
            self.take_wishes();
            let next = self.wished().filter_map(|(_, due)| due.at).min();
            let is_due = async {
                match next {
                    Some(next) => tokio::time::sleep_until(next).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                changed = self.wishes.changed() => match changed {
                    Ok(()) => continue,
                    Err(_) => return,
                },
                () = self.nudge.notified() => self.hasten(),
                () = is_due => {}
            }
            self.ask_what_is_due().await;
        }
    }

    /// Asks anew what has not just been answered: CloudWatch has nothing newer than its last minute.
    fn hasten(&mut self) {
        let now = Instant::now();
        for due in self.agenda.values_mut() {
            let soonest = due.answered.map_or(now, |at| now.max(at + FRESH));
            due.at = Some(due.at.map_or(soonest, |at| at.min(soonest)));
        }
    }

    /// What is new is due at once, and what is wanted more often than before is due sooner.
    ///
    /// What nobody wants any more is remembered until it would be due: whoever comes back to it before that has it, and
    /// AWS would charge for it once more.
    fn take_wishes(&mut self) {
        let wishes = self.wishes.borrow_and_update();
        let (now, clock) = (Instant::now(), self.shop.clock.now());
        self.agenda
            .retain(|item, due| wishes.contains_key(item) || due.at.is_some_and(|at| at > now));
        for (item, cadence) in wishes.iter() {
            let due = self.agenda.entry(item.clone()).or_insert(Due {
                at: Some(now),
                cadence: *cadence,
                answered: None,
            });
            if due.cadence != *cadence
                && let Some(period) = cadence.period()
            {
                let next = now + beat::until_next(clock, period, self.phase);
                due.at = Some(due.at.map_or(now, |at| at.min(next)));
                due.cadence = *cadence;
            }
        }
    }

    /// What of the agenda somebody wants now.
    fn wished(&self) -> impl Iterator<Item = (&Item, &Due)> {
        let wishes = self.wishes.borrow();
        let wanted: BTreeSet<Item> = wishes.keys().cloned().collect();
        self.agenda
            .iter()
            .filter(move |(item, _)| wanted.contains(*item))
    }

    async fn ask_what_is_due(&mut self) {
        let by = Instant::now() + ALONG;
        let due = self
            .wished()
            .filter(|(_, due)| due.at.is_some_and(|at| at <= by));
        let mut items: BTreeSet<Item> = due.map(|(item, _)| item.clone()).collect();
        // What is answered along with something else costs nothing.
        let along: Vec<Item> = self
            .wished()
            .map(|(item, _)| item.clone())
            .filter(|item| batch::is_included(item, &items))
            .collect();
        items.extend(along);
        for batch in Batch::of(items) {
            self.ask(&batch).await;
        }
    }

    async fn ask(&mut self, batch: &Batch) {
        let account = &self.scope.account;
        if let Err(problem) = self.shop.gates.look(account) {
            // Said, and then waited for below: it is tried again when there are new ones, not at a time.
            self.regret(batch, &problem, None).await;
        }
        let leave = Leave::to_call(
            &self.shop,
            Service::Metrics,
            &self.scope,
            self.urgency(batch),
        )
        .await;
        // By the house's clock, so that a clock that stands still gives the same picture twice.
        let began = self.shop.clock.now();
        let question = MetricsQuestion {
            subjects: batch.subjects.clone(),
            grain: batch.grain,
            now: began,
        };
        let ledger = Arc::clone(&self.ledger);
        let promise = match ledger.allow(batch.price()) {
            Ok(promise) => promise,
            Err(bill) => {
                leave.settle(&self.shop, &self.scope, Ok(()), 0);
                self.tell(Update::Spent(bill)).await;
                return self.fail(batch, &unaffordable(&bill)).await;
            }
        };
        let asking = crate::aws::counted(self.shop.cloud.metrics(&self.scope, &question));
        let (result, requests) = tokio::time::timeout(DEADLINE, asking)
            .await
            .unwrap_or_else(|_elapsed| (Err(self.timed_out()), 1));
        let outcome = result.as_ref().map(|_| ());
        leave.settle(&self.shop, &self.scope, outcome, requests);
        let bill = promise.settle(answered(outcome, requests));
        self.tell(Update::Spent(bill)).await;
        let answer = match result {
            Ok(answer) => answer,
            Err(problem) => return self.fail(batch, &problem).await,
        };
        self.failures = 0;
        let took = (self.shop.clock.now() - began).max(TimeDelta::zero());
        let answered = batch.items.iter().filter_map(|item| {
            let metrics = Batch::answer(&answer, &item.0)?;
            Some(self.attempt(item, took, Ok(Reading::Metrics(metrics)), None))
        });
        let answered = answered.collect();
        self.tell(Update::Measured(answered)).await;
        self.postpone(batch);
    }

    /// The next beat of everything that was answered.
    fn postpone(&mut self, batch: &Batch) {
        let now = self.shop.clock.now();
        let stretch = match self.ledger.spending() {
            Spending::AsWished => 1,
            Spending::Stretched | Spending::Stopped => 2,
        };
        for item in &batch.items {
            let period = self.cadence(item).and_then(Cadence::period);
            let delay = period.map(|period| beat::until_next(now, period * stretch, self.phase));
            if let Some(due) = self.agenda.get_mut(item) {
                due.at = delay.map(|delay| Instant::now() + delay);
                due.answered = Some(Instant::now());
            }
        }
    }

    /// Says why there is no answer, and when it is tried again.
    async fn fail(&mut self, batch: &Batch, problem: &Problem) {
        self.failures += 1;
        let mut soonest = None;
        for item in &batch.items {
            let delay = self
                .cadence(item)
                .and_then(|cadence| pace::delay(cadence, Err(problem), self.failures));
            if let Some(due) = self.agenda.get_mut(item) {
                due.at = delay.map(|delay| Instant::now() + delay);
            }
            soonest = [soonest, delay].into_iter().flatten().min();
        }
        let retry = soonest
            .filter(|_| problem.kind != Kind::Expired)
            .and_then(|delay| TimeDelta::from_std(delay).ok())
            .map(|delay| self.shop.clock.now() + delay);
        self.regret(batch, problem, retry).await;
    }

    async fn regret(&self, batch: &Batch, problem: &Problem, retry: Option<Timestamp>) {
        let regret = |item| self.attempt(item, TimeDelta::zero(), Err(problem.clone()), retry);
        let failed = batch.items.iter().map(regret).collect();
        self.tell(Update::Measured(failed)).await;
    }

    fn attempt(
        &self,
        (subject, grain): &Item,
        took: TimeDelta,
        result: Result<Reading, Problem>,
        retry: Option<Timestamp>,
    ) -> Attempt {
        Attempt {
            topic: Topic::Metrics(subject.clone(), *grain),
            scope: self.scope.clone(),
            at: self.shop.clock.now(),
            took,
            result,
            retry,
        }
    }

    async fn tell(&self, update: Update) {
        // Nobody listens any more only when the house is being left.
        let _ = self.shop.updates.send(update).await;
    }

    fn cadence(&self, item: &Item) -> Option<Cadence> {
        self.agenda.get(item).map(|due| due.cadence)
    }

    fn urgency(&self, batch: &Batch) -> Urgency {
        let is_focused = |item| matches!(self.cadence(item), Some(Cadence::Focused(_)));
        if batch.items.iter().any(is_focused) {
            Urgency::Focused
        } else {
            Urgency::Background
        }
    }

    fn timed_out(&self) -> Problem {
        let what = format!(
            "Reading the metrics of {} took longer than {} s.",
            self.scope,
            DEADLINE.as_secs()
        );
        Problem::new(Kind::Unreachable(Reach::TimedOut), what)
    }
}

/// How many requests AWS charges for: not the one that it refused, but one whose answer got lost.
fn answered(outcome: Result<(), &Problem>, requests: u32) -> u32 {
    match outcome.map_err(|problem| problem.kind) {
        Ok(()) | Err(Kind::Unreachable(_) | Kind::Garbled) => requests,
        Err(_) => requests.saturating_sub(1),
    }
}

fn unaffordable(bill: &Bill) -> Problem {
    let what = format!(
        "Metrics are not read: they would cost more than {} an hour, which is the cap.",
        bill.cap
    );
    Problem::new(Kind::Capped, what)
        .hint("They go on by themselves; `cap` under `[metrics]` in fleet.toml allows more.")
}
