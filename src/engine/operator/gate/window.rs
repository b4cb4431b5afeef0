//! The hours in which a run may go on, in UTC.

use crate::domain::Timestamp;
use chrono::{Datelike as _, TimeDelta, Timelike as _};

/// Whether `now` is within the hours, which may go over midnight; they belong to the day on which they begin.
pub(in crate::engine::operator) fn holds(
    days: &[String],
    (from, until): (u32, u32),
    now: Timestamp,
) -> bool {
    let minute = now.hour() * 60 + now.minute();
    let is_over_midnight = until <= from;
    let (is_within, day) = if !is_over_midnight {
        ((from..until).contains(&minute), now)
    } else if minute >= from {
        (true, now)
    } else {
        (minute < until, now - TimeDelta::days(1))
    };
    let day = day.weekday().to_string();
    is_within && (days.is_empty() || days.iter().any(|it| it.eq_ignore_ascii_case(&day)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_belong_to_the_day_on_which_they_begin() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let weekdays: Vec<String> = ["Mon", "Fri"].map(str::to_owned).into();
        let (day, night) = ((9 * 60, 17 * 60), (22 * 60, 2 * 60));
        for (hours, now, holds_then) in [
            // 2026-11-27 is a Friday.
            (day, "2026-11-27T09:00:00Z", true),
            (day, "2026-11-27T17:00:00Z", false),
            (day, "2026-11-28T09:00:00Z", false),
            (night, "2026-11-27T22:30:00Z", true),
            (night, "2026-11-28T01:59:00Z", true),
            (night, "2026-11-27T01:59:00Z", false),
            (night, "2026-11-28T02:00:00Z", false),
        ] {
            assert_eq!(holds(&weekdays, hours, at(now)), holds_then, "{now}");
        }
        assert!(holds(&[], day, at("2026-11-28T12:00:00Z")));
    }
}
