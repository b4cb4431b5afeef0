//! CloudWatch alarms as `DescribeAlarms` and `DescribeAlarmHistory` tell of them.
//!
//! An alarm that is `OK` because nothing arrives sees nothing: [`Sight`] keeps that apart from a metric that is well.

mod standing;
mod words;

pub use standing::{Standing, Tally, sight};

use super::{
    Extent, Grain, Last, Measure, MetricId, Metrics, Subject, Timestamp, Topic, Untrusted,
};

/// One alarm in one region.
#[derive(Clone, Debug, PartialEq)]
pub struct Alarm {
    pub name: Untrusted,
    pub arn: Untrusted,
    pub description: Option<Untrusted>,
    pub state: AlarmState,
    pub reason: Option<Untrusted>,
    /// Since when it is in its state.
    pub since: Option<Timestamp>,
    pub kind: AlarmKind,
    /// Whether it does something when it changes.
    pub actions: Actions,
}

/// AWS's `StateValue`, gravest first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AlarmState {
    Alarm,
    InsufficientData,
    Other(Untrusted),
    Ok,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actions {
    Enabled,
    Disabled,
}

/// What an alarm watches.
#[derive(Clone, Debug, PartialEq)]
pub enum AlarmKind {
    /// One metric.
    Metric(Watch),
    /// An expression over several metrics.
    Expression(Untrusted),
    /// Other alarms.
    Composite {
        rule: Untrusted,
        /// The alarms that the rule names.
        members: Vec<Untrusted>,
    },
}

/// A metric, and where its threshold is.
#[derive(Clone, Debug, PartialEq)]
pub struct Watch {
    pub metric: MetricId,
    pub comparison: Untrusted,
    /// None where a band of anomaly detection takes its place.
    pub threshold: Option<f64>,
    /// How many periods are looked at, and how many of them have to be beyond the threshold.
    pub periods: u32,
    pub datapoints: u32,
    /// AWS's word for what a missing point counts as; `missing` where it says nothing.
    pub missing: Untrusted,
}

/// Whether an alarm can see what it watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Its metric has points, or what it watches cannot be looked at from here.
    Clear,
    /// Its metric has had no point for hours: its state says nothing.
    Blind,
    /// Nobody has looked yet.
    Unknown,
}

/// One change of an alarm's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlarmTransition {
    pub at: Timestamp,
    pub from: Option<AlarmState>,
    pub to: AlarmState,
    pub reason: Option<Untrusted>,
}

impl AlarmState {
    pub fn parse(word: &str) -> Self {
        match word {
            "ALARM" => Self::Alarm,
            "INSUFFICIENT_DATA" => Self::InsufficientData,
            "OK" => Self::Ok,
            other => Self::Other(other.into()),
        }
    }

    /// AWS's own word.
    pub fn word(&self) -> std::borrow::Cow<'_, str> {
        match self {
            Self::Alarm => "ALARM".into(),
            Self::InsufficientData => "INSUFFICIENT_DATA".into(),
            Self::Ok => "OK".into(),
            Self::Other(word) => word.safe(),
        }
    }
}

impl Alarm {
    /// The metric it watches, where it watches a single one.
    pub fn metric(&self) -> Option<&MetricId> {
        match &self.kind {
            AlarmKind::Metric(watch) => Some(&watch.metric),
            AlarmKind::Expression(_) | AlarmKind::Composite { .. } => None,
        }
    }

    /// The Lambda function that it watches, by its dimension.
    pub fn function(&self) -> Option<&Untrusted> {
        self.metric()?.dimension("FunctionName")
    }

    /// Whether its state may come of silence: worth a look at the metric before it is believed.
    ///
    /// The words are those of CloudWatch's reasons. A reason is written when the state changes, so one of real data
    /// proves nothing of an alarm that stays `OK` when its metric stops.
    pub fn may_be_blind(&self) -> bool {
        let stays_well = match &self.kind {
            AlarmKind::Metric(watch) => {
                matches!(watch.missing.exact(), "notBreaching" | "ignore")
            }
            AlarmKind::Expression(_) | AlarmKind::Composite { .. } => false,
        };
        let says_so = |reason: &Untrusted| {
            let reason = reason.exact();
            reason.contains("no datapoints were received") || reason.starts_with("Unchecked:")
        };
        match self.state {
            AlarmState::Alarm => false,
            AlarmState::Ok if stays_well => true,
            AlarmState::Ok | AlarmState::InsufficientData | AlarmState::Other(_) => {
                self.reason.as_ref().is_some_and(says_so)
            }
        }
    }

    /// The question whose answer tells whether it sees: its metric over the last three hours, or three periods where
    /// those are longer. None where it watches no single metric. Costs what a metric costs.
    pub fn sight_topic(&self) -> Option<Topic> {
        let metric = self.metric()?.clone();
        let grain = if metric.period <= SLOW {
            // Whether there is any point does not depend on the step: one window for all, so one request for all.
            Grain::of(300, 36, Last::Running)
        } else {
            Grain::of(metric.period.next_multiple_of(60), 3, Last::Running)
        };
        Some(Topic::Metrics(Subject::Metric(metric), grain))
    }

    /// Whether it can see, by what [`Self::sight_topic`] brought home so far.
    ///
    /// An answer that may lack points proves no silence.
    pub fn sight(&self, measured: Option<&Metrics>) -> Sight {
        if self.metric().is_none() {
            return Sight::Clear;
        }
        let line = measured.and_then(|metrics| Some((metrics, metrics.get(Measure::Value)?)));
        match line {
            Some((_, series)) if !series.is_blank() => Sight::Clear,
            Some((metrics, _)) if metrics.extent == Extent::Whole => Sight::Blind,
            Some(_) | None => Sight::Unknown,
        }
    }
}

/// The longest period, in seconds, of which three hours hold three.
const SLOW: u32 = 3_600;

/// The names of the alarms in a composite alarm's rule: `ALARM("a") OR NOT OK(b)`.
pub fn members(rule: &str) -> Vec<Untrusted> {
    let mut members = Vec::new();
    let mut rest = rule;
    while let Some((before, behind)) = rest.split_once('(') {
        let asks = ["ALARM", "OK", "INSUFFICIENT_DATA"];
        if !asks.iter().any(|word| before.trim_end().ends_with(word)) {
            rest = behind;
            continue;
        }
        let behind = behind.trim_start();
        let (name, after) = match behind.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => behind.split_once(')').unwrap_or((behind, "")),
        };
        // A rule may name an alarm by its ARN.
        let name = name.rsplit(":alarm:").next().unwrap_or(name).trim();
        if !name.is_empty() && !members.iter().any(|it: &Untrusted| it.exact() == name) {
            members.push(name.into());
        }
        rest = after;
    }
    members
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Series;
    use chrono::TimeDelta;

    #[test]
    fn a_rule_names_its_alarms_once_each() {
        for (rule, names) in [
            (r#"ALARM("a") OR ALARM("b")"#, &["a", "b"][..]),
            ("ALARM(a) AND NOT OK(b)", &["a", "b"]),
            (
                r#"(ALARM("cpu (high)") AND INSUFFICIENT_DATA("x")) OR ALARM("x")"#,
                &["cpu (high)", "x"],
            ),
            (
                "ALARM(\"arn:aws:cloudwatch:eu-west-1:123456789012:alarm:five\")",
                &["five"],
            ),
            ("TRUE", &[]),
            ("ALARM(", &[]),
        ] {
            let found = members(rule);
            let found: Vec<&str> = found.iter().map(Untrusted::exact).collect();
            assert_eq!(found, names, "{rule}");
        }
    }

    pub(super) fn watching(period: u32) -> Alarm {
        let metric = MetricId {
            namespace: "AWS/SQS".into(),
            name: "ApproximateAgeOfOldestMessage".into(),
            dimensions: Vec::new(),
            statistic: "Maximum".into(),
            period,
            unit: None,
        };
        Alarm {
            name: "old".into(),
            arn: "".into(),
            description: None,
            state: AlarmState::Ok,
            reason: None,
            since: None,
            kind: AlarmKind::Metric(Watch {
                metric,
                comparison: "".into(),
                threshold: None,
                periods: 1,
                datapoints: 1,
                missing: "missing".into(),
            }),
            actions: Actions::Enabled,
        }
    }

    #[test]
    fn an_alarm_is_blind_where_a_whole_answer_has_no_point() {
        let alarm = watching(60);
        let metrics = |value: Option<f64>, extent: Extent| Metrics {
            series: [(
                Measure::Value,
                Series::of(TimeDelta::minutes(5), Timestamp::UNIX_EPOCH, [None, value]),
            )]
            .into(),
            extent,
        };
        let partial = Extent::Partial(None);
        for (measured, sight) in [
            (None, Sight::Unknown),
            (Some(metrics(None, Extent::Whole)), Sight::Blind),
            (Some(metrics(None, partial.clone())), Sight::Unknown),
            (Some(metrics(Some(0.0), Extent::Whole)), Sight::Clear),
            (Some(metrics(Some(7.0), partial)), Sight::Clear),
        ] {
            assert_eq!(alarm.sight(measured.as_ref()), sight, "{measured:?}");
        }
        let composite = Alarm {
            kind: AlarmKind::Expression("m1/m2".into()),
            ..alarm
        };
        assert_eq!(composite.sight(None), Sight::Clear);
        assert_eq!(composite.sight_topic(), None);
    }

    #[test]
    fn an_alarm_that_stays_well_when_its_metric_stops_is_not_believed_unseen() {
        let real = "Threshold Crossed: 1 datapoint [0.0] was not greater than the threshold (2.0).";
        let silent = "Threshold Crossed: no datapoints were received for 5 periods.";
        for (state, missing, reason, may_be) in [
            ("OK", "notBreaching", real, true),
            ("OK", "ignore", real, true),
            ("OK", "missing", real, false),
            ("OK", "breaching", real, false),
            ("OK", "missing", silent, true),
            ("INSUFFICIENT_DATA", "missing", "Unchecked: created", true),
            ("INSUFFICIENT_DATA", "notBreaching", real, false),
            ("ALARM", "ignore", silent, false),
        ] {
            let mut alarm = watching(60);
            alarm.state = AlarmState::parse(state);
            alarm.reason = Some(reason.into());
            if let AlarmKind::Metric(watch) = &mut alarm.kind {
                watch.missing = missing.into();
            }
            assert_eq!(alarm.may_be_blind(), may_be, "{state} {missing} {reason}");
        }
    }

    #[test]
    fn it_is_looked_for_three_hours_and_for_three_periods_at_least() {
        for (period, step, span) in [
            (10, 300, 10_800),
            (60, 300, 10_800),
            (3_600, 300, 10_800),
            (21_600, 21_600, 64_800),
            (86_400, 86_400, 259_200),
        ] {
            let Some(Topic::Metrics(_, grain)) = watching(period).sight_topic() else {
                panic!("{period}");
            };
            let found = (grain.period().num_seconds(), grain.span().num_seconds());
            assert_eq!(found, (step, span), "{period}");
        }
    }

    #[test]
    fn states_sort_by_gravity() {
        let mut states = ["OK", "INSUFFICIENT_DATA", "NEW", "ALARM"].map(AlarmState::parse);
        states.sort();
        assert_eq!(
            states.each_ref().map(|state| state.word().into_owned()),
            ["ALARM", "INSUFFICIENT_DATA", "NEW", "OK"]
        );
    }
}
