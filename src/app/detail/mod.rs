//! The detail of one stack: a page each for events, resources, outputs, parameters, template, change sets, drift.
//!
//! A page is a list of [`Line`]s that point into the store, worked out when the data changes. The selection follows
//! the thing on the line, so an event stays selected while newer ones arrive above it.

mod page;
#[cfg(test)]
mod tests;

use super::cursor::{Cursor, Step};
use super::filter::Filter;
use crate::domain::event::root_cause;
use crate::domain::{Scope, Slot, Stack, StackEvent, StackId, Store, Topic, Untrusted};
use page::Page;

/// A page of the detail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Tab {
    #[default]
    Events,
    Resources,
    Outputs,
    Parameters,
    Template,
    ChangeSets,
    Drift,
}

/// How much of the screen the detail takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Size {
    #[default]
    Half,
    Whole,
}

/// What a line of the page shows, by position in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    Event(usize),
    Resource(usize),
    Output(usize),
    Parameter(usize),
    Tag(usize),
    /// A line of the template, from nought.
    Template(usize),
    ChangeSet(usize),
    /// A change of a change set.
    Change(usize, usize),
    Drift(usize),
    /// A property of a drifted resource.
    Difference(usize, usize),
}

/// What is on a line, wherever it stands: the thing's own name, where it has one, and a number within it.
type Key = (Option<Untrusted>, usize);

/// The detail's state.
#[derive(Clone, Debug)]
pub struct Detail {
    pub scope: Scope,
    pub id: StackId,
    pub size: Size,
    pub filter: Filter,
    tab: Tab,
    lines: Vec<Line>,
    /// What is on each of the lines.
    keys: Vec<Key>,
    /// Position of the event that explains the failure.
    cause: Option<usize>,
    cursor: Cursor<Key>,
    aim: Aim,
}

/// Whether the cursor still has to find the line that a page opens on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Aim {
    AtCause,
    Settled,
}

impl Tab {
    pub const ALL: [Self; 7] = [
        Self::Events,
        Self::Resources,
        Self::Outputs,
        Self::Parameters,
        Self::Template,
        Self::ChangeSets,
        Self::Drift,
    ];

    pub fn title(self) -> &'static str {
        match self {
            Self::Events => "Events",
            Self::Resources => "Resources",
            Self::Outputs => "Outputs",
            Self::Parameters => "Parameters",
            Self::Template => "Template",
            Self::ChangeSets => "Change sets",
            Self::Drift => "Drift",
        }
    }

    pub fn neighbour(self, step: Step) -> Self {
        let here = Self::ALL.iter().position(|tab| *tab == self).unwrap_or(0);
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

impl Detail {
    pub fn new(scope: Scope, id: StackId) -> Self {
        Self {
            scope,
            id,
            size: Size::default(),
            filter: Filter::default(),
            tab: Tab::default(),
            lines: Vec::new(),
            keys: Vec::new(),
            cause: None,
            cursor: Cursor::default(),
            aim: Aim::AtCause,
        }
    }

    pub fn tab(&self) -> Tab {
        self.tab
    }

    pub fn show(&mut self, tab: Tab) {
        if self.tab != tab {
            self.tab = tab;
            self.cursor = Cursor::default();
            self.lines.clear();
            self.keys.clear();
            self.aim = Aim::AtCause;
            self.filter = Filter::default();
        }
    }

    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    pub fn cursor(&self) -> &Cursor<Key> {
        &self.cursor
    }

    pub fn cursor_mut(&mut self) -> &mut Cursor<Key> {
        &mut self.cursor
    }

    pub fn selected(&self) -> Option<Line> {
        self.lines.get(self.cursor.index()).copied()
    }

    /// What has to be asked for the present page; outputs and parameters came with the stack.
    pub fn topic(&self) -> Option<Topic> {
        let id = self.id.clone();
        match self.tab {
            Tab::Events => Some(Topic::Events(id)),
            Tab::Resources => Some(Topic::Resources(id)),
            Tab::Template => Some(Topic::Template(id)),
            Tab::ChangeSets => Some(Topic::ChangeSets(id)),
            Tab::Drift => Some(Topic::Drift(id)),
            Tab::Outputs | Tab::Parameters => None,
        }
    }

    /// The stack as the list knows it; `None` when it was created since, or is gone.
    pub fn stack<'s>(&self, store: &'s Store) -> Option<&'s Stack> {
        store
            .stacks(&self.scope)?
            .value()?
            .iter()
            .find(|stack| stack.id == self.id)
    }

    pub fn events<'s>(&self, store: &'s Store) -> &'s [StackEvent] {
        store
            .events(&self.scope, &Topic::Events(self.id.clone()))
            .and_then(Slot::value)
            .unwrap_or_default()
    }

    /// The event that explains the failure, once the events are known.
    pub fn cause<'s>(&self, store: &'s Store) -> Option<&'s StackEvent> {
        self.events(store).get(self.cause?)
    }

    /// Works the page out anew.
    pub fn settle(&mut self, store: &Store) {
        let page = Page::of(self, store);
        let cause = root_cause(&self.id, page.events);
        self.cause = cause.and_then(|cause| {
            let mut events = page.events.iter();
            events.position(|event| std::ptr::eq(event, cause))
        });
        self.lines = page.lines(self.tab, &self.filter);
        self.keys = self.lines.iter().map(|line| page.key(*line)).collect();
        if self.aim == Aim::AtCause && !self.lines.is_empty() {
            self.aim = Aim::Settled;
            let opens_on = match (self.tab, self.cause) {
                (Tab::Events, Some(cause)) => self
                    .lines
                    .iter()
                    .position(|line| *line == Line::Event(cause))
                    .unwrap_or(0),
                _ => 0,
            };
            self.select(opens_on);
        }
        let keys = &self.keys;
        self.cursor.settle(keys.len(), |index| keys[index].clone());
    }

    pub fn step(&mut self, step: Step) {
        let keys = &self.keys;
        self.cursor
            .step(step, keys.len(), |index| keys[index].clone());
    }

    pub fn select(&mut self, index: usize) {
        let keys = &self.keys;
        self.cursor
            .select(index, keys.len(), |index| keys[index].clone());
    }

    /// The stack that the selected line leads to.
    pub fn leads_to(&self, store: &Store) -> Option<StackId> {
        let page = Page::of(self, store);
        match self.selected()? {
            Line::Event(index) => {
                let event = page.events.get(index)?;
                let elsewhere = (event.stack != self.id).then(|| event.stack.clone());
                event.nested().or(elsewhere)
            }
            Line::Resource(index) => {
                let resource = page.resources.get(index)?;
                let physical = resource.physical.as_ref()?;
                (resource.resource_type.exact() == crate::domain::event::STACK_TYPE)
                    .then(|| StackId::new(physical.exact()))
            }
            Line::Output(_)
            | Line::Parameter(_)
            | Line::Tag(_)
            | Line::Template(_)
            | Line::ChangeSet(_)
            | Line::Change(..)
            | Line::Drift(_)
            | Line::Difference(..) => None,
        }
    }

    /// The selected line in full, a line for each of its fields.
    pub fn selected_text(&self, store: &Store) -> Option<String> {
        // The sanitiser's sign for a line break, which is where drawing breaks the text.
        Some(Page::of(self, store).fields(self.selected()?).join("⏎"))
    }
}
