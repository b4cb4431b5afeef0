//! Change sets that are made, waited for and deleted.

use super::*;
use crate::aws::{Draft, Drafted};
use crate::domain::operation::{Body, Setting};
use std::sync::atomic::{AtomicUsize, Ordering};

fn draft() -> Draft {
    Draft {
        name: "checkout".into(),
        stack: Some(stack()),
        change_set: "qd-1".to_owned(),
        template: Some(Body::Text("Resources: {}".to_owned())),
        parameters: vec![Setting {
            key: "Image".into(),
            value: None,
        }],
        tags: Vec::new(),
        capabilities: vec!["CAPABILITY_IAM".to_owned()],
        role: None,
        notifications: None,
        alarms: None,
        description: "quarterdeck deploy".to_owned(),
    }
}

fn created() -> Answer {
    let inside = format!("<Id>{CHANGE_SET}</Id><StackId>{STACK}</StackId>");
    wire::result("CreateChangeSet", &inside)
}

fn state(status: &str, rest: &str) -> Answer {
    let inside = format!(
        "<ChangeSetId>{CHANGE_SET}</ChangeSetId><StackId>{STACK}</StackId><Status>{status}</Status>{rest}"
    );
    wire::result("DescribeChangeSet", &inside)
}

fn change(logical: &str) -> String {
    format!(
        "<member><Type>Resource</Type><ResourceChange><Action>Modify</Action><LogicalResourceId>{logical}</LogicalResourceId>\
         <ResourceType>AWS::SQS::Queue</ResourceType><Replacement>True</Replacement></ResourceChange></member>"
    )
}

fn review(status: &str) -> Answer {
    let inside = format!(
        "<Stacks><member><StackId>{STACK}</StackId><StackName>checkout</StackName>\
         <CreationTime>2026-11-20T12:00:00Z</CreationTime><StackStatus>{status}</StackStatus></member></Stacks>"
    );
    wire::result("DescribeStacks", &inside)
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "a wire's closure answers with it as it is"
)]
fn nowhere() -> Answer {
    let sentence = "Stack with id checkout does not exist";
    Ok(wire::error(400, "ValidationError", sentence))
}

async fn make(wire: &Wire, draft: &Draft) -> Result<Drafted, Problem> {
    let (cloud, warrant) = operator(wire);
    cloud.draft(&warrant, &ireland(), draft).await
}

#[tokio::test(start_paused = true)]
async fn a_change_set_is_asked_for_with_a_token_and_waited_for_to_its_last_page() {
    let looks = AtomicUsize::new(0);
    let wire = Wire::new(move |asked| {
        match (
            asked.parameter("Action").unwrap(),
            asked.parameter("NextToken"),
        ) {
            ("CreateChangeSet", _) => created(),
            ("DescribeChangeSet", Some("2")) => {
                let rest = format!("<Changes>{}</Changes>", change("Table"));
                state("CREATE_COMPLETE", &rest)
            }
            ("DescribeChangeSet", _) => match looks.fetch_add(1, Ordering::Relaxed) {
                0 => state("CREATE_PENDING", ""),
                1 => state("CREATE_IN_PROGRESS", ""),
                _ => {
                    let page = format!(
                        "<Changes>{}</Changes><NextToken>2</NextToken>",
                        change("Queue")
                    );
                    state("CREATE_COMPLETE", &page)
                }
            },
            other => panic!("{other:?}"),
        }
    });
    let began = tokio::time::Instant::now();
    let drafted = make(&wire, &draft()).await.unwrap();
    assert_eq!(began.elapsed().as_secs(), 7, "after 1, 3 and 3 seconds");
    let changed: Vec<_> = drafted
        .changes
        .iter()
        .map(|it| it.logical.exact())
        .collect();
    assert_eq!(changed, ["Queue", "Table"]);
    assert_eq!(
        (drafted.stack.exact(), drafted.change_set.exact()),
        (STACK, CHANGE_SET)
    );
    assert_eq!(drafted.idle, None);
    assert_eq!(
        said(&wire.asked()[0]),
        format!(
            "StackName={STACK}&TemplateBody=Resources: {{}}\
             &Parameters.member.1.ParameterKey=Image&Parameters.member.1.UsePreviousValue=true\
             &Capabilities.member.1=CAPABILITY_IAM&ChangeSetName=qd-1&ClientToken=qd-1\
             &Description=quarterdeck deploy&ChangeSetType=UPDATE"
        )
    );
}

#[tokio::test(start_paused = true)]
async fn an_empty_list_takes_away_and_none_leaves_as_it_is() {
    let wire = Wire::new(|asked| match asked.parameter("Action").unwrap() {
        "CreateChangeSet" => created(),
        _ => state("CREATE_COMPLETE", ""),
    });
    let full = Draft {
        template: None,
        tags: vec![("team".into(), "web".into())],
        role: Some("arn:role".into()),
        notifications: Some(Vec::new()),
        alarms: Some(texts(&["arn:alarm"])),
        ..draft()
    };
    make(&wire, &full).await.unwrap();
    let said = said(&wire.asked()[0]);
    for part in [
        "&UsePreviousTemplate=true",
        "&NotificationARNs=&",
        "&RoleARN=arn:role",
        "&Tags.member.1.Key=team&Tags.member.1.Value=web",
        "&RollbackConfiguration.RollbackTriggers.member.1.Arn=arn:alarm\
         &RollbackConfiguration.RollbackTriggers.member.1.Type=AWS::CloudWatch::Alarm",
    ] {
        assert!(said.contains(part), "{part} is not in {said}");
    }
    assert!(!said.contains("TemplateBody"), "{said}");
}

#[tokio::test(start_paused = true)]
async fn a_change_set_that_changes_nothing_is_deleted_and_is_no_failure() {
    for words in [
        "The submitted information didn't contain changes. Submit different information to create a change set.",
        "No updates are to be performed.",
    ] {
        let wire = Wire::new(move |asked| match asked.parameter("Action").unwrap() {
            "CreateChangeSet" => created(),
            "DescribeChangeSet" => {
                state("FAILED", &format!("<StatusReason>{words}</StatusReason>"))
            }
            "DeleteChangeSet" => wire::result("DeleteChangeSet", ""),
            other => panic!("{other}"),
        });
        let drafted = make(&wire, &draft()).await.unwrap();
        assert_eq!(drafted.idle.unwrap().exact(), words);
        assert_eq!(
            wire.actions(),
            ["CreateChangeSet", "DescribeChangeSet", "DeleteChangeSet"]
        );
    }
}

/// Of a stack that does not exist, whose change set comes to nothing.
fn shell(before: fn() -> Answer, after: &'static str, left: &'static str) -> Wire {
    let made = AtomicUsize::new(0);
    Wire::new(move |asked| match asked.parameter("Action").unwrap() {
        "DescribeStacks" if made.load(Ordering::Relaxed) == 0 => before(),
        "DescribeStacks" => review(after),
        "CreateChangeSet" => {
            made.fetch_add(1, Ordering::Relaxed);
            created()
        }
        "DescribeChangeSet" => state("FAILED", "<StatusReason>Template error: no</StatusReason>"),
        "ListChangeSets" => {
            wire::result("ListChangeSets", &format!("<Summaries>{left}</Summaries>"))
        }
        action => wire::result(action, ""),
    })
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_was_made_for_a_failed_change_set_goes_with_it() {
    let new = Draft {
        stack: None,
        ..draft()
    };
    let wire = shell(nowhere, "REVIEW_IN_PROGRESS", "");
    let problem = make(&wire, &new).await.unwrap_err();
    assert_eq!(
        problem.what,
        "AWS could not make a change set of checkout: Template error: no"
    );
    assert_eq!(
        wire.actions(),
        [
            "DescribeStacks",
            "CreateChangeSet",
            "DescribeChangeSet",
            "DeleteChangeSet",
            "DescribeStacks",
            "ListChangeSets",
            "DeleteStack"
        ]
    );
    let asked = wire.asked();
    assert!(said(&asked[1]).starts_with("StackName=checkout&"));
    assert!(said(&asked[1]).ends_with("&ChangeSetType=CREATE"));
    assert_eq!(said(&asked[6]), format!("StackName={STACK}"));
}

#[tokio::test(start_paused = true)]
async fn no_stack_is_deleted_that_is_not_our_empty_shell() {
    let new = Draft {
        stack: None,
        ..draft()
    };
    let other =
        "<member><ChangeSetId>arn:other</ChangeSetId><Status>CREATE_COMPLETE</Status></member>";
    let theirs = || review("REVIEW_IN_PROGRESS");
    for (before, after, left) in [
        // Somebody else had begun to review it.
        (theirs as fn() -> Answer, "REVIEW_IN_PROGRESS", ""),
        // Somebody has executed another change set meanwhile.
        (nowhere, "CREATE_IN_PROGRESS", ""),
        // Another change set is left in it.
        (nowhere, "REVIEW_IN_PROGRESS", other),
    ] {
        let wire = shell(before, after, left);
        make(&wire, &new).await.unwrap_err();
        let actions = wire.actions();
        assert!(actions.contains(&"DeleteChangeSet".to_owned()));
        assert!(!actions.contains(&"DeleteStack".to_owned()), "{actions:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_reply_is_found_again_by_the_name_of_the_change_set() {
    let wire = Wire::new(|asked| match asked.parameter("Action").unwrap() {
        "CreateChangeSet" => Ok(wire::error(500, "InternalFailure", "oh")),
        _ => state("CREATE_COMPLETE", ""),
    });
    let drafted = make(&wire, &draft()).await.unwrap();
    assert_eq!(drafted.change_set.exact(), CHANGE_SET);
    assert_eq!(
        wire.actions()[..2],
        ["CreateChangeSet", "DescribeChangeSet"]
    );

    let lost = Wire::new(|asked| match asked.parameter("Action").unwrap() {
        "CreateChangeSet" => Ok(wire::error(500, "InternalFailure", "oh")),
        _ => Ok(wire::error(404, "ChangeSetNotFound", "no")),
    });
    assert_eq!(make(&lost, &draft()).await.unwrap_err().kind, Kind::Server);
}

#[tokio::test(start_paused = true)]
async fn what_aws_says_of_a_template_is_told_with_its_line() {
    let wire = Wire::new(|_| {
        let words = "Template format error: YAML not well-formed. (line 3, column 5)";
        Ok(wire::error(400, "ValidationError", words))
    });
    let problem = make(&wire, &draft()).await.unwrap_err();
    assert_eq!(problem.kind, Kind::Invalid);
    assert!(problem.what.ends_with("(line 3, column 5)."), "{problem}");
    assert_eq!(wire.asked().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_change_set_that_is_not_wanted_is_deleted_with_the_shell_around_it() {
    let drafted = || Drafted {
        stack: stack(),
        change_set: CHANGE_SET.into(),
        changes: Vec::new(),
        idle: None,
    };
    let of_status = |status: &'static str| {
        Wire::new(move |asked| match asked.parameter("Action").unwrap() {
            "DescribeStacks" => review(status),
            "ListChangeSets" => {
                let going = "<Summaries><member><ChangeSetId>x</ChangeSetId><Status>DELETE_PENDING</Status></member></Summaries>";
                wire::result("ListChangeSets", going)
            }
            action => wire::result(action, ""),
        })
    };
    for (status, deletes) in [("REVIEW_IN_PROGRESS", true), ("UPDATE_COMPLETE", false)] {
        let wire = of_status(status);
        let (cloud, warrant) = operator(&wire);
        cloud
            .undraft(&warrant, &ireland(), &drafted())
            .await
            .unwrap();
        assert_eq!(wire.actions().contains(&"DeleteStack".to_owned()), deletes);
    }
    let gone = Wire::new(|asked| match asked.parameter("Action").unwrap() {
        "DeleteChangeSet" => Ok(wire::error(404, "ChangeSetNotFound", "no")),
        _ => nowhere(),
    });
    let (cloud, warrant) = operator(&gone);
    cloud
        .undraft(&warrant, &ireland(), &drafted())
        .await
        .unwrap();
}
