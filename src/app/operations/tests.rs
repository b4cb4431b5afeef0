//! Asked for, read, agreed to once.

mod following;

use super::testing::plan;
use super::*;
use crate::app::overlay::Overlay;
use crate::app::testing::{account, at, fleet, keymap, stack, stacks_reading};
use crate::app::{Event, View};
use crate::domain::operation::{Consent, Hazard, Operation, Plan};
use crate::domain::{Access, Kind};
use crate::engine::message::{Arming, Ticket, Update};

const REGIONS: [&str; 2] = ["us-east-1", "eu-west-1"];

/// A house with the stack `api` in two regions, in an account that is to be armed.
fn house(access: Access) -> App {
    let mut prod = account("prod", REGIONS);
    prod.access = access;
    let mut app = App::new(fleet([prod]), keymap(), at(0));
    app.start();
    for region in REGIONS {
        let stacks = vec![stack("api", "UPDATE_COMPLETE", "v1")];
        let reading = stacks_reading("prod", region, 0, stacks);
        app.update(Event::Engine(Update::Attempt(reading)));
    }
    press(&mut app, "2");
    app
}

fn press(app: &mut App, keys: &str) -> Vec<Effect> {
    let keys = keys.split(' ').map(|key| key.parse().unwrap());
    keys.flat_map(|key| app.update(Event::Key(key))).collect()
}

fn type_in(app: &mut App, text: &str) {
    for letter in text.chars() {
        let name = match letter {
            ' ' => "space".to_owned(),
            letter => letter.to_string(),
        };
        press(app, &name);
    }
}

fn tell(app: &mut App, tidings: Tidings) -> Vec<Effect> {
    app.update(Event::Engine(Update::Operation(tidings)))
}

fn wait(app: &mut App) {
    for _ in 0..2 {
        app.update(Event::Tick(app.now()));
    }
}

fn orders(effects: &[Effect]) -> Vec<&Order> {
    let orders = effects.iter().filter_map(|effect| match effect {
        Effect::Ask(Request::Operate(order)) => Some(order),
        _ => None,
    });
    orders.collect()
}

fn asked(effects: &[Effect]) -> (Ticket, &Operation) {
    match orders(effects)[..] {
        [Order::Plan(ticket, operation)] => (*ticket, operation),
        ref others => panic!("{others:?}"),
    }
}

/// A rollback of `api` in one region, with its plan on screen.
fn planned(access: Access, plan: Plan) -> App {
    let mut app = house(access);
    assert_eq!(orders(&press(&mut app, "R")), Vec::<&Order>::new());
    let effects = press(&mut app, "enter");
    let (ticket, _) = asked(&effects);
    tell(&mut app, Tidings::Planned(ticket, Ok(Box::new(plan))));
    app
}

fn small(consent: Consent) -> Plan {
    plan(&["us-east-1"], consent)
}

fn complaint(app: &App) -> String {
    match app.overlays().last() {
        Some(Overlay::Review(review)) => review.agreement.complaint.clone().unwrap_or_default(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_house_asks_for_what_was_done_before() {
    let mut app = App::new(fleet([account("prod", REGIONS)]), keymap(), at(0));
    assert_eq!(orders(&app.start()), [&Order::Runs]);
    assert_eq!(orders(&press(&mut app, "6")), [&Order::Runs]);
    assert_eq!(app.view(), View::Operations);
}

#[test]
fn a_rollback_is_asked_for_here_or_everywhere() {
    for (keys, places) in [("R enter", 1), ("R down enter", 2)] {
        let mut app = house(Access::Operate);
        let effects = press(&mut app, keys);
        let (_, Operation::RollBackStack { stacks, skip }) = asked(&effects) else {
            panic!("{effects:?}");
        };
        assert_eq!((stacks.len(), skip.len()), (places, 0));
        assert!(stacks.iter().all(|stack| stack.id.is_some()));
        assert_eq!(stacks[0].scope.to_string(), "prod/us-east-1");
    }
}

#[test]
fn stop_and_start_have_the_keys_that_sort_elsewhere() {
    let mut app = house(Access::Operate);
    let effects = press(&mut app, "s enter");
    assert!(matches!(asked(&effects).1, Operation::Stop { .. }));
    press(&mut app, "esc");
    let effects = press(&mut app, "S enter");
    assert!(matches!(asked(&effects).1, Operation::Start { .. }));
    press(&mut app, "esc <");
    assert!(
        app.notices()
            .current()
            .unwrap()
            .text
            .starts_with("Sorted by")
    );
}

#[test]
fn a_plan_that_is_left_is_dropped_however_it_is_left() {
    let id = || OperationId::new("20261120-140000-rollback-4711");
    for keys in ["esc", "ctrl-c"] {
        let mut app = planned(Access::Operate, small(Consent::Key));
        assert_eq!(orders(&press(&mut app, keys)), [&Order::Drop(id())]);
        assert!(app.overlays().is_empty());
        assert_eq!(orders(&press(&mut app, keys)), Vec::<&Order>::new());
    }
    // A click on a tab leaves it too.
    let mut app = planned(Access::Operate, small(Consent::Key));
    app.show(View::Fleet);
    assert_eq!(
        orders(&app.update(Event::Tick(at(1)))),
        [&Order::Drop(id())]
    );
}

#[test]
fn a_plan_that_comes_too_late_is_dropped() {
    let mut app = house(Access::Operate);
    let effects = press(&mut app, "R enter");
    let (ticket, _) = asked(&effects);
    assert_eq!(orders(&press(&mut app, "esc")), Vec::<&Order>::new());
    let late = Tidings::Planned(ticket, Ok(Box::new(small(Consent::Key))));
    assert!(matches!(
        orders(&tell(&mut app, late))[..],
        [Order::Drop(_)]
    ));
}

#[test]
fn a_key_that_is_held_never_agrees_and_a_plan_is_run_once() {
    let mut app = planned(Access::Operate, small(Consent::Key));
    for _ in 0..20 {
        assert_eq!(orders(&press(&mut app, "enter")), Vec::<&Order>::new());
    }
    app.update(Event::Tick(at(1)));
    assert_eq!(orders(&press(&mut app, "enter")), Vec::<&Order>::new());
    assert!(complaint(&app).starts_with("Read it first"));
    wait(&mut app);
    let effects = press(&mut app, "enter enter enter");
    let run = Order::Run(
        OperationId::new("20261120-140000-rollback-4711"),
        String::new(),
    );
    assert_eq!(orders(&effects)[..1], [&run], "and never again");
    assert_eq!(orders(&effects).len(), 1);
}

#[test]
fn what_has_to_be_typed_is_not_pasted_and_has_to_be_exact() {
    let consent = Consent::Typed("api us-east-1 9012".to_owned());
    let mut app = planned(Access::Operate, small(consent));
    wait(&mut app);
    app.update(Event::Paste("api us-east-1 9012\n".to_owned()));
    assert!(complaint(&app).contains("paste does not consent"));
    assert_eq!(orders(&press(&mut app, "enter")), Vec::<&Order>::new());
    type_in(&mut app, "api us-east-1 901");
    assert_eq!(orders(&press(&mut app, "enter")), Vec::<&Order>::new());
    // `y`, `A` and the like are letters here.
    type_in(&mut app, "2");
    wait(&mut app);
    let effects = press(&mut app, "enter");
    assert!(matches!(orders(&effects)[..], [Order::Run(_, text)] if text == "api us-east-1 9012"));
}

#[test]
fn what_is_not_armed_is_armed_first_and_a_letter_does_nothing_until_then() {
    let mut app = planned(Access::OnceArmed, small(Consent::Typed("Ay".to_owned())));
    wait(&mut app);
    assert_eq!(orders(&press(&mut app, "enter")), Vec::<&Order>::new());
    assert!(complaint(&app).contains("prod is not armed"));
    type_in(&mut app, "x");
    let prod = AccountName::new("prod");
    let arm = Order::Arm(prod.clone(), Arming::On);
    assert_eq!(orders(&press(&mut app, "A")), [&arm]);
    tell(&mut app, Tidings::Armed(prod.clone(), Some(at(600))));
    type_in(&mut app, "Ay");
    wait(&mut app);
    assert!(matches!(
        orders(&press(&mut app, "enter"))[..],
        [Order::Run(..)]
    ));
    // Time takes it back.
    app.update(Event::Tick(at(600)));
    assert!(!app.may_change(&prod));
}

#[test]
fn what_is_read_only_for_good_can_be_planned_and_never_run() {
    let mut app = planned(Access::ReadOnly, small(Consent::Key));
    wait(&mut app);
    assert_eq!(orders(&press(&mut app, "A enter")), Vec::<&Order>::new());
    assert!(complaint(&app).contains("read-only"));
}

#[test]
fn a_plan_that_could_not_be_made_for_want_of_arming_is_made_anew() {
    let mut app = house(Access::OnceArmed);
    let effects = press(&mut app, "R enter");
    let (ticket, operation) = asked(&effects);
    let operation = operation.clone();
    let refused = Problem::new(Kind::Denied, "prod is not armed.");
    tell(&mut app, Tidings::Planned(ticket, Err(refused)));
    let prod = AccountName::new("prod");
    press(&mut app, "A");
    let effects = tell(&mut app, Tidings::Armed(prod, Some(at(600))));
    let (again, same) = asked(&effects);
    assert!(again != ticket && *same == operation);
}

#[test]
fn what_loses_something_is_read_to_its_end_first() {
    let mut plan = small(Consent::Key);
    plan.waves[0].members[0].hazards.push(Hazard::Loses {
        logical: "Orders".into(),
        kind: "AWS::DynamoDB::Table".into(),
    });
    let mut app = planned(Access::Operate, plan);
    wait(&mut app);
    assert_eq!(orders(&press(&mut app, "enter")), Vec::<&Order>::new());
    assert!(complaint(&app).contains("to its end"));
    let mut seen = app.viewport().clone();
    seen.reach = crate::app::Reach::End;
    app.update(Event::Drawn(seen));
    wait(&mut app);
    assert!(matches!(
        orders(&press(&mut app, "enter"))[..],
        [Order::Run(..)]
    ));
}

#[test]
fn a_plan_that_is_too_old_is_worked_out_anew() {
    let mut app = planned(Access::Operate, small(Consent::Key));
    for _ in 0..2 {
        app.update(Event::Tick(at(300)));
    }
    let effects = press(&mut app, "enter");
    assert!(
        matches!(orders(&effects)[..], [Order::Plan(..), Order::Drop(_)]),
        "{effects:?}"
    );
}

#[test]
fn a_plan_is_copied_as_commands_of_awss_own() {
    let mut app = planned(Access::Operate, small(Consent::Key));
    let effects = press(&mut app, "y");
    let [Effect::Copy(text)] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert!(text.starts_with("aws lambda update-alias --region us-east-1 --function-name api"));
    assert!(text.ends_with("# wait until: approval"));
    let mut app = planned(Access::Operate, small(Consent::Typed("y".to_owned())));
    assert!(matches!(press(&mut app, "ctrl-y")[..], [Effect::Copy(_)]));
    assert_eq!(press(&mut app, "y"), []);
}
