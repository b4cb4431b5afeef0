//! The Fleet view: every region of every account on one page, and what changed last anywhere.

use super::cursor::{Cursor, Step};
use super::filter::Filter;
use super::stacks::Direction;
use crate::domain::{Phase, Scope, Slot, Stack, Store, Timestamp};

/// How many of the latest changes are kept for the "Now" panel: more than any screen shows.
const CHANGES_AT_MOST: usize = 64;

/// One region of one account.
#[derive(Clone, Debug)]
pub struct Row {
    pub scope: Scope,
    pub counts: Counts,
    /// Position of the stack that needs attention most, where one does.
    pub worst: Option<usize>,
    /// Position of the stack that moves, the first of them.
    pub moving: Option<usize>,
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

/// A stack that was touched, for the "Now" panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub at: Timestamp,
    pub scope: Scope,
    /// Position among the scope's stacks.
    pub stack: usize,
}

/// What rows are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Order {
    /// As the fleet file has them.
    #[default]
    Written,
    Trouble,
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
}

impl Order {
    pub fn next(self) -> Self {
        match self {
            Self::Written => Self::Trouble,
            Self::Trouble => Self::Age,
            Self::Age => Self::Written,
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Self::Written => "fleet file",
            Self::Trouble => "trouble",
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

    /// The stacks touched last, newest first.
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

    /// Works the rows out anew.
    pub fn settle(&mut self, store: &Store, scopes: &[Scope]) {
        self.total = scopes.len();
        self.rows = scopes
            .iter()
            .map(|scope| Row::of(scope, stacks_of(store, scope)))
            .collect();
        self.note_changes(store);
        let filter = &self.filter;
        self.rows.retain(|row| filter.keeps(&row.line(store)));
        match self.order {
            Order::Written => {}
            Order::Trouble => self.rows.sort_by_key(|row| {
                let is_failing = store
                    .stacks(&row.scope)
                    .is_some_and(|slot| slot.failing().is_some());
                std::cmp::Reverse((
                    is_failing,
                    row.counts.failed,
                    row.counts.partial,
                    row.counts.moving,
                ))
            }),
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

    fn note_changes(&mut self, store: &Store) {
        self.changes.clear();
        for row in &self.rows {
            let stacks = top_level(stacks_of(store, &row.scope));
            self.changes.extend(stacks.map(|(stack, it)| Change {
                at: it.touched(),
                scope: row.scope.clone(),
                stack,
            }));
            // Kept short on the way, so that thirty regions of fifty stacks need no list of all of them.
            if self.changes.len() > CHANGES_AT_MOST * 8 {
                shorten(&mut self.changes);
            }
        }
        shorten(&mut self.changes);
    }
}

fn shorten(changes: &mut Vec<Change>) {
    changes.sort_by(|a, b| {
        b.at.cmp(&a.at)
            .then_with(|| (&a.scope, a.stack).cmp(&(&b.scope, b.stack)))
    });
    changes.truncate(CHANGES_AT_MOST);
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
    use crate::app::testing::{scope, stack, store};

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
