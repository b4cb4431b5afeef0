//! Followed, told of, taken up, and never left unawares.

use super::*;
use crate::app::notice::About;
use crate::app::operations::testing::{run, stamped};
use crate::domain::operation::planning::reversal;
use crate::domain::operation::{Gate, GateState, MemberState, Outcome, Steered};
use chrono::TimeDelta;

/// What the engine tells of a run of two waves, up to its first gate.
fn to_the_gate() -> Vec<Stamped> {
    let (wave, member, step, gate) = (0, 0, 0, 0);
    let records = vec![
        Record::WaveBegan { wave },
        Record::Intent { wave, member, step },
        Record::Accepted {
            wave,
            member,
            step,
            request: Some("1f3a".to_owned()),
        },
        Record::Ended {
            wave,
            member,
            step,
            ending: crate::domain::operation::Ending::Done,
        },
        Record::MemberEnded {
            wave,
            member,
            state: MemberState::Succeeded,
        },
        Record::Gate {
            wave,
            gate,
            state: GateState::Open {
                since: at(6),
                until: None,
            },
        },
    ];
    stamped(plan(&REGIONS, Consent::Key), records)
}

fn happened(app: &mut App, records: Vec<Stamped>) {
    let id = OperationId::new("20261120-140000-rollback-4711");
    for stamped in records {
        tell(app, Tidings::Happened(id.clone(), Box::new(stamped)));
    }
}

fn finish(outcome: Outcome) -> Stamped {
    Stamped {
        number: 7,
        at: at(9),
        record: Record::Finished(outcome),
    }
}

#[test]
fn the_screen_tells_the_story_of_the_journal() {
    let mut app = house(Access::Operate);
    let records = to_the_gate();
    happened(&mut app, records.clone());
    let id = &records[0].record;
    assert!(matches!(id, Record::Planned(_)));
    let folded = Run::replay(&records).unwrap();
    let shown = app.operations().runs().next().unwrap();
    assert_eq!(*shown, folded);
    // Told a second time, by the list, it stays what it is.
    tell(&mut app, Tidings::Runs(Ok(vec![folded.clone()])));
    happened(&mut app, records);
    assert_eq!(app.operations().runs().next(), Some(&folded));
    let told = story(app.operations(), &folded, at(9));
    let words: Vec<&str> = told.iter().map(|entry| entry.words.as_str()).collect();
    assert!(
        words.iter().any(|it| it.contains("(request 1f3a)")),
        "{words:?}"
    );
}

#[test]
fn what_wants_somebody_is_told_on_the_screen_and_outside_of_it_once() {
    let mut app = house(Access::Operate);
    happened(&mut app, to_the_gate());
    let run = app.operations().foremost(at(6)).unwrap();
    assert_eq!(app.operations().standing(run), Standing::Approval);
    let effects = app.update(Event::Tick(at(6)));
    let [Effect::Alert(alert)] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(alert.text, "Roll back api waits for approval after wave 1.");
    assert!(
        alert.lines.contains(r#""state":"APPROVAL""#),
        "{}",
        alert.lines
    );
    assert_eq!(app.update(Event::Tick(at(7))), []);
    happened(
        &mut app,
        vec![finish(Outcome::Failed("No.\u{1b}[2J".to_owned()))],
    );
    let effects = app.update(Event::Tick(at(9)));
    assert!(matches!(&effects[..], [Effect::Alert(alert)] if !alert.text.contains('\u{1b}')));
    let operation = |about: &About| matches!(about, About::Operation(_));
    assert_eq!(
        app.notices()
            .all()
            .iter()
            .filter(|it| operation(&it.about))
            .count(),
        1
    );
}

#[test]
fn an_approval_takes_a_comment_and_a_rejection_wants_a_reason() {
    let mut app = house(Access::Operate);
    happened(&mut app, to_the_gate());
    press(&mut app, "6 a");
    type_in(&mut app, "looks well");
    let effects = press(&mut app, "enter");
    let approved = Steered::Approve {
        comment: "looks well".to_owned(),
    };
    assert!(matches!(orders(&effects)[..], [Order::Steer(_, steered)] if *steered == approved));
    press(&mut app, "n");
    assert_eq!(orders(&press(&mut app, "enter")), Vec::<&Order>::new());
    type_in(&mut app, "no");
    assert!(matches!(
        orders(&press(&mut app, "enter"))[..],
        [Order::Steer(..)]
    ));
    // What does not fit is said and does nothing.
    for (key, words) in [
        ("b", "not baking"),
        ("c", "Somebody goes on"),
        ("r", "Somebody goes on"),
    ] {
        assert_eq!(orders(&press(&mut app, key)), Vec::<&Order>::new());
        let said = &app.notices().current().unwrap().text;
        assert!(said.contains(words), "{key}: {said}");
    }
}

#[test]
fn what_nobody_goes_on_with_is_left_behind_and_can_be_taken_up() {
    let mut app = house(Access::Operate);
    let folded = Run::replay(&to_the_gate()).unwrap();
    let id = folded.plan.id.clone();
    tell(&mut app, Tidings::Runs(Ok(vec![folded])));
    let notices = app.notices().all();
    assert!(notices.iter().any(|it| it.text.contains("was left behind")));
    press(&mut app, "6");
    for (key, onward) in [("c", Onward::Continue), ("X", Onward::Abandon)] {
        // The first row of the question does nothing, so a key pressed twice does not either.
        assert_eq!(
            orders(&press(&mut app, &format!("{key} enter"))),
            Vec::<&Order>::new()
        );
        let effects = press(&mut app, &format!("{key} down enter"));
        assert_eq!(
            orders(&effects),
            [&Order::TakeUp(id.clone(), onward, String::new())]
        );
        tell(&mut app, Tidings::Kept(id.clone(), Keeper::Nobody));
    }
    // To undo it was not agreed to when it began.
    press(&mut app, "r");
    let run = app.operations().runs().next().unwrap();
    let Consent::Typed(text) = reversal(app.fleet(), &run.plan) else {
        panic!("a key is enough");
    };
    app.update(Event::Paste(text.clone()));
    assert_eq!(orders(&press(&mut app, "enter")), Vec::<&Order>::new());
    type_in(&mut app, &text);
    let effects = press(&mut app, "enter");
    let order = Order::TakeUp(id.clone(), Onward::Reverse, text);
    assert_eq!(orders(&effects), [&order]);
    tell(&mut app, Tidings::Kept(id.clone(), Keeper::Nobody));
    tell(&mut app, Tidings::Kept(id, Keeper::Another));
    assert!(
        !app.notices()
            .all()
            .iter()
            .any(|it| it.about == About::LeftBehind)
    );
    let run = app.operations().runs().next().unwrap();
    assert_eq!(app.operations().standing(run), Standing::Approval);
}

#[test]
fn nobody_leaves_a_run_unawares() {
    let mut app = house(Access::Operate);
    happened(&mut app, to_the_gate());
    for (keys, leaves) in [
        ("q enter", false),
        ("q esc", false),
        ("q down enter", true),
        ("ctrl-c ctrl-c", true),
    ] {
        let effects = press(&mut app, keys);
        assert_eq!(effects.contains(&Effect::Quit), leaves, "{keys}");
        assert!(
            !orders(&effects)
                .iter()
                .any(|it| matches!(it, Order::Steer(..)))
        );
        app.overlays.clear();
    }
    let effects = press(&mut app, "q down down enter");
    assert!(matches!(
        orders(&effects)[..],
        [Order::Steer(_, Steered::Cancel)]
    ));
    assert!(!effects.contains(&Effect::Quit));
    let effects = tell(
        &mut app,
        Tidings::Happened(
            OperationId::new("20261120-140000-rollback-4711"),
            Box::new(finish(Outcome::Cancelled)),
        ),
    );
    assert!(effects.contains(&Effect::Quit));
}

#[test]
fn what_wants_somebody_comes_before_what_runs_and_that_before_what_is_over() {
    let named = |name: &str, began: i64, records: Vec<Record>| {
        let mut plan = plan(&REGIONS, Consent::Key);
        plan.id = OperationId::new(name);
        let mut run = run(plan, records);
        run.began = at(0) - TimeDelta::seconds(began);
        run
    };
    let open = |gate| Record::Gate {
        wave: 0,
        gate,
        state: GateState::Open {
            since: at(0),
            until: None,
        },
    };
    let over = || vec![Record::Finished(Outcome::Succeeded)];
    let mut app = house(Access::Operate);
    tell(
        &mut app,
        Tidings::Runs(Ok(vec![
            named("old", 900, over()),
            named("new", 60, over()),
            named("runs", 300, vec![]),
            named("wants", 600, vec![open(0)]),
        ])),
    );
    for name in ["runs", "wants"] {
        tell(
            &mut app,
            Tidings::Kept(OperationId::new(name), Keeper::Ourselves),
        );
    }
    let rows = app.operations().rows().iter();
    let rows: Vec<&str> = rows.map(OperationId::as_str).collect();
    assert_eq!(rows, ["wants", "runs", "new", "old"]);
    let foremost = app.operations().foremost(at(0)).unwrap();
    assert_eq!(foremost.plan.id.as_str(), "wants");
    assert!(matches!(
        foremost.plan.waves[0].gates[0],
        Gate::Approve { .. }
    ));
}
