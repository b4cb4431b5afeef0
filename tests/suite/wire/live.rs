//! Live Tail over real connections, which are as many as there are sessions.

use super::{cloud, sandbox};
use crate::support::world::scope;
use quarterdeck::aws::LiveQuestion;
use quarterdeck::domain::{Kind, Reading, Topic, Untrusted};

#[tokio::test]
async fn all_sessions_that_aws_allows_are_open_at_once_and_questions_are_answered_all_the_same() {
    let sandbox = sandbox("calm").await;
    let cloud = cloud(&sandbox, &["eu-west-1"]);
    let here = scope("prod", "eu-west-1");
    let groups = Topic::LogGroups(Untrusted::from("/aws/lambda/"));
    let Reading::LogGroups(groups) = cloud.read(&groups, &here).await.unwrap() else {
        panic!("groups were asked for");
    };
    let question = LiveQuestion {
        groups: vec![groups[0].name.clone()],
        pattern: None,
    };
    let mut sessions = Vec::new();
    for _ in 0..15 {
        sessions.push(cloud.live_tail(&here, &question).await.unwrap());
    }
    let refused = cloud.live_tail(&here, &question).await.unwrap_err();
    assert_eq!(refused.kind, Kind::Throttled);
    for session in &mut sessions {
        assert!(session.next().await.unwrap().is_some());
    }
    let asked = cloud.read(&Topic::Stacks, &here).await;
    assert!(asked.is_ok(), "{asked:?}");
    drop(sessions);
    sandbox.stop().await;
}
