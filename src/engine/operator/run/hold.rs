//! Waiting at a gate: for a time, for somebody's word, or for what a look outside says.
//!
//! The time that a gate takes counts from when it was first reached, also across a restart. Whatever cannot be found out
//! does not let through.

use super::{Place, Runner, Seat, Stop, is_called_off};
use crate::domain::operation::{Decision, Gate, GateState, Steered};
use crate::domain::untrusted::sanitise;
use crate::domain::{Timestamp, time};
use crate::engine::operator::gate::{Glance, window};
use chrono::TimeDelta;
use std::time::Duration;

/// Between two looks at alarms.
const ALARMS: Duration = Duration::from_secs(15);
/// Between two looks at metrics, which cost money and come by the minute.
const METRICS: Duration = Duration::from_secs(60);
/// Between two looks at something that answers at once.
const ANSWERS: Duration = Duration::from_secs(5);
/// Between two looks at the clock, which may leap.
const CLOCK: Duration = Duration::from_secs(10);

/// Where a gate stands.
#[derive(Clone, Copy)]
pub(super) enum At {
    /// After the members of a wave.
    Wave(usize),
    Step(Place),
}

impl At {
    /// A wave's gate is shown with its first member.
    fn seat(self) -> Seat {
        match self {
            Self::Wave(wave) => (wave, 0),
            Self::Step(place) => place.seat(),
        }
    }
}

/// What a gate does with what it is told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// All has to stay well until the time is over.
    Stays,
    /// All has to become well before the time is over.
    Becomes,
    /// The same; but when the time is over it goes on.
    BecomesOrNot,
}

impl Runner {
    /// Waits at a gate that was reached at `since`. None where the run is to begin nothing more.
    pub(super) async fn hold(&self, gate: &Gate, since: Timestamp, at: At) -> Option<GateState> {
        let mut words = self.ledger.words();
        loop {
            if let Some(state) = self.word(gate, since) {
                return Some(state);
            }
            let is_over = match at {
                At::Wave(_) => is_called_off(&self.ledger.run()),
                At::Step(place) => self.stops(place) == Stop::Now,
            };
            if is_over {
                return None;
            }
            let pause = match gate {
                Gate::Approve { words } => {
                    let words = if words.is_empty() {
                        "waiting for approval".to_owned()
                    } else {
                        format!("waiting for approval: {}", sanitise(words))
                    };
                    self.ledger.progress(at.seat(), &words).await;
                    CLOCK * 6
                }
                Gate::Wait { .. } => match self.left(gate, since) {
                    None => return Some(GateState::Passed),
                    Some(left) => left,
                },
                Gate::Window { days, from, until } => {
                    if window::holds(days, (*from, *until), self.clock.now()) {
                        return Some(GateState::Passed);
                    }
                    self.ledger.progress(at.seat(), &gate.words()).await;
                    CLOCK
                }
                Gate::Bake { .. } => match self.look_out(gate, since, (at, Manner::Stays)).await {
                    Ok(left) => left.min(ALARMS),
                    Err(state) => return Some(state),
                },
                Gate::Errors { .. } => {
                    match self.look_out(gate, since, (at, Manner::Stays)).await {
                        Ok(left) => left.min(METRICS),
                        Err(state) => return Some(state),
                    }
                }
                Gate::Http { .. } | Gate::Endpoints { .. } | Gate::Command { .. } => {
                    match self.look_out(gate, since, (at, Manner::Becomes)).await {
                        Ok(left) => left.min(ANSWERS),
                        Err(state) => return Some(state),
                    }
                }
                Gate::Drained { .. } => {
                    match self.look_out(gate, since, (at, Manner::BecomesOrNot)).await {
                        Ok(left) => left.min(METRICS / 2),
                        Err(state) => return Some(state),
                    }
                }
            };
            let pause = pause.max(Duration::from_millis(100));
            // Whoever says something is heard at once.
            let _ = tokio::time::timeout(pause, words.changed()).await;
        }
    }

    /// What somebody has said about a gate since it was reached.
    fn word(&self, gate: &Gate, since: Timestamp) -> Option<GateState> {
        let run = self.ledger.run();
        let since = run.decisions.iter().filter(|(at, _)| *at >= since);
        since
            .map(|(_, said)| said)
            .find_map(|said| said_of(gate, said))
    }

    /// How long a gate still waits; none when its time is over.
    fn left(&self, gate: &Gate, since: Timestamp) -> Option<Duration> {
        let seconds = gate.seconds().map_or(0, i64::from);
        let until = since + TimeDelta::seconds(seconds);
        let left = (until - self.clock.now()).to_std().ok()?;
        (!left.is_zero()).then_some(left)
    }

    /// Looks once, and says how long to wait for the next look, or how the gate has come out.
    async fn look_out(
        &self,
        gate: &Gate,
        since: Timestamp,
        (at, manner): (At, Manner),
    ) -> Result<Duration, GateState> {
        let run = self.ledger.run().clone();
        let glance = self.hands.probe(&run, at.seat().0, gate, since).await;
        let left = self.left(gate, since);
        let (words, left) = match (glance, manner, left) {
            (Glance::Bad(why), ..) => return Err(GateState::Failed(why)),
            (Glance::Well, Manner::Stays, None) => return Err(GateState::Passed),
            (Glance::Well, Manner::Becomes | Manner::BecomesOrNot, _) => {
                return Err(GateState::Passed);
            }
            (Glance::NotYet(why), Manner::Stays | Manner::Becomes, None) => {
                return Err(GateState::Failed(why));
            }
            (Glance::NotYet(why), Manner::BecomesOrNot, None) => {
                return Err(GateState::Skipped(why));
            }
            (Glance::Well, Manner::Stays, Some(left)) => (gate.words(), left),
            (Glance::NotYet(why), _, Some(left)) => (why, left),
        };
        let rest = TimeDelta::from_std(left).unwrap_or_default();
        let words = format!("{words}; {} left", time::words(rest));
        self.ledger.progress(at.seat(), &words).await;
        Ok(left)
    }
}

fn said_of(gate: &Gate, said: &Decision) -> Option<GateState> {
    let is_approval = matches!(gate, Gate::Approve { .. });
    let by = sanitise(&said.by).into_owned();
    match &said.steered {
        Steered::Approve { .. } if is_approval => Some(GateState::Passed),
        Steered::Reject { comment } if is_approval => {
            Some(GateState::Failed(if comment.is_empty() {
                format!("{by} said no.")
            } else {
                format!("{by} said no: {}", sanitise(comment))
            }))
        }
        Steered::SkipBake { reason } if gate.can_be_skipped() => Some(GateState::Skipped(format!(
            "{by} went on: {}",
            sanitise(reason)
        ))),
        Steered::Approve { .. }
        | Steered::Reject { .. }
        | Steered::SkipBake { .. }
        | Steered::Cancel
        | Steered::Reverse => None,
    }
}
