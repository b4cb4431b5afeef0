//! How far something on screen can be believed, and why not further, in words.

use super::look::Look;
use super::status::Mark;
use super::text;
use crate::app::App;
use crate::app::lambda::FUNCTIONS;
use crate::app::wishes::stacks_cadence;
use crate::config::Role;
use crate::domain::time::short;
use crate::domain::{Failing, Freshness, Kind, Scope, Slot, Timestamp};
use chrono::TimeDelta;

/// The state of one answer.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pulse<'s> {
    Unseen,
    Fresh(TimeDelta),
    Stale(TimeDelta),
    /// `age` is missing when there never was an answer.
    Failing {
        age: Option<TimeDelta>,
        failing: &'s Failing,
    },
}

impl<'s> Pulse<'s> {
    /// `period` is how often it is read; `None` where once is enough.
    pub(super) fn of<T: ?Sized>(
        slot: Option<&'s Slot<T>>,
        now: Timestamp,
        period: Option<TimeDelta>,
    ) -> Self {
        let Some(slot) = slot else {
            return Self::Unseen;
        };
        // What is asked for only once cannot grow old.
        let period = period.unwrap_or(TimeDelta::MAX / 4);
        match (slot.freshness(now, period), slot.failing()) {
            (Freshness::Failing { age }, Some(failing)) => Self::Failing { age, failing },
            (Freshness::Stale(age), _) => Self::Stale(age),
            (Freshness::Fresh, _) => Self::Fresh(slot.age(now).unwrap_or_default()),
            (Freshness::Unseen | Freshness::Failing { .. }, _) => Self::Unseen,
        }
    }

    /// Of the stacks of a scope.
    pub(super) fn of_stacks(app: &'s App, scope: &Scope) -> Self {
        let period = stacks_cadence(app, scope).period();
        Self::of(app.store().stacks(scope), app.now(), period)
    }

    /// Of the functions of a scope.
    pub(super) fn of_functions(app: &'s App, scope: &Scope) -> Self {
        Self::of(app.store().functions(scope), app.now(), Some(FUNCTIONS))
    }

    pub(super) fn is_live(self) -> bool {
        matches!(self, Self::Fresh(_))
    }

    /// For "the worst of several": higher is worse.
    pub(super) fn gravity(self) -> u8 {
        match self {
            Self::Fresh(_) => 0,
            Self::Unseen => 1,
            Self::Stale(_) => 2,
            Self::Failing { .. } => 3,
        }
    }

    pub(super) fn age(self) -> Option<TimeDelta> {
        match self {
            Self::Unseen => None,
            Self::Fresh(age) | Self::Stale(age) => Some(age),
            Self::Failing { age, .. } => age,
        }
    }

    /// The role that everything known from this answer is drawn in, where it is not to be believed as it stands.
    pub(super) fn tone(self) -> Option<Role> {
        match self {
            Self::Unseen | Self::Fresh(_) => None,
            Self::Stale(_) | Self::Failing { .. } => Some(Role::Stale),
        }
    }

    /// Its own sign, where it has one to give.
    pub(super) fn mark(self, look: &Look) -> Option<Mark> {
        let signs = look.signs();
        match self {
            Self::Fresh(_) => None,
            Self::Unseen => Some(Mark {
                sign: signs.unseen,
                role: Role::Unknown,
            }),
            Self::Stale(_) => Some(Mark {
                sign: signs.alarm,
                role: Role::Stale,
            }),
            Self::Failing { age: None, .. } => Some(Mark {
                sign: signs.unknown,
                role: Role::Error,
            }),
            Self::Failing { age: Some(_), .. } => Some(Mark {
                sign: signs.alarm,
                role: Role::Error,
            }),
        }
    }

    /// The age for a narrow column.
    pub(super) fn age_words(self, look: &Look) -> String {
        match self.age() {
            Some(age) => short(age),
            None => look.signs().unseen.to_owned(),
        }
    }

    /// Why it is not live, as fully as fits: `throttled · retry in 8s`, `timed out 41s`, `overdue`.
    pub(super) fn why(self, look: &Look, now: Timestamp, room: u16) -> String {
        match self {
            Self::Fresh(_) => String::new(),
            Self::Unseen => "asking".to_owned(),
            Self::Stale(_) => "overdue".to_owned(),
            Self::Failing { failing, .. } => reason(failing, look, now, room),
        }
    }
}

/// What fails, for how long, and when it is tried again, as fully as fits.
pub(super) fn reason(failing: &Failing, look: &Look, now: Timestamp, room: u16) -> String {
    let mut words = failing.problem.brief().to_owned();
    let mut add = |more: &str| {
        if text::width(&words) + text::width(more) <= room {
            words.push_str(more);
        }
    };
    // For how long matters where waiting may help; a refusal is as old as the policy.
    if matches!(
        failing.problem.kind,
        Kind::Unreachable(_) | Kind::Server | Kind::Garbled
    ) {
        add(&format!(" {}", short(now - failing.since)));
    }
    if let Some(retry) = retry(failing, now) {
        add(&format!(" {} {retry}", look.signs().dot));
    }
    words
}

/// When it is tried again.
pub(super) fn retry(failing: &Failing, now: Timestamp) -> Option<String> {
    let wait = failing.retry? - now;
    Some(if wait > TimeDelta::zero() {
        format!("retry in {}", short(wait))
    } else {
        "retrying".to_owned()
    })
}
