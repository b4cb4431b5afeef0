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
                    "{} begins: {verb} {target}, {} in {}",
                    plan.id,
                    counted(count, "place"),
                    counted(waves, "wave")
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

/// `1 wave`, `2 waves`
fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
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
    let with = |text: &String| {
        let colon = if text.is_empty() { "" } else { ": " };
        format!("{colon}{}", sanitise(text))
    };
    match &decision.steered {
        Steered::Cancel => format!("{by} cancels"),
        Steered::Approve { comment } => format!("{by} approves{}", with(comment)),
        Steered::Reject { comment } => format!("{by} rejects{}", with(comment)),
        Steered::SkipBake { reason } => format!("{by} ends the baking{}", with(reason)),
        Steered::Reverse => format!("{by} has it undone"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::operation::{
        Consent, Gate, MemberState, OperationId, Outcome, Plan, UndoPolicy, Verb, Wave,
    };

    fn plan() -> Plan {
        Plan {
            id: OperationId::new("20261120t143207z-deploy-7f3a"),
            verb: Verb::Deploy,
            target: "api".into(),
            made: "2026-11-20T14:32:07Z".parse().unwrap(),
            by: "ann".into(),
            waves: vec![Wave {
                members: Vec::new(),
                gates: vec![Gate::Approve {
                    words: "Well?".into(),
                }],
            }],
            consent: Consent::Key,
            undo: UndoPolicy::Failed,
        }
    }

    #[test]
    fn every_record_is_a_line_that_harms_no_terminal() {
        let at: Timestamp = "2026-11-20T14:32:07Z".parse().unwrap();
        let hostile = || "\u{1b}[2J".to_owned();
        let run = Run::of(plan(), at);
        for (record, words) in [
            (
                Record::Planned(Box::new(plan())),
                "20261120t143207z-deploy-7f3a begins: Deploy api, 0 places in 1 wave",
            ),
            (Record::Resumed { by: hostile() }, "␛[2J goes on with it"),
            (Record::WaveBegan { wave: 0 }, "wave 1 of 1 begins"),
            (
                Record::Gate {
                    wave: 0,
                    gate: 0,
                    state: GateState::Open {
                        since: at,
                        until: Some(at),
                    },
                },
                "after wave 1: approval: Well?, until 14:32:07Z",
            ),
            (
                Record::Decided(Decision {
                    by: hostile(),
                    steered: Steered::Reject { comment: hostile() },
                }),
                "␛[2J rejects: ␛[2J",
            ),
            (
                Record::MemberEnded {
                    wave: 0,
                    member: 0,
                    state: MemberState::Failed(hostile()),
                },
                "failed: ␛[2J",
            ),
            (
                Record::Finished(Outcome::Rejected(hostile())),
                "rejected: ␛[2J",
            ),
        ] {
            let stamped = Stamped {
                number: 0,
                at,
                record,
            };
            assert_eq!(tell(&run, &stamped).words, words);
        }
    }
}
