//! The Logs view: many groups of many regions as one stream.

use super::demo::{self, REGIONS};
use super::house::{House, LARGE, MIDDLE, SIZES, SMALL, account, noon, scene, scope};
use chrono::TimeDelta;
use quarterdeck::domain::log::{LogEvents, QueryResults, QueryStatistics, QueryStatus};
use quarterdeck::domain::{Hole, Kind, LogGroup, Problem, Reading, Topic, Untrusted};
use quarterdeck::engine::message::{
    Live, News, Page, QueryId, QueryNews, SourceState, TailId, Update,
};
use std::sync::Arc;

const CHECKOUT: &str = "/aws/lambda/checkout-api";
const ORDERS: &str = "/aws/lambda/orders";
const AUDIT: &str = "/audit/sign-in";

fn millis(ago: i64) -> i64 {
    noon().timestamp_millis() - ago
}

fn group(name: &str) -> LogGroup {
    LogGroup {
        name: name.into(),
        arn: name.into(),
        retention: None,
        stored: 0,
    }
}

/// Every region has the two functions; one has a group of its own.
fn groups(house: &mut House, topic: &str) {
    for (place, region) in REGIONS.iter().enumerate() {
        let all = [AUDIT, CHECKOUT, ORDERS]
            .into_iter()
            .filter(|name| name.starts_with(topic));
        let here = all.filter(|name| *name != AUDIT || place == 2).map(group);
        house.hear(
            &scope("prod", region),
            Topic::LogGroups(topic.into()),
            1,
            Ok(Reading::LogGroups(here.collect())),
        );
    }
}

fn tell(house: &mut House, news: News) {
    house.engine(Update::Log(TailId(1), news));
}

fn page(house: &mut House, source: usize, lines: &[(i64, &str)]) {
    let mut events = LogEvents::default();
    for (ago, text) in lines {
        let stream = "2026/11/20/[$LATEST]8f1c";
        events.push(stream, (millis(*ago), millis(*ago - 400)), "", text);
    }
    // Read up to its first line: what comes before that in a later page is late.
    let reached = lines.first().map_or(0, |(ago, _)| millis(*ago));
    tell(
        house,
        News::Page(Arc::new(Page::told(source, events, reached))),
    );
}

/// Checkout and orders are followed in every region; nothing has been said yet.
fn chosen() -> House {
    let mut house = demo::one_account();
    house.press("4 a");
    groups(&mut house, "");
    house.type_in("/aws/lambda").press("ctrl-a enter");
    groups(&mut house, CHECKOUT);
    groups(&mut house, ORDERS);
    house
}

/// Sources are numbered region by region, checkout before orders.
fn source(region: &str, name: &str) -> usize {
    let place = REGIONS.iter().position(|known| *known == region).unwrap();
    place * 2 + usize::from(name == ORDERS)
}

fn state(newest: Option<i64>, polled: i64) -> SourceState {
    SourceState {
        polled: Some(noon() - TimeDelta::milliseconds(polled)),
        newest: newest.map(millis),
        share: 2.5,
        ..SourceState::default()
    }
}

/// A minute of ordinary life, a declined payment, and a region that is throttled.
pub(super) fn followed() -> House {
    let mut house = chosen();
    for (place, region) in (0..).zip(REGIONS) {
        let checkout = source(region, CHECKOUT);
        for beat in (0..6).rev() {
            let ago = 4_000 + beat * 9_000 + place * 1_370;
            page(
                &mut house,
                checkout,
                &[
                    (
                        ago,
                        "START RequestId: 8f7ab2e0-16d5-4b8c-9a3f-6f0e1d2c3b4a Version: $LATEST\n",
                    ),
                    (
                        ago - 20,
                        r#"{"level":"INFO","timestamp":"2026-11-20T14:32:05Z","message":"order accepted","order":8812,"items":[{"sku":"a-1","n":2}],"customer":{"country":"NL"}}"#,
                    ),
                ],
            );
        }
        let orders = source(region, ORDERS);
        page(
            &mut house,
            orders,
            &[(7_000 + place * 300, "INFO order 4711 persisted attempt=1")],
        );
        tell(
            &mut house,
            News::State(checkout, Box::new(state(Some(4_000 + place * 1_370), 900))),
        );
        tell(
            &mut house,
            News::State(orders, Box::new(state(None, 1_200))),
        );
    }
    let trouble = source("eu-west-1", CHECKOUT);
    for ago in [31_000, 24_000, 15_000, 9_000, 8_000, 3_000] {
        page(
            &mut house,
            trouble,
            &[(
                ago,
                r#"{"level":"ERROR","message":"payment declined","order":8812,"latency_ms":1893}"#,
            )],
        );
    }
    page(
        &mut house,
        source("us-east-1", ORDERS),
        &[(5_120, "WARN retrying upstream attempt=2")],
    );
    let throttled = SourceState {
        failing: Some(demo::throttled("ap-southeast-1")),
        retry: Some(noon() + TimeDelta::seconds(8)),
        ..state(Some(41_000), 41_000)
    };
    tell(
        &mut house,
        News::State(source("ap-southeast-1", CHECKOUT), Box::new(throttled)),
    );
    house
}

#[test]
fn nothing_is_chosen_yet() {
    scene("logs-none", demo::one_account().press("4"), &[SMALL]);
    let mut nowhere = House::new(&[account("prod", &["eu-west-1"])]);
    nowhere
        .stacks("prod", "eu-west-1", 1, Vec::new())
        .press("4 a")
        .type_in("stack:nowhere");
    scene("logs-no-such-stack", nowhere.press("enter"), &[SMALL]);
}

#[test]
fn groups_are_found_over_all_regions() {
    let mut house = demo::one_account();
    house.press("4 a");
    scene("logs-groups-asking", &mut house, &[SMALL]);
    groups(&mut house, "");
    scene("logs-groups", house.press("down tab"), &[SMALL, MIDDLE]);
    scene("logs-groups-typed", house.type_in("lambda:ord"), &[SMALL]);
}

#[test]
fn many_groups_of_many_regions_are_one_stream() {
    scene("logs", &mut followed(), &SIZES);
    scene("logs-ascii", &mut followed().ascii(), &[SMALL]);
    scene("small-least-logs", &mut followed(), &[(40, 10)]);
    scene("logs-asking", &mut chosen(), &[SMALL]);
}

#[test]
fn a_paused_view_stays_put_and_counts_what_it_misses() {
    let mut house = followed();
    house.press("k k k k");
    scene("logs-paused", &mut house, &[MIDDLE]);
    for _ in 0..3 {
        page(
            &mut house,
            0,
            &[
                (3_500, "INFO a late one, above"),
                (1_000, "INFO a new one, below"),
            ],
        );
    }
    scene("logs-paused-missed", &mut house, &[SMALL, MIDDLE]);
}

#[test]
fn what_is_searched_for_stands_out() {
    let mut house = followed();
    scene(
        "logs-search-typed",
        house.press("/").type_in("declined"),
        &[SMALL, MIDDLE],
    );
    scene("logs-search", house.press("enter N N"), &[SMALL, MIDDLE]);
    scene(
        "logs-search-broken",
        house.press("/ ctrl-u").type_in("~(decl"),
        &[SMALL],
    );
}

#[test]
fn a_filter_is_in_force_while_it_is_typed_and_says_what_is_wrong_with_it() {
    let mut house = followed();
    house.press("f").type_in("level>=WARN region=eu-*");
    scene("logs-filter-typed", &mut house, &[SMALL, MIDDLE]);
    scene(
        "logs-filter-broken",
        house.type_in(" ~(x"),
        &[SMALL, MIDDLE],
    );
    scene(
        "logs-filter-nothing",
        house.press("ctrl-u").type_in("nowhere").press("enter"),
        &[SMALL],
    );
}

#[test]
fn a_line_opens_in_place() {
    let mut house = followed();
    house.press("/").type_in("declined").press("enter enter");
    scene("logs-open-json", &mut house, &[SMALL, MIDDLE]);
}

#[test]
fn a_lambda_line_opens_its_whole_invocation() {
    let mut house = chosen();
    let id = "8f7ab2e0-16d5-4b8c-9a3f-6f0e1d2c3b4a";
    let report = format!(
        "REPORT RequestId: {id}\tDuration: 1893.22 ms\tBilled Duration: 1894 ms\tMemory Size: 128 MB\tMax Memory Used: 121 MB\tInit Duration: 310.40 ms\t\n"
    );
    page(
        &mut house,
        source("eu-west-1", CHECKOUT),
        &[
            (9_000, &format!("START RequestId: {id} Version: 19\n")),
            (
                8_700,
                &format!("2026-11-20T14:31:58.300Z\t{id}\tERROR\tpayment declined\n"),
            ),
            (7_100, &format!("END RequestId: {id}\n")),
            (7_100, &report),
        ],
    );
    page(
        &mut house,
        source("us-east-1", CHECKOUT),
        &[(8_000, "something else meanwhile")],
    );
    scene(
        "logs-open-invocation",
        house.press("k enter"),
        &[SMALL, MIDDLE],
    );
}

#[test]
fn lines_wrap_and_times_change_when_asked() {
    scene("logs-wrapped", followed().press("w"), &[SMALL]);
    scene("logs-dated", followed().press("t"), &[SMALL, MIDDLE]);
    scene("logs-ages", followed().press("t t"), &[SMALL]);
    scene("logs-marked", followed().press("k m k k m k '"), &[SMALL]);
}

#[test]
fn what_says_the_same_is_one_pattern() {
    scene("logs-patterns", followed().press("p j"), &[SMALL, MIDDLE]);
}

#[test]
fn holes_and_late_lines_are_shown() {
    let mut house = followed();
    let hole = Hole {
        from: millis(6_000),
        until: millis(5_000),
        events: Some(312),
        why: "They came faster than they could be read.".to_owned(),
    };
    tell(&mut house, News::Hole(source("eu-west-1", CHECKOUT), hole));
    page(&mut house, 0, &[(5_500, "INFO this one came late")]);
    scene("logs-hole", &mut house, &[SMALL, MIDDLE]);
}

#[test]
fn live_tail_asks_first_and_shows_its_price_and_its_sampling() {
    let mut house = followed();
    scene("logs-live-asks", house.press("L"), &[SMALL]);
    house.press("y");
    for (place, region) in REGIONS.iter().enumerate() {
        let live = Live {
            since: noon() - TimeDelta::seconds(150),
            spent: TimeDelta::zero(),
            sharing: 1,
            is_sampled: place == 2,
        };
        let state = SourceState {
            live: Some(live),
            ..state(Some(800), 500)
        };
        tell(
            &mut house,
            News::State(source(region, CHECKOUT), Box::new(state)),
        );
    }
    scene("logs-live", &mut house, &[SMALL, MIDDLE, LARGE]);
}

#[test]
fn every_source_says_how_it_stands() {
    let mut house = followed();
    let ended = Problem::new(
        Kind::Denied,
        "Not allowed to read /aws/lambda/orders in us-west-2.",
    );
    tell(
        &mut house,
        News::Ended(source("us-west-2", ORDERS), Err(ended)),
    );
    scene("logs-sources", house.press("g s"), &[SMALL, MIDDLE]);
}

#[test]
fn insights_answers_region_by_region_in_one_table() {
    let mut house = followed();
    scene("logs-insights-typed", house.press("i"), &[SMALL, MIDDLE]);
    house.press("enter");
    scene("logs-insights-asking", &mut house, &[SMALL]);
    for (place, region) in (0..).zip(REGIONS.iter().take(3)) {
        let row = |second: i32, text: &str| -> Vec<(Untrusted, Untrusted)> {
            vec![
                (
                    "@timestamp".into(),
                    Untrusted::new(format!("2026-11-20 14:31:{second:02}.118")),
                ),
                ("@message".into(), text.into()),
            ]
        };
        let results = QueryResults {
            status: QueryStatus::Complete,
            statistics: QueryStatistics {
                bytes_scanned: 2e9,
                ..QueryStatistics::default()
            },
            rows: vec![
                row(50 - place, "ERROR payment declined"),
                row(20 + place, "ERROR \u{1b}[2Jtimed out"),
            ],
        };
        let at = scope("prod", region);
        house.engine(Update::Query(
            QueryId(1),
            QueryNews::Results(at.clone(), Arc::new(results)),
        ));
        house.engine(Update::Query(QueryId(1), QueryNews::Ended(at, Ok(()))));
    }
    let refused = demo::throttled("ap-southeast-1");
    let at = scope("prod", "ap-southeast-1");
    house.engine(Update::Query(
        QueryId(1),
        QueryNews::Ended(at, Err(refused)),
    ));
    scene("logs-insights", house.press("j"), &[SMALL, MIDDLE]);
}

#[test]
fn an_export_proposes_a_name_and_a_moment_is_typed() {
    scene("logs-export", followed().press("x"), &[SMALL]);
    scene(
        "logs-go-to",
        followed().press("g t").type_in("15x").press("enter"),
        &[SMALL],
    );
}

#[test]
fn lines_from_outside_stay_in_their_cells() {
    let mut house = chosen();
    for (ago, text) in [
        (9_000, "\u{1b}[2J\u{1b}]0;title\u{7}cleared"),
        (8_000, "a\u{202e}lmth.exe"),
        (
            7_000,
            "決済サービス-本番環境 支払いが拒否されました 決済サービス-本番環境",
        ),
        (6_000, "tab\tand\nline\r\nand more\n"),
        (5_000, "👩\u{200d}🚀 launched"),
        (
            4_000,
            "{\"level\":\"ERROR\",\"message\":\"\\u001b[2Jin JSON\",\"k\\u202ey\":\"v\\u0007\"}",
        ),
    ] {
        page(&mut house, 0, &[(ago, text)]);
    }
    scene("logs-hostile", &mut house, &[SMALL]);
    scene("logs-hostile-open", house.press("k j enter"), &[SMALL]);
}
