//! `ops show`: an operation as its journal tells it.

use super::{Known, list};
use crate::cli::operate::{self, clock, state, step};
use crate::cli::output::{self, Format};
use crate::cli::{Exit, Session};
use crate::domain::json;
use crate::domain::operation::{Gate, GateState, Member, MemberRun, Run};
use crate::domain::untrusted::sanitise;
use crate::engine::message::Keeper;
use serde_json::{Value, json};
use std::io;

pub(super) fn print(
    session: &Session,
    known: &Known,
    run: &Run,
    format: Format,
) -> io::Result<Exit> {
    match format {
        Format::Table => told(session, known, run)?,
        Format::Json => output::line(&json::text(&object(known, run)))?,
    }
    Ok(Exit::Done)
}

fn told(session: &Session, known: &Known, run: &Run) -> io::Result<()> {
    let paint = |text: &str, tone| session.output.painted(text, tone);
    let plan = &run.plan;
    output::line(&format!(
        "{}: {} {}, begun by {} at {}",
        plan.id,
        plan.verb.imperative(),
        plan.target.safe(),
        sanitise(&plan.by),
        run.began.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    ))?;
    for (number, (wave, went)) in plan.waves.iter().zip(&run.waves).enumerate() {
        let of = plan.waves.len();
        let began = went.began.map(|at| format!(", {}", clock(at)));
        let began = began.unwrap_or_else(|| ", not begun".to_owned());
        output::line(&format!("Wave {} of {of}{began}", number + 1))?;
        for (member, went) in wave.members.iter().zip(&went.members) {
            self::member(session, member, went)?;
        }
        for (gate, state) in wave.gates.iter().zip(&went.gates) {
            output::line(&format!("  then: {}", self::gate(gate, state.as_ref())))?;
        }
    }
    for (at, decision) in &run.decisions {
        output::line(&format!("{} {}", clock(*at), operate::decided(decision)))?;
    }
    if let Some((at, outcome)) = &run.outcome {
        let (word, tone, why) = operate::outcome(outcome);
        let why = why.map_or_else(String::new, |why| format!(": {why}"));
        return output::line(&format!("{} {}{why}", clock(*at), paint(word, tone)));
    }
    let keeper = known.keeper(run);
    let (word, tone) = list::kept(keeper);
    output::line(&paint(word, tone))?;
    if keeper == Some(Keeper::Nobody) {
        let id = &plan.id;
        output::line(&format!(
            "Go on with `quarterdeck ops resume {id}`, or `reverse` or `abandon` it."
        ))?;
    }
    Ok(())
}

fn member(session: &Session, member: &Member, went: &MemberRun) -> io::Result<()> {
    let (word, tone, why) = state(&went.state);
    let place = sanitise(&member.scope.to_string()).into_owned();
    let why = why.map_or_else(String::new, |why| format!(": {why}"));
    let word = session.output.painted(word, tone);
    let times = match (went.began, went.ended) {
        (Some(began), Some(ended)) => format!(" {}–{}", clock(began), clock(ended)),
        (Some(began), None) => format!(" since {}", clock(began)),
        (None, _) => String::new(),
    };
    output::line(&format!(
        "  {place}  {}  {word}{times}{why}",
        member.target.safe()
    ))?;
    let steps = member.steps.iter().chain(&went.added);
    for (what, at) in steps.zip(&went.steps) {
        let (word, tone, why) = operate::progress(at);
        let why = why.map_or_else(String::new, |why| format!(": {why}"));
        let word = session.output.painted(word, tone);
        output::line(&format!("    {}: {word}{why}", step(what)))?;
    }
    Ok(())
}

fn gate(gate: &Gate, state: Option<&GateState>) -> String {
    let how = match state {
        None => "not reached".to_owned(),
        Some(GateState::Open {
            until: Some(until), ..
        }) => format!("until {}", clock(*until)),
        Some(GateState::Open { until: None, .. }) => "waiting".to_owned(),
        Some(GateState::Passed) => "passed".to_owned(),
        Some(GateState::Failed(why)) => format!("not passed: {}", sanitise(why)),
        Some(GateState::Skipped(why)) => format!("left out: {}", sanitise(why)),
    };
    format!("{}: {how}", gate.words())
}

fn object(known: &Known, run: &Run) -> Value {
    let mut object = list::object(&run.summary(), known.keeper(run));
    let waves: Vec<Value> = run
        .plan
        .waves
        .iter()
        .zip(&run.waves)
        .map(|(wave, went)| {
            let members = wave.members.iter().zip(&went.members);
            let gates = wave.gates.iter().zip(&went.gates);
            json!({
                "began": went.began.map(|at| at.to_rfc3339()),
                "members": members.map(|(it, went)| of_member(it, went)).collect::<Vec<_>>(),
                "gates": gates.map(|(it, state)| json!({
                    "words": it.words(),
                    "state": state,
                })).collect::<Vec<_>>(),
            })
        })
        .collect();
    object["waves"] = waves.into();
    let decisions: Vec<Value> = run
        .decisions
        .iter()
        .map(|(at, decision)| json!({ "at": at.to_rfc3339(), "decision": decision }))
        .collect();
    object["decisions"] = decisions.into();
    object["plan"] = serde_json::to_value(&run.plan).unwrap_or_default();
    object
}

fn of_member(member: &Member, went: &MemberRun) -> Value {
    let (word, _, why) = state(&went.state);
    let steps = member.steps.iter().chain(&went.added).zip(&went.steps);
    json!({
        "account": member.scope.account.as_str(),
        "region": member.scope.region().map(crate::domain::Region::as_str),
        "target": member.target.exact(),
        "state": word,
        "why": why,
        "began": went.began.map(|at| at.to_rfc3339()),
        "ended": went.ended.map(|at| at.to_rfc3339()),
        "steps": steps.map(|(what, at)| {
            let (word, _, why) = operate::progress(at);
            json!({ "words": step(what), "state": word, "why": why })
        }).collect::<Vec<_>>(),
    })
}
