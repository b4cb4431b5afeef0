//! What is drawn of a region that CloudWatch does not tell as it stands.

use crate::domain::{Measure, Metrics, Series};
use chrono::TimeDelta;

/// Worked out of calls and errors, period by period; a period of which one is missing has no value.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// Calls in a minute.
    pub calls: Series,
    /// Errors for each hundred calls.
    pub rate: Series,
}

impl Default for Curve {
    fn default() -> Self {
        let blank = || Series::new(TimeDelta::minutes(1), 0);
        Self {
            calls: blank(),
            rate: blank(),
        }
    }
}

impl Curve {
    pub(super) fn of(metrics: &Metrics) -> Self {
        let blank = Self::default();
        let Some(calls) = metrics.get(Measure::Invocations) else {
            return blank;
        };
        let Some(from) = calls.from() else {
            return blank;
        };
        let period = calls.period();
        #[expect(clippy::cast_precision_loss, reason = "a period is not so long")]
        let minutes = (period.num_seconds().max(1) as f64) / 60.0;
        let errors = metrics.get(Measure::Errors);
        let rate = calls.points().map(|(at, calls)| {
            let calls = calls.filter(|calls| *calls > 0.0)?;
            Some(errors?.at(at)? / calls * 100.0)
        });
        let per_minute = calls.points().map(|(_, calls)| Some(calls? / minutes));
        Self {
            rate: Series::of(period, from, rate),
            calls: Series::of(period, from, per_minute),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::at;
    use crate::domain::Extent;

    #[test]
    fn a_rate_has_a_value_only_where_something_was_called_and_both_are_known() {
        let five = TimeDelta::minutes(5);
        let line = |values: [Option<f64>; 4]| Series::of(five, at(0), values);
        let calls = line([Some(10.0), Some(0.0), None, Some(20.0)]);
        let errors = line([Some(5.0), Some(0.0), Some(1.0), None]);
        let metrics = Metrics {
            series: [(Measure::Invocations, calls), (Measure::Errors, errors)].into(),
            extent: Extent::Whole,
        };
        let curve = Curve::of(&metrics);
        let values = |series: &Series| series.points().map(|(_, it)| it).collect::<Vec<_>>();
        assert_eq!(values(&curve.rate), [Some(50.0), None, None, None]);
        assert_eq!(
            values(&curve.calls),
            [Some(2.0), Some(0.0), None, Some(4.0)]
        );
    }
}
