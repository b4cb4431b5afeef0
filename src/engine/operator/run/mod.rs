//! Runs a plan: wave by wave, the members of a wave side by side, each along its line of steps.
//!
//! What is to be done next is worked out from the records alone, so a run that is taken up after a crash is driven by the
//! same function as one that has just begun. Three rules hold: nothing is sent that is not on the disk first; what had
//! ended is never done again; and no failure of looking ends anything.

mod call;
mod cancel;
mod hold;
mod ledger;
mod line;
mod send;
#[cfg(test)]
mod simulation;
mod undo;
mod wave;

pub(super) use ledger::{Halt, Ledger, Place, Seat};

use super::hands::Hands;
use super::hooks::Hooks;
use crate::domain::Clock;
use crate::domain::operation::{
    Decision, GateState, MemberState, Outcome, Record, Run, Steered, Step, StepState,
};
use crate::engine::audit::Audit;
use std::sync::Arc;
use std::time::Duration;

/// Everything that it takes to run a plan.
pub(super) struct Runner {
    pub(super) hands: Box<dyn Hands>,
    pub(super) ledger: Ledger,
    pub(super) audit: Audit,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) hooks: Hooks,
    /// Words in the mailbox that were said to a process before this one: they were for how it stood then.
    pub(super) stale: usize,
}

/// Whether another step may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    No,
    Now,
}

impl Runner {
    /// Runs what is left of the run, to its end.
    pub(super) async fn drive(self: &Arc<Self>) -> Result<Outcome, Halt> {
        let waves = self.ledger.run().waves.len();
        let mut may_begin = true;
        for wave in 0..waves {
            // Whatever has begun is brought to its end, also when a wave before it is being taken back.
            if may_begin || self.has_begun(wave) {
                may_begin &= self.wave(wave).await?;
            }
        }
        self.take_back().await?;
        self.close().await
    }

    /// Says how it ended, of whatever was not begun as well.
    async fn close(&self) -> Result<Outcome, Halt> {
        for (wave, member) in self.seats() {
            let is_over = self.member_state((wave, member)).is_over();
            if !is_over {
                let state = MemberState::Cancelled;
                let ended = Record::MemberEnded {
                    wave,
                    member,
                    state,
                };
                self.ledger.record(ended).await?;
            }
        }
        let outcome = outcome(&self.ledger.run());
        self.ledger
            .record(Record::Finished(outcome.clone()))
            .await?;
        Ok(outcome)
    }

    /// Takes in a word of somebody's, if it is one that the run can do something with now.
    pub(super) async fn hear(&self, decision: Decision) -> Result<Result<(), String>, Halt> {
        if let Err(why) = makes_sense(&self.ledger.run(), &decision.steered) {
            return Ok(Err(why));
        }
        self.ledger.record(Record::Decided(decision)).await?;
        Ok(Ok(()))
    }

    /// Whether the step may begin. What takes something back is not stopped.
    fn stops(&self, place: Place) -> Stop {
        let run = self.ledger.run();
        let planned = run.member(place.wave, place.member);
        match planned {
            Some((member, _)) if place.step >= member.steps.len() => Stop::No,
            Some(_) | None if is_called_off(&run) => Stop::Now,
            Some(_) | None => Stop::No,
        }
    }

    /// Waits for so long, or until the run is to begin nothing more.
    async fn pause(&self, place: Place, span: Duration) -> Stop {
        let mut words = self.ledger.words();
        let over = async {
            while self.stops(place) == Stop::No {
                if words.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        match tokio::time::timeout(span, over).await {
            Ok(()) => Stop::Now,
            Err(_elapsed) => self.stops(place),
        }
    }

    fn has_begun(&self, wave: usize) -> bool {
        let run = self.ledger.run();
        run.waves.get(wave).is_some_and(|wave| wave.began.is_some())
    }

    fn seats(&self) -> Vec<Seat> {
        let run = self.ledger.run();
        let waves = run.waves.iter().enumerate();
        waves
            .flat_map(|(index, wave)| (0..wave.members.len()).map(move |member| (index, member)))
            .collect()
    }

    fn member_state(&self, (wave, member): Seat) -> MemberState {
        let run = self.ledger.run();
        let member = run.member(wave, member);
        member.map_or(MemberState::Cancelled, |(_, it)| it.state.clone())
    }
}

/// Whether somebody has said that nothing more is to begin.
fn is_called_off(run: &Run) -> bool {
    run.decisions.iter().any(|(_, said)| match said.steered {
        Steered::Cancel | Steered::Reject { .. } | Steered::Reverse => true,
        Steered::Approve { .. } | Steered::SkipBake { .. } => false,
    })
}

fn is_reversing(run: &Run) -> bool {
    let mut said = run.decisions.iter();
    said.any(|(_, said)| said.steered == Steered::Reverse)
}

/// What somebody wrote who said no.
fn rejection(run: &Run) -> Option<&str> {
    run.decisions
        .iter()
        .find_map(|(_, said)| match &said.steered {
            Steered::Reject { comment } => Some(comment.as_str()),
            Steered::Cancel
            | Steered::Approve { .. }
            | Steered::SkipBake { .. }
            | Steered::Reverse => None,
        })
}

/// The first thing that went wrong, as a sentence.
fn cause(run: &Run) -> Option<String> {
    let bad = run
        .members()
        .find_map(|(member, state)| match &state.state {
            MemberState::Failed(why) | MemberState::RolledBack(why) | MemberState::Stuck(why) => {
                let target = member.target.safe();
                Some(format!("{target} in {}: {why}", member.scope))
            }
            MemberState::Waiting
            | MemberState::Running
            | MemberState::Succeeded
            | MemberState::Unchanged
            | MemberState::Cancelled => None,
        });
    bad.or_else(|| failed_gate(run))
}

fn failed_gate(run: &Run) -> Option<String> {
    let mut gates = run.waves.iter().flat_map(|wave| &wave.gates);
    gates.find_map(|gate| match gate {
        Some(GateState::Failed(why)) => Some(why.clone()),
        Some(GateState::Open { .. } | GateState::Passed | GateState::Skipped(_)) | None => None,
    })
}

/// How a run has ended in which nothing more happens.
fn outcome(run: &Run) -> Outcome {
    let all = |fits: fn(&MemberState) -> bool| run.members().all(|(_, it)| fits(&it.state));
    let is_good =
        |state: &MemberState| matches!(state, MemberState::Succeeded | MemberState::Unchanged);
    let is_stuck = |state: &MemberState| matches!(state, MemberState::Stuck(_));
    let stuck = run.members().any(|(_, it)| is_stuck(&it.state));
    if let (Some(comment), false) = (rejection(run), stuck) {
        return Outcome::Rejected(comment.to_owned());
    }
    let gates_hold = failed_gate(run).is_none();
    if all(is_good) && gates_hold && !has_open_gates(run) {
        return if all(|state| *state == MemberState::Unchanged) {
            Outcome::Unchanged
        } else {
            Outcome::Succeeded
        };
    }
    match cause(run) {
        Some(why) if stuck || !is_called_off(run) => Outcome::Failed(why),
        Some(_) | None => Outcome::Cancelled,
    }
}

/// Whether a gate was not passed.
fn has_open_gates(run: &Run) -> bool {
    let mut gates = run.waves.iter().flat_map(|wave| &wave.gates);
    gates.any(|gate| gate.as_ref().is_none_or(GateState::is_open))
}

/// Whether a run can do something with a word now; why not, as a sentence.
fn makes_sense(run: &Run, steered: &Steered) -> Result<(), String> {
    use crate::domain::operation::Gate;
    if run.is_over() {
        return Err(format!("{} is over.", run.plan.id));
    }
    let is_open = |fits: fn(&Gate) -> bool| {
        let mut waves = run.plan.waves.iter().zip(&run.waves);
        waves.any(|(plan, now)| {
            let mut gates = plan.gates.iter().zip(&now.gates);
            let of_wave = gates
                .any(|(gate, state)| fits(gate) && state.as_ref().is_some_and(GateState::is_open));
            let mut members = plan.members.iter().zip(&now.members);
            of_wave
                || members.any(|(member, now)| {
                    let mut steps = member.steps.iter().zip(&now.steps);
                    steps.any(|(step, state)| match (step, state) {
                        (Step::Gate(gate), StepState::Intended(_)) => fits(gate),
                        (Step::Gate(_) | Step::Call(_), _) => false,
                    })
                })
        })
    };
    match steered {
        Steered::Cancel | Steered::Reverse => Ok(()),
        Steered::Approve { .. } | Steered::Reject { .. } => {
            if is_open(|gate| matches!(gate, Gate::Approve { .. })) {
                Ok(())
            } else {
                Err(format!("{} waits for nobody's approval now.", run.plan.id))
            }
        }
        Steered::SkipBake { .. } => {
            if is_open(Gate::can_be_skipped) {
                Ok(())
            } else {
                Err(format!("{} waits for no time to pass now.", run.plan.id))
            }
        }
    }
}
