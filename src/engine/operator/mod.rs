//! The operator: makes plans of wishes, runs what was agreed to, and takes up what was left behind.
//!
//! The invariant: only a plan that this operator has made is run, once, and only by whoever agreed to it in its own
//! words. All that happens to a run is in its journal before it happens.

mod arming;
mod desk;
mod errand;
mod gate;
mod hands;
mod hooks;
mod message;
pub(super) mod planner;
mod run;
mod start;
mod story;

pub use message::{ARMED, Arming, Keeper, Onward, Order, Ticket, Tidings};

use super::Shop;
use super::message::Update;
use crate::domain::operation::{Decision, Operation, OperationId, Run, Steered};
use crate::domain::{Fleet, Kind, Problem};
use desk::{Desk, Draw};
use hooks::Hooks;
use std::sync::Arc;
use tokio::task::JoinSet;
use tokio_util::task::TaskTracker;

/// What the foreman keeps of the operator.
#[derive(Clone)]
pub(super) struct Operator {
    shop: Shop,
    fleet: Arc<Fleet>,
    desk: Arc<Desk>,
    hooks: Hooks,
    /// Change sets that are being deleted.
    discarding: TaskTracker,
}

impl Operator {
    pub(super) fn new(shop: Shop, fleet: &Fleet) -> Self {
        Self {
            hooks: Hooks::new(&fleet.hooks, Arc::clone(&shop.cloud)),
            shop,
            fleet: Arc::new(fleet.clone()),
            desk: Arc::default(),
            discarding: TaskTracker::new(),
        }
    }

    /// Does what is asked, in a task of its own where it takes time.
    pub(super) fn handle(&mut self, tasks: &mut JoinSet<()>, order: Order) {
        let operator = self.clone();
        match order {
            Order::Plan(ticket, wish) => {
                let now = self.shop.clock.now();
                let id = self.shop.books.journals.name(wish.verb(), now);
                tasks.spawn(async move { operator.plan(ticket, id, *wish).await });
            }
            Order::Drop(id) => {
                if let Some(made) = self.desk.take(&id) {
                    self.discard(&made);
                }
            }
            Order::Run(id, text) => match self.desk.draw(&id, &text) {
                Draw::Made(made) => {
                    tasks.spawn(async move { operator.run(*made).await });
                }
                Draw::Refused(problem) => {
                    tasks.spawn(async move { operator.refuse(id, problem).await });
                }
            },
            Order::Steer(id, steered) => {
                tasks.spawn(async move { operator.steer(id, steered).await });
            }
            Order::TakeUp(id, onward, text) => {
                tasks.spawn(async move { operator.take_up(id, onward, &text).await });
            }
            Order::Runs => {
                tasks.spawn(async move { operator.tell_runs().await });
            }
            Order::Arm(account, arming) => self.arm(tasks, account, arming),
        }
    }

    /// Waits for whoever is being told something, and takes back what was made for plans that nobody agreed to. Runs
    /// are simply left: AWS goes on, and the journal tells it.
    pub(super) async fn close(&self) {
        for made in self.desk.clear() {
            self.discard(&made);
        }
        self.discarding.close();
        let _ = tokio::time::timeout(desk::FAREWELL, self.discarding.wait()).await;
        self.hooks.close().await;
    }

    /// Waits for what is being written although its run was left.
    pub(super) async fn settled(&self) {
        self.shop.books.journals.settled().await;
    }

    /// Makes a plan, tells it, and keeps it until it is run, dropped, or has expired.
    async fn plan(&self, ticket: Ticket, id: OperationId, wish: Operation) {
        let planned = planner::plan(&self.shop, &self.fleet, &id, &wish).await;
        let Ok(plan) = planned else {
            return self
                .tell(Tidings::Planned(ticket, planned.map(Box::new)))
                .await;
        };
        let expires = plan.expires();
        self.desk.put(&self.shop, plan.clone());
        self.hooks.plan(&plan);
        self.tell(Tidings::Planned(ticket, Ok(Box::new(plan))))
            .await;
        self.until(expires).await;
        if let Some(made) = self.desk.take(&id) {
            self.discard(&made);
        }
    }

    /// Tells of every run, and of each that has not ended who goes on with it.
    async fn tell_runs(&self) {
        let journals = &self.shop.books.journals;
        let runs = journals.runs().await;
        let open = runs.iter().flatten().filter(|run| !run.is_over());
        let open: Vec<OperationId> = open.map(|run| run.plan.id.clone()).collect();
        self.tell(Tidings::Runs(runs)).await;
        for id in open {
            let keeper = match self.desk.runner(&id) {
                Some(_) => Keeper::Ourselves,
                // What cannot be found out is not offered to be taken up.
                None if journals.is_held(&id).await.unwrap_or(true) => Keeper::Another,
                None => Keeper::Nobody,
            };
            self.tell(Tidings::Kept(id, keeper)).await;
        }
    }

    /// Passes a word on to a run, in this process or in another.
    async fn steer(&self, id: OperationId, steered: Steered) {
        let by = self.shop.books.journals.who().to_owned();
        let decision = Decision { by, steered };
        let passed = match self.desk.runner(&id) {
            Some(runner) => match runner.hear(decision).await {
                Ok(Ok(())) => Ok(()),
                Ok(Err(why)) => Err(Problem::new(Kind::Invalid, why)),
                Err(run::Halt(problem)) => Err(problem),
            },
            None => self.shop.books.journals.post(&id, decision).await,
        };
        if let Err(problem) = passed {
            self.refuse(id, problem).await;
        }
    }

    async fn refuse(&self, id: OperationId, problem: Problem) {
        self.tell(Tidings::Refused(id, problem)).await;
    }

    /// Nobody listens any more only when the house is being left.
    async fn tell(&self, tidings: Tidings) {
        let _ = self.shop.updates.send(Update::Operation(tidings)).await;
    }
}

/// The accounts in which a run has something to do.
fn accounts(run: &Run) -> std::collections::BTreeSet<crate::domain::AccountName> {
    let busy = run.plan.members().filter(|member| member.idle.is_none());
    busy.map(|member| member.scope.account.clone()).collect()
}
