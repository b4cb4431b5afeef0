//! What goes through an accelerator, or through one group of it.

use super::wishes::{flows_scope, flows_topic};
use crate::domain::{
    Accelerator, AcceleratorArn, AccountName, Measure, Metrics, Slot, Store, Timestamp, Untrusted,
};
use chrono::TimeDelta;

/// A flow older than this says nothing of now.
const PRESENT: TimeDelta = TimeDelta::minutes(10);

/// The metrics of an accelerator, or of a group by its listener and region.
pub fn flows<'s>(
    store: &'s Store,
    account: &AccountName,
    accelerator: &Accelerator,
    group: Option<(&AcceleratorArn, &Untrusted)>,
) -> Option<&'s Metrics> {
    let topic = flows_topic(&accelerator.arn, group);
    let slot = store.metrics(&flows_scope(account), &topic);
    slot.and_then(Slot::value)
}

/// New flows a second in the newest minute that anything is known of, if that is the present.
pub fn flows_per_second(metrics: &Metrics, now: Timestamp) -> Option<f64> {
    let series = metrics.get(Measure::NewFlows)?;
    let (at, value) = series.latest()?;
    let seconds = i32::try_from(series.period().num_seconds()).ok()?.max(1);
    (now - at < PRESENT).then_some(value / f64::from(seconds))
}
