//! Calling a function: planned, read, consented to, sent once, and told.

use super::*;

/// The requests that call a function.
fn calls(effects: &[Effect]) -> Vec<&Request> {
    let asked = effects.iter().filter_map(|effect| match effect {
        Effect::Ask(request @ Request::Invoke(..)) => Some(request),
        _ => None,
    });
    asked.collect()
}

fn wait(app: &mut App) {
    for _ in 0..2 {
        app.update(Event::Tick(app.now()));
    }
}

fn aliases(app: &mut App, reading: Result<Reading, Problem>) {
    hear(app, "us-east-1", Topic::Aliases("api".into()), reading);
}

/// The function has no alias.
fn guarded(guard: Guard) -> App {
    let mut app = world();
    app.fleet.accounts[0].guard = guard;
    aliases(&mut app, Ok(Reading::Aliases(Vec::new())));
    app
}

fn said(app: &App) -> &str {
    &app.notices().current().unwrap().text
}

fn plan(app: &App) -> Option<&invoke::Plan> {
    match app.overlays().last() {
        Some(Overlay::Plan(plan)) => Some(plan),
        _ => None,
    }
}

#[test]
fn an_alias_that_nobody_has_read_is_not_an_alias_that_is_not_there() {
    let denied = || Problem::new(Kind::Denied, "Not allowed to read the aliases.");
    let mut app = world();
    for words in ["was not read yet", "Not allowed to read the aliases."] {
        for key in ["p", "i"] {
            assert!(calls(&press(&mut app, key)).is_empty());
            assert!(app.overlays().is_empty(), "{words}");
            let said = said(&app);
            assert!(said.starts_with("Where ACTIVE of api in us-east-1 points"));
            assert!(said.contains(words) && said.contains("nothing is sent"));
        }
        aliases(&mut app, Err(denied()));
    }
    // What was read before stays known.
    aliases(&mut app, Ok(Reading::Aliases(Vec::new())));
    aliases(&mut app, Err(denied()));
    press(&mut app, "p");
    let plan = plan(&app).unwrap();
    assert_eq!(plan.pointing, Pointing::Absent);
    assert_eq!(plan.asked.qualifier, None);
}

#[test]
fn a_payload_stays_where_the_alias_is_not_known_any_more() {
    let mut app = guarded(Guard::Confirm);
    press(&mut app, "i");
    app.store.forget_details(|_, _| false);
    press(&mut app, "enter");
    let Some(Overlay::Payload(payload)) = app.overlays().last() else {
        panic!("the field is gone");
    };
    assert!(payload.complaint.as_ref().unwrap().contains("not read yet"));
}

#[test]
fn a_plan_that_is_not_so_any_more_is_not_carried_out() {
    let mut app = guarded(Guard::Confirm);
    for (before, after, words) in [
        (Ok(alias("18")), Ok(alias("19")), "points to 19 now"),
        (
            Ok(alias("19")),
            Ok(Reading::Aliases(Vec::new())),
            "points to nothing now",
        ),
    ] {
        aliases(&mut app, before);
        press(&mut app, "p");
        wait(&mut app);
        aliases(&mut app, after);
        assert!(calls(&press(&mut app, "enter")).is_empty());
        assert!(plan(&app).is_none());
        assert!(said(&app).starts_with("Nothing was sent: ACTIVE of api"));
        assert!(said(&app).contains(words), "{}", said(&app));
    }
    for (seconds, sent) in [(299, 1), (302, 0)] {
        let mut app = guarded(Guard::Confirm);
        press(&mut app, "p");
        let made = app.now();
        for _ in 0..2 {
            app.update(Event::Tick(made + TimeDelta::seconds(seconds)));
        }
        assert_eq!(calls(&press(&mut app, "enter")).len(), sent, "{seconds}");
        let is_old = said(&app).contains("older than 5 minutes");
        assert_eq!(is_old, sent == 0);
    }
}

#[test]
fn a_ping_is_planned_read_and_sent_once() {
    for guard in [Guard::None, Guard::Confirm] {
        let mut app = guarded(guard);
        hear(
            &mut app,
            "us-east-1",
            Topic::Aliases("api".into()),
            Ok(alias("18")),
        );
        assert_eq!(calls(&press(&mut app, "p")), Vec::<&Request>::new());
        let Some(Overlay::Plan(plan)) = app.overlays().last() else {
            panic!("no plan");
        };
        assert_eq!(plan.asked.target(), "api:ACTIVE");
        assert_eq!(plan.pointing.version(), Some("18"));
        assert_eq!(
            calls(&press(&mut app, "enter enter enter")),
            Vec::<&Request>::new(),
            "unread"
        );
        wait(&mut app);
        let effects = press(&mut app, "enter enter");
        let [Request::Invoke(id, there, asked)] = calls(&effects)[..] else {
            panic!("{effects:?}");
        };
        assert_eq!(there.to_string(), "prod/us-east-1");
        assert_eq!(asked.payload, r#"{"ramuda_action":"ping"}"#);
        let (id, there) = (*id, there.clone());
        // What is on its way is not sent again.
        press(&mut app, "esc esc p");
        assert!(!matches!(app.overlays().last(), Some(Overlay::Plan(_))));
        // Nobody leaves it behind unawares.
        assert!(!press(&mut app, "q").contains(&Effect::Quit));
        assert!(said(&app).contains("goes on without you"), "{}", said(&app));
        assert!(press(&mut app, "q").contains(&Effect::Quit));
        let invoked = Invoked {
            version: Some("18".into()),
            error: None,
            payload: "\"alive\"\u{1b}[2J".into(),
            log: "START\nEND".into(),
        };
        let took = TimeDelta::milliseconds(182);
        app.update(Event::Engine(Update::Invoked(
            id,
            there.clone(),
            Ok(invoked.clone()),
            took,
        )));
        let Some(Overlay::Text { text, .. }) = app.overlays().last() else {
            panic!("no answer");
        };
        assert!(
            text.starts_with("Answered in 182 ms.⏎Version 18 ran."),
            "{text}"
        );
        assert!(
            text.contains("START⏎END") && !text.contains('\u{1b}'),
            "{text}"
        );
        // Told twice, it is shown once.
        press(&mut app, "esc");
        app.update(Event::Engine(Update::Invoked(id, there, Ok(invoked), took)));
        assert!(app.overlays().is_empty());
    }
}

#[test]
fn a_guarded_name_is_typed_and_never_pasted() {
    let mut app = guarded(Guard::Typed);
    press(&mut app, "p");
    wait(&mut app);
    assert!(calls(&press(&mut app, "enter")).is_empty());
    app.update(Event::Paste("api".into()));
    assert!(calls(&press(&mut app, "enter")).is_empty());
    press(&mut app, "a p i");
    wait(&mut app);
    assert_eq!(calls(&press(&mut app, "enter")).len(), 1);
}

#[test]
fn a_payload_that_is_no_json_stays_with_a_sentence() {
    let mut app = guarded(Guard::Confirm);
    press(&mut app, "i ctrl-u");
    app.update(Event::Paste("{\"a\": 1,\n".into()));
    press(&mut app, "enter");
    let Some(Overlay::Payload(payload)) = app.overlays().last() else {
        panic!("the field is gone");
    };
    assert!(
        payload
            .complaint
            .as_ref()
            .unwrap()
            .starts_with("This is no JSON")
    );
    assert_eq!(payload.input.text(), "{\"a\": 1, ");
    app.update(Event::Paste("\"b\": 2}".into()));
    press(&mut app, "enter");
    wait(&mut app);
    let effects = press(&mut app, "enter");
    let [Request::Invoke(_, _, asked)] = calls(&effects)[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(
        (asked.payload.as_str(), &asked.qualifier),
        ("{\"a\": 1, \"b\": 2}", &None)
    );
}

#[test]
fn a_read_only_account_says_so_at_once() {
    let mut app = guarded(Guard::None);
    app.fleet.accounts[0].access = Access::ReadOnly;
    for key in ["p", "i"] {
        assert!(calls(&press(&mut app, key)).is_empty());
        assert!(app.overlays().is_empty());
        let words = &app.notices().current().unwrap().text;
        assert!(words.contains("prod is read-only") && words.contains("read_only = false"));
    }
}

#[test]
fn an_answer_that_got_lost_does_not_say_that_nothing_ran() {
    let mut app = guarded(Guard::None);
    press(&mut app, "p");
    wait(&mut app);
    let effects = press(&mut app, "enter");
    let [Request::Invoke(id, there, _)] = calls(&effects)[..] else {
        panic!("{effects:?}");
    };
    let lost = Problem::new(Kind::Server, "Lambda in us-east-1 did not answer.");
    let lost = Update::Invoked(*id, there.clone(), Err(lost), TimeDelta::seconds(9));
    app.update(Event::Engine(lost));
    let Some(Overlay::Text { text, .. }) = app.overlays().last() else {
        panic!("no answer");
    };
    assert!(text.contains("Whether it ran is in its log."), "{text}");
}
