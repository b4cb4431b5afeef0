//! The numbers of each place, as rows of a table or as JSON lines.

use super::super::Session;
use super::super::output::{self, Cell, Tone};
use super::Asked;
use super::statistic::Statistic;
use super::window::Rows;
use crate::domain::json;
use crate::domain::{Extent, Fold, Measure, Metrics, Region, Scope, Series, Timestamp, Unit};
use serde_json::{Map, Value, json};
use std::io;

/// What was measured in one place.
pub(super) struct Measured<'f> {
    pub(super) scope: &'f Scope,
    pub(super) function: &'f Metrics,
    /// For each statistic that was asked for by itself, what came of it.
    pub(super) others: Vec<Option<&'f Metrics>>,
}

/// Everything that is told.
pub(super) struct Report<'f> {
    pub(super) asked: &'f Asked,
    pub(super) measured: Vec<Measured<'f>>,
}

/// Which periods a row is of.
#[derive(Clone, Copy, Debug)]
enum Span {
    /// All from then until then.
    Whole(Timestamp, Timestamp),
    /// The one that begins then.
    Period(Timestamp),
}

/// The numbers of a row. No data is none.
struct Numbers {
    invocations: Option<f64>,
    errors: Option<f64>,
    throttles: Option<f64>,
    concurrent: Option<f64>,
    /// For each statistic that was asked for.
    durations: Vec<Option<f64>>,
}

impl Measured<'_> {
    fn numbers(&self, statistics: &[Statistic], span: Span) -> Numbers {
        let count = |measure, fold: Fold| {
            let series = self.function.get(measure)?;
            of(series, span, |parts| fold.of(parts))
        };
        let invocations = count(Measure::Invocations, Fold::Sum);
        let duration = |(statistic, other): (&Statistic, Option<&Metrics>)| match statistic {
            Statistic::Average => {
                let calls = invocations.filter(|calls| *calls > 0.0)?;
                Some(count(Measure::DurationSum, Fold::Sum)? / calls)
            }
            Statistic::Sum
            | Statistic::Maximum
            | Statistic::P50
            | Statistic::P95
            | Statistic::P99
            | Statistic::Other(_) => {
                let series = statistic.series(self.function, other)?;
                of(series, span, |parts| statistic.whole(parts))
            }
        };
        let durations = statistics.iter().zip(self.others.iter().copied());
        Numbers {
            invocations,
            errors: count(Measure::Errors, Fold::Sum),
            throttles: count(Measure::Throttles, Fold::Sum),
            concurrent: count(Measure::Concurrent, Fold::Most),
            durations: durations.map(duration).collect(),
        }
    }
}

/// The value of a period, or that of all of them.
fn of(
    series: &Series,
    span: Span,
    whole: impl FnOnce(&mut dyn Iterator<Item = f64>) -> Option<f64>,
) -> Option<f64> {
    match span {
        Span::Period(at) => series.at(at),
        Span::Whole(from, until) => {
            let told = series.points().filter(|(at, _)| (from..until).contains(at));
            whole(&mut told.filter_map(|(_, value)| value))
        }
    }
}

impl Numbers {
    /// Errors for each hundred calls; none where nothing was called.
    fn error_rate(&self) -> Option<f64> {
        let calls = self.invocations.filter(|calls| *calls > 0.0)?;
        Some(self.errors? / calls * 100.0)
    }
}

impl Report<'_> {
    /// The rows of a place, in the order of their times.
    fn spans(&self) -> Vec<(Span, Timestamp, Timestamp)> {
        let window = self.asked.window;
        match window.rows {
            Rows::Total => vec![(
                Span::Whole(window.from, window.until),
                window.from,
                window.until,
            )],
            Rows::Periods => {
                let period = window.grain.period();
                let begins = std::iter::successors(Some(window.from), |at| Some(*at + period));
                begins
                    .take_while(|at| *at < window.until)
                    .map(|at| (Span::Period(at), at, at + period))
                    .collect()
            }
        }
    }

    pub(super) fn table(&self, session: &Session) -> io::Result<()> {
        let by_period = self.asked.window.rows == Rows::Periods;
        let mut heading = vec!["ACCOUNT", "REGION"];
        heading.extend(by_period.then_some("FROM"));
        heading.extend(["INVOCATIONS", "ERRORS", "ERROR RATE", "THROTTLES"]);
        let statistics = self.asked.statistics.iter();
        let durations: Vec<String> = statistics
            .map(|statistic| format!("DURATION {} (ms)", statistic.word()))
            .collect();
        heading.extend(durations.iter().map(String::as_str));
        let mut rows = Vec::new();
        for measured in &self.measured {
            for (span, from, _) in self.spans() {
                let numbers = measured.numbers(&self.asked.statistics, span);
                let mut row = vec![
                    Cell::plain(measured.scope.account.as_str()),
                    Cell::plain(measured.scope.region().map_or("", Region::as_str)),
                ];
                row.extend(by_period.then(|| Cell::plain(super::window::shown(from))));
                row.extend([
                    number(numbers.invocations),
                    alarming(numbers.errors, number(numbers.errors)),
                    alarming(numbers.errors, rate(numbers.error_rate())),
                    alarming(numbers.throttles, number(numbers.throttles)),
                ]);
                row.extend(numbers.durations.into_iter().map(number));
                rows.push(row);
            }
        }
        session.output.table(&heading, &rows)
    }

    pub(super) fn lines(&self) -> io::Result<()> {
        for measured in &self.measured {
            for (span, from, until) in self.spans() {
                output::line(&json::text(&self.object(measured, span, (from, until))))?;
            }
        }
        Ok(())
    }

    /// Numbers as they came, no data as null.
    fn object(
        &self,
        measured: &Measured<'_>,
        span: Span,
        (from, until): (Timestamp, Timestamp),
    ) -> Value {
        let asked = self.asked;
        let numbers = measured.numbers(&asked.statistics, span);
        let durations = asked.statistics.iter().zip(&numbers.durations);
        let durations: Map<String, Value> = durations
            .map(|(statistic, value)| (statistic.word().to_owned(), json!(value)))
            .collect();
        let parts =
            std::iter::once(measured.function).chain(measured.others.iter().flatten().copied());
        let is_whole = parts
            .into_iter()
            .all(|metrics| metrics.extent == Extent::Whole);
        json!({
            "account": measured.scope.account.as_str(),
            "region": measured.scope.region().map(Region::as_str),
            "function": asked.function.exact(),
            "from": from.to_rfc3339(),
            "until": until.to_rfc3339(),
            "period": asked.window.grain.period().num_seconds(),
            // The last period has not ended.
            "running": until == asked.window.until,
            "invocations": numbers.invocations,
            "errors": numbers.errors,
            "error_rate": numbers.error_rate(),
            "throttles": numbers.throttles,
            "concurrent": numbers.concurrent,
            "duration": durations,
            "whole": is_whole,
        })
    }
}

/// As exact as anybody reads it: two places after the point.
fn number(value: Option<f64>) -> Cell {
    let Some(value) = value else {
        return Cell::quiet("-");
    };
    let words = format!("{value:.2}");
    Cell::plain(words.trim_end_matches('0').trim_end_matches('.'))
}

fn rate(value: Option<f64>) -> Cell {
    value.map_or_else(
        || Cell::quiet("-"),
        |value| Cell::plain(Unit::Percent.words(value)),
    )
}

/// The cell in the colour of trouble, where there is some.
fn alarming(count: Option<f64>, cell: Cell) -> Cell {
    if count.is_some_and(|count| count > 0.0) {
        Cell::of(cell.text, Tone::Bad)
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn a_whole_is_made_of_the_points_of_its_window_alone() {
        let minute = |number: i64| Timestamp::UNIX_EPOCH + TimeDelta::minutes(number);
        let values = [1.0, 2.0, 4.0, 8.0].map(Some);
        let series = Series::of(TimeDelta::minutes(1), minute(0), values);
        let sum = |span| of(&series, span, |parts| Fold::Sum.of(parts));
        let first = series.from().unwrap();
        let span = Span::Whole(first + TimeDelta::minutes(1), first + TimeDelta::minutes(3));
        assert_eq!(sum(span), Some(6.0));
    }
}
