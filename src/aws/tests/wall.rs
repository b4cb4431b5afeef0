//! Nothing that changes an account leaves a read-only one.

use super::*;
use crate::aws::problem::Subject;
use aws_smithy_runtime_api::client::http::SharedHttpClient;

async fn session(wire: &Wire, access: Access) -> Arc<Session> {
    let http: SharedHttpClient = wire.client();
    let link = Link {
        endpoint: Some("http://sandbox.test:1".to_owned()),
        http: Some(http.clone()),
    };
    Account::new(plan(access)).session(&link, &http).await
}

#[tokio::test]
async fn drafts_and_changes_do_not_leave_a_read_only_account() {
    let wire = Wire::new(|_| panic!("a request left"));
    let session = session(&wire, Access::ReadOnly).await;
    let client = session.cloudformation(&Region::new("eu-west-1"));
    let delete = client.delete_stack().stack_name("checkout").send().await;
    let detect = client
        .detect_stack_drift()
        .stack_name("checkout")
        .send()
        .await;
    for failure in [
        Failure::from(delete.unwrap_err()),
        Failure::from(detect.unwrap_err()),
    ] {
        let asking = Asking {
            subject: Subject::Topic(&Topic::Stacks),
            scope: &ireland(),
            renewal: "",
        };
        let problem = asking.problem(&failure);
        assert_eq!(problem.kind, Kind::Denied);
        assert!(
            problem.what.starts_with("prod is read-only here"),
            "{problem}"
        );
    }
    assert_eq!(wire.actions(), Vec::<String>::new());
}

#[tokio::test]
async fn a_function_is_not_called_in_a_read_only_account() {
    let wire = Wire::new(|_| panic!("a request left"));
    let asked = Invocation {
        function: "checkout".into(),
        qualifier: Some("ACTIVE".into()),
        payload: "{}".to_owned(),
    };
    let refused = cloud(&wire).invoke(&ireland(), &asked).await;
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
    let failure = client.list_exports().send().await.unwrap_err();
    assert!(matches!(Failure::from(failure), Failure::Refused(_)));
}

#[tokio::test]
async fn an_operating_account_may_change() {
    let wire = Wire::new(|_| wire::xml(200, "<DeleteStackResponse/>"));
    let session = session(&wire, Access::Operate).await;
    let client = session.cloudformation(&Region::new("eu-west-1"));
    client
        .delete_stack()
        .stack_name("checkout")
        .send()
        .await
        .unwrap();
    assert_eq!(wire.actions(), ["DeleteStack"]);
}
