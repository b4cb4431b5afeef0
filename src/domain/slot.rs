//! One answer, and how far it can be believed.
//!
//! *A failure never erases knowledge*: a slot keeps the last good reading with its time, and beside it what has failed
//! since. Screens show both.

use super::{Problem, Timestamp};
use chrono::TimeDelta;

/// One answer: the last good one, and the failure since.
#[derive(Debug)]
pub struct Slot<T: ?Sized> {
    good: Option<Good<T>>,
    failing: Option<Failing>,
}

/// A reading that succeeded.
#[derive(Debug)]
pub struct Good<T: ?Sized> {
    pub at: Timestamp,
    /// How long AWS took to answer.
    pub took: TimeDelta,
    pub value: Box<T>,
}

/// A failure that has not been followed by a success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failing {
    pub since: Timestamp,
    pub times: u32,
    pub problem: Problem,
    /// When it will be tried again; `None` when somebody has to act first.
    pub retry: Option<Timestamp>,
}

/// How far a value can be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Nobody has answered yet.
    Unseen,
    Fresh,
    /// The last answer is older than twice its cadence.
    Stale(TimeDelta),
    /// The last attempt failed; the value, if there is one, is this old.
    Failing {
        age: Option<TimeDelta>,
    },
}

impl<T: ?Sized> Default for Slot<T> {
    fn default() -> Self {
        Self {
            good: None,
            failing: None,
        }
    }
}

impl<T: ?Sized> Slot<T> {
    pub fn good(&self) -> Option<&Good<T>> {
        self.good.as_ref()
    }

    pub fn value(&self) -> Option<&T> {
        self.good.as_ref().map(|good| &*good.value)
    }

    /// Whether it has ever been answered.
    pub fn is_read(&self) -> bool {
        self.good.is_some()
    }

    pub fn failing(&self) -> Option<&Failing> {
        self.failing.as_ref()
    }

    /// How old the value is.
    pub fn age(&self, now: Timestamp) -> Option<TimeDelta> {
        self.good
            .as_ref()
            .map(|good| (now - good.at).max(TimeDelta::zero()))
    }

    /// `cadence` is how often the value is meant to be read.
    pub fn freshness(&self, now: Timestamp, cadence: TimeDelta) -> Freshness {
        let age = self.age(now);
        match (&self.failing, age) {
            (Some(_), age) => Freshness::Failing { age },
            (None, None) => Freshness::Unseen,
            (None, Some(age)) if age > cadence * 2 => Freshness::Stale(age),
            (None, Some(_)) => Freshness::Fresh,
        }
    }

    /// Takes the value out, to be given back changed.
    pub(super) fn take_value(&mut self) -> Option<Box<T>> {
        self.good.take().map(|good| good.value)
    }

    pub(super) fn succeed(&mut self, good: Good<T>) {
        self.good = Some(good);
        self.failing = None;
    }

    pub(super) fn fail(&mut self, at: Timestamp, problem: Problem, retry: Option<Timestamp>) {
        let (since, times) = self
            .failing
            .as_ref()
            .map_or((at, 0), |failing| (failing.since, failing.times));
        self.failing = Some(Failing {
            since,
            times: times + 1,
            problem,
            retry,
        });
    }
}
