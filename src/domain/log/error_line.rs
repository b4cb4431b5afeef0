//! A line that tells of a failure, apart from the stream it stood in.

use crate::domain::{Timestamp, Untrusted};

/// One event of a log group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorLine {
    /// When it happened, as its writer says.
    pub at: Timestamp,
    pub stream: Untrusted,
    pub message: Untrusted,
}

/// What a search of a log group for failures has brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastErrors {
    /// Newest first.
    pub lines: Vec<ErrorLine>,
    pub search: Search,
}

/// How much of what there is was looked through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Search {
    /// Everything as far back as anybody looks, or until there were enough.
    Whole,
    /// Less: there may be failures that it did not find, and newer ones.
    Partial,
}

/// How many of them are worth reading without the lines around them.
pub const ERRORS_AT_MOST: usize = 20;

/// What a failure is told with, in CloudWatch's pattern language: any of these words.
pub const ERROR_PATTERN: &str =
    r#"?ERROR ?Error ?Exception ?FATAL ?CRITICAL ?"Task timed out" ?"exited with""#;
