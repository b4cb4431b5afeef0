//! The detail of one function, in every region where it stands: charts over time, and pages of lines.
//!
//! Everything is worked out when the data changes. The region and the line that are selected are followed by what
//! they are; the moment that is read stays where it was put while time goes on.

mod configuration;
mod curve;
pub(super) mod errors;
pub(super) mod happening;
mod line;
mod sources;
mod span;
mod versions;

pub use curve::Curve;
pub use happening::{Happened, Happening};
pub use line::{Lead, Line, Tone};
pub use span::Span;

use crate::app::cursor::{Cursor, Step};
use crate::app::detail::Size;
use crate::app::filter::Filter;
use crate::app::viewport::Window;
use crate::domain::{
    AccountName, Function, Measure, Metrics, Scope, Slot, Store, Subject, Timestamp, Topic,
    Untrusted, Vitals,
};
use line::{Known, Page};

/// A page of the detail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum FunctionPage {
    #[default]
    Charts,
    Configuration,
    Versions,
    Sources,
    Errors,
}

/// The detail's state.
#[derive(Clone, Debug)]
pub struct FunctionDetail {
    pub account: AccountName,
    pub name: Untrusted,
    pub size: Size,
    pub filter: Filter,
    page: FunctionPage,
    span: Span,
    /// Where it stands, in the fleet's order.
    regions: Vec<Scope>,
    region: Cursor<Scope>,
    /// The moment whose values are read; the newest while there is none.
    at: Option<Timestamp>,
    /// One for each of the regions.
    curves: Vec<Curve>,
    happened: Vec<Happened>,
    lines: Vec<Line>,
    /// Why there are no lines.
    excuse: String,
    cursor: Cursor<String>,
}

impl FunctionPage {
    pub const ALL: [Self; 5] = [
        Self::Charts,
        Self::Configuration,
        Self::Versions,
        Self::Sources,
        Self::Errors,
    ];

    pub fn title(self) -> &'static str {
        match self {
            Self::Charts => "Charts",
            Self::Configuration => "Configuration",
            Self::Versions => "Versions",
            Self::Sources => "Event sources",
            Self::Errors => "Last errors",
        }
    }

    pub(in crate::app) fn neighbour(self, step: Step) -> Self {
        let here = Self::ALL.iter().position(|page| *page == self).unwrap_or(0);
        let last = Self::ALL.len() - 1;
        let there = match step {
            Step::Back | Step::PageBack => here.checked_sub(1).unwrap_or(last),
            Step::Forth | Step::PageForth => (here + 1) % Self::ALL.len(),
            Step::First => 0,
            Step::Last => last,
        };
        Self::ALL[there]
    }
}

impl FunctionDetail {
    pub(in crate::app) fn new(scope: &Scope, name: Untrusted) -> Self {
        let mut region = Cursor::default();
        region.select(0, 1, |_| scope.clone());
        Self {
            account: scope.account.clone(),
            name,
            size: Size::default(),
            filter: Filter::default(),
            page: FunctionPage::default(),
            span: Span::default(),
            regions: vec![scope.clone()],
            region,
            at: None,
            curves: Vec::new(),
            happened: Vec::new(),
            lines: Vec::new(),
            excuse: String::new(),
            cursor: Cursor::default(),
        }
    }

    pub fn page(&self) -> FunctionPage {
        self.page
    }

    pub fn span(&self) -> Span {
        self.span
    }

    /// Where it stands, in the fleet's order.
    pub fn regions(&self) -> &[Scope] {
        &self.regions
    }

    pub fn region_cursor(&self) -> &Cursor<Scope> {
        &self.region
    }

    /// The region that a key would act on.
    pub fn region(&self) -> Option<&Scope> {
        self.regions.get(self.region.index())
    }

    /// The moment whose values are read; `None` for the newest.
    pub fn at(&self) -> Option<Timestamp> {
        self.at
    }

    /// What is drawn of each region, beside what CloudWatch tells.
    pub fn curves(&self) -> &[Curve] {
        &self.curves
    }

    /// What happened to it in the selected region.
    pub fn happened(&self) -> &[Happened] {
        &self.happened
    }

    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Why there are no lines, as a sentence.
    pub fn excuse(&self) -> &str {
        &self.excuse
    }

    pub fn cursor(&self) -> &Cursor<String> {
        &self.cursor
    }

    /// Takes note of what was on screen.
    pub(in crate::app) fn drawn(&mut self, window: Window) {
        match self.page {
            FunctionPage::Charts => self.region.drawn(window),
            FunctionPage::Configuration
            | FunctionPage::Versions
            | FunctionPage::Sources
            | FunctionPage::Errors => self.cursor.drawn(window),
        }
    }

    /// The question that the charts are drawn from.
    pub fn topic(&self) -> Topic {
        Topic::Metrics(Subject::Function(self.name.clone()), self.span.grain())
    }

    /// The window of the charts.
    pub fn window(&self, now: Timestamp) -> (Timestamp, Timestamp) {
        self.span.window(now)
    }

    pub fn function<'s>(&self, store: &'s Store, scope: &Scope) -> Option<&'s Function> {
        let functions = super::functions_of(store, scope);
        let at = functions.binary_search_by(|function| function.name.cmp(&self.name));
        functions.get(at.ok()?)
    }

    pub fn metrics<'s>(&self, store: &'s Store, scope: &Scope) -> Option<&'s Metrics> {
        store.metrics(scope, &self.topic()).and_then(Slot::value)
    }

    /// The figures of a region at the moment that is read.
    pub fn vitals(&self, store: &Store, scope: &Scope) -> Option<Vitals> {
        let slot = store.metrics(scope, &self.topic())?;
        let metrics = slot.value()?;
        Some(match self.at {
            Some(at) => Vitals::within(metrics, (at, at + self.span.grain().period())),
            None => Vitals::of(metrics, slot.good()?.at),
        })
    }

    /// The last period of a region in which calls failed.
    fn last_failure(&self, store: &Store, scope: &Scope) -> Option<Timestamp> {
        let errors = self.metrics(store, scope)?.get(Measure::Errors)?;
        let mut points = errors.points().rev();
        points.find_map(|(at, value)| (value? > 0.0).then_some(at))
    }

    pub(in crate::app) fn show(&mut self, page: FunctionPage) {
        if self.page != page {
            self.page = page;
            self.cursor = Cursor::default();
            self.lines.clear();
            self.filter = Filter::default();
        }
    }

    /// The next longer window; after the longest the shortest.
    pub(in crate::app) fn widen(&mut self) {
        self.span = self.span.next();
        self.at = None;
    }

    /// Works the page out anew.
    pub(in crate::app) fn settle(&mut self, store: &Store, scopes: &[Scope], now: Timestamp) {
        let stands = |scope: &&Scope| {
            let functions = super::functions_of(store, scope);
            let is_listed = || {
                functions
                    .binary_search_by(|function| function.name.cmp(&self.name))
                    .is_ok()
            };
            scope.account == self.account && is_listed()
        };
        let regions: Vec<Scope> = scopes.iter().filter(stands).cloned().collect();
        // Deleted everywhere, or not listed yet: what was opened stays open.
        if !regions.is_empty() {
            self.regions = regions;
        }
        let regions = &self.regions;
        self.region
            .settle(regions.len(), |index| regions[index].clone());
        let (from, until) = self.window(now);
        self.at = self.at.map(|at| at.max(from)).filter(|at| *at < until);
        self.chart(store, now);
        let known = Known {
            store,
            scopes: &self.regions,
            name: &self.name,
            now,
        };
        let mut page = match self.page {
            FunctionPage::Charts => Page::default(),
            FunctionPage::Configuration => configuration::page(&known),
            FunctionPage::Versions => versions::page(&known),
            FunctionPage::Sources => sources::page(&known),
            FunctionPage::Errors => errors::page(&known),
        };
        let (filter, all) = (&self.filter, page.lines.len());
        page.lines
            .retain(|line| filter.keeps(&line.cells.join(" ")));
        if all > 0 {
            "No line matches the filter.".clone_into(&mut page.excuse);
        }
        (self.lines, self.excuse) = (page.lines, page.excuse);
        let lines = &self.lines;
        self.cursor
            .settle(lines.len(), |index| lines[index].key.clone());
    }

    fn chart(&mut self, store: &Store, now: Timestamp) {
        if self.page != FunctionPage::Charts {
            return;
        }
        let curves = self.regions.iter().map(|scope| {
            let metrics = self.metrics(store, scope);
            metrics.map(Curve::of).unwrap_or_default()
        });
        self.curves = curves.collect();
        let window = self.window(now);
        self.happened = match self.region() {
            Some(scope) => happening::in_region(store, scope, &self.name, window),
            None => Vec::new(),
        };
    }

    /// Up and down: regions of the charts, lines of the other pages.
    pub(in crate::app) fn step(&mut self, step: Step) {
        let (regions, lines) = (&self.regions, &self.lines);
        match self.page {
            FunctionPage::Charts => self
                .region
                .step(step, regions.len(), |index| regions[index].clone()),
            FunctionPage::Configuration
            | FunctionPage::Versions
            | FunctionPage::Sources
            | FunctionPage::Errors => self
                .cursor
                .step(step, lines.len(), |index| lines[index].key.clone()),
        }
    }

    pub(in crate::app) fn select(&mut self, index: usize) {
        let (regions, lines) = (&self.regions, &self.lines);
        match self.page {
            FunctionPage::Charts => self
                .region
                .select(index, regions.len(), |index| regions[index].clone()),
            FunctionPage::Configuration
            | FunctionPage::Versions
            | FunctionPage::Sources
            | FunctionPage::Errors => self
                .cursor
                .select(index, lines.len(), |index| lines[index].key.clone()),
        }
    }

    /// Left and right on the charts: the moment that is read.
    pub(in crate::app) fn step_moment(&mut self, step: Step, now: Timestamp) {
        let (from, until) = self.window(now);
        let here = self.at.unwrap_or(until);
        let to = match step {
            Step::Back => here - self.span.step(),
            Step::Forth => here + self.span.step(),
            Step::PageBack => here - self.span.step() * 10,
            Step::PageForth => here + self.span.step() * 10,
            Step::First => from,
            Step::Last => until,
        };
        self.at = (to < until).then(|| self.span.aligned(to.max(from)));
    }

    /// Where Enter leads.
    pub(in crate::app) fn leads_to(&self, store: &Store) -> Lead {
        let line = self.lines.get(self.cursor.index());
        match (self.page, self.region()) {
            (FunctionPage::Charts, Some(scope)) => Lead::Log {
                scope: scope.clone(),
                at: self.at.or_else(|| self.last_failure(store, scope)),
            },
            (FunctionPage::Charts, None) => Lead::Nowhere,
            (_, _) => line.map_or(Lead::Nowhere, |line| line.lead.clone()),
        }
    }

    /// The selected line in full.
    pub(in crate::app) fn selected_text(&self) -> Option<String> {
        let line = self.lines.get(self.cursor.index())?;
        let cells = line.cells.iter().filter(|cell| !cell.is_empty());
        let cells: Vec<&str> = cells.map(String::as_str).collect();
        // The sanitiser's sign for a line break, which is where drawing breaks the text.
        Some(cells.join("⏎"))
    }
}
