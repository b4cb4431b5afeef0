//! CloudWatch Logs Insights: a query over a slice of log events.
//!
//! ```text
//!   text ─► token ─► parse ─► Query { commands } ─► run over Records ─► Table
//! ```
//!
//! It knows the commands that people write (fields, filter, stats, sort, limit, parse, dedup, display); what it does
//! not know it refuses as a malformed query, because a command that is silently dropped changes the answer.

mod command;
mod datum;
mod expression;
mod function;
mod glob;
mod parse;
mod precedence;
mod record;
mod row;
mod run;
mod stats;
mod token;

pub(super) use command::Query;
pub(super) use parse::MOST_ROWS;
pub(super) use record::Record;

/// Why a text is no query, and which of its characters say so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Malformed {
    pub(super) message: String,
    /// Offsets in characters; the end is behind the last.
    pub(super) start: usize,
    pub(super) end: usize,
}

#[cfg(test)]
mod tests;
