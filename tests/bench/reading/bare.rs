//! The loops that the program is measured against: HTTP, `serde_json`, print, and nothing else.
//!
//! They make nothing of hostile text, order, repeats, quotas, credentials or failures. The plain one is what anyone
//! would write first, with `serde_json::Value` and `println!`. The tuned one has shapes of its own and a buffer, and
//! prints the very lines that the program prints; it has no bar, but is what there is to win.

use chrono::{DateTime, SecondsFormat};
use serde::Deserialize;
use serde_json::Value;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::net::TcpStream;

/// As the program words it.
const PLACE: &str = "us-east-1";

/// Which loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loop {
    Plain,
    Tuned,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    events: Vec<Event>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    timestamp: i64,
    message: String,
    #[expect(dead_code, reason = "read as the program reads it")]
    ingestion_time: i64,
    #[expect(dead_code, reason = "read as the program reads it")]
    log_stream_name: String,
    #[expect(dead_code, reason = "read as the program reads it")]
    #[serde(rename = "eventId")]
    id: String,
}

impl Loop {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Loop::Plain => "--plain-loop",
            Loop::Tuned => "--tuned-loop",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Loop> {
        [Loop::Plain, Loop::Tuned]
            .into_iter()
            .find(|one| one.name() == name)
    }

    /// Prints every event of so many pages.
    pub(crate) fn run(self, address: &str, pages: usize) {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        let mut answers = BufReader::with_capacity(1 << 16, stream.try_clone().unwrap());
        let mut out = BufWriter::with_capacity(1 << 16, std::io::stdout());
        let mut token = Some(String::new());
        let mut read = 0;
        while let Some(at) = token.filter(|_| read < pages) {
            let question = format!(r#"{{"logGroupName":"x","nextToken":"{at}"}}"#);
            write!(
                stream,
                "POST / HTTP/1.1\r\nhost: bench\r\nx-amz-target: Logs_20140328.FilterLogEvents\r\ncontent-length: {}\r\n\r\n{question}",
                question.len()
            )
            .unwrap();
            let mut body = vec![0; length(&mut answers)];
            answers.read_exact(&mut body).unwrap();
            token = match self {
                Loop::Plain => plain(&body),
                Loop::Tuned => tuned(&body, &mut out),
            };
            read += 1;
        }
        out.flush().unwrap();
    }
}

fn plain(body: &[u8]) -> Option<String> {
    let page: Value = serde_json::from_slice(body).unwrap();
    for event in page["events"].as_array().unwrap() {
        let message = event["message"].as_str().unwrap();
        println!("{} {PLACE} {} {message}", event["timestamp"], super::GROUP);
    }
    page["nextToken"].as_str().map(str::to_owned)
}

fn tuned(body: &[u8], out: &mut impl Write) -> Option<String> {
    let page: Page = serde_json::from_slice(body).unwrap();
    for event in page.events {
        let time = DateTime::from_timestamp_millis(event.timestamp).unwrap();
        let time = time.to_rfc3339_opts(SecondsFormat::Millis, true);
        writeln!(out, "{time} {PLACE} {} {}", super::GROUP, event.message).unwrap();
    }
    page.next_token
}

/// Reads the head of an answer; tells how long its body is.
fn length(answers: &mut impl BufRead) -> usize {
    let mut length = 0;
    let mut line = String::new();
    loop {
        line.clear();
        answers.read_line(&mut line).unwrap();
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            return length;
        }
    }
}
