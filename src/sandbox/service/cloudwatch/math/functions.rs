//! The functions of metric math.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Calculated, Outcome, Series, kept};
use crate::sandbox::world::traffic::real;

/// `window` is what can have points, in seconds since the epoch.
pub(super) fn apply(name: &str, values: Vec<Outcome>, window: &Range<i64>) -> Calculated {
    let mut values = values.into_iter();
    match (name, values.next(), values.next(), values.next()) {
        ("SUM" | "AVG" | "MIN" | "MAX", Some(value), None, None) => folded(name, value),
        ("ABS" | "CEIL" | "FLOOR" | "RATE" | "DIFF" | "RUNNING_SUM", Some(value), None, None) => {
            each(value, |series| Ok(along(name, series)))
        }
        ("PERIOD", Some(Outcome::Series(series)), None, None) => {
            Ok(Outcome::Number(real(series.period)))
        }
        ("METRIC_COUNT", Some(Outcome::Many(all)), None, None) => {
            let count = i64::try_from(all.len()).unwrap_or(i64::MAX);
            Ok(Outcome::Number(real(count)))
        }
        ("FILL", Some(value), Some(with), None) => {
            each(value, |series| filled(series, &with, window))
        }
        ("IF", Some(condition), Some(yes), no) => chosen(&condition, &yes, no.as_ref()),
        _ => Err(format!(
            "The function {name} is not known, or takes other arguments"
        )),
    }
}

/// One series after the other.
fn each(value: Outcome, act: impl Fn(Series) -> Result<Series, String>) -> Calculated {
    match value {
        Outcome::Series(series) => act(series).map(Outcome::Series),
        Outcome::Many(all) => {
            let all: Result<Vec<Series>, String> = all.into_iter().map(act).collect();
            all.map(Outcome::Many)
        }
        Outcome::Number(_) | Outcome::Text(_) => {
            Err("The function takes time series only".to_owned())
        }
    }
}

fn fold(name: &str, values: &[f64]) -> Option<f64> {
    let sum = || values.iter().sum::<f64>();
    let count = real(i64::try_from(values.len()).unwrap_or(i64::MAX));
    match name {
        "SUM" => Some(sum()),
        "AVG" => (!values.is_empty()).then(|| sum() / count),
        "MIN" => values.iter().copied().reduce(f64::min),
        _ => values.iter().copied().reduce(f64::max),
    }
}

/// A series becomes a number, several series become one.
fn folded(name: &str, value: Outcome) -> Calculated {
    match value {
        Outcome::Series(series) => {
            let values: Vec<f64> = series.points.iter().map(|(_, value)| *value).collect();
            Ok(Outcome::Number(fold(name, &values).unwrap_or(f64::NAN)))
        }
        Outcome::Many(all) => {
            let mut at: BTreeMap<i64, Vec<f64>> = BTreeMap::new();
            for (time, value) in all.iter().flat_map(|series| &series.points) {
                at.entry(*time).or_default().push(*value);
            }
            let points = at
                .into_iter()
                .filter_map(|(time, values)| Some((time, fold(name, &values)?)));
            Ok(Outcome::Series(Series {
                label: String::new(),
                period: all.first().map_or(60, |series| series.period),
                points: points.collect(),
            }))
        }
        Outcome::Number(_) | Outcome::Text(_) => {
            Err("The function takes time series only".to_owned())
        }
    }
}

fn along(name: &str, series: Series) -> Series {
    let steps = || {
        let pairs = series.points.windows(2);
        pairs.map(|pair| (pair[1].0, pair[1].1 - pair[0].1, pair[1].0 - pair[0].0))
    };
    let values = || series.points.iter().copied();
    let mut sum = 0.0;
    let points = match name {
        "ABS" => values().map(|(at, value)| (at, value.abs())).collect(),
        "CEIL" => values().map(|(at, value)| (at, value.ceil())).collect(),
        "FLOOR" => values().map(|(at, value)| (at, value.floor())).collect(),
        "DIFF" => steps().map(|(at, change, _)| (at, change)).collect(),
        "RATE" => kept(steps().map(|(at, change, seconds)| (at, change / real(seconds)))),
        _ => values()
            .map(|(at, value)| {
                sum += value;
                (at, sum)
            })
            .collect(),
    };
    Series { points, ..series }
}

fn filled(series: Series, with: &Outcome, window: &Range<i64>) -> Result<Series, String> {
    let known: BTreeMap<i64, f64> = series.points.iter().copied().collect();
    let count = (window.end - window.start).max(0) / series.period.max(1);
    let times = (0..count).map(|number| window.start + number * series.period);
    let mut points = Vec::new();
    for at in times {
        let before = known.range(..=at).next_back();
        let after = known.range(at..).next();
        let value = match (with, before, after) {
            (_, Some((time, value)), _) if *time == at => Some(*value),
            (Outcome::Number(number), _, _) => Some(*number),
            (Outcome::Text(word), Some((_, value)), _) if word == "REPEAT" => Some(*value),
            (Outcome::Text(word), Some((from, low)), Some((to, high))) if word == "LINEAR" => {
                Some(low + (high - low) * real(at - from) / real(to - from))
            }
            (Outcome::Text(word), _, _) if word == "REPEAT" || word == "LINEAR" => None,
            (Outcome::Series(_) | Outcome::Many(_) | Outcome::Text(_), _, _) => {
                return Err("FILL takes a number, REPEAT or LINEAR".to_owned());
            }
        };
        points.extend(value.map(|value| (at, value)));
    }
    // What lies past the grid stays: it is there.
    let last = points.last().map_or(i64::MIN, |(at, _)| *at);
    points.extend(
        known
            .range(last.saturating_add(1)..)
            .map(|(at, value)| (*at, *value)),
    );
    Ok(Series { points, ..series })
}

/// Point by point: where the condition is not zero the one, elsewhere the other or nothing.
fn chosen(condition: &Outcome, yes: &Outcome, no: Option<&Outcome>) -> Calculated {
    let at = |outcome: &Outcome, time: i64| match outcome {
        Outcome::Number(number) => Some(*number),
        Outcome::Series(series) => {
            let found = series.points.binary_search_by_key(&time, |(at, _)| *at);
            found.ok().map(|place| series.points[place].1)
        }
        Outcome::Many(_) | Outcome::Text(_) => None,
    };
    let grid = [Some(condition), Some(yes), no]
        .into_iter()
        .flatten()
        .find_map(|outcome| match outcome {
            Outcome::Series(series) => Some(series),
            Outcome::Number(_) | Outcome::Many(_) | Outcome::Text(_) => None,
        });
    let Some(grid) = grid else {
        return Err("IF takes at least one time series".to_owned());
    };
    let points = grid.points.iter().filter_map(|(time, _)| {
        let value = if at(condition, *time)? == 0.0 {
            at(no?, *time)
        } else {
            at(yes, *time)
        };
        Some((*time, value?))
    });
    Ok(Outcome::Series(Series {
        label: String::new(),
        period: grid.period,
        points: points.collect(),
    }))
}
