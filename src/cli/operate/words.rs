//! How runs, members and steps stand, in words and colours.

use crate::cli::output::Tone;
use crate::domain::operation::{Ending, MemberState, Outcome, Step, StepState};
use crate::domain::untrusted::sanitise;

/// A word, its colour, and why.
pub(in crate::cli) type Said = (&'static str, Tone, Option<String>);

/// How a member stands.
pub(in crate::cli) fn state(state: &MemberState) -> Said {
    let why = |why: &String| Some(sanitise(why).into_owned());
    match state {
        MemberState::Waiting => ("waiting", Tone::Quiet, None),
        MemberState::Running => ("running", Tone::Moving, None),
        MemberState::Succeeded => ("succeeded", Tone::Well, None),
        MemberState::Unchanged => ("unchanged", Tone::Well, None),
        MemberState::Failed(it) => ("failed", Tone::Bad, why(it)),
        MemberState::RolledBack(it) => ("rolled back", Tone::Bad, why(it)),
        MemberState::Stuck(it) => ("stuck", Tone::Bad, why(it)),
        MemberState::Cancelled => ("cancelled", Tone::Quiet, None),
    }
}

/// How a run ended.
pub(in crate::cli) fn outcome(outcome: &Outcome) -> Said {
    let why = |why: &String| Some(sanitise(why).into_owned());
    match outcome {
        Outcome::Succeeded => ("succeeded", Tone::Well, None),
        Outcome::Unchanged => ("unchanged", Tone::Well, None),
        Outcome::Failed(it) => ("failed", Tone::Bad, why(it)),
        Outcome::Cancelled => ("cancelled", Tone::Bad, None),
        Outcome::Rejected(it) => ("rejected", Tone::Bad, why(it)),
        Outcome::Abandoned => ("abandoned", Tone::Quiet, None),
    }
}

/// How a step ended.
pub(super) fn ending(ending: &Ending) -> Said {
    let why = |why: &String| Some(sanitise(why).into_owned());
    match ending {
        Ending::Done => ("done", Tone::Well, None),
        Ending::Already => ("was so already", Tone::Well, None),
        Ending::Failed(it) => ("failed", Tone::Bad, why(it)),
        Ending::RolledBack(it) => ("rolled back", Tone::Bad, why(it)),
        Ending::Skipped(it) => ("left out", Tone::Quiet, why(it)),
    }
}

/// How a step stands.
pub(in crate::cli) fn progress(state: &StepState) -> Said {
    match state {
        StepState::Waiting => ("waiting", Tone::Quiet, None),
        StepState::Intended(_) => ("about to be sent", Tone::Moving, None),
        StepState::Accepted { .. } => ("going on", Tone::Moving, None),
        StepState::Ended(_, it) => ending(it),
    }
}

/// What a step does.
pub(in crate::cli) fn step(step: &Step) -> String {
    match step {
        Step::Call(call) => call.words(),
        Step::Gate(gate) => format!("wait: {}", gate.words()),
    }
}

/// A word with why behind it.
pub(super) fn because((word, _, why): &Said) -> String {
    match why {
        Some(why) => format!("{word}: {why}"),
        None => (*word).to_owned(),
    }
}
