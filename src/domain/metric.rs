//! What can be measured: which metrics, of what, in which steps.

use super::{Series, Timestamp, Untrusted};
use chrono::TimeDelta;
use std::collections::BTreeMap;

/// What a set of metrics is of. Asking costs money for each metric, whatever its window: [`Subject::price`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// Every function of an account in a region, as one.
    Lambda,
    /// One function.
    Function(Untrusted),
    /// Only whether a function is called and fails: for a row of many.
    Errors(Untrusted),
    /// A metric by its name, as an alarm watches it.
    Metric(MetricId),
    /// What goes through an accelerator, by its id, or through one of its endpoint groups. Kept in the region of Global
    /// Accelerator's control plane.
    Flows {
        accelerator: Untrusted,
        /// The id of the listener, and the region of the group.
        group: Option<(Untrusted, Untrusted)>,
    },
}

/// A single metric with one statistic, in CloudWatch's words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MetricId {
    pub namespace: Untrusted,
    pub name: Untrusted,
    /// By name.
    pub dimensions: Vec<(Untrusted, Untrusted)>,
    /// `Sum`, `Average`, `p99`, ….
    pub statistic: Untrusted,
    /// The period that it is watched in, in seconds.
    pub period: u32,
    /// The unit whose points alone count; any where there is none.
    pub unit: Option<Untrusted>,
}

/// One line of a set of metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Calls in a period.
    Invocations,
    /// Calls that failed, in a period.
    Errors,
    /// Calls that were turned away, in a period.
    Throttles,
    /// Milliseconds over all calls of a period.
    DurationSum,
    /// Milliseconds, the slowest call of a period.
    DurationMost,
    /// Milliseconds.
    P50,
    P95,
    P99,
    /// The most executions at the same time in a period.
    Concurrent,
    /// Of a [`Subject::Metric`].
    Value,
    /// Connections that began in a period.
    NewFlows,
    /// Bytes from clients, in a period.
    BytesIn,
    /// Bytes to clients, in a period.
    BytesOut,
}

/// A window that ends now: so many periods of such a length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grain {
    /// In seconds; CloudWatch keeps minutes, and multiples of them.
    period: u32,
    slots: u32,
    last: Last,
}

/// Whether a window includes the period that has not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Last {
    /// It does not: half a period looks like a fall.
    Whole,
    /// It does: a total wants everything.
    Running,
}

/// What one question for metrics brought home.
#[derive(Clone, Debug, PartialEq)]
pub struct Metrics {
    /// Those that have been asked for; one that has no point at all is there, and blank.
    pub series: BTreeMap<Measure, Series>,
    /// Whether CloudWatch could give everything.
    pub extent: Extent,
}

/// How much of an answer there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Extent {
    Whole,
    /// `PartialData`, `Forbidden` or `InternalError` for a metric, and what CloudWatch said about it.
    Partial(Option<Untrusted>),
}

impl Grain {
    /// Minutes, for three hours.
    pub const MINUTE: Self = Self::of(60, 180, Last::Whole);
    /// Five minutes, for a day.
    pub const FIVE_MINUTES: Self = Self::of(300, 288, Last::Whole);
    /// Hours, for a week.
    pub const HOUR: Self = Self::of(3_600, 168, Last::Whole);

    /// `period` in seconds.
    pub const fn of(period: u32, slots: u32, last: Last) -> Self {
        Self {
            period,
            slots,
            last,
        }
    }

    pub fn period(self) -> TimeDelta {
        TimeDelta::seconds(i64::from(self.period))
    }

    pub fn slots(self) -> usize {
        usize::try_from(self.slots).unwrap_or(usize::MAX)
    }

    /// How far back it reaches.
    pub fn span(self) -> TimeDelta {
        TimeDelta::seconds(i64::from(self.period) * i64::from(self.slots))
    }

    /// The window as of `now`, from the start of its first period to the end of its last, aligned as CloudWatch aligns.
    pub fn window(self, now: Timestamp) -> (Timestamp, Timestamp) {
        let period = i64::from(self.period.max(1));
        let ended = now.timestamp().div_euclid(period);
        let end = period
            * match self.last {
                Last::Whole => ended,
                Last::Running => ended + 1,
            };
        let until = Timestamp::from_timestamp(end, 0).unwrap_or(now);
        (until - self.span(), until)
    }
}

impl Subject {
    /// The lines that are asked for.
    pub fn measures(&self) -> &'static [Measure] {
        use Measure as M;
        match self {
            Self::Lambda | Self::Function(_) => &[
                M::Invocations,
                M::Errors,
                M::Throttles,
                M::DurationSum,
                M::DurationMost,
                M::P50,
                M::P95,
                M::P99,
                M::Concurrent,
            ],
            Self::Errors(_) => &[M::Invocations, M::Errors, M::Throttles],
            Self::Metric(_) => &[M::Value],
            Self::Flows { .. } => &[M::NewFlows, M::BytesIn, M::BytesOut],
        }
    }

    /// The metrics that AWS charges for: up to five statistics of one metric count once.
    pub fn price(&self) -> u32 {
        match self {
            Self::Lambda | Self::Function(_) => 5,
            Self::Errors(_) | Self::Flows { .. } => 3,
            Self::Metric(_) => 1,
        }
    }

    /// Where the metric of a line is found, and which statistic of it.
    pub fn metric(&self, measure: Measure) -> MetricId {
        let dimension = |name: &str, value: &Untrusted| (Untrusted::new(name), value.clone());
        let (namespace, dimensions) = match self {
            Self::Metric(metric) => return metric.clone(),
            Self::Lambda => ("AWS/Lambda", Vec::new()),
            Self::Function(name) | Self::Errors(name) => {
                ("AWS/Lambda", vec![dimension("FunctionName", name)])
            }
            Self::Flows { accelerator, group } => {
                let mut dimensions = vec![dimension("Accelerator", accelerator)];
                if let Some((listener, region)) = group {
                    dimensions.push(dimension("EndpointGroup", region));
                    dimensions.push(dimension("Listener", listener));
                }
                ("AWS/GlobalAccelerator", dimensions)
            }
        };
        let (name, statistic) = measure.name();
        MetricId {
            namespace: namespace.into(),
            name: name.into(),
            dimensions,
            statistic: statistic.into(),
            period: 60,
            unit: None,
        }
    }
}

impl Measure {
    /// CloudWatch's name of the metric, and the statistic of it.
    fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Invocations | Self::Value => ("Invocations", "Sum"),
            Self::Errors => ("Errors", "Sum"),
            Self::Throttles => ("Throttles", "Sum"),
            Self::DurationSum => ("Duration", "Sum"),
            Self::DurationMost => ("Duration", "Maximum"),
            Self::P50 => ("Duration", "p50"),
            Self::P95 => ("Duration", "p95"),
            Self::P99 => ("Duration", "p99"),
            Self::Concurrent => ("ConcurrentExecutions", "Maximum"),
            Self::NewFlows => ("NewFlowCount", "Sum"),
            Self::BytesIn => ("ProcessedBytesIn", "Sum"),
            Self::BytesOut => ("ProcessedBytesOut", "Sum"),
        }
    }
}

impl MetricId {
    pub fn dimension(&self, name: &str) -> Option<&Untrusted> {
        let mut dimensions = self.dimensions.iter();
        dimensions
            .find(|(its_name, _)| its_name.exact() == name)
            .map(|(_, value)| value)
    }

    /// `Errors of FunctionName checkout-api`, without the namespace.
    pub fn words(&self) -> String {
        let name = self.name.safe();
        let dimensions: Vec<String> = self
            .dimensions
            .iter()
            .map(|(name, value)| format!("{} {}", name.safe(), value.safe()))
            .collect();
        if dimensions.is_empty() {
            name.into_owned()
        } else {
            format!("{name} of {}", dimensions.join(", "))
        }
    }
}

impl Metrics {
    pub fn get(&self, measure: Measure) -> Option<&Series> {
        self.series.get(&measure)
    }

    /// Errors for each hundred calls over a window, or over all that is known; none where nothing was called.
    pub fn error_rate(&self, window: Option<(Timestamp, Timestamp)>) -> Option<f64> {
        let sum = |measure| {
            let points = self.get(measure)?.points();
            let within = points
                .filter(|(at, _)| window.is_none_or(|(from, until)| (from..until).contains(at)));
            within.filter_map(|(_, value)| value).reduce(|a, b| a + b)
        };
        let calls = sum(Measure::Invocations).filter(|calls| *calls > 0.0)?;
        // A call without an error leaves no gap in `Errors`, so a blank there is one in the answer.
        Some(sum(Measure::Errors)? / calls * 100.0)
    }

    /// Takes in a newer reading; what that could not tell stays as it was.
    pub(super) fn merge(&mut self, newer: Self) {
        for (measure, series) in newer.series {
            match self.series.get_mut(&measure) {
                Some(mine) => mine.merge(&series),
                None => _ = self.series.insert(measure, series),
            }
        }
        self.extent = newer.extent;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_window_is_aligned_and_ends_before_or_with_the_period_of_now() {
        let now = Timestamp::from_timestamp(1_795_000_123, 0).unwrap();
        let running = Grain::of(3_600, 24, Last::Running);
        for grain in [Grain::MINUTE, Grain::FIVE_MINUTES, Grain::HOUR, running] {
            let (from, until) = grain.window(now);
            let period = grain.period().num_seconds();
            assert_eq!(until - from, grain.span());
            assert_eq!(until.timestamp() % period, 0);
            let holds_now = until > now && until - grain.period() <= now;
            assert_eq!(holds_now, grain == running, "{grain:?}");
            assert!((until - now).abs() <= grain.period());
        }
    }

    #[test]
    fn the_price_is_the_number_of_metrics_and_no_metric_has_more_than_five_statistics() {
        let name: Untrusted = "checkout".into();
        for subject in [
            Subject::Lambda,
            Subject::Function(name.clone()),
            Subject::Errors(name),
        ] {
            let asked = subject.measures().iter().map(|it| subject.metric(*it));
            let asked: Vec<MetricId> = asked.collect();
            let metrics: BTreeSet<&Untrusted> = asked.iter().map(|metric| &metric.name).collect();
            assert_eq!(metrics.len(), subject.price() as usize, "{subject:?}");
            for metric in metrics {
                assert!(asked.iter().filter(|it| it.name == *metric).count() <= 5);
            }
        }
    }
}
