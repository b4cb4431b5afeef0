//! How far back a chart reaches, and in which steps.

use crate::domain::{Grain, Timestamp};
use chrono::TimeDelta;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Span {
    Hour,
    #[default]
    ThreeHours,
    Day,
    Week,
}

impl Span {
    pub(super) fn next(self) -> Self {
        match self {
            Self::Hour => Self::ThreeHours,
            Self::ThreeHours => Self::Day,
            Self::Day => Self::Week,
            Self::Week => Self::Hour,
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Self::Hour => "1 h",
            Self::ThreeHours => "3 h",
            Self::Day => "24 h",
            Self::Week => "7 d",
        }
    }

    /// What is asked for.
    pub fn grain(self) -> Grain {
        match self {
            Self::Hour | Self::ThreeHours => Grain::MINUTE,
            Self::Day => Grain::FIVE_MINUTES,
            Self::Week => Grain::HOUR,
        }
    }

    /// How often: CloudWatch has nothing newer than a period.
    pub fn cadence(self) -> TimeDelta {
        self.grain().period()
    }

    /// The part of it that is shown.
    pub(super) fn window(self, now: Timestamp) -> (Timestamp, Timestamp) {
        let (from, until) = self.grain().window(now);
        match self {
            Self::Hour => (until - TimeDelta::hours(1), until),
            Self::ThreeHours | Self::Day | Self::Week => (from, until),
        }
    }

    /// What one key press moves the moment that is read.
    pub(super) fn step(self) -> TimeDelta {
        match self {
            Self::Hour => TimeDelta::minutes(1),
            Self::ThreeHours => TimeDelta::minutes(2),
            Self::Day => TimeDelta::minutes(15),
            Self::Week => TimeDelta::hours(2),
        }
    }

    /// The beginning of the period that holds a moment.
    pub(super) fn aligned(self, at: Timestamp) -> Timestamp {
        let period = self.grain().period().num_seconds().max(1);
        let into = at.timestamp().rem_euclid(period);
        at - TimeDelta::seconds(into)
    }
}
