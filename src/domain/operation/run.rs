//! A run: a plan and what has become of it, folded out of its records.
//!
//! [`Run::absorb`] is the only thing that changes one. The engine, the screen, the command line and a restart absorb
//! the same records and so tell the same story.

#[cfg(test)]
mod tests;

use super::{
    Decision, Ending, GateState, Member, OperationId, Plan, Record, Stamped, Step, Verb, Wave,
};
use crate::domain::{Timestamp, Untrusted};
use serde::{Deserialize, Serialize};

/// What has become of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    pub plan: Plan,
    pub began: Timestamp,
    pub waves: Vec<WaveRun>,
    pub decisions: Vec<(Timestamp, Decision)>,
    pub outcome: Option<(Timestamp, Outcome)>,
    /// Records so far; the next one has this number.
    pub records: u64,
}

/// What has become of a wave.
#[derive(Clone, Debug, PartialEq)]
pub struct WaveRun {
    pub began: Option<Timestamp>,
    pub members: Vec<MemberRun>,
    /// One for each gate; none before it was reached.
    pub gates: Vec<Option<GateState>>,
}

/// What has become of a member.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberRun {
    pub state: MemberState,
    pub began: Option<Timestamp>,
    pub ended: Option<Timestamp>,
    /// The steps that were added to the plan's.
    pub added: Vec<Step>,
    /// One for each step, the added ones after the planned ones.
    pub steps: Vec<StepState>,
    /// The ids of the requests that AWS has taken, in that order, with their steps.
    pub requests: Vec<(usize, String)>,
}

/// How a member stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MemberState {
    Waiting,
    Running,
    Succeeded,
    /// There was nothing to do.
    Unchanged,
    /// Why, as a sentence.
    Failed(String),
    /// It failed or was to be taken back, and stands as it did before. Why.
    RolledBack(String),
    /// It failed, and could not be taken back either: somebody has to look. Why.
    Stuck(String),
    /// It was never begun, or not gone on with.
    Cancelled,
}

/// How a step stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepState {
    Waiting,
    /// It may have been sent. Since when.
    Intended(Timestamp),
    Accepted {
        at: Timestamp,
        request: Option<String>,
    },
    Ended(Timestamp, Ending),
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Succeeded,
    /// Nothing was different from what was wanted.
    Unchanged,
    /// Why, as a sentence.
    Failed(String),
    Cancelled,
    /// Somebody said no at a gate.
    Rejected(String),
    /// Nobody goes on with it; AWS was left as it was.
    Abandoned,
}

/// One line of a list of runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    pub id: OperationId,
    pub verb: Verb,
    pub target: Untrusted,
    pub by: String,
    pub began: Timestamp,
    pub ended: Option<Timestamp>,
    pub outcome: Option<Outcome>,
    /// Members in all, and those that have succeeded.
    pub members: (usize, usize),
}

impl Run {
    /// The run of a plan that has just been agreed to.
    pub fn of(plan: Plan, began: Timestamp) -> Self {
        Self {
            waves: plan.waves.iter().map(WaveRun::of).collect(),
            plan,
            began,
            decisions: Vec::new(),
            outcome: None,
            records: 1,
        }
    }

    /// The run that these records tell of; none where they do not begin with a plan.
    pub fn replay(records: &[Stamped]) -> Option<Self> {
        let (first, rest) = records.split_first()?;
        let Record::Planned(plan) = &first.record else {
            return None;
        };
        let mut run = Self::of((**plan).clone(), first.at);
        for stamped in rest {
            run.absorb(stamped);
        }
        Some(run)
    }

    /// Takes in what has happened. What is about something that the plan has not is passed over.
    pub fn absorb(&mut self, stamped: &Stamped) {
        let at = stamped.at;
        self.records = stamped.number + 1;
        match &stamped.record {
            Record::Planned(_) | Record::Resumed { .. } => {}
            Record::WaveBegan { wave } => {
                if let Some(wave) = self.waves.get_mut(*wave) {
                    wave.began.get_or_insert(at);
                }
            }
            Record::Intent { wave, member, step } => {
                if let Some(member) = self.member_mut(*wave, *member) {
                    member.state = MemberState::Running;
                    member.began.get_or_insert(at);
                    member.set(*step, StepState::Intended(at));
                }
            }
            Record::Accepted {
                wave,
                member,
                step,
                request,
            } => {
                let request = request.clone();
                if let Some(member) = self.member_mut(*wave, *member) {
                    member
                        .requests
                        .extend(request.clone().map(|id| (*step, id)));
                    member.set(*step, StepState::Accepted { at, request });
                }
            }
            Record::Ended {
                wave,
                member,
                step,
                ending,
            } => {
                if let Some(member) = self.member_mut(*wave, *member) {
                    member.set(*step, StepState::Ended(at, ending.clone()));
                }
            }
            Record::Extended {
                wave,
                member,
                steps,
                ..
            } => {
                if let Some(member) = self.member_mut(*wave, *member) {
                    member.state = MemberState::Running;
                    member.ended = None;
                    member.added.extend(steps.iter().cloned());
                    let more = std::iter::repeat_n(StepState::Waiting, steps.len());
                    member.steps.extend(more);
                }
            }
            Record::MemberEnded {
                wave,
                member,
                state,
            } => {
                if let Some(member) = self.member_mut(*wave, *member) {
                    member.state = state.clone();
                    member.ended = Some(at);
                }
            }
            Record::Gate { wave, gate, state } => {
                let gates = self.waves.get_mut(*wave).map(|wave| &mut wave.gates);
                if let Some(gate) = gates.and_then(|gates| gates.get_mut(*gate)) {
                    *gate = Some(state.clone());
                }
            }
            Record::Decided(decision) => self.decisions.push((at, decision.clone())),
            Record::Finished(outcome) => self.outcome = Some((at, outcome.clone())),
        }
    }

    pub fn is_over(&self) -> bool {
        self.outcome.is_some()
    }

    fn member_mut(&mut self, wave: usize, member: usize) -> Option<&mut MemberRun> {
        self.waves.get_mut(wave)?.members.get_mut(member)
    }

    pub fn member(&self, wave: usize, member: usize) -> Option<(&Member, &MemberRun)> {
        let planned = self.plan.waves.get(wave)?.members.get(member)?;
        Some((planned, self.waves.get(wave)?.members.get(member)?))
    }

    /// A member's step, a planned or an added one.
    pub fn step(&self, wave: usize, member: usize, step: usize) -> Option<(&Step, &StepState)> {
        let (planned, run) = self.member(wave, member)?;
        let added = || run.added.get(step.checked_sub(planned.steps.len())?);
        let what = planned.steps.get(step).or_else(added)?;
        Some((what, run.steps.get(step)?))
    }

    /// Every member, in order, with what has become of it.
    pub fn members(&self) -> impl Iterator<Item = (&Member, &MemberRun)> {
        let waves = self.plan.waves.iter().zip(&self.waves);
        waves.flat_map(|(plan, run)| plan.members.iter().zip(&run.members))
    }

    pub fn summary(&self) -> Summary {
        let done = |(_, run): &(&Member, &MemberRun)| {
            matches!(run.state, MemberState::Succeeded | MemberState::Unchanged)
        };
        Summary {
            id: self.plan.id.clone(),
            verb: self.plan.verb,
            target: self.plan.target.clone(),
            by: self.plan.by.clone(),
            began: self.began,
            ended: self.outcome.as_ref().map(|(at, _)| *at),
            outcome: self.outcome.as_ref().map(|(_, outcome)| outcome.clone()),
            members: (self.members().count(), self.members().filter(done).count()),
        }
    }
}

impl WaveRun {
    fn of(wave: &Wave) -> Self {
        let member = |member: &Member| MemberRun {
            state: MemberState::Waiting,
            began: None,
            ended: None,
            added: Vec::new(),
            steps: vec![StepState::Waiting; member.steps.len()],
            requests: Vec::new(),
        };
        Self {
            began: None,
            members: wave.members.iter().map(member).collect(),
            gates: vec![None; wave.gates.len()],
        }
    }
}

impl MemberRun {
    fn set(&mut self, step: usize, state: StepState) {
        if let Some(step) = self.steps.get_mut(step) {
            *step = state;
        }
    }

    /// How many of its steps have ended, and how many there are.
    pub fn progress(&self) -> (usize, usize) {
        let ended = |step: &&StepState| matches!(step, StepState::Ended(..));
        (self.steps.iter().filter(ended).count(), self.steps.len())
    }
}

impl MemberState {
    /// Whether nothing more happens to it, unless it is to be taken back.
    pub fn is_over(&self) -> bool {
        !matches!(self, Self::Waiting | Self::Running)
    }

    pub fn is_bad(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::RolledBack(_) | Self::Stuck(_))
    }
}
