//! Change sets: what they find, what they refuse, and how they come and go.

use std::time::Duration;

use super::*;

#[tokio::test]
async fn a_change_set_takes_a_moment_and_then_says_what_would_change() {
    let (gateway, clock) = world("");
    let body = template(1024, "", r#", "Alarm": {"Type": "AWS::CloudWatch::Alarm"}"#);
    let (code, said) = propose(&gateway, "bigger", &body, "v2").await;
    assert_eq!(code, 200, "{said}");
    let members = [("StackName", "shop"), ("ChangeSetName", "bigger")];
    let standing = async || {
        let body = done(&gateway, "DescribeChangeSet", &members).await;
        (first(&body, "Status"), first(&body, "ExecutionStatus"))
    };
    let unavailable = |status: &str| (status.to_owned(), "UNAVAILABLE".to_owned());
    assert_eq!(standing().await, unavailable("CREATE_PENDING"));
    clock.advance(Duration::from_millis(500));
    assert_eq!(standing().await, unavailable("CREATE_IN_PROGRESS"));
    clock.advance(Duration::from_millis(1_500));
    let ready = ("CREATE_COMPLETE".to_owned(), "AVAILABLE".to_owned());
    assert_eq!(standing().await, ready);
    let full = [members[0], members[1], ("IncludePropertyValues", "true")];
    let body = done(&gateway, "DescribeChangeSet", &full).await;
    let changes: Vec<(String, String, String)> = body
        .split("<ResourceChange>")
        .skip(1)
        .map(|change| {
            let of = |name| first(change, name);
            (of("Action"), of("LogicalResourceId"), of("Replacement"))
        })
        .collect();
    let expected = [("Modify", "Function", "False"), ("Add", "Alarm", "")];
    let expected = expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned()));
    assert_eq!(changes, expected);
    assert!(body.contains("<BeforeValue>512</BeforeValue><AfterValue>1024</AfterValue>"));
    assert!(body.contains(
        "<ChangeSource>ParameterReference</ChangeSource><CausingEntity>ImageTag</CausingEntity>"
    ));
    assert!(
        body.contains("<ParameterKey>Key</ParameterKey><ParameterValue>****</ParameterValue>"),
        "a secret stays one"
    );
}

#[tokio::test]
async fn what_is_replaced_says_so_and_nothing_at_all_fails() {
    let (gateway, clock) = world("");
    let named = template(512, r#", "Properties": {"TableName": "orders"}"#, "");
    let body = proposed(&gateway, &clock, "rename", &named, "v1").await;
    assert_eq!(first(&body, "Replacement"), "True");
    assert_eq!(first(&body, "PolicyAction"), "ReplaceAndDelete");
    let body = done(
        &gateway,
        "GetTemplate",
        &[("StackName", "shop"), ("ChangeSetName", "rename")],
    )
    .await;
    assert!(
        body.contains("orders"),
        "the template of a change set is its own"
    );

    let again = [
        ("StackName", "shop"),
        ("ChangeSetName", "nothing"),
        ("UsePreviousTemplate", "true"),
    ];
    let (code, said) = call(&gateway, "CreateChangeSet", &again, &parameters("v1")).await;
    assert_eq!(code, 200, "{said}");
    clock.advance(Duration::from_secs(2));
    let nothing = [("StackName", "shop"), ("ChangeSetName", "nothing")];
    let body = done(&gateway, "DescribeChangeSet", &nothing).await;
    assert_eq!(first(&body, "Status"), "FAILED");
    assert_eq!(first(&body, "ExecutionStatus"), "UNAVAILABLE");
    assert_eq!(
        first(&body, "StatusReason"),
        "The submitted information didn't contain changes. Submit different information to create a change set."
    );
    let (code, words) = refused(&gateway, "ExecuteChangeSet", &nothing, &[]).await;
    assert_eq!(code, "InvalidChangeSetStatus");
    assert!(words.contains("[FAILED]"), "{words}");
}

#[tokio::test]
async fn what_is_wrong_with_a_proposal_is_said_at_once() {
    let (gateway, _) = world("");
    let good = template(1024, "", "");
    let with = |body: &str| -> Vec<(String, String)> {
        let mut form = parameters("v2");
        form.push(("TemplateBody".to_owned(), body.to_owned()));
        form
    };
    let set = [("StackName", "shop"), ("ChangeSetName", "x")];
    let mut unknown = with(&good);
    unknown.push((
        "Parameters.member.4.ParameterKey".to_owned(),
        "Colour".to_owned(),
    ));
    unknown.push((
        "Parameters.member.4.ParameterValue".to_owned(),
        "red".to_owned(),
    ));
    let missing: Vec<(String, String)> = with(&good)
        .into_iter()
        .filter(|(key, _)| !key.starts_with("Parameters.member.2"))
        .collect();
    let incapable: Vec<(String, String)> = with(&good)
        .into_iter()
        .filter(|(key, _)| !key.starts_with("Capabilities"))
        .collect();
    let large = with(&format!("{good}{}", " ".repeat(51_200)));
    for (form, code, words) in [
        (
            unknown,
            "ValidationError",
            "Parameters: [Colour] do not exist in the template",
        ),
        (
            missing,
            "ValidationError",
            "Parameters: [ImageTag] must have values",
        ),
        (
            incapable,
            "InsufficientCapabilitiesException",
            "Requires capabilities : [CAPABILITY_IAM]",
        ),
        (large, "ValidationError", "less than or equal to 51200"),
        (
            with("{}"),
            "ValidationError",
            "At least one Resources member",
        ),
        (
            parameters("v2"),
            "ValidationError",
            "Either Template URL or Template Body must be specified.",
        ),
    ] {
        let said = refused(&gateway, "CreateChangeSet", &set, &form).await;
        assert_eq!(said.0, code, "{}", said.1);
        assert!(said.1.contains(words), "{} lacks {words}", said.1);
    }
    let absent = [("StackName", "none"), ("ChangeSetName", "x")];
    let said = refused(&gateway, "CreateChangeSet", &absent, &with(&good)).await;
    assert_eq!(said.1, "Stack [none] does not exist");
    let taken = [set[0], set[1], ("ChangeSetType", "CREATE")];
    let said = refused(&gateway, "CreateChangeSet", &taken, &with(&good)).await;
    assert!(
        said.1
            .contains("already exists and cannot be created again"),
        "{}",
        said.1
    );
    propose(&gateway, "x", &good, "v2").await;
    let said = refused(&gateway, "CreateChangeSet", &set, &with(&good)).await;
    assert_eq!(said.0, "AlreadyExistsException");
}

#[tokio::test]
async fn executing_one_change_set_ends_all_others() {
    let (gateway, clock) = world("");
    proposed(&gateway, &clock, "one", &template(1024, "", ""), "v2").await;
    proposed(&gateway, &clock, "two", &template(2048, "", ""), "v2").await;
    execute(&gateway, "one", &[("ClientRequestToken", "mine")]).await;
    let one = [("StackName", "shop"), ("ChangeSetName", "one")];
    let two = [("StackName", "shop"), ("ChangeSetName", "two")];
    let said = refused(&gateway, "DescribeChangeSet", &two, &[]).await;
    assert_eq!(said.0, "ChangeSetNotFound");
    let standing = async || {
        let body = done(&gateway, "DescribeChangeSet", &one).await;
        first(&body, "ExecutionStatus")
    };
    assert_eq!(standing().await, "EXECUTE_IN_PROGRESS");
    let said = refused(&gateway, "ExecuteChangeSet", &one, &[]).await;
    assert_eq!(said.0, "InvalidChangeSetStatus");
    course(&gateway, &clock, "shop").await;
    assert_eq!(standing().await, "EXECUTE_COMPLETE");
}

#[tokio::test]
async fn a_change_set_can_be_thrown_away() {
    let (gateway, clock) = world("");
    proposed(&gateway, &clock, "one", &template(1024, "", ""), "v2").await;
    let one = [("StackName", "shop"), ("ChangeSetName", "one")];
    done(&gateway, "DeleteChangeSet", &one).await;
    let said = refused(&gateway, "DescribeChangeSet", &one, &[]).await;
    assert_eq!(said.0, "ChangeSetNotFound");
    done(&gateway, "DeleteChangeSet", &one).await;
    let (code, _) = propose(&gateway, "one", &template(1024, "", ""), "v2").await;
    assert_eq!(code, 200, "its name is free again");
}
