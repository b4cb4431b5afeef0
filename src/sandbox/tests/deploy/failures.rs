//! Deployments that are meant to fail, and what may be done about them.

use super::*;

const ROLLED_BACK: [&str; 4] = [
    "UPDATE_IN_PROGRESS",
    "UPDATE_ROLLBACK_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE",
];

async fn deploy(gateway: &Gateway, clock: &Clock, name: &str, more: &[(&str, &str)]) {
    let body = template(1024, "", r#", "Alarm": {"Type": "AWS::CloudWatch::Alarm"}"#);
    proposed(gateway, clock, name, &body, "v2").await;
    execute(gateway, name, more).await;
}

#[tokio::test]
async fn a_scenario_chooses_which_deployment_fails_and_how_often() {
    let plan = "[[failing]]\nstack = \"shop\"\non.regions = [\"eu-west-1\"]\nresource = \"Function\"\nreason = \"Out of \
                luck.\"\n";
    let (gateway, clock) = world(plan);
    deploy(&gateway, &clock, "first", &[("DisableRollback", "false")]).await;
    assert_eq!(course(&gateway, &clock, "shop").await, ROLLED_BACK);
    let told = done(&gateway, "DescribeStacks", &[("StackName", "shop")]).await;
    assert!(
        told.contains("<ParameterValue>v1</ParameterValue>"),
        "as before"
    );
    let log = events(&gateway, "shop").await;
    assert!(
        log.contains(&"Function UPDATE_FAILED Out of luck.".to_owned()),
        "{log:?}"
    );
    assert!(log.contains(&"Alarm DELETE_COMPLETE".to_owned()), "{log:?}");
    let said = "shop UPDATE_ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Alarm]. The following \
                resource(s) failed to update: [Function]. ";
    assert!(log.contains(&said.trim_end().to_owned()), "{log:?}");
    deploy(&gateway, &clock, "second", &[]).await;
    let seen = course(&gateway, &clock, "shop").await;
    assert_eq!(seen.last().map(String::as_str), Some("UPDATE_COMPLETE"));
}

#[tokio::test]
async fn without_a_rollback_everything_stays_and_can_be_tried_again_or_taken_back() {
    let (gateway, clock) = world("");
    for (name, way) in [("first", "RollbackStack"), ("second", "again")] {
        gateway.fail_update(failing(Some("Function")));
        deploy(&gateway, &clock, name, &[("DisableRollback", "true")]).await;
        assert_eq!(
            course(&gateway, &clock, "shop").await,
            ["UPDATE_IN_PROGRESS", "UPDATE_FAILED"]
        );
        let told = done(&gateway, "DescribeStacks", &[("StackName", "shop")]).await;
        assert_eq!(first(&told, "DisableRollback"), "true");
        if way == "again" {
            deploy(&gateway, &clock, "third", &[]).await;
            let seen = course(&gateway, &clock, "shop").await;
            assert_eq!(seen.last().map(String::as_str), Some("UPDATE_COMPLETE"));
            let told = done(&gateway, "DescribeStacks", &[("StackName", "shop")]).await;
            assert!(told.contains("<ParameterValue>v2</ParameterValue>"));
        } else {
            done(&gateway, way, &[("StackName", "shop")]).await;
            assert_eq!(course(&gateway, &clock, "shop").await, ROLLED_BACK[1..]);
            let told = done(&gateway, "DescribeStacks", &[("StackName", "shop")]).await;
            assert!(told.contains("<ParameterValue>v1</ParameterValue>"));
        }
    }
    let said = refused(&gateway, "RollbackStack", &[("StackName", "shop")], &[]).await;
    assert!(said.1.contains("is in UPDATE_COMPLETE state"), "{}", said.1);
}

#[tokio::test]
async fn a_rollback_that_fails_goes_on_when_told_and_may_have_to_skip() {
    let (gateway, clock) = world("");
    gateway.fail_update(FailingUpdate {
        rollback_fails: Some("Still out of luck.".to_owned()),
        stubborn: true,
        ..failing(Some("Function"))
    });
    deploy(&gateway, &clock, "first", &[]).await;
    let stuck = ["UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_FAILED"];
    assert_eq!(course(&gateway, &clock, "shop").await[1..], stuck);
    let shop = [("StackName", "shop")];
    let (code, said) = propose(&gateway, "no", &template(1, "", ""), "v3").await;
    assert!(
        code == 400 && said.contains("is in UPDATE_ROLLBACK_FAILED state and can not be updated")
    );
    done(&gateway, "ContinueUpdateRollback", &shop).await;
    assert_eq!(course(&gateway, &clock, "shop").await, stuck);
    let wrong = [shop[0], ("ResourcesToSkip.member.1", "Table")];
    let said = refused(&gateway, "ContinueUpdateRollback", &wrong, &[]).await;
    assert!(
        said.1.contains("[Table]"),
        "only what failed can be skipped: {}",
        said.1
    );
    let skip = [
        shop[0],
        ("ResourcesToSkip.member.1", "Function"),
        ("ClientRequestToken", "go-on"),
    ];
    done(&gateway, "ContinueUpdateRollback", &skip).await;
    let seen = course(&gateway, &clock, "shop").await;
    assert_eq!(
        seen.last().map(String::as_str),
        Some("UPDATE_ROLLBACK_COMPLETE")
    );
    let log = events(&gateway, "shop").await;
    assert!(log.contains(&"Function UPDATE_FAILED Still out of luck.".to_owned()));
    assert!(log.contains(&"Alarm DELETE_COMPLETE".to_owned()));
    let said = refused(&gateway, "ContinueUpdateRollback", &shop, &[]).await;
    assert!(
        said.1.contains("can not continue rolling back"),
        "{}",
        said.1
    );
}

#[tokio::test]
async fn a_template_may_say_itself_that_it_fails_and_a_creation_is_taken_back_whole() {
    let (gateway, clock) = world("");
    let body = r#"{"Resources": {"Queue": {"Type": "AWS::SQS::Queue"},
        "Topic": {"Type": "AWS::SNS::Topic", "Metadata": {"SandboxFails": "No topics today."}}}}"#;
    let members = [
        ("StackName", "doomed"),
        ("ChangeSetName", "first"),
        ("ChangeSetType", "CREATE"),
        ("TemplateBody", body),
    ];
    done(&gateway, "CreateChangeSet", &members).await;
    clock.advance(Duration::from_secs(2));
    done(&gateway, "ExecuteChangeSet", &members[..2]).await;
    assert_eq!(
        course(&gateway, &clock, "doomed").await,
        [
            "CREATE_IN_PROGRESS",
            "ROLLBACK_IN_PROGRESS",
            "ROLLBACK_COMPLETE"
        ]
    );
    let log = events(&gateway, "doomed").await;
    assert!(
        log.contains(&"Topic CREATE_FAILED No topics today.".to_owned()),
        "{log:?}"
    );
    let again = [members[0], ("ChangeSetName", "second"), members[3]];
    let said = refused(&gateway, "CreateChangeSet", &again, &[]).await;
    assert!(
        said.1
            .contains("is in ROLLBACK_COMPLETE state and can not be updated"),
        "{}",
        said.1
    );
}
