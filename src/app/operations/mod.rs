//! Operations on the screen: plans that are being read, runs that go on, and those that are over.
//!
//! A run is folded out of what the engine tells, by [`Run::absorb`] alone, so that the screen tells the same story as
//! the journal. What is asked of the engine goes out as orders; nothing here changes anything by itself.

mod act;
mod agreement;
mod aim;
mod asked;
mod change;
mod digest;
mod leave;
mod menu;
mod news;
mod review;
mod standing;
mod story;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use agreement::Agreement;
pub use asked::{Asked, Question};
pub use digest::{Line, Tone, places};
pub use menu::{Errand, Leaving, Menu};
pub use review::{Closed, Review, Stage};
pub use standing::{Standing, tally, wave};
pub use story::{Entry, Mark, story};

pub(super) use act::enabled;

use super::cursor::{Cursor, Step};
use super::detail::Size;
use super::filter::Filter;
use super::overlay::Scroll;
use super::{Alert, App, Effect};
use crate::domain::operation::{OperationId, Record, Run, Stamped};
use crate::domain::untrusted::sanitise;
use crate::domain::{AccountName, Problem, Timestamp};
use crate::engine::message::{ARMED, Keeper, Onward, Order, Request, Tidings};
use std::collections::{BTreeMap, BTreeSet};

/// For how many minutes an account is armed.
pub const ARMED_MINUTES: i64 = ARMED.num_minutes();

/// Everything that is known of operations, and how the view of them stands.
#[derive(Clone, Debug, Default)]
pub struct Operations {
    pub filter: Filter,
    runs: BTreeMap<OperationId, Run>,
    /// Who goes on with those that have not ended.
    keepers: BTreeMap<OperationId, Keeper>,
    /// How far the present step of a member is, sanitised.
    progress: BTreeMap<(OperationId, usize, usize), String>,
    /// Why the journals could not be read.
    failing: Option<Problem>,
    /// Whether the engine has told of the past.
    is_told: bool,
    /// The last question for a plan.
    tickets: u64,
    /// Plans that came and are neither run nor dropped.
    offered: BTreeSet<OperationId>,
    /// Accounts that may be changed, and until when.
    armed: BTreeMap<AccountName, Timestamp>,
    /// What is to be said outside of the screen.
    alerts: Vec<Alert>,
    leaving: Option<Leaving>,
    /// A run that has just begun here: it is selected when it has a row.
    begun: Option<OperationId>,
    rows: Vec<OperationId>,
    cursor: Cursor<OperationId>,
    open: Option<Open>,
}

/// A run that is open.
#[derive(Clone, Debug)]
pub struct Open {
    pub id: OperationId,
    pub size: Size,
    pub scroll: Scroll,
}

impl Operations {
    /// The runs that pass the filter: those that want somebody first, then those that go on, then the newest.
    pub fn rows(&self) -> &[OperationId] {
        &self.rows
    }

    pub fn run(&self, id: &OperationId) -> Option<&Run> {
        self.runs.get(id)
    }

    pub fn runs(&self) -> impl Iterator<Item = &Run> {
        self.runs.values()
    }

    /// Runs before the filter.
    pub fn total(&self) -> usize {
        self.runs.len()
    }

    pub fn cursor(&self) -> &Cursor<OperationId> {
        &self.cursor
    }

    pub fn cursor_mut(&mut self) -> &mut Cursor<OperationId> {
        &mut self.cursor
    }

    pub fn open(&self) -> Option<&Open> {
        self.open.as_ref()
    }

    pub(super) fn open_mut(&mut self) -> Option<&mut Open> {
        self.open.as_mut()
    }

    /// The run that a key would act on: the open one, else the one under the cursor.
    pub fn selected(&self) -> Option<&OperationId> {
        let open = self.open.as_ref().map(|open| &open.id);
        open.or_else(|| self.rows.get(self.cursor.index()))
    }

    /// How far the present step of a member is, where the engine says.
    pub fn progress(&self, id: &OperationId, wave: usize, member: usize) -> Option<&str> {
        let key = (id.clone(), wave, member);
        self.progress.get(&key).map(String::as_str)
    }

    /// Why the past could not be read.
    pub fn failing(&self) -> Option<&Problem> {
        self.failing.as_ref()
    }

    pub fn is_told(&self) -> bool {
        self.is_told
    }

    /// Accounts that may be changed, and until when.
    pub fn armed(&self) -> &BTreeMap<AccountName, Timestamp> {
        &self.armed
    }

    pub fn standing(&self, run: &Run) -> Standing {
        let keeper = self.keepers.get(&run.plan.id);
        Standing::of(run, keeper.copied().unwrap_or(Keeper::Nobody))
    }

    /// The run that is followed in the header: the gravest that goes on, else one that has just ended.
    pub fn foremost(&self, now: Timestamp) -> Option<&Run> {
        let rank = |run: &&Run| {
            let rank = self.standing(run).rank(run, now)?;
            Some((rank, std::cmp::Reverse(run.began)))
        };
        let ranked = self.runs.values().filter(|run| rank(run).is_some());
        ranked.min_by_key(rank)
    }

    /// The runs that this engine goes on with.
    pub(super) fn ours(&self) -> impl Iterator<Item = &Run> {
        self.runs.values().filter(|run| {
            !run.is_over() && self.keepers.get(&run.plan.id) == Some(&Keeper::Ourselves)
        })
    }

    /// How long the last run of the same verb for the same target took, where one succeeded.
    pub fn usual(&self, run: &Run) -> Option<chrono::TimeDelta> {
        let same = |other: &&Run| {
            other.plan.verb == run.plan.verb
                && other.plan.target == run.plan.target
                && other.began < run.began
        };
        let before = self.runs.values().filter(same);
        let before = before.filter_map(|other| match &other.outcome {
            Some((ended, crate::domain::operation::Outcome::Succeeded)) => {
                Some((other.began, *ended - other.began))
            }
            Some(_) | None => None,
        });
        before.max_by_key(|(began, _)| *began).map(|(_, took)| took)
    }

    /// Works the rows out anew.
    pub(super) fn settle(&mut self) {
        let mut rows: Vec<&Run> = self.runs.values().collect();
        rows.retain(|run| self.filter.keeps(&haystack(run, self.standing(run))));
        rows.sort_by_key(|run| {
            let group = self.standing(run).group();
            (group, std::cmp::Reverse(run.began))
        });
        self.rows = rows.iter().map(|run| run.plan.id.clone()).collect();
        let rows = &self.rows;
        self.cursor.settle(rows.len(), |index| rows[index].clone());
        let begun = self.begun.take();
        if let Some(index) = begun.and_then(|id| rows.iter().position(|row| *row == id)) {
            self.cursor
                .select(index, rows.len(), |index| rows[index].clone());
        }
        let is_gone = |open: &Open| !self.runs.contains_key(&open.id);
        if self.open.as_ref().is_some_and(is_gone) {
            self.open = None;
        }
    }

    pub(super) fn step(&mut self, step: Step) {
        if let Some(open) = &mut self.open {
            open.scroll.step(step);
            return;
        }
        let rows = &self.rows;
        self.cursor
            .step(step, rows.len(), |index| rows[index].clone());
    }

    pub(super) fn select(&mut self, index: usize) {
        let rows = &self.rows;
        self.cursor
            .select(index, rows.len(), |index| rows[index].clone());
        if let (Some(open), Some(id)) = (&mut self.open, rows.get(index)) {
            open.id = id.clone();
            open.scroll = Scroll::default();
        }
    }

    pub(super) fn open_selected(&mut self) {
        if let (None, Some(id)) = (&self.open, self.rows.get(self.cursor.index())) {
            self.open = Some(Open {
                id: id.clone(),
                size: Size::default(),
                scroll: Scroll::default(),
            });
        }
    }

    pub(super) fn close(&mut self) -> bool {
        self.open.take().is_some()
    }

    /// Somebody wants a run taken up; until the engine says more, it is what it was.
    fn take_up(&mut self, id: &OperationId, onward: Onward) {
        match onward {
            Onward::Continue | Onward::Reverse => {
                self.keepers.insert(id.clone(), Keeper::Ourselves);
            }
            Onward::Abandon => {}
        }
    }

    /// Something has happened to a run; the first record brings its plan.
    fn absorb(&mut self, id: &OperationId, stamped: &Stamped) {
        if let Record::Planned(plan) = &stamped.record {
            let run = Run::of((**plan).clone(), stamped.at);
            self.runs.entry(id.clone()).or_insert(run);
            self.begun = Some(id.clone());
        } else if let Some(run) = self.runs.get_mut(id) {
            // What the list of runs has told already is not taken in twice.
            if stamped.number >= run.records {
                run.absorb(stamped);
            }
        }
        if let Record::Ended { wave, member, .. } | Record::MemberEnded { wave, member, .. } =
            stamped.record
        {
            self.progress.remove(&(id.clone(), wave, member));
        }
        self.keepers.insert(id.clone(), Keeper::Ourselves);
    }

    /// What this machine knows of the past. A run that we have seen more of than the journal tells stays as it is.
    fn remember(&mut self, runs: Vec<Run>) {
        for run in runs {
            let id = run.plan.id.clone();
            let known = self.runs.get(&id).map(|known| known.records);
            if known.is_none_or(|known| known <= run.records) {
                self.runs.insert(id, run);
            }
        }
    }

    /// Time went on.
    pub(super) fn tick(&mut self, now: Timestamp) {
        self.armed.retain(|_, until| now < *until);
    }
}

/// What a filter looks at.
fn haystack(run: &Run, standing: Standing) -> String {
    let regions = run
        .plan
        .members()
        .filter_map(|member| member.scope.region());
    let mut regions: Vec<&str> = regions.map(crate::domain::Region::as_str).collect();
    regions.dedup();
    format!(
        "{} {} {} {} {} {}",
        run.plan.id.as_str(),
        run.plan.verb.name(),
        run.plan.target.exact(),
        run.plan.by,
        standing.word(),
        regions.join(" ")
    )
}

/// Asks for every run that this machine knows.
pub(super) fn ask_for_runs() -> Effect {
    Effect::Ask(Request::Operate(Order::Runs))
}

impl App {
    pub fn operations(&self) -> &Operations {
        &self.operations
    }

    /// The run that is open, where its view has the keys.
    pub fn open_run(&self) -> Option<&Open> {
        let is_here = self.view == super::View::Operations && self.detail.is_none();
        is_here.then(|| self.operations.open()).flatten()
    }

    /// The same, to be scrolled.
    pub(super) fn run_with_keys(&mut self) -> Option<&mut Open> {
        let is_here = self.view == super::View::Operations && self.detail.is_none();
        is_here.then(|| self.operations.open_mut()).flatten()
    }

    /// Goes back from the open run to the list; tells whether one was open.
    pub(super) fn leave_run(&mut self) -> bool {
        self.view == super::View::Operations && self.operations.close()
    }

    pub(super) fn zoom_run(&mut self) {
        if let Some(open) = self.operations.open_mut() {
            open.size = match open.size {
                Size::Half => Size::Whole,
                Size::Whole => Size::Half,
            };
        }
    }

    /// Takes in what the engine says of operations.
    pub(super) fn learn_operations(&mut self, tidings: Tidings) -> Vec<Effect> {
        let mut effects = Vec::new();
        match tidings {
            Tidings::Planned(ticket, result) => self.take_plan(ticket, result),
            Tidings::Refused(id, problem) => self.tell_refused(&id, &problem),
            Tidings::Happened(id, stamped) => {
                let is_first = matches!(stamped.record, Record::Planned(_));
                if !is_first && self.operations.run(&id).is_none() {
                    // Taken up before we had heard of it: the list of runs brings its plan.
                    effects.push(ask_for_runs());
                }
                self.operations.absorb(&id, &stamped);
                effects.extend(self.tell_happened(&id, &stamped));
            }
            Tidings::Progress {
                run,
                wave,
                member,
                words,
            } => {
                let words = sanitise(&words).into_owned();
                self.operations.progress.insert((run, wave, member), words);
            }
            Tidings::Runs(Ok(runs)) => {
                self.operations.remember(runs);
                self.operations.failing = None;
                self.operations.is_told = true;
                self.tell_left_behind();
            }
            Tidings::Runs(Err(problem)) => {
                self.operations.failing = Some(problem);
                self.operations.is_told = true;
            }
            Tidings::Kept(id, keeper) => {
                self.operations.keepers.insert(id, keeper);
                self.tell_left_behind();
            }
            Tidings::Armed(account, until) => {
                let until = until.filter(|until| *until > self.now);
                self.tell_armed(&account, until);
                match until {
                    Some(until) => {
                        self.operations.armed.insert(account.clone(), until);
                        effects.extend(self.plan_again(&account));
                    }
                    None => _ = self.operations.armed.remove(&account),
                }
            }
        }
        self.operations.settle();
        effects
    }
}
