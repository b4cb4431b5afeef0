//! An operation of a client's, written out step by step before it begins.
//!
//! Forward: what is added, changed and replaced, several at a time; what goes, goes when all of that has succeeded.
//! Where a part fails, what is under way is cancelled, and then either everything is taken back (see `undo.rs`) or, if
//! the client wished so, everything stays as it is.

use super::undo::{Back, back};
use crate::sandbox::template::Keeping;
use crate::sandbox::timeline::{Millis, Step, Verb};
use crate::sandbox::world::stack::{OnFailure, Trail};

/// One resource's part.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Part {
    pub(in crate::sandbox) logical: String,
    pub(in crate::sandbox) action: Move,
    /// Why it fails, if it does.
    pub(in crate::sandbox) fails: Option<String>,
}

/// What is done with a resource; resources are named by their places in the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Move {
    Add(usize),
    Modify(usize),
    Replace {
        old: usize,
        new: usize,
        keeping: Keeping,
    },
    Remove(usize, Keeping),
}

#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Score {
    /// [`Verb::Create`] or [`Verb::Update`].
    pub(in crate::sandbox) verb: Verb,
    pub(in crate::sandbox) parts: Vec<Part>,
    pub(in crate::sandbox) on_failure: OnFailure,
    /// Why taking it back fails as well, if it does.
    pub(in crate::sandbox) again: Option<String>,
    pub(in crate::sandbox) pace: Pace,
}

/// How long things take.
#[derive(Clone, Copy, Debug)]
pub(in crate::sandbox) struct Pace {
    pub(in crate::sandbox) before: Millis,
    pub(in crate::sandbox) stride: Millis,
    pub(in crate::sandbox) takes: Millis,
}

const CLEANUP: Millis = 1_800;
const REPLACING: &str =
    "Requested update requires the creation of a new physical resource; hence creating one.";
const INITIATED: &str = "Resource creation Initiated";

impl Pace {
    /// A client watches: however many resources there are, it is done in about a quarter of a minute.
    pub(in crate::sandbox) fn of(parts: usize) -> Pace {
        let parts = i64::try_from(parts).unwrap_or(i64::MAX).max(1);
        Pace {
            before: 700,
            stride: (6_000 / parts).clamp(60, 1_000),
            takes: 3_400,
        }
    }

    /// A nested stack's, inside the part that it is of its parent.
    pub(in crate::sandbox) fn nested(parts: usize) -> Pace {
        let parts = i64::try_from(parts).unwrap_or(i64::MAX).max(1);
        Pace {
            before: 150,
            stride: (600 / parts).clamp(10, 150),
            takes: 700,
        }
    }

    pub(in crate::sandbox) fn begins(self, index: usize) -> Millis {
        self.before + self.stride * i64::try_from(index).unwrap_or(0)
    }
}

pub(super) fn of_stack(at: Millis, status: &'static str, reason: Option<String>) -> Step {
    Step {
        at,
        resource: None,
        status,
        reason,
    }
}

pub(super) fn of_resource(
    at: Millis,
    place: usize,
    status: &'static str,
    reason: Option<&str>,
) -> Step {
    Step {
        at,
        resource: Some(place),
        status,
        reason: reason.map(str::to_owned),
    }
}

impl Score {
    pub(in crate::sandbox) fn steps(&self) -> Vec<Step> {
        let mut steps = vec![of_stack(
            0,
            self.verb.in_progress(),
            Some("User Initiated".to_owned()),
        )];
        let forward = self
            .parts
            .iter()
            .filter(|part| !matches!(part.action, Move::Remove(..)));
        let forward: Vec<&Part> = forward.collect();
        let failing = forward.iter().position(|part| part.fails.is_some());
        let until = failing.map(|index| self.pace.begins(index) + self.pace.takes * 2 / 3);
        for (index, part) in forward.iter().enumerate() {
            self.play(&mut steps, index, part, until.unwrap_or(Millis::MAX));
        }
        match until {
            Some(failed) => self.fail(&mut steps, &forward, failed),
            None => self.finish(&mut steps, forward.len()),
        }
        // Stable, so that what is written first happens first within one millisecond.
        steps.sort_by_key(|step| step.at);
        steps
    }

    fn play(&self, steps: &mut Vec<Step>, index: usize, part: &Part, until: Millis) {
        let begins = self.pace.begins(index);
        if begins >= until {
            return;
        }
        let (place, verb) = match part.action {
            Move::Add(place) => {
                steps.push(of_resource(begins, place, "CREATE_IN_PROGRESS", None));
                (place, Verb::Create)
            }
            Move::Modify(place) => {
                steps.push(of_resource(begins, place, "UPDATE_IN_PROGRESS", None));
                (place, Verb::Update)
            }
            Move::Replace { old, new, .. } => {
                let why = Some(REPLACING);
                steps.push(of_resource(begins, old, "UPDATE_IN_PROGRESS", why));
                (new, Verb::Update)
            }
            Move::Remove(..) => return,
        };
        let initiated = begins + self.pace.takes / 3;
        let makes = !matches!(part.action, Move::Modify(_));
        if makes && initiated < until && part.fails.is_none() {
            let status = verb.in_progress();
            steps.push(of_resource(initiated, place, status, Some(INITIATED)));
        }
        let ends = begins + self.pace.takes;
        match &part.fails {
            Some(reason) => steps.push(of_resource(until, place, verb.failed(), Some(reason))),
            None if ends < until => steps.push(of_resource(ends, place, verb.complete(), None)),
            None => {
                let place_in_line = i64::try_from(index).unwrap_or(0);
                let at = until + 90 + 10 * place_in_line;
                steps.push(of_resource(at, place, verb.failed(), Some(cancelled(verb))));
            }
        }
    }

    fn finish(&self, steps: &mut Vec<Step>, forward: usize) {
        let last = self.pace.begins(forward.saturating_sub(1)) + self.pace.takes;
        let done = if forward == 0 { 900 } else { last } + 300;
        if self.verb != Verb::Update {
            steps.push(of_stack(done, self.verb.complete(), None));
            return;
        }
        steps.push(of_stack(done, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", None));
        let mut at = done + 300;
        for part in &self.parts {
            let (place, keeping) = match part.action {
                Move::Remove(place, keeping) => (place, keeping),
                Move::Replace { old, keeping, .. } => (old, keeping),
                Move::Add(_) | Move::Modify(_) => continue,
            };
            leave(steps, at, place, keeping);
            at += 200;
        }
        steps.push(of_stack(
            (done + CLEANUP).max(at + 900),
            "UPDATE_COMPLETE",
            None,
        ));
    }

    fn fail(&self, steps: &mut Vec<Step>, forward: &[&Part], failed: Millis) {
        let reason = failure_reason(steps, forward);
        let at = failed + 400 + 10 * i64::try_from(forward.len()).unwrap_or(0);
        match (self.on_failure, self.verb) {
            (OnFailure::Stays, _) => steps.push(of_stack(at, self.verb.failed(), Some(reason))),
            (OnFailure::RollsBack, verb) => {
                let mut trail = Trail::default();
                trail.follow(steps);
                trail.new = forward
                    .iter()
                    .filter_map(|part| match part.action {
                        Move::Add(place) | Move::Replace { new: place, .. } => Some(place),
                        Move::Modify(_) | Move::Remove(..) => None,
                    })
                    .collect();
                let failing = forward.iter().find(|part| part.fails.is_some());
                let place = failing.map(|part| match part.action {
                    Move::Add(place) | Move::Modify(place) | Move::Remove(place, _) => place,
                    Move::Replace { old, .. } => old,
                });
                let name = failing.map_or("", |part| part.logical.as_str());
                let stuck = place.zip(self.again.as_deref());
                let stuck = stuck.map(|(place, reason)| (place, name, reason));
                steps.extend(back(
                    &trail,
                    Back {
                        from: at,
                        creating: verb == Verb::Create,
                        reason: Some(reason),
                        stuck,
                        skipped: &[],
                    },
                ));
            }
        }
    }
}

fn cancelled(verb: Verb) -> &'static str {
    match verb {
        Verb::Create => "Resource creation cancelled",
        Verb::Update => "Resource update cancelled",
        Verb::Delete => "Resource deletion cancelled",
    }
}

/// A resource that is not wanted any more, at the end of everything.
pub(super) fn leave(steps: &mut Vec<Step>, at: Millis, place: usize, keeping: Keeping) {
    if keeping == Keeping::Retain {
        steps.push(of_resource(at, place, "DELETE_SKIPPED", None));
        return;
    }
    steps.push(of_resource(at, place, "DELETE_IN_PROGRESS", None));
    steps.push(of_resource(at + 700, place, "DELETE_COMPLETE", None));
}

/// `The following resource(s) failed to create: [A]. The following resource(s) failed to update: [B, C]. `
fn failure_reason(steps: &[Step], parts: &[&Part]) -> String {
    let failed = |status: &str, place: usize| {
        let mut steps = steps.iter();
        steps.any(|step| step.resource == Some(place) && step.status == status)
    };
    let told = [("CREATE_FAILED", "create"), ("UPDATE_FAILED", "update")].map(|(status, verb)| {
        let names = parts.iter().filter(|part| match part.action {
            Move::Add(place) | Move::Modify(place) => failed(status, place),
            Move::Replace { new, .. } => failed(status, new),
            Move::Remove(..) => false,
        });
        let names: Vec<&str> = names.map(|part| part.logical.as_str()).collect();
        if names.is_empty() {
            return String::new();
        }
        format!(
            "The following resource(s) failed to {verb}: [{}]. ",
            names.join(", ")
        )
    });
    told.concat()
}
