//! What was asked of AWS: the last requests, for tests that assert on them.
//!
//! The log is a ring; a benchmark that runs for an hour does not fill the memory.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::wire::{Protocol, base64};

const KEPT: usize = 10_000;
/// What is longer is cut: a log of uploads would be no ring.
const LONGEST_BODY: usize = 64 * 1024;

/// One request as it came in, and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct LoggedRequest {
    /// Empty if the signature names nobody the world knows.
    pub account: String,
    pub region: String,
    /// Signing name.
    pub service: String,
    pub operation: String,
    pub at: DateTime<Utc>,
    /// `None` if nothing was answered.
    pub status: Option<u16>,
    pub protocol: Option<Protocol>,
    pub method: String,
    /// Path and query string.
    pub target: String,
    /// Names are lower case; in the order in which they came.
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
}

impl LoggedRequest {
    /// One line of JSON, as `tests/oracles/request_check.py` reads them.
    pub fn json(&self) -> String {
        serde_json::json!({
            "method": self.method,
            "target": self.target,
            "headers": self.headers,
            "body": base64(&self.body),
        })
        .to_string()
    }
}

#[derive(Debug, Default)]
pub(super) struct Log(Mutex<VecDeque<LoggedRequest>>);

impl Log {
    pub(super) fn add(&self, mut request: LoggedRequest) {
        if request.body.len() > LONGEST_BODY {
            request.body = Bytes::copy_from_slice(&request.body[..LONGEST_BODY]);
        }
        let mut ring = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if ring.len() == KEPT {
            ring.pop_front();
        }
        ring.push_back(request);
    }

    /// Oldest first.
    pub(super) fn requests(&self) -> Vec<LoggedRequest> {
        let ring = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ring.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_request_makes_room() {
        let log = Log::default();
        for number in 0..=KEPT {
            log.add(LoggedRequest {
                account: String::new(),
                region: String::new(),
                service: String::new(),
                operation: number.to_string(),
                at: DateTime::default(),
                status: None,
                protocol: None,
                method: String::new(),
                target: String::new(),
                headers: Vec::new(),
                body: Bytes::new(),
            });
        }
        let requests = log.requests();
        assert_eq!(
            (requests.len(), requests[0].operation.as_str()),
            (KEPT, "1")
        );
    }
}
