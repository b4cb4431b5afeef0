//! What changed last, anywhere: stacks that were touched, and alarms that went into another state.

use super::{Row, stacks_of, top_level};
use crate::domain::{Scope, Slot, Store, Timestamp};

/// How many of the latest changes are kept for the "Now" panel: more than any screen shows.
const CHANGES_AT_MOST: usize = 64;

/// A change, for the "Now" panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub at: Timestamp,
    pub scope: Scope,
    pub what: What,
}

/// What changed, by its position in its scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    Alarm(usize),
    Stack(usize),
}

/// The latest changes in the regions of these rows, newest first.
pub(super) fn changes(store: &Store, rows: &[Row]) -> Vec<Change> {
    let mut changes = Vec::new();
    for row in rows {
        let change = |at, what| Change {
            at,
            scope: row.scope.clone(),
            what,
        };
        let stacks = top_level(stacks_of(store, &row.scope));
        changes.extend(stacks.map(|(stack, it)| change(it.touched(), What::Stack(stack))));
        let alarms = store.alarms(&row.scope).and_then(Slot::value);
        let alarms = alarms.unwrap_or_default().iter().enumerate();
        changes
            .extend(alarms.filter_map(|(alarm, it)| Some(change(it.since?, What::Alarm(alarm)))));
        // Kept short on the way, so that thirty regions of fifty stacks need no list of all of them.
        if changes.len() > CHANGES_AT_MOST * 8 {
            shorten(&mut changes);
        }
    }
    shorten(&mut changes);
    changes
}

fn shorten(changes: &mut Vec<Change>) {
    changes.sort_by(|a, b| {
        b.at.cmp(&a.at)
            .then_with(|| (&a.scope, a.what).cmp(&(&b.scope, b.what)))
    });
    changes.truncate(CHANGES_AT_MOST);
}
