//! The last lines of a group that tell of a failure, and whether everything was looked through for them.

use super::{GROUP, Reader};
use crate::support::world::{PROD, PROD_ID, scope};
use chrono::TimeDelta;
use quarterdeck::domain::{Search, Slot, Topic};
use quarterdeck::engine::message::{Cadence, Wish};
use quarterdeck::sandbox::LogLine;
use std::time::Duration;

const HERE: &str = "us-east-1";

#[tokio::test(start_paused = true)]
async fn a_log_that_is_too_long_to_be_looked_through_says_so() {
    for (lines, search) in [(300, Search::Whole), (90_000, Search::Partial)] {
        let mut reader = Reader::new("", &[HERE]);
        let now = reader.now();
        let line = |number: i64| LogLine {
            timestamp: now - 90_000 + number * 60_000 / lines,
            ingestion: now - 20_000,
            message: format!("ERROR {number}"),
        };
        let put: Vec<LogLine> = (0..lines).map(line).collect();
        let world = &mut reader.world;
        world
            .gateway
            .put_log_events((PROD_ID, HERE), GROUP, "stream", &put);
        let topic = Topic::LastErrors(GROUP.into());
        let wish = Wish {
            topic: topic.clone(),
            scope: scope(PROD, HERE),
            cadence: Cadence::Focused(TimeDelta::seconds(60)),
        };
        world.watch(vec![wish]).await;
        world.run(Duration::from_secs(30)).await;
        let last = world.store.last_errors(&scope(PROD, HERE), &topic);
        let last = last.and_then(Slot::value).expect("it was read");
        assert_eq!(last.search, search, "{lines} lines");
        assert_eq!(last.lines.len(), 20);
    }
}
