//! How a function does: the figures of the last ten minutes, worked out of its metrics.
//!
//! *No data is not zero*: a figure of which nothing is known is none. CloudWatch tells of a minute only when something
//! was called in it, and a little late; so the ten minutes end with the newest minute that has calls, and a minute
//! without a word before it is one without calls.

use super::{Extent, Fold, Measure, Metrics, Series, Timestamp};
use chrono::TimeDelta;

/// What the figures are of.
pub const RECENT: TimeDelta = TimeDelta::minutes(10);

/// After so long without a call, or so many periods, a function is quiet, and has no figures.
const QUIET: (TimeDelta, i32) = (TimeDelta::minutes(20), 3);

/// So many calls that failed are no chance.
const REPEATED: f64 = 3.0;

/// From so many errors among a hundred calls on, a function fails, whatever it does elsewhere.
const FAILING: f64 = 5.0;

/// The figures.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Vitals {
    /// Calls in a minute.
    pub invocations: Option<f64>,
    /// Calls that failed, in all ten minutes.
    pub errors: Option<f64>,
    /// Errors for each hundred calls.
    pub rate: Option<f64>,
    /// Calls that were turned away, in all ten minutes.
    pub throttles: Option<f64>,
    /// In milliseconds, as they are in a minute.
    pub p50: Option<f64>,
    pub p95: Option<f64>,
    pub p99: Option<f64>,
    /// The most executions at the same time.
    pub concurrent: Option<f64>,
    pub activity: Activity,
}

/// What an answer says of whether anything was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Activity {
    /// It was, and what came of it is known.
    Called,
    /// Somebody tried, and every call was turned away.
    TurnedAway,
    /// Nobody has tried.
    Unused,
    /// The answer does not tell, or is not whole.
    #[default]
    Unknown,
}

impl Vitals {
    /// The figures of a set of metrics; none where it has been quiet as of `now`.
    pub fn of(metrics: &Metrics, now: Timestamp) -> Self {
        let newest = |measure| Some(metrics.get(measure)?.latest()?.0);
        let period = |measure| metrics.get(measure).map(Series::period);
        // What is turned away is no call, and still is something that happens.
        let newest = newest(Measure::Invocations).max(newest(Measure::Throttles));
        let (Some(newest), Some(period)) = (
            newest,
            period(Measure::Invocations).or(period(Measure::Throttles)),
        ) else {
            return Self::quiet(metrics);
        };
        if now - newest >= QUIET.0.max(period * QUIET.1) {
            return Self::quiet(metrics);
        }
        let until = newest + period;
        Self::within(metrics, (until - RECENT.max(period), until))
    }

    /// No figures, because of nothing newer.
    fn quiet(metrics: &Metrics) -> Self {
        let mut vitals = Self::default();
        vitals.activity = vitals.activity_in(metrics);
        vitals
    }

    /// What the figures say of calls, given how much of an answer they are from.
    fn activity_in(&self, metrics: &Metrics) -> Activity {
        let is_some = |figure: Option<f64>| figure.is_some_and(|figure| figure > 0.0);
        let is_told = |measure| metrics.get(measure).is_some();
        if metrics.extent != Extent::Whole {
            return Activity::Unknown;
        }
        match self.rate {
            Some(_) if is_some(self.invocations) => Activity::Called,
            // Calls of which nobody knows how they went.
            None if is_some(self.invocations) => Activity::Unknown,
            Some(_) | None if is_some(self.throttles) => Activity::TurnedAway,
            Some(_) | None if is_told(Measure::Invocations) && is_told(Measure::Throttles) => {
                Activity::Unused
            }
            Some(_) | None => Activity::Unknown,
        }
    }

    /// Whether it fails so often that it needs no peers to be called bad, or answers no call at all.
    pub fn is_failing(&self) -> bool {
        let is_often = self.rate.is_some_and(|rate| rate >= FAILING);
        self.activity == Activity::TurnedAway || self.fails_repeatedly() && is_often
    }

    /// Whether enough calls failed for their rate to say something: one of five is 20 %, and may be chance.
    pub fn fails_repeatedly(&self) -> bool {
        self.errors.is_some_and(|errors| errors >= REPEATED)
    }

    /// The figures of a window.
    pub fn within(metrics: &Metrics, window: (Timestamp, Timestamp)) -> Self {
        let (from, until) = window;
        let fold = |measure, fold: Fold| {
            let points = metrics.get(measure)?.points();
            let within = points.filter(|(at, _)| (from..until).contains(at));
            fold.of(within.filter_map(|(_, value)| value))
        };
        let calls = fold(Measure::Invocations, Fold::Sum);
        #[expect(clippy::cast_precision_loss, reason = "a window is not so long")]
        let minutes = (until - from).num_seconds().max(1) as f64 / 60.0;
        let mut vitals = Self {
            invocations: calls.map(|calls| calls / minutes),
            errors: fold(Measure::Errors, Fold::Sum),
            rate: metrics.error_rate(Some(window)),
            throttles: fold(Measure::Throttles, Fold::Sum),
            p50: fold(Measure::P50, Fold::Mean),
            p95: fold(Measure::P95, Fold::Mean),
            p99: fold(Measure::P99, Fold::Mean),
            concurrent: fold(Measure::Concurrent, Fold::Most),
            activity: Activity::Unknown,
        };
        vitals.activity = vitals.activity_in(metrics);
        vitals
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    fn at(minute: i64) -> Timestamp {
        chrono::Utc
            .with_ymd_and_hms(2026, 11, 20, 14, 0, 0)
            .unwrap()
            + TimeDelta::minutes(minute)
    }

    fn metrics(lines: &[(Measure, &[Option<f64>])]) -> Metrics {
        let series = lines.iter().map(|(measure, values)| {
            let values = values.iter().copied();
            (*measure, Series::of(TimeDelta::minutes(1), at(0), values))
        });
        Metrics {
            series: series.collect(),
            extent: Extent::Whole,
        }
    }

    #[test]
    fn figures_are_of_the_last_ten_minutes_that_were_told() {
        let mut calls = vec![Some(1_000.0); 5];
        calls.extend([Some(60.0), None, Some(40.0), None]);
        let errors = [Some(900.0); 5]
            .into_iter()
            .chain([Some(0.0), None, Some(10.0)]);
        let errors: Vec<_> = errors.collect();
        let known = metrics(&[(Measure::Invocations, &calls), (Measure::Errors, &errors)]);
        let vitals = Vitals::of(&known, at(9));
        // The window ends after minute 7 and began before minute 0.
        assert_eq!(vitals.invocations, Some(510.0));
        assert_eq!(vitals.errors, Some(4_510.0));
        assert_eq!(vitals.p99, None, "what nobody told is not nought");
        let late = Vitals::within(&known, (at(5), at(8)));
        assert_eq!(late.rate, Some(10.0));
        assert_eq!(Vitals::of(&known, at(60)), Vitals::default(), "quiet");
    }

    #[test]
    fn one_failure_of_five_calls_is_not_called_bad() {
        for (errors, rate, is_failing) in [
            (1.0, 20.0, false),
            (3.0, 60.0, true),
            (40.0, 4.9, false),
            (0.0, 0.0, false),
        ] {
            let vitals = Vitals {
                errors: Some(errors),
                rate: Some(rate),
                ..Vitals::default()
            };
            assert_eq!(vitals.is_failing(), is_failing, "{errors} errors, {rate} %");
        }
        assert!(!Vitals::default().is_failing());
    }

    #[test]
    fn a_function_that_is_only_turned_away_says_so() {
        let known = metrics(&[
            (Measure::Invocations, &[None, None]),
            (Measure::Throttles, &[Some(3.0), Some(4.0)]),
        ]);
        let vitals = Vitals::of(&known, at(2));
        assert_eq!((vitals.throttles, vitals.invocations), (Some(7.0), None));
        assert_eq!(vitals.rate, None, "nothing was called");
        assert_eq!(vitals.activity, Activity::TurnedAway);
        assert!(vitals.is_failing());
        assert_eq!(Vitals::of(&metrics(&[]), at(2)), Vitals::default());
    }

    #[test]
    fn unused_is_only_what_a_whole_answer_says_nobody_called() {
        let (none, some): (&[_], &[_]) = (&[None, None], &[Some(3.0), Some(4.0)]);
        let calls = |of| (Measure::Invocations, of);
        let (errors, throttles) = (|of| (Measure::Errors, of), |of| (Measure::Throttles, of));
        for (lines, activity) in [
            (vec![calls(none), throttles(none)], Activity::Unused),
            (vec![calls(none), throttles(some)], Activity::TurnedAway),
            (vec![calls(none)], Activity::Unknown),
            (vec![calls(some), throttles(none)], Activity::Unknown),
            (
                vec![calls(some), errors(some), throttles(none)],
                Activity::Called,
            ),
        ] {
            let mut known = metrics(&lines);
            assert_eq!(Vitals::of(&known, at(2)).activity, activity, "{lines:?}");
            known.extent = Extent::Partial(None);
            let partial = Vitals::of(&known, at(2)).activity;
            assert_eq!(partial, Activity::Unknown, "{lines:?}");
        }
    }
}
