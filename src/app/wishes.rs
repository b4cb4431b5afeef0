//! What the app wants to be kept informed about, and how often.
//!
//! The cadences are the ones of the load plan: fast where somebody looks or something moves, slow elsewhere, so that
//! a fleet of 34 regions stays far below what AWS allows.

use super::detail::{Detail, Tab};
use super::editions::edition;
use super::lambda::Shown;
use super::stacks::Stacks;
use super::{App, View, alarms};
use crate::domain::{
    AccountName, Grain, Phase, RegionChoice, Scope, Slot, Stack, Subject, Topic, VersionRule,
};
use crate::engine::message::{Cadence, Wish};
use chrono::TimeDelta;

/// Stacks of a region that is on screen.
pub const STACKS: TimeDelta = TimeDelta::seconds(15);
/// Stacks of a region in which something moves, and the events of a stack that does.
pub const MOVING: TimeDelta = TimeDelta::seconds(5);
/// Stacks while nobody looks at the terminal.
pub const UNWATCHED: TimeDelta = TimeDelta::seconds(120);
/// Identity and the list of regions.
pub const ACCOUNT: TimeDelta = TimeDelta::seconds(3_600);
/// Pages of the detail that seldom change.
pub const SELDOM: TimeDelta = TimeDelta::seconds(60);
/// Which log groups there are, and what is meant by those that were chosen: some of it takes many calls.
pub const GROUPS: TimeDelta = TimeDelta::seconds(300);
/// Metrics that somebody looks at: CloudWatch has no finer ones of Lambda.
pub const METRICS: TimeDelta = TimeDelta::seconds(60);
/// Metrics of a view that is not open.
const METRICS_ELSEWHERE: TimeDelta = TimeDelta::seconds(300);
/// How long metrics that nobody looks at are kept.
const PAID_FOR: TimeDelta = TimeDelta::minutes(5);
/// After this long without a key, nobody is looking.
pub const IDLE: TimeDelta = TimeDelta::minutes(10);

/// The whole list, sorted.
pub(super) fn wishes(app: &App) -> Vec<Wish> {
    let mut wishes = Vec::new();
    for account in &app.fleet().accounts {
        let scope = Scope::global(&account.name);
        wishes.push(Wish {
            topic: Topic::Identity,
            scope: scope.clone(),
            cadence: identity_cadence(app, &account.name),
        });
        if matches!(account.regions, RegionChoice::Enabled { .. }) {
            wishes.push(Wish {
                topic: Topic::Regions,
                scope,
                cadence: Cadence::Background(ACCOUNT),
            });
        }
    }
    for scope in app.stacks().scopes() {
        wishes.push(Wish {
            topic: Topic::Stacks,
            scope: scope.clone(),
            cadence: stacks_cadence(app, scope),
        });
    }
    if app.fleet().version == VersionRule::Template
        && app.view() == View::Stacks
        && app.detail().is_none()
    {
        wishes.extend(templates(app, app.stacks()));
    }
    wishes.extend(app.detail().and_then(|detail| of_detail(app, detail)));
    wishes.extend(super::lambda::wishes::wishes(app));
    let questions = app.log_questions().into_iter();
    wishes.extend(questions.map(|(topic, scope)| Wish {
        topic,
        scope,
        cadence: Cadence::Background(GROUPS),
    }));
    wishes.extend(alarms::wishes(app));
    wishes.extend(super::accelerator::wishes::wishes(app));
    wishes.extend(totals(app));
    // The most urgent of several wishes for the same comes first, and stays.
    wishes.sort();
    wishes.dedup_by(|a, b| (&a.topic, &a.scope) == (&b.topic, &b.scope));
    wishes
}

/// Who we are changes with the keys: when those that were told have ended, there are others to tell of.
fn identity_cadence(app: &App, account: &AccountName) -> Cadence {
    let ends = app
        .store()
        .identity(account)
        .and_then(Slot::value)
        .and_then(|identity| identity.expires);
    match ends {
        Some(ends) if ends <= app.now() => Cadence::Background(SELDOM),
        Some(_) | None => Cadence::Background(ACCOUNT),
    }
}

/// How often the stacks of a scope are read now.
pub fn stacks_cadence(app: &App, scope: &Scope) -> Cadence {
    let stacks = app
        .store()
        .stacks(scope)
        .and_then(Slot::value)
        .unwrap_or_default();
    if !app.is_watched() {
        Cadence::Background(UNWATCHED)
    } else if stacks.iter().any(|stack| stack.status.phase().is_moving()) {
        Cadence::Focused(MOVING)
    } else {
        Cadence::Focused(STACKS)
    }
}

/// The metrics of all functions of a region as one, for the Fleet view and the totals of the Lambda view.
pub fn totals_topic() -> Topic {
    Topic::Metrics(Subject::Lambda, Grain::MINUTE)
}

/// How often they are read now; `None` where nobody looks: they cost money. The only rule, for every view.
fn totals_cadence(app: &App) -> Option<Cadence> {
    match app.view() {
        _ if !app.is_watched() => None,
        View::Fleet => Some(Cadence::Focused(METRICS)),
        View::Lambda if app.lambda().shown == Shown::Account && app.function().is_none() => {
            Some(Cadence::Focused(METRICS))
        }
        View::Stacks
        | View::Lambda
        | View::Logs
        | View::Accelerator
        | View::Operations
        | View::Alarms => Some(Cadence::Background(METRICS_ELSEWHERE)),
    }
}

/// How old they may be before they are called old. Where nobody asks, that is as where it is asked seldom.
pub fn totals_period(app: &App) -> TimeDelta {
    let cadence = totals_cadence(app);
    cadence
        .and_then(Cadence::period)
        .unwrap_or(METRICS_ELSEWHERE)
}

fn totals(app: &App) -> impl Iterator<Item = Wish> + '_ {
    let cadence = totals_cadence(app).into_iter();
    cadence.flat_map(|cadence| {
        let scopes = app.stacks().scopes().iter();
        scopes.map(move |scope| Wish {
            topic: totals_topic(),
            scope: scope.clone(),
            cadence,
        })
    })
}

/// Whether an answer is kept although nobody asks for it now: what is no longer read grows old on screen, and does not
/// vanish from it.
pub(super) fn keeps(app: &App, scope: &Scope, topic: &Topic) -> bool {
    *topic == totals_topic()
        || is_recent(app, scope, topic)
        || alarms::keeps(app.store(), scope, topic)
        || super::accelerator::wishes::keeps(app.view(), topic)
}

/// Whether metrics were paid for not long ago: whoever comes back to them finds them, and pays nothing.
fn is_recent(app: &App, scope: &Scope, topic: &Topic) -> bool {
    let good = || app.store().metrics(scope, topic)?.good();
    matches!(topic, Topic::Metrics(_, _))
        && good().is_some_and(|good| app.now() - good.at < PAID_FOR)
}

/// The templates that tell the versions of the rows on screen, as far as they are not known.
fn templates<'a>(app: &'a App, stacks: &'a Stacks) -> impl Iterator<Item = Wish> + 'a {
    let window = app.viewport().list;
    let visible = stacks
        .rows()
        .iter()
        .skip(window.first)
        .take(window.size.max(1));
    visible
        .flat_map(|row| row.cells.iter().flatten())
        .filter_map(move |cell| {
            let scope = &stacks.scopes()[cell.place.scope];
            let stack = stacks.stack(app.store(), cell.place)?;
            (stack.status.phase() != Phase::Review && !template_is_known(app, scope, stack)).then(
                || Wish {
                    topic: Topic::Template(stack.id.clone()),
                    scope: scope.clone(),
                    cadence: Cadence::Once,
                },
            )
        })
}

/// Whether the template was read for the stack as it is now.
fn template_is_known(app: &App, scope: &Scope, stack: &Stack) -> bool {
    app.editions.is_read(scope, &stack.id, Some(edition(stack)))
}

fn of_detail(app: &App, detail: &Detail) -> Option<Wish> {
    let (topic, scope) = (detail.topic()?, &detail.scope);
    if detail.tab() == Tab::Template {
        let now = detail.stack(app.store()).map(edition);
        // To tell a version its fingerprint was enough; here it is read.
        let has_text = app
            .store()
            .template(scope, &topic)
            .is_some_and(|slot| slot.value().is_some());
        if has_text && app.editions.is_read(scope, &detail.id, now) {
            return None;
        }
    }
    Some(Wish {
        topic,
        scope: scope.clone(),
        cadence: detail_cadence(app, detail)?,
    })
}

/// How often the open page of a detail is read now; `None` where it comes with the list of stacks.
pub fn detail_cadence(app: &App, detail: &Detail) -> Option<Cadence> {
    let stack = detail.stack(app.store());
    // What the list does not have yet was just created, what it has no longer was just deleted: taken to move.
    let is_moving = stack.is_none_or(|stack| stack.status.phase().is_moving());
    Some(match detail.tab() {
        Tab::Outputs | Tab::Parameters => return None,
        Tab::Template => Cadence::Once,
        Tab::Events | Tab::Resources | Tab::ChangeSets | Tab::Drift if !app.is_watched() => {
            Cadence::Background(UNWATCHED)
        }
        Tab::Events | Tab::Resources if is_moving => Cadence::Focused(MOVING),
        Tab::Events | Tab::Resources => Cadence::Focused(STACKS),
        Tab::ChangeSets | Tab::Drift => Cadence::Focused(SELDOM),
    })
}
