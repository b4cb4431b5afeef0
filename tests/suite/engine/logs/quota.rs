//! What AWS allows is shared, and used.

use super::{GROUP, Reader};
use crate::support::world::PROD_ID;
use quarterdeck::domain::Kind;
use quarterdeck::sandbox::{FaultKind, LogLine};
use std::collections::BTreeMap;
use std::time::Duration;

#[tokio::test(start_paused = true)]
async fn many_groups_share_the_quota_and_none_starves() {
    // CloudWatch lets five calls through there in a second, of which we take half.
    let mut reader = Reader::new("quotas = true", &["eu-central-1"]);
    let groups: Vec<String> = (0..30).map(|number| format!("/many/{number:02}")).collect();
    let now = reader.now();
    for group in &groups {
        reader.put("eu-central-1", group, [(now - 5_000, now - 5_000)]);
    }
    let sources: Vec<_> = groups
        .iter()
        .map(|group| ("eu-central-1", group.as_str()))
        .collect();
    reader.tail(&sources, Duration::from_secs(60), None).await;
    reader.run(Duration::from_secs(240)).await;
    let asked = reader.asked();
    assert!(asked.iter().all(|(status, _, _)| *status == Some(200)));
    let mut turns: BTreeMap<&str, Vec<Duration>> = BTreeMap::new();
    for (_, group, at) in &asked {
        turns.entry(group).or_default().push(*at);
    }
    assert_eq!(turns.len(), 30);
    for (group, turns) in turns {
        assert!((18..=22).contains(&turns.len()), "{group}: {turns:?}");
        let pauses = turns.windows(2).map(|pair| pair[1] - pair[0]);
        assert!(
            pauses.max() <= Some(Duration::from_secs(16)),
            "{group}: {turns:?}"
        );
    }
    // Two and a half in a second, and five at once in the beginning.
    assert!((540..=610).contains(&asked.len()), "{} calls", asked.len());
    let share = reader.states[&0].share;
    assert!((share - 2.5 / 30.0).abs() < 1e-6, "{share}");

    // They take turns by the clock and do not stand in line: one more is answered at once.
    let now = reader.now();
    reader.put("eu-central-1", GROUP, [(now, now)]);
    let sources = [sources.as_slice(), &[("eu-central-1", GROUP)]].concat();
    reader.tail(&sources, Duration::from_secs(60), None).await;
    let is_answered = |reader: &Reader| reader.states.contains_key(&30);
    assert!(reader.run_until(Duration::from_secs(3), is_answered).await);
}

#[tokio::test(start_paused = true)]
async fn one_group_with_much_to_read_takes_all_that_is_allowed() {
    let mut reader = Reader::new("quotas = true", &["eu-west-1"]);
    let now = reader.now();
    // Five to a page.
    let lines: Vec<LogLine> = (0..200)
        .map(|number| LogLine {
            timestamp: now - 400_000 + number * 1_000,
            ingestion: now - 100_000,
            message: "x".repeat(200_000),
        })
        .collect();
    let place = (PROD_ID, "eu-west-1");
    reader
        .world
        .gateway
        .put_log_events(place, GROUP, "stream", &lines);
    reader
        .tail(&[("eu-west-1", GROUP)], Duration::from_secs(600), None)
        .await;
    reader
        .run_until(Duration::from_secs(60), |reader| reader.told.len() == 200)
        .await;
    assert_eq!(reader.told.len(), 200);
    let asked = reader.asked();
    let (calls, took) = (asked.len(), asked.last().unwrap().2.as_secs_f64());
    // Ten at once, then five in a second.
    assert!(
        calls >= 40 && (5.5..=6.5).contains(&took),
        "{calls} calls in {took} s"
    );
}

#[tokio::test(start_paused = true)]
async fn a_storm_of_throttling_makes_it_slow_and_passes() {
    let mut reader = Reader::new("", &["eu-west-1"]);
    let began = reader.now();
    let times = (0..3_000).map(|number| began + number * 100);
    reader.put("eu-west-1", GROUP, times.map(|time| (time, time)));
    reader
        .tail(&[("eu-west-1", GROUP)], Duration::from_secs(60), None)
        .await;
    reader.run(Duration::from_secs(30)).await;
    let before = reader.asked().len();
    let storm = reader.break_logs(
        "eu-west-1",
        FaultKind::Throttle {
            per_second: 0.0,
            burst: 0.0,
        },
    );
    reader.run(Duration::from_secs(90)).await;
    let during = reader.asked().len() - before;
    assert!((2..=12).contains(&during), "{during} calls while throttled");
    let state = &reader.states[&0];
    let failing = state.failing.as_ref().map(|problem| problem.kind);
    assert_eq!(failing, Some(Kind::Throttled));
    assert!(state.retry.is_some());
    reader.world.gateway.heal(storm);
    reader.run(Duration::from_secs(180)).await;
    assert_eq!(reader.states[&0].failing, None);
    reader.assert_complete(began, began + 295_000, &[]);
    let newest = reader.told.iter().map(|told| told.time).max().unwrap();
    assert!(newest > began + 295_000, "the pace is what it was");
}
