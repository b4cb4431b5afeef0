//! The Logs view, driven by keys and fed as the engine feeds it.

use super::typed::moment;
use super::{Mode, Page as Shown};
use crate::app::testing::{account, at, fleet, keymap, scope, stack, stacks_reading};
use crate::app::{App, Effect, Event, View};
use crate::domain::log::{LogEvents, SiftJob, Sifted, Sifter};
use crate::domain::{
    Attempt, DriftStatus, Kind, LogGroup, Problem, Reading, StackResource, Timestamp, Topic,
    Untrusted,
};
use crate::engine::message::{Manner, News, Page, Request, TailId, TailSpec, Update};
use chrono::TimeDelta;
use std::sync::Arc;

const REGIONS: [&str; 2] = ["eu-west-1", "us-east-1"];

fn app() -> App {
    let mut app = App::new(fleet([account("prod", REGIONS)]), keymap(), at(0));
    for region in REGIONS {
        let stacks = vec![stack("checkout", "UPDATE_COMPLETE", "v1")];
        app.update(Event::Engine(Update::Attempt(stacks_reading(
            "prod", region, 0, stacks,
        ))));
    }
    app
}

fn hear(app: &mut App, region: &str, topic: Topic, reading: Reading) -> Vec<Request> {
    asked(app.update(Event::Engine(Update::Attempt(Attempt {
        topic,
        scope: scope("prod", region),
        at: at(1),
        took: TimeDelta::zero(),
        result: Ok(reading),
        retry: None,
    }))))
}

fn groups(app: &mut App, region: &str, beginning: &str, names: &[&str]) -> Vec<Request> {
    let groups = names.iter().map(|name| LogGroup {
        name: Untrusted::new(*name),
        arn: Untrusted::new(*name),
        retention: None,
        stored: 0,
    });
    let topic = Topic::LogGroups(Untrusted::new(beginning));
    hear(app, region, topic, Reading::LogGroups(groups.collect()))
}

fn press(app: &mut App, keys: &str) -> Vec<Request> {
    let keys = keys.split(' ').map(|key| key.parse().unwrap());
    keys.flat_map(|key| asked(app.update(Event::Key(key))))
        .collect()
}

fn asked(effects: Vec<Effect>) -> Vec<Request> {
    let requests = effects.into_iter().filter_map(|effect| match effect {
        Effect::Ask(Request::Watch(_)) => None,
        Effect::Ask(request) => Some(request),
        _ => None,
    });
    requests.collect()
}

fn type_in(app: &mut App, text: &str) -> Vec<Request> {
    asked(app.update(Event::Paste(text.to_owned())))
}

fn tick(app: &mut App, second: i64) -> Vec<Request> {
    asked(app.update(Event::Tick(at(second))))
}

/// Two groups in the first region, one in the second; all of them are followed.
fn followed() -> (App, TailSpec) {
    let mut app = app();
    press(&mut app, "4 a");
    groups(&mut app, "eu-west-1", "", &["/a", "/b"]);
    groups(&mut app, "us-east-1", "", &["/a"]);
    let requests = press(&mut app, "ctrl-a enter");
    let [Request::Tail(spec)] = &requests[..] else {
        panic!("{requests:?}")
    };
    let spec = spec.clone();
    (app, spec)
}

fn page(app: &mut App, tail: TailId, source: usize, lines: &[(i64, &str)]) -> Vec<Request> {
    let mut events = LogEvents::default();
    for (second, text) in lines {
        let time = at(*second).timestamp_millis();
        events.push("stream", (time, time), "", text);
    }
    let page = Arc::new(Page::told(source, events, at(0).timestamp_millis()));
    asked(app.update(Event::Engine(Update::Log(tail, News::Page(page)))))
}

fn names(spec: &TailSpec) -> Vec<String> {
    spec.sources.iter().map(ToString::to_string).collect()
}

fn shown(app: &App) -> Vec<String> {
    let view = app.logs().view();
    view.lines_from(0)
        .map(|line| line.safe().into_owned())
        .collect()
}

fn selected(app: &App) -> String {
    let logs = app.logs();
    let spot = logs.reader().cursor(&logs.view()).unwrap();
    let row = logs.book().row_of(spot.line).unwrap();
    logs.book().line(row).unwrap().safe().into_owned()
}

#[test]
fn a_region_that_cannot_say_its_groups_is_not_forgotten() {
    let (mut app, _) = followed();
    assert!(app.logs().unreached().is_empty());
    app.update(Event::Engine(Update::Attempt(Attempt {
        topic: Topic::LogGroups(Untrusted::new("/b")),
        scope: scope("prod", "us-east-1"),
        at: at(1),
        took: TimeDelta::zero(),
        result: Err(Problem::new(Kind::Denied, "No.")),
        retry: None,
    })));
    let silent = app.logs().unreached().keys().cloned().collect::<Vec<_>>();
    assert_eq!(silent, [scope("prod", "us-east-1")]);
}

#[test]
fn what_is_picked_is_followed_region_by_region_from_five_minutes_ago() {
    let (_, spec) = followed();
    assert_eq!(
        names(&spec),
        [
            "prod/eu-west-1 /a",
            "prod/eu-west-1 /b",
            "prod/us-east-1 /a"
        ]
    );
    assert_eq!((spec.from, spec.manner), (at(-300), Manner::Polling));
}

#[test]
fn a_group_that_appears_later_joins_the_tail_and_one_that_is_dropped_ends_it() {
    let (mut app, first) = followed();
    let grown = groups(&mut app, "us-east-1", "/b", &["/b"]);
    let [Request::Tail(spec)] = &grown[..] else {
        panic!("{grown:?}")
    };
    assert_eq!((spec.id, names(spec).len()), (first.id, 4));
    assert_eq!(names(spec)[..3], names(&first));

    page(&mut app, first.id, 0, &[(1, "one")]);
    let narrowed = press(&mut app, "a tab enter");
    let [Request::Untail(old), Request::Tail(new)] = &narrowed[..] else {
        panic!("{narrowed:?}")
    };
    assert_eq!((*old, new.id), (first.id, TailId(2)));
    assert!(names(new).iter().all(|name| name.ends_with("/b")));
    page(&mut app, first.id, 0, &[(2, "of the old tail")]);
    assert_eq!(shown(&app), Vec::<String>::new());
}

#[test]
fn a_stack_leads_to_what_its_resources_write_to_in_every_region() {
    let mut app = app();
    press(&mut app, "2");
    assert_eq!(press(&mut app, "L"), []);
    assert_eq!(app.view(), View::Logs);
    let id = stack("checkout", "UPDATE_COMPLETE", "v1").id;
    let mut tails = Vec::new();
    for region in REGIONS {
        let resource = StackResource {
            logical: "Log".into(),
            physical: Some("/checkout".into()),
            resource_type: "AWS::Logs::LogGroup".into(),
            status: "CREATE_COMPLETE".into(),
            reason: None,
            updated: at(0),
            drift: DriftStatus::NotChecked,
        };
        let resources = Reading::Resources(vec![resource]);
        hear(&mut app, region, Topic::Resources(id.clone()), resources);
        tails.extend(groups(
            &mut app,
            region,
            "/checkout",
            &["/checkout", "/checkout-2"],
        ));
    }
    let [Request::Tail(first), Request::Tail(both)] = &tails[..] else {
        panic!("{tails:?}")
    };
    assert_eq!(names(first), ["prod/eu-west-1 /checkout"]);
    assert_eq!(
        names(both),
        ["prod/eu-west-1 /checkout", "prod/us-east-1 /checkout"]
    );
    assert_eq!(first.id, both.id);
}

#[test]
fn a_held_line_stays_selected_while_lines_come_above_and_below() {
    let (mut app, spec) = followed();
    page(
        &mut app,
        spec.id,
        0,
        &[(10, "ten"), (20, "twenty"), (30, "thirty")],
    );
    assert_eq!(selected(&app), "thirty");
    press(&mut app, "k");
    page(
        &mut app,
        spec.id,
        1,
        &[(5, "five"), (15, "fifteen"), (40, "forty")],
    );
    assert_eq!(selected(&app), "twenty");
    assert_eq!(app.logs().reader().missed(&app.logs().view()), 1);
    press(&mut app, "space");
    assert_eq!(
        (selected(&app), app.logs().reader().mode),
        ("forty".into(), Mode::Following)
    );
}

#[test]
fn a_filter_that_cannot_be_read_leaves_the_last_good_one_in_force() {
    let (mut app, spec) = followed();
    page(&mut app, spec.id, 0, &[(1, "ERROR no"), (2, "INFO yes")]);
    press(&mut app, "f");
    type_in(&mut app, "level>=WARN");
    assert_eq!(shown(&app), ["ERROR no"]);
    type_in(&mut app, " ~(");
    assert_eq!(shown(&app), ["ERROR no"]);
    assert!(app.logs().filter_complaint().is_some());
    press(&mut app, "enter");
    assert_eq!(app.overlays().len(), 1, "what is wrong is not taken");
    assert!(app.logs().filter_complaint().is_some());
    press(&mut app, "backspace backspace backspace enter");
    assert_eq!(
        (shown(&app).len(), app.logs().filter_complaint()),
        (1, None)
    );
    press(&mut app, "f");
    type_in(&mut app, " nowhere");
    assert!(shown(&app).is_empty());
    press(&mut app, "esc");
    assert_eq!(app.logs().filter_text(), "level>=WARN");
    press(&mut app, "esc");
    assert_eq!(shown(&app).len(), 2);
}

/// Does what the engine's worker does.
fn sift(app: &mut App, job: &SiftJob) {
    let sifter = Sifter::new(&job.filter, &job.sources);
    let sifted = job.parts.iter().map(|(block, from)| Sifted {
        name: job.name,
        block: block.id(),
        from: *from,
        upto: block.len(),
        lines: sifter.sift(block, *from),
    });
    app.update(Event::Engine(Update::Sifted(sifted.collect())));
}

#[test]
fn a_search_over_many_lines_is_done_elsewhere_and_goes_to_the_hit_when_it_is_found() {
    let (mut app, spec) = followed();
    for part in 0..5 {
        let texts: Vec<String> = (0..1_000)
            .map(|n| format!("line {}", part * 1_000 + n))
            .collect();
        let lines: Vec<(i64, &str)> = (0..)
            .zip(&texts)
            .map(|(n, text)| (part * 1_000 + n, &**text))
            .collect();
        page(&mut app, spec.id, 0, &lines);
    }
    press(&mut app, "/");
    let requests = type_in(&mut app, "line 77");
    press(&mut app, "enter");
    let [Request::Sift(job)] = &requests[..] else {
        panic!("{requests:?}")
    };
    press(&mut app, "n enter");
    assert!(app.overlays().is_empty(), "no other line is opened");
    let said = app.notices().current().unwrap().text.clone();
    assert!(said.contains("Still searching"), "{said}");
    sift(&mut app, job);
    assert_eq!(app.logs().found(), Some((11, true)));
    assert_eq!(selected(&app), "line 779");
    press(&mut app, "N");
    assert_eq!(selected(&app), "line 778");
    press(&mut app, "n n");
    assert_eq!(selected(&app), "line 77", "around the end");
}

#[test]
fn a_moment_that_is_not_held_is_read_anew_from_there() {
    let (mut app, spec) = followed();
    page(
        &mut app,
        spec.id,
        0,
        &[(-200, "early"), (-100, "later"), (0, "now")],
    );
    press(&mut app, "g t");
    type_in(&mut app, "2m");
    assert_eq!(press(&mut app, "enter"), []);
    assert_eq!(selected(&app), "later");
    press(&mut app, "g t");
    type_in(&mut app, "1h");
    let requests = press(&mut app, "enter");
    let [Request::Untail(_), Request::Tail(anew)] = &requests[..] else {
        panic!("{requests:?}")
    };
    assert_eq!(anew.from, at(-3_600));
    page(
        &mut app,
        anew.id,
        0,
        &[(-3_500, "an hour ago"), (-3_000, "a little later")],
    );
    page(&mut app, anew.id, 1, &[(-3_550, "even before")]);
    assert_eq!(selected(&app), "even before");
}

#[test]
fn live_tail_costs_so_it_asks_first_and_ends_when_nobody_is_there() {
    let (mut app, spec) = followed();
    assert_eq!(press(&mut app, "L n"), []);
    let requests = press(&mut app, "L y");
    let [Request::Tail(live)] = &requests[..] else {
        panic!("{requests:?}")
    };
    assert_eq!((live.id, live.manner), (spec.id, Manner::Live));
    assert_eq!(tick(&mut app, 599), []);
    let requests = tick(&mut app, 601);
    let [Request::Tail(polled)] = &requests[..] else {
        panic!("{requests:?}")
    };
    assert_eq!((polled.id, polled.manner), (spec.id, Manner::Polling));
    assert!(
        app.notices()
            .current()
            .unwrap()
            .text
            .contains("ten minutes")
    );
}

#[test]
fn behind_another_view_it_is_followed_for_a_while_and_then_goes_on_where_it_was() {
    let (mut app, spec) = followed();
    page(&mut app, spec.id, 0, &[(1, "kept")]);
    press(&mut app, "1");
    assert_eq!(tick(&mut app, 10), []);
    page(&mut app, spec.id, 0, &[(2, "meanwhile")]);
    assert_eq!(tick(&mut app, 610), [Request::Untail(spec.id)]);
    assert_eq!(tick(&mut app, 4_000), []);
    press(&mut app, "4");
    let requests = tick(&mut app, 4_001);
    let [Request::Tail(again)] = &requests[..] else {
        panic!("{requests:?}")
    };
    assert_eq!((again.from, names(again)), (at(610), names(&spec)));
    page(&mut app, again.id, 0, &[(700, "caught up")]);
    assert_eq!(shown(&app), ["kept", "meanwhile", "caught up"]);
}

#[test]
fn an_export_is_what_is_seen_as_text_or_as_objects() {
    let (mut app, spec) = followed();
    page(
        &mut app,
        spec.id,
        0,
        &[(1, "ERROR \u{1b}[2Jno"), (2, "INFO yes")],
    );
    press(&mut app, "f");
    type_in(&mut app, "ERROR");
    press(&mut app, "enter x");
    let key = |app: &mut App, key: &str| app.update(Event::Key(key.parse().unwrap()));
    let effects = key(&mut app, "enter");
    let Some(Effect::Write { name, lines, text }) = effects.first() else {
        panic!("{effects:?}")
    };
    assert_eq!((name.as_str(), *lines), ("logs-20261120-140000.txt", 1));
    assert!(
        text.contains("eu-west-1") && text.contains("␛[2Jno") && !text.contains("yes"),
        "{text}"
    );
    press(&mut app, "x ctrl-u");
    type_in(&mut app, "out.jsonl");
    let effects = key(&mut app, "enter");
    let Some(Effect::Write { text, .. }) = effects.first() else {
        panic!("{effects:?}")
    };
    assert!(
        text.starts_with('{') && text.contains("\\u001b[2Jno"),
        "{text}"
    );
    app.update(Event::Written(Err("Could not write.".into())));
    assert_eq!(app.notices().current().unwrap().text, "Could not write.");
}

#[test]
fn a_query_goes_to_every_region_and_is_stopped_when_it_is_left() {
    let (mut app, spec) = followed();
    press(&mut app, "i ctrl-u");
    type_in(&mut app, "3h stats count(*)");
    let requests = press(&mut app, "enter");
    let [Request::Query(query)] = &requests[..] else {
        panic!("{requests:?}")
    };
    assert_eq!(
        (query.text.as_str(), query.from),
        ("stats count(*)", at(-3 * 3_600))
    );
    assert_eq!(query.sources, spec.sources);
    assert_eq!(app.logs().page(), Shown::Insights);
    assert_eq!(press(&mut app, "esc"), [Request::Unquery(query.id)]);
    assert_eq!(app.logs().page(), Shown::Lines);
}

#[test]
fn moments_are_what_since_reads_and_times_of_the_day() {
    let read = |text: &str| moment(text, at(0));
    assert_eq!(read("15m"), Ok(at(-900)));
    assert_eq!(read("13:30"), Ok(at(-1_800)));
    assert_eq!(read("23:30:00"), Ok(at(-14 * 3_600 - 1_800)), "yesterday");
    assert_eq!(
        read("2026-11-20 13:00"),
        Ok::<Timestamp, String>(at(-3_600))
    );
    assert!(read("2027-01-01").is_err() && read("soon").is_err());
}

#[test]
fn a_pattern_leads_to_its_lines() {
    let (mut app, spec) = followed();
    let lines = [
        (1, "took 5 ms"),
        (2, "lost"),
        (3, "took 7 ms"),
        (4, "took 9 ms"),
    ];
    page(&mut app, spec.id, 0, &lines);
    press(&mut app, "p");
    let patterns = app.logs().patterns();
    let counts: Vec<u64> = patterns.templates().iter().map(|it| it.count).collect();
    assert_eq!((counts, patterns.is_whole()), (vec![3, 1], true));
    press(&mut app, "enter");
    assert_eq!(shown(&app), ["took 5 ms", "took 7 ms", "took 9 ms"]);
    assert_eq!(selected(&app), "took 9 ms");
    press(&mut app, "esc");
    assert_eq!(shown(&app).len(), 4);
}

#[test]
fn escape_closes_what_is_open_then_the_filter_and_never_leaves() {
    let (mut app, spec) = followed();
    page(&mut app, spec.id, 0, &[(1, r#"{"a":1}"#)]);
    press(&mut app, "f");
    type_in(&mut app, "a");
    press(&mut app, "enter enter");
    let open = |app: &App| {
        let line = app.logs().view().line(0).unwrap().id;
        app.logs().reader().parts(line).len()
    };
    assert!(open(&app) > 0);
    press(&mut app, "esc");
    assert_eq!((open(&app), app.logs().filter_text()), (0, "a"));
    press(&mut app, "esc");
    assert_eq!(app.logs().filter_text(), "");
    press(&mut app, "esc");
    assert_eq!(app.view(), View::Logs);
}
