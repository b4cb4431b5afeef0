//! An operation on a stack, before it is given a time.
//!
//! A script is data; its steps are worked out from it each time they are asked for, so that thousands of
//! stacks do not keep what nobody looks at.

use super::{Millis, Verb};

/// One resource's part in a script: `resource` is its place in the stack's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sandbox) struct Touch {
    pub(in crate::sandbox) resource: usize,
    pub(in crate::sandbox) logical: String,
    pub(in crate::sandbox) verb: Verb,
    pub(in crate::sandbox) takes: Millis,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Ending {
    Succeeds,
    /// `touch` fails for `reason` and everything done is undone.
    RollsBack {
        touch: usize,
        reason: String,
    },
    /// As before, but the undoing fails as well, for `again`.
    GetsStuck {
        touch: usize,
        reason: String,
        again: String,
    },
}

/// An operation on a stack, before it is given a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sandbox) struct Script {
    pub(in crate::sandbox) verb: Verb,
    pub(in crate::sandbox) touches: Vec<Touch>,
    /// Between the starts of two touches; less than they take, so several are under way at once.
    pub(in crate::sandbox) stride: Millis,
    pub(in crate::sandbox) ending: Ending,
}

/// One line of the event log: the stack itself if `touch` is `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sandbox) struct Step {
    pub(in crate::sandbox) at: Millis,
    pub(in crate::sandbox) resource: Option<usize>,
    pub(in crate::sandbox) status: &'static str,
    pub(in crate::sandbox) reason: Option<String>,
}

const CLEANUP: Millis = 1_800;

/// When touch number `index` begins in a script of that stride.
pub(in crate::sandbox) fn beginning(stride: Millis, index: usize) -> Millis {
    600 + stride * i64::try_from(index).unwrap_or(0)
}

impl Script {
    /// The offset at which touch number `index` begins.
    pub(in crate::sandbox) fn begins(&self, index: usize) -> Millis {
        beginning(self.stride, index)
    }

    /// The offset at which it ends, if nothing comes between.
    pub(in crate::sandbox) fn ends(&self, index: usize) -> Millis {
        self.begins(index) + self.touches.get(index).map_or(0, |touch| touch.takes)
    }

    /// The last moment of the whole.
    pub(in crate::sandbox) fn length(&self) -> Millis {
        self.steps().last().map_or(0, |step| step.at)
    }

    /// When the failing touch fails; `None` for a script that succeeds.
    pub(in crate::sandbox) fn fails_at(&self) -> Option<Millis> {
        match &self.ending {
            Ending::Succeeds => None,
            Ending::RollsBack { touch, .. } | Ending::GetsStuck { touch, .. } => {
                Some(self.ends(*touch))
            }
        }
    }

    /// What the stack says when it gives up: `The following resource(s) failed to update: [A, B]. `
    pub(in crate::sandbox) fn failure_reason(&self) -> String {
        let Some(fails_at) = self.fails_at() else {
            return String::new();
        };
        let names: Vec<&str> = self
            .touches
            .iter()
            .enumerate()
            .filter(|(index, _)| self.begins(*index) < fails_at && self.ends(*index) >= fails_at)
            .map(|(_, touch)| touch.logical.as_str())
            .collect();
        format!(
            "The following resource(s) failed to {}: [{}]. ",
            self.verb.infinitive(),
            names.join(", ")
        )
    }

    /// Everything that happens, in order of time.
    pub(in crate::sandbox) fn steps(&self) -> Vec<Step> {
        let mut steps = vec![Step {
            at: 0,
            resource: None,
            status: self.verb.in_progress(),
            reason: Some("User Initiated".to_owned()),
        }];
        let until = self.fails_at().unwrap_or(Millis::MAX);
        for (index, touch) in self.touches.iter().enumerate() {
            self.work(&mut steps, index, touch, until);
        }
        match &self.ending {
            Ending::Succeeds => self.finish(&mut steps),
            Ending::RollsBack { .. } => self.roll_back(&mut steps, until, None),
            Ending::GetsStuck { touch, again, .. } => {
                self.roll_back(&mut steps, until, Some((*touch, again)));
            }
        }
        // Stable, so that what is written first happens first within one millisecond.
        steps.sort_by_key(|step| step.at);
        steps
    }

    /// One touch going forward, up to the moment at which the script fails.
    fn work(&self, steps: &mut Vec<Step>, index: usize, touch: &Touch, until: Millis) {
        let (begins, ends) = (self.begins(index), self.ends(index));
        if begins >= until {
            return;
        }
        let mut step = |at, status, reason: Option<&str>| {
            steps.push(Step {
                at,
                resource: Some(touch.resource),
                status,
                reason: reason.map(str::to_owned),
            });
        };
        step(begins, touch.verb.in_progress(), None);
        if touch.verb == Verb::Create && begins + touch.takes / 3 < until {
            step(
                begins + touch.takes / 3,
                touch.verb.in_progress(),
                Some("Resource creation Initiated"),
            );
        }
        if ends < until {
            step(ends, touch.verb.complete(), None);
            return;
        }
        let place = i64::try_from(index).unwrap_or(0);
        match &self.ending {
            Ending::RollsBack {
                touch: failing,
                reason,
            }
            | Ending::GetsStuck {
                touch: failing,
                reason,
                ..
            } if *failing == index => {
                step(until, touch.verb.failed(), Some(reason));
            }
            Ending::Succeeds | Ending::RollsBack { .. } | Ending::GetsStuck { .. } => {
                step(
                    until + 90 + 10 * place,
                    touch.verb.failed(),
                    Some(touch.verb.cancelled()),
                );
            }
        }
    }

    fn finish(&self, steps: &mut Vec<Step>) {
        let done = (0..self.touches.len())
            .map(|index| self.ends(index))
            .max()
            .unwrap_or(600)
            + 400;
        match self.verb {
            Verb::Update => {
                steps.push(stack_step(
                    done,
                    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
                    None,
                ));
                steps.push(stack_step(done + CLEANUP, "UPDATE_COMPLETE", None));
            }
            Verb::Create | Verb::Delete => steps.push(stack_step(done, self.verb.complete(), None)),
        }
    }

    fn roll_back(&self, steps: &mut Vec<Step>, failed_at: Millis, stuck: Option<(usize, &String)>) {
        let (rolling, cleaning, done, dead) = match self.verb {
            Verb::Update => (
                "UPDATE_ROLLBACK_IN_PROGRESS",
                Some("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS"),
                "UPDATE_ROLLBACK_COMPLETE",
                "UPDATE_ROLLBACK_FAILED",
            ),
            Verb::Create => (
                "ROLLBACK_IN_PROGRESS",
                None,
                "ROLLBACK_COMPLETE",
                "ROLLBACK_FAILED",
            ),
            // A delete that fails stays where it is.
            Verb::Delete => {
                steps.push(stack_step(
                    failed_at + 300,
                    "DELETE_FAILED",
                    Some(self.failure_reason()),
                ));
                return;
            }
        };
        steps.push(stack_step(
            failed_at + 300,
            rolling,
            Some(self.failure_reason()),
        ));
        let mut at = failed_at + 1_000;
        let begun: Vec<(usize, &Touch)> = self
            .touches
            .iter()
            .enumerate()
            .filter(|(index, _)| self.begins(*index) < failed_at)
            .collect();
        for (index, touch) in begun.iter().filter(|(_, touch)| touch.verb == Verb::Update) {
            let span = (touch.takes / 2).max(200);
            steps.push(resource_step(at, touch, "UPDATE_IN_PROGRESS", None));
            if let Some((_, again)) = stuck.filter(|(failing, _)| failing == index) {
                steps.push(resource_step(
                    at + span,
                    touch,
                    "UPDATE_FAILED",
                    Some(again.clone()),
                ));
                let reason = format!(
                    "The following resource(s) failed to update: [{}]. ",
                    touch.logical
                );
                steps.push(stack_step(at + span + 300, dead, Some(reason)));
                return;
            }
            steps.push(resource_step(at + span, touch, "UPDATE_COMPLETE", None));
            at += span;
        }
        if let Some(cleaning) = cleaning {
            steps.push(stack_step(at + 300, cleaning, None));
            at += 600;
        }
        for (_, touch) in begun
            .iter()
            .rev()
            .filter(|(_, touch)| touch.verb == Verb::Create)
        {
            steps.push(resource_step(at, touch, "DELETE_IN_PROGRESS", None));
            steps.push(resource_step(at + 700, touch, "DELETE_COMPLETE", None));
            at += 250;
        }
        steps.push(stack_step(at + 1_000, done, None));
    }
}

fn stack_step(at: Millis, status: &'static str, reason: Option<String>) -> Step {
    Step {
        at,
        resource: None,
        status,
        reason,
    }
}

fn resource_step(at: Millis, touch: &Touch, status: &'static str, reason: Option<String>) -> Step {
    Step {
        at,
        resource: Some(touch.resource),
        status,
        reason,
    }
}
