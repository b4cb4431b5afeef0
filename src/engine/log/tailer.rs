//! Reads one source: one task, from its first page to its end.
//!
//! What it promises: an event that becomes readable no later than [`late_within`](super::SourceState::late_within) after it happened is
//! told, and told once; what cannot be read is told as a hole. No failure ends it unless somebody waits for its end.

use super::depths::{Cost, Depths, LATENESS_AT_MOST};
use super::line::{Course, Line};
use super::ruins::Ruins;
use super::seen::Seen;
use super::walk::Walk;
use super::{News, Page, TailSpec};
use crate::aws::EventsPage;
use crate::domain::log::Millis;
use crate::domain::{Hole, Problem};
use chrono::TimeDelta;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Pages that a source may be ahead of its reader.
const CREDIT: usize = 2;
/// Pages of one walk while following; then what is late gets its turn.
const WALK: u32 = 50;
/// Events that all sources of a tail together ask for with one page each: two of such are about 24 MB.
const EVENTS_AT_ONCE: usize = 60_000;
/// Bounds for the events of one page; the upper one is AWS's.
const PAGE: (usize, usize) = (1_000, 10_000);
/// Events that all sources of a tail together remember while they follow, and that one does at least.
const REMEMBERED: (usize, usize) = (1_000_000, 40_000);
/// The same of a range, which is read once: enough for the seam after a broken connection.
const REMEMBERED_OF_A_RANGE: usize = 100_000;
/// As long as no more events than these are read again, everything is read again with every poll.
const CHEAP: usize = 300;
/// A group that says no more than this in a quarter of an hour is read that far back.
const QUIET: usize = 50;

/// Reads one source.
pub(super) struct Tailer {
    pub(super) line: Line,
    pub(super) seen: Seen,
    pub(super) ruins: Ruins,
    pub(super) pattern: Option<String>,
    pub(super) limit: Option<i32>,
    depths: Depths,
    from: Millis,
    until: Option<Millis>,
    credits: Arc<Semaphore>,
    /// Taken before a page of a range is asked for.
    credit: Option<OwnedSemaphorePermit>,
    /// Events that were told before and are still to be counted.
    repeated: u64,
    /// The latest that an event came in this poll.
    lateness: Millis,
    /// Pages that the last walk over the deepest level took.
    deep_pages: u32,
    /// Pages come by their times; where they do not, nothing is certain before the end of a walk.
    pub(super) is_ordered: bool,
}

impl Tailer {
    pub(super) fn new(line: Line, spec: &TailSpec) -> Self {
        let sources = spec.sources.len().max(1);
        let from = spec.from.timestamp_millis();
        let remembered = match line.course {
            Course::Range => REMEMBERED_OF_A_RANGE,
            Course::Following => (REMEMBERED.0 / sources).max(REMEMBERED.1),
        };
        let page = (EVENTS_AT_ONCE / sources).clamp(PAGE.0, PAGE.1);
        Self {
            line,
            seen: Seen::new(remembered),
            ruins: Ruins::default(),
            pattern: spec.pattern.clone(),
            limit: (page < PAGE.1).then(|| i32::try_from(page).unwrap_or(i32::MAX)),
            depths: Depths::new(from),
            from,
            until: spec.until.map(|until| until.timestamp_millis()),
            credits: Arc::new(Semaphore::new(CREDIT)),
            credit: None,
            repeated: 0,
            lateness: 0,
            deep_pages: u32::MAX,
            is_ordered: true,
        }
    }

    /// Runs until the source is read to its end.
    pub(super) async fn run(mut self) {
        let outcome = match (self.line.course, self.until) {
            (Course::Range, Some(until)) => self.finish(until).await,
            _ => self.follow().await,
        };
        if self.repeated > 0 {
            let reached = self.line.state.reached.unwrap_or(self.from);
            self.send(EventsPage::default(), reached).await;
        }
        self.line.report().await;
        let ended = News::Ended(self.line.index, outcome);
        self.line.tell(ended).await;
    }

    /// Polls until the end has come.
    async fn follow(&mut self) -> Result<(), Problem> {
        loop {
            let ordered = *self.line.finish.borrow();
            let now = self.line.now();
            if let Some(until) = ordered.or(self.until.filter(|until| *until <= now)) {
                return self.finish(until).await;
            }
            self.poll().await?;
        }
    }

    /// Reads what is new, then what may have come late, and rests.
    async fn poll(&mut self) -> Result<(), Problem> {
        let deepest = self.depths.settled();
        let cost = if self.deep_pages <= 1 && self.seen.since(deepest) <= CHEAP {
            Cost::OneCall
        } else {
            Cost::More
        };
        let now = self.line.now();
        let mut plan = self.depths.plan(now, cost);
        let far = (now - LATENESS_AT_MOST)
            .max(self.from)
            .max(self.seen.floor());
        if cost == Cost::OneCall && self.seen.since(far) <= QUIET {
            plan.open = plan.open.min(far);
        }
        self.lateness = 0;
        let walk = self.walk(plan.open, None, WALK).await?;
        // After a sleep there may be so much news that it displaces what else was remembered: that is not read again.
        let known = self.seen.floor();
        self.depths.narrow(known);
        self.depths.read(plan.open, walk.began, walk.reach);
        let mut pages = walk.pages;
        let back = plan.back.map(|(from, until)| (from.max(known), until));
        if let Some((from, until)) = back.filter(|(from, until)| from <= until) {
            let back = self.walk(from, Some(until), WALK).await?;
            // Both together are one walk that began with the first of them.
            self.depths
                .read(from, walk.began, back.reach.min(walk.reach));
            pages = pages.max(back.pages);
        }
        if plan.from() <= deepest {
            self.deep_pages = pages;
        }
        self.settle(&walk);
        self.line.report().await;
        // Where there is more than one walk reads, there is nothing to wait for.
        if walk.reach == Millis::MAX {
            self.line.rest(walk.at).await;
        }
        Ok(())
    }

    /// Takes stock after a poll.
    fn settle(&mut self, walk: &Walk) {
        let known = self.seen.floor();
        self.depths.observe(self.lateness, known.max(self.from));
        self.depths.narrow(known);
        let settled = self.depths.settled();
        // With room to spare it is kept as long as a deeper level could ask for it.
        let spare = if self.seen.is_roomy() {
            LATENESS_AT_MOST
        } else {
            0
        };
        self.seen.forget(settled - spare);
        self.ruins.forget(settled - spare);
        if walk.reach == Millis::MAX {
            let ear = &self.line.ear;
            ear.polled(walk.began, self.seen.floor(), self.line.now());
        }
        let late_within = self.depths.lateness().min(walk.began.saturating_sub(known));
        let state = &mut self.line.state;
        state.reached = state.reached.max(Some(walk.reach.min(walk.began)));
        state.settled = Some(settled);
        state.late_within = TimeDelta::milliseconds(late_within);
    }

    /// Reads what is left before `until`.
    async fn finish(&mut self, until: Millis) -> Result<(), Problem> {
        self.line.ear.close().await;
        let from = self.depths.settled();
        if from < until {
            self.walk(from, Some(until - 1), u32::MAX).await?;
        }
        let state = &mut self.line.state;
        state.reached = state.reached.max(Some(until));
        state.settled = state.settled.max(Some(until));
        Ok(())
    }

    /// Waits until the reader of a range has room for one more page.
    pub(super) async fn make_room(&mut self) {
        if self.line.course == Course::Range && self.credit.is_none() {
            self.credit = self.one_credit().await;
        }
    }

    /// Takes out of a page what was told before.
    ///
    /// What is new before `highest`, and had come before the walk began, means that pages do not come by their times.
    pub(super) fn sift(&mut self, page: &mut EventsPage, highest: Millis, began: Millis) {
        let all = page.events.len();
        let Self {
            seen,
            lateness,
            is_ordered,
            line,
            ..
        } = self;
        let now = line.now();
        let Line { ear, state, .. } = line;
        let (mut polls, newest) = (ear.polls(now), &mut state.newest);
        // The oldest first: what is remembered then never goes before it is read again, but for late ones.
        page.events.sort();
        page.events.retain(|event| {
            // Of what is forgotten most was told. Only where times are no order it may be news.
            let is_known = !*is_ordered || event.time >= seen.floor();
            let is_new = seen.is_new(&event) && is_known;
            if is_new {
                *lateness = (*lateness).max(event.ingested - event.time);
                *newest = (*newest).max(Some(event.time));
                *is_ordered &= event.time >= highest || event.ingested >= began;
            }
            is_new && polls.is_new(&event)
        });
        drop(polls);
        self.repeated += (all - page.events.len()) as u64;
    }

    /// Tells a page, and what is broken in it.
    pub(super) async fn tell(&mut self, mut page: EventsPage, reached: Millis) {
        let first = page.events.get(0).map(|event| event.time);
        for time in std::mem::take(&mut page.unreadable) {
            let around = time.or(first).unwrap_or(reached);
            if self.seen.is_new_ruin(around) {
                let hole = Hole {
                    from: around,
                    until: around,
                    events: Some(1),
                    why: "An event could not be read.".to_owned(),
                };
                self.line.tell(News::Hole(self.line.index, hole)).await;
            }
        }
        let state = &mut self.line.state;
        state.reached = state.reached.max(Some(reached));
        if !page.events.is_empty() {
            let reached = state.reached.unwrap_or(reached);
            self.send(page, reached).await;
        }
    }

    async fn send(&mut self, page: EventsPage, reached: Millis) {
        let credit = match self.credit.take() {
            Some(credit) => Some(credit),
            None => self.one_credit().await,
        };
        let page = Page {
            source: self.line.index,
            events: page.events,
            repeated: std::mem::take(&mut self.repeated),
            reached,
            _credit: credit,
        };
        self.line.tell(News::Page(Arc::new(page))).await;
    }

    async fn one_credit(&self) -> Option<OwnedSemaphorePermit> {
        // The semaphore is never closed.
        Arc::clone(&self.credits).acquire_owned().await.ok()
    }
}
