//! From when on, and in which steps: what CloudWatch keeps, and no more than it gives at once.

use super::WantedMetrics;
use crate::domain::log::Moment;
use crate::domain::log::moment::duration;
use crate::domain::untrusted::sanitise;
use crate::domain::{Grain, Last, Timestamp};
use crate::engine::message::POINTS_AT_MOST;
use chrono::{SecondsFormat, TimeDelta};

/// How far back it goes when nobody says so.
const DAY: TimeDelta = TimeDelta::days(1);
const MINUTE: i64 = 60;
/// In which steps CloudWatch keeps points, in seconds, and for how long.
const KEPT: [(i64, TimeDelta); 3] = [
    (MINUTE, TimeDelta::days(15)),
    (300, TimeDelta::days(63)),
    (3_600, TimeDelta::days(455)),
];

/// What to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    /// What is asked: a period more than is told, for what is told may begin before the window of a later question.
    pub(super) grain: Grain,
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
    pub(super) rows: Rows,
}

/// How it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    /// All periods as one.
    Total,
    /// A row for each.
    Periods,
}

impl Window {
    /// The window that was asked for, for so many lines. The error is a sentence.
    ///
    /// It is aligned to the period and includes the one that has not ended.
    pub(super) fn of(asked: &WantedMetrics, lines: usize, now: Timestamp) -> Result<Self, String> {
        let (since, shown) = match &asked.since {
            None => (DAY, "24h".into()),
            Some(text) => {
                let from = Moment::parse(text)?.when(now);
                (now - from, sanitise(text))
            }
        };
        if since < TimeDelta::zero() {
            return Err(format!("`--since {shown}` is still to come."));
        }
        let rows = if asked.period.is_some() {
            Rows::Periods
        } else {
            Rows::Total
        };
        let period = match &asked.period {
            None => fitting(since),
            Some(text) => stated(text, since, &shown)?,
        };
        let reach = KEPT.map(|(_, reach)| reach);
        if reach.iter().all(|reach| since > *reach) {
            return Err(format!(
                "`--since {shown}` is more than CloudWatch keeps: hours for 455 days."
            ));
        }
        if since < TimeDelta::seconds(MINUTE) {
            return Err(format!(
                "`--since {shown}` is less than a minute, and CloudWatch keeps minutes."
            ));
        }
        let slots = since.num_seconds().div_euclid(period)
            + i64::from(since.num_seconds().rem_euclid(period) > 0);
        let points = (slots + 1).saturating_mul(i64::try_from(lines).unwrap_or(i64::MAX));
        if usize::try_from(points).is_ok_and(|points| points > POINTS_AT_MOST) {
            return Err(format!(
                "That would be {points} points of each region, and CloudWatch gives {POINTS_AT_MOST} at once: take a longer `--period` or a shorter `--since`."
            ));
        }
        let small = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
        let told = Grain::of(small(period), small(slots), Last::Running);
        let (from, until) = told.window(now);
        let grain = Grain::of(small(period), small(slots + 1), Last::Running);
        Ok(Self {
            grain,
            from,
            until,
            rows,
        })
    }

    /// The window, as it is told beside a table.
    pub(super) fn words(self) -> String {
        format!(
            "From {} until {}, in periods of {}; the last has not ended.",
            shown(self.from),
            shown(self.until),
            span(self.grain.period().num_seconds())
        )
    }
}

/// The period that was written, in seconds, where CloudWatch has it that far back.
fn stated(text: &str, since: TimeDelta, since_shown: &str) -> Result<i64, String> {
    let period = duration(text)?.num_seconds();
    let shown = sanitise(text);
    if period < MINUTE || period % MINUTE != 0 {
        return Err(format!(
            "`--period {shown}` is not a number of whole minutes, which is what CloudWatch keeps: 60s, 5m, 1h."
        ));
    }
    if since.num_seconds() < period {
        return Err(format!(
            "`--since {since_shown}` is shorter than `--period {shown}`."
        ));
    }
    let kept = KEPT.iter().find(|(_, reach)| since <= *reach);
    if let Some((step, _)) = kept
        && period % step != 0
    {
        return Err(format!(
            "CloudWatch keeps minutes for 15 days, five minutes for 63 and hours for 455: with `--since {since_shown}`, `--period` has to be a multiple of {}.",
            span(*step)
        ));
    }
    Ok(period)
}

/// The finest period, in seconds, that a total is well made of: the shorter it is, the nearer is the window to what was
/// asked, at the same price.
fn fitting(since: TimeDelta) -> i64 {
    if since <= TimeDelta::hours(3) {
        MINUTE
    } else if since <= TimeDelta::days(30) {
        300
    } else {
        3_600
    }
}

/// `90s`, `5m`, `1h`: in the words in which it is asked for.
fn span(seconds: i64) -> String {
    match seconds {
        whole if whole % 3_600 == 0 => format!("{}h", whole / 3_600),
        whole if whole % 60 == 0 => format!("{}m", whole / 60),
        odd => format!("{odd}s"),
    }
}

pub(super) fn shown(time: Timestamp) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-20T14:32:07Z";

    fn window(since: Option<&str>, period: Option<&str>) -> Result<Window, String> {
        let asked = WantedMetrics {
            function: "api".into(),
            since: since.map(str::to_owned),
            period: period.map(str::to_owned),
            statistics: Vec::new(),
        };
        Window::of(&asked, 9, NOW.parse().unwrap())
    }

    #[test]
    fn a_window_is_aligned_and_includes_now() {
        for (since, period, from, until) in [
            (None, None, "2026-11-19T14:35:00Z", "2026-11-20T14:35:00Z"),
            (
                None,
                Some("1h"),
                "2026-11-19T15:00:00Z",
                "2026-11-20T15:00:00Z",
            ),
            (
                Some("90s"),
                None,
                "2026-11-20T14:31:00Z",
                "2026-11-20T14:33:00Z",
            ),
            (
                Some("60s"),
                Some("60s"),
                "2026-11-20T14:32:00Z",
                "2026-11-20T14:33:00Z",
            ),
            (
                Some("2026-11-20 12:32"),
                Some("60m"),
                "2026-11-20T12:00:00Z",
                "2026-11-20T15:00:00Z",
            ),
            (
                Some("65w"),
                Some("1h"),
                "2025-08-22T15:00:00Z",
                "2026-11-20T15:00:00Z",
            ),
            (
                Some("60d"),
                None,
                "2026-09-21T15:00:00Z",
                "2026-11-20T15:00:00Z",
            ),
        ] {
            let found = window(since, period).unwrap();
            let time = |text: &str| text.parse::<Timestamp>().unwrap();
            assert_eq!(
                (found.from, found.until),
                (time(from), time(until)),
                "{since:?} {period:?}"
            );
            let rows = if period.is_some() {
                Rows::Periods
            } else {
                Rows::Total
            };
            assert_eq!(found.rows, rows);
            // A region that is slow to list its functions is asked in the next period.
            let (first, _) = found
                .grain
                .window(NOW.parse::<Timestamp>().unwrap() + found.grain.period());
            assert_eq!(first, found.from, "{since:?} {period:?}");
        }
    }

    #[test]
    fn what_cloudwatch_does_not_have_is_refused_in_a_sentence() {
        for (since, period, part) in [
            ("24h", "90s", "whole minutes"),
            ("24h", "0s", "whole minutes"),
            ("24h", "30s", "whole minutes"),
            ("24h", "1x", "`x` is none of"),
            ("24h", "soon", "is no span"),
            ("yesterday", "1h", "is no moment"),
            ("2027-01-01", "1h", "still to come"),
            ("30m", "1h", "shorter than `--period 1h`"),
            ("20d", "60s", "multiple of 5m"),
            ("70d", "5m", "multiple of 1h"),
            ("460d", "1h", "hours for 455 days"),
            ("9999999w", "1h", "hours for 455 days"),
            ("9d", "60s", "116649 points"),
            ("now", "60s", "shorter than `--period 60s`"),
        ] {
            let sentence = window(Some(since), Some(period)).unwrap_err();
            assert!(
                sentence.contains(part) && sentence.ends_with('.'),
                "{since} {period}: {sentence}"
            );
        }
        for since in ["30s", "now", "-1h", "500d"] {
            let sentence = window(Some(since), None).unwrap_err();
            assert!(sentence.ends_with('.'), "{since}: {sentence}");
        }
    }
}
