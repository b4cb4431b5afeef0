//! What a JSON line says, on one row: its message first, then its other fields, without what the columns show already.

use crate::domain::untrusted::sanitise;
use serde_json::{Map, Value};
use std::fmt::Write;

/// A longer line is shown as it is: reading it for every frame would be felt.
const LONGEST: usize = 16 << 10;
/// Where loggers put their sentence.
const MESSAGES: [&str; 5] = ["message", "msg", "errorMessage", "error", "event"];
/// What stands in columns of its own, wherever loggers put it.
const SHOWN: [&str; 8] = [
    "level",
    "timestamp",
    "time",
    "severity",
    "@timestamp",
    "ts",
    "lvl",
    "levelname",
];

/// `payment declined  order=8812 latency_ms=1893`, harmless to a terminal; `None` for what is no JSON object, or says
/// nothing in words.
pub fn gist(line: &str) -> Option<String> {
    let line = line.trim_ascii();
    if line.len() > LONGEST || !line.starts_with('{') {
        return None;
    }
    let object: Map<String, Value> = serde_json::from_str(line).ok()?;
    let (name, message) = MESSAGES.iter().find_map(|name| {
        let message = object.get(*name)?.as_str()?;
        Some((*name, message))
    })?;
    let mut words = sanitise(message).into_owned();
    let mut gap = "  ";
    for (field, value) in &object {
        if field == name || SHOWN.contains(&field.as_str()) || value.is_null() {
            continue;
        }
        let _ = write!(words, "{gap}{}=", sanitise(field));
        match value {
            Value::String(text) => words.push_str(&sanitise(text)),
            other => words.push_str(&sanitise(&other.to_string())),
        }
        gap = " ";
    }
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_comes_first_and_what_has_a_column_is_left_out() {
        for (line, shown) in [
            (
                r#"{"level":"INFO","timestamp":"2026","message":"sold\u001b[2J","order":8812,"by":{"id":1},"no":null}"#,
                Some("sold␛[2J  order=8812 by={\"id\":1}"),
            ),
            (r#" {"msg":"hello"} "#, Some("hello")),
            (r#"{"a":1}"#, None),
            ("{not json", None),
            ("plain", None),
        ] {
            assert_eq!(gist(line).as_deref(), shown, "{line}");
        }
    }
}
