//! What Enter shows of a line: JSON by its fields, the whole invocation of a Lambda line, else the text in full.

use super::{Logs, Page, Part, Spot};
use crate::app::App;
use crate::app::notice::Severity;
use crate::app::overlay::{Overlay, Scroll};
use crate::domain::log::gist::gist;
use crate::domain::log::invocation::{Invocation, Report, invocation};
use crate::domain::log::json::{JsonRow, unfold};
use crate::domain::log::{Line, LogBook, View, timestamp};

/// Lines of an invocation that are shown below one of them.
const LINES_AT_MOST: usize = 2_000;

impl App {
    /// Opens the selected line in place, or closes it.
    pub(in crate::app) fn open_line(&mut self) {
        let text = match self.logs.page {
            // It goes to the first hit when that comes; a line that nobody meant is not opened meanwhile.
            Page::Lines if self.logs.wants_hit => {
                let words = "Still searching: the first hit will be selected.";
                self.notices.answer(self.now, Severity::Info, words);
                None
            }
            Page::Lines => self.logs.toggle_open(),
            Page::Patterns => {
                self.open_pattern();
                None
            }
            Page::Insights => self
                .logs
                .query
                .as_ref()
                .and_then(super::Query::selected_text),
        };
        if let Some(text) = text {
            self.overlays.push(Overlay::Text {
                title: "Line".to_owned(),
                text,
                scroll: Scroll::default(),
            });
        }
    }
}

impl Logs {
    /// Opens or closes the selected line; one that has nothing to unfold is given back, to be read in full.
    fn toggle_open(&mut self) -> Option<String> {
        let Spot { line: id, .. } = self.reader.cursor(&self.view())?;
        let view = View::new(&self.book, self.filter.sieve());
        self.reader.pause(&view);
        if self.reader.close(id) {
            return None;
        }
        let line = self.book.line(self.book.row_of(id)?)?;
        let mut parts = Vec::new();
        if let Some(unfolded) = unfold(line.exact()) {
            parts.push(part(&unfolded.before, 0));
            parts.extend(unfolded.rows.iter().map(json));
            parts.push(part(&unfolded.behind, 0));
            parts.retain(|part| !part.text.is_empty());
        }
        if let Some(whole) = invocation(&self.book, id) {
            parts.extend(of_invocation(&self.book, &whole));
        }
        if parts.is_empty() {
            return Some(line.safe().into_owned());
        }
        self.reader.open(id, parts);
        None
    }

    /// Closes the selected line, or else the one that was opened last; tells whether there was one.
    pub(super) fn close_fold(&mut self) -> bool {
        let here = self.reader.cursor(&self.view()).map(|spot| spot.line);
        here.is_some_and(|line| self.reader.close(line)) || self.reader.close_last()
    }
}

fn part(text: &str, value: usize) -> Part {
    Part {
        text: text.to_owned(),
        value,
    }
}

/// `    name: value`
fn json(row: &JsonRow) -> Part {
    let indent = "  ".repeat(row.indent);
    let name = row
        .key
        .as_ref()
        .map_or_else(|| indent.clone(), |key| format!("{indent}{key}: "));
    let value = name.len();
    Part {
        text: format!("{name}{}", row.value),
        value,
    }
}

/// The figures first, then every line from START to REPORT.
fn of_invocation(book: &LogBook, whole: &Invocation) -> Vec<Part> {
    let request = crate::domain::untrusted::sanitise(&whole.request);
    let mut parts = vec![part(&format!("invocation {request}"), "invocation ".len())];
    parts.extend(whole.report.as_ref().map(figures));
    let lines = whole
        .lines
        .iter()
        .filter_map(|id| book.line(book.row_of(*id)?));
    let mut last = None;
    for line in lines.take(LINES_AT_MOST) {
        parts.push(of_line(&line, last.replace(line.time)));
    }
    parts
}

/// A line with its time, and how long after the one before.
fn of_line(line: &Line<'_>, before: Option<i64>) -> Part {
    let time = timestamp(line.time).format("%H:%M:%S%.3f");
    let after = before.map_or_else(String::new, |before| format!("+{} ms", line.time - before));
    let head = format!("{time} {after:>9}  ");
    Part {
        value: head.len(),
        text: match gist(line.exact()) {
            Some(gist) => format!("{head}{gist}"),
            None => format!("{head}{}", line.safe()),
        },
    }
}

/// `duration 1 893 ms  billed 1 900 ms  memory 121 of 128 MB  cold start 310 ms  timeout`
fn figures(report: &Report) -> Part {
    let mut words: Vec<String> = Vec::new();
    let mut say = |name: &str, value: Option<f64>, unit: &str| {
        words.extend(value.map(|value| format!("{name} {value} {unit}")));
    };
    say("duration", report.duration_ms, "ms");
    say("billed", report.billed_ms, "ms");
    say("cold start", report.init_ms, "ms");
    say("restore", report.restore_ms, "ms");
    match (report.max_memory_mb, report.memory_mb) {
        (Some(used), Some(of)) => words.push(format!("memory {used} of {of} MB")),
        (Some(used), None) => words.push(format!("memory {used} MB")),
        (None, of) => words.extend(of.map(|of| format!("memory of {of} MB"))),
    }
    words.extend(report.status().map(|status| format!("status {status}")));
    words.extend(report.error().map(|error| format!("error {error}")));
    let head = "REPORT  ";
    Part {
        value: head.len(),
        text: format!("{head}{}", words.join("  ")),
    }
}
