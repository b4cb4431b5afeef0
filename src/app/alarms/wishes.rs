//! What the Alarms view wants to be kept informed about, and how often.
//!
//! Alarms are free to read; metrics are not. Only the metrics of alarms that may be blind are looked at, only while
//! somebody looks at the alarms, and seldom.

use super::row::{Row, named};
use super::{AlarmsView, chart_topic};
use crate::app::{App, View};
use crate::domain::alarm::Standing;
use crate::domain::{Alarm, Scope, Slot, Store, Subject, Topic};
use crate::engine::message::{Cadence, Wish};
use chrono::TimeDelta;

/// While a view shows them.
pub const FOCUSED: TimeDelta = TimeDelta::seconds(60);
/// While another view is open.
const BACKGROUND: TimeDelta = TimeDelta::seconds(180);
/// While nobody looks at the terminal.
const UNWATCHED: TimeDelta = TimeDelta::seconds(600);
/// Whether an alarm sees anything seldom changes, and asking costs money.
const SIGHT: TimeDelta = TimeDelta::seconds(900);

/// How often alarms are read now.
pub fn cadence(app: &App) -> Cadence {
    match app.view() {
        _ if !app.is_watched() => Cadence::Background(UNWATCHED),
        View::Fleet | View::Lambda | View::Alarms => Cadence::Focused(FOCUSED),
        View::Stacks | View::Logs | View::Accelerator | View::Operations => {
            Cadence::Background(BACKGROUND)
        }
    }
}

/// The wishes of the alarms, of every view.
pub(in crate::app) fn wishes(app: &App) -> Vec<Wish> {
    let (view, store) = (app.alarms(), app.store());
    let mut wishes: Vec<Wish> = app
        .stacks()
        .scopes()
        .iter()
        .map(|scope| Wish {
            topic: Topic::Alarms,
            scope: scope.clone(),
            cadence: cadence(app),
        })
        .collect();
    // The Fleet view counts those that see nothing, so it has to know.
    if !matches!(app.view(), View::Fleet | View::Alarms) || !app.is_watched() {
        return wishes;
    }
    for scope in view.scopes() {
        let alarms = store.alarms(scope).and_then(Slot::value);
        let doubted = alarms.unwrap_or_default().iter();
        let doubted = doubted.filter(|alarm| alarm.may_be_blind());
        wishes.extend(doubted.filter_map(|alarm| sight(scope, alarm)));
    }
    if app.view() == View::Fleet {
        return wishes;
    }
    if let Some((scope, alarm)) = view.selected(store) {
        wishes.extend(sight(scope, alarm));
    }
    wishes.extend(owners(app, view));
    wishes.extend(of_detail(view, store));
    wishes
}

fn sight(scope: &Scope, alarm: &Alarm) -> Option<Wish> {
    Some(Wish {
        topic: alarm.sight_topic()?,
        scope: scope.clone(),
        cadence: Cadence::Background(SIGHT),
    })
}

/// The stacks of the alarms on screen that are not in order: a call for each, so not of all.
fn owners<'a>(app: &'a App, view: &'a AlarmsView) -> impl Iterator<Item = Wish> + 'a {
    let window = app.viewport().list;
    let visible = view.rows().iter().skip(window.first).take(window.size);
    visible.filter_map(move |row| {
        let is_grave = match row {
            Row::Alarm(entry) => matches!(entry.standing, Standing::InAlarm | Standing::Blind),
            Row::Failing(_) => false,
        };
        let (scope, alarm) = view.alarm(app.store(), *row).filter(|_| is_grave)?;
        let needs = alarm.function().is_none();
        needs.then(|| Wish {
            topic: Topic::Owner(alarm.name.clone()),
            scope: scope.clone(),
            cadence: Cadence::Once,
        })
    })
}

fn of_detail(view: &AlarmsView, store: &Store) -> Vec<Wish> {
    let Some(detail) = view.detail() else {
        return Vec::new();
    };
    let wish = |topic, cadence| Wish {
        topic,
        scope: detail.scope.clone(),
        cadence,
    };
    let mut wishes = vec![
        wish(detail.history_topic(), Cadence::Focused(FOCUSED)),
        wish(detail.owner_topic(), Cadence::Once),
    ];
    let alarm = detail.alarm(store);
    let metric = alarm.and_then(Alarm::metric);
    wishes.extend(metric.map(|it| wish(chart_topic(it), Cadence::Focused(FOCUSED))));
    wishes
}

/// Whether an answer changes what is shown of alarms, or of regions as a whole.
pub(in crate::app) fn concerns(topic: &Topic) -> bool {
    matches!(
        topic,
        Topic::Alarms
            | Topic::AlarmHistory(_)
            | Topic::Owner(_)
            | Topic::Metrics(Subject::Lambda | Subject::Metric(_), _)
    )
}

/// Whether an answer about an alarm is kept although nobody asks for it now: what was learnt of it stays true for a
/// while, and to forget that it is blind would make it look well.
pub(in crate::app) fn keeps(store: &Store, scope: &Scope, topic: &Topic) -> bool {
    let alarms = || {
        store
            .alarms(scope)
            .and_then(Slot::value)
            .unwrap_or_default()
    };
    if let Topic::Owner(name) = topic {
        return named(store, scope, name).is_some();
    }
    matches!(topic, Topic::Metrics(Subject::Metric(_), _))
        && alarms()
            .iter()
            .any(|alarm| alarm.may_be_blind() && alarm.sight_topic().as_ref() == Some(topic))
}
