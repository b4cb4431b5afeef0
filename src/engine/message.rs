//! What the house asks of the engine, and what it is told. Plain data: printable, comparable, recordable.

pub use super::log::{
    Live, Manner, News, Page, QueryId, QueryNews, QuerySpec, SourceState, TailId, TailSpec,
};

pub use super::log::LIVE_DOLLARS_PER_MINUTE;
pub use super::operator::{ARMED, Arming, Keeper, Onward, Order, Ticket, Tidings};
pub use crate::aws::{LIVE_GROUPS, POINTS_AT_MOST};

use crate::domain::log::{SiftJob, Sifted};
use crate::domain::store::Attempt;
use crate::domain::{Bill, Invocation, Invoked, Problem, Scope, Timestamp, Topic};
use chrono::TimeDelta;

/// What the doors ask.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// The whole wish list, replaced each time; the engine works out the difference.
    Watch(Vec<Wish>),
    /// Asks again now, as far as the governor allows, for every wish the scope matches (`None`: all).
    Refresh(Option<Scope>),
    /// Tails logs. One of the same id that runs goes on with the new list, of which the old one is the beginning:
    /// sources are numbered by their place in it.
    Tail(TailSpec),
    /// Reads what is readable up to this moment, and ends: every source says so with [`News::Ended`]. What of it comes
    /// later than that is missing: [`SourceState::settled`](crate::engine::log::SourceState::settled) says from when on
    /// that may be.
    Finish(TailId, Timestamp),
    /// Drops a tail at once.
    Untail(TailId),
    /// Puts a query to Logs Insights, in every region that its groups are in. Costs money, by what it scans.
    Query(QuerySpec),
    /// Stops a query, in AWS too.
    Unquery(QueryId),
    /// Calls a function in one region, once. Refused before it is sent where the account is read-only.
    Invoke(InvocationId, Scope, Invocation),
    /// Sifts lines; a newer turn of the same name takes the place of what an older one left to do.
    Sift(SiftJob),
    /// About operations: whatever changes something.
    Operate(Order),
}

/// A call of a function, as whoever wants it numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InvocationId(pub u64);

/// One thing to keep knowing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Wish {
    pub topic: Topic,
    pub scope: Scope,
    pub cadence: Cadence,
}

/// How often, and how urgently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cadence {
    /// Somebody is looking at it.
    Focused(TimeDelta),
    /// Nobody is; no attempt is repeated before its next turn.
    Background(TimeDelta),
    /// It does not change: asked until it has been answered.
    Once,
}

impl Cadence {
    /// The time between two readings, when there is a second one.
    pub fn period(self) -> Option<TimeDelta> {
        match self {
            Self::Focused(period) | Self::Background(period) => Some(period),
            Self::Once => None,
        }
    }
}

/// What the engine tells.
#[derive(Clone, Debug)]
pub enum Update {
    /// A question was answered, or could not be.
    Attempt(Attempt),
    /// The answers of one request for metrics: told together, so that whoever shows them works out his rows once.
    Measured(Vec<Attempt>),
    /// The machine slept: whatever is known is this much older than it looks.
    Slept(TimeDelta),
    /// Of a tail.
    Log(TailId, News),
    /// Of a query.
    Query(QueryId, QueryNews),
    /// How a call of a function ended, and how long it took.
    Invoked(InvocationId, Scope, Result<Invoked, Problem>, TimeDelta),
    /// What metrics cost at present, whenever that has changed.
    Spent(Bill),
    /// Blocks of a [`Request::Sift`], a few at a time.
    Sifted(Vec<Sifted>),
    /// About operations.
    Operation(Tidings),
}

impl Update {
    /// The questions that were answered with it, or could not be.
    pub fn attempts(self) -> Vec<Attempt> {
        match self {
            Self::Attempt(attempt) => vec![attempt],
            Self::Measured(attempts) => attempts,
            Self::Slept(_)
            | Self::Log(_, _)
            | Self::Query(_, _)
            | Self::Invoked(_, _, _, _)
            | Self::Spent(_)
            | Self::Sifted(_)
            | Self::Operation(_) => Vec::new(),
        }
    }
}
