//! `quarterdeck events STACK [--follow]`: what happened to a stack, in every region where it stands.

use super::fetch::{Fetched, nowhere, unasked};
use super::output;
use super::output::{Cell, Format, Tone};
use super::stacks::tone;
use super::{Exit, Session};
use crate::config::near;
use crate::domain::event::root_cause;
use crate::domain::json;
use crate::domain::untrusted::sanitise;
use crate::domain::{Reading, Scope, Slot, StackEvent, StackId, StackStatus, Topic, Untrusted};
use crate::engine::message::{Cadence, Request, Update, Wish};
use chrono::{SecondsFormat, TimeDelta};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io;
use std::time::Duration;

/// Whether to go on printing what happens next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follow {
    No,
    /// Until somebody interrupts.
    Yes,
}

/// How often a followed stack is looked at.
const CADENCE: TimeDelta = TimeDelta::seconds(3);

/// How often it is looked whether somebody still reads.
pub(super) const GLANCE: Duration = Duration::from_millis(500);

pub(super) async fn run(
    session: &mut Session,
    wanted: &str,
    follow: Follow,
    format: Format,
) -> io::Result<Exit> {
    let mut fetched = Fetched::default();
    let scopes = fetched.stacks(session).await;
    if scopes.is_empty() {
        output::say(&nowhere(&session.fleet));
        return Ok(Exit::Usage);
    }
    let found = standing(&fetched, &scopes, wanted);
    if found.is_empty() {
        return Ok(not_found(&fetched, &scopes, wanted));
    }
    let questions: Vec<(Topic, Scope)> = found
        .into_iter()
        .map(|(scope, id)| (Topic::Events(id), scope))
        .collect();
    fetched.ask(session, questions.clone()).await;
    let mut told = Told::default();
    let mut lines: Vec<(&Scope, &StackEvent)> = questions
        .iter()
        .flat_map(|(topic, scope)| {
            let events = fetched
                .store
                .events(scope, topic)
                .and_then(Slot::value)
                .unwrap_or_default();
            events.iter().map(move |event| (scope, event))
        })
        .collect();
    lines.sort_by_key(|(_, event)| event.at);
    for (scope, event) in lines {
        told.tell(session, scope, event, format)?;
    }
    fetched.say_problems();
    if follow == Follow::Yes {
        return go_on(session, questions, told, format).await;
    }
    if format == Format::Table {
        causes(session, &fetched, &questions);
    }
    Ok(fetched.exit(questions.iter().map(|(_, scope)| scope)))
}

/// The stacks of that name or ARN.
pub(super) fn standing(fetched: &Fetched, scopes: &[Scope], wanted: &str) -> Vec<(Scope, StackId)> {
    let of = |scope: &Scope| {
        let stacks = fetched
            .store
            .stacks(scope)
            .and_then(Slot::value)
            .unwrap_or_default();
        let found = stacks
            .iter()
            .find(|stack| stack.name.exact() == wanted || stack.id.exact() == wanted)?;
        Some((scope.clone(), found.id.clone()))
    };
    scopes.iter().filter_map(of).collect()
}

/// That there is no such stack can only be said when every region has answered.
pub(super) fn not_found(fetched: &Fetched, scopes: &[Scope], wanted: &str) -> Exit {
    if fetched.problems.is_empty() {
        output::say(&unknown(fetched, scopes, wanted));
        return Exit::Usage;
    }
    fetched.say_problems();
    output::say(&unasked("stack", wanted, fetched.problems.keys()));
    fetched.exit(scopes)
}

fn unknown(fetched: &Fetched, scopes: &[Scope], wanted: &str) -> String {
    let stacks = scopes.iter().flat_map(|scope| {
        fetched
            .store
            .stacks(scope)
            .and_then(Slot::value)
            .unwrap_or_default()
    });
    let names: BTreeSet<&str> = stacks.map(|stack| stack.name.exact()).collect();
    let (has_none, is_arn) = (names.is_empty(), wanted.starts_with("arn:"));
    let wanted = sanitise(wanted);
    match near(&wanted, names) {
        // An ARN means one stack and no other, however alike.
        Some(name) if !is_arn => format!(
            "There is no stack `{wanted}` here; did you mean `{}`?",
            sanitise(name)
        ),
        None if has_none => {
            format!("There is no stack `{wanted}`: no region that was asked has any.")
        }
        _ => format!("There is no stack `{wanted}` here."),
    }
}

/// Which events have been printed.
#[derive(Default)]
struct Told(BTreeSet<(Scope, Untrusted)>);

impl Told {
    fn tell(
        &mut self,
        session: &Session,
        scope: &Scope,
        event: &StackEvent,
        format: Format,
    ) -> io::Result<()> {
        if !self.0.insert((scope.clone(), event.id.clone())) {
            return Ok(());
        }
        match format {
            Format::Table => output::line(&line(session, scope, event)),
            Format::Json => output::line(&json::text(&object(scope, event))),
        }
    }
}

fn line(session: &Session, scope: &Scope, event: &StackEvent) -> String {
    let status = event.status.safe();
    let tone = tone(StackStatus::parse(event.status.exact()).phase());
    let reason = event
        .reason
        .as_ref()
        .map(|reason| reason.safe().into_owned())
        .unwrap_or_default();
    format!(
        "{}  {:<24} {:<28} {} {:<24} {reason}",
        event.at.to_rfc3339_opts(SecondsFormat::Secs, true),
        scope.to_string(),
        event.stack_name.safe(),
        session.output.painted(&format!("{status:<32}"), tone),
        event.logical.safe(),
    )
    .trim_end()
    .to_owned()
}

fn object(scope: &Scope, event: &StackEvent) -> Value {
    let exact = |text: &Option<Untrusted>| text.as_ref().map(|text| text.exact().to_owned());
    json!({
        "account": scope.account.as_str(),
        "region": scope.region().map(crate::domain::Region::as_str),
        "at": event.at.to_rfc3339(),
        "stack": event.stack_name.exact(),
        "stack_id": event.stack.exact(),
        "resource": event.logical.exact(),
        "physical_id": exact(&event.physical),
        "type": event.resource_type.exact(),
        "status": event.status.exact(),
        "reason": exact(&event.reason),
        "id": event.id.exact(),
    })
}

/// Says after the events which of them explains a failure.
fn causes(session: &Session, fetched: &Fetched, questions: &[(Topic, Scope)]) {
    for (topic, scope) in questions {
        let events = fetched
            .store
            .events(scope, topic)
            .and_then(Slot::value)
            .unwrap_or_default();
        let Some(cause) = topic.stack().and_then(|id| root_cause(id, events)) else {
            continue;
        };
        let reason = cause
            .reason
            .as_ref()
            .map_or_else(|| "no reason given".into(), Untrusted::safe);
        let cell = Cell {
            text: format!("Root cause in {scope}:"),
            tone: Tone::Bad,
        };
        output::say(&format!(
            "{} {} of {} is {}: {reason}",
            session.output.painted(&cell.text, cell.tone),
            cause.logical.safe(),
            cause.stack_name.safe(),
            cause.status.safe(),
        ));
    }
}

async fn go_on(
    session: &mut Session,
    questions: Vec<(Topic, Scope)>,
    mut told: Told,
    format: Format,
) -> io::Result<Exit> {
    let wish = |(topic, scope)| Wish {
        topic,
        scope,
        cadence: Cadence::Focused(CADENCE),
    };
    session
        .engine
        .submit(Request::Watch(questions.into_iter().map(wish).collect()))
        .await;
    let interrupted = tokio::signal::ctrl_c();
    tokio::pin!(interrupted);
    let mut glance = tokio::time::interval(GLANCE);
    loop {
        let update = tokio::select! {
            _ = &mut interrupted => return Ok(Exit::Done),
            // Nothing may happen for hours, and nobody would be there to read it.
            _ = glance.tick() => if output::is_abandoned() { return Ok(Exit::Done) } else { continue },
            update = session.updates.recv() => update,
        };
        match update {
            Some(Update::Attempt(attempt)) => match attempt.result {
                Ok(Reading::Events(mut events)) => {
                    events.sort_by_key(|event| event.at);
                    for event in &events {
                        told.tell(session, &attempt.scope, event, format)?;
                    }
                }
                Ok(_) => {}
                Err(problem) => output::say(&problem.to_string()),
            },
            Some(
                Update::Slept(_)
                | Update::Log(_, _)
                | Update::Query(_, _)
                | Update::Invoked(_, _, _, _)
                | Update::Spent(_)
                | Update::Measured(_)
                | Update::Sifted(_)
                | Update::Operation(_),
            ) => {}
            None => return Ok(Exit::Done),
        }
    }
}
