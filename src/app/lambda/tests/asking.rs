//! What is asked of AWS while the view or a function is open, and what that costs.

use super::*;

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

/// How often this is asked for in a region, by one wish.
fn cadence(app: &App, topic: &Topic) -> Option<Cadence> {
    let mut asked = wishes(app).into_iter().filter(|it| it.topic == *topic);
    asked.next().map(|wish| wish.cadence)
}

#[test]
fn totals_are_asked_for_each_minute_while_they_are_shown_and_else_as_elsewhere() {
    let mut app = world();
    let totals = Topic::Metrics(Subject::Lambda, Grain::MINUTE);
    let seldom = Some(Cadence::Background(TimeDelta::seconds(300)));
    let often = Some(Cadence::Focused(FIGURES));
    for (keys, expected) in [
        ("", seldom),
        ("t", often),
        ("enter", seldom),
        ("esc", often),
        ("t", seldom),
        ("2", seldom),
        ("1", often),
    ] {
        if !keys.is_empty() {
            press(&mut app, keys);
        }
        assert_eq!(cadence(&app, &totals), expected, "{keys:?}");
        let period = expected.unwrap().period().unwrap();
        assert_eq!(crate::app::wishes::totals_period(&app), period);
        let alarms = Some(crate::app::alarms::cadence(&app));
        assert_eq!(cadence(&app, &Topic::Alarms), alarms);
    }
}

#[test]
fn the_window_of_another_view_is_not_that_of_the_functions() {
    let mut app = world();
    let errors = |app: &App| {
        let of_rows =
            |(subject, ..): &(Subject, String, Cadence)| matches!(subject, Subject::Errors(_));
        metrics(app).iter().filter(|it| of_rows(it)).count()
    };
    assert_eq!(errors(&app), 4, "of two functions in four places");
    let window = |first, size| Viewport {
        list: Window { first, size },
        ..Viewport::default()
    };
    // Elsewhere the list stands at its end, for long.
    press(&mut app, "2");
    app.update(Event::Drawn(window(40, 3)));
    for second in 1..=9 {
        app.update(Event::Tick(at(100 + second)));
    }
    press(&mut app, "3");
    assert_eq!(errors(&app), 0, "not before something was drawn");
    app.update(Event::Tick(at(109)));
    app.update(Event::Drawn(window(0, 20)));
    rest(&mut app);
    assert_eq!(errors(&app), 4);
    // What lies over the view has a window of its own.
    press(&mut app, "enter");
    app.update(Event::Drawn(window(40, 3)));
    for second in 1..=9 {
        app.update(Event::Tick(at(120 + second)));
    }
    press(&mut app, "esc");
    assert_eq!(app.lambda().rest.window(), Window::default());
    rest(&mut app);
    assert_eq!(errors(&app), 4);
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
