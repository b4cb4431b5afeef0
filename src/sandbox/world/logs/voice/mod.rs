//! Who speaks in a group, and what becomes of one piece of work.
//!
//! A voice turns a [`Unit`] (an invocation, a request, a job) into lines. All that it says is decided by the
//! unit's seed, so the same unit says the same whenever it is asked.

mod access;
mod application;
mod container;
mod function;
mod trouble;

use super::super::random::Dice;

pub(super) use access::Access;
pub(super) use application::{Persona, Style};
pub(super) use container::{Container, Wrapping};
pub(super) use function::Function;

/// A piece of work. Times are milliseconds.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    /// When it begins, since the epoch.
    pub(super) at: i64,
    pub(super) takes: i64,
    /// Which of the streams that are open at once it writes to.
    pub(super) lane: i64,
    pub(super) seed: u64,
    pub(super) fate: Fate,
    /// Nothing was written to its stream before.
    pub(super) first: bool,
}

/// How a piece of work ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Fine,
    Slow,
    Failed,
    TimedOut,
    Throttled,
    /// Out of memory.
    Exhausted,
}

#[derive(Debug)]
pub(super) enum Voice {
    Function(Function),
    Container(Container),
    Access(Access),
}

/// Lines with their times, in order.
pub(super) type Said = Vec<(i64, String)>;

impl Voice {
    pub(super) fn speak(&self, unit: &Unit, said: &mut Said) {
        match self {
            Voice::Function(function) => function.speak(unit, said),
            Voice::Container(container) => container.speak(unit, said),
            Voice::Access(access) => access.speak(unit, said),
        }
    }

    /// How long a unit of that seed goes on, in milliseconds.
    pub(super) fn takes(&self, fate: Fate, seed: u64) -> i64 {
        match self {
            Voice::Function(function) => function.takes(fate, seed),
            Voice::Container(_) => Container::takes(fate, seed),
            Voice::Access(_) => 0,
        }
    }

    /// How long one stream is written to, in milliseconds.
    pub(super) fn stream_lifetime(&self) -> i64 {
        match self {
            // What Lambda leaves an environment before it takes a fresh one.
            Voice::Function(_) => 2 * 3_600_000,
            Voice::Container(_) | Voice::Access(_) => 26 * 3_600_000,
        }
    }

    pub(super) fn most_streams_at_once(&self) -> i64 {
        match self {
            Voice::Function(_) => 8,
            Voice::Container(_) => 6,
            Voice::Access(_) => 2,
        }
    }

    pub(super) fn stream_name(&self, begins: i64, dice: &mut Dice) -> String {
        match self {
            Voice::Function(_) => format!("{}[$LATEST]{}", date_path(begins), dice.hex(32)),
            Voice::Container(container) => container.stream_name(dice),
            Voice::Access(_) => dice.hex(32),
        }
    }
}

/// `2026/11/20/`, as Lambda begins the names of its streams.
fn date_path(at: i64) -> String {
    chrono::DateTime::from_timestamp_millis(at)
        .unwrap_or_default()
        .format("%Y/%m/%d/")
        .to_string()
}

/// `2026-11-20T10:11:12.345Z`. By hand, because a page has thousands of them.
fn stamp(at: i64) -> String {
    let (days, millis) = (at.div_euclid(86_400_000), at.rem_euclid(86_400_000));
    // Days since the first of March of the year 0, in eras of 400 years.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{:03}Z",
        millis / 3_600_000,
        millis / 60_000 % 60,
        millis / 1_000 % 60,
        millis % 1_000
    )
}

/// One of several, as the dice fall.
fn one_of<'t>(dice: &mut Dice, texts: &[&'t str]) -> &'t str {
    let place = dice.between(0, i64::try_from(texts.len()).unwrap_or(1));
    usize::try_from(place)
        .ok()
        .and_then(|place| texts.get(place))
        .copied()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_what_the_calendar_says() {
        for at in [
            0,
            951_782_400_123,
            1_763_640_000_000,
            1_798_761_599_999,
            4_107_542_399_001,
        ] {
            let calendar = chrono::DateTime::from_timestamp_millis(at).unwrap();
            assert_eq!(
                stamp(at),
                calendar.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
            );
        }
    }
}
