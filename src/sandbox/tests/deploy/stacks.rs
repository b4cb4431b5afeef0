//! Stacks that clients make, change and delete, and what the rest of the world sees of it.

use std::time::Duration;

use super::*;

#[tokio::test]
async fn an_update_shows_in_everything_that_a_stack_says() {
    let (gateway, clock) = world("");
    let body = template(
        1024,
        r#", "Properties": {"TableName": "orders"}"#,
        r#", "Alarm": {"Type": "AWS::CloudWatch::Alarm"}"#,
    );
    proposed(&gateway, &clock, "next", &body, "v2").await;
    execute(&gateway, "next", &[("ClientRequestToken", "mine-1")]).await;
    assert_eq!(
        course(&gateway, &clock, "shop").await,
        [
            "UPDATE_IN_PROGRESS",
            "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
            "UPDATE_COMPLETE"
        ]
    );
    let told = done(&gateway, "DescribeStacks", &[("StackName", "shop")]).await;
    let told = told.replace("</member><member>", "\n");
    assert!(told.contains("<ParameterValue>v2</ParameterValue>"));
    assert!(told.contains("<OutputKey>Table</OutputKey><OutputValue>orders</OutputValue>"));
    assert!(told.contains("<OperationType>UPDATE_STACK</OperationType>"));
    let sent = first(
        &done(&gateway, "GetTemplate", &[("StackName", "shop")]).await,
        "TemplateBody",
    );
    assert_eq!(
        sent.replace("&quot;", "\""),
        body,
        "the template comes back as it was sent"
    );
    let rows = done(&gateway, "ListStackResources", &[("StackName", "shop")]).await;
    assert_eq!(rows.matches("<LogicalResourceId>").count(), 4, "{rows}");
    assert!(rows.contains("<PhysicalResourceId>orders</PhysicalResourceId>"));
    let log = done(&gateway, "DescribeStackEvents", &[("StackName", "shop")]).await;
    let own: Vec<&str> = log
        .split("<EventId>")
        .filter(|one| one.contains("mine-1"))
        .collect();
    assert!(own.len() > 10);
    let events = events(&gateway, "shop").await;
    for event in [
        "Table UPDATE_IN_PROGRESS Requested update requires the creation of a new physical resource; hence creating one.",
        "Table DELETE_COMPLETE",
        "Alarm CREATE_IN_PROGRESS Resource creation Initiated",
        "Alarm CREATE_COMPLETE",
    ] {
        assert!(
            events.iter().any(|own| own == event),
            "{event} is not in {events:?}"
        );
    }
    let exports = done(&gateway, "ListExports", &[]).await;
    assert!(exports.contains("<Name>shop-version</Name><Value>v2</Value>"));
    let used = [
        ("StackName", "shop"),
        ("ChangeSetName", "next"),
        ("ClientRequestToken", "mine-1"),
    ];
    let said = refused(&gateway, "ExecuteChangeSet", &used, &[]).await;
    assert_eq!(said.0, "TokenAlreadyExistsException");
}

#[tokio::test]
async fn a_stack_is_created_by_a_change_set_and_deleted_again() {
    let (gateway, clock) = world("");
    let yaml = "Parameters: {Name: {Type: String}}\nResources:\n  Queue:\n    Type: AWS::SQS::Queue\n  Hooks:\n    Type: \
                AWS::Lambda::Function\n    Properties: {FunctionName: !Sub '${Name}-hooks'}\nOutputs:\n  Url: {Value: !Ref \
                Queue}\n";
    let members = [
        ("StackName", "fresh"),
        ("ChangeSetName", "first"),
        ("ChangeSetType", "CREATE"),
        ("TemplateBody", yaml),
        ("Parameters.member.1.ParameterKey", "Name"),
        ("Parameters.member.1.ParameterValue", "fresh"),
        ("Tags.member.1.Key", "version"),
        ("Tags.member.1.Value", "v9"),
    ];
    let body = done(&gateway, "CreateChangeSet", &members).await;
    let (set, id) = (first(&body, "Id"), first(&body, "StackId"));
    assert_eq!(status(&gateway, "fresh").await, "REVIEW_IN_PROGRESS");
    clock.advance(Duration::from_secs(2));
    done(&gateway, "ExecuteChangeSet", &[("ChangeSetName", &set)]).await;
    assert_eq!(
        course(&gateway, &clock, "fresh").await,
        ["CREATE_IN_PROGRESS", "CREATE_COMPLETE"]
    );
    let told = done(&gateway, "DescribeStacks", &[]).await;
    assert_eq!(first(&told, "StackId"), id, "the newest stack comes first");
    assert!(told.contains("<OutputKey>Url</OutputKey><OutputValue>https://sqs.eu-west-1.amazonaws.com/123456789012/fresh-Queue-"));
    let request = functions::request("GET", HOME, "/2015-03-31/functions/", "");
    let (code, listed) = ask(&gateway, request).await;
    assert_eq!(code, 200, "{listed}");
    assert!(
        listed.contains("fresh-hooks"),
        "Lambda knows the new function: {listed}"
    );

    done(&gateway, "DeleteStack", &[("StackName", "fresh")]).await;
    assert_eq!(
        course(&gateway, &clock, &id).await,
        ["DELETE_IN_PROGRESS", "DELETE_COMPLETE"]
    );
    let said = refused(&gateway, "DescribeStacks", &[("StackName", "fresh")], &[]).await;
    assert_eq!(said.1, "Stack with id fresh does not exist");
    done(&gateway, "DeleteStack", &[("StackName", "fresh")]).await;
}

#[tokio::test]
async fn some_stacks_may_not_be_deleted() {
    let (gateway, clock) = world("");
    let said = refused(&gateway, "DeleteStack", &[("StackName", "guarded")], &[]).await;
    assert_eq!(
        said.1,
        "Stack [guarded] cannot be deleted while TerminationProtection is enabled"
    );
    done(&gateway, "DeleteStack", &[("StackName", "shop")]).await;
    assert_eq!(
        course(&gateway, &clock, "shop").await,
        ["DELETE_IN_PROGRESS", "DELETE_FAILED"]
    );
    let told = done(&gateway, "DescribeStacks", &[("StackName", "shop")]).await;
    assert_eq!(
        first(&told, "StackStatusReason"),
        "Export shop-version cannot be deleted as it is in use by user"
    );
}

#[tokio::test]
async fn an_update_without_a_change_set_needs_changes_and_leaves_sets_behind() {
    let (gateway, clock) = world("");
    proposed(&gateway, &clock, "waiting", &template(2048, "", ""), "v2").await;
    let update = |body: &'static str| [("StackName", "shop"), ("TemplateBody", body)];
    let same = [("StackName", "shop"), ("UsePreviousTemplate", "true")];
    let said = refused(&gateway, "UpdateStack", &same, &parameters("v1")).await;
    assert_eq!(said.1, "No updates are to be performed.");
    let body: &'static str = template(1024, "", "").leak();
    let (code, said) = call(&gateway, "UpdateStack", &update(body), &parameters("v2")).await;
    assert_eq!(code, 200, "{said}");
    let said = refused(&gateway, "UpdateStack", &update(body), &parameters("v3")).await;
    assert!(
        said.1
            .contains("is in UPDATE_IN_PROGRESS state and can not be updated"),
        "{}",
        said.1
    );
    course(&gateway, &clock, "shop").await;
    let set = [("StackName", "shop"), ("ChangeSetName", "waiting")];
    let told = done(&gateway, "DescribeChangeSet", &set).await;
    assert_eq!(first(&told, "ExecutionStatus"), "OBSOLETE");
    let said = refused(&gateway, "ExecuteChangeSet", &set, &[]).await;
    assert_eq!(said.0, "InvalidChangeSetStatus");
}

#[tokio::test]
async fn a_policy_keeps_what_it_protects_unless_the_update_brings_its_own() {
    let (gateway, clock) = world("");
    let policy = r#"{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "Update:Modify", "Resource": "*"}]}"#;
    let members = [("StackName", "shop"), ("StackPolicyBody", policy)];
    done(&gateway, "SetStackPolicy", &members).await;
    let told = done(&gateway, "GetStackPolicy", &[("StackName", "shop")]).await;
    assert!(first(&told, "StackPolicyBody").contains("Update:Modify"));
    let renamed = template(512, r#", "Properties": {"TableName": "orders"}"#, "");
    proposed(&gateway, &clock, "rename", &renamed, "v1").await;
    execute(&gateway, "rename", &[]).await;
    assert_eq!(
        course(&gateway, &clock, "shop")
            .await
            .last()
            .map(String::as_str),
        Some("UPDATE_ROLLBACK_COMPLETE")
    );
    let events = events(&gateway, "shop").await;
    let denied = "Table UPDATE_FAILED Action denied by stack policy: Statement [#1] does not allow [Update:Replace] \
                  for resource [LogicalResourceId/Table]";
    assert!(events.iter().any(|event| event == denied), "{events:?}");
    let all = policy.replace("Update:Modify", "Update:*");
    let members = [
        ("StackName", "shop"),
        ("TemplateBody", renamed.as_str()),
        ("StackPolicyDuringUpdateBody", all.as_str()),
    ];
    let (code, said) = call(&gateway, "UpdateStack", &members, &parameters("v1")).await;
    assert_eq!(code, 200, "{said}");
    assert_eq!(
        course(&gateway, &clock, "shop")
            .await
            .last()
            .map(String::as_str),
        Some("UPDATE_COMPLETE")
    );
    let told = done(&gateway, "GetStackPolicy", &[("StackName", "shop")]).await;
    assert!(
        told.contains("Update:Modify"),
        "it was for this update only"
    );
}

#[tokio::test]
async fn a_template_can_be_asked_about_before_it_is_deployed() {
    let (gateway, _) = world("");
    let body = template(
        512,
        "",
        r#", "Named": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "x"}}"#,
    );
    let members = [("TemplateBody", body.as_str())];
    let told = done(&gateway, "GetTemplateSummary", &members).await;
    assert!(told.contains("<Capabilities><member>CAPABILITY_NAMED_IAM</member></Capabilities>"));
    assert!(told.contains("<NoEcho>true</NoEcho>"));
    assert!(told.contains("<member>AWS::IAM::Role</member>"));
    assert!(
        told.contains("<AllowedValues><member>prod</member><member>test</member></AllowedValues>")
    );
    let told = done(&gateway, "ValidateTemplate", &members).await;
    assert!(told.contains("[AWS::IAM::Role]"), "{told}");
    let away = [(
        "TemplateURL",
        "https://artifacts.s3.eu-west-1.amazonaws.com/none.json?versionId=x",
    )];
    let said = refused(&gateway, "ValidateTemplate", &away, &[]).await;
    assert!(
        said.1
            .starts_with("S3 error: The specified key does not exist."),
        "{}",
        said.1
    );
}

#[tokio::test]
async fn a_scenarios_template_that_is_sent_back_as_it_came_changes_nothing() {
    let clock = Clock::manual(noon());
    let gateway = Sandbox::without_socket(&Scenario::named("calm").unwrap(), &clock);
    let ask = async |form: &str| ask(&gateway, cloudformation("us-east-1", form)).await;
    let mut stacks = String::new();
    let mut token = String::new();
    loop {
        let (_, page) = ask(&format!("Action=DescribeStacks{token}")).await;
        stacks.push_str(&page);
        match first(&page, "NextToken") {
            next if next.is_empty() => break,
            next => token = format!("&NextToken={next}"),
        }
    }
    let stacks: Vec<&str> = stacks.split("<StackId>").skip(1).collect();
    assert!(stacks.len() > 20);
    for stack in stacks {
        let (id, _) = stack.split_once('<').unwrap();
        let (_, told) = ask(&format!("Action=GetTemplate&StackName={id}")).await;
        let body = first(&told, "TemplateBody")
            .replace("&quot;", "\"")
            .replace("&amp;", "&");
        let mut form = format!(
            "Action=CreateChangeSet&StackName={id}&ChangeSetName=same&TemplateBody={}\
             &Capabilities.member.1=CAPABILITY_NAMED_IAM",
            encoded(&body)
        );
        let parameters = first(stack, "Parameters");
        for (place, parameter) in parameters.split("<ParameterKey>").skip(1).enumerate() {
            let (key, _) = parameter.split_once('<').unwrap();
            let prefix = format!("&Parameters.member.{}", place + 1);
            form.extend([prefix.as_str(), ".ParameterKey=", key]);
            form.extend([prefix.as_str(), ".UsePreviousValue=true"]);
        }
        let (code, said) = ask(&form).await;
        assert_eq!(code, 200, "{id}: {said}");
        clock.advance(Duration::from_secs(2));
        let (_, said) = ask(&format!(
            "Action=DescribeChangeSet&StackName={id}&ChangeSetName=same"
        ))
        .await;
        assert!(
            said.contains("didn&apos;t contain") || said.contains("didn't contain"),
            "{id}: {said}"
        );
    }
}

#[tokio::test]
async fn the_same_done_twice_is_the_same() {
    let mut told = Vec::new();
    for _ in 0..2 {
        let (gateway, clock) = world("");
        proposed(&gateway, &clock, "next", &template(1024, "", ""), "v2").await;
        execute(&gateway, "next", &[]).await;
        clock.advance(Duration::from_secs(5));
        told.push(done(&gateway, "DescribeStackEvents", &[("StackName", "shop")]).await);
    }
    assert_eq!(told[0], told[1]);
}

#[tokio::test]
async fn what_a_scenario_only_tells_of_can_be_executed_too() {
    let clock = Clock::manual(noon());
    let gateway = Sandbox::without_socket(&Scenario::named("demo").unwrap(), &clock);
    let form = "Action=ExecuteChangeSet&StackName=orders-db&ChangeSetName=resize-writer";
    let (code, said) = ask(&gateway, cloudformation("us-east-1", form)).await;
    assert_eq!(code, 200, "{said}");
    clock.advance(Duration::from_mins(1));
    let form = "Action=DescribeStacks&StackName=orders-db";
    let (_, told) = ask(&gateway, cloudformation("us-east-1", form)).await;
    assert_eq!(first(&told, "StackStatus"), "UPDATE_COMPLETE");
}
