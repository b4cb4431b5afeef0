//! The Accelerator view: the tree that carries the traffic, and the health of everything in it.
//!
//! Rows are worked out anew whenever the data, the filter or a fold changes, never while drawing. What a control
//! plane that does not answer said last stays, and is old; it never becomes ill by that.

mod act;
mod brief;
mod chain;
mod flow;
mod grade;
mod home;
mod reason;
mod row;
#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;
pub mod wishes;

pub(in crate::app) use act::enabled;
pub use brief::{About, Brief, Told, WhatIf};
pub use chain::{Chain, Link, attachment};
pub use flow::{flows, flows_per_second};
pub use grade::Grade;
pub use home::{Home, id_of};
pub use reason::{Reason, check_words, grouped, missing};
pub use row::{Fold, Found, Key, Row, Spot, listeners, listeners_slot, topic};

use super::cursor::{Cursor, Step};
use super::filter::Filter;
use crate::domain::{
    AcceleratorArn, AcceleratorStatus, AccountName, Failing, Kind, Project, Region, Scope, Slot,
    Store, Timestamp, Topic,
};
use chrono::TimeDelta;
use row::{Folds, Grower};
use std::collections::BTreeMap;

/// The view's state.
#[derive(Clone, Debug, Default)]
pub struct AcceleratorView {
    pub filter: Filter,
    accounts: Vec<AccountName>,
    rows: Vec<Row>,
    /// Endpoints before the filter and the folds, and those that pass the filter.
    counts: (usize, usize),
    folds: Folds,
    cursor: Cursor<Key>,
    chain: Option<Chain>,
    /// Since when we have seen each accelerator's last change on its way.
    moving: BTreeMap<AcceleratorArn, Timestamp>,
    /// Where the parameters of projects are read.
    projects: Vec<(Scope, Topic)>,
    /// How long a round through all endpoint groups takes at the pace that the control plane is asked in.
    round: Option<TimeDelta>,
}

impl AcceleratorView {
    /// The accounts whose accelerators are looked at.
    pub fn accounts(&self) -> &[AccountName] {
        &self.accounts
    }

    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// All endpoints, and those that pass the filter.
    pub fn counts(&self) -> (usize, usize) {
        self.counts
    }

    pub fn cursor(&self) -> &Cursor<Key> {
        &self.cursor
    }

    pub fn cursor_mut(&mut self) -> &mut Cursor<Key> {
        &mut self.cursor
    }

    pub fn selected(&self) -> Option<&Row> {
        self.rows.get(self.cursor.index())
    }

    /// Why the open endpoint is as it is.
    pub fn chain(&self) -> Option<&Chain> {
        self.chain.as_ref()
    }

    pub fn chain_mut(&mut self) -> Option<&mut Chain> {
        self.chain.as_mut()
    }

    /// Since when an accelerator's change has been seen on its way; `None` where none is.
    pub fn moving_since(&self, arn: &AcceleratorArn) -> Option<Timestamp> {
        self.moving.get(arn).copied()
    }

    /// Whose accelerators there are to look at.
    pub(super) fn look_at(&mut self, accounts: Vec<AccountName>) {
        self.accounts = accounts;
    }

    /// Takes note of what the accelerators said, for what needs to be known of all of them at all times.
    pub(super) fn note(&mut self, store: &Store, at: Timestamp) {
        let mut calls: u32 = 0;
        let mut moving = BTreeMap::new();
        for account in &self.accounts {
            let known = store.accelerators(account).and_then(Slot::value);
            for accelerator in known.unwrap_or_default() {
                if accelerator.status == AcceleratorStatus::InProgress {
                    let since = self.moving_since(&accelerator.arn).unwrap_or(at);
                    moving.insert(accelerator.arn.clone(), since);
                }
                if wishes::is_judged(accelerator) {
                    let listeners = listeners(store, account, accelerator).map_or(1, <[_]>::len);
                    calls = calls.saturating_add(1 + u32::try_from(listeners).unwrap_or(u32::MAX));
                }
            }
        }
        self.moving = moving;
        self.round = Some(wishes::round(calls));
    }

    /// Works the rows out anew.
    pub(super) fn settle(&mut self, store: &Store) {
        self.projects = self
            .accounts
            .iter()
            .flat_map(|account| {
                let projects = Project::all(store, account).into_iter();
                projects.filter_map(move |project| project.parameters(account))
            })
            .collect();
        let mut grower = Grower {
            store,
            folds: &self.folds,
            filter: &self.filter,
            rows: Vec::new(),
            all: 0,
            kept: 0,
        };
        grower.grow(&self.accounts);
        self.counts = (grower.all, grower.kept);
        self.rows = grower.rows;
        let rows = &self.rows;
        // Where a fold hides what was selected, its parent is.
        self.cursor
            .settle(rows.len(), |index| rows[index].key.clone());
        if let Some(chain) = &mut self.chain {
            chain.settle(store);
        }
    }

    pub(super) fn step(&mut self, step: Step) {
        let rows = &self.rows;
        self.cursor
            .step(step, rows.len(), |index| rows[index].key.clone());
    }

    pub(super) fn select(&mut self, index: usize) {
        let rows = &self.rows;
        self.cursor
            .select(index, rows.len(), |index| rows[index].key.clone());
    }

    /// Opens or closes the selected row.
    pub(super) fn turn(&mut self, store: &Store, fold: Fold) {
        let Some(row) = self.selected() else { return };
        if row.fold != Fold::Leaf {
            self.folds.insert(row.key.clone(), fold);
            let index = self.cursor.index();
            self.select(index);
            self.settle(store);
        }
    }

    /// To the row that the selected one hangs on.
    pub(super) fn go_up(&mut self) {
        let Some(depth) = self.selected().map(Row::depth) else {
            return;
        };
        let above = self.rows.iter().take(self.cursor.index());
        if let Some(parent) = above.enumerate().rfind(|(_, row)| row.depth() < depth) {
            let index = parent.0;
            self.select(index);
        }
    }

    /// Goes to the first group of a region, opening what it stands in; tells whether there is one.
    pub(super) fn go_to(&mut self, store: &Store, account: &AccountName, region: &Region) -> bool {
        let known = store.accelerators(account).and_then(Slot::value);
        let mut best: Option<(Grade, [AcceleratorArn; 3])> = None;
        for accelerator in known.unwrap_or_default() {
            for listener in listeners(store, account, accelerator).unwrap_or_default() {
                for group in &listener.groups {
                    let grade = Grade::of_group(group);
                    let is_worse = best.as_ref().is_none_or(|(worst, _)| grade < *worst);
                    if group.region.exact() == region.as_str() && is_worse {
                        let path = [&accelerator.arn, &listener.arn, &group.arn];
                        best = Some((grade, path.map(Clone::clone)));
                    }
                }
            }
        }
        let Some((_, path)) = best else { return false };
        for arn in &path {
            let key = Key::Node(account.clone(), arn.clone());
            self.folds.insert(key, Fold::Open);
        }
        self.settle(store);
        let [_, _, group] = path;
        let key = Key::Node(account.clone(), group);
        let index = self.rows.iter().position(|row| row.key == key);
        if let Some(index) = index {
            self.select(index);
        }
        index.is_some()
    }

    /// What fails of each account's control plane: it is one, so the first failure of it tells them all.
    pub(super) fn problems<'s>(
        &'s self,
        store: &'s Store,
    ) -> impl Iterator<Item = (Scope, &'s Failing)> + 's {
        self.accounts.iter().filter_map(|account| {
            let slot = store.accelerators(account);
            let known = slot.and_then(Slot::value).unwrap_or_default().iter();
            let failing = slot.and_then(Slot::failing);
            let failing = failing.or_else(|| {
                let mut slots = known.filter_map(|it| listeners_slot(store, account, it));
                slots.find_map(Slot::failing)
            });
            // What ails the whole account is said with the account.
            let failing = failing.filter(|it| it.problem.kind != Kind::Expired)?;
            Some((Scope::global(account), failing))
        })
    }
}
