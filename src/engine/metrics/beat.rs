//! When to ask for metrics again. Pure: a moment and a period go in, a delay comes out.
//!
//! Everything that is asked of a scope falls due on the same beat, so that one request can hold it: a period of five
//! minutes is due with every fifth of a minute. The beat is the clock's, some seconds after the minute that CloudWatch
//! has to take in first, and not the same in every scope.

use crate::domain::{Scope, Timestamp};
use chrono::TimeDelta;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

/// How long after a minute has ended CloudWatch is given to take it in.
const SETTLED: i64 = 15;
/// The scopes' beats are spread over so many seconds after that.
const SPREAD: u64 = 20;

/// Seconds after the full minute at which a scope is asked.
pub(super) fn phase(scope: &Scope) -> i64 {
    let mut hasher = DefaultHasher::new();
    scope.hash(&mut hasher);
    SETTLED + i64::try_from(hasher.finish() % SPREAD).unwrap_or_default()
}

/// From `now` to the next beat of a period that has some way to go: who has just asked does not ask again at once.
pub(super) fn until_next(now: Timestamp, period: TimeDelta, phase: i64) -> Duration {
    let period = period.num_milliseconds().max(1);
    let into = (now.timestamp_millis() - phase * 1_000).rem_euclid(period);
    let mut rest = period - into;
    if rest < period / 4 {
        rest += period;
    }
    Duration::from_millis(rest.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AccountName, Region};
    use proptest::prelude::*;

    fn moment(millis: i64) -> Timestamp {
        Timestamp::from_timestamp_millis(millis).unwrap()
    }

    proptest! {
        #[test]
        fn whoever_begins_when_soon_falls_into_step(
            start in 1_700_000_000_000_i64..1_900_000_000_000,
            minutes in 1_i64..=15,
            phase in 0_i64..60,
        ) {
            let period = TimeDelta::minutes(minutes);
            let delay = until_next(moment(start), period, phase);
            let least = period.to_std().unwrap() / 4;
            prop_assert!(delay >= least && delay <= least * 5);
            let next = start + i64::try_from(delay.as_millis()).unwrap();
            prop_assert_eq!((next - phase * 1_000).rem_euclid(period.num_milliseconds()), 0);
            // From there on, once a period; a timer that is a little early or late makes no difference.
            for slip in [-900, 0, 900] {
                let again = until_next(moment(next + slip), period, phase);
                let again = next + slip + i64::try_from(again.as_millis()).unwrap();
                prop_assert_eq!(again, next + period.num_milliseconds());
            }
        }
    }

    #[test]
    fn every_scope_has_a_beat_of_its_own_within_the_minute() {
        let beats: std::collections::BTreeSet<i64> = (0..17)
            .map(|region| {
                let region = Region::new(format!("eu-west-{region}"));
                phase(&Scope::regional(&AccountName::new("prod"), &region))
            })
            .collect();
        assert!(beats.iter().all(|beat| (15..35).contains(beat)));
        assert!(beats.len() > 5, "{beats:?}");
    }
}
