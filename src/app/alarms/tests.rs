//! Rows, identity, what is asked for, and what leads where.

use super::*;
use crate::app::testing::{
    account, alarm, alarms_reading, at, fleet, keymap, stack, stacks_reading,
};
use crate::app::{App, Clipboard, Effect, Event, Focus, View};
use crate::domain::store::Attempt;
use crate::domain::{
    AlarmKind, AlarmState, Dollars, Extent, Kind, Measure, Metrics, Problem, Reading, Series,
    Spending, Subject, Topic, Untrusted,
};
use crate::domain::{Bill, Grain};
use crate::engine::message::{Cadence, Request, Update, Wish};
use chrono::TimeDelta;

const SILENT: &str = "Threshold Crossed: no datapoints were received for 5 periods and 5 missing datapoints were treated as \
     [NonBreaching].";

fn app() -> App {
    let fleet = fleet([account("prod", ["us-east-1", "eu-west-1"])]);
    let mut app = App::new(fleet, keymap(), at(0));
    app.start();
    app
}

fn silent(name: &str) -> Alarm {
    let mut silent = alarm(name, "OK");
    silent.reason = Some(SILENT.into());
    if let AlarmKind::Metric(watch) = &mut silent.kind {
        watch.metric.name = "Age".into();
    }
    silent
}

fn composite(name: &str, members: &[&str]) -> Alarm {
    let members: Vec<Untrusted> = members.iter().map(|name| Untrusted::new(*name)).collect();
    let rule = "ALARM(a) OR ALARM(b)".into();
    Alarm {
        kind: AlarmKind::Composite { rule, members },
        ..alarm(name, "ALARM")
    }
}

fn hear(app: &mut App, attempt: Attempt) -> Vec<Effect> {
    app.update(Event::Engine(Update::Attempt(attempt)))
}

fn read(app: &mut App, region: &str, alarms: Vec<Alarm>) -> Vec<Effect> {
    hear(app, alarms_reading("prod", region, 0, alarms))
}

fn answer(topic: Topic, region: &str, result: Result<Reading, Problem>) -> Attempt {
    Attempt {
        topic,
        result,
        ..alarms_reading("prod", region, 0, Vec::new())
    }
}

fn measured(values: impl IntoIterator<Item = Option<f64>>) -> Reading {
    let series = Series::of(TimeDelta::minutes(5), at(-600), values);
    Reading::Metrics(Metrics {
        series: [(Measure::Value, series)].into(),
        extent: Extent::Whole,
    })
}

fn press(app: &mut App, keys: &str) -> Vec<Effect> {
    keys.split(' ')
        .flat_map(|key| app.update(Event::Key(key.parse().unwrap())))
        .collect()
}

fn names(app: &App) -> Vec<String> {
    let rows = app.alarms().rows().iter();
    rows.map(|row| match app.alarms().alarm(app.store(), *row) {
        Some((scope, alarm)) => format!("{}@{}", alarm.name.safe(), scope.region().unwrap()),
        None => format!(
            "failing@{}",
            app.alarms().scopes()[row.scope()].region().unwrap()
        ),
    })
    .collect()
}

fn wishes(effects: &[Effect]) -> Vec<Wish> {
    let mut lists = effects.iter().filter_map(|effect| match effect {
        Effect::Ask(Request::Watch(wishes)) => Some(wishes.clone()),
        _ => None,
    });
    lists.next_back().unwrap_or_default()
}

fn cadences(effects: &[Effect], wanted: impl Fn(&Topic) -> bool) -> Vec<Cadence> {
    let wishes = wishes(effects).into_iter();
    wishes
        .filter(|wish| wanted(&wish.topic))
        .map(|wish| wish.cadence)
        .collect()
}

#[test]
fn trouble_comes_first_and_the_newest_change_of_it() {
    let mut app = app();
    let at_second = |name: &str, state: &str, second: i64| Alarm {
        since: Some(at(second)),
        ..alarm(name, state)
    };
    read(
        &mut app,
        "us-east-1",
        vec![
            at_second("ok", "OK", -1),
            at_second("none", "INSUFFICIENT_DATA", -2),
            at_second("old", "ALARM", -900),
            silent("silent"),
        ],
    );
    read(&mut app, "eu-west-1", vec![at_second("new", "ALARM", -5)]);
    press(&mut app, "8");
    let expected = [
        "new@eu-west-1",
        "old@us-east-1",
        "none@us-east-1",
        "silent@us-east-1",
        "ok@us-east-1",
    ];
    assert_eq!(names(&app), expected);

    let denied = Problem::new(Kind::Denied, "Not allowed.");
    hear(&mut app, answer(Topic::Alarms, "eu-west-1", Err(denied)));
    assert_eq!(
        names(&app)[..3],
        ["new@eu-west-1", "old@us-east-1", "failing@eu-west-1"],
        "what was known stays, and that it is old has a row"
    );
    press(&mut app, "a");
    assert_eq!(names(&app).len(), 5, "all but the one in order");
    press(&mut app, "a s");
    assert_eq!(
        names(&app)[..2],
        ["failing@eu-west-1", "new@eu-west-1"],
        "by name"
    );
    press(&mut app, "s");
    assert_eq!(
        names(&app)[4],
        "failing@eu-west-1",
        "by region: {:?}",
        names(&app)
    );
}

#[test]
fn the_selection_follows_the_alarm_through_readings_and_filters() {
    let mut app = app();
    read(
        &mut app,
        "us-east-1",
        vec![alarm("a", "OK"), alarm("b", "OK")],
    );
    press(&mut app, "8 down");
    read(&mut app, "eu-west-1", vec![alarm("z", "ALARM")]);
    read(
        &mut app,
        "us-east-1",
        vec![alarm("a", "ALARM"), alarm("b", "OK")],
    );
    let selected = |app: &App| app.selected_alarm().unwrap().1.name.clone();
    assert_eq!(selected(&app), "b".into());
    press(&mut app, "/ b enter");
    assert_eq!((names(&app).len(), selected(&app)), (1, "b".into()));
    press(&mut app, "esc");
    assert_eq!((names(&app).len(), selected(&app)), (3, "b".into()));
}

#[test]
fn ok_that_rests_on_silence_is_not_believed_until_its_metric_was_looked_at() {
    let mut app = app();
    read(
        &mut app,
        "us-east-1",
        vec![silent("queue"), alarm("well", "OK")],
    );
    let standing = |app: &App| app.alarms().tally();
    assert_eq!((standing(&app).unproven, standing(&app).ok), (1, 1));

    let topic = silent("queue").sight_topic().unwrap();
    let effects = press(&mut app, "8");
    let asked = cadences(&effects, |it| *it == topic);
    assert_eq!(asked, [Cadence::Background(TimeDelta::seconds(900))]);

    hear(
        &mut app,
        answer(topic.clone(), "us-east-1", Ok(measured([None, None]))),
    );
    assert_eq!((standing(&app).blind, standing(&app).unproven), (1, 0));

    press(&mut app, "1");
    assert_eq!(
        standing(&app).blind,
        1,
        "what was learnt is not forgotten with the view"
    );
    assert_eq!(app.fleet_view().rows()[0].alarms.unwrap().blind, 1);

    let effects = press(&mut app, "8");
    assert_eq!(cadences(&effects, |it| *it == topic).len(), 1);
    hear(
        &mut app,
        answer(topic, "us-east-1", Ok(measured([None, Some(0.0)]))),
    );
    assert_eq!((standing(&app).blind, standing(&app).ok), (0, 2));
}

#[test]
fn alarms_and_figures_are_asked_for_as_often_as_somebody_looks() {
    let seconds = |seconds| TimeDelta::seconds(seconds);
    let alarms = |it: &Topic| *it == Topic::Alarms;
    let figures = |it: &Topic| *it == Topic::Metrics(Subject::Lambda, Grain::MINUTE);
    let fleet = fleet([account("prod", ["us-east-1"])]);
    let mut app = App::new(fleet, keymap(), at(0));
    let effects = app.start();
    assert_eq!(cadences(&effects, alarms), [Cadence::Focused(seconds(60))]);
    assert_eq!(cadences(&effects, figures), [Cadence::Focused(seconds(60))]);
    let effects = press(&mut app, "2");
    assert_eq!(
        cadences(&effects, alarms),
        [Cadence::Background(seconds(180))]
    );
    assert_eq!(
        cadences(&effects, figures),
        [Cadence::Background(seconds(300))]
    );
    let effects = press(&mut app, "8");
    assert_eq!(cadences(&effects, alarms), [Cadence::Focused(seconds(60))]);
    let effects = app.update(Event::Focus(Focus::Lost));
    assert_eq!(
        cadences(&effects, alarms),
        [Cadence::Background(seconds(600))]
    );
    assert_eq!(
        cadences(&effects, figures),
        [],
        "what costs money is not read for nobody"
    );
    app.update(Event::Focus(Focus::Gained));
    let effects = app.update(Event::Tick(at(601)));
    assert_eq!(
        cadences(&effects, figures),
        [],
        "nor after ten minutes without a key"
    );
}

#[test]
fn figures_that_are_no_longer_asked_for_stay_on_screen() {
    let mut app = app();
    let topic = Topic::Metrics(Subject::Lambda, Grain::MINUTE);
    let series = Series::of(TimeDelta::minutes(1), at(-60), [Some(7.0)]);
    let metrics = Metrics {
        series: [(Measure::Errors, series)].into(),
        extent: Extent::Whole,
    };
    hear(
        &mut app,
        answer(topic, "us-east-1", Ok(Reading::Metrics(metrics))),
    );
    app.update(Event::Focus(Focus::Lost));
    read(&mut app, "us-east-1", Vec::new());
    let errors = |app: &App, row: usize| app.fleet_view().rows()[row].vital.errors;
    assert_eq!((errors(&app, 0), errors(&app, 1)), (Some(7.0), None));
}

#[test]
fn an_open_alarm_asks_for_its_history_its_metric_and_its_stack() {
    let mut app = app();
    read(&mut app, "us-east-1", vec![alarm("a", "ALARM")]);
    let effects = press(&mut app, "8 enter");
    let asked = |wanted: Topic| cadences(&effects, |it| *it == wanted);
    let minute = Cadence::Focused(TimeDelta::seconds(60));
    let metric = alarm("a", "ALARM").metric().unwrap().clone();
    assert_eq!(asked(Topic::AlarmHistory("a".into())), [minute]);
    assert_eq!(asked(chart_topic(&metric)), [minute]);
    assert_eq!(asked(Topic::Owner("a".into())), [Cadence::Once]);
    let effects = press(&mut app, "q");
    assert!(
        app.open_alarm().is_none() && app.view() == View::Alarms,
        "q leaves the detail only"
    );
    assert_eq!(
        cadences(&effects, |it| matches!(it, Topic::AlarmHistory(_))),
        []
    );
}

#[test]
fn an_alarm_leads_to_its_members_its_stack_and_back() {
    let mut app = app();
    let members = vec![
        alarm("a", "ALARM"),
        alarm("b", "OK"),
        composite("z", &["a", "b", "gone"]),
    ];
    hear(
        &mut app,
        stacks_reading(
            "prod",
            "us-east-1",
            0,
            vec![stack("api", "UPDATE_COMPLETE", "v1")],
        ),
    );
    read(&mut app, "us-east-1", members);
    let mut rows = app.alarms().rows().iter();
    assert!(rows.any(|row| matches!(row, Row::Alarm(it) if it.members == (1, 3))));
    press(&mut app, "8 down enter");
    assert_eq!(app.open_alarm().unwrap().name, "z".into());
    let lines = app.open_alarm().unwrap().lines().to_vec();
    let place = |wanted: Line| lines.iter().position(|line| *line == wanted).unwrap();
    for _ in 0..place(Line::Member(1)) {
        press(&mut app, "down");
    }
    press(&mut app, "enter");
    assert_eq!(app.open_alarm().unwrap().name, "b".into());
    press(&mut app, "esc");
    assert_eq!(app.open_alarm().unwrap().name, "z".into());
    press(&mut app, "G enter");
    assert_eq!(
        app.open_alarm().unwrap().name,
        "z".into(),
        "one that is not here leads nowhere"
    );
    press(&mut app, "esc");

    let id = stack("api", "UPDATE_COMPLETE", "v1").id;
    let owner = answer(
        Topic::Owner("z".into()),
        "us-east-1",
        Ok(Reading::Owner(Some(id.clone()))),
    );
    hear(&mut app, owner);
    press(&mut app, "g g");
    for _ in 0..place(Line::Stack) {
        press(&mut app, "down");
    }
    press(&mut app, "enter");
    assert_eq!(app.detail().map(|detail| &detail.id), Some(&id));
    press(&mut app, "esc");
    assert_eq!(app.open_alarm().unwrap().name, "z".into());
    press(&mut app, "esc esc");
    assert_eq!(app.view(), View::Fleet);
}

#[test]
fn a_transition_stays_selected_while_newer_ones_come() {
    let mut app = app();
    read(&mut app, "us-east-1", vec![alarm("a", "ALARM")]);
    let transition = |second| crate::domain::AlarmTransition {
        at: at(second),
        from: None,
        to: AlarmState::Alarm,
        reason: None,
    };
    let history = |seconds: &[i64]| {
        let history = seconds.iter().map(|second| transition(*second)).collect();
        answer(
            Topic::AlarmHistory("a".into()),
            "us-east-1",
            Ok(Reading::AlarmHistory(history)),
        )
    };
    press(&mut app, "8 enter");
    hear(&mut app, history(&[-10, -20]));
    press(&mut app, "G");
    hear(&mut app, history(&[-5, -10, -20]));
    assert_eq!(
        app.open_alarm().unwrap().selected(),
        Some(&Line::Transition(2))
    );
}

#[test]
fn what_is_copied_is_the_alarms() {
    let mut app = app();
    app.let_copy(Clipboard::On);
    read(&mut app, "eu-west-1", vec![alarm("a", "ALARM")]);
    let copied = |effects: Vec<Effect>| match &effects[..] {
        [Effect::Copy(text), ..] => text.clone(),
        other => format!("{other:?}"),
    };
    press(&mut app, "8");
    assert_eq!(copied(press(&mut app, "y")), "a");
    assert!(copied(press(&mut app, "Y")).ends_with(":alarm:a"));
    assert!(copied(press(&mut app, "o")).ends_with("#alarmsV2:alarm/a"));
    press(&mut app, "enter");
    assert_eq!(copied(press(&mut app, "y")), "a");
}

#[test]
fn a_transition_is_told_once_on_the_next_tick() {
    let mut app = app();
    read(&mut app, "us-east-1", vec![alarm("a", "OK")]);
    assert_eq!(app.update(Event::Tick(at(1))), []);
    read(&mut app, "us-east-1", vec![alarm("a", "ALARM")]);
    read(&mut app, "eu-west-1", vec![alarm("first", "ALARM")]);
    let effects = app.update(Event::Tick(at(2)));
    let [Effect::Alert(alert)] = &effects[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(alert.text, "a in us-east-1 went into ALARM: because");
    assert_eq!(app.notices().all()[0].text, alert.text);
    assert_eq!(app.update(Event::Tick(at(3))), []);
    app.update(Event::Tick(at(40)));
    assert_eq!(app.notices().all(), [], "news grows old");
}

#[test]
fn numbers_of_a_region_lead_to_what_they_count() {
    let mut app = app();
    read(&mut app, "us-east-1", vec![alarm("east", "OK")]);
    read(&mut app, "eu-west-1", vec![alarm("west", "ALARM")]);
    press(&mut app, "down right right right right right enter");
    assert_eq!(app.view(), View::Alarms);
    assert_eq!(names(&app), ["west@eu-west-1"]);
    press(&mut app, "esc esc left enter");
    assert_eq!(app.view(), View::Accelerator);
    press(&mut app, "1 left left enter");
    assert_eq!(app.view(), View::Lambda);
    press(&mut app, "1 left left left enter");
    assert_eq!(app.view(), View::Stacks);
}

#[test]
fn a_cap_that_is_reached_is_said_until_it_is_not() {
    let mut app = app();
    let bill = Bill {
        calls: 900,
        metrics: 50_000,
        hourly: Dollars::of_metrics(50_000),
        cap: Dollars::of_metrics(50_000),
        spending: Spending::Stopped,
    };
    app.update(Event::Engine(Update::Spent(bill)));
    let said = app.notices().all()[0].text.clone();
    assert!(
        said.starts_with("Metrics are not read: they have cost $0.50"),
        "{said}"
    );
    let spending = Spending::AsWished;
    app.update(Event::Engine(Update::Spent(Bill { spending, ..bill })));
    assert_eq!(app.notices().all(), []);
}

#[test]
fn the_alarm_of_a_function_leads_to_it() {
    let mut app = app();
    read(&mut app, "us-east-1", vec![alarm("a", "ALARM")]);
    press(&mut app, "8 enter");
    let lines = app.open_alarm().unwrap().lines().to_vec();
    let place = lines
        .iter()
        .position(|line| *line == Line::Function)
        .unwrap();
    for _ in 0..place {
        press(&mut app, "down");
    }
    press(&mut app, "enter");
    assert_eq!(app.view(), View::Lambda);
}

#[test]
fn a_stack_that_is_not_known_yet_is_said() {
    let mut app = app();
    read(&mut app, "us-east-1", vec![composite("z", &[])]);
    press(&mut app, "8 enter down down enter");
    assert!(app.detail().is_none());
    let said = app.notices().current().unwrap().text.clone();
    assert!(said.starts_with("Still asking CloudFormation"), "{said}");
    let owner = answer(
        Topic::Owner("z".into()),
        "us-east-1",
        Ok(Reading::Owner(None)),
    );
    hear(&mut app, owner);
    press(&mut app, "enter");
    assert_eq!(
        app.notices().current().unwrap().text,
        "No stack made this alarm."
    );
}
