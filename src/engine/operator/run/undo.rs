//! Taking back: whose turn it is, and with which steps. Worked out from the records alone.

use super::ledger::{Halt, Seat};
use super::wave::Work;
use super::{Runner, cause, failed_gate, is_reversing, rejection};
use crate::domain::operation::{
    Call, Ending, Member, MemberRun, MemberState, Record, Run, Step, StepState, Undo, UndoPolicy,
};
use std::cmp::Reverse;
use std::sync::Arc;

/// One thing to be taken back.
enum Back {
    Call(Box<Call>),
    /// What was there before has to be deployed again.
    Redeploy,
}

/// Whether an added step takes something back, and does not only cancel.
pub(super) fn is_back(step: &Step) -> bool {
    !matches!(step, Step::Call(Call::CancelUpdateStack { .. }))
}

impl Runner {
    /// Takes back what is to be taken back, what was done last first.
    pub(super) async fn take_back(self: &Arc<Self>) -> Result<(), Halt> {
        // One that was begun before a crash goes first.
        for seat in self.seats() {
            let is_begun = {
                let run = self.ledger.run();
                let now = run.member(seat.0, seat.1);
                now.is_some_and(|(_, now)| !now.state.is_over() && now.added.iter().any(is_back))
            };
            if is_begun {
                self.member(seat).await?;
            }
        }
        let due = outstanding(&self.ledger.run());
        // Side by side within a wave where they went wrong together; one after the other where all is taken back.
        for group in due {
            self.side_by_side(group, Work::Back).await?;
        }
        Ok(())
    }

    pub(super) async fn take_back_one(&self, seat: Seat) -> Result<(), Halt> {
        let (wave, index) = seat;
        let Some(member) = self.planned(seat) else {
            return Ok(());
        };
        let (backs, why) = {
            let run = self.ledger.run();
            let Some((_, now)) = run.member(wave, index) else {
                return Ok(());
            };
            (reversal(&member, now), cause(&run))
        };
        let why = why.unwrap_or_else(|| "It was to be taken back.".to_owned());
        let mut steps = Vec::new();
        for back in backs {
            match back {
                Back::Call(call) => steps.push(Step::Call(*call)),
                Back::Redeploy => {
                    let place = (wave, index, self.steps(seat) + steps.len());
                    let way = self.hands.way_back(&self.ledger.id(), &member, place).await;
                    match way {
                        Ok(way) => steps.extend(way),
                        Err(problem) => {
                            let state = MemberState::Stuck(format!(
                                "{why} It could not be taken back: {}",
                                problem.what
                            ));
                            let ended = Record::MemberEnded {
                                wave,
                                member: index,
                                state,
                            };
                            return self.ledger.record(ended).await;
                        }
                    }
                }
            }
        }
        let extended = Record::Extended {
            wave,
            member: index,
            why,
            steps,
        };
        self.ledger.record(extended).await?;
        self.member(seat).await
    }
}

/// Who is to be taken back: groups, one after the other, what ended last first.
fn outstanding(run: &Run) -> Vec<Vec<Seat>> {
    if rejection(run).is_some() && !is_reversing(run) {
        return Vec::new();
    }
    let policy = match (is_reversing(run), run.plan.undo) {
        (true, _) => UndoPolicy::All,
        (false, policy) => policy,
    };
    let has_failed = failed_gate(run).is_some() || run.members().any(|(_, it)| it.state.is_bad());
    if !has_failed && !is_reversing(run) {
        return Vec::new();
    }
    let mut seats = Vec::new();
    for (index, (plan, now)) in run.plan.waves.iter().zip(&run.waves).enumerate() {
        let gate_failed = now.gates.iter().flatten();
        let gate_failed = gate_failed
            .filter(|gate| matches!(gate, crate::domain::operation::GateState::Failed(_)))
            .count();
        let wave_failed = gate_failed > 0 || now.members.iter().any(|it| it.state.is_bad());
        for (member, (planned, now)) in plan.members.iter().zip(&now.members).enumerate() {
            let is_meant = match policy {
                UndoPolicy::None => false,
                UndoPolicy::Failed => now.state.is_bad(),
                UndoPolicy::Wave => wave_failed,
                UndoPolicy::All => true,
            };
            let is_due = is_meant
                && now.state.is_over()
                && !matches!(now.state, MemberState::Stuck(_))
                && !now.added.iter().any(is_back)
                && !reversal(planned, now).is_empty();
            if is_due {
                seats.push(((index, member), now.ended));
            }
        }
    }
    seats.sort_by_key(|((wave, member), ended)| Reverse((*ended, *wave, *member)));
    match policy {
        UndoPolicy::All => seats.into_iter().map(|(seat, _)| vec![seat]).collect(),
        UndoPolicy::None | UndoPolicy::Failed | UndoPolicy::Wave => {
            let seats: Vec<Seat> = seats.into_iter().map(|(seat, _)| seat).collect();
            let groups = seats.chunk_by(|one, other| one.0 == other.0);
            groups.map(<[Seat]>::to_vec).collect()
        }
    }
}

/// What takes back the planned steps of a member that we have done, last first. What was so already was not our doing.
fn reversal(member: &Member, now: &MemberRun) -> Vec<Back> {
    let steps = member.steps.iter().zip(&now.steps).rev();
    steps
        .filter_map(|(step, state)| {
            let Step::Call(call) = step else { return None };
            if !matches!(state, StepState::Ended(_, Ending::Done)) {
                return None;
            }
            match &member.undo {
                Undo::Never(_) => None,
                Undo::Reverse => call.reversed().map(Box::new).map(Back::Call),
                Undo::Redeploy => match call {
                    Call::ExecuteChangeSet { .. } | Call::UpdateStack { .. } => {
                        Some(Back::Redeploy)
                    }
                    other => other.reversed().map(Box::new).map(Back::Call),
                },
            }
        })
        .collect()
}
