//! What breaks is filled when it is whole again, and holds nobody else up.

use super::{GROUP, Reader};
use crate::support::world::PROD_ID;
use quarterdeck::domain::Kind;
use quarterdeck::domain::log::Millis;
use quarterdeck::engine::message::Request;
use quarterdeck::sandbox::{Fault, FaultKind, Place};
use std::time::Duration;

const REGIONS: [&str; 2] = ["us-east-1", "eu-west-1"];
const SOURCES: [(&str, &str); 2] = [("us-east-1", GROUP), ("eu-west-1", GROUP)];

/// Ten lines a second for ten minutes in either region.
fn busy() -> Reader {
    let reader = Reader::new("quotas = true", &REGIONS);
    let began = reader.now();
    for region in REGIONS {
        let times = (0..6_000).map(|number| began + number * 100);
        reader.put(region, GROUP, times.map(|time| (time, time + 500)));
    }
    reader
}

fn longest_silence(reader: &Reader, source: usize) -> Millis {
    let told: Vec<Millis> = reader
        .told
        .iter()
        .filter(|told| told.source == source)
        .map(|told| told.at)
        .collect();
    told.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_region_that_was_dark_for_minutes_is_filled_and_the_other_never_waits() {
    let mut reader = busy();
    let began = reader.now();
    reader.tail(&SOURCES, Duration::from_secs(60), None).await;
    reader.run(Duration::from_secs(60)).await;
    let dark = reader.break_logs("us-east-1", FaultKind::Dark);
    reader.run(Duration::from_secs(300)).await;
    let failing = reader.states[&0].failing.as_ref();
    assert!(matches!(
        failing.map(|problem| problem.kind),
        Some(Kind::Unreachable(_))
    ));
    reader.world.gateway.heal(dark);
    reader.run(Duration::from_secs(250)).await;
    reader.assert_complete(began, began + 600_000, &[]);
    assert!(reader.holes.is_empty());
    assert!(longest_silence(&reader, 0) > 200_000);
    assert!(longest_silence(&reader, 1) <= 3_000);
}

#[tokio::test(start_paused = true)]
async fn credentials_that_end_and_come_back_leave_no_hole() {
    let mut reader = busy();
    let began = reader.now();
    reader.tail(&SOURCES, Duration::from_secs(60), None).await;
    reader.run(Duration::from_secs(60)).await;
    let ended = reader.world.gateway.inject(Fault::new(
        Place::account(PROD_ID),
        FaultKind::Expired {
            issued_before: None,
        },
    ));
    let before = reader.asked().len();
    reader.run(Duration::from_secs(200)).await;
    let during = reader.asked().len() - before;
    assert!(during <= 4, "{during} calls without credentials");
    for state in reader.states.values() {
        assert_eq!(
            state.failing.as_ref().map(|problem| problem.kind),
            Some(Kind::Expired)
        );
    }
    reader.world.gateway.heal(ended);
    reader.world.engine.submit(Request::Refresh(None)).await;
    reader.run(Duration::from_secs(5)).await;
    let newest = reader.told.iter().map(|told| told.time).max().unwrap();
    assert!(newest > began + 255_000, "asked as soon as the gate opened");
    reader.run(Duration::from_secs(345)).await;
    reader.assert_complete(began, began + 600_000, &[]);
}

#[tokio::test(start_paused = true)]
async fn a_region_that_is_denied_is_told_once_and_asked_seldom() {
    let mut reader = busy();
    reader.break_logs("us-east-1", FaultKind::AccessDenied);
    reader.tail(&SOURCES, Duration::from_secs(60), None).await;
    reader.run(Duration::from_secs(240)).await;
    let denied = reader
        .asked()
        .iter()
        .filter(|(status, _, _)| *status == Some(400))
        .count();
    assert_eq!(denied, 1);
    let state = &reader.states[&0];
    assert_eq!(
        state.failing.as_ref().map(|problem| problem.kind),
        Some(Kind::Denied)
    );
    assert!(state.retry.is_some());
    assert!(longest_silence(&reader, 1) <= 3_000);
}

#[tokio::test(start_paused = true)]
async fn a_group_that_does_not_exist_yet_is_read_when_it_does() {
    let mut reader = Reader::new("", &REGIONS);
    reader
        .tail(&SOURCES[..1], Duration::from_secs(60), None)
        .await;
    reader.run(Duration::from_secs(20)).await;
    let failing = reader.states[&0].failing.as_ref();
    assert_eq!(failing.map(|problem| problem.kind), Some(Kind::Missing));
    let now = reader.now();
    reader.put(
        "us-east-1",
        GROUP,
        (0..60).map(|number| (now + number * 1_000, now + number * 1_000)),
    );
    reader.run(Duration::from_secs(150)).await;
    reader.assert_complete(now, now + 60_000, &[]);
    assert_eq!(reader.states[&0].failing, None);
}

#[tokio::test(start_paused = true)]
async fn a_sleep_of_minutes_is_filled_and_who_was_waiting_asks_again() {
    let mut reader = busy();
    let began = reader.now();
    let denied = reader.break_logs("us-east-1", FaultKind::AccessDenied);
    reader.tail(&SOURCES, Duration::from_secs(60), None).await;
    reader.run(Duration::from_secs(60)).await;
    reader.world.gateway.heal(denied);
    let sleep = Duration::from_secs(240);
    reader.world.leap(sleep);
    reader.world.clock.advance(sleep);
    reader.run(Duration::from_secs(8)).await;
    for source in 0..2 {
        let told = reader.told.iter().filter(|told| told.source == source);
        let newest = told.map(|told| told.time).max().unwrap();
        assert!(newest > began + 300_000, "{source}: {newest}");
    }
    reader.run(Duration::from_secs(300)).await;
    reader.assert_complete(began, began + 600_000, &[]);
}

#[tokio::test(start_paused = true)]
async fn after_a_sleep_with_more_than_can_be_remembered_nothing_is_told_twice() {
    let mut reader = Reader::new("", &["us-east-1", "eu-west-1"]);
    let began = reader.now();
    let times = (0..90_000).map(|number| began + number * 10);
    reader.put("us-east-1", GROUP, times.map(|time| (time, time)));
    // The more sources, the less is remembered of each.
    let quiet: Vec<_> = (0..24).map(|number| format!("/quiet/{number}")).collect();
    for group in &quiet {
        reader.put("eu-west-1", group, [(began, began)]);
    }
    let mut sources = vec![("us-east-1", GROUP)];
    sources.extend(quiet.iter().map(|group| ("eu-west-1", group.as_str())));
    reader.tail(&sources, Duration::from_secs(60), None).await;
    reader.run(Duration::from_secs(150)).await;
    let sleep = Duration::from_secs(600);
    reader.world.leap(sleep);
    reader.world.clock.advance(sleep);
    reader.run(Duration::from_secs(60)).await;
    reader.sources.truncate(1);
    reader.assert_complete(began, began + 800_000, &[]);
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_minutes_off_costs_nothing() {
    for minutes in [-10_i64, 4] {
        let mut reader = busy();
        let began = reader.now();
        let off = Duration::from_mins(minutes.unsigned_abs());
        if minutes < 0 {
            reader.world.clock.advance(off);
        } else {
            reader.world.leap(off);
        }
        reader
            .tail(&SOURCES, off + Duration::from_secs(60), None)
            .await;
        reader.run(Duration::from_secs(300)).await;
        reader.assert_complete(began, reader.now() - 4_000, &[]);
        let calls = reader.asked().len();
        assert!((300..=450).contains(&calls), "{minutes}: {calls} calls");
        let state = &reader.states[&0];
        let behind = reader.now() - state.reached.unwrap();
        assert!((0..=3_500).contains(&behind), "{minutes}: {behind} ms");
    }
}
