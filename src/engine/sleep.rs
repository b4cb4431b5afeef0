//! Notices that the machine slept: the wall clock went on and the monotonic one did not.

use crate::domain::{Clock, Timestamp};
use chrono::TimeDelta;
use std::time::Duration;
use tokio::time::{Instant, Interval, MissedTickBehavior};

/// How often the clocks are compared.
const TICK: Duration = Duration::from_secs(1);
/// A difference below this is a slow machine or an adjusted clock.
const SLEPT_AT_LEAST: TimeDelta = TimeDelta::seconds(10);

/// The two clocks as they stood last.
#[derive(Debug)]
pub(super) struct Watch {
    wall: Timestamp,
    steady: Instant,
    interval: Interval,
}

impl Watch {
    pub(super) fn new(clock: &dyn Clock) -> Self {
        let mut interval = tokio::time::interval(TICK);
        interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            wall: clock.now(),
            steady: Instant::now(),
            interval,
        }
    }

    /// Waits until the machine has slept, and says for how long. Safe to drop at any time.
    pub(super) async fn slept(&mut self, clock: &dyn Clock) -> TimeDelta {
        loop {
            self.interval.tick().await;
            let (wall, steady) = (clock.now(), Instant::now());
            let passed = TimeDelta::from_std(steady - self.steady).unwrap_or_default();
            let jump = (wall - self.wall) - passed;
            (self.wall, self.steady) = (wall, steady);
            if jump > SLEPT_AT_LEAST {
                return jump;
            }
        }
    }
}
