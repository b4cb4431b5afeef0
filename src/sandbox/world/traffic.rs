//! How busy things are: by what a function is called, where it is, and the hour of the day.
//!
//! Logs and metrics both ask here, so that what is counted and what is written are of one size.

use super::World;
use super::random::Dice;

/// Per cent of the ordinary load, by the hour of the day in UTC.
pub(super) const LOAD: [i64; 24] = [
    60, 55, 50, 50, 55, 65, 80, 95, 110, 120, 125, 125, 120, 120, 125, 130, 130, 125, 120, 115,
    105, 95, 80, 70,
];

/// Calls per minute of a function, by its logical id.
pub(super) fn calls(logical: &str, has_service: bool) -> f64 {
    match logical {
        "EdgeFunction" => 60.0,
        "Function" if has_service => 45.0,
        "WorkerFunction" => 20.0,
        "PricingFunction" => 18.0,
        "ProxyFunction" => 24.0,
        "HealthMonitor" => 6.0,
        "ManifestProcessor" => 3.0,
        "RotationFunction" | "InstallAddons" => 0.05,
        _ => 0.6,
    }
}

impl World {
    /// What the ordinary amount of work is multiplied with in one place: regions differ, and so do the
    /// resources of a stack. The first account of a scenario is the busy one.
    pub(super) fn share(&self, account: &str, region: &str, (stack, logical): (&str, &str)) -> f64 {
        let mut dice = Dice::named(self.seed, &format!("{account}/{region}"));
        let place = if self.logs.is_first(account) {
            dice.between(60, 131)
        } else {
            dice.between(12, 31)
        };
        let own = Dice::named(self.seed, &format!("{stack}/{logical}")).between(70, 131);
        real(place) * real(own) / 10_000.0
    }
}

/// The whole part of a number.
#[allow(
    clippy::cast_possible_truncation,
    reason = "counts, shares and milliseconds are far from the ends"
)]
pub(in crate::sandbox) fn whole(number: f64) -> i64 {
    number.floor() as i64
}

/// A count, or seconds since the epoch, as a number to compute with.
#[allow(
    clippy::cast_precision_loss,
    reason = "what is counted here fits into 53 bits"
)]
pub(in crate::sandbox) fn real(number: i64) -> f64 {
    number as f64
}
