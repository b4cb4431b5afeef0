//! Moments as an operator writes them: so long ago, or a date and time in UTC.
//!
//! `90s`, `15m`, `2h`, `3d`, `5w`; `now`; `2026-11-20`, `2026-11-20 14:30`, `2026-11-20T14:30:05Z` and whatever else
//! RFC 3339 allows. A date-time without an offset is UTC, as in CloudWatch and in the tools this one replaces.

use crate::domain::Timestamp;
use crate::domain::untrusted::sanitise;
use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta};

/// A moment that may depend on when the question is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    Now,
    Ago(TimeDelta),
    At(Timestamp),
}

impl Moment {
    /// Reads a moment. The error is a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("now") {
            return Ok(Self::Now);
        }
        if let Some(at) = date_time(text) {
            return Ok(Self::At(at));
        }
        span(text).map(Self::Ago).map_err(|fault| match fault {
            Fault::Unit(unit) => unknown_unit(text, unit),
            Fault::Number | Fault::TooLong => format!(
                "`{}` is no moment: write `15m`, `2h`, `3d`, or a UTC time such as `2026-11-20 14:30`.",
                sanitise(text)
            ),
        })
    }

    /// The moment, when it is `now`. Nothing is longer ago than the first moment that CloudWatch can count.
    pub fn when(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Now => now,
            Self::Ago(span) => now.checked_sub_signed(span).unwrap_or(DateTime::UNIX_EPOCH),
            Self::At(at) => at,
        }
        .max(DateTime::UNIX_EPOCH)
    }
}

/// Reads a span such as `90s`. The error is a sentence.
pub fn duration(text: &str) -> Result<TimeDelta, String> {
    span(text.trim()).map_err(|fault| match fault {
        Fault::Unit(unit) => unknown_unit(text, unit),
        Fault::Number | Fault::TooLong => format!(
            "`{}` is no span of time: write `90s`, `15m` or `2h`.",
            sanitise(text)
        ),
    })
}

fn unknown_unit(text: &str, unit: char) -> String {
    format!(
        "`{}` has no unit of time: `{}` is none of `s`, `m`, `h`, `d`, `w`.",
        sanitise(text),
        sanitise(&unit.to_string())
    )
}

enum Fault {
    Number,
    Unit(char),
    TooLong,
}

fn span(text: &str) -> Result<TimeDelta, Fault> {
    let unit = text.chars().next_back().ok_or(Fault::Number)?;
    let digits = text.strip_suffix(unit).unwrap_or_default();
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(Fault::Number);
    }
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        'w' => 604_800,
        '0'..='9' => return Err(Fault::Number),
        other => return Err(Fault::Unit(other)),
    };
    let count: i64 = digits.parse().map_err(|_too_long| Fault::TooLong)?;
    count
        .checked_mul(seconds)
        .and_then(TimeDelta::try_seconds)
        .ok_or(Fault::TooLong)
}

fn date_time(text: &str) -> Option<Timestamp> {
    if let Ok(exact) = DateTime::parse_from_rfc3339(text) {
        return Some(exact.to_utc());
    }
    let plain = text.strip_suffix(['Z', 'z']).unwrap_or(text);
    let plain = plain.replacen(['T', 't'], " ", 1);
    let forms = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M"];
    let time = forms
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(&plain, form).ok());
    let day = || {
        NaiveDate::parse_from_str(&plain, "%Y-%m-%d")
            .ok()?
            .and_hms_opt(0, 0, 0)
    };
    time.or_else(day).map(|time| time.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-20T14:32:07Z".parse().unwrap()
    }

    #[test]
    fn spans_and_date_times_are_moments() {
        for (text, when) in [
            ("now", "2026-11-20T14:32:07Z"),
            ("90s", "2026-11-20T14:30:37Z"),
            ("15m", "2026-11-20T14:17:07Z"),
            ("2h", "2026-11-20T12:32:07Z"),
            ("3d", "2026-11-17T14:32:07Z"),
            ("5w", "2026-10-16T14:32:07Z"),
            ("2026-11-20", "2026-11-20T00:00:00Z"),
            ("2026-11-20 14:30", "2026-11-20T14:30:00Z"),
            ("2026-11-20T14:30", "2026-11-20T14:30:00Z"),
            ("2026-11-20 14:30:05", "2026-11-20T14:30:05Z"),
            ("2026-11-20T14:30:05Z", "2026-11-20T14:30:05Z"),
            ("2026-11-20T14:30:05.250Z", "2026-11-20T14:30:05.250Z"),
            ("2026-11-20T15:30:05+01:00", "2026-11-20T14:30:05Z"),
            (" 2h ", "2026-11-20T12:32:07Z"),
            ("9000000w", "1970-01-01T00:00:00Z"),
        ] {
            let moment = Moment::parse(text).unwrap();
            assert_eq!(
                moment.when(now()),
                when.parse::<Timestamp>().unwrap(),
                "{text}"
            );
        }
    }

    #[test]
    fn anything_else_is_refused_in_a_sentence() {
        for (text, word) in [
            ("", "is no moment"),
            ("m", "is no moment"),
            ("15", "is no moment"),
            ("-15m", "is no moment"),
            ("15y", "`y` is none of"),
            ("15M", "`M` is none of"),
            ("1.5h", "is no moment"),
            ("2026-13-40", "is no moment"),
            ("2026-11-20 25:00", "is no moment"),
            ("99999999999999999999s", "is no moment"),
            ("15é", "`é` is none of"),
            ("\u{1b}[2J", "␛[2J"),
        ] {
            let sentence = Moment::parse(text).unwrap_err();
            assert!(
                sentence.contains(word) && sentence.ends_with('.'),
                "{text}: {sentence}"
            );
        }
        assert!(duration("2x").is_err() && duration("").is_err());
        assert_eq!(duration("2m"), Ok(TimeDelta::seconds(120)));
    }
}
