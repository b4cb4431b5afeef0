//! The newest figures of all functions of a region, where they are new enough to be called the present.

use super::Row;
use crate::app::wishes::totals_topic;
use crate::domain::outlier::{Distance, P99, outliers};
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
    /// Whether there are far more of them than in the account's other regions.
    pub errors_stand_out: bool,
    pub p99_stands_out: bool,
}

/// Errors a minute that are worth a second look.
const ERRORS: Distance = Distance {
    times: 4.0,
    beyond: 3.0,
    least: 3.0,
};

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
            ..Self::default()
        }
    }
}

/// Marks the regions that do worse than the others of their account.
pub(super) fn compare(rows: &mut [Row]) {
    // The regions of an account come one after the other.
    for peers in rows.chunk_by_mut(|a, b| a.scope.account == b.scope.account) {
        let errors: Vec<Option<f64>> = peers.iter().map(|row| row.vital.errors).collect();
        let p99: Vec<Option<f64>> = peers.iter().map(|row| row.vital.p99).collect();
        let apart = outliers(&errors, ERRORS).into_iter();
        for (row, (errors, p99)) in peers.iter_mut().zip(apart.zip(outliers(&p99, P99))) {
            row.vital.errors_stand_out = errors;
            row.vital.p99_stands_out = p99;
        }
    }
}

fn latest(metrics: &Metrics, measure: Measure, now: Timestamp) -> Option<f64> {
    let (at, value) = metrics.get(measure)?.latest()?;
    (now - at < PRESENT * 2).then_some(value)
}
