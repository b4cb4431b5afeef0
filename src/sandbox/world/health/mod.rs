//! What checks say of a cause.
//!
//! A cause ([`Cause`]) is there or not at a moment; a check looks now and then, and a target's state turns only when
//! enough looks in a row agree. Nothing is kept: the state of any moment is read off the looks before it, so it is
//! a function of the cause and the time.

mod cause;

pub(in crate::sandbox) use cause::Symptom;
pub(super) use cause::{Cause, Spell};

/// How often is looked, and how many looks in a row it takes. Times are milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) struct Rhythm {
    pub(in crate::sandbox) every: i64,
    pub(in crate::sandbox) healthy: i64,
    pub(in crate::sandbox) unhealthy: i64,
    /// When the looks happen within `every`: not all targets are looked at in one moment.
    pub(in crate::sandbox) phase: i64,
}

/// How a target stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Health {
    /// It was registered, and is still to be looked at.
    Initial,
    Healthy,
    Unhealthy(Symptom),
    /// Somebody did something to it that needs no check.
    Registering,
    Draining,
    Unused,
}

/// Looks that never agree are given up after so many.
const LONGEST: i64 = 400;

impl Rhythm {
    /// How a target stands that was registered at a time.
    pub(in crate::sandbox) fn health(&self, cause: &Cause, registered: i64, at: i64) -> Health {
        let now = cause.symptom(at);
        if let Some(known) = now.and_then(Symptom::known_without_looking) {
            return known;
        }
        let last = (at - self.phase).div_euclid(self.every);
        let (mut passed, mut failed) = (0, 0);
        let mut has_passed = false;
        let mut symptom = None;
        for number in (last - LONGEST..=last).rev() {
            let look = number * self.every + self.phase;
            if look < registered {
                return if has_passed {
                    Health::Healthy
                } else {
                    Health::Initial
                };
            }
            let found = cause.symptom(look);
            if let Some(found) = found.filter(|found| found.fails_checks()) {
                symptom = symptom.filter(|_| failed > 0).or(Some(found));
                (passed, failed) = (0, failed + 1);
            } else {
                (passed, failed) = (passed + 1, 0);
                has_passed = true;
            }
            match symptom {
                Some(symptom) if failed >= self.unhealthy => return Health::Unhealthy(symptom),
                Some(_) | None if passed >= self.healthy => return Health::Healthy,
                Some(_) | None => {}
            }
        }
        Health::Healthy
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000;
    const RHYTHM: Rhythm = Rhythm {
        every: 30 * SECOND,
        healthy: 5,
        unhealthy: 2,
        phase: 7 * SECOND,
    };

    fn cause(first: i64, lasts: Option<i64>, every: Option<i64>) -> Cause {
        let spell = Spell {
            first: first * SECOND,
            lasts: lasts.map(|lasts| lasts * SECOND),
            every: every.map(|every| every * SECOND),
            symptom: Symptom::Code(503),
        };
        Cause {
            spells: vec![spell],
            function: None,
        }
    }

    /// The seconds at which the state turns.
    fn turns(cause: &Cause, until: i64) -> Vec<(i64, Health)> {
        let mut turns: Vec<(i64, Health)> = Vec::new();
        for at in 0..until {
            let health = RHYTHM.health(cause, -3_600 * SECOND, at * SECOND);
            if turns.last().is_none_or(|(_, last)| *last != health) {
                turns.push((at, health));
            }
        }
        turns
    }

    #[test]
    fn a_state_turns_when_enough_looks_in_a_row_agree_and_not_when_the_cause_does() {
        let unhealthy = Health::Unhealthy(Symptom::Code(503));
        assert_eq!(
            turns(&cause(100, Some(300), None), 900),
            [
                (0, Health::Healthy),
                // Looked at 127 and 157; then at 427 and four times more.
                (157, unhealthy),
                (547, Health::Healthy)
            ]
        );
    }

    #[test]
    fn what_no_look_falls_into_is_never_found_out() {
        assert_eq!(
            turns(&cause(100, Some(20), Some(300)), 900),
            [(0, Health::Healthy)]
        );
        assert_eq!(
            turns(&cause(100, Some(30), Some(300)), 900),
            [(0, Health::Healthy)],
            "one look alone says nothing"
        );
    }

    #[test]
    fn what_comes_back_is_found_out_again() {
        let turned = turns(&cause(0, Some(120), Some(600)), 1_800);
        let bad = turned
            .iter()
            .filter(|(_, health)| *health != Health::Healthy);
        let bad: Vec<i64> = bad.map(|(at, _)| *at).collect();
        assert_eq!(bad, [37, 637, 1_237]);
    }

    #[test]
    fn a_new_target_is_initial_until_it_has_been_looked_at() {
        let well = Cause::default();
        let health = |at: i64| RHYTHM.health(&well, 10 * SECOND, at * SECOND);
        assert_eq!(health(36), Health::Initial);
        assert_eq!(health(37), Health::Healthy);
        let ill = cause(0, None, None);
        let health = |at: i64| RHYTHM.health(&ill, 10 * SECOND, at * SECOND);
        assert_eq!(health(66), Health::Initial);
        assert_eq!(health(67), Health::Unhealthy(Symptom::Code(503)));
    }
}
