//! What a number counts, and how it reads in a narrow column.
//!
//! Eight columns at most, in ASCII, whatever the number; what is not zero never reads as zero.

use super::time;
use chrono::TimeDelta;

/// The columns that any words fit.
const ROOM: usize = 8;

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Count,
    PerMinute,
    Percent,
    Milliseconds,
    /// A bare number.
    None,
}

impl Unit {
    /// A value as an operator reads it, in at most eight columns.
    ///
    /// ```
    /// use quarterdeck::domain::Unit;
    /// assert_eq!(Unit::Count.words(1_204.0), "1 204");
    /// assert_eq!(Unit::Milliseconds.words(1_893.0), "1.9s");
    /// ```
    pub fn words(self, value: f64) -> String {
        if !value.is_finite() {
            return "?".to_owned();
        }
        match self {
            Self::Count | Self::None => number(value, ROOM),
            Self::PerMinute => suffixed(value, "/min"),
            Self::Percent => suffixed(value, " %"),
            Self::Milliseconds => span(value),
        }
    }
}

fn suffixed(value: f64, unit: &str) -> String {
    let mut words = number(value, ROOM.saturating_sub(unit.len()));
    words.push_str(unit);
    words
}

/// A span of so many milliseconds: `0.42ms`, `893ms`, `1.9s`, `2m 05s`, `3d 04h`.
fn span(millis: f64) -> String {
    let seconds = millis / 1_000.0;
    // What would round up to the next unit is worded in it.
    if millis < 999.5 {
        return suffixed(millis, "ms");
    }
    if seconds < 59.95 {
        return format!("{}s", rounded(seconds, 1));
    }
    let days = seconds / 86_400.0;
    if days >= 999.0 {
        return suffixed(days, "d");
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "less than a thousand days, so the seconds are a small whole number"
    )]
    let whole = seconds.round() as i64;
    time::words(TimeDelta::seconds(whole))
}

/// A number as exactly as so many columns allow; at least four of them.
fn number(value: f64, room: usize) -> String {
    let size = value.abs();
    if size == 0.0 {
        return "0".to_owned();
    }
    if size < 9_999.5 {
        let decimals = decimals(size);
        // At least one digit that is not a nought has to stay.
        let least = if size < 1.0 {
            decimals.saturating_sub(1)
        } else {
            0
        };
        if size >= 0.001
            && let Some(words) = (least..=decimals)
                .rev()
                .map(|decimals| grouped(&rounded(value, decimals)))
                .find(|words| words.len() <= room)
        {
            return words;
        }
    }
    if size >= 999.5
        && let Some(words) = scaled(value, room)
    {
        return words;
    }
    let power = format!("{value:.0e}");
    if power.len() <= room {
        return power;
    }
    // Beyond every metric there is: only which way.
    match (value > 0.0, size < 1.0) {
        (true, true) => "<.01",
        (false, true) => ">-.1",
        (true, false) => ">e99",
        (false, false) => "<-e9",
    }
    .to_owned()
}

/// The places after the point that matter: two significant digits below one, three above.
fn decimals(size: f64) -> usize {
    match size {
        100.0.. => 0,
        10.0.. => 1,
        0.1.. => 2,
        0.01.. => 3,
        _ => 4,
    }
}

/// In thousands, millions and so on, with one place after the point if there is room.
fn scaled(value: f64, room: usize) -> Option<String> {
    let (mut value, mut letters) = (value, "kMGT".chars());
    let mut letter = None;
    while value.abs() >= 999.5 {
        value /= 1_000.0;
        letter = Some(letters.next()?);
    }
    let most = usize::from(value.abs() < 99.95);
    (0..=most)
        .rev()
        .map(|decimals| {
            let mut words = rounded(value, decimals);
            words.extend(letter);
            words
        })
        .find(|words| words.len() <= room)
}

/// Rounded to so many places after the point, without noughts at the end.
fn rounded(value: f64, decimals: usize) -> String {
    let words = format!("{value:.decimals$}");
    if decimals == 0 {
        return words;
    }
    words.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Four digits with a blank after the thousands.
fn grouped(words: &str) -> String {
    let digits = words.trim_start_matches('-');
    match digits.split_at_checked(1) {
        Some((thousands, rest)) if digits.len() == 4 && !digits.contains('.') => {
            let sign = if words.starts_with('-') { "-" } else { "" };
            format!("{sign}{thousands} {rest}")
        }
        Some(_) | None => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_read_as_an_operator_says_them() {
        for (unit, value, words) in [
            (Unit::Count, 0.0, "0"),
            (Unit::Count, 7.0, "7"),
            (Unit::Count, 0.5, "0.5"),
            (Unit::Count, 41.73, "41.7"),
            (Unit::Count, 999.9, "1 000"),
            (Unit::Count, 1_204.0, "1 204"),
            (Unit::Count, 9_999.4, "9 999"),
            (Unit::Count, 9_999.6, "10k"),
            (Unit::Count, 12_345.0, "12.3k"),
            (Unit::Count, 999_700.0, "1M"),
            (Unit::Count, 1_250_000.0, "1.2M"),
            (Unit::Count, 3e15, "3e15"),
            (Unit::Count, -1_204.0, "-1 204"),
            (Unit::None, 0.000_2, "2e-4"),
            (Unit::PerMinute, 0.05, "0.05/min"),
            (Unit::PerMinute, 0.002_3, "2e-3/min"),
            (Unit::PerMinute, 311.0, "311/min"),
            (Unit::PerMinute, 1_204.0, "1.2k/min"),
            (Unit::PerMinute, 12_345.0, "12k/min"),
            (Unit::Percent, 0.0, "0 %"),
            (Unit::Percent, 0.02, "0.02 %"),
            (Unit::Percent, 0.004_1, "0.0041 %"),
            (Unit::Percent, 41.7, "41.7 %"),
            (Unit::Percent, 100.0, "100 %"),
            (Unit::Milliseconds, 0.0, "0ms"),
            (Unit::Milliseconds, 0.42, "0.42ms"),
            (Unit::Milliseconds, 893.0, "893ms"),
            (Unit::Milliseconds, 999.7, "1s"),
            (Unit::Milliseconds, 1_893.0, "1.9s"),
            (Unit::Milliseconds, 59_960.0, "1m 00s"),
            (Unit::Milliseconds, 125_000.0, "2m 05s"),
            (Unit::Milliseconds, 273_600_000.0, "3d 04h"),
            (Unit::Milliseconds, f64::NAN, "?"),
            (Unit::Count, f64::INFINITY, "?"),
        ] {
            assert_eq!(unit.words(value), words, "{unit:?} {value}");
        }
    }

    proptest! {
        #[test]
        fn words_fit_and_only_nought_reads_as_nought(value in proptest::num::f64::ANY) {
            for unit in [Unit::Count, Unit::PerMinute, Unit::Percent, Unit::Milliseconds, Unit::None] {
                let words = unit.words(value);
                prop_assert!(words.is_ascii() && words.len() <= ROOM, "{unit:?} {value} reads {words:?}");
                prop_assert_eq!(value == 0.0, words.starts_with('0') && !words.starts_with("0."), "{}", words);
            }
        }
    }
}
