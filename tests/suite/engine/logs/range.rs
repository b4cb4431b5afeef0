//! A range of the past is read once, in order, no faster than its reader takes it.

use super::{GROUP, Reader};
use quarterdeck::domain::Kind;
use quarterdeck::sandbox::FaultKind;
use std::time::Duration;

const HERE: &str = "us-east-1";

fn with_past(plan: &str) -> Reader {
    let reader = Reader::new(plan, &[HERE, "eu-west-1"]);
    let now = reader.now();
    for region in [HERE, "eu-west-1"] {
        let times = (0..45_000).map(|number| now - 600_000 + number / 3 * 40);
        reader.put(region, GROUP, times.map(|time| (time, time)));
    }
    reader
}

#[tokio::test(start_paused = true)]
async fn a_range_is_told_whole_in_order_and_ends() {
    let mut reader = with_past("quotas = true\nempty_pages = 0.4\nduplicates = 0.05");
    let now = reader.now();
    let (from, until) = (now - 500_000, now - 100_000);
    let sources = [(HERE, GROUP), ("eu-west-1", GROUP)];
    reader
        .tail(&sources, Duration::from_secs(500), Some(until))
        .await;
    assert!(
        reader
            .run_until(Duration::from_secs(60), Reader::has_ended)
            .await
    );
    assert!(
        reader.ended.values().all(Result::is_ok),
        "{:?}",
        reader.ended
    );
    reader.assert_complete(from, until, &[]);
    assert_eq!(reader.told.len(), 60_000);
    for source in 0..2 {
        let times = reader
            .told
            .iter()
            .filter(|told| told.source == source)
            .map(|told| told.time);
        assert!(times.is_sorted());
        assert_eq!(reader.states[&source].reached, Some(until));
    }
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_keeps_its_pages_is_not_sent_a_third() {
    let mut reader = with_past("");
    reader.keeps = Some(Vec::new());
    let now = reader.now();
    let sources = [(HERE, GROUP), ("eu-west-1", GROUP)];
    reader
        .tail(&sources, Duration::from_secs(600), Some(now))
        .await;
    reader.run(Duration::from_secs(60)).await;
    assert_eq!(reader.keeps.as_ref().unwrap().len(), 4);
    assert_eq!(reader.asked().len(), 4, "nor is a third asked for");
    assert!(reader.ended.is_empty());
    reader.keeps = None;
    assert!(
        reader
            .run_until(Duration::from_secs(60), Reader::has_ended)
            .await
    );
    reader.assert_complete(now - 600_000, now, &[]);
}

#[tokio::test(start_paused = true)]
async fn a_source_that_cannot_be_read_ends_with_its_reason_and_the_other_is_read() {
    for (kind, expected) in [
        (FaultKind::AccessDenied, Kind::Denied),
        (FaultKind::Html, Kind::Garbled),
        (FaultKind::ServerError { status: 500 }, Kind::Server),
    ] {
        let mut reader = with_past("");
        reader.break_logs("eu-west-1", kind);
        let now = reader.now();
        let sources = [(HERE, GROUP), ("eu-west-1", GROUP)];
        reader
            .tail(&sources, Duration::from_secs(600), Some(now))
            .await;
        assert!(
            reader
                .run_until(Duration::from_secs(60), Reader::has_ended)
                .await,
            "{expected:?}"
        );
        assert_eq!(
            (reader.ended[&0], reader.ended[&1]),
            (Ok(()), Err(expected))
        );
        assert_eq!(reader.told.len(), 45_000);
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_breaks_in_the_middle_costs_nothing() {
    let mut reader = with_past("duplicates = 0.01");
    let now = reader.now();
    reader
        .tail(&[(HERE, GROUP)], Duration::from_secs(600), Some(now))
        .await;
    reader
        .run_until(Duration::from_secs(5), |reader| reader.told.len() > 10_000)
        .await;
    let broken = reader.break_logs(HERE, FaultKind::Reset);
    reader.run(Duration::from_secs(6)).await;
    reader.world.gateway.heal(broken);
    assert!(
        reader
            .run_until(Duration::from_secs(60), Reader::has_ended)
            .await
    );
    assert_eq!(reader.ended[&0], Ok(()));
    reader.assert_complete(now - 600_000, now, &[]);
}
