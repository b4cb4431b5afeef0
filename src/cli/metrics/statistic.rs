//! What is told of the durations of a period, in CloudWatch's words.

use crate::config::near;
use crate::domain::untrusted::sanitise;
use crate::domain::{Fold, Measure, MetricId, Metrics, Series, Subject, Untrusted};

/// A statistic of the duration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Statistic {
    Sum,
    /// The sum over the calls.
    Average,
    Maximum,
    P50,
    P95,
    P99,
    /// Any other that CloudWatch knows, which is asked for by itself.
    Other(String),
}

/// Those that a metric of the function has anyway, and a few that it has not.
const WORDS: [&str; 9] = [
    "Sum",
    "Average",
    "Maximum",
    "p50",
    "p95",
    "p99",
    "Minimum",
    "SampleCount",
    "IQM",
];

impl Statistic {
    /// The error is a sentence.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let plain = WORDS.iter().find(|word| word.eq_ignore_ascii_case(text));
        Ok(match plain.copied() {
            Some("Sum") => Self::Sum,
            Some("Average") => Self::Average,
            Some("Maximum") => Self::Maximum,
            Some("p50") => Self::P50,
            Some("p95") => Self::P95,
            Some("p99") => Self::P99,
            Some(word) => Self::Other(word.to_owned()),
            None if is_trimmed(text) => Self::Other(text.to_owned()),
            None => {
                let shown = sanitise(text);
                return Err(match near(text, WORDS) {
                    Some(word) => {
                        format!("There is no statistic `{shown}`; did you mean `{word}`?")
                    }
                    None => format!(
                        "There is no statistic `{shown}`: take {}, or one such as `p99.9` or `tm95`.",
                        WORDS.join(", ")
                    ),
                });
            }
        })
    }

    /// CloudWatch's word.
    pub(super) fn word(&self) -> &str {
        match self {
            Self::Sum => "Sum",
            Self::Average => "Average",
            Self::Maximum => "Maximum",
            Self::P50 => "p50",
            Self::P95 => "p95",
            Self::P99 => "p99",
            Self::Other(word) => word,
        }
    }

    /// The metric to ask for, where it is not among those of the function.
    pub(super) fn metric(&self, function: &str) -> Option<MetricId> {
        let subject = Subject::Function(Untrusted::new(function));
        match self {
            Self::Other(word) => Some(MetricId {
                statistic: Untrusted::new(word.as_str()),
                ..subject.metric(Measure::DurationSum)
            }),
            Self::Sum | Self::Average | Self::Maximum | Self::P50 | Self::P95 | Self::P99 => None,
        }
    }

    /// Whether that of a whole can be told from those of its parts.
    pub(super) fn adds_up(&self) -> bool {
        match self {
            Self::Sum | Self::Average | Self::Maximum => true,
            Self::P50 | Self::P95 | Self::P99 => false,
            Self::Other(word) => matches!(word.as_str(), "Minimum" | "SampleCount"),
        }
    }

    /// Its series: of the function's metrics, or the answer to [`Self::metric`]. None for the average, which is made
    /// of two.
    pub(super) fn series<'m>(
        &self,
        function: &'m Metrics,
        other: Option<&'m Metrics>,
    ) -> Option<&'m Series> {
        match self {
            Self::Sum => function.get(Measure::DurationSum),
            Self::Average => None,
            Self::Maximum => function.get(Measure::DurationMost),
            Self::P50 => function.get(Measure::P50),
            Self::P95 => function.get(Measure::P95),
            Self::P99 => function.get(Measure::P99),
            Self::Other(_) => other?.get(Measure::Value),
        }
    }

    /// That of a whole, from those of its parts; only where it [`Self::adds_up`].
    pub(super) fn whole(&self, parts: impl Iterator<Item = f64>) -> Option<f64> {
        match self {
            Self::Maximum => Fold::Most.of(parts),
            Self::Other(word) if word == "Minimum" => parts.reduce(f64::min),
            Self::Sum | Self::Other(_) => Fold::Sum.of(parts),
            Self::Average | Self::P50 | Self::P95 | Self::P99 => None,
        }
    }
}

/// Whether it is a percentile (`p99.9`) or one of CloudWatch's trimmed statistics (`tm95`, `WM(10%:90%)`, `PR(:300)`).
fn is_trimmed(text: &str) -> bool {
    let percent = |digits: &str| {
        digits.len() <= 14
            && digits.bytes().next().is_some_and(|it| it.is_ascii_digit())
            && digits.bytes().all(|it| it.is_ascii_digit() || it == b'.')
            && digits.parse::<f64>().is_ok_and(|number| number <= 100.0)
    };
    let brief = ["p", "tm", "wm", "tc", "ts"].iter();
    let mut brief = brief.filter_map(|name| text.strip_prefix(name));
    let range = ["TM", "WM", "TC", "TS", "PR"].iter();
    let mut range = range.filter_map(|name| {
        let inside = text.strip_prefix(name)?.strip_prefix('(')?;
        inside.strip_suffix(')')?.split_once(':')
    });
    let bound = |text: &str| {
        let number = text.strip_suffix('%').unwrap_or(text);
        number.bytes().all(|it| it.is_ascii_digit() || it == b'.')
    };
    brief.any(percent) || range.any(|(from, until)| bound(from) && bound(until))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_cloudwatch_are_taken_in_any_case_and_others_refused_with_the_nearest() {
        for (text, word) in [
            ("sum", "Sum"),
            ("AVERAGE", "Average"),
            ("P99", "p99"),
            ("samplecount", "SampleCount"),
            ("p99.9", "p99.9"),
            ("p100", "p100"),
            ("tm95", "tm95"),
            ("WM(10%:90%)", "WM(10%:90%)"),
            ("PR(:300)", "PR(:300)"),
        ] {
            assert_eq!(Statistic::parse(text).unwrap().word(), word, "{text}");
        }
        for (text, part) in [
            ("Avrage", "did you mean `Average`?"),
            ("p101", "There is no statistic `p101`"),
            ("p", "There is no statistic"),
            ("", "There is no statistic"),
            ("TM(a:b)", "There is no statistic"),
            ("p\u{1b}[2J", "␛[2J"),
        ] {
            let sentence = Statistic::parse(text).unwrap_err();
            assert!(sentence.contains(part), "{text}: {sentence}");
        }
    }

    #[test]
    fn a_whole_is_made_of_its_parts_where_that_makes_sense() {
        let parts = || [2.0, 8.0, 4.0].into_iter();
        for (word, whole) in [
            ("Sum", Some(14.0)),
            ("Maximum", Some(8.0)),
            ("Minimum", Some(2.0)),
            ("SampleCount", Some(14.0)),
        ] {
            let statistic = Statistic::parse(word).unwrap();
            assert!(statistic.adds_up());
            assert_eq!(statistic.whole(parts()), whole, "{word}");
            assert_eq!(statistic.whole(std::iter::empty()), None, "{word}");
        }
        for word in ["p50", "p95", "p99", "p99.9", "IQM", "tm95"] {
            assert!(!Statistic::parse(word).unwrap().adds_up(), "{word}");
        }
    }
}
