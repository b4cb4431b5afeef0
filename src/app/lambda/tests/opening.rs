//! Where keys lead: into a function, through its pages, and out of it.

use super::*;

#[test]
fn enter_opens_the_function_in_its_region_and_escape_leads_back() {
    let mut app = world();
    press(&mut app, "l enter");
    let open = app.function().unwrap();
    assert_eq!(open.name.exact(), "api");
    assert_eq!(open.region().unwrap().to_string(), "prod/eu-west-1");
    assert_eq!(
        app.selected_function().unwrap().0.to_string(),
        "prod/eu-west-1"
    );
    press(&mut app, "j");
    assert_eq!(
        app.function().unwrap().region().unwrap().to_string(),
        "prod/eu-central-1"
    );
    press(&mut app, "esc");
    assert!(app.function().is_none() && app.view() == View::Lambda);
    // It does not stand in the first region.
    press(&mut app, "j h h enter");
    assert!(app.function().is_none());
    press(&mut app, "g c");
    assert!(app.function().is_none());
}

#[test]
fn the_moment_that_is_read_moves_within_the_window_and_back_to_the_newest() {
    let mut app = world();
    press(&mut app, "enter left");
    let read = app.function().unwrap().at().unwrap();
    assert!(read < app.now());
    press(&mut app, "right");
    assert_eq!(app.function().unwrap().at(), None);
    for _ in 0..200 {
        press(&mut app, "left");
    }
    let (from, _) = app.function().unwrap().window(app.now());
    assert_eq!(app.function().unwrap().at(), Some(from));
    press(&mut app, "w");
    assert_eq!(
        app.function().unwrap().at(),
        None,
        "another window, another moment"
    );
}

#[test]
fn enter_on_the_charts_follows_the_failing_calls_of_that_region() {
    let mut app = world();
    press(&mut app, "l enter");
    let whole = Topic::Metrics(Subject::Function("api".into()), Grain::MINUTE);
    hear(&mut app, "eu-west-1", whole, Ok(figures(100.0, 41.0)));
    let mut effects = press(&mut app, "enter");
    assert_eq!(
        (app.view(), app.logs().filter_text()),
        (View::Logs, "level>=ERROR")
    );
    // The Logs view had been away, and is back with the next tick.
    effects.extend(app.update(Event::Tick(app.now())));
    let tails = effects.iter().filter_map(|effect| match effect {
        Effect::Ask(Request::Tail(spec)) => Some(spec),
        _ => None,
    });
    let tails: Vec<_> = tails.collect();
    assert_eq!(tails.len(), 1);
    let source = &tails[0].sources[..];
    assert_eq!(source.len(), 1);
    assert_eq!(source[0].to_string(), "prod/eu-west-1 /aws/lambda/api");
    // The last minute with a failure began a minute ago.
    assert_eq!(tails[0].from, at(-60) - TimeDelta::minutes(2));
    press(&mut app, "3");
    assert_eq!(
        app.selected_function_name().unwrap().1.exact(),
        "api",
        "the way back"
    );
}

#[test]
fn without_a_failure_everything_that_it_says_is_followed() {
    let mut app = world();
    press(&mut app, "enter enter");
    assert_eq!((app.view(), app.logs().filter_text()), (View::Logs, ""));
    assert!(app.logs().tail().is_some());
}

#[test]
fn a_stack_is_a_way_from_the_function_that_it_made() {
    let mut app = world();
    let owner = stack("checkout", "UPDATE_COMPLETE", "v1");
    let id = owner.id.clone();
    app.update(Event::Engine(Update::Attempt(stacks_reading(
        "prod",
        "us-east-1",
        0,
        vec![owner],
    ))));
    press(&mut app, "enter g c");
    for region in REGIONS {
        let owner = Reading::Owner(Some(id.clone()));
        hear(&mut app, region, Topic::Owner("api".into()), Ok(owner));
    }
    let lines = app.function().unwrap().lines();
    let stack = lines
        .iter()
        .position(|line| line.cells[0] == "Stack")
        .unwrap();
    assert_eq!(lines[stack].cells[1..], ["checkout", "everywhere"]);
    for _ in 0..stack {
        press(&mut app, "j");
    }
    press(&mut app, "enter");
    assert_eq!(app.view(), View::Stacks);
    assert_eq!(app.detail().unwrap().id, id);
}

#[test]
fn a_page_tells_what_is_denied_beside_what_is_known() {
    let mut app = world();
    press(&mut app, "enter g c");
    let denied = || Problem::new(Kind::Denied, "Not allowed to read the concurrency of api.");
    hear(
        &mut app,
        "us-east-1",
        Topic::Concurrency("api".into()),
        Err(denied()),
    );
    let lines = app.function().unwrap().lines();
    let line = |name: &str| lines.iter().find(|line| line.cells[0] == name).unwrap();
    assert_eq!(line("Memory").cells[1], "512 MB");
    assert_eq!(
        line("Concurrency").cells[1..],
        ["asking", "all but us-east-1"]
    );
    assert!(line("not known").cells[1].starts_with("Not allowed"));
    let shown = format!("{lines:?}");
    assert!(shown.contains("DATABASE_PASSWORD (names only)"));
}

#[test]
fn a_function_is_opened_from_anywhere_and_whatever_is_filtered() {
    let mut app = world();
    press(&mut app, "/ z z enter 1");
    app.open_function(&scope("prod", "eu-central-1"), "worker".into());
    let open = app.function().unwrap();
    assert_eq!(open.name.exact(), "worker");
    assert_eq!(open.region().unwrap().to_string(), "prod/eu-central-1");
    assert_eq!(app.selected_function().unwrap().1.name.exact(), "worker");
    // Nothing lies on the way, so nothing is waited for.
    assert!(
        metrics(&app)
            .iter()
            .any(|(it, ..)| *it == Subject::Function("worker".into()))
    );
}

#[test]
fn a_region_leads_to_its_function_in_the_most_trouble() {
    let mut app = world();
    hear(
        &mut app,
        "eu-central-1",
        errors_of("worker"),
        Ok(figures(100.0, 60.0)),
    );
    hear(
        &mut app,
        "us-east-1",
        errors_of("api"),
        Ok(figures(100.0, 90.0)),
    );
    press(&mut app, "1");
    app.show_lambda_at(&scope("prod", "eu-central-1"));
    assert_eq!(app.view(), View::Lambda);
    assert_eq!(app.selected_function_name().unwrap().1.exact(), "worker");
    assert_eq!(
        app.lambda().selected_region().unwrap().as_str(),
        "eu-central-1"
    );
}

#[test]
fn pages_turn_around() {
    let mut app = world();
    press(&mut app, "enter g v");
    assert_eq!(app.function().unwrap().page(), FunctionPage::Versions);
    press(&mut app, "tab tab tab");
    assert_eq!(app.function().unwrap().page(), FunctionPage::Charts);
    press(&mut app, "shift-tab");
    assert_eq!(app.function().unwrap().page(), FunctionPage::Errors);
}
