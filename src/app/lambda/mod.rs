//! The Lambda view: every function over all regions, and below how the selected one runs in each of them.
//!
//! Rows are worked out anew whenever the data, the scope, the filter or the order changes, never while drawing.
//! They point into the store by position; both live until the next [`LambdaView::settle`]. Figures cost money, so
//! what is asked about follows the cursor only when that has come to rest.

mod act;
pub mod detail;
mod facts;
mod farewell;
pub mod invoke;
mod rest;
mod row;
mod strip;
#[cfg(test)]
mod tests;
pub(super) mod wishes;

pub(super) use act::enabled;
pub use facts::Pointing;
pub(super) use facts::{Heard, Relevance};
pub use row::{Cell, Health, Place, Row};
pub use strip::{Shown, Strip};
pub use wishes::{FIGURES, FUNCTIONS};

use super::cursor::{Cursor, Step};
use super::filter::Filter;
use super::stacks::{Direction, Layout, Skew};
use super::viewport::Window;
use crate::domain::{AccountName, Function, Region, Scope, Slot, Store, Timestamp, Untrusted};
use facts::Facts;
use rest::Rest;
use row::Ground;
use std::cmp::Reverse;

/// What rows are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Order {
    #[default]
    Trouble,
    Name,
    Modified,
    Errors,
}

/// A row of the flat list: a cell that knows its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub row: usize,
    pub column: usize,
}

/// What a row is, whatever its number: account, name, and in the list the region.
type Key = (AccountName, Untrusted, Option<Region>);

/// The view's state.
#[derive(Clone, Debug, Default)]
pub struct LambdaView {
    pub layout: Layout,
    pub order: Order,
    pub direction: Direction,
    pub filter: Filter,
    pub shown: Shown,
    facts: Facts,
    scopes: Vec<Scope>,
    columns: Vec<Region>,
    rows: Vec<Row>,
    entries: Vec<Entry>,
    strips: Vec<Strip>,
    /// Rows before the filter.
    total: usize,
    cursor: Cursor<Key>,
    column: Cursor<Region>,
    rest: Rest,
}

impl Order {
    pub fn next(self) -> Self {
        match self {
            Self::Trouble => Self::Name,
            Self::Name => Self::Modified,
            Self::Modified => Self::Errors,
            Self::Errors => Self::Trouble,
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Self::Trouble => "trouble",
            Self::Name => "name",
            Self::Modified => "last change",
            Self::Errors => "error rate",
        }
    }
}

impl LambdaView {
    pub fn scopes(&self) -> &[Scope] {
        &self.scopes
    }

    pub fn columns(&self) -> &[Region] {
        &self.columns
    }

    /// The matrix's rows that pass the filter, in order.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The flat list's rows, in order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The small multiples of what is selected, worst region first.
    pub fn strips(&self) -> &[Strip] {
        &self.strips
    }

    /// How many rows there would be without a filter.
    pub fn total(&self) -> usize {
        self.total
    }

    pub fn cursor(&self) -> &Cursor<Key> {
        &self.cursor
    }

    pub fn column(&self) -> &Cursor<Region> {
        &self.column
    }

    /// How many rows the present layout has.
    pub fn len(&self) -> usize {
        match self.layout {
            Layout::Matrix => self.rows.len(),
            Layout::List => self.entries.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The row under the cursor, and its column.
    fn position(&self) -> Option<Entry> {
        let index = self.cursor.index();
        match self.layout {
            Layout::Matrix => (index < self.rows.len()).then_some(Entry {
                row: index,
                column: self.column.index(),
            }),
            Layout::List => self.entries.get(index).copied(),
        }
    }

    /// The row under the cursor.
    pub fn selected_row(&self) -> Option<&Row> {
        self.rows.get(self.position()?.row)
    }

    /// The cell under the cursor, where the function stands there.
    pub fn selected(&self) -> Option<&Cell> {
        let at = self.position()?;
        self.rows.get(at.row)?.cells.get(at.column)?.as_ref()
    }

    /// The region under the cursor.
    pub fn selected_region(&self) -> Option<&Region> {
        self.columns.get(self.position()?.column)
    }

    pub fn function<'s>(&self, store: &'s Store, place: Place) -> Option<&'s Function> {
        let known = store.functions(self.scopes.get(place.scope)?)?;
        known.value()?.get(place.function)
    }

    /// How a function does in a region, and whether its alias points where most do.
    fn cell_of(&self, scope: &Scope, name: &Untrusted) -> Option<&Cell> {
        let column = self
            .columns
            .iter()
            .position(|it| Some(it) == scope.region())?;
        let mut rows = self.rows.iter();
        let row = rows.find(|row| row.account == scope.account && row.name == *name)?;
        row.cells.get(column)?.as_ref()
    }

    pub fn health_of(&self, scope: Option<&Scope>, name: &Untrusted) -> Option<Health> {
        self.cell_of(scope?, name).map(|cell| cell.health)
    }

    pub fn alias_skew(&self, scope: &Scope, name: &Untrusted) -> Option<Skew> {
        self.cell_of(scope, name).map(|cell| cell.alias_skew)
    }

    /// Where the figures of a region come from.
    pub fn scope_of(&self, strip: &Strip) -> Option<&Scope> {
        self.scopes.get(strip.scope)
    }

    /// Takes note of what an attempt brought; tells whether it was about Lambda.
    pub(super) fn learn(&mut self, store: &Store, heard: &Heard<'_>, alias: &str) -> Relevance {
        self.facts.learn(store, heard, alias)
    }

    /// Works the rows out anew.
    pub(super) fn settle(&mut self, store: &Store, scopes: &[Scope], now: Timestamp) {
        self.columns = super::choice::columns(scopes);
        self.scopes = scopes.to_vec();
        let ground = Ground {
            store,
            facts: &self.facts,
            scopes: &self.scopes,
            columns: &self.columns,
            now,
        };
        self.rows = ground.rows();
        self.total = self.rows.len();
        let filter = &self.filter;
        if !filter.is_open() {
            self.rows.retain(|row| filter.keeps(&row.line(&ground)));
        }
        self.sort();
        self.list();
        self.find_again();
        self.rest.look(self.cursor.key(), now);
        self.compare(store, now);
    }

    /// Works the small multiples of what is selected out anew.
    fn compare(&mut self, store: &Store, now: Timestamp) {
        let ground = Ground {
            store,
            facts: &self.facts,
            scopes: &self.scopes,
            columns: &self.columns,
            now,
        };
        self.strips = match (self.selected_row(), self.shown) {
            (None, _) => Vec::new(),
            (Some(row), Shown::Function) => strip::of_function(&ground, row),
            (Some(row), Shown::Account) => strip::of_account(&ground, &row.account),
        };
    }

    /// Time went on: what the cursor has rested on for long enough is asked about, and the rows around it.
    pub(super) fn tick(&mut self, now: Timestamp, window: Window) {
        self.rest.tick(self.cursor.key(), window, now);
    }

    /// The view was left, or is shown anew: what was on screen is not any more.
    pub(super) fn turn_away(&mut self) {
        self.rest.forget();
    }

    /// Takes note of what was on screen.
    pub(super) fn drawn(&mut self, list: Window, columns: Window) {
        self.cursor.drawn(list);
        self.column.drawn(columns);
    }

    pub(super) fn step(&mut self, step: Step, store: &Store, now: Timestamp) {
        let (layout, rows, entries, columns) =
            (self.layout, &self.rows, &self.entries, &self.columns);
        self.cursor.step(step, self.len(), |index| {
            key(layout, rows, entries, columns, index)
        });
        self.moved(store, now);
    }

    pub(super) fn select(&mut self, index: usize, store: &Store, now: Timestamp) {
        let (layout, rows, entries, columns) =
            (self.layout, &self.rows, &self.entries, &self.columns);
        self.cursor.select(index, self.len(), |index| {
            key(layout, rows, entries, columns, index)
        });
        self.moved(store, now);
    }

    fn moved(&mut self, store: &Store, now: Timestamp) {
        self.lean();
        self.rest.look(self.cursor.key(), now);
        self.compare(store, now);
    }

    pub(super) fn step_column(&mut self, step: Step) {
        let columns = &self.columns;
        self.column
            .step(step, columns.len(), |index| columns[index].clone());
    }

    pub(super) fn select_column(&mut self, index: usize) {
        let columns = &self.columns;
        self.column
            .select(index, columns.len(), |index| columns[index].clone());
    }

    /// What somebody has selected, said so that either layout can find it: account, name and region.
    fn chosen(&self) -> Option<(AccountName, Untrusted, Region)> {
        if !self.cursor.is_chosen() && !self.column.is_chosen() {
            return None;
        }
        let (account, name, region) = self.cursor.key()?.clone();
        let region = region.or_else(|| self.column.key().cloned())?;
        Some((account, name, region))
    }

    /// Goes to a function, wherever it stands; to its name elsewhere, where the list has no row for the region.
    /// Tells whether it is known at all.
    fn go_to(&mut self, (account, name): (&AccountName, &Untrusted), region: &Region) -> bool {
        let column = self.columns.iter().position(|column| column == region);
        let mut rows = self.rows.iter();
        let row = rows.position(|row| row.account == *account && row.name == *name);
        let (Some(column), Some(row)) = (column, row) else {
            return false;
        };
        self.select_column(column);
        let index = match self.layout {
            Layout::Matrix => Some(row),
            Layout::List => {
                let exact = Entry { row, column };
                let exact = self.entries.iter().position(|entry| *entry == exact);
                exact.or_else(|| self.entries.iter().position(|entry| entry.row == row))
            }
        };
        let (layout, rows, entries, columns) =
            (self.layout, &self.rows, &self.entries, &self.columns);
        if let Some(index) = index {
            self.cursor.select(index, self.len(), |index| {
                key(layout, rows, entries, columns, index)
            });
        }
        true
    }

    /// The function of a region that is in the most trouble; the first of them where none is.
    fn worst_in(&self, scope: &Scope) -> Option<Untrusted> {
        let region = scope.region()?;
        let column = self.columns.iter().position(|column| column == region)?;
        let here = self.rows.iter().filter(|row| row.account == scope.account);
        let cells = here.filter_map(|row| Some((row.cells.get(column)?.as_ref()?, row)));
        let worst = cells.min_by(|(a, _), (b, _)| {
            let rate = |cell: &Cell| cell.vitals.and_then(|vitals| vitals.rate).unwrap_or(0.0);
            let graver = a.health.trouble().cmp(&b.health.trouble());
            graver.then(rate(b).total_cmp(&rate(a)))
        });
        worst.map(|(_, row)| row.name.clone())
    }

    /// Until somebody chooses a column, the one where the selected row is in the most trouble is selected.
    fn lean(&mut self) {
        if let (Layout::Matrix, Some(row)) = (self.layout, self.rows.get(self.cursor.index())) {
            let columns = &self.columns;
            self.column.lean(row.worst_column, columns.len(), |index| {
                columns[index].clone()
            });
        }
    }

    fn find_again(&mut self) {
        let (layout, rows, entries, columns) =
            (self.layout, &self.rows, &self.entries, &self.columns);
        self.cursor.settle(self.len(), |index| {
            key(layout, rows, entries, columns, index)
        });
        self.column
            .settle(columns.len(), |index| columns[index].clone());
        self.lean();
    }

    fn sort(&mut self) {
        // Rows come sorted by account and name; a stable sort keeps that among equals.
        match self.order {
            Order::Trouble => self.rows.sort_by_key(|row| row.worst.trouble()),
            Order::Name => self.rows.sort_by(|a, b| a.name.cmp(&b.name)),
            Order::Modified => self.rows.sort_by_key(|row| Reverse(row.modified)),
            Order::Errors => self.rows.sort_by(|a, b| descending(a.rate, b.rate)),
        }
        if self.direction == Direction::Reversed {
            self.rows.reverse();
        }
    }

    /// The flat list: the rows' cells one under the other, in the order that is chosen.
    fn list(&mut self) {
        let rows = &self.rows;
        let cell = |entry: &Entry| rows[entry.row].cells[entry.column].as_ref();
        let mut entries: Vec<Entry> = Vec::new();
        for (row, it) in rows.iter().enumerate() {
            let columns = (0..it.cells.len()).map(|column| Entry { row, column });
            entries.extend(columns.filter(|entry| cell(entry).is_some()));
        }
        let rate = |entry: &Entry| cell(entry)?.vitals?.rate;
        match self.order {
            Order::Trouble => entries.sort_by_key(|entry| {
                cell(entry).map_or(Health::Well, |cell| cell.health.trouble())
            }),
            Order::Errors => entries.sort_by(|a, b| descending(rate(a), rate(b))),
            // The rows have these orders already, and the direction of them.
            Order::Name | Order::Modified => {}
        }
        let is_turned = matches!(self.order, Order::Trouble | Order::Errors);
        if self.direction == Direction::Reversed && is_turned {
            entries.reverse();
        }
        self.entries = entries;
    }
}

/// The greatest first, what is not known last.
fn descending(a: Option<f64>, b: Option<f64>) -> std::cmp::Ordering {
    let known = |figure: Option<f64>| figure.unwrap_or(-1.0);
    known(b).total_cmp(&known(a))
}

fn key(layout: Layout, rows: &[Row], entries: &[Entry], columns: &[Region], index: usize) -> Key {
    let (row, region) = match layout {
        Layout::Matrix => (&rows[index], None),
        Layout::List => {
            let entry = &entries[index];
            (&rows[entry.row], Some(columns[entry.column].clone()))
        }
    };
    (row.account.clone(), row.name.clone(), region)
}

/// The functions of a scope.
pub(super) fn functions_of<'s>(store: &'s Store, scope: &Scope) -> &'s [Function] {
    let known = store.functions(scope).and_then(Slot::value);
    known.unwrap_or_default()
}
