//! A wave: its members side by side, then what has to hold before the next one.

use super::hold::At;
use super::ledger::{Halt, Seat};
use super::undo::is_back;
use super::{Runner, is_called_off};
use crate::domain::operation::{GateState, MemberRun, MemberState, Record, StepState};
use chrono::TimeDelta;
use std::sync::Arc;
use tokio::task::JoinSet;

/// Members that are worked on at once.
const SIDE_BY_SIDE: usize = 4;

/// What is done for a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    Forward,
    Back,
}

/// Whether a member has failed, also while it is being taken back.
fn went_wrong(member: &MemberRun) -> bool {
    let is_bad = |step: &StepState| match step {
        StepState::Ended(_, ending) => !ending.is_good(),
        StepState::Waiting | StepState::Intended(_) | StepState::Accepted { .. } => false,
    };
    member.state.is_bad() || member.steps.iter().any(is_bad) || member.added.iter().any(is_back)
}

impl Runner {
    /// Runs a wave from where it stands. Whether the next one may begin.
    pub(super) async fn wave(self: &Arc<Self>, wave: usize) -> Result<bool, Halt> {
        let (seats, is_begun) = {
            let run = self.ledger.run();
            let Some(now) = run.waves.get(wave) else {
                return Ok(false);
            };
            if now.began.is_none() && is_called_off(&run) {
                return Ok(false);
            }
            let seats: Vec<Seat> = (0..now.members.len())
                .map(|member| (wave, member))
                .collect();
            (seats, now.began.is_some())
        };
        if !is_begun {
            self.ledger.record(Record::WaveBegan { wave }).await?;
            self.hooks.wave(&self.ledger.run(), wave);
        }
        self.side_by_side(seats, Work::Forward).await?;
        if self.has_failed(wave) {
            return Ok(false);
        }
        let gates = self.gates(wave).await?;
        Ok(gates && !is_called_off(&self.ledger.run()))
    }

    /// Does something for several members, a few at once. One that cannot go on does not hold up the others.
    pub(super) async fn side_by_side(
        self: &Arc<Self>,
        seats: Vec<Seat>,
        work: Work,
    ) -> Result<(), Halt> {
        let mut waiting = seats.into_iter();
        let mut running = JoinSet::new();
        let mut halted = Ok(());
        loop {
            while running.len() < SIDE_BY_SIDE
                && let Some(seat) = waiting.next()
            {
                let runner = Arc::clone(self);
                running.spawn(self.ledger.track(async move {
                    match work {
                        // After a failure, who has begun goes on to his end, and nobody else begins.
                        Work::Forward if !runner.is_to_begin(seat) => Ok(()),
                        Work::Forward => runner.member(seat).await,
                        Work::Back => runner.take_back_one(seat).await,
                    }
                }));
            }
            match running.join_next().await {
                None => return halted,
                Some(Ok(Ok(()))) => {}
                Some(Ok(Err(halt))) => halted = Err(halt),
                Some(Err(error)) => {
                    if error.is_panic() {
                        std::panic::resume_unwind(error.into_panic());
                    }
                }
            }
        }
    }

    fn is_to_begin(&self, seat: Seat) -> bool {
        match self.member_state(seat) {
            MemberState::Waiting => !self.has_failed(seat.0) && !is_called_off(&self.ledger.run()),
            MemberState::Running => true,
            MemberState::Succeeded
            | MemberState::Unchanged
            | MemberState::Failed(_)
            | MemberState::RolledBack(_)
            | MemberState::Stuck(_)
            | MemberState::Cancelled => false,
        }
    }

    fn has_failed(&self, wave: usize) -> bool {
        let run = self.ledger.run();
        run.waves
            .get(wave)
            .is_some_and(|wave| wave.members.iter().any(went_wrong))
    }

    /// Passes the gates of a wave, one after the other. Whether all let through.
    async fn gates(&self, wave: usize) -> Result<bool, Halt> {
        let gates = {
            let run = self.ledger.run();
            let planned = run.plan.waves.get(wave);
            planned.map_or_else(Vec::new, |wave| wave.gates.clone())
        };
        for (index, gate) in gates.iter().enumerate() {
            let record = |state| Record::Gate {
                wave,
                gate: index,
                state,
            };
            let since = match self.gate_state(wave, index) {
                Some(GateState::Passed | GateState::Skipped(_)) => continue,
                Some(GateState::Failed(_)) => return Ok(false),
                Some(GateState::Open { since, .. }) => since,
                None if is_called_off(&self.ledger.run()) => return Ok(false),
                None if self.is_unchanged(wave) => {
                    let why = "Nothing was changed.".to_owned();
                    self.ledger.record(record(GateState::Skipped(why))).await?;
                    continue;
                }
                None => {
                    let since = self.clock.now();
                    let seconds = gate.seconds().map(i64::from);
                    let until = seconds.map(|seconds| since + TimeDelta::seconds(seconds));
                    self.ledger
                        .record(record(GateState::Open { since, until }))
                        .await?;
                    since
                }
            };
            let Some(state) = self.hold(gate, since, At::Wave(wave)).await else {
                return Ok(false);
            };
            let has_failed = matches!(state, GateState::Failed(_));
            self.ledger.record(record(state)).await?;
            if has_failed {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn gate_state(&self, wave: usize, gate: usize) -> Option<GateState> {
        let run = self.ledger.run();
        run.waves.get(wave)?.gates.get(gate)?.clone()
    }

    fn is_unchanged(&self, wave: usize) -> bool {
        let run = self.ledger.run();
        let unchanged = |wave: &crate::domain::operation::WaveRun| {
            let mut members = wave.members.iter();
            members.all(|it| it.state == MemberState::Unchanged)
        };
        run.waves.get(wave).is_some_and(unchanged)
    }
}
