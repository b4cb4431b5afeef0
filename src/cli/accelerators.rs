//! `quarterdeck accelerators`: every accelerator of the fleet, a line for each endpoint group.
//!
//! Global Accelerator has one control plane for all regions, so each account is asked once, whatever regions the fleet
//! has; `-r` leaves groups of other regions out.

use super::endpoints::{self, Branch, Regions, exact, listeners};
use super::fetch::Fetched;
use super::output::{self, Cell, Format, Tone};
use super::{Exit, Session};
use crate::domain::accelerator::Switch;
use crate::domain::json;
use crate::domain::{
    Accelerator, AcceleratorStatus, Attachment, Endpoint, EndpointGroup, GroupHealth, Health,
    HealthCheck, Listener, Routing, Scope, Slot, Topic, Untrusted,
};
use clap::ArgMatches;
use serde_json::{Value, json};
use std::io;

/// Which of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedAccelerators {
    regions: Regions,
}

pub(super) fn by_verb(matches: &ArgMatches) -> WantedAccelerators {
    WantedAccelerators {
        regions: Regions::by_verb(matches),
    }
}

pub(super) async fn run(
    session: &mut Session,
    wanted: &WantedAccelerators,
    format: Format,
) -> io::Result<Exit> {
    let mut fetched = Fetched::default();
    let mut questions = endpoints::survey(&mut fetched, session).await;
    if format == Format::Json {
        let accounts = session.fleet.accounts.iter();
        let attachments: Vec<_> = accounts
            .map(|account| (Topic::Attachments, Scope::global(&account.name)))
            .collect();
        // An answer about attachments says nothing of what else failed in the same account.
        let problems = std::mem::take(&mut fetched.problems);
        fetched.ask(session, attachments.clone()).await;
        for (scope, problem) in problems {
            fetched.problems.insert(scope, problem);
        }
        questions.extend(attachments);
    }
    let branches = endpoints::branches(&fetched.store, &questions, &wanted.regions);
    match format {
        Format::Table if branches.is_empty() => {}
        Format::Table => table(session, &fetched, &branches)?,
        Format::Json => lines(&fetched, &questions, &wanted.regions)?,
    }
    fetched.say_problems();
    let exit = endpoints::exit(&fetched, &questions);
    let mut any = endpoints::accelerators(&fetched.store, &questions);
    if exit == Exit::Done && any.next().is_none() {
        let lists = questions
            .iter()
            .filter(|(it, _)| *it == Topic::Accelerators);
        let lists: Vec<_> = lists.cloned().collect();
        output::say(&endpoints::none(&lists));
    }
    Ok(exit)
}

fn table(session: &Session, fetched: &Fetched, branches: &[Branch<'_>]) -> io::Result<()> {
    let rows: Vec<_> = branches
        .iter()
        .map(|branch| {
            let listener = branch.listener.map_or_else(|| "-".into(), Listener::words);
            let [region, dial, healthy] = group_cells(branch.group);
            [
                Cell::plain(branch.accelerator.name.safe()),
                Cell::plain(branch.scope.account.as_str()),
                status(branch.accelerator),
                Cell::plain(listener),
                region,
                dial,
                healthy,
                roll_up(fetched, branch),
            ]
        })
        .collect();
    session.output.table(
        &[
            "ACCELERATOR",
            "ACCOUNT",
            "STATUS",
            "LISTENER",
            "REGION",
            "DIAL",
            "HEALTHY",
            "HEALTH",
        ],
        &rows,
    )
}

fn group_cells(group: Option<&EndpointGroup>) -> [Cell; 3] {
    let Some(group) = group else {
        return ["-", "-", "-"].map(Cell::quiet);
    };
    let (healthy, all) = group.counts();
    let healthy = match group.health() {
        GroupHealth::Unchecked => Cell::quiet(format!("-/{all}")),
        _ => Cell::plain(format!("{healthy}/{all}")),
    };
    let dial = match group.check {
        // Custom routing has none.
        None => Cell::quiet("-"),
        Some(_) => Cell::plain(format!("{} %", group.dial)),
    };
    [Cell::plain(group.region.safe()), dial, healthy]
}

fn status(accelerator: &Accelerator) -> Cell {
    match (accelerator.switch, &accelerator.status) {
        (Switch::Disabled, _) => Cell::quiet("disabled"),
        (Switch::Enabled, AcceleratorStatus::Deployed) => Cell::plain("DEPLOYED"),
        (Switch::Enabled, AcceleratorStatus::InProgress) => Cell::of("IN_PROGRESS", Tone::Moving),
        (Switch::Enabled, AcceleratorStatus::Other(word)) => Cell::plain(word.safe()),
    }
}

/// How a group stands; where there is none, why.
fn roll_up(fetched: &Fetched, branch: &Branch<'_>) -> Cell {
    let Some(group) = branch.group else {
        let topic = Topic::Listeners(branch.accelerator.arn.clone(), branch.accelerator.routing);
        let question = (topic, branch.scope.clone());
        return match (endpoints::unanswered(fetched, &question), branch.listener) {
            (Some(problem), _) => Cell::of(format!("? {}", problem.brief()), Tone::Bad),
            (None, None) => Cell::quiet("no listener"),
            (None, Some(_)) => Cell::quiet("no endpoint group"),
        };
    };
    match group.health() {
        GroupHealth::Down if branch.listener.is_some_and(Listener::fails_open) => {
            Cell::of("down, FAIL-OPEN", Tone::Bad)
        }
        GroupHealth::Down => Cell::of(word(GroupHealth::Down), Tone::Bad),
        GroupHealth::Empty => Cell::of("no endpoint registered", Tone::Bad),
        health @ (GroupHealth::Degraded | GroupHealth::Starting) => {
            Cell::of(word(health), Tone::Moving)
        }
        GroupHealth::Healthy => Cell::of(word(GroupHealth::Healthy), Tone::Well),
        GroupHealth::Unchecked => Cell::quiet("custom routing: not checked"),
    }
}

fn word(health: GroupHealth) -> &'static str {
    match health {
        GroupHealth::Down => "down",
        GroupHealth::Empty => "empty",
        GroupHealth::Degraded => "degraded",
        GroupHealth::Starting => "starting",
        GroupHealth::Healthy => "healthy",
        GroupHealth::Unchecked => "unchecked",
    }
}

/// A JSON object for each accelerator, then one for each attachment. Escapes make every text harmless, so all is exact.
fn lines(
    fetched: &Fetched,
    questions: &[endpoints::Question],
    regions: &Regions,
) -> io::Result<()> {
    for (scope, accelerator) in endpoints::accelerators(&fetched.store, questions) {
        output::line(&json::text(&object(fetched, scope, accelerator, regions)))?;
    }
    for (_, scope) in questions.iter().filter(|(it, _)| *it == Topic::Attachments) {
        let slot = fetched.store.attachments(&scope.account);
        for attachment in slot.and_then(Slot::value).unwrap_or_default() {
            output::line(&json::text(&attached(scope, attachment)))?;
        }
    }
    Ok(())
}

fn object(fetched: &Fetched, scope: &Scope, accelerator: &Accelerator, regions: &Regions) -> Value {
    let topic = Topic::Listeners(accelerator.arn.clone(), accelerator.routing);
    let is_read = endpoints::unanswered(fetched, &(topic, scope.clone())).is_none();
    let listeners: Vec<Value> = listeners(&fetched.store, scope, accelerator)
        .iter()
        .map(|listener| listening(listener, regions))
        .collect();
    json!({
        "kind": "accelerator",
        "account": scope.account.as_str(),
        "name": accelerator.name.exact(),
        "arn": accelerator.arn.exact(),
        "routing": match accelerator.routing {
            Routing::Standard => "standard",
            Routing::Custom => "custom",
        },
        "status": match &accelerator.status {
            AcceleratorStatus::Deployed => "DEPLOYED",
            AcceleratorStatus::InProgress => "IN_PROGRESS",
            AcceleratorStatus::Other(word) => word.exact(),
        },
        "enabled": accelerator.switch == Switch::Enabled,
        "addresses": texts(&accelerator.addresses),
        "dns": exact(accelerator.dns.as_ref()),
        "dual_stack_dns": exact(accelerator.dual_stack_dns.as_ref()),
        "created": accelerator.created.map(|at| at.to_rfc3339()),
        "modified": accelerator.modified.map(|at| at.to_rfc3339()),
        // What could not be read is not the same as none.
        "listeners": is_read.then_some(listeners),
    })
}

fn listening(listener: &Listener, regions: &Regions) -> Value {
    let groups = listener.groups.iter().filter(|it| regions.include(it));
    json!({
        "arn": listener.arn.exact(),
        "protocol": exact(listener.protocol.as_ref()),
        "ports": listener.ports,
        "affinity": exact(listener.affinity.as_ref()),
        "fails_open": listener.fails_open(),
        "groups": groups.map(grouped).collect::<Vec<_>>(),
    })
}

fn grouped(group: &EndpointGroup) -> Value {
    let (healthy, all) = group.counts();
    json!({
        "arn": group.arn.exact(),
        "region": group.region.exact(),
        "dial": group.check.as_ref().map(|_| group.dial),
        "health": word(group.health()),
        "healthy": healthy,
        "count": all,
        "check": group.check.as_ref().map(checked),
        "port_overrides": group.overrides,
        "endpoints": group.endpoints.iter().map(|it| ending(group, it)).collect::<Vec<_>>(),
    })
}

fn checked(check: &HealthCheck) -> Value {
    json!({
        "protocol": check.protocol.exact(),
        "port": check.port,
        "path": exact(check.path.as_ref()),
        "interval": check.interval,
        "threshold": check.threshold,
    })
}

fn ending(group: &EndpointGroup, endpoint: &Endpoint) -> Value {
    json!({
        "id": endpoint.id.exact(),
        "type": endpoint.kind.words(),
        "name": endpoint.name().exact(),
        "weight": endpoint.weight,
        "share": group.share(endpoint),
        "health": health_word(&endpoint.health),
        "preserves_client_ip": endpoint.preserves_client_ip,
    })
}

/// AWS's own word as it came; none where nothing is checked.
pub(super) fn health_word(health: &Health) -> Option<&str> {
    match health {
        Health::Healthy => Some("HEALTHY"),
        Health::Unhealthy => Some("UNHEALTHY"),
        Health::Initial => Some("INITIAL"),
        Health::Other(word) => Some(word.exact()),
        Health::Unchecked => None,
    }
}

fn attached(scope: &Scope, attachment: &Attachment) -> Value {
    json!({
        "kind": "attachment",
        "account": scope.account.as_str(),
        "name": attachment.name.exact(),
        "arn": attachment.arn.exact(),
        "principals": texts(&attachment.principals),
        "resources": texts(&attachment.resources),
    })
}

fn texts(texts: &[Untrusted]) -> Vec<&str> {
    texts.iter().map(Untrusted::exact).collect()
}
