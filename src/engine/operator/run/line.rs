//! A member's line: its steps in order, then whatever was added to take it back.

use super::hold::At;
use super::ledger::{Halt, Place, Seat};
use super::{Runner, Stop, cause, undo};
use crate::domain::operation::{
    Call, Ending, GateState, Member, MemberState, OnFailure, Record, Step, StepState, Undo, Verdict,
};

/// How a line of planned steps has come out.
enum Course {
    Through,
    /// A step went wrong.
    Fell(usize, Ending),
    /// The run begins nothing more.
    Stopped,
}

impl Runner {
    /// Goes along a member's line from where it stands, to its end.
    pub(super) async fn member(&self, seat: Seat) -> Result<(), Halt> {
        let Some(member) = self.planned(seat) else {
            return Ok(());
        };
        if self.member_state(seat).is_over() {
            return Ok(());
        }
        let state = if member.idle.is_some() {
            MemberState::Unchanged
        } else {
            let course = self.forward(seat, &member).await?;
            let back = self.backward(seat, &member).await?;
            self.verdict(seat, &member, course, back).await
        };
        let (wave, member) = seat;
        let ended = Record::MemberEnded {
            wave,
            member,
            state,
        };
        self.ledger.record(ended).await
    }

    /// The planned steps, until one goes wrong.
    async fn forward(&self, seat: Seat, member: &Member) -> Result<Course, Halt> {
        for (step, what) in member.steps.iter().enumerate() {
            let place = place(seat, step);
            let ending = match self.ledger.state(place) {
                StepState::Ended(_, ending) => ending,
                StepState::Waiting if self.stops(place) == Stop::Now => return Ok(Course::Stopped),
                StepState::Waiting | StepState::Intended(_) | StepState::Accepted { .. } => {
                    match self.step(place, member, what).await? {
                        Some(ending) => ending,
                        None => return Ok(Course::Stopped),
                    }
                }
            };
            self.cancelled(seat, &ending).await?;
            if !ending.is_good() {
                return Ok(Course::Fell(step, ending));
            }
            // A gate may be passed over, a call may not: it was called off before it was done.
            if matches!((what, &ending), (Step::Call(_), Ending::Skipped(_))) {
                return Ok(Course::Stopped);
            }
        }
        Ok(Course::Through)
    }

    /// The steps that take a member back. None where there are none; otherwise what went wrong with them.
    async fn backward(
        &self,
        seat: Seat,
        member: &Member,
    ) -> Result<Option<Result<(), String>>, Halt> {
        let added = {
            let run = self.ledger.run();
            let now = run.member(seat.0, seat.1);
            now.map_or_else(Vec::new, |(_, now)| now.added.clone())
        };
        let mut back = None;
        for (index, what) in added.iter().enumerate().filter(|(_, it)| undo::is_back(it)) {
            let place = place(seat, member.steps.len() + index);
            let ending = match self.ledger.state(place) {
                StepState::Ended(_, ending) => ending,
                StepState::Waiting | StepState::Intended(_) | StepState::Accepted { .. } => {
                    let ending = self.step(place, member, what).await?;
                    ending.unwrap_or(Ending::Failed("It was not begun.".to_owned()))
                }
            };
            match ending {
                Ending::Failed(why) | Ending::RolledBack(why) => return Ok(Some(Err(why))),
                Ending::Done | Ending::Already | Ending::Skipped(_) => back = Some(Ok(())),
            }
        }
        Ok(back)
    }

    /// One step to its end, which is written down; none where it was not begun.
    async fn step(&self, at: Place, member: &Member, what: &Step) -> Result<Option<Ending>, Halt> {
        let Place {
            wave,
            member: of,
            step,
        } = at;
        let ending = match what {
            Step::Call(call) => self.call(at, member, call).await?,
            Step::Gate(gate) => {
                if self.ledger.state(at) == StepState::Waiting {
                    let intent = Record::Intent {
                        wave,
                        member: of,
                        step,
                    };
                    self.ledger.record(intent).await?;
                }
                let since = match self.ledger.state(at) {
                    StepState::Intended(since) => since,
                    StepState::Waiting | StepState::Accepted { .. } | StepState::Ended(..) => {
                        self.clock.now()
                    }
                };
                match self.hold(gate, since, At::Step(at)).await {
                    Some(GateState::Passed) => Some(Ending::Done),
                    Some(GateState::Skipped(why)) => Some(Ending::Skipped(why)),
                    Some(GateState::Failed(why)) => Some(Ending::Failed(why)),
                    Some(GateState::Open { .. }) | None => {
                        Some(Ending::Skipped("Nobody waited for it any more.".to_owned()))
                    }
                }
            }
        };
        if let Some(ending) = ending.clone() {
            let ended = Record::Ended {
                wave,
                member: of,
                step,
                ending,
            };
            self.ledger.record(ended).await?;
        }
        Ok(ending)
    }

    /// How a member has ended.
    async fn verdict(
        &self,
        seat: Seat,
        member: &Member,
        course: Course,
        back: Option<Result<(), String>>,
    ) -> MemberState {
        match (course, back) {
            (course, Some(back)) => {
                let why = match course {
                    Course::Fell(_, Ending::Failed(why) | Ending::RolledBack(why)) => why,
                    Course::Fell(_, Ending::Done | Ending::Already | Ending::Skipped(_))
                    | Course::Through
                    | Course::Stopped => {
                        let cause = cause(&self.ledger.run());
                        cause.unwrap_or_else(|| "It was to be taken back.".to_owned())
                    }
                };
                match back {
                    Ok(()) => MemberState::RolledBack(why),
                    Err(back) => {
                        MemberState::Stuck(format!("{why} It could not be taken back: {back}"))
                    }
                }
            }
            (Course::Stopped, None) => MemberState::Cancelled,
            (Course::Fell(_, Ending::RolledBack(why)), None) => MemberState::RolledBack(why),
            (Course::Fell(step, Ending::Failed(why)), None) => {
                if self.is_left_broken(member, step).await {
                    MemberState::Stuck(why)
                } else {
                    MemberState::Failed(why)
                }
            }
            (
                Course::Fell(_, Ending::Done | Ending::Already | Ending::Skipped(_))
                | Course::Through,
                None,
            ) => self.success(seat),
        }
    }

    /// A member that did nothing because everything was so already has changed nothing.
    fn success(&self, (wave, member): Seat) -> MemberState {
        let run = self.ledger.run();
        let Some((planned, now)) = run.member(wave, member) else {
            return MemberState::Unchanged;
        };
        let mut calls = planned.steps.iter().zip(&now.steps);
        let changed = calls.any(|(step, state)| match step {
            Step::Call(_) => matches!(state, StepState::Ended(_, Ending::Done)),
            Step::Gate(_) => false,
        });
        if changed {
            MemberState::Succeeded
        } else {
            MemberState::Unchanged
        }
    }

    /// Whether a stack failed in a way that CloudFormation could not take back, though it was to.
    async fn is_left_broken(&self, member: &Member, step: usize) -> bool {
        let Some(Step::Call(call)) = member.steps.get(step) else {
            return false;
        };
        let is_to_roll_back = match call {
            Call::ExecuteChangeSet { failing, .. } => *failing == OnFailure::RollBack,
            Call::UpdateStack { .. } => true,
            Call::CancelUpdateStack { .. }
            | Call::RollbackStack { .. }
            | Call::ContinueUpdateRollback { .. }
            | Call::SetStackPolicy { .. }
            | Call::UpdateAlias { .. }
            | Call::SetDial { .. }
            | Call::SetWeight { .. }
            | Call::Remember { .. }
            | Call::SetProcesses { .. }
            | Call::SetSizes { .. }
            | Call::SetTasks { .. }
            | Call::SetTaskLimits { .. }
            | Call::SetPower { .. } => false,
        };
        if !is_to_roll_back || member.undo != Undo::Redeploy {
            return false;
        }
        // A call that AWS refused has changed nothing; only a look tells that from one that it took.
        let sight = self.hands.look(&member.scope, call).await;
        sight.is_ok_and(|sight| matches!(call.judge(&sight), Verdict::Failed(_)))
    }

    pub(super) fn planned(&self, (wave, member): Seat) -> Option<Member> {
        let run = self.ledger.run();
        run.member(wave, member).map(|(planned, _)| planned.clone())
    }
}

pub(super) fn place((wave, member): Seat, step: usize) -> Place {
    Place { wave, member, step }
}
