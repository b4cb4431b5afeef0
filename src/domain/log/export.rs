//! What is seen, as lines for a file.

use super::line::{Kind, Line};
use super::view::View;
use super::{LogSource, timestamp};
use chrono::SecondsFormat;
use serde_json::{Map, Value};

/// How lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// Time, place, group and message on one line, harmless to a terminal.
    Text,
    /// One JSON object a line, with the message as it is held: its control characters too, but no line ends at its end,
    /// and of a very long one the beginning; `cut` says how many bytes are missing.
    Json,
}

/// Every row of a view, without line ends. Made one by one, so that a million take no memory.
pub fn export<'a>(
    view: View<'a>,
    sources: &'a [LogSource],
    format: ExportFormat,
) -> impl Iterator<Item = String> + 'a {
    view.lines_from(0).map(move |line| {
        let source = sources.get(line.source);
        match format {
            ExportFormat::Text => text(&line, source),
            ExportFormat::Json => json(&line, source).to_string(),
        }
    })
}

/// One line as text.
pub fn text(line: &Line<'_>, source: Option<&LogSource>) -> String {
    let source = source
        .map(|source| format!("{source} "))
        .unwrap_or_default();
    let late = if line.is_late { "(late) " } else { "" };
    format!("{} {source}{late}{}", time(line), line.safe())
}

fn json(line: &Line<'_>, source: Option<&LogSource>) -> Value {
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
    put("time", time(line).into());
    if let Some(source) = source {
        put("account", source.scope.account.as_str().into());
        put(
            "region",
            source
                .scope
                .region()
                .map_or(Value::Null, |region| region.as_str().into()),
        );
        put("group", source.group.exact().into());
    }
    match line.kind {
        Kind::Event => {
            put("stream", line.stream.exact().into());
            put(
                "level",
                line.level.map_or(Value::Null, |level| level.name().into()),
            );
            put("late", line.is_late.into());
            put("message", line.exact().into());
            if line.cut > 0 {
                put("cut", line.cut.into());
            }
        }
        Kind::Note => _ = put("note", line.exact().into()),
    }
    Value::Object(object)
}

fn time(line: &Line<'_>) -> String {
    timestamp(line.time).to_rfc3339_opts(SecondsFormat::Millis, true)
}
