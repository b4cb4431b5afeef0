//! A log group, and one group in one place.

use super::Millis;
use crate::domain::{Scope, Untrusted};
use std::fmt;

/// A log group as `logs:DescribeLogGroups` tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogGroup {
    pub name: Untrusted,
    /// Without the `:*` at its end: the form that `StartLiveTail` wants.
    pub arn: Untrusted,
    /// Days after which events are deleted; `None`: never.
    pub retention: Option<i32>,
    /// Bytes, as of some hours ago.
    pub stored: i64,
}

/// One group in one region of one account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogSource {
    pub scope: Scope,
    pub group: Untrusted,
}

/// A span of a source that was not read, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hole {
    /// The first millisecond that may be missing.
    pub from: Millis,
    /// The last one.
    pub until: Millis,
    /// How many events, where that can be told.
    pub events: Option<u64>,
    /// A sentence.
    pub why: String,
}

impl fmt::Display for LogSource {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.scope, self.group.safe())
    }
}
