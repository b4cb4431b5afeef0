//! Time as values: the clock the house asks, and spans in an operator's words.
//!
//! Nobody reads the wall clock on their own. Doors hand one [`Clock`] down, so the demo, the tests and the
//! screenshots can all agree with the sandbox about what "now" is.

use chrono::{DateTime, TimeDelta, Utc};

/// A moment, always in UTC.
pub type Timestamp = DateTime<Utc>;

/// Where "now" comes from.
pub trait Clock: Send + Sync {
    /// The current moment as this house sees it.
    fn now(&self) -> Timestamp;
}

/// Words a span the way an operator reads it: two units at most, nothing below a second.
///
/// Negative spans (a clock that moved back) read as `0s`.
///
/// ```
/// use quarterdeck::domain::time::words;
/// assert_eq!(words(chrono::TimeDelta::seconds(7_500)), "2h 05m");
/// ```
pub fn words(span: TimeDelta) -> String {
    let seconds = span.num_seconds().max(0);
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3_600 => format!("{}m {:02}s", seconds / 60, seconds % 60),
        3_600..86_400 => format!("{}h {:02}m", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{}d {:02}h", seconds / 86_400, seconds % 86_400 / 3_600),
    }
}

/// Words a span with its largest unit only, for narrow columns: `2h`, `9d`.
pub fn short(span: TimeDelta) -> String {
    let seconds = span.num_seconds().max(0);
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3_600 => format!("{}m", seconds / 60),
        3_600..86_400 => format!("{}h", seconds / 3_600),
        _ => format!("{}d", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_as_an_operator_says_them() {
        for (seconds, long, brief) in [
            (-5, "0s", "0s"),
            (0, "0s", "0s"),
            (59, "59s", "59s"),
            (60, "1m 00s", "1m"),
            (3_599, "59m 59s", "59m"),
            (7_500, "2h 05m", "2h"),
            (86_400, "1d 00h", "1d"),
            (777_600, "9d 00h", "9d"),
        ] {
            let span = TimeDelta::seconds(seconds);
            assert_eq!(
                (words(span).as_str(), short(span).as_str()),
                (long, brief),
                "{seconds} s"
            );
        }
    }
}
