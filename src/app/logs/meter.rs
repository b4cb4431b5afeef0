//! How much comes in: lines per second, by their arrival.

use crate::domain::Timestamp;
use std::collections::VecDeque;

/// Seconds over which the rate is taken.
const SECONDS: usize = 5;

/// Counts of what came in.
#[derive(Clone, Debug, Default)]
pub struct Meter {
    /// Lines of this second, and of those before it, newest first.
    seconds: VecDeque<u64>,
    second: Option<i64>,
}

impl Meter {
    /// Notes lines that arrived now.
    pub(super) fn arrived(&mut self, lines: usize) {
        if self.seconds.is_empty() {
            self.seconds.push_front(0);
        }
        if let Some(current) = self.seconds.front_mut() {
            *current += lines as u64;
        }
    }

    /// Time went on.
    pub(super) fn tick(&mut self, now: Timestamp) {
        let second = now.timestamp();
        let before = self.second.replace(second).unwrap_or(second);
        let passed = usize::try_from(second.saturating_sub(before)).unwrap_or(0);
        for _ in 0..passed.min(SECONDS + 1) {
            self.seconds.push_front(0);
        }
        self.seconds.truncate(SECONDS + 1);
    }

    /// Lines per second, over the last whole seconds.
    pub fn rate(&self) -> u64 {
        let seconds = self.seconds.len().saturating_sub(1).max(1) as u64;
        let lines: u64 = self.seconds.iter().skip(1).sum();
        (lines + seconds / 2) / seconds
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::at;

    #[test]
    fn the_rate_is_that_of_the_last_whole_seconds() {
        let mut meter = Meter::default();
        for second in 0..10 {
            meter.tick(at(second));
            meter.arrived(100);
        }
        assert_eq!(meter.rate(), 100);
        meter.tick(at(20));
        assert_eq!(meter.rate(), 0);
    }
}
