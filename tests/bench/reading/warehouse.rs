//! A server that has its pages ready in memory, so that what is measured is the one who reads them.

use chrono::Utc;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Events to a page, the most that CloudWatch gives.
pub(super) const EVENTS: usize = 10_000;

pub(super) struct Warehouse {
    address: SocketAddr,
    /// How many pages a range has.
    pages: Arc<AtomicUsize>,
}

impl Warehouse {
    pub(super) fn open(most: usize) -> Warehouse {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let pages = Arc::new(AtomicUsize::new(most));
        let stock: Arc<Vec<(Vec<u8>, Vec<u8>)>> =
            Arc::new((0..most).map(|page| bodies(page, most)).collect());
        let count = Arc::clone(&pages);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, stock, count) =
                    (stream.unwrap(), Arc::clone(&stock), Arc::clone(&count));
                std::thread::spawn(move || serve(&stream, &stock, &count));
            }
        });
        Warehouse { address, pages }
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Makes every range so many pages long.
    pub(super) fn fill(&self, pages: usize) {
        self.pages.store(pages, Ordering::SeqCst);
    }
}

/// A page, with the token of the next and without.
fn bodies(page: usize, pages: usize) -> (Vec<u8>, Vec<u8>) {
    // Over the nine minutes before now, page after page.
    let began = Utc::now().timestamp_millis() - 9 * 60_000;
    let step = 9.0 * 60_000.0 / (pages * EVENTS) as f64;
    let mut body = String::from(r#"{"events":["#);
    for event in 0..EVENTS {
        let number = page * EVENTS + event;
        let time = began + (number as f64 * step) as i64;
        if event > 0 {
            body.push(',');
        }
        body.push_str(&format!(
            r#"{{"eventId":"{:056}","ingestionTime":{},"logStreamName":"2026/11/20/[$LATEST]{:032x}","message":"{{\"level\":\"info\",\"message\":\"order placed\",\"order\":{},\"latency_ms\":{},\"path\":\"/api/v1/orders\",\"cart\":\"c-{:08x}\"}}","timestamp":{time}}}"#,
            39_000_000_000 + number,
            time + 700,
            number % 7,
            100_000 + number,
            number % 997,
            number * 7_919,
        ));
    }
    body.push(']');
    let last = format!("{body}}}");
    body.push_str(&format!(r#","nextToken":"page-{}"}}"#, page + 1));
    (body.into_bytes(), last.into_bytes())
}

/// Answers one connection until it ends.
fn serve(stream: &TcpStream, stock: &[(Vec<u8>, Vec<u8>)], pages: &AtomicUsize) {
    stream.set_nodelay(true).unwrap();
    let mut questions = BufReader::new(stream);
    let mut answers = stream;
    while let Some((head, body)) = question(&mut questions) {
        let head = head.to_lowercase();
        let (kind, answer): (_, &[u8]) = if head.contains("filterlogevents") {
            let page = page_asked(&body);
            let (on, last) = &stock[page];
            let is_last = page + 1 >= pages.load(Ordering::SeqCst);
            (
                "application/x-amz-json-1.1",
                if is_last { last } else { on },
            )
        } else if head.contains("describeloggroups") {
            ("application/x-amz-json-1.1", br#"{"logGroups":[{"logGroupName":"/bench/orders","arn":"arn:aws:logs:us-east-1:123456789012:log-group:/bench/orders:*","creationTime":1,"storedBytes":0}]}"#)
        } else {
            ("text/xml", br#"<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/bench</Arn><UserId>AIDABENCH</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"#)
        };
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n",
            answer.len()
        );
        if answers.write_all(head.as_bytes()).is_err() || answers.write_all(answer).is_err() {
            return;
        }
    }
}

/// Head and body of the next request.
fn question(questions: &mut impl BufRead) -> Option<(String, String)> {
    let (mut head, mut line) = (String::new(), String::new());
    loop {
        line.clear();
        if questions.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line.trim().is_empty() {
            break;
        }
        head.push_str(&line);
    }
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse::<usize>().ok())?
    });
    let mut body = vec![0; length.unwrap_or_default()];
    questions.read_exact(&mut body).ok()?;
    Some((head, String::from_utf8(body).ok()?))
}

/// The number in the token, nought without one.
fn page_asked(body: &str) -> usize {
    let token = body.split_once("page-").map(|(_, rest)| rest);
    let digits = token.map(|rest| rest.split('"').next().unwrap_or_default());
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}
