//! What is seen, as a file: text as it stands on screen, or an object a line with every field.

use super::Logs;
use crate::app::Effect;
use crate::domain::Timestamp;
use crate::domain::log::export as lines;
use crate::domain::log::export::ExportFormat;
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
    let format = if is_json {
        ExportFormat::Json
    } else {
        ExportFormat::Text
    };
    let view = logs.view();
    let mut text = String::with_capacity(logs.book().bytes() + view.len() * 48);
    for line in lines::export(view, logs.book().sources(), format) {
        text.push_str(&line);
        text.push('\n');
    }
    Ok(Effect::Write {
        name: name.to_owned(),
        lines: view.len(),
        text,
    })
}
