//! What was asked that AWS charges for, so that a test can compute the bill.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What has been asked of CloudWatch since the sandbox began. Refused requests cost nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bill {
    /// Requests that were answered, by operation.
    pub calls: BTreeMap<String, u64>,
    /// Metrics that `GetMetricData` was asked for: up to five statistics of one metric in one request
    /// count once.
    pub metrics: u64,
}

/// US dollars for a thousand metrics, and for a thousand other requests.
const PER_THOUSAND: f64 = 0.01;
/// Operations that are charged per request, were the free ones used up.
const CHARGED: [&str; 3] = ["GetMetricStatistics", "ListMetrics", "DescribeAlarms"];

impl Bill {
    pub fn calls(&self, operation: &str) -> u64 {
        self.calls.get(operation).copied().unwrap_or(0)
    }

    /// What the metrics of `GetMetricData` cost, in US dollars; nothing of it is free.
    pub fn metric_dollars(&self) -> f64 {
        dollars(self.metrics)
    }

    /// What the other requests cost, in US dollars, beyond the million a month that is free.
    pub fn request_dollars(&self) -> f64 {
        dollars(CHARGED.iter().map(|operation| self.calls(operation)).sum())
    }
}

fn dollars(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / 1_000.0 * PER_THOUSAND
}

#[derive(Debug, Default)]
pub(super) struct Meter(Mutex<Bill>);

impl Meter {
    fn bill(&self) -> MutexGuard<'_, Bill> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn count(&self, operation: &str, metrics: u64) {
        let mut bill = self.bill();
        *bill.calls.entry(operation.to_owned()).or_default() += 1;
        bill.metrics += metrics;
    }

    pub(super) fn read(&self) -> Bill {
        self.bill().clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_metrics_cost_a_cent() {
        let meter = Meter::default();
        for _ in 0..4 {
            meter.count("GetMetricData", 500);
        }
        meter.count("DescribeAlarms", 0);
        let bill = meter.read();
        assert_eq!((bill.calls("GetMetricData"), bill.metrics), (4, 2_000));
        assert!((bill.metric_dollars() - 0.02).abs() < 1e-12);
        assert!((bill.request_dollars() - 0.000_01).abs() < 1e-12);
    }
}
