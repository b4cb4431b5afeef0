//! What is asked for, in which order, and how often.

use super::wire::{self, Asked};
use super::*;
use crate::domain::{Change, Phase, StackStatus};

fn stack(name: &str, status: &str) -> String {
    format!(
        "<member><StackId>arn:aws:cloudformation:eu-west-1:1:stack/{name}/1</StackId><StackName>{name}</StackName><CreationTime>2026-11-20T14:00:00.250Z</CreationTime><StackStatus>{status}</StackStatus></member>"
    )
}

async fn stacks(wire: &Wire) -> Vec<crate::domain::Stack> {
    match cloud(wire).read(&Topic::Stacks, &ireland()).await.unwrap() {
        Reading::Stacks(stacks) => stacks,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn pages_are_walked_to_the_end_in_order() {
    let wire = Wire::new(|asked: &Asked| {
        let page = match asked.parameter("NextToken") {
            None => format!(
                "<Stacks>{}{}</Stacks><NextToken>two</NextToken>",
                stack("zeta", "UPDATE_COMPLETE"),
                stack("alpha", "CREATE_COMPLETE")
            ),
            Some("two") => format!("<Stacks/><NextToken>three</NextToken>{}", ""),
            Some(_) => format!("<Stacks>{}</Stacks>", stack("mid", "SOMETHING_NEW_FAILED")),
        };
        wire::result("DescribeStacks", &page)
    });
    let stacks = stacks(&wire).await;
    let names: Vec<&str> = stacks.iter().map(|stack| stack.name.exact()).collect();
    assert_eq!(names, ["zeta", "alpha", "mid"]);
    assert_eq!(
        stacks[2].status,
        StackStatus::Other("SOMETHING_NEW_FAILED".into())
    );
    assert_eq!(stacks[2].status.phase(), Phase::Failed);
    assert_eq!(
        stacks[0].created.to_rfc3339(),
        "2026-11-20T14:00:00.250+00:00"
    );
    assert_eq!(wire.asked().len(), 3);
}

#[tokio::test]
async fn a_first_page_is_asked_once_and_a_later_one_again() {
    let first = Wire::new(|_| Ok(wire::error(400, "Throttling", "Rate exceeded")));
    let problem = cloud(&first)
        .read(&Topic::Stacks, &ireland())
        .await
        .unwrap_err();
    assert_eq!((problem.kind, first.asked().len()), (Kind::Throttled, 1));

    let later = Wire::new(|asked: &Asked| match asked.parameter("NextToken") {
        None => wire::result("DescribeStacks", "<Stacks/><NextToken>two</NextToken>"),
        Some(_) => Ok(wire::error(500, "InternalFailure", "")),
    });
    let problem = cloud(&later)
        .read(&Topic::Stacks, &ireland())
        .await
        .unwrap_err();
    assert_eq!((problem.kind, later.asked().len()), (Kind::Server, 4));
}

#[tokio::test]
async fn requests_carry_our_name_and_the_regions_signature() {
    let wire = Wire::new(|_| wire::result("DescribeStacks", "<Stacks/>"));
    stacks(&wire).await;
    let asked = &wire.asked()[0];
    assert!(asked.agent.contains("app/quarterdeck-"), "{}", asked.agent);
    assert!(
        asked.authorization.contains("AKIASANDBOX"),
        "{}",
        asked.authorization
    );
    assert!(
        asked.authorization.contains("/eu-west-1/cloudformation/"),
        "{}",
        asked.authorization
    );
    assert_eq!(asked.uri, "http://sandbox.test:1/");
}

#[tokio::test]
async fn a_stacks_details_arrive() {
    let wire = Wire::new(|_| {
        wire::result(
            "DescribeStacks",
            "<Stacks><member><StackId>arn:aws:cloudformation:eu-west-1:1:stack/a/1</StackId><StackName>a</StackName>\
             <CreationTime>2026-11-20T14:00:00Z</CreationTime><LastUpdatedTime>2026-11-21T14:00:00Z</LastUpdatedTime>\
             <StackStatus>UPDATE_ROLLBACK_COMPLETE</StackStatus><StackStatusReason>\u{202e}no</StackStatusReason>\
             <ParentId>arn:aws:cloudformation:eu-west-1:1:stack/p/1</ParentId><RoleARN/>\
             <EnableTerminationProtection>true</EnableTerminationProtection>\
             <DriftInformation><StackDriftStatus>DRIFTED</StackDriftStatus></DriftInformation>\
             <Tags><member><Key>team</Key><Value>pay</Value></member></Tags>\
             <Parameters><member><ParameterKey>Secret</ParameterKey><ParameterValue>****</ParameterValue></member></Parameters>\
             <Outputs><member><OutputKey>Url</OutputKey><OutputValue>https://a</OutputValue><ExportName>a-url</ExportName></member></Outputs>\
             </member></Stacks>",
        )
    });
    let stacks = stacks(&wire).await;
    let stack = &stacks[0];
    assert_eq!(stack.tag("team").unwrap().exact(), "pay");
    assert_eq!(stack.reason.as_ref().unwrap().safe(), "⟨202E⟩no");
    assert_eq!(stack.parent.as_ref().unwrap().name(), "p");
    assert_eq!(stack.protected, crate::domain::stack::Protection::On);
    assert_eq!(stack.drift, crate::domain::DriftStatus::Drifted);
    assert_eq!(stack.parameters[0].value.exact(), "****");
    assert_eq!(stack.outputs[0].export.as_ref().unwrap().exact(), "a-url");
    assert_eq!(stack.role, None);
}

#[tokio::test]
async fn change_sets_come_newest_first_with_all_their_changes() {
    let set = |name: &str, day: u8| {
        format!(
            "<member><ChangeSetId>{name}</ChangeSetId><ChangeSetName>{name}</ChangeSetName><CreationTime>2026-11-{day}T14:00:00Z</CreationTime><Status>CREATE_COMPLETE</Status><ExecutionStatus>AVAILABLE</ExecutionStatus></member>"
        )
    };
    let wire = Wire::new(move |asked: &Asked| {
        match (
            asked.parameter("Action").unwrap(),
            asked.parameter("ChangeSetName"),
            asked.parameter("NextToken"),
        ) {
            ("ListChangeSets", ..) => wire::result(
                "ListChangeSets",
                &format!(
                    "<Summaries>{}{}{}</Summaries>",
                    set("old", 10),
                    set("gone", 12),
                    set("new", 14)
                ),
            ),
            (_, Some("gone"), _) => Ok(wire::error(404, "ChangeSetNotFound", "gone")),
            (_, _, None) => wire::result(
                "DescribeChangeSet",
                "<Changes><member><Type>Resource</Type><ResourceChange><Action>Modify</Action><LogicalResourceId>Table</LogicalResourceId><ResourceType>AWS::DynamoDB::Table</ResourceType><Replacement>True</Replacement><Scope><member>Properties</member></Scope></ResourceChange></member></Changes><NextToken>two</NextToken>",
            ),
            (_, _, Some(_)) => wire::result(
                "DescribeChangeSet",
                "<Changes><member><Type>Resource</Type><ResourceChange><Action>Add</Action><LogicalResourceId>Queue</LogicalResourceId><ResourceType>AWS::SQS::Queue</ResourceType></ResourceChange></member></Changes>",
            ),
        }
    });
    let topic = Topic::ChangeSets(StackId::new(STACK));
    let Reading::ChangeSets(sets) = cloud(&wire).read(&topic, &ireland()).await.unwrap() else {
        panic!("not change sets")
    };
    let names: Vec<&str> = sets.iter().map(|set| set.name.exact()).collect();
    assert_eq!(names, ["new", "old"]);
    let destructive: Vec<bool> = sets[0].changes.iter().map(Change::may_destroy).collect();
    assert_eq!(destructive, [true, false]);
}

#[tokio::test]
async fn regions_fall_back_to_ec2_when_account_management_is_denied() {
    let wire = Wire::new(|asked: &Asked| {
        if asked.uri.ends_with("/listRegions") {
            let denied = [("content-type", "application/json")];
            return Ok(wire::response(
                403,
                &denied,
                r#"{"__type":"AccessDeniedException","message":"no"}"#,
            ));
        }
        wire::xml(
            200,
            "<DescribeRegionsResponse><regionInfo><item><regionName>eu-west-1</regionName><optInStatus>opt-in-not-required</optInStatus></item></regionInfo></DescribeRegionsResponse>",
        )
    });
    let scope = Scope::global(&AccountName::new("prod"));
    let cloud = cloud(&wire);
    let (read, requests) = counted(cloud.read(&Topic::Regions, &scope)).await;
    let Reading::Regions(regions) = read.unwrap() else {
        panic!("not regions")
    };
    assert_eq!(regions[0].region.as_str(), "eu-west-1");
    assert_eq!(requests, 2);
    let asked = wire.asked();
    assert!(
        asked[0].authorization.contains("/us-east-1/account/"),
        "{}",
        asked[0].authorization
    );
    assert!(
        asked[1].authorization.contains("/eu-west-1/ec2/"),
        "{}",
        asked[1].authorization
    );
    assert!(
        asked[1].agent.contains("app/quarterdeck-"),
        "{}",
        asked[1].agent
    );
}

#[tokio::test]
async fn when_neither_tells_the_regions_both_actions_are_named() {
    let wire = Wire::new(|asked: &Asked| {
        if asked.uri.ends_with("/listRegions") {
            return Ok(wire::response(
                403,
                &[],
                r#"{"__type":"AccessDeniedException"}"#,
            ));
        }
        wire::xml(
            403,
            "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not authorized to perform this operation.</Message></Error></Errors><RequestID>req-2</RequestID></Response>",
        )
    });
    let scope = Scope::global(&AccountName::new("prod"));
    let problem = cloud(&wire)
        .read(&Topic::Regions, &scope)
        .await
        .unwrap_err();
    assert_eq!(
        problem.to_string(),
        "Not allowed to list the regions in prod. Needs `account:ListRegions` or `ec2:DescribeRegions`."
    );
}
