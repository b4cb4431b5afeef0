//! Scripted change: what happens to a stack, and when.
//!
//! A [`Script`] is an operation written down as steps at offsets from its start; an [`Episode`] is one
//! playing of it; a [`Routine`] plays scripts in turn for ever. What a stack looks like at a time is
//! read off the steps up to that time, so it is a function of (seed, scenario, time) and nothing else.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

/// What is done, to a stack or to one resource of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Create,
    Update,
    Delete,
}

impl Verb {
    pub(super) fn in_progress(self) -> &'static str {
        match self {
            Verb::Create => "CREATE_IN_PROGRESS",
            Verb::Update => "UPDATE_IN_PROGRESS",
            Verb::Delete => "DELETE_IN_PROGRESS",
        }
    }

    pub(super) fn complete(self) -> &'static str {
        match self {
            Verb::Create => "CREATE_COMPLETE",
            Verb::Update => "UPDATE_COMPLETE",
            Verb::Delete => "DELETE_COMPLETE",
        }
    }

    pub(super) fn failed(self) -> &'static str {
        match self {
            Verb::Create => "CREATE_FAILED",
            Verb::Update => "UPDATE_FAILED",
            Verb::Delete => "DELETE_FAILED",
        }
    }

    fn cancelled(self) -> &'static str {
        match self {
            Verb::Create => "Resource creation cancelled",
            Verb::Update => "Resource update cancelled",
            Verb::Delete => "Resource deletion cancelled",
        }
    }

    fn infinitive(self) -> &'static str {
        match self {
            Verb::Create => "create",
            Verb::Update => "update",
            Verb::Delete => "delete",
        }
    }
}

/// One resource's part in a script: `resource` is its place in the stack's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Touch {
    pub(super) resource: usize,
    pub(super) logical: String,
    pub(super) verb: Verb,
    pub(super) takes: Millis,
}

/// Offsets and spans inside a script.
pub(super) type Millis = i64;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ending {
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
pub(super) struct Script {
    pub(super) verb: Verb,
    pub(super) touches: Vec<Touch>,
    /// Between the starts of two touches; less than they take, so several are under way at once.
    pub(super) stride: Millis,
    pub(super) ending: Ending,
}

/// One line of the event log: the stack itself if `touch` is `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) at: Millis,
    pub(super) resource: Option<usize>,
    pub(super) status: &'static str,
    pub(super) reason: Option<String>,
}

const CLEANUP: Millis = 1_800;

impl Script {
    /// The offset at which touch number `index` begins.
    pub(super) fn begins(&self, index: usize) -> Millis {
        600 + self.stride * i64::try_from(index).unwrap_or(0)
    }

    fn ends(&self, index: usize) -> Millis {
        self.begins(index) + self.touches.get(index).map_or(0, |touch| touch.takes)
    }

    /// The last moment of the whole.
    pub(super) fn length(&self) -> Millis {
        self.steps().last().map_or(0, |step| step.at)
    }

    /// When the failing touch fails; `None` for a script that succeeds.
    pub(super) fn fails_at(&self) -> Option<Millis> {
        match &self.ending {
            Ending::Succeeds => None,
            Ending::RollsBack { touch, .. } | Ending::GetsStuck { touch, .. } => {
                Some(self.ends(*touch))
            }
        }
    }

    /// What the stack says when it gives up: `The following resource(s) failed to update: [A, B]. `
    pub(super) fn failure_reason(&self) -> String {
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
    pub(super) fn steps(&self) -> Vec<Step> {
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

/// A script with a time: it has happened, is happening, or will.
#[derive(Clone, Debug)]
pub(super) struct Episode {
    pub(super) started: DateTime<Utc>,
    pub(super) script: Arc<Script>,
    /// What the stack's version is called once this has begun and as long as it is not undone.
    pub(super) version: Arc<str>,
    /// What it was called before.
    pub(super) previous: Arc<str>,
    /// Tells two playings of one script apart in ids.
    pub(super) number: u64,
}

impl Episode {
    /// The steps that have happened by `now`, in order.
    pub(super) fn steps_until(&self, now: DateTime<Utc>) -> Vec<Step> {
        let elapsed = (now - self.started).num_milliseconds();
        let mut steps = self.script.steps();
        steps.retain(|step| step.at <= elapsed);
        steps
    }

    pub(super) fn time_of(&self, step: &Step) -> DateTime<Utc> {
        self.started + TimeDelta::milliseconds(step.at)
    }
}

/// Scripts played in turn, for ever: the part of a world that always moves.
#[derive(Clone, Debug)]
pub(super) struct Routine {
    pub(super) first: DateTime<Utc>,
    pub(super) every: Millis,
    pub(super) turns: Vec<Turn>,
    /// The version before the first turn; each turn that succeeds counts it up.
    pub(super) version: Arc<str>,
}

#[derive(Clone, Debug)]
pub(super) struct Turn {
    /// A nested stack begins later than its parent.
    pub(super) delay: Millis,
    pub(super) script: Arc<Script>,
    /// Whether the whole of it, seen from the root stack, succeeds.
    pub(super) counts: bool,
}

/// How many past turns stay in the event log.
const REMEMBERED: i64 = 5;

impl Routine {
    /// The turns begun by `now`, oldest first, as far back as anybody remembers.
    pub(super) fn episodes(&self, now: DateTime<Utc>) -> Vec<Episode> {
        let Some(current) = self.current(now) else {
            return Vec::new();
        };
        (current.saturating_sub(REMEMBERED).max(0)..=current)
            .filter_map(|number| self.episode(number))
            .filter(|episode| episode.started <= now)
            .collect()
    }

    fn current(&self, now: DateTime<Utc>) -> Option<i64> {
        let elapsed = (now - self.first).num_milliseconds();
        (elapsed >= 0 && self.every > 0).then(|| elapsed / self.every)
    }

    fn episode(&self, number: i64) -> Option<Episode> {
        let count = i64::try_from(self.turns.len())
            .ok()
            .filter(|count| *count > 0)?;
        let turn = self.turns.get(usize::try_from(number % count).ok()?)?;
        let successes = |turns: &[Turn]| {
            i64::try_from(turns.iter().filter(|turn| turn.counts).count()).unwrap_or(0)
        };
        let begun = usize::try_from(number % count).ok()?;
        let before =
            (number / count) * successes(&self.turns) + successes(self.turns.get(..begun)?);
        Some(Episode {
            started: self.first + TimeDelta::milliseconds(number * self.every + turn.delay),
            script: Arc::clone(&turn.script),
            version: later(&self.version, before + 1).into(),
            previous: later(&self.version, before).into(),
            number: u64::try_from(number).unwrap_or(0) + 1_000,
        })
    }
}

/// `v418` and 2 make `v420`; what does not end in a number stays as it is.
fn later(version: &str, by: i64) -> String {
    let stem = version.trim_end_matches(|letter: char| letter.is_ascii_digit());
    match version
        .strip_prefix(stem)
        .and_then(|digits| digits.parse::<i64>().ok())
    {
        Some(number) => format!("{stem}{}", number + by),
        None => version.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(ending: Ending) -> Script {
        let touches = ["Role", "Function", "Alias", "Alarm"]
            .iter()
            .enumerate()
            .map(|(resource, logical)| Touch {
                resource,
                logical: (*logical).to_owned(),
                verb: if resource == 2 {
                    Verb::Create
                } else {
                    Verb::Update
                },
                takes: 2_500,
            })
            .collect();
        Script {
            verb: Verb::Update,
            touches,
            stride: 1_000,
            ending,
        }
    }

    fn stack_statuses(script: &Script) -> Vec<&'static str> {
        script
            .steps()
            .iter()
            .filter(|step| step.resource.is_none())
            .map(|step| step.status)
            .collect()
    }

    #[test]
    fn an_update_that_succeeds_cleans_up_last() {
        let script = script(Ending::Succeeds);
        assert_eq!(
            stack_statuses(&script),
            [
                "UPDATE_IN_PROGRESS",
                "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
                "UPDATE_COMPLETE"
            ]
        );
        assert!(script.steps().is_sorted_by_key(|step| step.at));
    }

    #[test]
    fn a_failure_cancels_what_is_under_way_and_undoes_what_was_done() {
        let script = script(Ending::RollsBack {
            touch: 1,
            reason: "No.".to_owned(),
        });
        assert_eq!(
            stack_statuses(&script),
            [
                "UPDATE_IN_PROGRESS",
                "UPDATE_ROLLBACK_IN_PROGRESS",
                "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
                "UPDATE_ROLLBACK_COMPLETE"
            ]
        );
        let failed: Vec<(usize, Option<String>)> = script
            .steps()
            .into_iter()
            .filter(|step| step.status.ends_with("_FAILED"))
            .filter_map(|step| Some((step.resource?, step.reason)))
            .collect();
        assert_eq!(
            failed,
            [
                (1, Some("No.".to_owned())),
                (2, Some("Resource creation cancelled".to_owned())),
                (3, Some("Resource update cancelled".to_owned())),
            ]
        );
        assert_eq!(
            script.failure_reason(),
            "The following resource(s) failed to update: [Function, Alias, Alarm]. "
        );
        let alias = script
            .steps()
            .into_iter()
            .rfind(|step| step.resource == Some(2))
            .unwrap();
        assert_eq!(
            alias.status, "DELETE_COMPLETE",
            "what the update had made is gone"
        );
    }

    #[test]
    fn a_rollback_that_fails_leaves_the_stack_stuck() {
        let script = script(Ending::GetsStuck {
            touch: 1,
            reason: "No.".to_owned(),
            again: "Still no.".to_owned(),
        });
        assert_eq!(
            stack_statuses(&script).last(),
            Some(&"UPDATE_ROLLBACK_FAILED")
        );
    }

    #[test]
    fn a_routine_goes_on_for_ever_and_counts_only_successes() {
        let turn = |ending: Ending| Turn {
            delay: 0,
            counts: ending == Ending::Succeeds,
            script: Arc::new(script(ending)),
        };
        let routine = Routine {
            first: DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
            every: 60_000,
            turns: vec![
                turn(Ending::Succeeds),
                turn(Ending::RollsBack {
                    touch: 0,
                    reason: "No.".to_owned(),
                }),
            ],
            version: "v418".into(),
        };
        let at = |minutes| routine.first + TimeDelta::minutes(minutes);
        assert!(routine.episodes(at(-1)).is_empty());
        let versions = |minutes| {
            let last = routine.episodes(at(minutes)).pop().unwrap();
            (last.previous.to_string(), last.version.to_string())
        };
        assert_eq!(versions(0), ("v418".to_owned(), "v419".to_owned()));
        assert_eq!(versions(1), ("v419".to_owned(), "v420".to_owned()));
        assert_eq!(versions(2), ("v419".to_owned(), "v420".to_owned()));
        assert_eq!(versions(1_000_000).0, "v500418");
        assert_eq!(routine.episodes(at(1_000_000)).len(), 6);
    }
}
