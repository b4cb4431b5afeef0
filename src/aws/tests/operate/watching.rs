//! How a stack stands, as a call sees it.

use super::*;
use crate::domain::StackStatus;
use crate::domain::operation::{StackSight, Trace, Verdict};

const OURS: &str = "qd-1-0-0-0";
const CHILD: &str = "arn:aws:cloudformation:eu-west-1:111122223333:stack/checkout-web/2";

fn described(status: &str, updated: &str) -> Answer {
    let inside = format!(
        "<Stacks><member><StackId>{STACK}</StackId><StackName>checkout</StackName>\
         <CreationTime>2026-11-01T12:00:00Z</CreationTime><LastUpdatedTime>{updated}</LastUpdatedTime>\
         <StackStatus>{status}</StackStatus></member></Stacks>"
    );
    wire::result("DescribeStacks", &inside)
}

/// Minute, stack, logical id, physical id, status, token, reason.
type Row = (
    u32,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

fn events(rows: &[Row], next: &str) -> Answer {
    let members: Vec<String> = rows
        .iter()
        .map(|(minute, stack, logical, physical, status, token, reason)| {
            let kind = if physical.starts_with("arn:aws:cloudformation") {
                "AWS::CloudFormation::Stack"
            } else {
                "AWS::SQS::Queue"
            };
            let token = if token.is_empty() {
                String::new()
            } else {
                format!("<ClientRequestToken>{token}</ClientRequestToken>")
            };
            format!(
                "<member><EventId>{minute}-{logical}-{status}</EventId><StackId>{stack}</StackId><StackName>checkout</StackName>\
                 <LogicalResourceId>{logical}</LogicalResourceId><PhysicalResourceId>{physical}</PhysicalResourceId>\
                 <ResourceType>{kind}</ResourceType><Timestamp>2026-11-20T12:{minute:02}:00Z</Timestamp>\
                 <ResourceStatus>{status}</ResourceStatus><ResourceStatusReason>{reason}</ResourceStatusReason>{token}</member>"
            )
        })
        .collect();
    let inside = format!("<StackEvents>{}</StackEvents>{next}", members.concat());
    wire::result("DescribeStackEvents", &inside)
}

const BEFORE: Row = (0, STACK, "checkout", STACK, "UPDATE_COMPLETE", "old", "");
const LONG_BEFORE: Row = (0, STACK, "checkout", STACK, "UPDATE_IN_PROGRESS", "old", "");
const BEGAN: Row = (
    5,
    STACK,
    "checkout",
    STACK,
    "UPDATE_IN_PROGRESS",
    OURS,
    "User Initiated",
);

async fn seen_by(wire: &Wire) -> StackSight {
    let sight = look(wire, &execution(OnFailure::RollBack)).await.unwrap();
    let Sight::Stack(sight) = sight else {
        panic!("{sight:?}");
    };
    sight
}

#[tokio::test]
async fn a_change_set_that_waits_leaves_the_stack_untouched() {
    let wire = Wire::new(|asked| match asked.parameter("Action").unwrap() {
        "DescribeStacks" => described("UPDATE_COMPLETE", "2026-11-20T12:00:00Z"),
        "DescribeStackEvents" => events(&[BEFORE, LONG_BEFORE], ""),
        "DescribeChangeSet" => wire::result(
            "DescribeChangeSet",
            "<Status>CREATE_COMPLETE</Status><ExecutionStatus>AVAILABLE</ExecutionStatus>",
        ),
        other => panic!("{other}"),
    });
    let sight = seen_by(&wire).await;
    assert_eq!(sight.trace, Trace::Absent);
    assert_eq!(sight.change_set.as_ref().unwrap().exact(), "AVAILABLE");
    assert_eq!((sight.progress, sight.cause.clone()), (None, None));
    let call = execution(OnFailure::RollBack);
    assert_eq!(call.judge(&Sight::Stack(sight)), Verdict::Untouched);
}

#[tokio::test]
async fn a_change_set_that_is_gone_is_not_an_error() {
    let wire = Wire::new(|asked| match asked.parameter("Action").unwrap() {
        "DescribeStacks" => described("UPDATE_COMPLETE", "2026-11-20T12:00:00Z"),
        "DescribeStackEvents" => events(&[BEFORE], ""),
        _ => Ok(wire::error(404, "ChangeSetNotFound", "no")),
    });
    let sight = seen_by(&wire).await;
    assert_eq!(sight.change_set, None);
    let verdict = execution(OnFailure::RollBack).judge(&Sight::Stack(sight));
    assert!(matches!(verdict, Verdict::Strange(_)), "{verdict:?}");
}

#[tokio::test]
async fn the_events_are_walked_back_to_the_first_of_ours_and_no_further() {
    let wire = Wire::new(|asked| {
        match (
            asked.parameter("Action").unwrap(),
            asked.parameter("NextToken"),
        ) {
            ("DescribeStacks", _) => described("UPDATE_IN_PROGRESS", "2026-11-20T12:05:00Z"),
            ("DescribeStackEvents", None) => events(
                &[
                    (7, STACK, "Table", "t", "UPDATE_IN_PROGRESS", OURS, ""),
                    (7, STACK, "Queue", "q", "UPDATE_COMPLETE", OURS, ""),
                ],
                "<NextToken>2</NextToken>",
            ),
            ("DescribeStackEvents", Some("2")) => events(
                &[
                    (6, STACK, "Queue", "q", "UPDATE_IN_PROGRESS", OURS, ""),
                    BEGAN,
                    BEFORE,
                ],
                "<NextToken>3</NextToken>",
            ),
            other => panic!("{other:?}"),
        }
    });
    let sight = seen_by(&wire).await;
    assert_eq!(sight.trace, Trace::Newest);
    assert_eq!(sight.progress, Some((1, 2)));
    assert_eq!(sight.status, StackStatus::UpdateInProgress);
    assert_eq!(
        execution(OnFailure::RollBack).judge(&Sight::Stack(sight)),
        Verdict::Underway("UPDATE_IN_PROGRESS 1/2".to_owned())
    );
    assert_eq!(
        wire.actions(),
        [
            "DescribeStacks",
            "DescribeStackEvents",
            "DescribeStackEvents"
        ],
        "a change set that was executed is not asked for"
    );
}

#[tokio::test]
async fn an_operation_that_began_after_ours_is_not_ours() {
    const THEIRS: Row = (
        9,
        STACK,
        "checkout",
        STACK,
        "UPDATE_IN_PROGRESS",
        "theirs",
        "",
    );
    const ENDED: Row = (7, STACK, "checkout", STACK, "UPDATE_COMPLETE", OURS, "");
    const FAILED: Row = (
        10,
        STACK,
        "Queue",
        "q",
        "UPDATE_FAILED",
        "theirs",
        "no such key",
    );
    for rows in [
        &[FAILED, THEIRS, ENDED, BEGAN, BEFORE][..],
        // The list of events does not know yet of what the stack is at.
        &[ENDED, BEGAN, BEFORE],
    ] {
        let wire = Wire::new(|asked| match asked.parameter("Action").unwrap() {
            "DescribeStacks" => described("UPDATE_IN_PROGRESS", "2026-11-20T12:09:00Z"),
            "DescribeStackEvents" => events(rows, ""),
            other => panic!("{other}"),
        });
        let sight = seen_by(&wire).await;
        let ended = Some(StackStatus::UpdateComplete);
        assert_eq!(sight.trace, Trace::Overtaken(ended));
        assert_eq!((sight.progress, sight.cause.clone()), (None, None));
        let call = execution(OnFailure::RollBack);
        assert_eq!(call.judge(&Sight::Stack(sight)), Verdict::Done);
    }
}

#[tokio::test]
async fn events_older_than_what_was_planned_for_are_not_read() {
    let wire = Wire::new(|asked| match asked.parameter("Action").unwrap() {
        "DescribeStacks" => described("UPDATE_IN_PROGRESS", "2026-11-20T12:09:00Z"),
        "DescribeStackEvents" => {
            assert_eq!(asked.parameter("NextToken"), None);
            let mut rows = [
                (
                    9,
                    STACK,
                    "checkout",
                    STACK,
                    "UPDATE_IN_PROGRESS",
                    "theirs",
                    "",
                ),
                BEFORE,
                (0, STACK, "Queue", "q", "UPDATE_COMPLETE", "old", ""),
            ];
            rows[2].0 = 0;
            let older = "<member><EventId>x</EventId><StackId>s</StackId><StackName>n</StackName>\
                         <Timestamp>2026-11-20T11:00:00Z</Timestamp></member></StackEvents>";
            let answer = events(&rows, "<NextToken>2</NextToken>")?;
            let body = String::from_utf8_lossy(answer.body().bytes().unwrap()).into_owned();
            wire::xml(200, &body.replace("</StackEvents>", older))
        }
        _ => Ok(wire::error(404, "ChangeSetNotFound", "no")),
    });
    let sight = seen_by(&wire).await;
    assert_eq!(sight.trace, Trace::Absent);
    let verdict = execution(OnFailure::RollBack).judge(&Sight::Stack(sight));
    assert!(
        matches!(&verdict, Verdict::Strange(words) if words.contains("Another operator")),
        "{verdict:?}"
    );
}

#[tokio::test]
async fn the_first_failure_is_found_down_in_a_nested_stack() {
    let wire = Wire::new(|asked| {
        match (
            asked.parameter("Action").unwrap(),
            asked.parameter("StackName"),
        ) {
            ("DescribeStacks", _) => described("UPDATE_ROLLBACK_COMPLETE", "2026-11-20T12:05:00Z"),
            ("DescribeStackEvents", Some(name)) if plain(name) == CHILD => events(
                &[
                    (7, CHILD, "Fn", "f", "UPDATE_FAILED", OURS, "no such role"),
                    (
                        6,
                        CHILD,
                        "checkout-web",
                        CHILD,
                        "UPDATE_IN_PROGRESS",
                        OURS,
                        "",
                    ),
                ],
                "",
            ),
            ("DescribeStackEvents", _) => events(
                &[
                    (
                        9,
                        STACK,
                        "checkout",
                        STACK,
                        "UPDATE_ROLLBACK_COMPLETE",
                        OURS,
                        "",
                    ),
                    (
                        8,
                        STACK,
                        "Web",
                        CHILD,
                        "UPDATE_FAILED",
                        OURS,
                        "Embedded stack was not updated",
                    ),
                    BEGAN,
                ],
                "",
            ),
            other => panic!("{other:?}"),
        }
    });
    let sight = seen_by(&wire).await;
    let (resource, reason) = sight.cause.clone().unwrap();
    assert_eq!((resource.exact(), reason.exact()), ("Fn", "no such role"));
    assert_eq!(sight.progress, None, "nothing moves any more");
    assert_eq!(
        execution(OnFailure::RollBack).judge(&Sight::Stack(sight)),
        Verdict::RolledBack("UPDATE_ROLLBACK_COMPLETE: Fn failed: no such role".to_owned())
    );
}

#[tokio::test]
async fn a_stack_that_is_gone_is_an_answer_and_a_refusal_is_none() {
    let gone = Wire::new(|_| {
        let words = "Stack with id x does not exist";
        Ok(wire::error(400, "ValidationError", words))
    });
    let call = execution(OnFailure::RollBack);
    assert_eq!(look(&gone, &call).await, Ok(Sight::Gone));
    let throttled = Wire::new(|_| Ok(wire::error(400, "Throttling", "Rate exceeded")));
    let problem = look(&throttled, &call).await.unwrap_err();
    assert_eq!(problem.kind, Kind::Throttled);
    assert_eq!(
        problem.what,
        "Could not look at the stack checkout in eu-west-1 of prod: AWS asks to slow down."
    );
}

#[tokio::test]
async fn a_policy_is_read_as_it_is() {
    let call = Call::SetStackPolicy {
        stack: stack(),
        policy: "{}".to_owned(),
    };
    let set =
        Wire::new(|_| wire::result("GetStackPolicy", "<StackPolicyBody>{}</StackPolicyBody>"));
    let none = Wire::new(|_| wire::result("GetStackPolicy", ""));
    assert_eq!(
        look(&set, &call).await,
        Ok(Sight::Policy(Some("{}".to_owned())))
    );
    assert_eq!(look(&none, &call).await, Ok(Sight::Policy(None)));
}
