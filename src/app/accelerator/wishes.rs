//! What the Accelerator view wants to be kept informed about, and how often.
//!
//! The control plane answers for every region from one place and publishes no rate, so a round through all endpoint
//! groups is as slow as it must be to stay at [`PACE`]; ages and staleness are told by that round.

use super::home::Home;
use super::row::{Found, listeners, topic};
use super::{About, AcceleratorView, Chain, Link, Spot};
use crate::app::overlay::Overlay;
use crate::app::wishes::{METRICS, UNWATCHED};
use crate::app::{App, View};
use crate::domain::{
    Accelerator, AcceleratorArn, AcceleratorStatus, AccountName, Grain, Health, Listener, Project,
    Region, Routing, Scope, Slot, Store, Subject, Switch, Topic, Untrusted,
};
use crate::engine::message::{Cadence, Wish};
use chrono::TimeDelta;

/// Health, while the view is open.
pub const FOCUSED: TimeDelta = TimeDelta::seconds(15);
/// Health, while another view is.
pub const BACKGROUND: TimeDelta = TimeDelta::seconds(30);
/// Which accelerators there are, attachments, and what has no health.
pub const TOPOLOGY: TimeDelta = TimeDelta::seconds(300);
/// Calls in ten seconds that all accounts together may take.
const PACE: u32 = 15;
/// Balancers that are asked at the same time: more than any screen shows.
const BALANCERS_AT_MOST: usize = 48;
/// Groups whose flows are looked at; each costs money.
const CHARTED_AT_MOST: usize = 40;
/// The region that has the metrics of all accelerators.
pub const METRICS_REGION: &str = "us-west-2";

/// How long so many calls take at the pace that we keep.
pub(super) fn round(calls: u32) -> TimeDelta {
    TimeDelta::seconds(i64::from((calls * 10).div_ceil(PACE)))
}

/// Whether its endpoints have a health that may change.
pub fn is_judged(accelerator: &Accelerator) -> bool {
    accelerator.routing == Routing::Standard && accelerator.switch == Switch::Enabled
}

/// How often the list of accelerators is read.
pub fn accelerators_cadence(app: &App, account: &AccountName) -> Cadence {
    let known = app.store().accelerators(account).and_then(Slot::value);
    let moves = |it: &Accelerator| it.status == AcceleratorStatus::InProgress;
    if known.unwrap_or_default().iter().any(moves) && app.is_watched() {
        Cadence::Focused(FOCUSED)
    } else {
        Cadence::Background(TOPOLOGY)
    }
}

/// How often the endpoint groups of an accelerator are read.
pub fn listeners_cadence(app: &App, accelerator: &Accelerator) -> Cadence {
    if !is_judged(accelerator) {
        return Cadence::Background(TOPOLOGY);
    }
    let round = app.accelerator().round.unwrap_or_default();
    match app.view() {
        _ if !app.is_watched() => Cadence::Background(UNWATCHED.max(round)),
        View::Accelerator => Cadence::Focused(FOCUSED.max(round)),
        View::Fleet
        | View::Stacks
        | View::Lambda
        | View::Logs
        | View::Operations
        | View::Alarms => Cadence::Background(BACKGROUND.max(round)),
    }
}

/// The question for what goes through an accelerator, or one group of it.
pub fn flows_topic(
    accelerator: &AcceleratorArn,
    group: Option<(&AcceleratorArn, &Untrusted)>,
) -> Topic {
    let group = group.map(|(listener, region)| (Untrusted::new(listener.id()), region.clone()));
    let accelerator = Untrusted::new(accelerator.id());
    Topic::Metrics(Subject::Flows { accelerator, group }, Grain::MINUTE)
}

/// Where it is asked.
pub fn flows_scope(account: &AccountName) -> Scope {
    Scope::regional(account, &Region::new(METRICS_REGION))
}

/// The wishes of the accelerators, of every view.
pub(in crate::app) fn wishes(app: &App) -> Vec<Wish> {
    let (view, store) = (app.accelerator(), app.store());
    let mut wishes = Vec::new();
    for account in view.accounts() {
        let scope = Scope::global(account);
        wishes.push(Wish {
            topic: Topic::Accelerators,
            scope: scope.clone(),
            cadence: accelerators_cadence(app, account),
        });
        let known = store.accelerators(account).and_then(Slot::value);
        wishes.extend(known.unwrap_or_default().iter().map(|accelerator| Wish {
            topic: topic(accelerator),
            scope: scope.clone(),
            cadence: listeners_cadence(app, accelerator),
        }));
    }
    if !app.is_watched() {
        return wishes;
    }
    if app.is_map_open() {
        wishes.extend(of_map(view, store));
    }
    if app.view() == View::Accelerator {
        wishes.extend(view.accounts().iter().map(|account| Wish {
            topic: Topic::Attachments,
            scope: Scope::global(account),
            cadence: Cadence::Background(TOPOLOGY),
        }));
        wishes.extend(view.projects.iter().map(|(scope, topic)| Wish {
            topic: topic.clone(),
            scope: scope.clone(),
            cadence: Cadence::Background(TOPOLOGY),
        }));
        wishes.extend(flows(app));
        wishes.extend(balancers(app));
        wishes.extend(of_projects(app));
        wishes.extend(
            view.chain()
                .into_iter()
                .flat_map(|chain| of_chain(app, chain)),
        );
    }
    wishes
}

/// What goes through the accelerators on screen, and through the groups of the selected one.
fn flows(app: &App) -> Vec<Wish> {
    let (view, store) = (app.accelerator(), app.store());
    let window = app.viewport().list;
    let rows = view.rows().iter().skip(window.first).take(window.size);
    let visible = rows.filter(|row| matches!(row.spot, Spot::Accelerator(_)));
    let mut topics: Vec<(AccountName, Topic)> = visible
        .filter_map(|row| {
            let found = row.found(store)?;
            let flows = flows_topic(&found.accelerator.arn, None);
            is_judged(found.accelerator).then(|| (row.account.clone(), flows))
        })
        .collect();
    let selected = view.selected();
    if let Some((row, found)) = selected.and_then(|row| Some((row, row.found(store)?))) {
        let arn = &found.accelerator.arn;
        if is_judged(found.accelerator) {
            topics.push((row.account.clone(), flows_topic(arn, None)));
            let listeners = listeners(store, &row.account, found.accelerator).unwrap_or_default();
            let groups = of_groups(arn, listeners).take(CHARTED_AT_MOST);
            topics.extend(groups.map(|topic| (row.account.clone(), topic)));
        }
    }
    topics.into_iter().map(metrics).collect()
}

fn of_groups<'a>(
    accelerator: &'a AcceleratorArn,
    listeners: &'a [Listener],
) -> impl Iterator<Item = Topic> + 'a {
    listeners.iter().flat_map(move |listener| {
        let groups = listener.groups.iter();
        groups.map(move |group| flows_topic(accelerator, Some((&listener.arn, &group.region))))
    })
}

fn metrics((account, topic): (AccountName, Topic)) -> Wish {
    Wish {
        topic,
        scope: flows_scope(&account),
        cadence: Cadence::Focused(METRICS),
    }
}

/// What goes into each region, for the map.
fn of_map(view: &AcceleratorView, store: &Store) -> Vec<Wish> {
    let mut topics = Vec::new();
    for account in view.accounts() {
        let known = store.accelerators(account).and_then(Slot::value);
        for accelerator in known.unwrap_or_default().iter().filter(|it| is_judged(it)) {
            let listeners = listeners(store, account, accelerator).unwrap_or_default();
            let groups = of_groups(&accelerator.arn, listeners);
            topics.extend(groups.map(|topic| (account.clone(), topic)));
        }
    }
    topics.truncate(CHARTED_AT_MOST);
    topics.into_iter().map(metrics).collect()
}

/// The balancers of the projects' accelerators, while somebody reads what does not fit.
fn of_projects(app: &App) -> Vec<Wish> {
    let (view, store) = (app.accelerator(), app.store());
    let is_read = |overlay: &Overlay| matches!(overlay, Overlay::Brief(brief) if matches!(brief.about, About::Findings(_)));
    if !app.overlays().iter().any(is_read) {
        return Vec::new();
    }
    let mut wishes = Vec::new();
    for account in view.accounts() {
        let projects = Project::all(store, account);
        let known = store.accelerators(account).and_then(Slot::value);
        let known = known.unwrap_or_default().iter();
        for accelerator in known.filter(|it| projects.iter().any(|project| project.owns(it))) {
            for listener in listeners(store, account, accelerator).unwrap_or_default() {
                for group in &listener.groups {
                    wishes.extend(group.endpoints.iter().filter_map(|endpoint| {
                        let found = Found {
                            accelerator,
                            listener: Some(listener),
                            group: Some(group),
                            endpoint: Some(endpoint),
                        };
                        balancer(app, account, &found)
                    }));
                }
            }
        }
    }
    wishes.truncate(BALANCERS_AT_MOST);
    wishes
}

/// The balancers on screen that are not healthy, the selected one, and the open one.
fn balancers(app: &App) -> Vec<Wish> {
    let (view, store) = (app.accelerator(), app.store());
    let window = app.viewport().list;
    let rows = view.rows().iter().skip(window.first).take(window.size);
    let ill = rows.filter(|row| {
        let endpoint = row.found(store).and_then(|found| found.endpoint);
        endpoint.is_some_and(|it| !matches!(it.health, Health::Healthy | Health::Unchecked))
    });
    let asked = view.selected().into_iter().chain(ill);
    let mut wishes: Vec<Wish> = asked
        .filter_map(|row| balancer(app, &row.account, &row.found(store)?))
        .take(BALANCERS_AT_MOST)
        .collect();
    wishes.extend(
        view.chain()
            .and_then(|chain| balancer(app, &chain.account, &chain.found(store)?)),
    );
    wishes
}

fn balancer(app: &App, account: &AccountName, found: &Found<'_>) -> Option<Wish> {
    let (group, endpoint) = (found.group?, found.endpoint?);
    if !endpoint.kind.is_balancer() {
        return None;
    }
    let home = Home::of((app.fleet(), app.store()), account, (group, endpoint));
    Some(Wish {
        topic: Topic::Balancer(endpoint.id.clone()),
        scope: home.scope()?.clone(),
        cadence: Cadence::Focused(FOCUSED),
    })
}

/// Who made what the endpoint is, and where what answers behind it writes to.
fn of_chain(app: &App, chain: &Chain) -> Vec<Wish> {
    let Some(scope) = chain.home(app.fleet(), app.store()) else {
        return Vec::new();
    };
    let once = |topic| Wish {
        topic,
        scope: scope.clone(),
        cadence: Cadence::Once,
    };
    let mut wishes = vec![once(chain.owner_topic())];
    wishes.extend(chain.links().iter().filter_map(|link| match link {
        Link::FunctionLog(name) => Some(once(Topic::FunctionLog(name.clone()))),
        Link::Verdict
        | Link::Judge
        | Link::Attachment
        | Link::Balancer
        | Link::Targets(_)
        | Link::Target(..)
        | Link::Stack
        | Link::StackLog => None,
    }));
    wishes
}

/// Whether an answer changes nothing but what is shown of accelerators.
pub(in crate::app) fn is_ours(topic: &Topic) -> bool {
    matches!(
        topic,
        Topic::Accelerators
            | Topic::Listeners(_, _)
            | Topic::Attachments
            | Topic::Balancer(_)
            | Topic::Parameters(_)
            | Topic::Metrics(Subject::Flows { .. }, _)
    )
}

/// Whether flows are kept although nobody asks for them now: what was paid for is not forgotten by scrolling.
pub(in crate::app) fn keeps(app_view: View, topic: &Topic) -> bool {
    matches!(topic, Topic::Metrics(Subject::Flows { .. }, _))
        && matches!(app_view, View::Accelerator | View::Fleet)
}
