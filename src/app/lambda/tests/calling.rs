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

fn guarded(guard: Guard) -> App {
    let mut app = world();
    app.fleet.accounts[0].guard = guard;
    app
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
        assert_eq!(plan.version.as_deref(), Some("18"));
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
