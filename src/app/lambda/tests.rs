//! Rows and their order, where keys lead, what is asked for, and what is sent.

use super::detail::FunctionPage;
use super::*;
use crate::app::overlay::Overlay;
use crate::app::testing::{account, at, fleet, keymap, scope, stack, stacks_reading};
use crate::app::{App, Effect, Event, View, Viewport};
use crate::domain::store::Attempt;
use crate::domain::{
    Access, Alarm, AlarmKind, AlarmState, Alias, Extent, Grain, Guard, Invoked, Kind, Measure,
    MetricId, Metrics, Package, Problem, Reading, Series, Subject, Topic, Watch,
};
use crate::engine::message::{Cadence, Request, Update, Wish};
use chrono::TimeDelta;

const REGIONS: [&str; 3] = ["us-east-1", "eu-west-1", "eu-central-1"];

fn function(name: &str, region: &str) -> Function {
    Function {
        name: name.into(),
        arn: format!("arn:aws:lambda:{region}:123456789012:function:{name}")
            .as_str()
            .into(),
        runtime: Some("python3.13".into()),
        package: Package::Zip,
        handler: Some("app.handler".into()),
        memory: 512,
        timeout: TimeDelta::seconds(30),
        architectures: vec!["arm64".into()],
        modified: Some(at(-86_400)),
        code: "c0ffee0123".into(),
        code_size: 4_000_000,
        description: None,
        role: None,
        environment: vec!["DATABASE_PASSWORD".into()],
        layers: Vec::new(),
        vpc: None,
        log_group: format!("/aws/lambda/{name}").as_str().into(),
        condition: None,
    }
}

fn hear(
    app: &mut App,
    region: &str,
    topic: Topic,
    result: Result<Reading, Problem>,
) -> Vec<Effect> {
    app.update(Event::Engine(Update::Attempt(Attempt {
        topic,
        scope: scope("prod", region),
        at: at(0),
        took: TimeDelta::milliseconds(90),
        result,
        retry: None,
    })))
}

fn alias(version: &str) -> Reading {
    Reading::Aliases(vec![Alias {
        name: "ACTIVE".into(),
        version: version.into(),
        weights: Vec::new(),
        description: None,
        revision: None,
    }])
}

/// Ten minutes of so many calls, of which so many fail.
fn figures(calls: f64, errors: f64) -> Reading {
    let line = |value| Series::of(TimeDelta::minutes(1), at(-600), [Some(value); 10]);
    Reading::Metrics(Metrics {
        series: [
            (Measure::Invocations, line(calls)),
            (Measure::Errors, line(errors)),
        ]
        .into(),
        extent: Extent::Whole,
    })
}

fn errors_of(name: &str) -> Topic {
    Topic::Metrics(Subject::Errors(name.into()), Grain::MINUTE)
}

fn alarm(function: &str) -> Alarm {
    Alarm {
        name: "api-errors".into(),
        arn: "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:api-errors".into(),
        description: None,
        state: AlarmState::Alarm,
        reason: None,
        since: Some(at(-60)),
        kind: AlarmKind::Metric(Watch {
            metric: MetricId {
                namespace: "AWS/Lambda".into(),
                name: "Errors".into(),
                dimensions: vec![("FunctionName".into(), function.into())],
                statistic: "Sum".into(),
                period: 60,
            },
            comparison: "GreaterThanThreshold".into(),
            threshold: Some(2.0),
            periods: 3,
            datapoints: 3,
            missing: "missing".into(),
        }),
        actions: crate::domain::alarm::Actions::Enabled,
    }
}

/// Three regions with two functions, and one that stands in one of them only.
fn world() -> App {
    let mut owned = account("prod", REGIONS);
    owned.access = Access::Operate;
    let mut app = App::new(fleet([owned]), keymap(), at(0));
    press(&mut app, "3");
    for region in REGIONS {
        let mut functions = vec![function("api", region), function("worker", region)];
        if region == "eu-central-1" {
            functions.insert(1, function("only-here", region));
        }
        hear(
            &mut app,
            region,
            Topic::Functions,
            Ok(Reading::Functions(functions)),
        );
    }
    rest(&mut app);
    app
}

/// Time goes on until the cursor counts as being at rest.
fn rest(app: &mut App) -> Vec<Effect> {
    let size = Viewport {
        list: Window { first: 0, size: 20 },
        ..Viewport::default()
    };
    app.update(Event::Drawn(size));
    let now = app.now();
    (1..=5)
        .flat_map(|quarter| app.update(Event::Tick(now + TimeDelta::milliseconds(quarter * 250))))
        .collect()
}

fn press(app: &mut App, keys: &str) -> Vec<Effect> {
    keys.split(' ')
        .flat_map(|key| app.update(Event::Key(key.parse().unwrap())))
        .collect()
}

fn names(app: &App) -> Vec<&str> {
    app.lambda()
        .rows()
        .iter()
        .map(|row| row.name.exact())
        .collect()
}

fn wishes(app: &App) -> Vec<Wish> {
    crate::app::wishes::wishes(app)
}

fn metrics(app: &App) -> Vec<(Subject, String, Cadence)> {
    let of = |wish: Wish| match wish.topic {
        Topic::Metrics(subject, _) => Some((subject, wish.scope.to_string(), wish.cadence)),
        _ => None,
    };
    wishes(app).into_iter().filter_map(of).collect()
}

#[test]
fn rows_in_trouble_come_first_and_lean_to_the_region_that_is() {
    let mut app = world();
    assert_eq!(names(&app), ["api", "only-here", "worker"]);
    for region in REGIONS {
        hear(
            &mut app,
            region,
            Topic::Aliases("api".into()),
            Ok(alias("18")),
        );
        let rate = if region == "eu-west-1" { 41.0 } else { 0.0 };
        hear(
            &mut app,
            region,
            errors_of("worker"),
            Ok(figures(100.0, rate)),
        );
    }
    hear(
        &mut app,
        "eu-central-1",
        Topic::Aliases("api".into()),
        Ok(alias("17")),
    );
    assert_eq!(
        names(&app),
        ["worker", "api", "only-here"],
        "errors before skew"
    );
    assert_eq!(
        app.lambda().selected_region().unwrap().as_str(),
        "eu-west-1"
    );
    let cell = app.lambda().selected().unwrap();
    assert_eq!((cell.health, cell.is_outlier), (Health::Errors, true));

    hear(
        &mut app,
        "eu-central-1",
        Topic::Alarms,
        Ok(Reading::Alarms(vec![alarm("api")])),
    );
    assert_eq!(
        names(&app),
        ["api", "worker", "only-here"],
        "an alarm before errors"
    );
    let api = &app.lambda().rows()[0];
    let health: Vec<_> = api.cells.iter().flatten().map(|cell| cell.health).collect();
    assert_eq!(health, [Health::Unknown, Health::Unknown, Health::Alarm]);
    press(&mut app, "s");
    assert_eq!(names(&app), ["api", "only-here", "worker"], "by name");
    press(&mut app, "S");
    assert_eq!(names(&app), ["worker", "only-here", "api"]);
}

#[test]
fn other_code_and_another_version_are_skew() {
    let mut app = world();
    let mut functions = vec![
        function("api", "eu-west-1"),
        function("worker", "eu-west-1"),
    ];
    functions[1].code = "0ther".into();
    hear(
        &mut app,
        "eu-west-1",
        Topic::Functions,
        Ok(Reading::Functions(functions)),
    );
    assert_eq!(names(&app), ["worker", "api", "only-here"]);
    let worker = &app.lambda().rows()[0];
    let skew: Vec<_> = worker
        .cells
        .iter()
        .flatten()
        .map(|cell| cell.code_skew)
        .collect();
    assert_eq!(skew, [Skew::None, Skew::Differs, Skew::None]);
}

#[test]
fn what_is_not_known_is_not_well_and_what_is_old_is_not_known() {
    let mut app = world();
    let health = |app: &App| {
        app.lambda()
            .rows()
            .iter()
            .find(|row| row.name.exact() == "worker")
            .unwrap()
            .cells[0]
            .as_ref()
            .unwrap()
            .health
    };
    assert_eq!(health(&app), Health::Unknown);
    hear(
        &mut app,
        "us-east-1",
        errors_of("worker"),
        Ok(figures(100.0, 0.0)),
    );
    assert_eq!(health(&app), Health::Well);
    let denied = Problem::new(Kind::Denied, "Not allowed to read the metrics.");
    hear(&mut app, "us-east-1", errors_of("worker"), Err(denied));
    let row = &app.lambda().rows()[2];
    assert!(row.cells[0].as_ref().unwrap().is_refused);
    app.update(Event::Tick(at(16 * 60)));
    hear(
        &mut app,
        "us-east-1",
        Topic::Alarms,
        Ok(Reading::Alarms(Vec::new())),
    );
    assert_eq!(
        health(&app),
        Health::Unknown,
        "a quarter of an hour ago is not now"
    );
}

#[test]
fn the_selection_follows_the_function_and_not_the_row() {
    let mut app = world();
    press(&mut app, "j j");
    assert_eq!(app.selected_function_name().unwrap().1.exact(), "worker");
    hear(
        &mut app,
        "eu-west-1",
        errors_of("worker"),
        Ok(figures(100.0, 50.0)),
    );
    assert_eq!(names(&app)[0], "worker");
    assert_eq!(app.selected_function_name().unwrap().1.exact(), "worker");
    press(&mut app, "v");
    assert_eq!(app.selected_function_name().unwrap().1.exact(), "worker");
    assert_eq!(app.lambda().len(), 7, "one row per function and region");
    press(&mut app, "v");
    assert_eq!(app.selected_function_name().unwrap().1.exact(), "worker");
}

#[test]
fn the_small_multiples_stand_worst_first_and_one_region_makes_one_row() {
    let mut app = world();
    let whole = Topic::Metrics(Subject::Function("api".into()), Grain::MINUTE);
    for region in REGIONS {
        let rate = if region == "eu-central-1" { 41.0 } else { 0.0 };
        hear(&mut app, region, whole.clone(), Ok(figures(100.0, rate)));
    }
    let regions = |app: &App| {
        let strips = app.lambda().strips().iter();
        let scopes = strips.map(|strip| app.lambda().scope_of(strip).unwrap().to_string());
        scopes.collect::<Vec<_>>()
    };
    assert_eq!(
        regions(&app),
        ["prod/eu-central-1", "prod/us-east-1", "prod/eu-west-1"]
    );
    let worst = &app.lambda().strips()[0];
    assert!(worst.rate_stands_out);
    assert_eq!(worst.vitals.unwrap().rate, Some(41.0));
    press(&mut app, "j");
    assert_eq!(regions(&app), ["prod/eu-central-1"]);
    press(&mut app, "t");
    assert_eq!(
        app.lambda().strips().len(),
        3,
        "the account stands everywhere"
    );
}

#[test]
fn nothing_is_asked_of_lambda_while_another_view_is_open() {
    let mut app = world();
    assert!(
        wishes(&app)
            .iter()
            .any(|wish| wish.topic == Topic::Functions)
    );
    press(&mut app, "2");
    let topics: Vec<_> = wishes(&app).into_iter().map(|wish| wish.topic).collect();
    assert!(!topics.contains(&Topic::Functions));
    let asked = metrics(&app);
    let of_one = |(subject, ..): &(Subject, String, Cadence)| *subject != Subject::Lambda;
    assert!(!asked.iter().any(of_one), "only what the Fleet view shows");
}

#[test]
fn figures_cost_so_they_are_asked_for_what_is_looked_at_and_only_then() {
    let mut app = world();
    let asked = metrics(&app);
    let count = |of: &dyn Fn(&Subject) -> bool| asked.iter().filter(|(it, ..)| of(it)).count();
    assert_eq!(count(&|it| *it == Subject::Lambda), 3);
    assert_eq!(count(&|it| *it == Subject::Function("api".into())), 3);
    assert_eq!(
        count(&|it| *it == Subject::Errors("api".into())),
        0,
        "in the other"
    );
    assert_eq!(count(&|it| *it == Subject::Errors("worker".into())), 3);
    assert_eq!(count(&|it| *it == Subject::Errors("only-here".into())), 1);

    app.update(Event::Tick(at(11 * 60)));
    assert_eq!(
        metrics(&app),
        [],
        "nobody has pressed a key for ten minutes"
    );
}

#[test]
fn a_cursor_that_only_passes_asks_for_nothing() {
    let mut app = world();
    let before = metrics(&app);
    press(&mut app, "j j");
    assert_eq!(metrics(&app), before);
    app.update(Event::Tick(app.now() + TimeDelta::milliseconds(500)));
    assert_eq!(metrics(&app), before);
    rest(&mut app);
    let asked = metrics(&app);
    let functions = asked
        .iter()
        .filter(|(it, ..)| matches!(it, Subject::Function(_)));
    let functions: Vec<_> = functions.map(|(it, ..)| it.clone()).collect();
    assert_eq!(functions, vec![Subject::Function("worker".into()); 3]);
}

#[test]
fn an_hour_over_seventeen_regions_stays_within_thirty_cents() {
    let regions: [String; 17] = std::array::from_fn(|nth| format!("xx-region-{nth}"));
    let names: [&str; 17] = std::array::from_fn(|nth| &*regions[nth]);
    let mut app = App::new(fleet([account("prod", names)]), keymap(), at(0));
    press(&mut app, "3");
    for region in names {
        let functions = (0..100).map(|nth| function(&format!("function-{nth:03}"), region));
        let reading = Reading::Functions(functions.collect());
        hear(&mut app, region, Topic::Functions, Ok(reading));
    }
    let tall = Viewport {
        list: Window { first: 0, size: 90 },
        ..Viewport::default()
    };
    app.update(Event::Drawn(tall.clone()));
    for quarter in 1..=8 {
        app.update(Event::Tick(at(0) + TimeDelta::milliseconds(quarter * 250)));
    }
    let hourly = |app: &App| {
        let each = metrics(app).into_iter().map(|(subject, _, cadence)| {
            let period = cadence.period().unwrap().num_seconds();
            i64::from(subject.price()) * 3_600 / period
        });
        each.sum::<i64>()
    };
    assert!(
        (20_000..=30_000).contains(&hourly(&app)),
        "{} metrics",
        hourly(&app)
    );
    press(&mut app, "enter");
    assert!(hourly(&app) <= 11_000, "{} metrics", hourly(&app));
}

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
fn every_page_asks_for_what_it_shows_and_for_no_rows() {
    let mut app = world();
    press(&mut app, "enter");
    for (keys, topic, cadence) in [
        (
            "g m",
            Topic::Versions("api".into()),
            Cadence::Background(TimeDelta::seconds(300)),
        ),
        (
            "g c",
            Topic::Function("api".into()),
            Cadence::Focused(FIGURES),
        ),
        (
            "g c",
            Topic::Concurrency("api".into()),
            Cadence::Focused(FIGURES),
        ),
        ("g c", Topic::LambdaLimits, Cadence::Background(FUNCTIONS)),
        (
            "g c",
            Topic::Owner("api".into()),
            Cadence::Background(FUNCTIONS),
        ),
        (
            "g v",
            Topic::Versions("api".into()),
            Cadence::Focused(FIGURES),
        ),
        (
            "g s",
            Topic::EventSources("api".into()),
            Cadence::Focused(FIGURES),
        ),
        (
            "g e",
            Topic::LastErrors("/aws/lambda/api".into()),
            Cadence::Focused(FIGURES),
        ),
    ] {
        press(&mut app, keys);
        let mine: Vec<_> = wishes(&app)
            .into_iter()
            .filter(|wish| wish.topic == topic)
            .collect();
        assert_eq!(mine.len(), 3, "{keys} {topic:?}");
        assert!(mine.iter().all(|wish| wish.cadence == cadence), "{keys}");
        let rows = metrics(&app);
        assert!(
            rows.iter()
                .all(|(it, ..)| !matches!(it, Subject::Errors(_))),
            "{keys}"
        );
    }
}

#[test]
fn a_longer_window_is_asked_for_as_seldom_as_it_changes() {
    let mut app = world();
    press(&mut app, "enter");
    for (grain, seconds) in [
        (Grain::MINUTE, 60),
        (Grain::FIVE_MINUTES, 300),
        (Grain::HOUR, 3_600),
        (Grain::MINUTE, 60),
        (Grain::MINUTE, 60),
    ] {
        let topic = Topic::Metrics(Subject::Function("api".into()), grain);
        let asked: Vec<_> = wishes(&app)
            .into_iter()
            .filter(|it| it.topic == topic)
            .collect();
        assert_eq!(asked.len(), 3, "{grain:?}");
        assert_eq!(
            asked[0].cadence,
            Cadence::Focused(TimeDelta::seconds(seconds))
        );
        press(&mut app, "w");
    }
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
    let shown = format!("{:?}", lines);
    assert!(shown.contains("DATABASE_PASSWORD (names only)"));
}

#[test]
fn a_function_is_opened_from_anywhere_and_whatever_is_filtered() {
    let mut app = world();
    press(&mut app, "/ z z enter 1");
    app.open_function(scope("prod", "eu-central-1"), "worker".into());
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
