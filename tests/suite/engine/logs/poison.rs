//! What cannot be read is passed, and said. (Scorecard 8.)

use super::{GROUP, Reader};
use quarterdeck::domain::Kind;
use quarterdeck::domain::log::Millis;
use quarterdeck::sandbox::{FaultKind, LogLine};
use std::time::Duration;

const HERE: &str = "us-west-2";

fn put_poison(reader: &Reader, mark: &str, at: Millis) {
    let line = LogLine {
        timestamp: at,
        ingestion: at,
        message: format!("before {mark} after"),
    };
    let place = (crate::support::world::PROD_ID, HERE);
    reader
        .world
        .gateway
        .put_log_events(place, GROUP, "other", &[line]);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_cannot_be_parsed_is_passed_within_two_polls_and_told_as_a_hole() {
    let mut reader = Reader::new("quotas = true", &[HERE]);
    reader.break_logs(HERE, FaultKind::broken_json());
    reader.break_logs(HERE, FaultKind::lone_surrogates());
    let began = reader.now();
    let times = (0..240).map(|number| began + number * 500);
    reader.put(HERE, GROUP, times.map(|time| (time, time + 100)));
    let poison = [began + 40_250, began + 40_251, began + 90_000];
    for at in poison {
        put_poison(&reader, FaultKind::BROKEN, at);
    }
    put_poison(&reader, FaultKind::SURROGATE, began + 60_100);
    reader
        .tail(&[(HERE, GROUP)], Duration::from_secs(60), None)
        .await;
    reader.run(Duration::from_secs(200)).await;

    // The millisecond of a broken event is lost, everything around it is there.
    reader.assert_complete(began, began + 120_000, &poison);
    let lost: Vec<_> = reader
        .holes
        .iter()
        .map(|(_, hole)| (hole.from, hole.until))
        .collect();
    for at in poison {
        assert!(
            lost.iter()
                .any(|(from, until)| (*from..=*until).contains(&at)),
            "{lost:?}"
        );
    }
    let span: Millis = lost.iter().map(|(from, until)| until - from + 1).sum();
    assert!(span <= 3 && lost.len() <= 3, "{lost:?}");
    for at in poison {
        let next = reader
            .told
            .iter()
            .filter(|told| told.time > at && told.ingested > at);
        let first = next.map(|told| told.at).min().unwrap();
        assert!(first - at <= 4_000, "{at}: passed after {} ms", first - at);
    }
    let surrogate = reader
        .told
        .iter()
        .filter(|told| told.time == began + 60_100);
    assert_eq!(surrogate.count(), 1, "half a character costs nothing");
}

#[tokio::test(start_paused = true)]
async fn what_comes_late_while_poison_is_gone_around_is_found() {
    let mut reader = Reader::new("quotas = true", &[HERE]);
    reader.break_logs(HERE, FaultKind::broken_json());
    let began = reader.now();
    let times = (0..400).map(|number| began - 120_000 + number * 500);
    reader.put(HERE, GROUP, times.map(|time| (time, time + 119_950)));
    let poison = began + 40_250;
    put_poison(&reader, FaultKind::BROKEN, poison);
    reader
        .tail(&[(HERE, GROUP)], Duration::from_secs(180), None)
        .await;
    reader.run(Duration::from_secs(220)).await;
    reader.assert_complete(began - 120_000, began + 80_000, &[poison]);
}

#[tokio::test(start_paused = true)]
async fn a_range_goes_around_poison_too() {
    let mut reader = Reader::new("", &[HERE]);
    reader.break_logs(HERE, FaultKind::broken_json());
    let now = reader.now();
    let times = (1..2_000).map(|number| now - number * 1_800);
    reader.put(HERE, GROUP, times.map(|time| (time, time)));
    let poison = now - 1_900_123;
    put_poison(&reader, FaultKind::BROKEN, poison);
    reader
        .tail(&[(HERE, GROUP)], Duration::from_secs(3_600), Some(now))
        .await;
    assert!(
        reader
            .run_until(Duration::from_secs(30), Reader::has_ended)
            .await
    );
    assert_eq!(reader.ended[&0], Ok(()));
    reader.assert_complete(now - 3_600_000, now, &[poison]);
    let holes: Vec<_> = reader
        .holes
        .iter()
        .map(|(_, hole)| (hole.from, hole.until))
        .collect();
    assert_eq!(holes, [(poison, poison)]);
}

#[tokio::test(start_paused = true)]
async fn a_login_page_is_no_poison() {
    let mut reader = Reader::new("", &[HERE]);
    let began = reader.now();
    let times = (0..100).map(|number| began + number * 1_000);
    reader.put(HERE, GROUP, times.map(|time| (time, time)));
    reader
        .tail(&[(HERE, GROUP)], Duration::from_secs(60), None)
        .await;
    reader.run(Duration::from_secs(20)).await;
    let portal = reader.break_logs(HERE, FaultKind::Html);
    reader.run(Duration::from_secs(60)).await;
    let failing = reader.states[&0]
        .failing
        .as_ref()
        .map(|problem| problem.kind);
    assert_eq!(failing, Some(Kind::Garbled));
    reader.world.gateway.heal(portal);
    reader.run(Duration::from_secs(100)).await;
    assert!(reader.holes.is_empty(), "{:?}", reader.holes);
    assert_eq!(reader.states[&0].failing, None);
    reader.assert_complete(began, began + 100_000, &[]);
}
