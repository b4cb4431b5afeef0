//! A row of the list: an alarm, or a region whose alarms cannot be read.

use super::{Direction, Order};
use crate::domain::alarm::Standing;
use crate::domain::{Alarm, AlarmKind, AlarmState, Region, Scope, Slot, Store, Timestamp, Topic};
use crate::domain::{Untrusted, untrusted::sanitise};
use std::cmp::Reverse;

/// Points into the store by position: valid until the next settle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    Alarm(Entry),
    /// The alarms of this scope cannot be read now: whatever is known of them is old.
    Failing(usize),
}

/// An alarm of a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Index into [`AlarmsView::scopes`](super::AlarmsView::scopes).
    pub scope: usize,
    /// Index into the scope's alarms.
    pub alarm: usize,
    pub standing: Standing,
    /// How many of a composite alarm's members are in alarm, and how many it has.
    pub members: (usize, usize),
}

/// What a row is, wherever it stands.
pub type Key = (Scope, Option<Untrusted>);

impl Row {
    pub fn scope(self) -> usize {
        match self {
            Self::Alarm(entry) => entry.scope,
            Self::Failing(scope) => scope,
        }
    }

    pub(super) fn key(self, store: &Store, scopes: &[Scope]) -> Key {
        let scope = scopes[self.scope()].clone();
        let name = match self {
            Self::Alarm(entry) => find(store, scopes, entry).map(|alarm| alarm.name.clone()),
            Self::Failing(_) => None,
        };
        (scope, name)
    }

    /// Everything a filter may look for, the name first so that `~^name` works.
    pub(super) fn line(self, store: &Store, scopes: &[Scope]) -> String {
        let scope = &scopes[self.scope()];
        let region = sanitise(scope.region().map_or("", Region::as_str));
        let account = sanitise(scope.account.as_str());
        match self {
            Self::Failing(_) => {
                let slot = store.alarms(scope);
                let why = slot
                    .and_then(Slot::failing)
                    .map_or("", |failing| failing.problem.brief());
                format!("{region} {account} {why}")
            }
            Self::Alarm(entry) => find(store, scopes, entry).map_or_else(String::new, |alarm| {
                let owner = owner(store, scope, alarm).unwrap_or_default();
                let blind = match entry.standing {
                    Standing::Blind => "BLIND",
                    Standing::InAlarm
                    | Standing::Insufficient
                    | Standing::Unproven
                    | Standing::Other
                    | Standing::Ok => "",
                };
                format!(
                    "{} {region} {account} {} {blind} {} {owner}",
                    alarm.name.safe(),
                    alarm.state.word(),
                    alarm.watches()
                )
            }),
        }
    }
}

/// The alarm of an entry.
pub(super) fn find<'s>(store: &'s Store, scopes: &[Scope], entry: Entry) -> Option<&'s Alarm> {
    let alarms = store.alarms(scopes.get(entry.scope)?)?.value()?;
    alarms.get(entry.alarm)
}

/// The function that an alarm watches, else the stack that made it, as far as that is known.
pub fn owner(store: &Store, scope: &Scope, alarm: &Alarm) -> Option<String> {
    if let Some(function) = alarm.function() {
        return Some(function.safe().into_owned());
    }
    let owner = store.owner(scope, &Topic::Owner(alarm.name.clone()))?;
    let stack = owner.value()?.as_ref()?;
    Some(sanitise(stack.name()).into_owned())
}

/// One of the alarms that a composite one looks at, by its place, found in its own scope; `None` beside the name of one
/// that is not there.
pub fn member<'s>(
    store: &'s Store,
    scope: &Scope,
    (alarm, index): (&'s Alarm, usize),
) -> Option<(&'s Untrusted, Option<&'s Alarm>)> {
    let name = members(alarm).get(index)?;
    Some((name, named(store, scope, name)))
}

/// The names of the alarms that a composite one looks at.
pub(super) fn members(alarm: &Alarm) -> &[Untrusted] {
    match &alarm.kind {
        AlarmKind::Composite { members, .. } => members,
        AlarmKind::Metric(_) | AlarmKind::Expression(_) => &[],
    }
}

/// The alarm of a name. They stand by name.
pub(super) fn named<'s>(store: &'s Store, scope: &Scope, name: &Untrusted) -> Option<&'s Alarm> {
    let alarms = store.alarms(scope)?.value()?;
    let at = alarms.binary_search_by(|alarm| alarm.name.cmp(name));
    alarms.get(at.ok()?)
}

/// How many of a composite alarm's members are in alarm, and how many it has.
pub(super) fn members_in_alarm(store: &Store, scope: &Scope, alarm: &Alarm) -> (usize, usize) {
    let members = members(alarm);
    let known = members.iter().filter_map(|name| named(store, scope, name));
    let in_alarm = known.filter(|alarm| alarm.state == AlarmState::Alarm);
    (in_alarm.count(), members.len())
}

/// Puts rows in order. They come scope by scope, alarms by name; a stable sort keeps that among equals.
pub(super) fn sort(
    rows: &mut [Row],
    (order, direction): (Order, Direction),
    store: &Store,
    scopes: &[Scope],
) {
    let since = |row: &Row| -> Option<Timestamp> {
        match row {
            Row::Alarm(entry) => find(store, scopes, *entry)?.since,
            Row::Failing(scope) => Some(store.alarms(&scopes[*scope])?.failing()?.since),
        }
    };
    let name = |row: &Row| match row {
        Row::Alarm(entry) => find(store, scopes, *entry).map(|alarm| &alarm.name),
        Row::Failing(_) => None,
    };
    match order {
        Order::Trouble => rows.sort_by_key(|row| {
            let (standing, place) = match row {
                Row::Alarm(entry) => (entry.standing, 0),
                // Whatever is in alarm there now, nobody can see it.
                Row::Failing(_) => (Standing::InAlarm, 1),
            };
            (standing, place, Reverse(since(row)))
        }),
        // Regions that cannot be read have no name and come first.
        Order::Name => rows.sort_by(|a, b| name(a).cmp(&name(b))),
        Order::Region => rows.sort_by_key(|row| {
            let place = match row {
                Row::Alarm(_) => 1,
                Row::Failing(_) => 0,
            };
            (row.scope(), place)
        }),
        Order::Since => rows.sort_by_key(|row| Reverse(since(row))),
    }
    if direction == Direction::Reversed {
        rows.reverse();
    }
}
