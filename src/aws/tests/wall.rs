//! Nothing that changes an account leaves a read-only one.

use super::*;
use crate::aws::problem::Subject;
use crate::aws::wall::{Effect, OPERATIONS, Wall};
use aws_smithy_runtime_api::client::http::SharedHttpClient;

async fn session(wire: &Wire, access: Access) -> Arc<Session> {
    let http: SharedHttpClient = wire.client();
    let link = Link {
        endpoint: Some("http://sandbox.test:1".to_owned()),
        http: Some(http.clone()),
    };
    Account::new(plan(access)).session(&link, &http).await
}

fn ann() -> AccountName {
    AccountName::new("prod")
}

fn leave(access: Access) -> Result<Warrant, Problem> {
    Account::new(plan(access))
        .arms
        .warrant(&ann(), access, noon())
}

fn noon() -> crate::domain::Timestamp {
    crate::domain::Timestamp::from_timestamp(1_795_000_000, 0).unwrap()
}

#[tokio::test]
async fn nothing_but_reads_leaves_without_a_warrant_whatever_the_access() {
    for access in [Access::ReadOnly, Access::OnceArmed, Access::Operate] {
        let wire = Wire::new(|_| panic!("a request left"));
        let session = session(&wire, access).await;
        let client = session.cloudformation(&Region::new("eu-west-1"));
        let delete = client.delete_stack().stack_name("checkout").send().await;
        let draft = client
            .create_change_set()
            .stack_name("checkout")
            .change_set_name("qd")
            .send()
            .await;
        for failure in [
            Failure::from(delete.unwrap_err()),
            Failure::from(draft.unwrap_err()),
        ] {
            let asking = Asking {
                subject: Subject::Topic(&Topic::Stacks),
                scope: &ireland(),
                renewal: "",
            };
            let problem = asking.problem(&failure);
            assert_eq!(problem.kind, Kind::Denied);
            assert!(
                problem
                    .what
                    .starts_with("Nobody gave leave to change something in prod"),
                "{problem}"
            );
        }
        assert_eq!(wire.actions(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn every_operation_is_classified_once_and_only_reads_pass_without_leave() {
    let here = Wall::new(ann());
    let there = Wall::new(AccountName::new("test"));
    let warrant = leave(Access::Operate).unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for (service, effect, names) in OPERATIONS {
        for name in *names {
            assert!(
                seen.insert((service, name)),
                "{service}:{name} stands twice"
            );
            let is_read = *effect == Effect::Read;
            assert_eq!(
                here.pass(service, name).is_ok(),
                is_read,
                "{service}:{name}"
            );
            let (ours, theirs) = warrant
                .cover(async { (here.pass(service, name), there.pass(service, name)) })
                .await;
            assert!(ours.is_ok(), "{service}:{name}");
            assert_eq!(
                theirs.is_ok(),
                is_read,
                "{service}:{name}: a warrant holds in its own account alone"
            );
        }
    }
}

#[test]
fn a_read_only_account_gives_no_leave_and_says_what_to_do() {
    let refused = leave(Access::ReadOnly).unwrap_err();
    assert_eq!(refused.kind, Kind::Denied);
    assert!(refused.to_string().contains("read_only"), "{refused}");
    let refused = leave(Access::OnceArmed).unwrap_err();
    assert!(refused.to_string().contains("`A`"), "{refused}");
}

#[test]
fn an_armed_account_gives_leave_until_its_time_is_over() {
    let wire = Wire::new(|_| panic!("a request left"));
    let cloud = cloud_of(&wire, Access::OnceArmed);
    let until = noon() + chrono::TimeDelta::minutes(10);
    cloud.arm(&ann(), Some(until));
    assert_eq!(cloud.warrant(&ann(), noon()).unwrap().account(), &ann());
    assert!(cloud.warrant(&ann(), until).is_err());
    cloud.arm(&ann(), None);
    assert!(cloud.warrant(&ann(), noon()).is_err());

    let pinned = cloud_of(&wire, Access::ReadOnly);
    pinned.arm(&ann(), Some(until));
    assert!(pinned.warrant(&ann(), noon()).is_err());
}

#[tokio::test]
async fn a_function_is_not_called_under_the_warrant_of_another_account() {
    let wire = Wire::new(|_| panic!("a request left"));
    let asked = Invocation {
        function: "checkout".into(),
        qualifier: Some("ACTIVE".into()),
        payload: "{}".to_owned(),
    };
    let other = AccountName::new("test");
    let warrant = Account::new(plan(Access::Operate))
        .arms
        .warrant(&other, Access::Operate, noon())
        .unwrap();
    let refused = cloud(&wire).invoke(&warrant, &ireland(), &asked).await;
    let problem = refused.unwrap_err();
    assert_eq!(problem.kind, Kind::Denied);
    assert!(problem.what.contains("Lambda:Invoke"), "{problem}");
    assert_eq!(wire.asked().len(), 0);
}

#[tokio::test]
async fn an_unclassified_operation_never_leaves() {
    let wire = Wire::new(|_| panic!("a request left"));
    let session = session(&wire, Access::Operate).await;
    let client = session.cloudformation(&Region::new("eu-west-1"));
    let warrant = leave(Access::Operate).unwrap();
    let sent = warrant.cover(client.list_exports().send()).await;
    let failure = sent.unwrap_err();
    assert!(matches!(Failure::from(failure), Failure::Refused(_)));
}
