//! How the thing of a call stands, and what that says about the call.
//!
//! One look answers both questions that matter: may it still be sent, and is it done? The rules are here and nowhere
//! else; whoever runs a plan, and whoever goes on with one after a crash, judges by them.

#[cfg(test)]
mod tests;

use super::{AliasTarget, Call, Power, Processes, Seen, Sizes};
use crate::domain::{Phase, StackStatus, Timestamp, Untrusted};

/// How the thing that a call is about stands now.
#[derive(Clone, Debug, PartialEq)]
pub enum Sight {
    Stack(StackSight),
    Policy(Option<String>),
    Alias(AliasTarget),
    Dial {
        percent: f64,
        reach: Spread,
    },
    /// None where the endpoint is not in the group any more.
    Weight {
        weight: Option<u8>,
        reach: Spread,
    },
    /// What the tag that keeps it says.
    Memory(Option<String>),
    /// The processes that are suspended.
    Suspended(Vec<String>),
    /// The sizes, the instances that serve, and all that there are.
    Sizes {
        sizes: Sizes,
        serving: u32,
        instances: u32,
    },
    Tasks {
        wanted: u32,
        running: u32,
    },
    TaskLimits(Option<(u32, u32)>),
    Power(PowerState),
    /// It does not exist.
    Gone,
}

/// A stack, as a call sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct StackSight {
    pub status: StackStatus,
    pub reason: Option<Untrusted>,
    pub updated: Option<Timestamp>,
    /// Whether the stack's newest operation is the call's.
    pub trace: Trace,
    /// The `ExecutionStatus` of the call's change set, where that still exists.
    pub change_set: Option<Untrusted>,
    /// Resources that are done, and all that take part, where that is known.
    pub progress: Option<(usize, usize)>,
    /// The first failure: resource and reason.
    pub cause: Option<(Untrusted, Untrusted)>,
}

/// What the stack's events say of the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trace {
    /// Its token is there, and no other operation has begun since.
    Newest,
    /// Its token is there, but the stack goes on without it; how its own operation ended, where that is known.
    Overtaken(Option<StackStatus>),
    /// Its token is not there.
    Absent,
}

/// Whether a change of an accelerator has reached every edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    Deployed,
    InProgress,
}

/// Whether something runs, whatever its service calls that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PowerState {
    On,
    Off,
    TurningOn,
    TurningOff,
    /// AWS's word.
    Other(Untrusted),
}

/// What a look says about a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It has not been done, and everything is as it was planned for.
    Untouched,
    /// It was done and has not come to its end: how far, in words.
    Underway(String),
    Done,
    /// It was done and failed: why, as a sentence.
    Failed(String),
    /// It was done and failed, and AWS has taken it back: why.
    RolledBack(String),
    /// Somebody else has changed the thing: what, as a sentence.
    Strange(String),
}

impl Call {
    /// What `sight`, which is of this call's thing, says about it.
    pub fn judge(&self, sight: &Sight) -> Verdict {
        match (self, sight) {
            (_, Sight::Gone) => Verdict::Strange("It does not exist any more.".to_owned()),
            (
                Self::ExecuteChangeSet { seen, .. } | Self::UpdateStack { seen, .. },
                Sight::Stack(stack),
            ) => stack.of_update(seen, self.change_set().is_some()),
            (Self::CancelUpdateStack { seen, .. }, Sight::Stack(stack)) => {
                stack.of_cancel(seen.as_ref())
            }
            (
                Self::RollbackStack { seen, .. } | Self::ContinueUpdateRollback { seen, .. },
                Sight::Stack(stack),
            ) => stack.of_rollback(seen),
            (Self::SetStackPolicy { policy, .. }, Sight::Policy(now)) => match now {
                Some(now) if now == policy => Verdict::Done,
                Some(_) | None => Verdict::Untouched,
            },
            (Self::UpdateAlias { before, after, .. }, Sight::Alias(now)) => {
                moved(now, before, after, |target| {
                    format!("The alias points to {}.", target.words())
                })
            }
            (Self::SetDial { before, after, .. }, Sight::Dial { percent, reach }) => {
                let verdict = moved(percent, before, after, |now| {
                    format!("The dial is {now} %.")
                });
                spread(verdict, *reach)
            }
            (Self::SetWeight { before, after, .. }, Sight::Weight { weight, reach }) => {
                let verdict = moved(weight, &Some(*before), &Some(*after), |now| match now {
                    Some(now) => format!("The weight is {now}."),
                    None => "The endpoint is not in its group any more.".to_owned(),
                });
                spread(verdict, *reach)
            }
            (Self::Remember { before, after, .. }, Sight::Memory(now)) => {
                moved(now, before, after, |now| match now {
                    Some(now) => {
                        let now = crate::domain::untrusted::sanitise(now);
                        format!("Its tag says that it was stopped already: {now}.")
                    }
                    None => "The tag that says what it was like is gone.".to_owned(),
                })
            }
            (Self::SetProcesses { processes, to, .. }, Sight::Suspended(suspended)) => {
                let is_so = |process: &String| suspended.contains(process);
                let is_done = match to {
                    Processes::Suspended => processes.iter().all(is_so),
                    Processes::Resumed => !processes.iter().any(is_so),
                };
                if is_done {
                    Verdict::Done
                } else {
                    Verdict::Untouched
                }
            }
            (
                Self::SetSizes { before, after, .. },
                Sight::Sizes {
                    sizes,
                    serving,
                    instances,
                },
            ) => sized((before, after), *sizes, (*serving, *instances)),
            (Self::SetTasks { before, after, .. }, Sight::Tasks { wanted, running }) => {
                match moved(wanted, before, after, |now| {
                    format!("It wants {now} tasks.")
                }) {
                    Verdict::Done if running != after => {
                        Verdict::Underway(format!("{running} of {after} tasks run"))
                    }
                    verdict => verdict,
                }
            }
            (Self::SetTaskLimits { before, after, .. }, Sight::TaskLimits(now)) => {
                moved(now, &Some(*before), &Some(*after), |now| match now {
                    Some((least, most)) => format!("It is scaled between {least} and {most}."),
                    None => "It is not scaled any more.".to_owned(),
                })
            }
            (Self::SetPower { to, .. }, Sight::Power(now)) => match (to, now) {
                (Power::Off, PowerState::Off) | (Power::On, PowerState::On) => Verdict::Done,
                (Power::Off, PowerState::TurningOff) => Verdict::Underway("stopping".to_owned()),
                (Power::On, PowerState::TurningOn) => Verdict::Underway("starting".to_owned()),
                (Power::Off, PowerState::On) | (Power::On, PowerState::Off) => Verdict::Untouched,
                (Power::On, PowerState::TurningOff) | (Power::Off, PowerState::TurningOn) => {
                    Verdict::Strange("It is on its way to the opposite.".to_owned())
                }
                (_, PowerState::Other(word)) => Verdict::Strange(format!("It is {}.", word.safe())),
            },
            (call, _) => Verdict::Strange(format!(
                "What was found is no answer to {}; this is a fault of ours.",
                call.action()
            )),
        }
    }

    /// The change set that it executes.
    pub fn change_set(&self) -> Option<&Untrusted> {
        if let Self::ExecuteChangeSet { change_set, .. } = self {
            return Some(change_set);
        }
        None
    }
}

/// Whether an operation ends in this status.
pub fn is_end(status: &StackStatus) -> bool {
    match status.phase() {
        Phase::Settled | Phase::RolledBack | Phase::Failed | Phase::Gone => true,
        Phase::Moving | Phase::RollingBack | Phase::Unknown | Phase::Review => false,
    }
}

/// Of something that is one way before and another after.
fn moved<T: PartialEq>(now: &T, before: &T, after: &T, words: impl Fn(&T) -> String) -> Verdict {
    if now == after {
        Verdict::Done
    } else if now == before {
        Verdict::Untouched
    } else {
        Verdict::Strange(words(now))
    }
}

fn spread(verdict: Verdict, reach: Spread) -> Verdict {
    match (verdict, reach) {
        (Verdict::Done, Spread::InProgress) => {
            Verdict::Underway("not at every edge yet".to_owned())
        }
        (verdict, Spread::Deployed | Spread::InProgress) => verdict,
    }
}

/// A scaling policy may move what is desired as soon as it is allowed to, so that alone is nobody's interference.
fn sized(
    (before, after): (&Sizes, &Sizes),
    now: Sizes,
    (serving, instances): (u32, u32),
) -> Verdict {
    // First, for a group that may be of size nothing differs from its stopped self in what is desired alone.
    if now == *before && before != after {
        return Verdict::Untouched;
    }
    let limits = |sizes: &Sizes| (sizes.least, sizes.most);
    if limits(&now) == limits(after) && (now.desired == after.desired || !after.is_nothing()) {
        return if after.is_nothing() && instances > 0 {
            Verdict::Underway(format!("{instances} instances still there"))
        } else if serving < after.desired.min(now.desired) {
            Verdict::Underway(format!("{serving} of {} instances serve", after.desired))
        } else {
            Verdict::Done
        };
    }
    Verdict::Strange(format!("Its sizes are {now}."))
}

impl StackSight {
    fn of_update(&self, seen: &Seen, has_change_set: bool) -> Verdict {
        let status = match &self.trace {
            Trace::Newest => &self.status,
            Trace::Overtaken(Some(end)) if is_end(end) => end,
            Trace::Overtaken(_) => return self.overtaken(),
            Trace::Absent => return self.unsent_update(seen, has_change_set),
        };
        match status.phase() {
            Phase::Moving | Phase::RollingBack | Phase::Unknown | Phase::Review => self.underway(),
            Phase::Settled => Verdict::Done,
            Phase::RolledBack => Verdict::RolledBack(self.why(status)),
            Phase::Failed if *status == StackStatus::RollbackComplete => {
                Verdict::RolledBack(self.why(status))
            }
            Phase::Failed | Phase::Gone => Verdict::Failed(self.why(status)),
        }
    }

    fn unsent_update(&self, seen: &Seen, has_change_set: bool) -> Verdict {
        let is_as_seen = self.status.as_str() == seen.status && self.updated == seen.updated;
        let is_ready = !has_change_set
            || self
                .change_set
                .as_ref()
                .is_some_and(|status| status.exact() == "AVAILABLE");
        match (is_as_seen, is_ready) {
                (true, true) => Verdict::Untouched,
                (true, false) => Verdict::Strange(
                    "Its change set cannot be executed any more: another operator changed this stack, or deleted it."
                        .to_owned(),
                ),
                (false, _) => Verdict::Strange(format!(
                    "Another operator changed this stack: it is {}.",
                    self.status
                )),
            }
    }

    /// `seen` is how the stack stood under the update that may be cancelled, where that is known.
    fn of_cancel(&self, seen: Option<&Seen>) -> Verdict {
        if matches!(self.trace, Trace::Overtaken(_)) {
            return self.overtaken();
        }
        match &self.status {
            StackStatus::UpdateInProgress
                if seen.is_some_and(|seen| seen.updated != self.updated) =>
            {
                Verdict::Strange(
                    "Another update runs now than the one that was to be cancelled.".to_owned(),
                )
            }
            StackStatus::UpdateInProgress => Verdict::Untouched,
            StackStatus::UpdateRollbackComplete => Verdict::Done,
            StackStatus::UpdateRollbackInProgress
            | StackStatus::UpdateRollbackCompleteCleanupInProgress => self.underway(),
            other if other.phase() == Phase::Failed => Verdict::Failed(self.why(other)),
            other => Verdict::Strange(format!("It was too late to cancel: the stack is {other}.")),
        }
    }

    fn of_rollback(&self, seen: &Seen) -> Verdict {
        let status = match &self.trace {
            Trace::Newest => &self.status,
            Trace::Overtaken(Some(end)) if is_end(end) => end,
            Trace::Overtaken(_) => return self.overtaken(),
            Trace::Absent
                if self.status.as_str() == seen.status && self.updated == seen.updated =>
            {
                return Verdict::Untouched;
            }
            Trace::Absent => {
                return Verdict::Strange(format!(
                    "Another operator changed this stack: it is {}.",
                    self.status
                ));
            }
        };
        match status {
            StackStatus::UpdateRollbackComplete | StackStatus::RollbackComplete => Verdict::Done,
            status if status.phase().is_moving() => self.underway(),
            status => Verdict::Failed(self.why(status)),
        }
    }

    fn overtaken(&self) -> Verdict {
        Verdict::Strange(format!(
            "Another operator changed this stack since: it is {}.",
            self.status
        ))
    }

    fn underway(&self) -> Verdict {
        Verdict::Underway(match self.progress {
            Some((done, of)) => format!("{} {done}/{of}", self.status),
            None => self.status.to_string(),
        })
    }

    /// Why it failed, as a sentence; `status` is how it ended.
    fn why(&self, status: &StackStatus) -> String {
        // The stack's reason is that of the status that it has now.
        let reason = self.reason.as_ref().filter(|_| *status == self.status);
        match (&self.cause, reason) {
            (Some((resource, reason)), _) => {
                format!("{status}: {} failed: {}", resource.safe(), reason.safe())
            }
            (None, Some(reason)) => format!("{status}: {}", reason.safe()),
            (None, None) => format!("The stack is {status}."),
        }
    }
}
