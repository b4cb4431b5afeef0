//! The Alarms view: every alarm over all regions, those in alarm first, and those that see nothing marked as blind.
//!
//! Rows are worked out anew whenever the data, the scope, the filter or the order changes, never while drawing. A
//! region whose alarms cannot be read has a row that says so: silence is not health.

mod act;
mod detail;
mod row;
#[cfg(test)]
mod tests;
mod transition;
mod wishes;

pub use super::stacks::Direction;
pub use detail::{AlarmDetail, Line, chart_period, chart_topic};
pub use row::{Entry, Key, Row, member, owner};
pub use transition::Transition;
pub(super) use transition::{Transitions, states};
pub use wishes::{FOCUSED, cadence};
pub(super) use wishes::{concerns, keeps, wishes};

use super::cursor::{Cursor, Step};
use super::filter::Filter;
pub use crate::domain::alarm::{Standing, Tally, sight};
use crate::domain::{Alarm, Scope, Store};

/// What rows are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Order {
    /// In alarm first, then insufficient data, blind, others, in order; among equals the newest change first.
    #[default]
    Trouble,
    Name,
    Region,
    /// The newest change first.
    Since,
}

/// Which alarms have a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Shown {
    #[default]
    All,
    /// Those that are not in order.
    Trouble,
}

/// The view's state.
#[derive(Clone, Debug, Default)]
pub struct AlarmsView {
    pub order: Order,
    pub direction: Direction,
    pub shown: Shown,
    pub filter: Filter,
    scopes: Vec<Scope>,
    rows: Vec<Row>,
    keys: Vec<Key>,
    tally: Tally,
    /// The one region that somebody came for, from a number that counts its alarms; Esc shows the others again.
    pub only: Option<Scope>,
    /// Scopes that have answered at least once.
    answered: usize,
    cursor: Cursor<Key>,
    /// The alarm that is open, and those that led to it.
    open: Vec<AlarmDetail>,
}

impl Order {
    pub fn next(self) -> Self {
        match self {
            Self::Trouble => Self::Name,
            Self::Name => Self::Region,
            Self::Region => Self::Since,
            Self::Since => Self::Trouble,
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Self::Trouble => "trouble",
            Self::Name => "name",
            Self::Region => "region",
            Self::Since => "last change",
        }
    }
}

impl AlarmsView {
    pub fn scopes(&self) -> &[Scope] {
        &self.scopes
    }

    /// What passes the filter, in order.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// How all alarms stand, of the one region that was come for or of all, whatever is shown.
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// How many scopes have told their alarms at least once.
    pub fn answered(&self) -> usize {
        self.answered
    }

    pub fn cursor(&self) -> &Cursor<Key> {
        &self.cursor
    }

    pub fn cursor_mut(&mut self) -> &mut Cursor<Key> {
        &mut self.cursor
    }

    /// The alarm that is open.
    pub fn detail(&self) -> Option<&AlarmDetail> {
        self.open.last()
    }

    pub fn detail_mut(&mut self) -> Option<&mut AlarmDetail> {
        self.open.last_mut()
    }

    /// The alarm on a row, and where it stands.
    pub fn alarm<'a>(&'a self, store: &'a Store, row: Row) -> Option<(&'a Scope, &'a Alarm)> {
        match row {
            Row::Alarm(entry) => Some((
                self.scopes.get(entry.scope)?,
                row::find(store, &self.scopes, entry)?,
            )),
            Row::Failing(_) => None,
        }
    }

    /// The alarm that a key would act on: the open one, else the one under the cursor.
    pub fn selected<'a>(&'a self, store: &'a Store) -> Option<(&'a Scope, &'a Alarm)> {
        match self.detail() {
            Some(detail) => Some((&detail.scope, detail.alarm(store)?)),
            None => self.alarm(store, *self.rows.get(self.cursor.index())?),
        }
    }

    /// Works the rows out anew.
    pub fn settle(&mut self, store: &Store, scopes: &[Scope]) {
        self.scopes = scopes.to_vec();
        self.tally = Tally::default();
        self.answered = 0;
        self.rows.clear();
        self.only = self.only.take().filter(|only| scopes.contains(only));
        for (scope, place) in scopes.iter().enumerate() {
            if self.only.as_ref().is_some_and(|only| only != place) {
                continue;
            }
            let Some(slot) = store.alarms(place) else {
                continue;
            };
            self.answered += usize::from(slot.good().is_some());
            if slot.failing().is_some() {
                self.rows.push(Row::Failing(scope));
            }
            for (alarm, it) in slot.value().unwrap_or_default().iter().enumerate() {
                let standing = Standing::in_store(store, place, it);
                self.tally.add(standing);
                if self.shown == Shown::All || !standing.is_in_order() {
                    self.rows.push(Row::Alarm(Entry {
                        scope,
                        alarm,
                        standing,
                        members: row::members_in_alarm(store, place, it),
                    }));
                }
            }
        }
        let filter = &self.filter;
        if !filter.is_open() {
            self.rows
                .retain(|row| filter.keeps(&row.line(store, scopes)));
        }
        row::sort(&mut self.rows, (self.order, self.direction), store, scopes);
        self.keys = self.rows.iter().map(|row| row.key(store, scopes)).collect();
        let keys = &self.keys;
        self.cursor.settle(keys.len(), |index| keys[index].clone());
        if let Some(detail) = self.open.last_mut() {
            detail.settle(store);
        }
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
}
