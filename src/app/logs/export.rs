//! What is seen, as a file: text as it stands on screen, or an object a line with every field.

use super::Logs;
use crate::app::Effect;
use crate::domain::log::{Line, LineKind, timestamp};
use crate::domain::{LogSource, Timestamp};
use std::fmt::Write;
use std::path::Path;

/// The name that is proposed.
pub(super) fn name(now: Timestamp) -> String {
    format!("logs-{}.txt", now.format("%Y%m%d-%H%M%S"))
}

/// Writes the lines that are shown; a name that ends in `.json` or `.jsonl` asks for JSON lines. The error is a
/// sentence.
pub(super) fn export(logs: &Logs, name: &str) -> Result<Effect, String> {
    let name = name.trim();
    if name.is_empty() {
        return Err("A file needs a name.".to_owned());
    }
    let ending = Path::new(name)
        .extension()
        .and_then(|ending| ending.to_str());
    let is_json = ending.is_some_and(|ending| {
        ["json", "jsonl", "ndjson"]
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known))
    });
    let view = logs.view();
    let sources = logs.book().sources();
    let mut text = String::with_capacity(logs.book().bytes() + view.len() * 48);
    for line in view.lines_from(0) {
        let source = sources.get(line.source);
        if is_json {
            object(&mut text, &line, source);
        } else {
            plain(&mut text, &line, source);
        }
    }
    Ok(Effect::Write {
        name: name.to_owned(),
        lines: view.len(),
        text,
    })
}

/// `2026-11-20T14:32:05.118Z prod eu-west-1 /aws/lambda/checkout ERROR payment declined`
fn plain(out: &mut String, line: &Line<'_>, source: Option<&LogSource>) {
    let time = timestamp(line.time).format("%Y-%m-%dT%H:%M:%S%.3fZ");
    let _ = write!(out, "{time}");
    if let Some(source) = source {
        let region = source.scope.region().map_or("", |region| region.as_str());
        let _ = write!(
            out,
            " {} {region} {}",
            source.scope.account,
            source.group.safe()
        );
    }
    if let Some(level) = line.level {
        let _ = write!(out, " {level}");
    }
    let _ = writeln!(out, " {}", line.safe());
}

fn object(out: &mut String, line: &Line<'_>, source: Option<&LogSource>) {
    let kind = match line.kind {
        LineKind::Event => "event",
        LineKind::Note => "note",
    };
    let time = timestamp(line.time)
        .format("%Y-%m-%dT%H:%M:%S%.3fZ")
        .to_string();
    let region = source.and_then(|source| source.scope.region());
    let object = serde_json::json!({
        "kind": kind,
        "time": time,
        "account": source.map(|source| source.scope.account.as_str()),
        "region": region.map(crate::domain::Region::as_str),
        "group": source.map(|source| source.group.exact()),
        "stream": line.stream.exact(),
        "level": line.level.map(crate::domain::log::Level::name),
        "message": line.exact(),
    });
    let _ = writeln!(out, "{object}");
}
