//! A log event as queries see it, with the fields that Insights finds in it by itself.

use std::cell::OnceCell;

use serde_json::Value as Json;

use super::datum::Datum;

#[derive(Clone, Debug, Default)]
pub(in crate::sandbox::service::logs) struct Record {
    /// Milliseconds since the epoch.
    pub(in crate::sandbox::service::logs) timestamp: i64,
    /// Milliseconds since the epoch.
    pub(in crate::sandbox::service::logs) ingestion_time: i64,
    pub(in crate::sandbox::service::logs) message: String,
    pub(in crate::sandbox::service::logs) log_stream: String,
    /// `account:group`.
    pub(in crate::sandbox::service::logs) log: String,
    /// Finds the event again.
    pub(in crate::sandbox::service::logs) ptr: String,
    /// The message as JSON, once somebody has asked.
    pub(in crate::sandbox::service::logs) json: OnceCell<Option<Json>>,
}

impl Record {
    pub(super) fn field(&self, name: &str) -> Datum {
        match name {
            "@timestamp" => Datum::Time(self.timestamp),
            "@ingestionTime" => Datum::Time(self.ingestion_time),
            "@message" => Datum::Text(self.message.clone()),
            "@logStream" => Datum::Text(self.log_stream.clone()),
            "@log" => Datum::Text(self.log.clone()),
            "@ptr" => Datum::Text(self.ptr.clone()),
            _ => match name.strip_prefix('@') {
                Some(name) => self.lambda(name).unwrap_or(Datum::Missing),
                None => self.discovered(name).unwrap_or(Datum::Missing),
            },
        }
    }

    /// What a line of the Lambda runtime says of its invocation.
    fn lambda(&self, name: &str) -> Option<Datum> {
        let parts = || self.message.split('\t').map(str::trim);
        let kind = ["START", "END", "REPORT"].into_iter().find(|kind| {
            let rest = self.message.strip_prefix(kind);
            rest.is_some_and(|rest| rest.starts_with(" RequestId: "))
        });
        let figure = |label: &str, factor: f64| {
            kind.filter(|kind| *kind == "REPORT")?;
            let figure = parts().find_map(|part| part.strip_prefix(label))?;
            let number: f64 = figure.split(' ').next()?.parse().ok()?;
            Some(Datum::Number(number * factor))
        };
        match name {
            "type" => Some(Datum::Text(kind?.to_owned())),
            "requestId" if kind.is_some() => {
                let id = self.message.split_whitespace().nth(2)?;
                Some(Datum::Text(id.to_owned()))
            }
            "requestId" => {
                let id = parts().nth(1).filter(|part| looks_like_an_id(part))?;
                Some(Datum::Text(id.to_owned()))
            }
            "duration" => figure("Duration: ", 1.0),
            "billedDuration" => figure("Billed Duration: ", 1.0),
            "initDuration" => figure("Init Duration: ", 1.0),
            "memorySize" => figure("Memory Size: ", 1_000_000.0),
            "maxMemoryUsed" => figure("Max Memory Used: ", 1_000_000.0),
            _ => None,
        }
    }

    /// A field of a message that is a JSON object; a path has dots, and numbers for the places of a list.
    fn discovered(&self, path: &str) -> Option<Datum> {
        let json = self.json.get_or_init(|| {
            let json: Option<Json> = serde_json::from_str(&self.message).ok();
            json.filter(Json::is_object)
        });
        match found(json.as_ref()?, path)? {
            Json::Null | Json::Array(_) | Json::Object(_) => None,
            Json::Bool(flag) => Some(Datum::Flag(*flag)),
            Json::Number(number) => Some(Datum::Text(number.to_string())),
            Json::String(text) => Some(Datum::Text(text.clone())),
        }
    }
}

fn found<'j>(json: &'j Json, path: &str) -> Option<&'j Json> {
    let here = |key: &str| match json {
        Json::Object(members) => members.get(key),
        Json::Array(items) => items.get(key.parse::<usize>().ok()?),
        _ => None,
    };
    here(path).or_else(|| {
        let (first, rest) = path.split_once('.')?;
        found(here(first)?, rest)
    })
}

fn looks_like_an_id(text: &str) -> bool {
    text.len() == 36 && text.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(message: &str) -> Record {
        Record {
            message: message.to_owned(),
            ..Record::default()
        }
    }

    #[test]
    fn the_fields_of_a_json_line_are_found_by_their_paths() {
        let line = record(
            r#"{"level":"ERROR","cold":true,"http":{"status":502},"ids":["a","b"],"x.y":1,"none":null}"#,
        );
        for (path, expected) in [
            ("level", Some("ERROR")),
            ("cold", Some("1")),
            ("http.status", Some("502")),
            ("ids.1", Some("b")),
            ("x.y", Some("1")),
            ("none", None),
            ("http", None),
            ("absent.deep", None),
        ] {
            assert_eq!(line.field(path).text().as_deref(), expected, "{path}");
        }
        assert!(record("[1]").field("0").is_missing());
    }

    #[test]
    fn a_report_line_of_lambda_has_figures() {
        let id = "8f5e0c1a-0b1c-4d2e-9f3a-1b2c3d4e5f60";
        let report = record(&format!(
            "REPORT RequestId: {id}\tDuration: 12.50 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB\tMax Memory Used: 64 MB\t"
        ));
        for (field, expected) in [
            ("@type", "REPORT"),
            ("@requestId", id),
            ("@duration", "12.5"),
            ("@billedDuration", "13"),
            ("@memorySize", "128000000"),
            ("@maxMemoryUsed", "64000000"),
        ] {
            assert_eq!(
                report.field(field).text().as_deref(),
                Some(expected),
                "{field}"
            );
        }
        let line = record(&format!("2026-11-20T14:00:00.000Z\t{id}\tINFO\thello"));
        assert_eq!(line.field("@requestId").text().as_deref(), Some(id));
        assert!(line.field("@type").is_missing());
    }
}
