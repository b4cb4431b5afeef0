//! A token bucket: so many requests at once, so many a second afterwards.

use chrono::{DateTime, Utc};

/// How full a bucket is, and as of when.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bucket {
    tokens: f64,
    filled: DateTime<Utc>,
}

impl Bucket {
    pub(super) fn full(burst: f64, now: DateTime<Utc>) -> Bucket {
        Bucket {
            tokens: burst,
            filled: now,
        }
    }

    /// Takes a token, if there is one, after what has flown in since.
    pub(super) fn take(&mut self, per_second: f64, burst: f64, now: DateTime<Utc>) -> bool {
        let waited = (now - self.filled)
            .to_std()
            .unwrap_or_default()
            .as_secs_f64();
        self.tokens = (self.tokens + waited * per_second).min(burst);
        self.filled = now;
        if self.tokens < 1.0 {
            return false;
        }
        self.tokens -= 1.0;
        true
    }
}
