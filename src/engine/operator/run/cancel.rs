//! Calling off: nothing new begins, and an update that CloudFormation is at is cancelled.

use super::ledger::{Halt, Place, Seat};
use super::line::place;
use super::send::Reply;
use super::{Runner, Stop};
use crate::domain::StackStatus;
use crate::domain::operation::{Call, Ending, Member, Record, Seen, Sight, Step, StepState, Trace};
use chrono::TimeDelta;

/// How long the answer to a cancellation may be missing before it is asked for again, under the same token.
const PATIENCE: TimeDelta = TimeDelta::seconds(30);

impl Runner {
    /// Has CloudFormation cancel the update that `sight` shows, if the run was called off and it can be.
    pub(super) async fn cancel_if_asked(
        &self,
        at: Place,
        member: &Member,
        (call, sight): (&Call, &Sight),
    ) -> Result<(), Halt> {
        let (Call::ExecuteChangeSet { stack, .. } | Call::UpdateStack { stack, .. }) = call else {
            return Ok(());
        };
        // Only this state can be cancelled, all others go on by themselves; and only what is ours may be.
        let updating = match sight {
            Sight::Stack(stack) => {
                let is_ours = stack.trace == Trace::Newest;
                Some(stack).filter(|it| is_ours && it.status == StackStatus::UpdateInProgress)
            }
            Sight::Policy(_)
            | Sight::Alias(_)
            | Sight::Dial { .. }
            | Sight::Weight { .. }
            | Sight::Memory(_)
            | Sight::Suspended(_)
            | Sight::Sizes { .. }
            | Sight::Tasks { .. }
            | Sight::TaskLimits(_)
            | Sight::Power(_)
            | Sight::Gone => None,
        };
        let Some(updating) = updating.filter(|_| self.stops(at) != Stop::No) else {
            return Ok(());
        };
        let seat = (at.wave, at.member);
        let (step, cancel) = if let Some(found) = self.cancellation(seat) {
            found
        } else {
            let step = self.steps(seat);
            let token = self.ledger.id().token(at.wave, at.member, step);
            let stack = stack.clone();
            let seen = Some(Seen {
                status: updating.status.as_str().to_owned(),
                updated: updating.updated,
            });
            let cancel = Call::CancelUpdateStack { stack, token, seen };
            let extended = Record::Extended {
                wave: at.wave,
                member: at.member,
                why: "The run was called off.".to_owned(),
                steps: vec![Step::Call(cancel.clone())],
            };
            self.ledger.record(extended).await?;
            (step, cancel)
        };
        let place = place(seat, step);
        match self.ledger.state(place) {
            StepState::Waiting => {}
            StepState::Intended(since) if self.clock.now() - since >= PATIENCE => {}
            StepState::Intended(_) | StepState::Accepted { .. } | StepState::Ended(..) => {
                return Ok(());
            }
        }
        let refused = match self.identity(place, member).await {
            Ok(Some(identity)) => match self.send(place, member, (&cancel, &identity)).await? {
                Reply::Taken | Reply::Unknown(_) => return Ok(()),
                Reply::Refused(problem) => problem,
            },
            Ok(None) => return Ok(()),
            Err(problem) => problem,
        };
        self.end_cancellation(place, Ending::Failed(refused.to_string()))
            .await
    }

    /// Closes a cancellation when the update it was about has come to its end.
    pub(super) async fn cancelled(&self, seat: Seat, of: &Ending) -> Result<(), Halt> {
        let Some((step, _)) = self.cancellation(seat) else {
            return Ok(());
        };
        let place = place(seat, step);
        if matches!(self.ledger.state(place), StepState::Ended(..)) {
            return Ok(());
        }
        let ending = match of {
            Ending::RolledBack(_) => Ending::Done,
            Ending::Failed(why) => Ending::Failed(why.clone()),
            Ending::Done | Ending::Already | Ending::Skipped(_) => {
                Ending::Skipped("It was too late to cancel.".to_owned())
            }
        };
        self.end_cancellation(place, ending).await
    }

    async fn end_cancellation(&self, at: Place, ending: Ending) -> Result<(), Halt> {
        let Place { wave, member, step } = at;
        let ended = Record::Ended {
            wave,
            member,
            step,
            ending,
        };
        self.ledger.record(ended).await
    }

    /// The cancellation of a member, and which of its steps it is.
    fn cancellation(&self, (wave, member): Seat) -> Option<(usize, Call)> {
        let run = self.ledger.run();
        let (planned, now) = run.member(wave, member)?;
        let mut added = now.added.iter().enumerate();
        added.find_map(|(index, step)| match step {
            Step::Call(call @ Call::CancelUpdateStack { .. }) => {
                Some((planned.steps.len() + index, call.clone()))
            }
            Step::Call(_) | Step::Gate(_) => None,
        })
    }

    /// How many steps a member has, with those that were added.
    pub(super) fn steps(&self, (wave, member): Seat) -> usize {
        let run = self.ledger.run();
        run.member(wave, member)
            .map_or(0, |(_, now)| now.steps.len())
    }
}
