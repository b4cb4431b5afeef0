//! Backwards: what was changed is brought back, what was made is deleted.
//!
//! It needs only the trail of what was done, so the same steps come of an update that failed, of one that somebody
//! cancelled, of one that failed long ago and was left lying, and of a rollback that is to go on.

use super::score::{of_resource, of_stack};
use crate::sandbox::timeline::{Millis, Step};
use crate::sandbox::world::stack::Trail;

#[derive(Clone, Debug)]
pub(super) struct Back<'b> {
    pub(super) from: Millis,
    /// Whether there is nothing to come back to: the stack never stood firm.
    pub(super) creating: bool,
    pub(super) reason: Option<String>,
    /// The place that cannot be brought back, its name, and why.
    pub(super) stuck: Option<(usize, &'b str, &'b str)>,
    /// Those that are to be taken as they are.
    pub(super) skipped: &'b [usize],
}

const SPAN: Millis = 900;

pub(super) fn back(trail: &Trail, back: Back<'_>) -> Vec<Step> {
    let (begins, done, dead) = if back.creating {
        (
            "ROLLBACK_IN_PROGRESS",
            "ROLLBACK_COMPLETE",
            "ROLLBACK_FAILED",
        )
    } else {
        (
            "UPDATE_ROLLBACK_IN_PROGRESS",
            "UPDATE_ROLLBACK_COMPLETE",
            "UPDATE_ROLLBACK_FAILED",
        )
    };
    let mut steps = vec![of_stack(back.from, begins, back.reason)];
    let mut at = back.from + 700;
    let open = |place: &&usize| !trail.restored.contains(*place);
    let changed = trail.touched.iter().filter(open);
    for place in changed.filter(|place| !trail.new.contains(*place)) {
        if back.skipped.contains(place) {
            steps.push(of_resource(at, *place, "UPDATE_COMPLETE", None));
            continue;
        }
        steps.push(of_resource(at, *place, "UPDATE_IN_PROGRESS", None));
        if let Some((_, name, reason)) = back.stuck.filter(|(stuck, ..)| stuck == place) {
            steps.push(of_resource(
                at + SPAN,
                *place,
                "UPDATE_FAILED",
                Some(reason),
            ));
            let words = format!("The following resource(s) failed to update: [{name}]. ");
            steps.push(of_stack(at + SPAN + 300, dead, Some(words)));
            return steps;
        }
        steps.push(of_resource(at + SPAN, *place, "UPDATE_COMPLETE", None));
        at += SPAN / 2;
    }
    at += SPAN;
    if !back.creating {
        let status = "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS";
        steps.push(of_stack(at, status, None));
        at += 300;
    }
    let made = trail.touched.iter().rev().filter(open);
    for place in made.filter(|place| trail.new.contains(*place)) {
        if back.skipped.contains(place) {
            steps.push(of_resource(at, *place, "DELETE_SKIPPED", None));
            continue;
        }
        steps.push(of_resource(at, *place, "DELETE_IN_PROGRESS", None));
        if let Some((_, name, reason)) = back.stuck.filter(|(stuck, ..)| stuck == place) {
            steps.push(of_resource(
                at + SPAN,
                *place,
                "DELETE_FAILED",
                Some(reason),
            ));
            let words = format!("The following resource(s) failed to delete: [{name}]. ");
            steps.push(of_stack(at + SPAN + 300, dead, Some(words)));
            return steps;
        }
        steps.push(of_resource(at + SPAN, *place, "DELETE_COMPLETE", None));
        at += SPAN / 3;
    }
    steps.push(of_stack(at + SPAN + 300, done, None));
    steps
}
