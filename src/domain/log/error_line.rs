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

/// How many of them are worth reading without the lines around them.
pub const ERRORS_AT_MOST: usize = 20;

/// What a failure is told with, in CloudWatch's pattern language: any of these words.
pub const ERROR_PATTERN: &str =
    r#"?ERROR ?Error ?Exception ?FATAL ?CRITICAL ?"Task timed out" ?"exited with""#;
