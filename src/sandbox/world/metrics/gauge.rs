//! The metrics of other services: only what an alarm watches, and only as far as its state tells.

use super::Metric;
use crate::sandbox::scenario::AlarmState;
use crate::sandbox::world::Alarm;
use crate::sandbox::world::random::Dice;

#[derive(Debug)]
pub(super) struct Gauge {
    pub(super) metric: Metric,
    threshold: f64,
    /// From this minute on the value is above the threshold.
    breaching: Option<i64>,
    seed: u64,
}

impl Gauge {
    /// `None` for an alarm whose metric has no data, or is worked out from calls.
    pub(super) fn watched(alarm: &Alarm) -> Option<Gauge> {
        let watch = alarm.watch()?;
        if watch.blind
            || watch.state == AlarmState::InsufficientData
            || watch.metric.namespace == "AWS/Lambda"
        {
            return None;
        }
        let since = alarm.since.timestamp().div_euclid(60);
        Some(Gauge {
            metric: watch.metric.clone(),
            threshold: watch.threshold,
            breaching: (watch.state == AlarmState::Alarm).then_some(since - 3),
            seed: Dice::named(0, &alarm.arn).roll(),
        })
    }

    pub(super) fn value(&self, minute: i64) -> f64 {
        let part = Dice::numbered(self.seed, minute).fraction();
        let value = if self.breaching.is_some_and(|since| minute >= since) {
            self.threshold * 1.2 + 1.0 + part * (self.threshold + 4.0)
        } else {
            self.threshold * 0.6 * part
        };
        value.round()
    }
}
