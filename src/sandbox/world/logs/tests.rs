//! What a group says, when, and to whom it is visible.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{Group, LogEvent, LogLine, Streams};
use crate::sandbox::Scenario;
use crate::sandbox::world::World;

const PROD: &str = "123456789012";
const MINUTE: i64 = 60_000;
const API: &str = "/aws/lambda/checkout-api-Function";

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_763_640_000, 0).unwrap()
}

fn now() -> i64 {
    noon().timestamp_millis()
}

fn demo() -> World {
    World::build(&Scenario::named("demo").unwrap(), noon())
}

fn group(world: &World, region: &str, name: &str) -> Arc<Group> {
    world.log_group(PROD, region, name).unwrap().unwrap()
}

fn all(group: &Group, from: i64, to: i64) -> Vec<LogEvent> {
    group.written(from..to, Streams::All).collect()
}

#[test]
fn a_window_says_the_same_whole_or_in_pieces_in_order_and_without_repeats() {
    let world = demo();
    for name in [
        API,
        "/aws/checkout-worker/Logs",
        "/aws/checkout-api/FunctionLogs",
    ] {
        let group = group(&world, "us-east-1", name);
        let (from, to) = (now() - 30 * MINUTE, now());
        let whole = all(&group, from, to);
        assert!(whole.len() > 500, "{name}: {}", whole.len());
        let mut pieces = Vec::new();
        let mut start = from;
        for width in [1, 777, 60_000, 61_234, 5].into_iter().cycle() {
            pieces.extend(all(&group, start, (start + width).min(to)));
            start += width;
            if start >= to {
                break;
            }
        }
        assert_eq!(whole, pieces, "{name}");
        let positions: Vec<_> = whole.iter().map(LogEvent::position).collect();
        assert!(positions.windows(2).all(|pair| pair[0] < pair[1]), "{name}");
        assert!(
            whole
                .iter()
                .all(|event| (from..to).contains(&event.timestamp))
        );
    }
}

#[test]
fn two_worlds_of_one_seed_write_the_same_lines() {
    let (left, right) = (demo(), demo());
    for region in ["us-east-1", "ap-northeast-1"] {
        let of = |world: &World| all(&group(world, region, API), now() - 5 * MINUTE, now());
        assert_eq!(of(&left), of(&right));
    }
}

#[test]
fn an_event_can_be_read_only_once_it_has_arrived() {
    let world = demo();
    let group = group(&world, "us-east-1", API);
    let window = now() - 10 * MINUTE..now();
    let readable: Vec<LogEvent> = group
        .readable(window.clone(), Streams::All, now())
        .collect();
    let written = all(&group, window.start, window.end);
    assert!(readable.len() < written.len());
    assert!(readable.iter().all(|event| event.ingestion <= now()));
    let later: Vec<LogEvent> = group
        .readable(window, Streams::All, now() + 2 * MINUTE)
        .collect();
    assert_eq!(later, written);
    let late = written
        .iter()
        .filter(|event| event.ingestion - event.timestamp > 3_000)
        .count();
    assert!(
        late > 0 && late * 50 < written.len(),
        "{late} of {}",
        written.len()
    );
    assert!(
        written
            .iter()
            .all(|event| (100..=120_000).contains(&(event.ingestion - event.timestamp)))
    );
    assert!(
        written
            .windows(2)
            .any(|pair| pair[0].timestamp == pair[1].timestamp)
    );
}

#[test]
fn what_arrives_second_by_second_is_what_was_written() {
    let world = demo();
    let group = group(&world, "eu-west-1", API);
    let mut arrived: Vec<LogEvent> = (0..180)
        .flat_map(|second| group.arrived(&(now() + second * 1_000..now() + (second + 1) * 1_000)))
        .collect();
    assert!(arrived.is_sorted_by_key(|event| event.ingestion));
    arrived.retain(|event| (now()..now() + MINUTE).contains(&event.timestamp));
    arrived.sort_by_key(LogEvent::position);
    assert_eq!(arrived, all(&group, now(), now() + MINUTE));
}

#[test]
fn a_lambda_opens_new_streams_and_every_event_is_in_one_that_is_listed() {
    let world = demo();
    let group = group(&world, "us-east-1", API);
    let listed = group.streams(&Streams::All, now());
    let names: std::collections::BTreeSet<_> =
        listed.into_iter().map(|stream| stream.name).collect();
    let events = all(&group, now() - 6 * 60 * MINUTE, now() - MINUTE);
    let used: std::collections::BTreeSet<_> = events
        .iter()
        .map(|event| Arc::clone(&event.stream))
        .collect();
    assert!(used.len() >= 6 && used.is_subset(&names), "{used:?}");
    for name in &used {
        let stream = group.stream(name, now()).unwrap();
        let first = events.iter().find(|event| event.stream == *name).unwrap();
        assert!(stream.first_event.unwrap() <= first.timestamp);
        assert!(name.starts_with("2025/11/20/[$LATEST]"), "{name}");
    }
    assert_eq!(group.stream("no-such", now()), None);
}

#[test]
fn what_is_broken_writes_other_lines_than_what_is_well() {
    let world = demo();
    let bad = |region: &str| {
        let events = all(&group(&world, region, API), now() - 20 * MINUTE, now());
        let wrong = [
            "[ERROR]",
            "ERROR",
            "Task timed out",
            "Runtime.ExitError",
            "errorType",
            "Exception",
        ];
        let bad = events
            .iter()
            .filter(|event| wrong.iter().any(|word| event.message.contains(word)));
        (bad.count(), events.len())
    };
    let (ill, of_ill) = bad("eu-west-1");
    let (well, of_well) = bad("us-west-2");
    assert!(ill * 25 > of_ill, "{ill} of {of_ill}");
    assert!(well * 100 < of_well, "{well} of {of_well}");
}

#[test]
fn what_is_put_stands_among_what_is_made_up() {
    let world = demo();
    let group = group(&world, "us-east-1", API);
    let line = |timestamp, ingestion, message: &str| LogLine {
        timestamp,
        ingestion,
        message: message.to_owned(),
    };
    group.put(
        "mine",
        &[
            line(now() - 1_000, now() + 90_000, "late"),
            line(now() - 2_000, now() - 2_000, "first"),
        ],
    );
    let named = || Streams::Named(vec!["mine".to_owned()]);
    let messages = |at| -> Vec<String> {
        let events = group.readable(now() - MINUTE..now(), named(), at);
        events.map(|event| event.message.to_string()).collect()
    };
    assert_eq!(messages(now()), ["first"]);
    assert_eq!(messages(now() + 90_000), ["first", "late"]);
    let everything = all(&group, now() - MINUTE, now());
    assert!(everything.len() > 20 && everything.is_sorted_by_key(LogEvent::position));
    let last = group.readable_before(
        super::Position::at(now()),
        &Streams::All,
        (0, now() + MINUTE * 3),
        10,
    );
    assert_eq!(last, everything[everything.len() - 10..]);
}

#[test]
fn a_minute_long_ago_costs_no_more_than_one_of_today() {
    let world = demo();
    let group = group(&world, "us-east-1", API);
    let long_ago = now() - 25 * 24 * 60 * MINUTE;
    let reading = group.written(long_ago..now(), Streams::All);
    let first: Vec<LogEvent> = reading.take(1_000).collect();
    assert!(
        first[999].timestamp < long_ago + 20 * MINUTE,
        "{}",
        first[999].timestamp - long_ago
    );
}
