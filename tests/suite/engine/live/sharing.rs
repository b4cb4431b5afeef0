//! Groups of one region share a session, whatever is wrong with one of them.

use super::{REGION, Reader, every};
use quarterdeck::domain::Kind;
use std::time::Duration;

#[tokio::test(start_paused = true)]
async fn a_group_that_does_not_exist_takes_no_other_with_it() {
    let mut reader = Reader::new(&[(REGION, "/a"), (REGION, "/b"), (REGION, "/nobody")]).await;
    let start = reader.now();
    reader.put((REGION, "/a"), every(500, start, 100));
    reader.put((REGION, "/b"), every(500, start, 100));
    reader.run(Duration::from_secs(60)).await;
    assert!(reader.is_live(0) && reader.is_live(1) && !reader.is_live(2));
    reader.spec.sources.truncate(2);
    reader.assert_complete();
    assert_eq!(reader.silences.last().unwrap().kind, Kind::Missing);
    let opened = reader.asked("StartLiveTail");
    assert!(opened <= 6, "{opened} attempts in a minute");
}

#[tokio::test(start_paused = true)]
async fn nine_good_groups_go_on_sharing_one_session_beside_one_that_does_not_exist() {
    let names: Vec<_> = (0..9).map(|number| format!("/good/{number}")).collect();
    let mut sources: Vec<_> = names.iter().map(|name| (REGION, name.as_str())).collect();
    sources.insert(4, (REGION, "/nobody"));
    let mut reader = Reader::new(&sources).await;
    let start = reader.now();
    for name in &names {
        reader.put((REGION, name), every(1_000, start, 50));
    }
    reader.run(Duration::from_secs(60)).await;
    let sharing: Vec<_> = (0..10)
        .map(|source| reader.state[&source].live.map_or(0, |live| live.sharing))
        .collect();
    assert_eq!(sharing, [9, 9, 9, 9, 0, 9, 9, 9, 9, 9]);
    let opened = reader.asked("StartLiveTail");
    assert!(opened <= 13, "{opened} attempts in a minute");
}
