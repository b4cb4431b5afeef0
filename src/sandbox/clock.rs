//! The sandbox's time.
//!
//! Everything the sandbox says about time (events, ages, expiries, the `Date` header) is read from one
//! `Clock`, so a test that holds the clock still gets the same bytes twice. Clones share one time. It counts
//! milliseconds, as AWS does: all protocols can carry them.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::Instant;

/// Where the sandbox takes "now" from. Cheap to clone; clones move together.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock, plus what was leapt over with [`Clock::advance`].
    Real {
        /// Milliseconds ahead of the machine.
        ahead: Arc<AtomicI64>,
    },
    /// Runs with tokio's time, so that a test which pauses that moves both.
    Paced {
        from: DateTime<Utc>,
        began: Instant,
        /// Milliseconds leapt over.
        ahead: Arc<AtomicI64>,
    },
    /// Stands still until somebody advances it.
    Manual {
        /// Milliseconds since the epoch.
        now: Arc<AtomicI64>,
    },
}

impl Clock {
    /// A clock that runs with the machine's.
    pub fn real() -> Clock {
        Clock::Real {
            ahead: Arc::new(AtomicI64::new(0)),
        }
    }

    /// A clock that stands at `at`.
    pub fn manual(at: DateTime<Utc>) -> Clock {
        Clock::Manual {
            now: Arc::new(AtomicI64::new(at.timestamp_millis())),
        }
    }

    /// A clock that shows `at` and runs with tokio's time from now on.
    pub fn paced(at: DateTime<Utc>) -> Clock {
        Clock::Paced {
            from: at,
            began: Instant::now(),
            ahead: Arc::new(AtomicI64::new(0)),
        }
    }

    pub fn now(&self) -> DateTime<Utc> {
        let millis = match self {
            Clock::Real { ahead } => wall_time() + ahead.load(Ordering::Relaxed),
            Clock::Paced { from, began, ahead } => {
                let run = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
                from.timestamp_millis() + run + ahead.load(Ordering::Relaxed)
            }
            Clock::Manual { now } => now.load(Ordering::Relaxed),
        };
        DateTime::from_timestamp_millis(millis).unwrap_or_default()
    }

    /// Moves the clock forward; one that runs leaps, as after a laptop's sleep.
    pub fn advance(&self, by: Duration) {
        let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        match self {
            Clock::Real { ahead: cell }
            | Clock::Paced { ahead: cell, .. }
            | Clock::Manual { now: cell } => {
                cell.fetch_add(millis, Ordering::Relaxed);
            }
        }
    }

    /// Whether the age of a signature means anything: a client signs with the machine's time, which
    /// says nothing about a clock that stands still.
    pub(super) fn judges_signatures(&self) -> bool {
        matches!(self, Clock::Real { .. })
    }
}

#[allow(
    clippy::disallowed_methods,
    reason = "the one place where the sandbox reads the wall clock"
)]
fn wall_time() -> i64 {
    Utc::now().timestamp_millis()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_manual_clock_moves_only_when_told_and_for_all_its_clones() {
        let clock = Clock::manual(DateTime::from_timestamp(1_800_000_000, 0).unwrap());
        let other = clock.clone();
        let before = clock.now();
        assert_eq!(other.now(), before);
        clock.advance(Duration::from_millis(1_500));
        assert_eq!(other.now() - before, TimeDelta::milliseconds(1_500));
    }

    #[tokio::test(start_paused = true)]
    async fn a_paced_clock_runs_with_the_tests_time() {
        let clock = Clock::paced(DateTime::from_timestamp(1_800_000_000, 0).unwrap());
        let before = clock.now();
        tokio::time::sleep(Duration::from_secs(90)).await;
        clock.advance(Duration::from_secs(10));
        assert_eq!(clock.now() - before, TimeDelta::seconds(100));
    }

    #[test]
    fn a_real_clock_can_leap() {
        let clock = Clock::real();
        let before = clock.now();
        clock.advance(Duration::from_hours(1));
        assert!(clock.now() - before >= TimeDelta::hours(1));
    }
}
