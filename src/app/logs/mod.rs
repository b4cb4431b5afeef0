//! The Logs view: many groups of many regions as one stream.
//!
//! What is followed is a set of selectors; which sources that means is worked out from what the regions have said,
//! and asked of the engine as one tail. Lines go into a [`LogBook`]; a filter and a search are sieves over it, and
//! the [`Reader`] says where on it the operator is. Taking a page in costs what the page costs, never what is held.

mod act;
mod export;
mod follow;
mod groups;
mod label;
mod meter;
mod open;
mod patterns;
mod prompt;
mod query;
mod reader;
mod strain;
mod tail;
#[cfg(test)]
mod tests;
mod typed;

pub use groups::GroupPicker;
pub use label::Label;
pub use meter::Meter;
pub use patterns::Patterns;
pub use prompt::{Ask, Confirm, Prompt};
pub use query::{Answer, Query, QueryLine};
pub use reader::{Mode, Part, Reader, Spot, TimeFormat, Wrapping};
pub use tail::{Chip, INTERVAL, Source, Tail};

pub(super) use act::enabled;
pub(super) use groups::topic as all_groups;

use super::notice::Severity;
use super::overlay::Overlay;
use super::{App, Viewport};
use crate::domain::log::histogram::Histogram;
use crate::domain::log::{LogBook, Pattern, Selector, Sieve, Sifted, View};
use crate::domain::{Problem, Region, Scope, Timestamp};
use crate::engine::message::{News, Request, TailId};

use chrono::{NaiveDateTime, TimeDelta};
use std::collections::{BTreeMap, BTreeSet};
use strain::Strain;

/// After this long with another view open, nothing is followed any more; it goes on where it was on the way back.
pub const AWAY: TimeDelta = TimeDelta::minutes(10);
/// After this long without a key, Live Tail ends: it costs.
pub const UNATTENDED: TimeDelta = TimeDelta::minutes(10);

/// Lines whose errors are counted with one event; the rest with those that follow.
const COUNTED: usize = 20_000;

/// Turns a moment into this machine's time. A function and not an offset: the offset changes with the season.
pub type Zone = fn(Timestamp) -> NaiveDateTime;

/// What the view shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Page {
    #[default]
    Lines,
    Patterns,
    Insights,
}

/// The view's state.
#[derive(Debug)]
pub struct Logs {
    chosen: BTreeSet<Selector>,
    tail: Option<Tail>,
    tails: u64,
    /// Tails that the engine may forget.
    ended: Vec<TailId>,
    /// Work for others.
    requests: Vec<Request>,
    book: LogBook,
    labels: Vec<Label>,
    /// Where nobody could say which groups there are, and why.
    unreached: BTreeMap<Scope, Problem>,
    /// The regions of the fleet in its order, for their colours.
    regions: Vec<Region>,
    filter: Strain,
    search: Strain,
    /// What is wrong with the filter as it is typed; the last good one stays in force.
    filter_complaint: Option<String>,
    /// The search was accepted before anything was found.
    wants_hit: bool,
    reader: Reader,
    meter: Meter,
    errors: Histogram,
    patterns: Patterns,
    query: Option<Query>,
    queries: u64,
    page: Page,
    /// Since when another view is open.
    away: Option<Timestamp>,
    zone: Zone,
}

impl Default for Logs {
    fn default() -> Self {
        Self {
            chosen: BTreeSet::new(),
            tail: None,
            tails: 0,
            ended: Vec::new(),
            requests: Vec::new(),
            book: LogBook::default(),
            labels: Vec::new(),
            unreached: BTreeMap::new(),
            regions: Vec::new(),
            filter: Strain::new(0),
            search: Strain::new(1),
            filter_complaint: None,
            wants_hit: false,
            reader: Reader::default(),
            meter: Meter::default(),
            errors: Histogram::default(),
            patterns: Patterns::default(),
            query: None,
            queries: 0,
            page: Page::default(),
            away: None,
            zone: |at| at.naive_utc(),
        }
    }
}

impl Logs {
    pub fn tail(&self) -> Option<&Tail> {
        self.tail.as_ref()
    }

    pub fn book(&self) -> &LogBook {
        &self.book
    }

    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    pub fn meter(&self) -> &Meter {
        &self.meter
    }

    /// The errors of each region, in every ten seconds.
    pub fn errors(&self) -> &Histogram {
        &self.errors
    }

    pub fn page(&self) -> Page {
        self.page
    }

    /// What the tail's sources are called, in its order.
    pub fn labels(&self) -> &[Label] {
        &self.labels
    }

    /// The regions of the fleet in its order, for their colours.
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// Where nobody could say which groups there are, and why: nothing is followed there.
    pub fn unreached(&self) -> &BTreeMap<Scope, Problem> {
        &self.unreached
    }

    /// The lines that are shown.
    pub fn view(&self) -> View<'_> {
        View::new(&self.book, self.filter.sieve())
    }

    /// The lines that were found; `None` while nothing is searched for.
    pub fn hits(&self) -> Option<View<'_>> {
        let sieve = self.search.sieve()?;
        Some(View::new(&self.book, Some(sieve)))
    }

    /// How many lines were found, and whether every line has been looked at.
    pub fn found(&self) -> Option<(usize, bool)> {
        let sieve = self.search.sieve()?;
        Some((sieve.len(), sieve.pending() == 0))
    }

    /// The filter that is in force, as it was typed.
    pub fn filter_text(&self) -> &str {
        self.filter.text()
    }

    /// Lines that the filter has not looked at yet.
    pub fn pending(&self) -> usize {
        self.filter.sieve().map_or(0, Sieve::pending)
    }

    pub fn filter_complaint(&self) -> Option<&str> {
        self.filter_complaint.as_deref()
    }

    pub fn search_text(&self) -> &str {
        self.search.text()
    }

    /// What stands out in the lines.
    pub fn search_pattern(&self) -> Option<&Pattern> {
        // Behind the filter's own patterns stands what is searched for.
        self.search.filter()?.patterns().last()
    }

    /// Whether anything is to be followed.
    pub fn is_chosen(&self) -> bool {
        !self.chosen.is_empty()
    }

    /// What was chosen, in words.
    pub fn chosen_words(&self) -> String {
        let words: Vec<String> = self.chosen.iter().map(Selector::to_string).collect();
        crate::domain::untrusted::sanitise(&words.join(", ")).into_owned()
    }

    /// How many groups are followed, whatever the number of regions.
    pub fn groups(&self) -> usize {
        let sources = self.tail.iter().flat_map(Tail::sources);
        sources
            .map(|source| &source.at.group)
            .collect::<BTreeSet<_>>()
            .len()
    }

    /// A moment in this machine's zone.
    pub fn local(&self, at: Timestamp) -> NaiveDateTime {
        (self.zone)(at)
    }

    pub(super) fn set_zone(&mut self, zone: Zone) {
        self.zone = zone;
    }

    /// Takes in what a tail tells.
    pub(super) fn learn(&mut self, id: TailId, news: News) {
        let Some(tail) = self.tail.as_mut().filter(|tail| tail.id == id) else {
            return;
        };
        match news {
            News::Page(page) => {
                self.book.absorb(page.source, &page.events, page.reached);
                self.meter.arrived(page.events.len());
                self.sift();
            }
            News::Hole(source, hole) => {
                tail.hole(source);
                self.book.note(source, &hole);
                self.sift();
            }
            News::State(source, state) => tail.state(source, *state),
            News::Ended(source, result) => tail.ended(source, result),
        }
    }

    /// The book changed, or what it is looked at through.
    pub(super) fn sift(&mut self) {
        let jobs = [
            self.filter.settle(&self.book),
            self.search.settle(&self.book),
        ];
        self.requests
            .extend(jobs.into_iter().flatten().map(Request::Sift));
        self.errors.settle(&self.book, COUNTED);
        self.fold();
        let view = View::new(&self.book, self.filter.sieve());
        self.reader.sought(&view);
    }

    /// Takes in what was sifted elsewhere.
    pub(super) fn accept(&mut self, sifted: &[Sifted]) {
        for piece in sifted {
            self.filter.accept(&self.book, piece);
            self.search.accept(&self.book, piece);
        }
        if self.wants_hit {
            self.go_to_nearest();
        }
    }

    /// Takes note of what the last frame showed, and goes on with what is worked out piece by piece. Tells whether
    /// there is more of that.
    pub(super) fn drawn(&mut self, viewport: &Viewport) -> bool {
        let is_counted = self.errors.settle(&self.book, COUNTED);
        self.fold();
        match self.page {
            Page::Lines => {
                let top = viewport.lines.first().map(|spot| (*spot, viewport.segment));
                self.reader.drawn(top, viewport.list);
            }
            Page::Patterns => self.patterns.cursor_mut().drawn(viewport.list),
            Page::Insights => {
                if let Some(query) = &mut self.query {
                    query.cursor_mut().drawn(viewport.list);
                }
            }
        }
        !is_counted || self.page == Page::Patterns && !self.patterns.is_whole()
    }

    /// What there is to ask of the engine.
    pub(super) fn ask(&mut self) -> Vec<Request> {
        let mut requests: Vec<Request> = self.ended.drain(..).map(Request::Untail).collect();
        if self.away.is_none() || self.tail.as_ref().is_some_and(Tail::is_asked) {
            requests.extend(self.tail.as_mut().and_then(Tail::ask));
        }
        requests.append(&mut self.requests);
        requests
    }

    /// Time went on; `is_here` says whether the view is open. Tells whether Live Tail ended for want of somebody who
    /// looks.
    pub(super) fn tick(&mut self, now: Timestamp, last_key: Timestamp, is_here: bool) -> bool {
        self.meter.tick(now);
        let since = match (is_here, self.away) {
            (true, Some(_)) => {
                self.away = None;
                None
            }
            (true, None) => None,
            (false, None) => {
                self.away = Some(now);
                None
            }
            (false, Some(since)) => Some(since),
        };
        let Some(tail) = &mut self.tail else {
            return false;
        };
        if since.is_some_and(|since| now - since >= AWAY) && tail.is_asked() {
            self.ended.push(tail.id);
            self.tails += 1;
            // It goes on from here when somebody comes back: nothing younger has been told.
            tail.rest(TailId(self.tails), now);
        }
        let is_unattended = tail.is_live() && now - last_key >= UNATTENDED;
        if is_unattended {
            tail.poll();
        }
        is_unattended
    }
}

impl App {
    pub(super) fn settle_logs(&mut self) {
        let scopes = self.stacks.scopes();
        let everything = super::choice::Choice::default().scopes(&self.fleet, &self.store);
        let regions = super::choice::columns(&everything);
        self.logs.settle(&self.store, scopes, regions, self.now);
        for overlay in &mut self.overlays {
            if let Overlay::Groups(picker) = overlay {
                picker.settle(&self.store, scopes);
            }
        }
    }

    pub(super) fn tick_logs(&mut self) {
        let is_here = self.view == super::View::Logs;
        if self.logs.tick(self.now, self.last_key, is_here) {
            let words =
                "Live Tail ended: nobody has pressed a key for ten minutes. Polling goes on.";
            self.notices.answer(self.now, Severity::Warning, words);
        }
    }

    pub(super) fn tell_written(&mut self, result: Result<String, String>) {
        let (severity, words) = match result {
            Ok(words) => (Severity::Info, words),
            Err(words) => (Severity::Error, words),
        };
        self.notices.answer(self.now, severity, words);
    }
}
