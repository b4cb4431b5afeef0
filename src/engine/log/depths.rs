//! How far back each poll of a source reads. Pure.
//!
//! Events come late: one that happened at `t` may be readable only at `t` + 120 s. Reading the last 120 s with every
//! poll would read everything sixty times, so there are levels of depth. Each keeps one number, `done`: of the events
//! before it, those no later than the level's lateness have all been read, and none is still to come. A walk over
//! everything from `w` on that began at `S` and came as far as `p` moves `done` to `min(S - lateness, p)`, on every
//! level whose `done` was not before `w`. A level is due when it can gain a quarter of its lateness, so that each reads
//! an event about five times whatever the interval; and not before it can gain three times what its last walk back
//! took, so that under a scarce quota it takes a quarter of the time, and the rest is for what is new.

use crate::domain::log::Millis;

/// The levels: what is late by this much is found for certain.
const LATENESS: [Millis; 3] = [5_000, 30_000, 120_000];
/// However late events are seen to come, no level waits for more than a quarter of an hour.
pub(super) const LATENESS_AT_MOST: Millis = 900_000;

/// The depths of one source.
#[derive(Clone, Debug)]
pub(super) struct Depths {
    /// The shallowest first; `done` never grows from one to the next.
    levels: Vec<Level>,
}

#[derive(Clone, Copy, Debug)]
struct Level {
    lateness: Millis,
    done: Millis,
    /// How long the last walk back from it took.
    took: Millis,
}

/// What a poll is to read: first everything from `open` on, which is news, then what lies before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) open: Millis,
    /// First and last millisecond.
    pub(super) back: Option<(Millis, Millis)>,
}

/// What reading at the deepest level costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cost {
    /// One call: then there is no reason to read less.
    OneCall,
    More,
}

impl Plan {
    /// The first millisecond of all.
    pub(super) fn from(&self) -> Millis {
        self.back.map_or(self.open, |(from, _)| from)
    }
}

impl Depths {
    /// Of a source of which nothing before `from` is of interest.
    pub(super) fn new(from: Millis) -> Self {
        let level = |lateness| Level {
            lateness,
            done: from,
            took: 0,
        };
        Self {
            levels: LATENESS.map(level).to_vec(),
        }
    }

    /// What to read now.
    pub(super) fn plan(&self, now: Millis, cost: Cost) -> Plan {
        let open = self.levels[0].done;
        let is_due = |level: &&Level| {
            // An outage in the midst of a walk does not put off the next one for long.
            let gain = (level.took * 3).clamp(level.lateness / 4, level.lateness * 4);
            now - level.lateness - level.done >= gain
        };
        let due = self.levels.iter().rev().find(is_due);
        let from = match cost {
            Cost::OneCall => self.settled(),
            Cost::More => due.map_or(open, |level| level.done),
        };
        match cost {
            Cost::OneCall => Plan {
                open: from,
                back: None,
            },
            Cost::More => Plan {
                open,
                back: (from < open).then_some((from, open - 1)),
            },
        }
    }

    /// Everything from `from` on was read as it stood at `began`, as far as `reach`.
    pub(super) fn read(&mut self, from: Millis, began: Millis, reach: Millis) {
        for level in &mut self.levels {
            if from <= level.done {
                level.done = level.done.max(reach.min(began - level.lateness));
            }
        }
    }

    /// A walk back from `from` on took so long.
    pub(super) fn took(&mut self, from: Millis, took: Millis) {
        let mut deepest_first = self.levels.iter_mut().rev();
        if let Some(level) = deepest_first.find(|level| from <= level.done) {
            level.took = took;
        }
    }

    /// Events were seen to come this late: has a level wait for such from now on, and for those since `known`.
    pub(super) fn observe(&mut self, lateness: Millis, known: Millis) {
        let deepest = self.levels[self.levels.len() - 1];
        if lateness <= deepest.lateness || deepest.lateness >= LATENESS_AT_MOST {
            return;
        }
        let wider = (lateness + lateness / 2).min(LATENESS_AT_MOST);
        self.levels.truncate(LATENESS.len());
        self.levels.push(Level {
            lateness: wider,
            took: deepest.took,
            done: (deepest.done - (wider - deepest.lateness))
                .max(known)
                .min(deepest.done),
        });
    }

    /// Nothing before `known` can be told from what was told already: no level goes back that far.
    pub(super) fn narrow(&mut self, known: Millis) {
        for level in &mut self.levels {
            level.done = level.done.max(known);
        }
    }

    /// Nothing before this is expected any more.
    pub(super) fn settled(&self) -> Millis {
        self.levels[self.levels.len() - 1].done
    }

    /// Events that are at most this late are found for certain.
    pub(super) fn lateness(&self) -> Millis {
        self.levels[self.levels.len() - 1].lateness
    }
}

#[cfg(test)]
mod tests;
