//! The newest figures of all functions of a region, where they are new enough to be called the present.

use crate::app::wishes::totals_topic;
use crate::domain::{Measure, Metrics, Scope, Store, Timestamp};
use chrono::TimeDelta;

/// A figure older than this says nothing of now: nothing was called since, or nothing was read.
const PRESENT: TimeDelta = TimeDelta::minutes(10);

/// Figures of one region; none is `None`, never nought.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Vital {
    /// Errors in the newest minute of which anything is known.
    pub errors: Option<f64>,
    /// Milliseconds.
    pub p99: Option<f64>,
}

impl Vital {
    pub(super) fn of(store: &Store, scope: &Scope, now: Timestamp) -> Self {
        let slot = store.metrics(scope, &totals_topic());
        let Some(good) = slot.and_then(|slot| slot.good()) else {
            return Self::default();
        };
        // What was read long ago was present then; that it is old is shown in another way.
        let then = now.min(good.at + PRESENT);
        let latest = |measure| latest(&good.value, measure, then);
        Self {
            errors: latest(Measure::Errors),
            p99: latest(Measure::P99),
        }
    }
}

fn latest(metrics: &Metrics, measure: Measure, now: Timestamp) -> Option<f64> {
    let (at, value) = metrics.get(measure)?.latest()?;
    (now - at < PRESENT * 2).then_some(value)
}
