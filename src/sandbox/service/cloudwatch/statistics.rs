//! `GetMetricStatistics`: one metric, several statistics, 1,440 points.

use chrono::DateTime;

use super::super::{Answer, Call, Refused};
use super::ask::{self, bad_combination, invalid_value, missing_parameter};
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::metrics::{Board, Statistic, Tally};

const MOST_POINTS: i64 = 1_440;

pub(super) fn get(call: &Call<'_>) -> Answer {
    for member in ["Namespace", "MetricName"] {
        if call.input.text(member).is_none() {
            return Err(missing_parameter(format!(
                "The parameter {member} is required."
            )));
        }
    }
    let (start, end) = (ask::time(call, "StartTime")?, ask::time(call, "EndTime")?);
    let Some(period) = call.input.integer("Period") else {
        return Err(missing_parameter("The parameter Period is required."));
    };
    if !ask::is_period(period) {
        return Err(invalid_value(format!(
            "The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60: {period} is not."
        )));
    }
    if start >= end {
        return Err(bad_combination(
            "The parameter StartTime must be less than the parameter EndTime.",
        ));
    }
    let plain = statistics(call, "Statistics")?;
    let extended = statistics(call, "ExtendedStatistics")?;
    if plain.is_empty() && extended.is_empty() {
        return Err(missing_parameter(
            "Must specify either Statistics or ExtendedStatistics",
        ));
    }
    let asked = (end - start) / period;
    if asked > MOST_POINTS {
        return Err(bad_combination(format!(
            "You have requested up to {} datapoints, which exceeds the limit of 1,440. You may reduce the \
             datapoints requested by increasing Period, or decreasing the time range.",
            grouped(asked)
        )));
    }
    let metric = ask::metric(call.input);
    let unit = Board::unit(&metric);
    let window = ask::rounded(start..end, call.now.timestamp());
    let spread = extended.iter().any(|(_, asked)| asked.needs_spread());
    let mut points = match call.input.text("Unit") {
        // A metric in another unit is another metric.
        Some(wanted) if wanted != unit => Vec::new(),
        Some(_) | None => call.board()?.points(&metric, &window, period, spread),
    };
    // AWS promises no order; a client that counts on one should notice here.
    let middle = points.len() / 2;
    points.rotate_left(middle);
    let written = points
        .iter()
        .map(|(at, tally)| point(*at, tally, unit, &plain, &extended));
    Ok(Map::new()
        .with("Label", &metric.name)
        .with("Datapoints", written.collect::<Value>()))
}

type Named = (String, Statistic);

fn statistics(call: &Call<'_>, member: &str) -> Result<Vec<Named>, Refused> {
    let names = call.input.texts(member);
    let parsed = names.into_iter().map(|name| {
        let extended = member == "ExtendedStatistics";
        let statistic = Statistic::parse(&name);
        match statistic.filter(|statistic| statistic.needs_spread() == extended) {
            Some(statistic) => Ok((name, statistic)),
            None => Err(invalid_value(format!(
                "The value {name} for parameter {member} is not supported."
            ))),
        }
    });
    parsed.collect()
}

fn point(at: i64, tally: &Tally, unit: &str, plain: &[Named], extended: &[Named]) -> Map {
    let mut point = Map::new().with(
        "Timestamp",
        DateTime::from_timestamp(at, 0).unwrap_or_default(),
    );
    for (name, statistic) in plain {
        if let Some(value) = tally.statistic(*statistic) {
            point.set(name.clone(), value);
        }
    }
    point.set("Unit", unit);
    if !extended.is_empty() {
        let mut values = Map::new();
        for (name, statistic) in extended {
            if let Some(value) = tally.statistic(*statistic) {
                values.set(name.clone(), value);
            }
        }
        point.set("ExtendedStatistics", values);
    }
    point
}

/// `86,400`.
fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
