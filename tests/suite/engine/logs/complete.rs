//! Everything is told, and told once. (Scorecard 9.)

use super::{Dice, GROUP, Reader};
use quarterdeck::domain::log::Millis;
use quarterdeck::sandbox::{Fault, FaultKind, Place, Spells};
use std::time::Duration;

const REGIONS: [&str; 3] = ["us-east-1", "eu-central-1", "ap-northeast-1"];
/// How long lines are written, in milliseconds.
const WRITING: Millis = 240_000;

/// Times of happening and of becoming readable: many in one millisecond, some late, none later than two minutes.
fn lines(seed: u64, now: Millis, number: usize) -> Vec<(Millis, Millis)> {
    let mut dice = Dice(seed);
    let mut time = now;
    let mut lines = Vec::new();
    while lines.len() < number {
        if dice.below(5) > 0 {
            time = now + dice.below(WRITING);
        }
        let late = match dice.below(100) {
            0..80 => dice.below(3_000),
            80..92 => dice.below(30_000),
            92..99 => dice.below(120_000),
            _ => 120_000,
        };
        lines.push((time, time + late));
    }
    lines
}

fn now_and_then(kind: FaultKind, every: u64, lasts: u64) -> Fault {
    Fault {
        place: Place::everywhere().service("logs"),
        kind,
        spells: Some(Spells {
            every: Duration::from_millis(every),
            lasts: Duration::from_millis(lasts),
        }),
    }
}

#[tokio::test(start_paused = true)]
async fn a_hundred_thousand_events_over_three_regions_in_bad_weather_are_each_told_once() {
    let plan = "quotas = true\nempty_pages = 0.3\nduplicates = 0.02";
    let mut reader = Reader::new(plan, &REGIONS);
    let began = reader.now();
    for (seed, region) in (1..).zip(REGIONS) {
        reader.put(region, GROUP, lines(seed, began, 33_334));
    }
    for fault in [
        now_and_then(FaultKind::Reset, 7_000, 300),
        now_and_then(FaultKind::Truncated, 11_000, 200),
        now_and_then(FaultKind::ServerError { status: 503 }, 31_000, 2_000),
        now_and_then(
            FaultKind::Throttle {
                per_second: 1.0,
                burst: 1.0,
            },
            45_000,
            5_000,
        ),
    ] {
        reader.world.gateway.inject(fault);
    }
    let sources = REGIONS.map(|region| (region, GROUP));
    reader.tail(&sources, Duration::ZERO, None).await;
    reader.run(Duration::from_secs(390)).await;
    for (source, state) in &reader.states {
        assert!(state.settled > Some(began + WRITING), "{source}: {state:?}");
    }
    let end = reader.now();
    reader.finish(end).await;
    assert!(
        reader
            .run_until(Duration::from_secs(60), Reader::has_ended)
            .await
    );
    reader.assert_complete(began, end, &[]);
    assert_eq!(reader.told.len(), 3 * 33_334);
    assert!(reader.holes.is_empty(), "{:?}", reader.holes);
    assert!(
        reader.ended.values().all(Result::is_ok),
        "{:?}",
        reader.ended
    );

    // The weather was bad, and the same event came more than once.
    let asked = reader.asked();
    for status in [None, Some(400), Some(503)] {
        let number = asked
            .iter()
            .filter(|(answer, _, _)| *answer == status)
            .count();
        assert!(number > 2, "{status:?}: {number} of {}", asked.len());
    }
    assert!(reader.repeated > 10_000, "{}", reader.repeated);
    let late = reader
        .told
        .iter()
        .filter(|told| told.ingested - told.time > 60_000);
    assert!(late.count() > 2_000);
}

#[tokio::test(start_paused = true)]
async fn a_line_is_there_half_an_interval_after_it_can_be_read() {
    let mut reader = Reader::new("quotas = true", &REGIONS);
    let began = reader.now();
    for region in REGIONS {
        let times = (0..400).map(|number| began + number * 331);
        reader.put(region, GROUP, times.map(|time| (time, time + 700)));
    }
    let sources = REGIONS.map(|region| (region, GROUP));
    reader.tail(&sources, Duration::from_secs(300), None).await;
    reader.run(Duration::from_secs(140)).await;
    let mut delays: Vec<Millis> = reader
        .told
        .iter()
        .map(|told| told.at - told.ingested)
        .collect();
    delays.sort_unstable();
    assert_eq!(delays.len(), 1_200);
    let (median, last) = (delays[600], delays[1_199]);
    assert!(median <= 1_100, "{median} ms");
    assert!(last <= 2_200, "{last} ms");
}

#[tokio::test(start_paused = true)]
async fn what_comes_later_than_expected_is_found_once_such_was_seen() {
    let mut reader = Reader::new("", &["eu-west-1"]);
    let began = reader.now();
    // A writer that sends what it has every five minutes.
    let batch = |number: i64| {
        let first = began + number * 300_000;
        (0..300).map(move |second| (first + second * 1_000, first + 301_000))
    };
    let batches = (-1..4).flat_map(batch);
    reader.put("eu-west-1", GROUP, batches);
    reader
        .tail(&[("eu-west-1", GROUP)], Duration::from_secs(300), None)
        .await;
    reader.run(Duration::from_secs(1_300)).await;
    assert!(reader.states[&0].late_within.num_seconds() > 301);
    reader.assert_complete(began, began + 1_200_000, &[]);
}

#[tokio::test(start_paused = true)]
async fn in_a_quiet_group_a_line_may_be_ten_minutes_late() {
    let mut reader = Reader::new("", &["eu-west-1"]);
    let began = reader.now();
    let times = (0..20).map(|number| began + number * 60_000);
    reader.put("eu-west-1", GROUP, times.map(|time| (time, time + 600_000)));
    reader
        .tail(&[("eu-west-1", GROUP)], Duration::from_secs(60), None)
        .await;
    reader.run(Duration::from_secs(1_900)).await;
    reader.assert_complete(began, began + 1_200_000, &[]);
}
