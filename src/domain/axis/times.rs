//! The axis of time: a window, and the whole minutes, hours and days in it that have room for their names.
//!
//! Names never touch and never leave the axis; one that finds no room is left out.

use crate::domain::Timestamp;
use chrono::{TimeDelta, Timelike};

/// Minutes from one tick to the next, until days; beyond the last they double.
const STEPS: [i64; 15] = [
    1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 10_080, 20_160,
];

/// Columns from one tick to the next at least: the longest name, `28 Nov`, and a gap.
const APART: i64 = 8;

/// A window of time, as far as a chart is wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeAxis {
    pub from: Timestamp,
    /// The first moment after it.
    pub until: Timestamp,
}

/// A whole minute, hour or day with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeTick {
    pub at: Timestamp,
    /// The column that holds the moment.
    pub column: usize,
    /// The column in which its name begins.
    pub start: usize,
    /// `14:30`, or `28 Nov` at the beginning of a day. In UTC.
    pub words: String,
}

impl TimeAxis {
    /// Which of so many columns of the window holds a moment; `None` when it lies outside.
    pub fn place(&self, moment: Timestamp, columns: usize) -> Option<usize> {
        if moment < self.from || moment >= self.until {
            return None;
        }
        let along = i128::from((moment - self.from).num_milliseconds());
        let span = i128::from(self.span());
        usize::try_from((along * columns as i128).checked_div(span)?)
            .ok()
            .filter(|column| *column < columns)
    }

    /// The ticks whose names have room in so many columns.
    pub fn ticks(&self, columns: usize) -> Vec<TimeTick> {
        let step = self.step(columns);
        let Some(step) = step.and_then(TimeDelta::try_minutes) else {
            return Vec::new();
        };
        let mut ticks: Vec<TimeTick> = Vec::new();
        let mut free = 0;
        let mut at = self.first(step);
        while let Some(moment) = at.filter(|moment| *moment < self.until) {
            at = moment.checked_add_signed(step);
            let Some(column) = self.place(moment, columns) else {
                continue;
            };
            let words = words(moment);
            let last = columns.saturating_sub(words.len());
            let start = column.saturating_sub(words.len() / 2).min(last);
            if start >= free && words.len() <= columns {
                // One blank at least before the next.
                free = start + words.len() + 1;
                ticks.push(TimeTick {
                    at: moment,
                    column,
                    start,
                    words,
                });
            }
        }
        ticks
    }

    /// In milliseconds.
    fn span(&self) -> i64 {
        (self.until - self.from).num_milliseconds()
    }

    /// Minutes between ticks that are far enough apart; `None` where there is no window, or no column.
    fn step(&self, columns: usize) -> Option<i64> {
        let columns = i64::try_from(columns).ok().filter(|columns| *columns > 0)?;
        let span = Some(self.span()).filter(|span| *span > 0)?;
        let last = STEPS.last().copied();
        let doubled = std::iter::successors(last, |step| step.checked_mul(2)).skip(1);
        STEPS.into_iter().chain(doubled).find(|step| {
            let millis = i128::from(*step) * 60_000;
            millis * i128::from(columns) >= i128::from(span) * i128::from(APART)
        })
    }

    /// The first tick of the window.
    fn first(&self, step: TimeDelta) -> Option<Timestamp> {
        let (from, step) = (self.from.timestamp_millis(), step.num_milliseconds());
        let number = from.div_euclid(step) + i64::from(from.rem_euclid(step) > 0);
        Timestamp::from_timestamp_millis(number.checked_mul(step)?)
    }
}

fn words(at: Timestamp) -> String {
    if at.num_seconds_from_midnight() == 0 {
        at.format("%-d %b").to_string()
    } else {
        at.format("%H:%M").to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(words: &str) -> Timestamp {
        words.parse().unwrap()
    }

    fn axis(hours: i64) -> TimeAxis {
        let until = at("2026-11-28T14:32:00Z");
        TimeAxis {
            from: until - TimeDelta::hours(hours),
            until,
        }
    }

    /// The names as they stand under a chart.
    fn line(axis: TimeAxis, columns: usize) -> String {
        axis.ticks(columns)
            .iter()
            .fold(String::new(), |line, tick| {
                format!("{line:<width$}{}", tick.words, width = tick.start)
            })
    }

    #[test]
    fn windows_are_told_by_whole_minutes_hours_and_days() {
        for (hours, columns, expected) in [
            (
                1,
                60,
                "      13:40     13:50     14:00     14:10     14:20    14:30",
            ),
            (
                3,
                60,
                "       12:00     12:30     13:00     13:30     14:00   14:30",
            ),
            (
                24,
                60,
                "      18:00         28 Nov          06:00          12:00",
            ),
            (
                168,
                60,
                "22 Nov  23 Nov   24 Nov   25 Nov  26 Nov   27 Nov  28 Nov",
            ),
            (1, 12, "   14:00"),
            (3, 4, ""),
            (3, 0, ""),
            (0, 60, ""),
            (-4, 60, ""),
        ] {
            assert_eq!(
                line(axis(hours), columns),
                expected,
                "{hours} h in {columns}"
            );
        }
    }

    #[test]
    fn a_moment_has_a_column_only_in_the_window() {
        let axis = axis(1);
        assert_eq!(axis.place(axis.from, 60), Some(0));
        assert_eq!(
            axis.place(axis.until - TimeDelta::milliseconds(1), 60),
            Some(59)
        );
        assert_eq!(axis.place(axis.until, 60), None);
        assert_eq!(axis.place(axis.from - TimeDelta::milliseconds(1), 60), None);
        assert_eq!(axis.place(axis.from, 0), None);
    }

    #[test]
    fn all_of_the_calendar_has_ticks() {
        let (from, until) = (Timestamp::MIN_UTC, Timestamp::MAX_UTC);
        assert!(TimeAxis { from, until }.ticks(200).len() < 23);
    }

    proptest! {
        #[test]
        fn names_never_touch_and_never_leave_the_axis(
            from in 0i64..4_000_000_000,
            span in prop_oneof![-60i64..7_200, 0i64..700_000, 0i64..4_000_000_000],
            columns in 0usize..400,
        ) {
            let from = Timestamp::from_timestamp(from, 0).unwrap();
            let axis = TimeAxis { from, until: from + TimeDelta::seconds(span) };
            let ticks = axis.ticks(columns);
            for tick in &ticks {
                prop_assert!(tick.start + tick.words.len() <= columns);
                prop_assert!((tick.start..tick.start + tick.words.len()).contains(&tick.column), "{tick:?}");
                prop_assert_eq!(axis.place(tick.at, columns), Some(tick.column));
                prop_assert_eq!(tick.at.second(), 0);
                prop_assert!(axis.from <= tick.at && tick.at < axis.until);
            }
            for pair in ticks.windows(2) {
                prop_assert!(pair[0].start + pair[0].words.len() < pair[1].start, "{ticks:?}");
                prop_assert!(pair[0].at < pair[1].at && pair[0].column < pair[1].column);
            }
            // A window as wide as a chart's is never without a name.
            prop_assert!(columns < 24 || span < 7_200 || !ticks.is_empty());
        }
    }
}
