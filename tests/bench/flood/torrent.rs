//! A server whose log group never stops: so many events a second in every region, to anyone who asks for any span.
//!
//! Event number `k` of a region happened `k / rate` seconds after the start and is readable at once. A page is made by
//! writing numbers into one that lies ready, so that the server costs little of the machine that it shares.

use crate::wire;
use chrono::Utc;
use std::fmt::Write as _;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;

/// Events to a page, the most that CloudWatch gives.
const EVENTS: u64 = 10_000;

pub(super) struct Torrent {
    address: SocketAddr,
}

/// What all connections share.
struct Spring {
    /// Milliseconds since 1970.
    began: u64,
    /// Events per second in each region.
    rate: u64,
    form: Form,
}

/// A page with gaps for numbers.
struct Form {
    body: Vec<u8>,
    /// Where the numbers of each event stand: id, ingestion, order, time.
    gaps: Vec<[usize; 4]>,
}

/// The digits of an id, a time and an order.
const DIGITS: [usize; 4] = [56, 13, 12, 13];

impl Torrent {
    pub(super) fn open(rate: u64) -> Torrent {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let spring = Arc::new(Spring {
            began: now(),
            rate,
            form: Form::new(),
        });
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, spring) = (stream.unwrap(), Arc::clone(&spring));
                std::thread::spawn(move || spring.serve(&stream));
            }
        });
        Torrent { address }
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Spring {
    fn serve(&self, stream: &TcpStream) {
        wire::serve(stream, |head, body| {
            if head.contains("filterlogevents") {
                (wire::JSON, self.page(body))
            } else if head.contains("describeloggroups") {
                (wire::JSON, wire::groups("/bench/flood").into_bytes())
            } else {
                wire::others(head)
            }
        });
    }

    /// The events from the token, or from the start time, that have happened by now.
    fn page(&self, question: &str) -> Vec<u8> {
        let from = number(question, "\"startTime\":").unwrap_or(0);
        let first = number(question, "\"nextToken\":\"after-")
            .unwrap_or_else(|| from.saturating_sub(self.began) * self.rate / 1_000);
        let until = number(question, "\"endTime\":").map_or_else(now, |until| until.min(now()));
        let last = until.saturating_sub(self.began) * self.rate / 1_000;
        let count = last.saturating_sub(first).min(EVENTS);
        let mut page = self.form.body.clone();
        for (number, gaps) in (first..first + count).zip(&self.form.gaps) {
            let time = self.began + number * 1_000 / self.rate;
            for ((at, width), value) in gaps.iter().zip(DIGITS).zip([number, time, number, time]) {
                write_digits(&mut page[*at..at + width], value);
            }
        }
        let end = match usize::try_from(count).unwrap() {
            0 => self.form.gaps[0][0] - r#"{"eventId":""#.len(),
            count => self.form.gaps[count - 1][3] + DIGITS[3] + 1,
        };
        page.truncate(end);
        page.push(b']');
        if count == EVENTS {
            page.extend(format!(r#","nextToken":"after-{}""#, first + count).bytes());
        }
        page.push(b'}');
        page
    }
}

impl Form {
    fn new() -> Form {
        let mut body = String::from(r#"{"events":["#);
        let gap = |body: &mut String, digits: usize| {
            let at = body.len();
            body.extend(std::iter::repeat_n('0', digits));
            at
        };
        let gaps = (0..EVENTS).map(|event| {
            let mut at = [0; 4];
            body.push_str(if event > 0 { r#",{"eventId":""# } else { r#"{"eventId":""# });
            at[0] = gap(&mut body, DIGITS[0]);
            body.push_str(r#"","ingestionTime":"#);
            at[1] = gap(&mut body, DIGITS[1]);
            let level = if event % 50 == 0 { "error" } else { "info" };
            let _ = write!(
                body,
                r#","logStreamName":"2026/11/20/[$LATEST]{:032x}","message":"{{\"level\":\"{level}\",\"message\":\"order placed\",\"order\":\""#,
                event % 7
            );
            at[2] = gap(&mut body, DIGITS[2]);
            body.push_str(r#"\",\"path\":\"/api/v1/orders\"}","timestamp":"#);
            at[3] = gap(&mut body, DIGITS[3]);
            body.push('}');
            at
        });
        let gaps = gaps.collect();
        Form {
            body: body.into_bytes(),
            gaps,
        }
    }
}

fn now() -> u64 {
    u64::try_from(Utc::now().timestamp_millis()).unwrap()
}

fn write_digits(gap: &mut [u8], mut value: u64) {
    for digit in gap.iter_mut().rev() {
        *digit = b'0' + u8::try_from(value % 10).unwrap();
        value /= 10;
    }
}

/// The number that stands behind a name.
fn number(text: &str, name: &str) -> Option<u64> {
    let (_, rest) = text.split_once(name)?;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}
