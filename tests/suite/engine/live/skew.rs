//! A clock of ours that is wrong.

use super::{REGION, Reader, every};
use std::time::Duration;

#[tokio::test(start_paused = true)]
async fn a_session_is_no_further_than_its_events_by_a_clock_that_is_minutes_ahead() {
    let mut reader = Reader::new(&[(REGION, "/a")]).await;
    reader.world.leap(Duration::from_mins(4));
    let start = reader.now();
    reader.put((REGION, "/a"), every(200, start, 300));
    reader.run(Duration::from_secs(70)).await;
    reader.assert_complete();
    assert!(reader.is_live(0));
    let behind = reader.now() - reader.reached[&0];
    assert!(
        (0..=3_100).contains(&behind),
        "a merge waits for {behind} ms"
    );
    assert_eq!(reader.late, 0);
    let polls = reader.asked("FilterLogEvents");
    assert!(polls <= 14, "{polls} polls in 70 s");
}
