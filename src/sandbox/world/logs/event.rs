//! One event of a log group, and its place in the order of all.
//!
//! Events are ordered by time and, within a millisecond, by a key that keeps the lines of one stream in the
//! order in which they were written. Time and key are also what the id is made of, so an id is a position.

use std::sync::Arc;

/// One line as a log group keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEvent {
    /// When it happened, in milliseconds since the epoch.
    pub timestamp: i64,
    /// When the service took it in, in milliseconds since the epoch; before that nobody can read it.
    pub ingestion: i64,
    pub stream: Arc<str>,
    pub message: Arc<str>,
    /// Orders the events of one millisecond; unique among them.
    pub(in crate::sandbox) key: u64,
}

/// Where an event stands among all events of its group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::sandbox) struct Position {
    /// Milliseconds since the epoch.
    pub(in crate::sandbox) timestamp: i64,
    pub(in crate::sandbox) key: u64,
}

/// Digits of an id that say the time, and those that say the key.
const TIME_DIGITS: usize = 35;
const KEY_DIGITS: usize = 21;
/// AWS puts the time above 144 bits of other things; in decimal digits, as near as it goes.
const TIME_STEP: u128 = 22_300_745_198_530_623_141_535;
/// What still fits into the digits: the year 2109.
const LAST_TIME: i64 = 4_400_000_000_000;

impl LogEvent {
    /// The fifty-six digits that AWS calls `eventId`.
    pub fn id(&self) -> String {
        self.position().id()
    }

    pub(in crate::sandbox) fn position(&self) -> Position {
        Position {
            timestamp: self.timestamp,
            key: self.key,
        }
    }
}

impl Position {
    /// The first place of a millisecond.
    pub(in crate::sandbox) fn at(timestamp: i64) -> Position {
        Position { timestamp, key: 0 }
    }

    pub(in crate::sandbox) fn next(self) -> Position {
        match self.key.checked_add(1) {
            Some(key) => Position { key, ..self },
            None => Position::at(self.timestamp.saturating_add(1)),
        }
    }

    pub(in crate::sandbox) fn before(self) -> Position {
        match self.key.checked_sub(1) {
            Some(key) => Position { key, ..self },
            None => Position {
                timestamp: self.timestamp.saturating_sub(1),
                key: u64::MAX,
            },
        }
    }

    pub(in crate::sandbox) fn id(self) -> String {
        let time = u128::try_from(self.timestamp.clamp(0, LAST_TIME)).unwrap_or(0) * TIME_STEP;
        format!("{time:0TIME_DIGITS$}{:0KEY_DIGITS$}", self.key)
    }

    /// The place that an id names; `None` for what was never an id.
    pub(in crate::sandbox) fn of_id(id: &str) -> Option<Position> {
        let (time, key) = id.split_at_checked(TIME_DIGITS)?;
        if key.len() != KEY_DIGITS || !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let time: u128 = time.parse().ok()?;
        Some(Position {
            timestamp: i64::try_from(time / TIME_STEP).ok()?,
            key: key.parse().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_fifty_six_digits_sorts_by_time_and_names_its_place() {
        let places = [
            Position::at(1_763_640_000_000),
            Position {
                timestamp: 1_763_640_000_000,
                key: u64::MAX,
            },
            Position::at(1_763_640_000_001),
        ];
        let ids: Vec<String> = places.iter().map(|place| place.id()).collect();
        assert!(
            ids.is_sorted() && ids.iter().all(|id| id.len() == 56),
            "{ids:?}"
        );
        for (place, id) in places.iter().zip(&ids) {
            assert_eq!(Position::of_id(id), Some(*place));
        }
        for wrong in ["", "12", "x", &"9".repeat(57)] {
            assert_eq!(Position::of_id(wrong), None, "{wrong}");
        }
    }
}
