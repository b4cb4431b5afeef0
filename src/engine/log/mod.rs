//! What is asked of a tail or a query, and what they tell. Plain data, but for the credit that a page carries.
//!
//! A tail reads many sources (a group in a region of an account) with one task each. What the two doors do with the
//! events, merging and counting, is theirs.

mod depths;
mod ear;
mod last_errors;
mod line;
mod live;
mod queries;
mod query;
mod ruins;
mod seen;
mod sift;
mod tailer;
mod tails;
mod twins;
mod walk;

pub(super) use last_errors::read as last_errors;
pub(super) use queries::Queries;
pub(super) use sift::Sieves;
pub(super) use tails::Tails;

use crate::domain::log::Millis;
use crate::domain::{Hole, LogEvents, LogSource, Problem, QueryResults, Scope, Timestamp};
use chrono::TimeDelta;
use std::sync::Arc;
use tokio::sync::OwnedSemaphorePermit;

/// Names a tail; the door that asks chooses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TailId(pub u64);

/// What to tail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TailSpec {
    pub id: TailId,
    pub sources: Vec<LogSource>,
    /// In CloudWatch's pattern language; the service applies it.
    pub pattern: Option<String>,
    /// The first moment of interest.
    pub from: Timestamp,
    /// The first moment that is of none; `None`: go on.
    pub until: Option<Timestamp>,
    pub manner: Manner,
    /// Between two polls of a source.
    pub interval: TimeDelta,
}

/// How new events are come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// `logs:FilterLogEvents`, again and again: complete, and free.
    Polling,
    /// `logs:StartLiveTail`: sooner, priced by the minute, sampled above 500 events/s; gaps are filled by polling.
    Live,
}

/// What a tail tells.
#[derive(Clone, Debug)]
pub enum News {
    /// Events that it has not told before.
    Page(Arc<Page>),
    /// How a source stands. Told after every poll.
    State(usize, Box<SourceState>),
    /// What will not come any more.
    Hole(usize, Hole),
    /// A source is read to its end, or will never be.
    Ended(usize, Result<(), Problem>),
}

/// Events of one source, by their times as far as one poll can tell.
///
/// A source is at most two pages ahead of whoever reads it: keeping pages keeps it waiting.
#[derive(Debug)]
pub struct Page {
    pub source: usize,
    pub events: LogEvents,
    /// Events left out because they had been told already.
    pub repeated: u64,
    /// What was readable before this moment has been told with this page: the merge need not wait for more.
    pub reached: Millis,
    pub(super) _credit: Option<OwnedSemaphorePermit>,
}

/// How a source stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SourceState {
    /// When it last answered.
    pub polled: Option<Timestamp>,
    /// Read up to here.
    pub reached: Option<Millis>,
    /// Nothing before this is still expected to come late. Once a source has ended this may lie before its end.
    pub settled: Option<Millis>,
    /// Events that are at most this late are found for certain; more, if such were seen, and less in a flood.
    pub late_within: TimeDelta,
    /// The time of the newest event.
    pub newest: Option<Millis>,
    /// Why it does not answer.
    pub failing: Option<Problem>,
    /// When it will be asked again after a failure.
    pub retry: Option<Timestamp>,
    /// Calls per second that this source may make of its region's quota.
    pub share: f64,
    /// The Live Tail session that feeds it.
    pub live: Option<Live>,
    /// Why none does, although one is wished for. Polls go on meanwhile.
    pub not_live: Option<Problem>,
}

/// Dollars per minute of a session; <https://aws.amazon.com/cloudwatch/pricing>, us-east-1, November 2026, after the
/// 1,800 minutes of a month that are free.
pub const LIVE_DOLLARS_PER_MINUTE: f64 = 0.01;

/// A Live Tail session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Live {
    /// When the session began that is open.
    pub since: Timestamp,
    /// How long others were open before it, for this tail.
    pub spent: TimeDelta,
    /// Sources that share it; the price is the session's.
    pub sharing: u32,
    /// The service leaves events out because there are more than 500 in a second.
    pub is_sampled: bool,
}

/// Names a query; the door that asks chooses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QueryId(pub u64);

/// What to ask of Logs Insights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuerySpec {
    pub id: QueryId,
    /// In the language of Logs Insights.
    pub text: String,
    /// At most [`QUERY_GROUPS`](crate::aws::QUERY_GROUPS) of a region and account.
    pub sources: Vec<LogSource>,
    /// The first moment of interest.
    pub from: Timestamp,
    /// The first moment that is of none.
    pub until: Timestamp,
}

/// What a query tells, region by region. Nothing more after it is dropped.
#[derive(Clone, Debug, PartialEq)]
pub enum QueryNews {
    /// What there is so far, rows included; it replaces what was told before. About once a second.
    Results(Scope, Arc<QueryResults>),
    /// It could not be looked at, and will be again; the query itself goes on.
    Failing(Scope, Problem),
    /// It is complete, or there will be nothing more.
    Ended(Scope, Result<(), Problem>),
}

impl Page {
    /// A page that keeps nobody waiting: for recordings and tests.
    pub fn told(source: usize, events: LogEvents, reached: Millis) -> Self {
        Self {
            source,
            events,
            repeated: 0,
            reached,
            _credit: None,
        }
    }
}

impl AsRef<LogEvents> for Page {
    fn as_ref(&self) -> &LogEvents {
        &self.events
    }
}
