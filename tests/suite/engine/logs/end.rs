//! A tail that is told to end ends, whatever is wrong.

use super::{GROUP, Reader, TAIL};
use quarterdeck::domain::{Kind, Reach};
use quarterdeck::engine::message::Request;
use quarterdeck::sandbox::FaultKind;
use std::time::Duration;

const REGIONS: [&str; 4] = ["us-east-1", "eu-west-1", "eu-west-2", "sa-east-1"];

#[tokio::test(start_paused = true)]
async fn every_source_says_how_it_ended_within_seconds() {
    let mut reader = Reader::new("", &REGIONS);
    let began = reader.now();
    for region in REGIONS {
        let times = (0..600).map(|number| began + number * 100);
        reader.put(region, GROUP, times.map(|time| (time, time + 15_000)));
    }
    reader.break_logs("eu-west-1", FaultKind::AccessDenied);
    let sources = REGIONS.map(|region| (region, GROUP));
    reader.tail(&sources, Duration::from_secs(60), None).await;
    reader.run(Duration::from_secs(59)).await;
    reader.break_logs("eu-west-2", FaultKind::Dark);
    reader.run(Duration::from_secs(1)).await;
    let readable = reader.now() - 15_000;
    reader.finish(began + 60_000).await;
    assert!(
        reader
            .run_until(Duration::from_secs(8), Reader::has_ended)
            .await
    );
    assert_eq!(reader.ended[&0], Ok(()));
    assert_eq!(reader.ended[&1], Err(Kind::Denied));
    assert_eq!(reader.ended[&2], Err(Kind::Unreachable(Reach::TimedOut)));
    assert_eq!(reader.ended[&3], Ok(()));
    // Up to the end, and nothing beyond it.
    reader.sources.truncate(1);
    reader.assert_complete(began, readable, &[]);
    assert!(reader.told.iter().all(|told| told.time < began + 60_000));
}

#[tokio::test(start_paused = true)]
async fn a_tail_that_is_dropped_asks_no_more_and_may_begin_anew() {
    let mut reader = Reader::new("", &["us-east-1"]);
    let began = reader.now();
    reader.put("us-east-1", GROUP, [(began, began)]);
    let sources = [("us-east-1", GROUP)];
    reader.tail(&sources, Duration::from_secs(60), None).await;
    reader.run(Duration::from_secs(5)).await;
    reader.world.engine.submit(Request::Untail(TAIL)).await;
    reader.run(Duration::from_secs(1)).await;
    let asked = reader.asked().len();
    reader.run(Duration::from_secs(60)).await;
    assert_eq!(reader.asked().len(), asked);
    reader.tail(&sources, Duration::from_secs(300), None).await;
    reader.run(Duration::from_secs(5)).await;
    assert_eq!(reader.told.len(), 2, "once by each");
}

#[tokio::test(start_paused = true)]
async fn a_longer_list_adds_sources_to_a_tail_that_runs() {
    let mut reader = Reader::new("", &REGIONS);
    let began = reader.now();
    for region in REGIONS {
        reader.put(
            region,
            GROUP,
            (0..60).map(|number| (began + number * 1_000, began + number * 1_000)),
        );
    }
    reader
        .tail(&[("us-east-1", GROUP)], Duration::from_secs(60), None)
        .await;
    reader.run(Duration::from_secs(20)).await;
    let sources = [("us-east-1", GROUP), ("sa-east-1", GROUP)];
    reader.tail(&sources, Duration::from_secs(60), None).await;
    reader.run(Duration::from_secs(60)).await;
    reader.assert_complete(began, began + 60_000, &[]);
}
