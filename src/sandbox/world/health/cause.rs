//! Why a check fails: something that a scenario says, or a function that fails.

use std::sync::Arc;

use super::Health;
use crate::sandbox::world::lambda::Lambda;

/// What a check meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Symptom {
    /// A status that is not the one expected.
    Code(u16),
    Timeout,
    Refused,
    Registering,
    Draining,
    Unused,
}

/// A time in which something is wrong, perhaps again and again. Times are milliseconds since the epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sandbox) struct Spell {
    pub(in crate::sandbox) first: i64,
    /// For ever if there is none.
    pub(in crate::sandbox) lasts: Option<i64>,
    /// Only once if there is none.
    pub(in crate::sandbox) every: Option<i64>,
    pub(in crate::sandbox) symptom: Symptom,
}

/// All that can be wrong with a target.
#[derive(Clone, Debug, Default)]
pub(in crate::sandbox) struct Cause {
    pub(in crate::sandbox) spells: Vec<Spell>,
    /// The function that answers, where one does.
    pub(in crate::sandbox) function: Option<Arc<Lambda>>,
}

/// A function says that it is not well when more than this share of its calls fails.
const TOO_MUCH: f64 = 0.25;

impl Symptom {
    pub(super) fn fails_checks(self) -> bool {
        self.known_without_looking().is_none()
    }

    /// What the balancer itself did.
    pub(super) fn known_without_looking(self) -> Option<Health> {
        match self {
            Symptom::Code(_) | Symptom::Timeout | Symptom::Refused => None,
            Symptom::Registering => Some(Health::Registering),
            Symptom::Draining => Some(Health::Draining),
            Symptom::Unused => Some(Health::Unused),
        }
    }
}

impl Spell {
    pub(in crate::sandbox) fn holds(&self, at: i64) -> bool {
        let since = at - self.first;
        let since = match self.every {
            Some(every) if since >= 0 => since.rem_euclid(every.max(1)),
            Some(_) | None => since,
        };
        since >= 0 && self.lasts.is_none_or(|lasts| since < lasts)
    }
}

impl Cause {
    /// What is wrong at a moment.
    pub(in crate::sandbox) fn symptom(&self, at: i64) -> Option<Symptom> {
        let spell = self.spells.iter().find(|spell| spell.holds(at));
        spell.map(|spell| spell.symptom).or_else(|| {
            let failing = self.function.as_ref()?.failing(at)?;
            (failing > TOO_MUCH).then_some(Symptom::Code(503))
        })
    }
}
