//! Rows, their order and what is selected; the others are beside.

mod asking;
mod calling;
mod opening;

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
                unit: None,
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
fn a_region_without_the_alias_that_most_have_is_skewed() {
    let mut app = world();
    let none = || Ok(Reading::Aliases(Vec::new()));
    let topic = || Topic::Aliases("api".into());
    let skew = |app: &App| {
        let row = &app.lambda().rows()[0];
        assert_eq!(row.name.exact(), "api");
        let cells = row.cells.iter().flatten();
        cells.map(|cell| cell.alias_skew).collect::<Vec<_>>()
    };
    hear(&mut app, "us-east-1", topic(), Ok(alias("18")));
    hear(&mut app, "eu-west-1", topic(), none());
    assert_eq!(skew(&app), [Skew::None; 3], "one of two is not most");
    hear(&mut app, "eu-central-1", topic(), Ok(alias("18")));
    assert_eq!(skew(&app), [Skew::None, Skew::Differs, Skew::None]);
    let health = app.lambda().rows()[0].cells[1].as_ref().unwrap().health;
    assert_eq!(health, Health::Skewed);
    hear(&mut app, "us-east-1", topic(), none());
    assert_eq!(skew(&app), [Skew::None; 3], "most have none");
}

#[test]
fn a_function_whose_calls_are_all_turned_away_is_in_trouble_and_not_quiet() {
    let line = |value| Series::of(TimeDelta::minutes(1), at(-600), [value; 10]);
    let told = |calls, throttles, extent| {
        let series = [
            (Measure::Invocations, line(calls)),
            (Measure::Errors, line(None)),
            (Measure::Throttles, line(throttles)),
        ];
        Ok(Reading::Metrics(Metrics {
            series: series.into(),
            extent,
        }))
    };
    let partial = || Extent::Partial(None);
    for (calls, throttles, extent, health) in [
        (None, Some(9.0), Extent::Whole, Health::Errors),
        (None, None, Extent::Whole, Health::Quiet),
        (None, None, partial(), Health::Unknown),
        (Some(9.0), None, partial(), Health::Unknown),
    ] {
        let mut app = world();
        let whole = Topic::Metrics(Subject::Function("api".into()), Grain::MINUTE);
        for topic in [errors_of("api"), whole] {
            let told = told(calls, throttles, extent.clone());
            hear(&mut app, "us-east-1", topic, told);
        }
        let cell = app.lambda().rows()[0].cells[0].as_ref().unwrap();
        assert_eq!(cell.health, health, "{calls:?} {throttles:?}");
        let mut strips = app.lambda().strips().iter();
        let strip = strips.find(|it| it.scope == 0).unwrap();
        assert_eq!(strip.health, health, "{calls:?} {throttles:?}");
    }
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
