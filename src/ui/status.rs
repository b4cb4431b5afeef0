//! Status as a shape, a word and a role, in that order: readable without colour.

use super::look::Signs;
use super::text;
use crate::app::alarms::Standing;
use crate::app::fleet::Counts;
use crate::app::lambda::Health;
use crate::config::Role;
use crate::domain::time::short;
use crate::domain::untrusted::sanitise;
use crate::domain::{DriftStatus, Phase, Stack, StackStatus, Timestamp};
use chrono::TimeDelta;

/// A shape and what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) sign: &'static str,
    pub(super) role: Role,
}

impl Mark {
    fn new(sign: &'static str, role: Role) -> Self {
        Self { sign, role }
    }

    pub(super) fn of_phase(phase: Phase, signs: &Signs) -> Self {
        match phase {
            Phase::Failed => Self::new(signs.failed, Role::Error),
            Phase::RollingBack => Self::new(signs.undoing, Role::Warn),
            Phase::RolledBack => Self::new(signs.partial, Role::Warn),
            Phase::Moving => Self::new(signs.moving, Role::Moving),
            Phase::Unknown => Self::new(signs.unknown, Role::Unknown),
            Phase::Review | Phase::Gone => Self::new(signs.stopped, Role::Muted),
            Phase::Settled => Self::new(signs.ok, Role::Ok),
        }
    }

    /// Of a resource's status, which follows the rule that a stack's does.
    pub(super) fn of_word(word: &str, signs: &Signs) -> Self {
        let phase = match word {
            // A change set's own word stands alone.
            "FAILED" => Phase::Failed,
            _ if word.ends_with("_FAILED") => Phase::Failed,
            _ if word.contains("ROLLBACK") && word.ends_with("_IN_PROGRESS") => Phase::RollingBack,
            _ if word.ends_with("_IN_PROGRESS") => Phase::Moving,
            _ if word.ends_with("ROLLBACK_COMPLETE") => Phase::RolledBack,
            "DELETE_COMPLETE" | "DELETE_SKIPPED" => Phase::Gone,
            _ if word.ends_with("_COMPLETE") => Phase::Settled,
            _ => Phase::Unknown,
        };
        Self::of_phase(phase, signs)
    }

    pub(super) fn of_drift(drift: &DriftStatus, signs: &Signs) -> Self {
        match drift {
            DriftStatus::Drifted => Self::new(signs.alarm, Role::Warn),
            DriftStatus::Deleted => Self::new(signs.failed, Role::Error),
            DriftStatus::InSync => Self::new(signs.ok, Role::Ok),
            DriftStatus::NotChecked => Self::new(signs.nothing, Role::Muted),
            DriftStatus::Other(_) => Self::new(signs.unknown, Role::Unknown),
        }
    }

    /// Of an alarm.
    pub(super) fn of_standing(standing: Standing, signs: &Signs) -> Self {
        match standing {
            Standing::InAlarm => Self::new(signs.alarm, Role::Error),
            Standing::Blind => Self::new(signs.blind, Role::Warn),
            Standing::Insufficient | Standing::Unproven | Standing::Other => {
                Self::new(signs.unknown, Role::Unknown)
            }
            Standing::Ok => Self::new(signs.ok, Role::Ok),
        }
    }

    /// Of a function in a region, or of a region as far as Lambda goes.
    pub(super) fn of_health(health: Health, signs: &Signs) -> Self {
        match health {
            Health::Alarm => Self::new(signs.alarm, Role::Error),
            Health::Errors | Health::Broken => Self::new(signs.failed, Role::Error),
            Health::Skewed => Self::new(signs.partial, Role::Warn),
            Health::Unknown => Self::new(signs.unseen, Role::Unknown),
            Health::Quiet => Self::new(signs.stopped, Role::Muted),
            Health::Well => Self::new(signs.ok, Role::Ok),
        }
    }

    /// Of a region as a whole: the gravest of what its stacks are in.
    pub(super) fn of_counts(counts: Counts, signs: &Signs) -> Self {
        let phases = [
            (counts.failed, Phase::Failed),
            (counts.partial, Phase::RolledBack),
            (counts.moving, Phase::Moving),
        ];
        let gravest = phases
            .into_iter()
            .find(|(count, _)| *count > 0)
            .map(|(_, phase)| phase);
        match gravest {
            Some(phase) => Self::of_phase(phase, signs),
            None if counts.total() == 0 => Self::new(signs.stopped, Role::Muted),
            None => Self::new(signs.ok, Role::Ok),
        }
    }
}

/// How a moving stack gets on, in words: `UPDATE 1m40s`, or `1m40s` where there is no room for the verb. AWS tells
/// no share of the whole.
pub(super) fn progress(stack: &Stack, now: Timestamp, room: u16) -> String {
    let elapsed = elapsed(now - stack.touched());
    let words = format!("{} {elapsed}", sanitise(verb(&stack.status)));
    if text::width(&words) <= room {
        words
    } else {
        elapsed
    }
}

/// What is being done, in one word.
fn verb(status: &StackStatus) -> &str {
    let word = status.as_str();
    if word.contains("CLEANUP") {
        "CLEANUP"
    } else if word.contains("ROLLBACK") {
        "ROLLBACK"
    } else {
        word.split('_').next().unwrap_or(word)
    }
}

/// A span with both its units but no blank between them, for a cell that changes every second.
fn elapsed(span: TimeDelta) -> String {
    let seconds = span.num_seconds().max(0);
    match seconds {
        60..3_600 => format!("{}m{:02}s", seconds / 60, seconds % 60),
        3_600..86_400 => format!("{}h{:02}m", seconds / 3_600, seconds % 3_600 / 60),
        _ => short(span),
    }
}

#[cfg(test)]
mod tests {
    use super::super::look::UNICODE;
    use super::*;

    #[test]
    fn a_resources_word_has_the_shape_of_its_phase() {
        for (word, sign) in [
            ("CREATE_COMPLETE", "✓"),
            ("UPDATE_FAILED", "✗"),
            ("FAILED", "✗"),
            ("UPDATE_IN_PROGRESS", "↻"),
            ("UPDATE_ROLLBACK_IN_PROGRESS", "↺"),
            ("UPDATE_ROLLBACK_COMPLETE", "◐"),
            ("DELETE_SKIPPED", "○"),
            ("SOMETHING_NEW", "?"),
        ] {
            assert_eq!(Mark::of_word(word, &UNICODE).sign, sign, "{word}");
        }
    }

    #[test]
    fn a_moving_stack_says_what_is_done_to_it() {
        for (status, verb) in [
            ("CREATE_IN_PROGRESS", "CREATE"),
            ("UPDATE_ROLLBACK_IN_PROGRESS", "ROLLBACK"),
            ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "CLEANUP"),
            ("MIGRATE_IN_PROGRESS", "MIGRATE"),
        ] {
            assert_eq!(super::verb(&StackStatus::parse(status)), verb);
        }
        for (seconds, words) in [(7, "7s"), (100, "1m40s"), (3_700, "1h01m"), (200_000, "2d")] {
            assert_eq!(elapsed(TimeDelta::seconds(seconds)), words);
        }
    }

    #[test]
    fn a_region_looks_like_the_worst_of_its_stacks() {
        let well = Counts {
            well: 4,
            ..Counts::default()
        };
        for (counts, sign) in [
            (Counts::default(), "○"),
            (well, "✓"),
            (Counts { moving: 1, ..well }, "↻"),
            (
                Counts {
                    moving: 1,
                    partial: 1,
                    ..well
                },
                "◐",
            ),
            (
                Counts {
                    moving: 1,
                    failed: 1,
                    ..well
                },
                "✗",
            ),
        ] {
            assert_eq!(Mark::of_counts(counts, &UNICODE).sign, sign, "{counts:?}");
        }
    }
}
