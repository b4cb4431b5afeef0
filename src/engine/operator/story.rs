//! A run as JSON, for commands that read it: the plan, and what has become of each member.

use crate::domain::json;
use crate::domain::operation::{MemberState, Outcome, Plan, Run};
use serde_json::{Value, json};

/// One line of JSON.
pub(super) fn of(run: &Run) -> String {
    format!("{}\n", json::text(&value(run, None)))
}

/// The same, with what it is told for.
pub(super) fn at(run: &Run, occasion: &str) -> String {
    format!("{}\n", json::text(&value(run, Some(occasion))))
}

/// A plan that nobody has agreed to yet.
pub(super) fn of_plan(plan: &Plan) -> String {
    let run = Run::of(plan.clone(), plan.made);
    at(&run, "plan")
}

fn value(run: &Run, occasion: Option<&str>) -> Value {
    let members = run.plan.waves.iter().zip(&run.waves).enumerate();
    let members = members.flat_map(|(index, (plan, now))| {
        let members = plan.members.iter().zip(&now.members);
        members.map(move |(member, now)| {
            let (state, why) = state(&now.state);
            let (done, steps) = now.progress();
            json!({
                "wave": index + 1,
                "account": member.scope.account.as_str(),
                "account_id": member.account.safe(),
                "region": member.scope.region().map(crate::domain::Region::as_str),
                "target": member.target.safe(),
                "state": state,
                "why": why,
                "done": done,
                "steps": steps,
            })
        })
    });
    let (outcome, why) = match &run.outcome {
        None => (None, None),
        Some((_, outcome)) => match outcome {
            Outcome::Succeeded => (Some("succeeded"), None),
            Outcome::Unchanged => (Some("unchanged"), None),
            Outcome::Failed(why) => (Some("failed"), Some(why.as_str())),
            Outcome::Cancelled => (Some("cancelled"), None),
            Outcome::Rejected(why) => (Some("rejected"), Some(why.as_str())),
            Outcome::Abandoned => (Some("abandoned"), None),
        },
    };
    json!({
        "at": occasion,
        "operation": run.plan.id.as_str(),
        "verb": run.plan.verb.name(),
        "target": run.plan.target.safe(),
        "by": run.plan.by,
        "began": run.began.to_rfc3339(),
        "ended": run.outcome.as_ref().map(|(at, _)| at.to_rfc3339()),
        "outcome": outcome,
        "why": why,
        "members": members.collect::<Vec<_>>(),
    })
}

fn state(state: &MemberState) -> (&'static str, Option<&str>) {
    match state {
        MemberState::Waiting => ("waiting", None),
        MemberState::Running => ("running", None),
        MemberState::Succeeded => ("succeeded", None),
        MemberState::Unchanged => ("unchanged", None),
        MemberState::Failed(why) => ("failed", Some(why)),
        MemberState::RolledBack(why) => ("rolled back", Some(why)),
        MemberState::Stuck(why) => ("stuck", Some(why)),
        MemberState::Cancelled => ("cancelled", None),
    }
}
