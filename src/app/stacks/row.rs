//! A stack name of an account, across its regions: a row of the matrix.

use super::NestedStacks;
use crate::domain::version::majority;
use crate::domain::{
    AccountName, Phase, Region, Scope, Slot, Store, Timestamp, Untrusted, VersionRule,
};
use std::collections::BTreeMap;

/// Where a stack stands in the store: valid until the next settle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Index into [`Stacks::scopes`](super::Stacks::scopes).
    pub scope: usize,
    /// Index into the scope's stacks.
    pub stack: usize,
}

/// A stack name of an account, across its regions.
#[derive(Clone, Debug)]
pub struct Row {
    pub account: AccountName,
    pub name: Untrusted,
    /// One for each of [`Stacks::columns`](super::Stacks::columns); `None` where the stack does not stand.
    pub cells: Vec<Option<Cell>>,
    pub(super) worst: Phase,
    /// Where the worst of it stands.
    pub(super) worst_column: usize,
    pub(super) touched: Timestamp,
}

/// A stack in a column.
#[derive(Clone, Debug)]
pub struct Cell {
    pub place: Place,
    /// What it runs, as the fleet's version rule tells.
    pub version: Option<String>,
    pub skew: Skew,
}

/// Whether a version is the one that most regions have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skew {
    None,
    /// Most regions have another one.
    Differs,
}

/// Makes the rows of these scopes, sorted by account and name.
pub(super) fn gather(
    store: &Store,
    scopes: &[Scope],
    columns: &[Region],
    nested: NestedStacks,
    rule: &VersionRule,
) -> Vec<Row> {
    let mut rows: BTreeMap<(usize, &Untrusted), Row> = BTreeMap::new();
    let mut accounts: Vec<&AccountName> = Vec::new();
    for (scope_index, scope) in scopes.iter().enumerate() {
        let column = scope
            .region()
            .and_then(|region| columns.iter().position(|column| column == region));
        let Some(column) = column else { continue };
        // Scopes come account by account, in the fleet's order, which the rows keep.
        if accounts.last() != Some(&&scope.account) {
            accounts.push(&scope.account);
        }
        let stacks = store
            .stacks(scope)
            .and_then(Slot::value)
            .unwrap_or_default();
        for (stack_index, stack) in stacks.iter().enumerate() {
            if nested == NestedStacks::Hidden && stack.parent.is_some() {
                continue;
            }
            let row = rows
                .entry((accounts.len(), &stack.name))
                .or_insert_with(|| Row {
                    account: scope.account.clone(),
                    name: stack.name.clone(),
                    cells: vec![None; columns.len()],
                    worst: Phase::Gone,
                    worst_column: column,
                    touched: stack.touched(),
                });
            if stack.status.phase() < row.worst {
                row.worst = stack.status.phase();
                row.worst_column = column;
            }
            row.touched = row.touched.max(stack.touched());
            let version = store
                .version_of(scope, stack, rule)
                .map(std::borrow::Cow::into_owned);
            let place = Place {
                scope: scope_index,
                stack: stack_index,
            };
            row.cells[column] = Some(Cell {
                place,
                version,
                skew: Skew::None,
            });
        }
    }
    let mut rows: Vec<Row> = rows.into_values().collect();
    rows.iter_mut().for_each(Row::mark_skew);
    rows
}

impl Row {
    fn mark_skew(&mut self) {
        let versions = self
            .cells
            .iter()
            .flatten()
            .filter_map(|cell| cell.version.as_deref());
        let usual = majority(versions).map(str::to_owned);
        for cell in self.cells.iter_mut().flatten() {
            let differs = usual.is_some() && cell.version.is_some() && cell.version != usual;
            cell.skew = if differs { Skew::Differs } else { Skew::None };
        }
    }

    pub(super) fn is_skewed(&self) -> bool {
        self.cells
            .iter()
            .flatten()
            .any(|cell| cell.skew == Skew::Differs)
    }

    /// Everything a filter may look for, the name first so that `~^name` works.
    pub(super) fn line(&self, store: &Store, scopes: &[Scope], columns: &[Region]) -> String {
        use std::fmt::Write;
        let mut line = format!("{} {}", self.name.safe(), self.account);
        for (cell, region) in self.cells.iter().zip(columns) {
            let Some(cell) = cell else { continue };
            let stack = store
                .stacks(&scopes[cell.place.scope])
                .and_then(Slot::value)
                .and_then(|stacks| stacks.get(cell.place.stack));
            if let Some(stack) = stack {
                let _ = write!(
                    line,
                    " {region} {} {}",
                    stack.status,
                    cell.version.as_deref().unwrap_or_default()
                );
            }
        }
        line
    }
}

/// For sorting by trouble: everything that is well is alike.
pub(super) fn trouble(phase: Phase) -> Phase {
    phase.min(Phase::Settled)
}
