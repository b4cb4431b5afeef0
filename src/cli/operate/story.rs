//! What happens to a run as lines: `14:32:07Z prod/eu-west-1  done: execute the change set`.

use super::words::{self, because};
use crate::cli::output::Tone;
use crate::domain::operation::{Decision, GateState, Record, Run, Stamped, Steered};
use crate::domain::untrusted::sanitise;
use crate::domain::{Scope, Timestamp};

/// One thing that happened, where, and how it looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) place: String,
    pub(super) words: String,
    pub(super) tone: Tone,
}

/// A moment as it stands before a line.
pub(in crate::cli) fn clock(at: Timestamp) -> String {
    at.format("%H:%M:%SZ").to_string()
}

/// The place of a member, as it is written before its lines.
pub(super) fn place(scope: &Scope) -> String {
    sanitise(&scope.to_string()).into_owned()
}

/// What a record says, of a run that has absorbed it.
pub(super) fn tell(run: &Run, stamped: &Stamped) -> Told {
    let of_run = |words: String, tone: Tone| Told {
        place: "-".to_owned(),
        words,
        tone,
    };
    let of_member = |(wave, member): (usize, usize), words: String, tone: Tone| Told {
        place: run
            .member(wave, member)
            .map_or_else(|| "-".to_owned(), |(member, _)| place(&member.scope)),
        words,
        tone,
    };
    let step = |(wave, member): (usize, usize), step: usize| {
        let step = run.step(wave, member, step);
        step.map_or_else(String::new, |(step, _)| words::step(step))
    };
    let waves = run.plan.waves.len();
    match &stamped.record {
        Record::Planned(plan) => {
            let count = plan.members().count();
            let verb = plan.verb.imperative();
            let target = plan.target.safe();
            of_run(
                format!(
                    "{} begins: {verb} {target}, {count} places in {waves} waves",
                    plan.id
                ),
                Tone::Plain,
            )
        }
        Record::Resumed { by } => of_run(format!("{} goes on with it", sanitise(by)), Tone::Plain),
        Record::WaveBegan { wave } => {
            of_run(format!("wave {} of {waves} begins", wave + 1), Tone::Plain)
        }
        Record::Intent {
            wave,
            member,
            step: number,
        } => {
            let at = (*wave, *member);
            of_member(at, step(at, *number), Tone::Plain)
        }
        Record::Accepted {
            wave,
            member,
            step: number,
            ..
        } => {
            let at = (*wave, *member);
            of_member(at, format!("accepted: {}", step(at, *number)), Tone::Moving)
        }
        Record::Ended {
            wave,
            member,
            step: number,
            ending,
        } => {
            let at = (*wave, *member);
            let (word, tone, why) = words::ending(ending);
            let why = why.map_or_else(String::new, |why| format!(": {why}"));
            of_member(at, format!("{word}: {}{why}", step(at, *number)), tone)
        }
        Record::Extended {
            wave,
            member,
            why,
            steps,
        } => {
            let steps: Vec<String> = steps.iter().map(words::step).collect();
            let words = format!("{} Next: {}", sanitise(why), steps.join(", then "));
            of_member((*wave, *member), words, Tone::Moving)
        }
        Record::MemberEnded {
            wave,
            member,
            state,
        } => {
            let said = words::state(state);
            of_member((*wave, *member), because(&said), said.1)
        }
        Record::Gate { wave, gate, state } => {
            let planned = run.plan.waves.get(*wave);
            let gate = planned.and_then(|wave| wave.gates.get(*gate));
            let gate = gate.map(crate::domain::operation::Gate::words);
            let (words, tone) = self::gate(&gate.unwrap_or_default(), state);
            of_run(format!("after wave {}: {words}", wave + 1), tone)
        }
        Record::Decided(decision) => of_run(decided(decision), Tone::Plain),
        Record::Finished(outcome) => {
            let said = words::outcome(outcome);
            of_run(because(&said), said.1)
        }
    }
}

/// How a gate stands.
fn gate(gate: &str, state: &GateState) -> (String, Tone) {
    match state {
        GateState::Open {
            until: Some(until), ..
        } => (format!("{gate}, until {}", clock(*until)), Tone::Moving),
        GateState::Open { until: None, .. } => (gate.to_owned(), Tone::Moving),
        GateState::Passed => (format!("passed: {gate}"), Tone::Well),
        GateState::Failed(why) => (format!("not passed: {gate}: {}", sanitise(why)), Tone::Bad),
        GateState::Skipped(why) => (format!("left out: {gate}: {}", sanitise(why)), Tone::Quiet),
    }
}

/// What somebody said to it.
pub(in crate::cli) fn decided(decision: &Decision) -> String {
    let by = sanitise(&decision.by);
    let with = |text: &String| match text.is_empty() {
        true => String::new(),
        false => format!(": {}", sanitise(text)),
    };
    match &decision.steered {
        Steered::Cancel => format!("{by} cancels"),
        Steered::Approve { comment } => format!("{by} approves{}", with(comment)),
        Steered::Reject { comment } => format!("{by} rejects{}", with(comment)),
        Steered::SkipBake { reason } => format!("{by} ends the baking{}", with(reason)),
        Steered::Reverse => format!("{by} has it undone"),
    }
}
