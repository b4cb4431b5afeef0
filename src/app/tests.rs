//! Events in, state and effects out: no terminal, no runtime.

use super::testing::{account, at, event, fleet, keymap, scope, stack, stacks_reading};
use super::*;
use crate::command::COMMANDS;
use crate::command::Command;
use crate::domain::store::Attempt;
use crate::domain::{AccountName, Identity, Problem, Reading, StackStatus, Template};
use crate::domain::{StackId, Topic};
use crate::engine::message::Cadence;
use crate::engine::message::{Request, Update};
use chrono::TimeDelta;

fn app() -> App {
    let fleet = fleet([account("prod", ["us-east-1", "eu-west-1"])]);
    App::new(fleet, keymap(), at(0))
}

fn with_stacks() -> App {
    let mut app = app();
    let east = vec![
        stack("api", "UPDATE_COMPLETE", "v1"),
        stack("orders", "UPDATE_COMPLETE", "v1"),
    ];
    let west = vec![
        stack("api", "UPDATE_ROLLBACK_FAILED", "v2"),
        stack("orders", "UPDATE_COMPLETE", "v1"),
    ];
    app.update(Event::Engine(Update::Attempt(stacks_reading(
        "prod",
        "us-east-1",
        0,
        east,
    ))));
    app.update(Event::Engine(Update::Attempt(stacks_reading(
        "prod",
        "eu-west-1",
        0,
        west,
    ))));
    app
}

fn press(app: &mut App, keys: &str) -> Vec<Effect> {
    keys.split(' ')
        .flat_map(|key| app.update(Event::Key(key.parse().unwrap())))
        .collect()
}

fn identity(second: i64, result: Result<Reading, Problem>) -> Event {
    Event::Engine(Update::Attempt(Attempt {
        topic: Topic::Identity,
        scope: Scope::global(&AccountName::new("prod")),
        at: at(second),
        took: TimeDelta::zero(),
        result,
        retry: None,
    }))
}

fn watched(effects: &[Effect]) -> Vec<String> {
    let mut wishes = effects.iter().filter_map(|effect| match effect {
        Effect::Ask(Request::Watch(wishes)) => Some(wishes),
        _ => None,
    });
    wishes
        .next_back()
        .into_iter()
        .flatten()
        .map(|wish| format!("{} in {}", wish.topic.noun(), wish.scope))
        .collect()
}

#[test]
fn it_starts_by_asking_who_it_is_and_for_every_region() {
    let effects = app().start();
    assert_eq!(
        watched(&effects),
        [
            "who we are in prod",
            "the stacks in prod/eu-west-1",
            "the stacks in prod/us-east-1",
            "the metrics in prod/eu-west-1",
            "the metrics in prod/us-east-1",
            "the alarms in prod/eu-west-1",
            "the alarms in prod/us-east-1",
            "the accelerators in prod"
        ]
    );
}

#[test]
fn what_moves_is_asked_for_more_often() {
    let mut app = app();
    app.start();
    let moving = vec![stack("api", "UPDATE_IN_PROGRESS", "v1")];
    let effects = app.update(Event::Engine(Update::Attempt(stacks_reading(
        "prod",
        "eu-west-1",
        0,
        moving,
    ))));
    let [Effect::Ask(Request::Watch(wishes))] = &effects[..] else {
        panic!("{effects:?}")
    };
    let here = wishes
        .iter()
        .find(|wish| wish.scope == scope("prod", "eu-west-1"))
        .unwrap();
    assert_eq!(here.cadence, Cadence::Focused(wishes::MOVING));
}

#[test]
fn nobody_looking_means_asking_seldom() {
    let mut app = with_stacks();
    let effects = app.update(Event::Focus(Focus::Lost));
    let [Effect::Ask(Request::Watch(wishes))] = &effects[..] else {
        panic!("{effects:?}")
    };
    assert!(
        wishes
            .iter()
            .filter(|wish| wish.topic == Topic::Stacks)
            .all(|wish| wish.cadence == Cadence::Background(wishes::UNWATCHED))
    );
}

#[test]
fn enter_on_a_region_leads_to_its_worst_stack_and_on_to_its_events() {
    let mut app = with_stacks();
    press(&mut app, "down enter");
    assert_eq!(app.view(), View::Stacks);
    let (place, failed) = app.selected_stack().unwrap();
    assert_eq!(
        (place, &failed.status),
        (
            &scope("prod", "eu-west-1"),
            &StackStatus::UpdateRollbackFailed
        )
    );
    let effects = press(&mut app, "enter");
    assert!(
        watched(&effects).contains(&"the events in prod/eu-west-1".to_owned()),
        "{effects:?}"
    );
    press(&mut app, "esc esc");
    assert_eq!((app.view(), app.detail().is_none()), (View::Fleet, true));
}

#[test]
fn a_filter_works_while_it_is_typed_and_esc_takes_it_back() {
    let mut app = with_stacks();
    press(&mut app, "2 / o r d");
    assert_eq!(app.stacks().rows().len(), 1);
    press(&mut app, "esc");
    assert_eq!(app.stacks().rows().len(), 2);
    press(&mut app, "/ o r d enter");
    assert_eq!((app.stacks().rows().len(), app.overlays().len()), (1, 0));
    press(&mut app, "esc");
    assert_eq!(app.stacks().rows().len(), 2);
}

#[test]
fn a_paste_fills_the_field_and_presses_nothing() {
    let mut app = with_stacks();
    press(&mut app, "2 /");
    app.update(Event::Paste("api\nq".into()));
    assert_eq!(
        (app.filter().unwrap().text(), app.overlays().len()),
        ("api", 1)
    );
}

#[test]
fn letters_are_commands_outside_and_text_inside_a_picker() {
    let mut app = with_stacks();
    press(&mut app, ":");
    assert_eq!(press(&mut app, "q"), []);
    press(&mut app, "u i t");
    assert_eq!(press(&mut app, "enter"), [Effect::Quit]);
    assert_eq!(press(&mut app, "q"), [Effect::Quit]);
}

#[test]
fn copying_needs_a_stack_and_says_so() {
    let mut app = with_stacks();
    assert_eq!(press(&mut app, "y"), []);
    assert_eq!(
        app.notices().current().unwrap().text,
        "No stack is selected."
    );
    assert_eq!(
        press(&mut app, "2 y").last(),
        Some(&Effect::Copy("api".into()))
    );
}

#[test]
fn without_a_clipboard_nothing_is_said_to_be_copied() {
    let mut app = with_stacks();
    app.let_copy(Clipboard::Off);
    let effects = press(&mut app, "2 y");
    assert!(
        !effects
            .iter()
            .any(|effect| matches!(effect, Effect::Copy(_))),
        "{effects:?}"
    );
    assert_eq!(
        app.notices().current().unwrap().text,
        "The clipboard is switched off. api"
    );
}

#[test]
fn the_selection_survives_a_change_of_the_layout() {
    for keys in ["2 l j", "2 j", "2 G l"] {
        let mut app = with_stacks();
        press(&mut app, keys);
        let selected = |app: &App| {
            let (scope, stack) = app.selected_stack().unwrap();
            (scope.clone(), stack.name.clone())
        };
        let before = selected(&app);
        press(&mut app, "v");
        assert_eq!((selected(&app), app.stacks().len()), (before.clone(), 4));
        press(&mut app, "v");
        assert_eq!((selected(&app), app.stacks().len()), (before, 2));
    }
    let mut app = with_stacks();
    press(&mut app, "2 v G");
    let name = app.selected_name().cloned();
    let place = app.selected_stack().map(|(scope, _)| scope.clone());
    press(&mut app, "v");
    assert_eq!(app.selected_name(), name.as_ref());
    assert_eq!(app.selected_stack().map(|(scope, _)| scope.clone()), place);
}

#[test]
fn a_double_click_in_the_scope_picker_keeps_what_its_first_click_chose() {
    let mut app = with_stacks();
    press(&mut app, "@");
    let area = Area {
        x: 0,
        y: 5,
        width: 80,
        height: 1,
    };
    app.update(Event::Drawn(Viewport {
        spots: vec![(area, Target::PickerRow(2))],
        ..Viewport::default()
    }));
    for deed in [Mouse::Click, Mouse::DoubleClick] {
        app.update(Event::Mouse { at: (3, 5), deed });
    }
    assert_eq!(
        (app.fleet_view().rows().len(), app.overlays().len()),
        (1, 0)
    );
}

fn template(id: &StackId, text: &str) -> Event {
    Event::Engine(Update::Attempt(Attempt {
        topic: Topic::Template(id.clone()),
        scope: scope("prod", "eu-west-1"),
        // Our clock is an hour slow: AWS says that the stack was touched after this.
        at: at(-3_600),
        took: TimeDelta::zero(),
        result: Ok(Reading::Template(Template::new(text))),
        retry: None,
    }))
}

fn wishes_a_template(app: &App) -> bool {
    let is_template = |wish: &Wish| matches!(wish.topic, Topic::Template(_));
    wishes::wishes(app).iter().any(is_template)
}

#[test]
fn a_template_is_read_once_for_every_state_of_its_stack_whatever_our_clock_says() {
    let mut fleet = fleet([account("prod", ["eu-west-1"])]);
    fleet.version = crate::domain::VersionRule::Template;
    let mut app = App::new(fleet, keymap(), at(-3_600));
    let list = |status: &str, touched: i64| {
        let mut api = stack("api", status, "");
        api.updated = Some(at(touched));
        let id = api.id.clone();
        let attempt = stacks_reading("prod", "eu-west-1", -3_600, vec![api]);
        (id, Event::Engine(Update::Attempt(attempt)))
    };
    press(&mut app, "2");
    let (id, event) = list("UPDATE_COMPLETE", 0);
    app.update(event);
    assert!(wishes_a_template(&app));
    app.update(template(&id, "one"));
    assert!(!wishes_a_template(&app), "it is known, and stays known");
    app.update(Event::Tick(at(-3_599)));
    assert!(!wishes_a_template(&app), "its fingerprint is enough");

    app.update(list("UPDATE_IN_PROGRESS", 60).1);
    assert!(wishes_a_template(&app));
    app.update(list("UPDATE_ROLLBACK_COMPLETE", 60).1);
    let effects = app.update(template(&id, "two"));
    assert!(
        watched(&effects).contains(&"the template in prod/eu-west-1".to_owned()),
        "the stack went on while the answer was under way: {effects:?}"
    );
    app.update(template(&id, "one"));
    assert!(!wishes_a_template(&app));

    press(&mut app, "enter");
    app.run(Command::Template);
    assert!(wishes_a_template(&app), "its text is not kept");
    app.update(template(&id, "one"));
    assert!(!wishes_a_template(&app));
    assert_eq!(app.detail().unwrap().lines().len(), 1);
}

#[test]
fn nobody_looking_means_asking_seldom_for_the_detail_too() {
    let mut app = with_stacks();
    press(&mut app, "2 enter");
    app.update(Event::Focus(Focus::Lost));
    let detail = app.detail().unwrap();
    assert_eq!(
        wishes::detail_cadence(&app, detail),
        Some(Cadence::Background(wishes::UNWATCHED))
    );
}

#[test]
fn credentials_that_end_are_told_once_and_forgotten_when_they_are_back() {
    let mut app = with_stacks();
    let ended = || {
        Err(
            Problem::new(Kind::Expired, "The credentials of prod have ended.")
                .hint("Run `aws sso login --profile prod`."),
        )
    };
    app.update(identity(1, ended()));
    app.update(identity(2, ended()));
    assert_eq!(app.notices().all().len(), 1);
    assert!(
        app.notices()
            .current()
            .unwrap()
            .text
            .contains("aws sso login --profile prod")
    );
    let back = Identity {
        account_id: "123456789012".into(),
        arn: "arn:aws:iam::123456789012:user/op".into(),
        expires: None,
    };
    app.update(identity(3, Ok(Reading::Identity(back))));
    assert_eq!(app.notices().all(), []);
}

#[test]
fn the_scope_picker_changes_nothing_until_it_is_accepted() {
    let mut app = with_stacks();
    press(&mut app, "@");
    app.update(Event::Paste("eu-west".into()));
    press(&mut app, "tab esc");
    assert_eq!(app.fleet_view().rows().len(), 2);
    press(&mut app, "@");
    app.update(Event::Paste("eu-west".into()));
    let effects = press(&mut app, "tab enter");
    assert_eq!(app.fleet_view().rows().len(), 1);
    assert!(
        !watched(&effects).contains(&"the stacks in prod/eu-west-1".to_owned()),
        "what is not looked at is not asked for"
    );
}

#[test]
fn a_click_selects_and_a_double_click_opens() {
    let mut app = with_stacks();
    let area = Area {
        x: 0,
        y: 5,
        width: 80,
        height: 1,
    };
    let viewport = Viewport {
        spots: vec![(area, Target::Row(1))],
        ..Viewport::default()
    };
    app.update(Event::Drawn(viewport));
    app.update(Event::Mouse {
        at: (3, 5),
        deed: Mouse::Click,
    });
    assert_eq!(
        (app.fleet_view().cursor().index(), app.view()),
        (1, View::Fleet)
    );
    app.update(Event::Mouse {
        at: (3, 5),
        deed: Mouse::DoubleClick,
    });
    assert_eq!(app.view(), View::Stacks);
}

#[test]
fn every_command_can_be_run_in_every_place_without_harm() {
    for spec in COMMANDS {
        for place in ["1", "2", "2 enter", "2 v", ":", "@", "/", "?", "!"] {
            let mut app = with_stacks();
            press(&mut app, place);
            app.run(spec.command);
            app.run(spec.command);
        }
    }
}

#[test]
fn the_row_in_the_most_trouble_is_selected_where_the_trouble_is() {
    let mut app = with_stacks();
    press(&mut app, "2");
    let (place, failed) = app.selected_stack().unwrap();
    assert_eq!(place, &scope("prod", "eu-west-1"));
    assert_eq!(failed.status, StackStatus::UpdateRollbackFailed);
    press(&mut app, "left down up");
    let (place, _) = app.selected_stack().unwrap();
    assert_eq!(place, &scope("prod", "us-east-1"), "a chosen column stays");
}

#[test]
fn q_closes_what_is_being_read_and_reading_something_else_replaces_it() {
    let mut app = with_stacks();
    press(&mut app, "? ! ?");
    assert_eq!(app.overlays().len(), 1);
    assert_eq!(press(&mut app, "q"), []);
    assert_eq!(app.overlays().len(), 0);
    assert_eq!(press(&mut app, "q"), [Effect::Quit]);
}

#[test]
fn back_from_a_nested_stack_leads_to_its_parent() {
    let mut app = with_stacks();
    press(&mut app, "2 enter");
    let parent = app.detail().unwrap().id.clone();
    let child = StackId::new("arn:aws:cloudformation:eu-west-1:123456789012:stack/api-child/2");
    let mut row = event(
        &parent,
        1,
        "Child",
        "UPDATE_FAILED",
        "Embedded stack failed",
    );
    row.resource_type = crate::domain::event::STACK_TYPE.into();
    row.physical = Some(child.exact().into());
    app.update(Event::Engine(Update::Attempt(Attempt {
        topic: Topic::Events(parent.clone()),
        result: Ok(Reading::Events(vec![row])),
        ..stacks_reading("prod", "eu-west-1", 2, Vec::new())
    })));
    press(&mut app, "enter");
    assert_eq!(app.detail().unwrap().id, child);
    press(&mut app, "esc");
    assert_eq!(app.detail().unwrap().id, parent);
    press(&mut app, "esc");
    assert!(app.detail().is_none());
}

#[test]
fn remarks_of_the_start_stay_among_the_problems() {
    let mut app = with_stacks();
    app.warn(Severity::Warning, "fleet.toml:3: One thing.");
    app.warn(Severity::Warning, "fleet.toml:9: Another.");
    assert_eq!(
        app.notices().current().unwrap().text,
        "2 things in your files are not as they should be; see the problems."
    );
    press(&mut app, "esc");
    assert_eq!((app.notices().current(), app.remarks().len()), (None, 2));
}
