//! The Stacks view: one row per stack name with a column per region, or one row per stack.
//!
//! Rows are worked out anew whenever the data, the scope, the filter or the order changes, never while drawing.
//! They point into the store by position; both live until the next [`Stacks::settle`].

mod row;
#[cfg(test)]
mod tests;

pub use row::{Cell, Place, Row, Skew};

use super::cursor::{Cursor, Step};
use super::filter::Filter;
use crate::domain::{AccountName, Phase, Region, Scope, Stack, Store, Untrusted, VersionRule};
use row::trouble;
use std::cmp::Reverse;

/// How the view is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Layout {
    #[default]
    Matrix,
    List,
}

/// What rows are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Order {
    #[default]
    Trouble,
    Name,
    Recent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Direction {
    #[default]
    Normal,
    Reversed,
}

/// Whether stacks inside stacks have rows of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum NestedStacks {
    #[default]
    Hidden,
    Shown,
}

/// A row of the flat list: a cell that knows its row.
#[derive(Clone, Debug)]
pub struct Entry {
    pub row: usize,
    pub column: usize,
}

/// What a row is, whatever its number: account, name, and in the list the region.
type Key = (AccountName, Untrusted, Option<Region>);

/// The view's state.
#[derive(Clone, Debug, Default)]
pub struct Stacks {
    pub layout: Layout,
    pub order: Order,
    pub direction: Direction,
    pub nested: NestedStacks,
    pub filter: Filter,
    scopes: Vec<Scope>,
    columns: Vec<Region>,
    rows: Vec<Row>,
    entries: Vec<Entry>,
    /// Rows before the filter.
    total: usize,
    cursor: Cursor<Key>,
    column: Cursor<Region>,
}

impl Order {
    pub fn next(self) -> Self {
        match self {
            Self::Trouble => Self::Name,
            Self::Name => Self::Recent,
            Self::Recent => Self::Trouble,
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Self::Trouble => "trouble",
            Self::Name => "name",
            Self::Recent => "last change",
        }
    }
}

impl Stacks {
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

    /// How many rows there would be without a filter.
    pub fn total(&self) -> usize {
        self.total
    }

    pub fn cursor(&self) -> &Cursor<Key> {
        &self.cursor
    }

    pub fn cursor_mut(&mut self) -> &mut Cursor<Key> {
        &mut self.cursor
    }

    pub fn column(&self) -> &Cursor<Region> {
        &self.column
    }

    pub fn column_mut(&mut self) -> &mut Cursor<Region> {
        &mut self.column
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

    /// The cell under the cursor, where a stack stands there.
    pub fn selected(&self) -> Option<&Cell> {
        let index = self.cursor.index();
        match self.layout {
            Layout::Matrix => self
                .rows
                .get(index)?
                .cells
                .get(self.column.index())?
                .as_ref(),
            Layout::List => {
                let entry = self.entries.get(index)?;
                self.rows[entry.row].cells[entry.column].as_ref()
            }
        }
    }

    /// The name under the cursor, whether or not the stack stands in the selected region.
    pub fn selected_name(&self) -> Option<&Untrusted> {
        self.cursor.key().map(|(_, name, _)| name)
    }

    /// What somebody has selected, said so that either layout can find it: account, name and region.
    pub fn chosen(&self) -> Option<(AccountName, Untrusted, Region)> {
        if !self.cursor.is_chosen() && !self.column.is_chosen() {
            return None;
        }
        let (account, name, region) = self.cursor.key()?.clone();
        let region = region.or_else(|| self.column.key().cloned())?;
        Some((account, name, region))
    }

    /// Works the rows out anew.
    pub fn settle(&mut self, store: &Store, scopes: Vec<Scope>, rule: &VersionRule) {
        self.columns = super::choice::columns(&scopes);
        self.scopes = scopes;
        self.rows = row::gather(store, &self.scopes, &self.columns, self.nested, rule);
        self.total = self.rows.len();
        let (filter, scopes, columns) = (&self.filter, &self.scopes, &self.columns);
        if !filter.is_open() {
            self.rows
                .retain(|row| filter.keeps(&row.line(store, scopes, columns)));
        }
        self.sort();
        self.list(store);
        let (layout, rows, entries, columns) =
            (self.layout, &self.rows, &self.entries, &self.columns);
        self.cursor.settle(
            match layout {
                Layout::Matrix => rows.len(),
                Layout::List => entries.len(),
            },
            |index| key(layout, rows, entries, columns, index),
        );
        self.column
            .settle(columns.len(), |index| columns[index].clone());
        self.lean();
    }

    pub fn step(&mut self, step: Step) {
        let (layout, rows, entries, columns) =
            (self.layout, &self.rows, &self.entries, &self.columns);
        self.cursor.step(step, self.len(), |index| {
            key(layout, rows, entries, columns, index)
        });
        self.lean();
    }

    pub fn select(&mut self, index: usize) {
        let (layout, rows, entries, columns) =
            (self.layout, &self.rows, &self.entries, &self.columns);
        self.cursor.select(index, self.len(), |index| {
            key(layout, rows, entries, columns, index)
        });
        self.lean();
    }

    /// Until somebody chooses a column, the one where the selected row is in the most trouble is selected.
    fn lean(&mut self) {
        if let (Layout::Matrix, Some(row)) = (self.layout, self.rows.get(self.cursor.index())) {
            let columns = &self.columns;
            let column = if row.worst.is_trouble() {
                row.worst_column
            } else {
                0
            };
            self.column
                .lean(column, columns.len(), |index| columns[index].clone());
        }
    }

    pub fn step_column(&mut self, step: Step) {
        let columns = &self.columns;
        self.column
            .step(step, columns.len(), |index| columns[index].clone());
    }

    pub fn select_column(&mut self, index: usize) {
        let columns = &self.columns;
        self.column
            .select(index, columns.len(), |index| columns[index].clone());
    }

    /// Goes to a stack, wherever it stands; to its name elsewhere, where the list has no row for the region.
    pub fn go_to(&mut self, account: &AccountName, name: &Untrusted, region: &Region) {
        if let Some(column) = self.columns.iter().position(|column| column == region) {
            self.select_column(column);
            let row = self
                .rows
                .iter()
                .position(|row| row.account == *account && row.name == *name);
            match (self.layout, row) {
                (_, None) => {}
                (Layout::Matrix, Some(row)) => self.select(row),
                (Layout::List, Some(row)) => {
                    let mut entries = self.entries.iter();
                    let exact = entries.position(|it| (it.row, it.column) == (row, column));
                    let same_name = || self.entries.iter().position(|it| it.row == row);
                    if let Some(entry) = exact.or_else(same_name) {
                        self.select(entry);
                    }
                }
            }
        }
    }

    /// Goes to the next cell that needs attention, from the selected one on and around.
    pub fn next_trouble(&mut self, store: &Store) -> bool {
        let width = self.columns.len().max(1);
        let cells: Vec<(usize, usize)> = match self.layout {
            Layout::Matrix => (0..self.rows.len())
                .flat_map(|row| (0..width).map(move |column| (row, column)))
                .collect(),
            Layout::List => self
                .entries
                .iter()
                .map(|entry| (entry.row, entry.column))
                .collect(),
        };
        let here = match self.layout {
            Layout::Matrix => self.cursor.index() * width + self.column.index(),
            Layout::List => self.cursor.index(),
        };
        let in_trouble = |(row, column): (usize, usize)| {
            let cell = self
                .rows
                .get(row)
                .and_then(|row| row.cells.get(column)?.as_ref());
            cell.and_then(|cell| self.stack(store, cell.place))
                .is_some_and(|stack| stack.status.phase().is_trouble())
        };
        let found = (1..=cells.len())
            .map(|ahead| (here + ahead) % cells.len())
            .find(|index| in_trouble(cells[*index]));
        let Some(found) = found else { return false };
        match self.layout {
            Layout::Matrix => self.select(cells[found].0),
            Layout::List => self.select(found),
        }
        self.select_column(cells[found].1);
        true
    }

    pub fn stack<'s>(&self, store: &'s Store, place: Place) -> Option<&'s Stack> {
        store
            .stacks(self.scopes.get(place.scope)?)?
            .value()?
            .get(place.stack)
    }

    fn sort(&mut self) {
        // Rows come sorted by account and name; a stable sort keeps that among equals.
        match self.order {
            Order::Trouble => self
                .rows
                .sort_by_key(|row| (trouble(row.worst), !row.is_skewed())),
            Order::Name => self.rows.sort_by(|a, b| a.name.cmp(&b.name)),
            Order::Recent => self.rows.sort_by_key(|row| Reverse(row.touched)),
        }
        if self.direction == Direction::Reversed {
            self.rows.reverse();
        }
    }

    /// The flat list: the rows' cells one under the other, troubled ones first where that is the order.
    fn list(&mut self, store: &Store) {
        let mut entries: Vec<Entry> = Vec::new();
        for (row, cells) in self.rows.iter().enumerate() {
            let standing = cells
                .cells
                .iter()
                .enumerate()
                .filter(|(_, cell)| cell.is_some());
            entries.extend(standing.map(|(column, _)| Entry { row, column }));
        }
        let stack = |entry: &Entry| {
            let cell = self.rows[entry.row].cells[entry.column].as_ref();
            cell.and_then(|cell| self.stack(store, cell.place))
        };
        match self.order {
            Order::Trouble => entries.sort_by_key(|entry| {
                trouble(stack(entry).map_or(Phase::Gone, |stack| stack.status.phase()))
            }),
            Order::Recent => entries.sort_by_key(|entry| Reverse(stack(entry).map(Stack::touched))),
            // The rows have the order of names already, and the direction of it.
            Order::Name => {}
        }
        if self.direction == Direction::Reversed && self.order != Order::Name {
            entries.reverse();
        }
        self.entries = entries;
    }
}

fn key(layout: Layout, rows: &[Row], entries: &[Entry], columns: &[Region], index: usize) -> Key {
    match layout {
        Layout::Matrix => (rows[index].account.clone(), rows[index].name.clone(), None),
        Layout::List => {
            let entry = &entries[index];
            let row = &rows[entry.row];
            (
                row.account.clone(),
                row.name.clone(),
                Some(columns[entry.column].clone()),
            )
        }
    }
}
