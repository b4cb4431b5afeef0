//! Lambda's own lines: which invocation a line belongs to, and what the service reports of it.

use super::book::LogBook;
use super::line::{Line, LineId};
use super::{Millis, field};
use crate::domain::untrusted::sanitise;
use std::borrow::Cow;

/// Rows that are looked at in each direction.
const ROWS: usize = 200_000;
/// An invocation lasts at most fifteen minutes; its last lines may be written a little later.
const LONGEST: Millis = 16 * 60_000;
/// Bytes of a line in which its request id stands.
const LOOKED_AT: usize = 512;

/// One invocation, as far as the book has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Invocation {
    pub request: String,
    /// Its lines, in their order.
    pub lines: Vec<LineId>,
    pub report: Option<Report>,
}

/// The figures of a REPORT line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    pub duration_ms: Option<f64>,
    pub billed_ms: Option<f64>,
    pub memory_mb: Option<f64>,
    pub max_memory_mb: Option<f64>,
    /// A cold start's.
    pub init_ms: Option<f64>,
    pub restore_ms: Option<f64>,
    /// `timeout`, `error`; nothing when all went well.
    status: Option<String>,
    error: Option<String>,
}

/// What the service says with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    Start,
    Report,
}

/// The request id of a line, if it has one where Lambda's runtimes write it.
pub fn request_id(line: &str) -> Option<&str> {
    let head = line
        .get(..line.floor_char_boundary(LOOKED_AT))
        .unwrap_or(line);
    // `START RequestId: …`, `RequestId: … Error: …`
    if let Some((_, behind)) = head.split_once("RequestId: ") {
        return uuid(behind);
    }
    if head.contains('{') {
        let names = [
            "requestId",
            "request_id",
            "awsRequestId",
            "AWSRequestId",
            "function_request_id",
        ];
        let found = names.into_iter().find_map(|name| {
            let behind = line.split_once(name)?.1.strip_prefix('"')?;
            uuid(
                behind
                    .trim_start()
                    .strip_prefix(':')?
                    .trim_start()
                    .strip_prefix('"')?,
            )
        });
        if found.is_some() {
            return found;
        }
    }
    // `2026-…Z\t<id>\tINFO\t…` of node, `[INFO]\t2026-…Z\t<id>\t…` of python, `2026-…Z <id> Task timed out`
    let mut words = head.split(['\t', ' ']).take(4);
    words.find(|word| {
        word.len() >= 20 && word.ends_with('Z') && word.starts_with(|c: char| c.is_ascii_digit())
    })?;
    uuid(words.next()?)
}

/// The figures of a REPORT line, in either of its formats.
pub fn report(line: &str) -> Option<Report> {
    match event(line)? {
        Event::Start => None,
        Event::Report if line.starts_with("REPORT ") => Some(of_text(line)),
        Event::Report => of_json(line),
    }
}

/// The whole invocation that a line belongs to: its stream's lines from START to REPORT.
pub fn invocation(book: &LogBook, id: LineId) -> Option<Invocation> {
    let row = book.row_of(id)?;
    let line = book.line(row)?;
    let same_stream = |other: &Line<'_>| other.source == line.source && other.stream == line.stream;
    let near = |other: &Line<'_>| (other.time - line.time).abs() <= LONGEST;

    // Back to the START; a stream serves one request after the other.
    let mut request = request_id(line.exact()).map(str::to_owned);
    let mut lines = Vec::new();
    let before = (0..=row)
        .rev()
        .take(ROWS)
        .map_while(|row| book.line(row))
        .take_while(near);
    for found in before.filter(same_stream) {
        let (its, event) = (request_id(found.exact()), event(found.exact()));
        match (&request, its) {
            (Some(request), Some(its)) if request != its => break,
            (None, Some(_)) if event == Some(Event::Report) && found.id != id => break,
            (None, Some(its)) => request = Some(its.to_owned()),
            _ => {}
        }
        lines.push(found.id);
        if event == Some(Event::Start) {
            break;
        }
    }
    let request = request?;
    lines.reverse();

    // On to the REPORT.
    let mut figures = report(line.exact());
    let behind = book.lines_from(row + 1).take(ROWS).take_while(near);
    for found in behind.filter(same_stream) {
        if figures.is_some() || request_id(found.exact()).is_some_and(|its| its != request) {
            break;
        }
        figures = report(found.exact());
        lines.push(found.id);
    }
    Some(Invocation {
        request,
        lines,
        report: figures,
    })
}

impl Report {
    /// How it ended, harmless to a terminal; nothing when all went well.
    pub fn status(&self) -> Option<Cow<'_, str>> {
        self.status.as_deref().map(sanitise)
    }

    /// The kind of its error, as `Runtime.ExitError`.
    pub fn error(&self) -> Option<Cow<'_, str>> {
        self.error.as_deref().map(sanitise)
    }
}

fn event(line: &str) -> Option<Event> {
    if line.starts_with("START RequestId: ") {
        return Some(Event::Start);
    }
    if line.starts_with("REPORT RequestId: ") {
        return Some(Event::Report);
    }
    let head = line
        .get(..line.floor_char_boundary(LOOKED_AT))
        .unwrap_or(line);
    if !head.starts_with('{') {
        None
    } else if head.contains("\"platform.start\"") {
        Some(Event::Start)
    } else if head.contains("\"platform.report\"") {
        Some(Event::Report)
    } else {
        None
    }
}

fn of_text(line: &str) -> Report {
    let mut report = Report::default();
    for part in line.split('\t') {
        let Some((name, value)) = part.trim().split_once(": ") else {
            continue;
        };
        let number = || value.split(' ').next()?.parse().ok();
        match name {
            "Duration" => report.duration_ms = number(),
            "Billed Duration" => report.billed_ms = number(),
            "Memory Size" => report.memory_mb = number(),
            "Max Memory Used" => report.max_memory_mb = number(),
            "Init Duration" => report.init_ms = number(),
            "Restore Duration" => report.restore_ms = number(),
            "Status" => report.status = Some(value.to_owned()),
            "Error Type" => report.error = Some(value.to_owned()),
            _ => {}
        }
    }
    report
}

fn of_json(line: &str) -> Option<Report> {
    let value = field::json(line)?;
    let record = value.get("record")?;
    let metric = |name| record.get("metrics")?.get(name)?.as_f64();
    let text = |name| Some(record.get(name)?.as_str()?.to_owned());
    Some(Report {
        duration_ms: metric("durationMs"),
        billed_ms: metric("billedDurationMs"),
        memory_mb: metric("memorySizeMB"),
        max_memory_mb: metric("maxMemoryUsedMB"),
        init_ms: metric("initDurationMs"),
        restore_ms: metric("restoreDurationMs"),
        status: text("status").filter(|status| status != "success"),
        error: text("errorType"),
    })
}

/// The id that the text begins with.
fn uuid(text: &str) -> Option<&str> {
    let id = text.get(..36)?;
    let is_id = id.bytes().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    });
    is_id.then_some(id)
}

#[cfg(test)]
mod tests {
    use super::super::LogEvents;
    use super::*;

    const ONE: &str = "8f14e45f-ceea-467f-9ad1-0c1d2e3f4a5b";
    const TWO: &str = "11111111-2222-3333-4444-555555555555";

    #[test]
    fn the_request_id_is_found_where_runtimes_write_it() {
        for line in [
            format!("START RequestId: {ONE} Version: $LATEST"),
            format!("RequestId: {ONE} Error: Runtime exited"),
            format!("2026-11-20T10:00:00.000Z\t{ONE}\tINFO\thello"),
            format!("[INFO]\t2026-11-20T10:00:00.000Z\t{ONE}\thello"),
            format!("2026-11-20T10:00:00.000Z {ONE} Task timed out after 3.00 seconds"),
            format!("{{\"level\":\"INFO\",\"requestId\": \"{ONE}\"}}"),
            format!("{{\"type\":\"platform.start\",\"record\":{{\"requestId\":\"{ONE}\"}}}}"),
        ] {
            assert_eq!(request_id(&line), Some(ONE), "{line}");
        }
        for line in [
            "hello",
            "RequestId: short",
            &format!("order {ONE} is paid"),
            "{\"requestId\":7}",
        ] {
            assert_eq!(request_id(line), None, "{line}");
        }
    }

    #[test]
    fn a_report_is_read_in_either_format() {
        let text = format!(
            "REPORT RequestId: {ONE}\tDuration: 3000.12 ms\tBilled Duration: 3000 ms\tMemory Size: 128 MB\t\
             Max Memory Used: 70 MB\tInit Duration: 180.50 ms\tStatus: timeout\n"
        );
        let json = format!(
            r#"{{"time":"2026","type":"platform.report","record":{{"requestId":"{ONE}","metrics":{{"durationMs":3000.12,
            "billedDurationMs":3000,"memorySizeMB":128,"maxMemoryUsedMB":70,"initDurationMs":180.5}},"status":"timeout"}}}}"#
        );
        let expected = Report {
            duration_ms: Some(3000.12),
            billed_ms: Some(3000.0),
            memory_mb: Some(128.0),
            max_memory_mb: Some(70.0),
            init_ms: Some(180.5),
            restore_ms: None,
            status: Some("timeout".into()),
            error: None,
        };
        assert_eq!(report(&text).as_ref(), Some(&expected));
        assert_eq!(report(&json).as_ref(), Some(&expected));
        assert_eq!(report("REPORT of the day"), None);
    }

    #[test]
    fn the_whole_invocation_is_found_from_any_of_its_lines() {
        let mut page = LogEvents::default();
        let mut write = |stream: &str, time, text: &str| page.push(stream, (time, time), "", text);
        write("a", 1, &format!("START RequestId: {TWO} Version: 1"));
        write("a", 2, "two speaks");
        write("a", 3, &format!("REPORT RequestId: {TWO}\tDuration: 2 ms"));
        write("a", 10, &format!("START RequestId: {ONE} Version: 1"));
        write("b", 11, "another stream");
        write("a", 12, "one speaks");
        write("a", 13, &format!("END RequestId: {ONE}"));
        write("a", 13, &format!("REPORT RequestId: {ONE}\tDuration: 3 ms"));
        write("a", 20, &format!("START RequestId: {TWO} Version: 1"));
        let mut book = LogBook::default();
        book.absorb(0, &page, 30);
        for row in [3, 5, 6, 7] {
            let found = invocation(&book, book.line(row).unwrap().id).unwrap();
            let rows: Vec<_> = found
                .lines
                .iter()
                .map(|id| book.row_of(*id).unwrap())
                .collect();
            assert_eq!(
                (found.request.as_str(), rows),
                (ONE, vec![3, 5, 6, 7]),
                "from row {row}"
            );
            assert_eq!(
                found.report.and_then(|report| report.duration_ms),
                Some(3.0)
            );
        }
        assert_eq!(invocation(&book, book.line(4).unwrap().id), None);
        let running = invocation(&book, book.line(8).unwrap().id).unwrap();
        assert_eq!((running.lines.len(), running.report), (1, None));
    }
}
