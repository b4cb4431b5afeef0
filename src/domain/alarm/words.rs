//! What an alarm watches, in words: one place for the screen and the command line, so that they cannot disagree.

use super::{Alarm, AlarmKind, Watch};
use std::borrow::Cow;

impl Alarm {
    /// `Errors of FunctionName checkout-api > 2, 3 of 5 min`; a composite's rule, an expression as it is written.
    pub fn watches(&self) -> Cow<'_, str> {
        match &self.kind {
            AlarmKind::Metric(watch) => format!("{} {}", watch.subject(), watch.condition()).into(),
            AlarmKind::Expression(expression) => expression.safe(),
            AlarmKind::Composite { rule, .. } => rule.safe(),
        }
    }
}

impl Watch {
    /// The metric, with its statistic where that is not a plain sum: `p99 Duration of FunctionName checkout-api`.
    pub fn subject(&self) -> String {
        let words = self.metric.words();
        match self.metric.statistic.exact() {
            "Sum" => words,
            _ => format!("{} {words}", self.metric.statistic.safe()),
        }
    }

    /// When it goes off: `> 2, 3 of 5 min`.
    pub fn condition(&self) -> String {
        let threshold = match self.threshold {
            Some(threshold) => format!("{} {threshold}", self.sign()),
            None => format!("{} its usual band", self.sign()),
        };
        format!("{threshold}, {}", self.span())
    }

    /// The comparison as a sign; AWS's own word where that is none of those we know.
    pub fn sign(&self) -> Cow<'_, str> {
        match self.comparison.exact() {
            "GreaterThanThreshold" | "GreaterThanUpperThreshold" => ">".into(),
            "GreaterThanOrEqualToThreshold" => ">=".into(),
            "LessThanThreshold" | "LessThanLowerThreshold" => "<".into(),
            "LessThanOrEqualToThreshold" => "<=".into(),
            "LessThanLowerOrGreaterThanUpperThreshold" => "outside".into(),
            _ => self.comparison.safe(),
        }
    }

    /// How much of how long: `3 of 5 min`, `2 of 3 x 5 min`, `5 min`.
    fn span(&self) -> String {
        let period = self.metric.period;
        let (all, some) = (self.periods.max(1), self.datapoints);
        let several = some > 0 && some < all;
        let length = match (period % 60, period / 60) {
            (0, minutes @ 1..) => format!("{minutes} min"),
            _ => format!("{period} s"),
        };
        match (several, all, period) {
            (true, _, 60) => format!("{some} of {all} min"),
            (true, ..) => format!("{some} of {all} x {length}"),
            (false, _, 60) => format!("{all} min"),
            (false, 1, _) => length,
            (false, ..) => format!("{all} x {length}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::MetricId;
    use super::*;

    fn watch(statistic: &str, comparison: &str, threshold: Option<f64>) -> Watch {
        Watch {
            metric: MetricId {
                namespace: "AWS/Lambda".into(),
                name: "Errors".into(),
                dimensions: vec![("FunctionName".into(), "api".into())],
                statistic: statistic.into(),
                period: 60,
                unit: None,
            },
            comparison: comparison.into(),
            threshold,
            periods: 5,
            datapoints: 3,
            missing: "missing".into(),
        }
    }

    #[test]
    fn a_watch_reads_as_an_operator_says_it() {
        let sum = watch("Sum", "GreaterThanThreshold", Some(2.0));
        assert_eq!(sum.subject(), "Errors of FunctionName api");
        assert_eq!(sum.condition(), "> 2, 3 of 5 min");
        let mut p99 = watch("p99", "LessThanOrEqualToThreshold", Some(0.5));
        (p99.metric.period, p99.datapoints) = (300, 2);
        assert_eq!(p99.subject(), "p99 Errors of FunctionName api");
        assert_eq!(p99.condition(), "<= 0.5, 2 of 5 x 5 min");
        let band = watch("Sum", "LessThanLowerOrGreaterThanUpperThreshold", None);
        assert_eq!(band.condition(), "outside its usual band, 3 of 5 min");
        let new = watch("Sum", "Resembles\u{7}", Some(1.0));
        assert_eq!(new.condition(), "Resembles␇ 1, 3 of 5 min");
    }

    #[test]
    fn spans_are_as_short_as_they_can_be() {
        let mut watch = watch("Sum", "GreaterThanThreshold", Some(1.0));
        for (period, periods, datapoints, words) in [
            (60, 5, 3, "3 of 5 min"),
            (60, 5, 5, "5 min"),
            (60, 1, 1, "1 min"),
            (300, 1, 0, "5 min"),
            (300, 3, 3, "3 x 5 min"),
            (300, 3, 2, "2 of 3 x 5 min"),
            (10, 6, 6, "6 x 10 s"),
        ] {
            (watch.metric.period, watch.periods, watch.datapoints) = (period, periods, datapoints);
            assert_eq!(watch.span(), words);
        }
    }
}
