//! How a run stands, in a word.

use crate::domain::Timestamp;
use crate::domain::operation::{Gate, GateState, MemberState, Outcome, Run};
use crate::engine::message::Keeper;
use chrono::TimeDelta;

/// For how long a run that has ended is followed.
const JUST: TimeDelta = TimeDelta::seconds(60);

/// How a run stands, those that want somebody first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It waits for somebody to approve.
    Approval,
    /// Something of it has failed, and it goes on.
    Failing,
    /// Nobody goes on with it.
    LeftBehind,
    Running,
    /// Another process goes on with it.
    Elsewhere,
    Failed,
    Rejected,
    Cancelled,
    Abandoned,
    Succeeded,
    Unchanged,
}

impl Standing {
    pub(super) fn of(run: &Run, keeper: Keeper) -> Self {
        match &run.outcome {
            Some((_, Outcome::Succeeded)) => Self::Succeeded,
            Some((_, Outcome::Unchanged)) => Self::Unchanged,
            Some((_, Outcome::Failed(_))) => Self::Failed,
            Some((_, Outcome::Cancelled)) => Self::Cancelled,
            Some((_, Outcome::Rejected(_))) => Self::Rejected,
            Some((_, Outcome::Abandoned)) => Self::Abandoned,
            None if keeper == Keeper::Nobody => Self::LeftBehind,
            None if waits_for_approval(run) => Self::Approval,
            None if run.members().any(|(_, member)| member.state.is_bad()) => Self::Failing,
            None if keeper == Keeper::Another => Self::Elsewhere,
            None => Self::Running,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Approval => "APPROVAL",
            Self::Failing => "FAILING",
            Self::LeftBehind => "LEFT BEHIND",
            Self::Running => "RUNNING",
            Self::Elsewhere => "ELSEWHERE",
            Self::Failed => "FAILED",
            Self::Rejected => "REJECTED",
            Self::Cancelled => "CANCELLED",
            Self::Abandoned => "ABANDONED",
            Self::Succeeded => "SUCCEEDED",
            Self::Unchanged => "UNCHANGED",
        }
    }

    /// Whether it has ended.
    pub fn is_over(self) -> bool {
        self >= Self::Failed
    }

    /// For the order of the list: what has not ended in its own order, what has by its time alone.
    pub(super) fn group(self) -> Self {
        self.min(Self::Failed)
    }

    /// For what is followed in the header; none where nothing is.
    pub(super) fn rank(self, run: &Run, now: Timestamp) -> Option<u8> {
        let is_fresh = run.outcome.as_ref().is_some_and(|(at, _)| now - *at < JUST);
        match self {
            Self::Approval | Self::Failing => Some(0),
            Self::Failed | Self::Rejected if is_fresh => Some(1),
            Self::Running => Some(2),
            _ if is_fresh => Some(3),
            Self::LeftBehind => Some(4),
            Self::Elsewhere => Some(5),
            Self::Failed
            | Self::Rejected
            | Self::Cancelled
            | Self::Abandoned
            | Self::Succeeded
            | Self::Unchanged => None,
        }
    }
}

/// The wave whose gate waits for somebody to approve, and what he is asked.
pub(super) fn approval(run: &Run) -> Option<(usize, &str)> {
    let waves = run.plan.waves.iter().zip(&run.waves).enumerate();
    let mut waiting = waves.flat_map(|(index, (plan, wave))| {
        let gates = plan.gates.iter().zip(&wave.gates);
        gates.filter_map(move |(gate, state)| match (gate, state) {
            (Gate::Approve { words }, Some(GateState::Open { .. })) => {
                Some((index, words.as_str()))
            }
            _ => None,
        })
    });
    waiting.next()
}

fn waits_for_approval(run: &Run) -> bool {
    approval(run).is_some()
}

/// Whether a bake time or a wait is going on.
pub(super) fn is_baking(run: &Run) -> bool {
    let waves = run.plan.waves.iter().zip(&run.waves);
    let mut gates = waves.flat_map(|(plan, wave)| plan.gates.iter().zip(&wave.gates));
    gates.any(|(gate, state)| {
        let waits = matches!(gate, Gate::Bake { .. } | Gate::Wait { .. });
        waits && state.as_ref().is_some_and(GateState::is_open)
    })
}

/// The wave that is being worked on, counted from one, and how many there are.
pub fn wave(run: &Run) -> (usize, usize) {
    let begun = run.waves.iter().filter(|wave| wave.began.is_some()).count();
    (begun.max(1), run.waves.len())
}

/// Members that are done, that have failed, and all.
pub fn tally(run: &Run) -> (usize, usize, usize) {
    let count = |wanted: fn(&MemberState) -> bool| {
        let members = run.members();
        members.filter(|(_, member)| wanted(&member.state)).count()
    };
    let is_done =
        |state: &MemberState| matches!(state, MemberState::Succeeded | MemberState::Unchanged);
    (
        count(is_done),
        count(MemberState::is_bad),
        run.members().count(),
    )
}
