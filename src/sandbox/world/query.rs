//! Insights queries that clients have started, and how far they are.
//!
//! A query takes its time, and that is tokio's, so that a test with paused time need not wait for it. What it finds
//! is what could be read when it was started, and is worked out once.

use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::sandbox::value::{Map, Value};

/// How long a query waits until it runs, and until it has run.
const SCHEDULED: Duration = Duration::from_millis(100);
const RUNNING: Duration = Duration::from_millis(400);
/// AWS keeps results for a week; a sandbox keeps so many.
const KEPT: usize = 1_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum QueryStatus {
    Scheduled,
    Running,
    Complete,
    Cancelled,
}

/// A query as it was asked. Times are milliseconds since the epoch.
#[derive(Debug)]
pub(in crate::sandbox) struct StartedQuery {
    pub(in crate::sandbox) id: String,
    pub(in crate::sandbox) account: String,
    pub(in crate::sandbox) region: String,
    pub(in crate::sandbox) text: String,
    /// Names of log groups.
    pub(in crate::sandbox) groups: Vec<String>,
    pub(in crate::sandbox) window: Range<i64>,
    /// Rows at the most, if the text says nothing.
    pub(in crate::sandbox) limit: usize,
    pub(in crate::sandbox) created: i64,
    pub(in crate::sandbox) began: Instant,
    pub(in crate::sandbox) stopped: OnceLock<Instant>,
    pub(in crate::sandbox) findings: OnceLock<Findings>,
}

/// What a query has found.
#[derive(Clone, Debug, Default)]
pub(in crate::sandbox) struct Findings {
    pub(in crate::sandbox) rows: Vec<Value>,
    pub(in crate::sandbox) statistics: Map,
}

impl StartedQuery {
    pub(in crate::sandbox) fn status(&self) -> QueryStatus {
        if self.stopped.get().is_some() {
            return QueryStatus::Cancelled;
        }
        let elapsed = self.began.elapsed();
        if elapsed < SCHEDULED {
            QueryStatus::Scheduled
        } else if elapsed < RUNNING {
            QueryStatus::Running
        } else {
            QueryStatus::Complete
        }
    }

    /// Whether it takes one of the places for queries at work.
    pub(in crate::sandbox) fn is_at_work(&self) -> bool {
        matches!(self.status(), QueryStatus::Scheduled | QueryStatus::Running)
    }

    /// How long it was at work, so far.
    pub(in crate::sandbox) fn duration(&self) -> Duration {
        let stopped = self.stopped.get();
        let elapsed = stopped.map_or_else(|| self.began.elapsed(), |at| *at - self.began);
        elapsed.min(RUNNING)
    }
}

impl QueryStatus {
    pub(in crate::sandbox) fn name(self) -> &'static str {
        match self {
            QueryStatus::Scheduled => "Scheduled",
            QueryStatus::Running => "Running",
            QueryStatus::Complete => "Complete",
            QueryStatus::Cancelled => "Cancelled",
        }
    }
}

/// The last queries, oldest first.
#[derive(Debug, Default)]
pub(in crate::sandbox) struct Queries(Mutex<Vec<Arc<StartedQuery>>>);

impl Queries {
    /// Takes a query in, unless `most` of its account and region are at work.
    pub(in crate::sandbox) fn start(&self, query: StartedQuery, most: usize) -> bool {
        let mut known = self.known();
        let is_beside = |other: &&Arc<StartedQuery>| {
            other.account == query.account && other.region == query.region && other.is_at_work()
        };
        if known.iter().filter(is_beside).count() >= most {
            return false;
        }
        if known.len() == KEPT {
            known.remove(0);
        }
        known.push(Arc::new(query));
        true
    }

    /// The queries of an account in a region, newest first.
    pub(in crate::sandbox) fn of(&self, account: &str, region: &str) -> Vec<Arc<StartedQuery>> {
        let known = self.known();
        let theirs = known.iter().rev();
        theirs
            .filter(|query| query.account == account && query.region == region)
            .cloned()
            .collect()
    }

    fn known(&self) -> MutexGuard<'_, Vec<Arc<StartedQuery>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
