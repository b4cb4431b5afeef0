//! A server that has its pages ready in memory, so that what is measured is the one who reads them.

use crate::wire;
use chrono::Utc;
use std::borrow::Cow;
use std::fmt::Write as _;
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
        let _ = write!(
            body,
            r#"{{"eventId":"{:056}","ingestionTime":{},"logStreamName":"2026/11/20/[$LATEST]{:032x}","message":"{{\"level\":\"info\",\"message\":\"order placed\",\"order\":{},\"latency_ms\":{},\"path\":\"/api/v1/orders\",\"cart\":\"c-{:08x}\"}}","timestamp":{time}}}"#,
            39_000_000_000 + number,
            time + 700,
            number % 7,
            100_000 + number,
            number % 997,
            number * 7_919,
        );
    }
    body.push(']');
    let last = format!("{body}}}");
    let _ = write!(body, r#","nextToken":"page-{}"}}"#, page + 1);
    (body.into_bytes(), last.into_bytes())
}

/// Answers one connection until it ends.
fn serve(stream: &TcpStream, stock: &[(Vec<u8>, Vec<u8>)], pages: &AtomicUsize) {
    wire::serve(stream, |head, body| {
        if head.contains("filterlogevents") {
            let page = page_asked(body);
            let (on, last) = &stock[page];
            let is_last = page + 1 >= pages.load(Ordering::SeqCst);
            (
                wire::JSON,
                Cow::Borrowed(if is_last { &**last } else { &**on }),
            )
        } else if head.contains("describeloggroups") {
            (
                wire::JSON,
                Cow::Owned(wire::groups(super::GROUP).into_bytes()),
            )
        } else {
            wire::others(head)
        }
    });
}

/// The number in the token, nought without one.
fn page_asked(body: &str) -> usize {
    let token = body.split_once("page-").map(|(_, rest)| rest);
    let digits = token.map(|rest| rest.split('"').next().unwrap_or_default());
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}
