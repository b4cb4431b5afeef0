//! What is asked of AWS that costs money, and how much of it is allowed.

use std::fmt;

/// An amount of US dollars, in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Dollars(u64);

/// What one metric costs in one request of `GetMetricData`: $0.01 for a thousand, the published price of 2026-11.
const PER_METRIC: Dollars = Dollars(10);

/// What asking for metrics has cost in the last hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Bill {
    /// Requests of `GetMetricData`.
    pub calls: u64,
    /// Metrics that they asked for.
    pub metrics: u64,
    /// What an hour costs if it goes on like this.
    pub hourly: Dollars,
    /// What an hour may cost.
    pub cap: Dollars,
    pub spending: Spending,
}

/// What the cap makes of the cadence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Spending {
    #[default]
    AsWished,
    /// Most of the cap is spent: asked half as often.
    Stretched,
    /// The cap is spent: not asked until the hour has moved on.
    Stopped,
}

impl Dollars {
    pub const fn millionths(millionths: u64) -> Self {
        Self(millionths)
    }

    pub fn in_millionths(self) -> u64 {
        self.0
    }

    /// The price of so many metrics.
    pub fn of_metrics(metrics: u64) -> Self {
        Self(PER_METRIC.0.saturating_mul(metrics))
    }
}

/// `$0.19`; `$0.004` where cents are too coarse.
impl fmt::Display for Dollars {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 1_000_000, self.0 % 1_000_000);
        if self.0 < 10_000 && self.0 > 0 {
            write!(out, "${whole}.{:04}", rest / 100)
        } else {
            // Rounded up: a price is not made to look smaller.
            let cents = rest.div_ceil(10_000);
            write!(out, "${}.{:02}", whole + cents / 100, cents % 100)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_read_like_prices() {
        for (metrics, words) in [
            (0, "$0.00"),
            (10, "$0.0001"),
            (170, "$0.0017"),
            (1_000, "$0.01"),
            (18_640, "$0.19"),
            (99_999, "$1.00"),
            (123_456, "$1.24"),
        ] {
            assert_eq!(Dollars::of_metrics(metrics).to_string(), words, "{metrics}");
        }
    }
}
