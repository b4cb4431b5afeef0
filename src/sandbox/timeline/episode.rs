//! Scripts with a time: once, or over and over.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Millis, Script, Step};

/// A script with a time: it has happened, is happening, or will.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Episode {
    pub(in crate::sandbox) started: DateTime<Utc>,
    pub(in crate::sandbox) script: Arc<Script>,
    /// What the stack's version is called once this has begun and as long as it is not undone.
    pub(in crate::sandbox) version: Arc<str>,
    /// What it was called before.
    pub(in crate::sandbox) previous: Arc<str>,
    /// Tells two playings of one script apart in ids.
    pub(in crate::sandbox) number: u64,
}

impl Episode {
    /// The steps that have happened by `now`, in order.
    pub(in crate::sandbox) fn steps_until(&self, now: DateTime<Utc>) -> Vec<Step> {
        let elapsed = (now - self.started).num_milliseconds();
        let mut steps = self.script.steps();
        steps.retain(|step| step.at <= elapsed);
        steps
    }
}

/// Scripts played in turn, for ever: the part of a world that always moves.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Routine {
    pub(in crate::sandbox) first: DateTime<Utc>,
    pub(in crate::sandbox) every: Millis,
    pub(in crate::sandbox) turns: Vec<Turn>,
    /// The version before the first turn; each turn that succeeds counts it up.
    pub(in crate::sandbox) version: Arc<str>,
}

#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Turn {
    /// `None` for a nested stack that a failing turn does not reach.
    pub(in crate::sandbox) appearance: Option<Appearance>,
    /// Whether the whole of it, seen from the root stack, succeeds.
    pub(in crate::sandbox) counts: bool,
}

/// One stack's part in a turn.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Appearance {
    /// A nested stack begins later than its parent.
    pub(in crate::sandbox) delay: Millis,
    pub(in crate::sandbox) script: Arc<Script>,
}

/// How many past turns stay in the event log.
const REMEMBERED: i64 = 5;

impl Routine {
    /// The turns begun by `now`, oldest first, as far back as anybody remembers.
    pub(in crate::sandbox) fn episodes(&self, now: DateTime<Utc>) -> Vec<Episode> {
        let Some(current) = self.current(now) else {
            return Vec::new();
        };
        (current.saturating_sub(REMEMBERED).max(0)..=current)
            .filter_map(|number| self.episode(number))
            .filter(|episode| episode.started <= now)
            .collect()
    }

    fn current(&self, now: DateTime<Utc>) -> Option<i64> {
        let elapsed = (now - self.first).num_milliseconds();
        (elapsed >= 0 && self.every > 0).then(|| elapsed / self.every)
    }

    fn episode(&self, number: i64) -> Option<Episode> {
        let count = i64::try_from(self.turns.len())
            .ok()
            .filter(|count| *count > 0)?;
        let turn = self.turns.get(usize::try_from(number % count).ok()?)?;
        let successes = |turns: &[Turn]| {
            i64::try_from(turns.iter().filter(|turn| turn.counts).count()).unwrap_or(0)
        };
        let begun = usize::try_from(number % count).ok()?;
        let before =
            (number / count) * successes(&self.turns) + successes(self.turns.get(..begun)?);
        let appearance = turn.appearance.as_ref()?;
        let started = number * self.every + appearance.delay;
        Some(Episode {
            started: self.first + TimeDelta::milliseconds(started),
            script: Arc::clone(&appearance.script),
            version: later(&self.version, before + 1).into(),
            previous: later(&self.version, before).into(),
            number: u64::try_from(number).unwrap_or(0) + 1_000,
        })
    }
}

/// `v418` and 2 make `v420`; what does not end in a number stays as it is.
fn later(version: &str, by: i64) -> String {
    let stem = version.trim_end_matches(|letter: char| letter.is_ascii_digit());
    match version
        .strip_prefix(stem)
        .and_then(|digits| digits.parse::<i64>().ok())
    {
        Some(number) => format!("{stem}{}", number + by),
        None => version.to_owned(),
    }
}
