//! The Fleet view: every region of every account on one page, and what changed last anywhere.

mod column;
mod news;
mod reach;
mod vital;

pub use column::Column;
pub use news::{Change, What};
pub use reach::Reach;
pub use vital::Vital;

use super::alarms::Tally;
use super::cursor::{Cursor, Step};
use super::filter::Filter;
use super::stacks::Direction;
use crate::domain::{Phase, Scope, Slot, Stack, Store, Timestamp};
use std::cmp::Reverse;

/// One region of one account.
#[derive(Clone, Debug)]
pub struct Row {
    pub scope: Scope,
    pub counts: Counts,
    /// Position of the stack that needs attention most, where one does.
    pub worst: Option<usize>,
    /// Position of the stack that moves, the first of them.
    pub moving: Option<usize>,
    /// How its alarms stand; `None` while nobody has told.
    pub alarms: Option<Tally>,
    /// How its functions do.
    pub vital: Vital,
    /// How clients reach it; `None` where no accelerator leads here, or nobody has told.
    pub reach: Option<Reach>,
}

/// How many stacks are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub well: usize,
    pub moving: usize,
    pub failed: usize,
    /// Stable, but only because the last operation was undone.
    pub partial: usize,
    /// Change sets without a stack yet, and words we do not know.
    pub other: usize,
    pub drifted: usize,
}

/// What rows are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Order {
    /// As the fleet file has them.
    #[default]
    Written,
    Trouble,
    /// Most errors a minute first.
    Errors,
    /// Most alarms first.
    Alarms,
    /// Oldest data first.
    Age,
}

/// The view's state.
#[derive(Clone, Debug, Default)]
pub struct FleetView {
    pub order: Order,
    pub direction: Direction,
    pub filter: Filter,
    rows: Vec<Row>,
    total: usize,
    changes: Vec<Change>,
    cursor: Cursor<Scope>,
    column: Column,
    map: Map,
}

/// How much of the screen the map of the world has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Map {
    /// What the table leaves.
    #[default]
    Beside,
    /// All of it.
    Whole,
}

impl Order {
    pub fn next(self) -> Self {
        match self {
            Self::Written => Self::Trouble,
            Self::Trouble => Self::Errors,
            Self::Errors => Self::Alarms,
            Self::Alarms => Self::Age,
            Self::Age => Self::Written,
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Self::Written => "fleet file",
            Self::Trouble => "trouble",
            Self::Errors => "errors",
            Self::Alarms => "alarms",
            Self::Age => "age",
        }
    }
}

impl FleetView {
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    pub fn total(&self) -> usize {
        self.total
    }

    /// What changed last, newest first.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    pub fn cursor(&self) -> &Cursor<Scope> {
        &self.cursor
    }

    pub fn cursor_mut(&mut self) -> &mut Cursor<Scope> {
        &mut self.cursor
    }

    pub fn selected(&self) -> Option<&Row> {
        self.rows.get(self.cursor.index())
    }

    pub fn map(&self) -> Map {
        self.map
    }

    /// Gives the map the screen, or gives it back.
    pub fn turn_map(&mut self) {
        self.map = match self.map {
            Map::Beside => Map::Whole,
            Map::Whole => Map::Beside,
        };
    }

    /// The number of the selected row that Enter leads from.
    pub fn column(&self) -> Column {
        self.column
    }

    /// Goes to the next column that has found room on the screen.
    pub fn step_column(&mut self, step: Step, is_shown: impl Fn(Column) -> bool) {
        self.column = self.column.neighbour(step, is_shown);
    }

    /// Selects a column by its number; there is none beyond the last.
    pub fn select_column(&mut self, index: usize) {
        self.column = Column::ALL.get(index).copied().unwrap_or(self.column);
    }

    /// Works the rows out anew.
    pub fn settle(&mut self, store: &Store, scopes: &[Scope], now: Timestamp) {
        self.total = scopes.len();
        let reaches = reach::Reaches::of(store, scopes, now);
        self.rows = scopes
            .iter()
            .map(|scope| Row {
                alarms: Tally::of(store, scope),
                vital: Vital::of(store, scope, now),
                reach: reaches.at(scope),
                ..Row::of(scope, stacks_of(store, scope))
            })
            .collect();
        vital::compare(&mut self.rows);
        self.changes = news::changes(store, &self.rows);
        let filter = &self.filter;
        self.rows.retain(|row| filter.keeps(&row.line(store)));
        match self.order {
            Order::Written => {}
            Order::Trouble => self.rows.sort_by_key(|row| {
                let is_failing = store
                    .stacks(&row.scope)
                    .is_some_and(|slot| slot.failing().is_some());
                let counts = row.counts;
                let stacks = (counts.failed, counts.partial, counts.moving);
                Reverse((is_failing, stacks, row.in_alarm()))
            }),
            // Bits of a number that is not negative sort as it does; what is not known comes last.
            Order::Errors => self.rows.sort_by_key(|row| {
                let errors = row.vital.errors.filter(|errors| *errors >= 0.0);
                Reverse(errors.map(f64::to_bits))
            }),
            Order::Alarms => self.rows.sort_by_key(|row| Reverse(row.in_alarm())),
            Order::Age => self.rows.sort_by_key(|row| {
                store
                    .stacks(&row.scope)
                    .and_then(Slot::good)
                    .map(|good| good.at)
            }),
        }
        if self.direction == Direction::Reversed {
            self.rows.reverse();
        }
        let rows = &self.rows;
        self.cursor
            .settle(rows.len(), |index| rows[index].scope.clone());
    }

    pub fn step(&mut self, step: Step) {
        let rows = &self.rows;
        self.cursor
            .step(step, rows.len(), |index| rows[index].scope.clone());
    }

    pub fn select(&mut self, index: usize) {
        let rows = &self.rows;
        self.cursor
            .select(index, rows.len(), |index| rows[index].scope.clone());
    }
}

fn stacks_of<'s>(store: &'s Store, scope: &Scope) -> &'s [Stack] {
    store
        .stacks(scope)
        .and_then(Slot::value)
        .unwrap_or_default()
}

/// A nested stack's state is its parent's business: counted once, and told by the name that somebody chose.
fn top_level(stacks: &[Stack]) -> impl Iterator<Item = (usize, &Stack)> {
    stacks
        .iter()
        .enumerate()
        .filter(|(_, stack)| stack.parent.is_none())
}

impl Row {
    fn of(scope: &Scope, stacks: &[Stack]) -> Self {
        let mut row = Self {
            scope: scope.clone(),
            counts: Counts::default(),
            worst: None,
            moving: None,
            alarms: None,
            vital: Vital::default(),
            reach: None,
        };
        for (position, stack) in top_level(stacks) {
            let phase = stack.status.phase();
            row.counts.add(phase);
            row.counts.drifted += usize::from(stack.drift == crate::domain::DriftStatus::Drifted);
            let is_worse = |than: usize| phase < stacks[than].status.phase();
            if phase.is_trouble() && row.worst.is_none_or(is_worse) {
                row.worst = Some(position);
            }
            if phase.is_moving() && row.moving.is_none() {
                row.moving = Some(position);
            }
        }
        row
    }

    /// How many alarms are in alarm, blind, and without data; for sorting, what is not known comes last.
    fn in_alarm(&self) -> Option<(usize, usize, usize)> {
        let tally = self.alarms?;
        Some((tally.in_alarm, tally.blind, tally.insufficient))
    }

    fn line(&self, store: &Store) -> String {
        let problem = store
            .stacks(&self.scope)
            .and_then(Slot::failing)
            .map_or("", |failing| failing.problem.brief());
        let region = self
            .scope
            .region()
            .map_or("", crate::domain::Region::as_str);
        format!("{region} {} {problem}", self.scope.account)
    }
}

impl Counts {
    fn add(&mut self, phase: Phase) {
        match phase {
            Phase::Settled => self.well += 1,
            Phase::Moving | Phase::RollingBack => self.moving += 1,
            Phase::Failed => self.failed += 1,
            Phase::RolledBack => self.partial += 1,
            Phase::Review | Phase::Unknown => self.other += 1,
            Phase::Gone => {}
        }
    }

    pub fn total(self) -> usize {
        self.well + self.moving + self.failed + self.partial + self.other
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{at, scope, stack, store};

    #[test]
    fn a_region_counts_its_stacks_by_what_they_need() {
        let world = store([(
            "prod",
            "eu-west-1",
            vec![
                stack("a", "UPDATE_COMPLETE", "v1"),
                stack("b", "UPDATE_ROLLBACK_COMPLETE", "v1"),
                stack("c", "UPDATE_ROLLBACK_FAILED", "v1"),
                stack("d", "UPDATE_IN_PROGRESS", "v1"),
                stack("e", "REVIEW_IN_PROGRESS", "v1"),
            ],
        )]);
        let mut view = FleetView::default();
        view.settle(
            &world,
            &[scope("prod", "eu-west-1"), scope("prod", "us-east-1")],
            at(0),
        );
        let row = &view.rows()[0];
        assert_eq!(
            row.counts,
            Counts {
                well: 1,
                moving: 1,
                failed: 1,
                partial: 1,
                other: 1,
                drifted: 0
            }
        );
        assert_eq!((row.worst, row.moving), (Some(2), Some(3)));
        assert_eq!(
            view.rows()[1].counts.total(),
            0,
            "a region without data still has its row"
        );
    }
}
