//! When to ask again. Pure: an outcome goes in, a delay comes out.

use super::message::Cadence;
use crate::domain::{Kind, Problem};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

/// A permission does not appear by itself; asking for it again costs calls and log lines.
const AFTER_DENIAL: Duration = Duration::from_secs(300);
/// A thing that is gone seldom comes back.
const AFTER_MISSING: Duration = Duration::from_secs(60);
/// No back-off is longer, or the screen would be stale for no reason.
const BACK_OFF_AT_MOST: Duration = Duration::from_secs(60);
/// What a question that is asked once waits between attempts.
const ONCE: Duration = Duration::from_secs(15);

/// The delay until the next attempt after `failures` failures in a row (nought: the last one succeeded);
/// `None` when there is nothing more to ask.
pub(super) fn delay(
    cadence: Cadence,
    outcome: Result<(), &Problem>,
    failures: u32,
) -> Option<Duration> {
    let period = cadence.period().and_then(|period| period.to_std().ok());
    let Err(problem) = outcome else { return period };
    // A question for every hour is not left unanswered for one because it failed once.
    let period = period.unwrap_or(ONCE).min(AFTER_DENIAL);
    // Two seconds, doubled with every failure; a slow cadence is never made faster.
    let doubled = Duration::from_secs(1 << failures.min(10)).min(BACK_OFF_AT_MOST);
    Some(match problem.kind {
        Kind::Denied | Kind::NotRecognized | Kind::Invalid => period.max(AFTER_DENIAL),
        Kind::Missing | Kind::Capped => period.max(AFTER_MISSING),
        Kind::Throttled => (period * (1 << failures.min(5)))
            .min(BACK_OFF_AT_MOST)
            .max(period),
        Kind::Expired | Kind::ClockSkew => period.max(ONCE),
        // Background work gets no retry of its own: its next turn is its retry.
        Kind::Unreachable(_) | Kind::Garbled | Kind::Server | Kind::Bug => match cadence {
            Cadence::Background(_) => period.min(BACK_OFF_AT_MOST * 2),
            Cadence::Focused(_) | Cadence::Once => doubled,
        },
    })
}

/// Moves a delay by up to a tenth, so that pollers that began together do not stay together.
///
/// Seeded by who asks and how often it has asked: the same run gives the same delays.
pub(super) fn jittered(delay: Duration, seed: &impl Hash, turn: u64) -> Duration {
    let mut hasher = DefaultHasher::new();
    seed.hash(&mut hasher);
    turn.hash(&mut hasher);
    let parts_per_thousand = 900 + u32::try_from(hasher.finish() % 201).unwrap_or_default();
    delay * parts_per_thousand / 1_000
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Reach;
    use chrono::TimeDelta;

    #[test]
    fn the_next_attempt_depends_on_what_went_wrong() {
        let focused = Cadence::Focused(TimeDelta::seconds(15));
        let background = Cadence::Background(TimeDelta::seconds(120));
        let hourly = Cadence::Background(TimeDelta::hours(1));
        let timed_out = Kind::Unreachable(Reach::TimedOut);
        for (cadence, kind, failures, seconds) in [
            (focused, Kind::Throttled, 1, 30),
            (focused, Kind::Throttled, 2, 60),
            (focused, Kind::Throttled, 9, 60),
            (background, Kind::Throttled, 3, 120),
            (focused, timed_out, 1, 2),
            (focused, timed_out, 4, 16),
            (focused, timed_out, 40, 60),
            (background, timed_out, 1, 120),
            (hourly, timed_out, 1, 120),
            (focused, Kind::Denied, 1, 300),
            (Cadence::Once, Kind::Missing, 1, 60),
        ] {
            let problem = Problem::new(kind, "It failed.");
            let delay = delay(cadence, Err(&problem), failures);
            assert_eq!(
                delay,
                Some(Duration::from_secs(seconds)),
                "{cadence:?} {kind:?} {failures}"
            );
        }
    }

    #[test]
    fn success_keeps_the_cadence_and_a_single_question_ends() {
        assert_eq!(
            delay(Cadence::Focused(TimeDelta::seconds(5)), Ok(()), 0),
            Some(Duration::from_secs(5))
        );
        assert_eq!(delay(Cadence::Once, Ok(()), 0), None);
    }

    #[test]
    fn jitter_is_a_tenth_either_way_and_repeats() {
        let delay = Duration::from_secs(100);
        for turn in 0..200 {
            let moved = jittered(delay, &"seed", turn);
            assert!(
                (Duration::from_secs(90)..=Duration::from_secs(110)).contains(&moved),
                "{moved:?}"
            );
            assert_eq!(moved, jittered(delay, &"seed", turn));
        }
    }
}
