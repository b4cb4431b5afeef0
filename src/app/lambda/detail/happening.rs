//! What happened to a function while it was measured: versions, updates of its stack, alarms.

use crate::domain::{AlarmState, Scope, Slot, Store, Timestamp, Topic, Untrusted};
use chrono::TimeDelta;

/// The part of a window within which one thing stands for several.
const CLOSE: i32 = 40;

/// What can have happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Happening {
    /// A version was published, or its stack was updated.
    Deploy,
    Alarm,
    Recovery,
}

/// Something that happened at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    pub at: Timestamp,
    pub what: Happening,
    /// Harmless to a terminal.
    pub label: String,
}

/// Everything that is known to have happened in a window, by time.
pub(super) fn in_region(
    store: &Store,
    scope: &Scope,
    name: &Untrusted,
    (from, until): (Timestamp, Timestamp),
) -> Vec<Happened> {
    let mut happened = Vec::new();
    let mut note = |at: Option<Timestamp>, what, label: String| {
        if let Some(at) = at.filter(|at| (from..until).contains(at)) {
            happened.push(Happened { at, what, label });
        }
    };
    let versions = store.versions(scope, &Topic::Versions(name.clone()));
    for version in versions.and_then(Slot::value).unwrap_or_default() {
        let label = format!("v{}", version.version.safe());
        note(version.modified, Happening::Deploy, label);
    }
    if let Some(stack) = owner(store, scope, name) {
        note(
            Some(stack.touched()),
            Happening::Deploy,
            stack.name.safe().into_owned(),
        );
    }
    for alarm in alarms(store, scope, name) {
        let topic = Topic::AlarmHistory(alarm.clone());
        let history = store.alarm_history(scope, &topic).and_then(Slot::value);
        for transition in history.unwrap_or_default() {
            let what = match (&transition.from, &transition.to) {
                (_, AlarmState::Alarm) => Happening::Alarm,
                (Some(AlarmState::Alarm), AlarmState::Ok) => Happening::Recovery,
                (_, AlarmState::Ok | AlarmState::InsufficientData | AlarmState::Other(_)) => {
                    continue;
                }
            };
            note(Some(transition.at), what, alarm.safe().into_owned());
        }
    }
    happened.sort_by(|a, b| (a.at, a.what, &a.label).cmp(&(b.at, b.what, &b.label)));
    joined(happened, (until - from) / CLOSE)
}

/// What of one kind happened so soon one after the other that it would stand in one column is one.
fn joined(happened: Vec<Happened>, close: TimeDelta) -> Vec<Happened> {
    let mut joined: Vec<Happened> = Vec::new();
    for it in happened {
        let before = joined
            .iter_mut()
            .rev()
            .find(|before| before.what == it.what);
        match before.filter(|before| it.at - before.at <= close) {
            Some(before) if before.label == it.label => {}
            Some(before) => {
                before.label.push_str(", ");
                before.label.push_str(&it.label);
            }
            None => joined.push(it),
        }
    }
    joined
}

/// The names of the alarms that watch a function in a region.
pub(in crate::app::lambda) fn alarms<'s>(
    store: &'s Store,
    scope: &Scope,
    name: &'s Untrusted,
) -> impl Iterator<Item = &'s Untrusted> {
    let known = store
        .alarms(scope)
        .and_then(Slot::value)
        .unwrap_or_default();
    let ours = known.iter().filter(|alarm| alarm.function() == Some(name));
    ours.map(|alarm| &alarm.name)
}

/// The stack that made a function, as the list of stacks has it.
fn owner<'s>(
    store: &'s Store,
    scope: &Scope,
    name: &Untrusted,
) -> Option<&'s crate::domain::Stack> {
    let id = store
        .owner(scope, &Topic::Owner(name.clone()))?
        .value()?
        .as_ref()?;
    let stacks = store.stacks(scope)?.value()?;
    stacks.iter().find(|stack| stack.id == *id)
}
