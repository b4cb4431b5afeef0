//! What requests about metrics have in common: metrics, times, and how AWS words what is wrong.

use std::ops::Range;

use chrono::{DateTime, Utc};

use super::super::{Call, Refused};
use crate::sandbox::failure::Failure;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::metrics::Metric;

/// A failure that the model has a shape for; older clients know it by another code.
fn modelled(status: u16, shape: &str, code: &str, message: impl Into<String>) -> Refused {
    let failure = Failure::new(status, shape, message);
    Failure {
        query_code: Some(code.to_owned()),
        ..failure
    }
    .into()
}

pub(super) fn invalid_token() -> Refused {
    let words = "The next token specified is invalid.";
    modelled(400, "InvalidNextToken", "InvalidNextToken", words)
}

pub(super) fn invalid_value(message: impl Into<String>) -> Refused {
    modelled(
        400,
        "InvalidParameterValueException",
        "InvalidParameterValue",
        message,
    )
}

pub(super) fn bad_combination(message: impl Into<String>) -> Refused {
    modelled(
        400,
        "InvalidParameterCombinationException",
        "InvalidParameterCombination",
        message,
    )
}

pub(super) fn missing_parameter(message: impl Into<String>) -> Refused {
    modelled(
        400,
        "MissingRequiredParameterException",
        "MissingParameter",
        message,
    )
}

pub(super) fn no_such_alarm() -> Refused {
    let words = "The named resource does not exist.";
    modelled(404, "ResourceNotFound", "ResourceNotFound", words)
}

pub(super) fn bad_format(message: impl Into<String>) -> Refused {
    modelled(400, "InvalidFormatFault", "InvalidFormat", message)
}

/// What no shape of the model says.
pub(super) fn invalid(message: impl Into<String>) -> Refused {
    modelled(400, "ValidationError", "ValidationError", message)
}

/// A member that is not as its model says.
pub(super) fn constraint(value: &str, member: &str, rule: &str) -> Refused {
    invalid(format!(
        "1 validation error detected: Value {value} at '{member}' failed to satisfy constraint: Member must {rule}"
    ))
}

/// A time that has to be there, in seconds since the epoch.
pub(super) fn time(call: &Call<'_>, member: &str) -> Result<i64, Refused> {
    match call.input.get(member) {
        None | Some(Value::Null) => Err(missing_parameter(format!(
            "The parameter {member} is required."
        ))),
        Some(value) => moment(value).map(|at| at.timestamp()).ok_or_else(|| {
            invalid_value(format!("Value for parameter {member} is not a timestamp."))
        }),
    }
}

/// A time in any protocol's writing.
pub(super) fn moment(value: &Value) -> Option<DateTime<Utc>> {
    match value {
        Value::Time(time) => Some(*time),
        Value::Integer(seconds) => DateTime::from_timestamp(*seconds, 0),
        Value::Float(seconds) => {
            let millis = crate::sandbox::world::traffic::whole(seconds * 1_000.0);
            DateTime::from_timestamp_millis(millis)
        }
        Value::Text(text) => DateTime::parse_from_rfc3339(text)
            .map(|time| time.with_timezone(&Utc))
            .ok(),
        Value::Null | Value::Bool(_) | Value::Blob(_) | Value::List(_) | Value::Map(_) => None,
    }
}

/// The metric that a structure names.
pub(super) fn metric(input: &Map) -> Metric {
    let text = |key: &str| input.text(key).unwrap_or_default().into_owned();
    let mut dimensions: Vec<(String, String)> = input
        .list("Dimensions")
        .iter()
        .filter_map(Value::map)
        .map(|dimension| {
            let text = |key: &str| dimension.text(key).unwrap_or_default().into_owned();
            (text("Name"), text("Value"))
        })
        .collect();
    dimensions.sort();
    Metric {
        namespace: text("Namespace"),
        name: text("MetricName"),
        dimensions,
    }
}

/// A metric's dimensions as answers write them.
pub(super) fn dimensions(metric: &Metric) -> Value {
    let pairs = metric.dimensions.iter();
    pairs
        .map(|(name, value)| Map::new().with("Name", name).with("Value", value))
        .collect()
}

/// Whether a period is one of those that CloudWatch takes.
pub(super) fn is_period(seconds: i64) -> bool {
    [1, 5, 10, 20, 30].contains(&seconds) || (seconds > 0 && seconds % 60 == 0)
}

/// A window as CloudWatch rounds it: its start down, the older the coarser, its end to the minute. Points
/// have the times that count from that start, and not from the hour.
pub(super) fn rounded(window: Range<i64>, now: i64) -> Range<i64> {
    const DAY: i64 = 86_400;
    let step = match now - window.start {
        age if age < 15 * DAY => 60,
        age if age < 63 * DAY => 300,
        _ => 3_600,
    };
    window.start.div_euclid(step) * step..window.end.div_euclid(60) * 60
}
