//! `quarterdeck stacks`: every stack of every region, as a table or as JSON lines.

use super::fetch::{Fetched, nowhere};
use super::output;
use super::output::{Cell, Format, Tone};
use super::{Exit, Session};
use crate::command::nearest;
use crate::domain::json;
use crate::domain::scope::glob_matches;
use crate::domain::time::words;
use crate::domain::untrusted::sanitise;
use crate::domain::{Phase, Scope, Slot, Stack, StackStatus, Topic, Untrusted, VersionRule};
use serde_json::{Map, Value, json};
use std::io;

/// Whether stacks inside stacks are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nested {
    Hidden,
    Shown,
}

/// Whether a template is asked for where only its hash tells the version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fingerprints {
    /// One call for each stack, at the pace that AWS allows.
    Asked,
    Spared,
}

/// Which stacks, and how much of them.
pub(super) struct Wanted<'a> {
    pub(super) statuses: &'a [String],
    pub(super) nested: Nested,
    pub(super) fingerprints: Fingerprints,
}

pub(super) async fn run(
    session: &mut Session,
    asked: &Wanted<'_>,
    format: Format,
) -> io::Result<Exit> {
    if let Some(word) = asked.statuses.iter().find(|word| !is_known(word)) {
        output::say(&unknown_status(word));
        return Ok(Exit::Usage);
    }
    let mut fetched = Fetched::default();
    let scopes = fetched.stacks(session).await;
    if scopes.is_empty() {
        output::say(&nowhere(&session.fleet));
        return Ok(Exit::Usage);
    }
    let wanted = |stack: &Stack| asked.includes(stack);
    let rule = session.fleet.version.clone();
    if rule == VersionRule::Template && asked.fingerprints == Fingerprints::Asked {
        let stacks = listed(&fetched, &scopes, &wanted);
        let templates = stacks
            .map(|(scope, stack)| (Topic::Template(stack.id.clone()), scope.clone()))
            .collect();
        let problems = fetched.problems.clone();
        fetched.ask(session, templates).await;
        // A version that cannot be told is a gap in a column, not a failure of the list.
        fetched.problems = problems;
    }
    let mut rows: Vec<(&Scope, &Stack)> = listed(&fetched, &scopes, &wanted).collect();
    rows.sort_by(|a, b| {
        (a.1.status.phase().min(Phase::Settled), &a.1.name, a.0).cmp(&(
            b.1.status.phase().min(Phase::Settled),
            &b.1.name,
            b.0,
        ))
    });
    match format {
        Format::Table => table(session, &fetched, &rows, &rule)?,
        Format::Json => {
            for (scope, stack) in &rows {
                output::line(&json::text(&object(&fetched, scope, stack, &rule)))?;
            }
        }
    }
    fetched.say_problems();
    Ok(fetched.exit(&scopes))
}

fn listed<'f>(
    fetched: &'f Fetched,
    scopes: &'f [Scope],
    wanted: &'f impl Fn(&Stack) -> bool,
) -> impl Iterator<Item = (&'f Scope, &'f Stack)> {
    let of = |scope: &'f Scope| {
        fetched
            .store
            .stacks(scope)
            .and_then(Slot::value)
            .unwrap_or_default()
    };
    scopes
        .iter()
        .flat_map(move |scope| of(scope).iter().map(move |stack| (scope, stack)))
        .filter(|(_, stack)| wanted(stack))
}

impl Wanted<'_> {
    fn includes(&self, stack: &Stack) -> bool {
        (self.nested == Nested::Shown || stack.parent.is_none())
            && (self.statuses.is_empty()
                || self
                    .statuses
                    .iter()
                    .any(|wanted| fits(&stack.status, wanted)))
    }
}

/// `--status` takes AWS's words, globs of them, and the words of our own phases.
fn fits(status: &StackStatus, wanted: &str) -> bool {
    glob_matches(&wanted.to_uppercase(), status.as_str())
        || phase(status.phase()) == wanted.to_lowercase()
}

/// Whether any status could be meant. An empty list because of a typing error looks like good news.
fn is_known(wanted: &str) -> bool {
    StackStatus::ALL.iter().any(|status| fits(status, wanted))
        || wanted.eq_ignore_ascii_case(phase(Phase::Unknown))
}

fn unknown_status(wanted: &str) -> String {
    let words = StackStatus::ALL.iter().map(StackStatus::as_str);
    let phases = StackStatus::ALL.iter().map(|status| phase(status.phase()));
    let wanted = sanitise(wanted);
    match nearest(&wanted, words.chain(phases)) {
        Some(near) => format!("There is no status `{wanted}`; did you mean `{near}`?"),
        None => format!("There is no status `{wanted}`."),
    }
}

pub(super) fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Failed => "failed",
        Phase::RollingBack => "rolling-back",
        Phase::RolledBack => "rolled-back",
        Phase::Moving => "moving",
        Phase::Unknown => "unknown",
        Phase::Review => "review",
        Phase::Settled => "ok",
        Phase::Gone => "deleted",
    }
}

pub(super) fn tone(phase: Phase) -> Tone {
    match phase {
        Phase::Failed | Phase::RolledBack => Tone::Bad,
        Phase::Moving | Phase::RollingBack => Tone::Moving,
        Phase::Settled => Tone::Well,
        Phase::Unknown => Tone::Plain,
        Phase::Review | Phase::Gone => Tone::Quiet,
    }
}

fn table(
    session: &Session,
    fetched: &Fetched,
    rows: &[(&Scope, &Stack)],
    rule: &VersionRule,
) -> io::Result<()> {
    let now = session.clock.now();
    let rows: Vec<_> = rows
        .iter()
        .map(|(scope, stack)| {
            [
                Cell::plain(stack.name.safe()),
                Cell::plain(scope.account.as_str()),
                Cell::plain(scope.region().map_or("", crate::domain::Region::as_str)),
                Cell {
                    text: stack.status.to_string(),
                    tone: tone(stack.status.phase()),
                },
                Cell::plain(
                    fetched
                        .store
                        .version_of(scope, stack, rule)
                        .unwrap_or_else(|| "-".into()),
                ),
                Cell::plain(format!("{} ago", words(now - stack.touched()))),
                Cell {
                    text: stack
                        .reason
                        .as_ref()
                        .map(|reason| reason.safe().into_owned())
                        .unwrap_or_default(),
                    tone: Tone::Quiet,
                },
            ]
        })
        .collect();
    session.output.table(
        &[
            "STACK", "ACCOUNT", "REGION", "STATUS", "VERSION", "CHANGED", "REASON",
        ],
        &rows,
    )
}

/// The stack as a JSON object. Escapes make every text harmless, so it is the exact one.
fn object(fetched: &Fetched, scope: &Scope, stack: &Stack, rule: &VersionRule) -> Value {
    let exact = |text: &Option<Untrusted>| text.as_ref().map(|text| text.exact().to_owned());
    let tags: Map<String, Value> = stack
        .tags
        .iter()
        .map(|tag| (tag.key.exact().into(), tag.value.exact().into()))
        .collect();
    let outputs: Map<String, Value> = stack
        .outputs
        .iter()
        .map(|output| (output.key.exact().into(), output.value.exact().into()))
        .collect();
    let parameters: Map<String, Value> = stack
        .parameters
        .iter()
        .map(|parameter| (parameter.key.exact().into(), parameter.value.exact().into()))
        .collect();
    json!({
        "account": scope.account.as_str(),
        "region": scope.region().map(crate::domain::Region::as_str),
        "name": stack.name.exact(),
        "status": stack.status.as_str(),
        "phase": phase(stack.status.phase()),
        "created": stack.created.to_rfc3339(),
        "updated": stack.updated.map(|at| at.to_rfc3339()),
        "version": fetched.store.version_of(scope, stack, rule),
        "id": stack.id.exact(),
        "parent": stack.parent.as_ref().map(crate::domain::StackId::exact),
        "description": exact(&stack.description),
        "reason": exact(&stack.reason),
        "drift": stack.drift.words(),
        "tags": tags,
        "parameters": parameters,
        "outputs": outputs,
    })
}
