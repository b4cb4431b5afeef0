//! How far the walk through a stack's events goes.

use super::wire::{self, Answer, Asked};
use super::*;
use crate::domain::{StackEvent, root_cause};
use std::fmt::Write;

const CHILD: &str = "arn:aws:cloudformation:eu-west-1:111122223333:stack/checkout-child/2";

/// second, logical, physical, status
type Row<'a> = (u32, &'a str, &'a str, &'a str);

fn answer(stack: &str, rows: &[Row<'_>], token: Option<&str>) -> Answer {
    let mut page = "<StackEvents>".to_owned();
    for (second, logical, physical, status) in rows {
        let kind = if physical.starts_with("arn:") {
            "AWS::CloudFormation::Stack"
        } else {
            "AWS::Lambda::Function"
        };
        let _ = write!(
            page,
            "<member><EventId>{second}-{logical}</EventId><StackId>{stack}</StackId><StackName>x</StackName><LogicalResourceId>{logical}</LogicalResourceId><PhysicalResourceId>{physical}</PhysicalResourceId><ResourceType>{kind}</ResourceType><ResourceStatus>{status}</ResourceStatus><Timestamp>2026-11-20T14:{:02}:{:02}Z</Timestamp></member>",
            second / 60,
            second % 60
        );
    }
    page.push_str("</StackEvents>");
    if let Some(token) = token {
        let _ = write!(page, "<NextToken>{token}</NextToken>");
    }
    wire::result("DescribeStackEvents", &page)
}

fn is_about(asked: &Asked, stack: &str) -> bool {
    asked.parameter("StackName").unwrap().ends_with(stack)
}

async fn read(wire: &Wire) -> Vec<StackEvent> {
    match cloud(wire).read(&events(), &ireland()).await.unwrap() {
        Reading::Events(events) => events,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_walk_ends_where_the_latest_operation_began() {
    let wire = Wire::new(|asked| match asked.parameter("NextToken") {
        None => answer(STACK, &[(9, "Fn", "fn", "UPDATE_COMPLETE")], Some("two")),
        Some("two") => answer(
            STACK,
            &[
                (5, "checkout", STACK, "UPDATE_IN_PROGRESS"),
                (1, "checkout", STACK, "CREATE_COMPLETE"),
            ],
            Some("three"),
        ),
        Some(_) => panic!("asked for history"),
    });
    assert_eq!(read(&wire).await.len(), 3);
    assert_eq!(wire.asked().len(), 2);
}

#[tokio::test]
async fn a_long_history_is_cut() {
    let wire = Wire::new(|asked| {
        let page: u32 = asked
            .parameter("NextToken")
            .map_or(0, |token| token.parse().unwrap());
        let rows = [(9, "Fn", "fn", "UPDATE_COMPLETE"); 100];
        answer(STACK, &rows, Some(&(page + 1).to_string()))
    });
    assert_eq!(read(&wire).await.len(), 500);
    assert_eq!(wire.asked().len(), 5);
}

#[tokio::test]
async fn a_failed_nested_stack_is_followed_to_the_cause() {
    let wire = Wire::new(|asked| {
        if is_about(asked, "checkout-child%2F2") {
            return answer(
                CHILD,
                &[
                    (50, "checkout-child", CHILD, "UPDATE_ROLLBACK_COMPLETE"),
                    (30, "Fn", "fn", "UPDATE_FAILED"),
                    (20, "checkout-child", CHILD, "UPDATE_IN_PROGRESS"),
                    (1, "Old", "old", "CREATE_FAILED"),
                ],
                None,
            );
        }
        answer(
            STACK,
            &[
                (60, "checkout", STACK, "UPDATE_ROLLBACK_COMPLETE"),
                (55, "Child", CHILD, "UPDATE_COMPLETE"),
                (40, "Child", CHILD, "UPDATE_FAILED"),
                (15, "Child", CHILD, "UPDATE_IN_PROGRESS"),
                (10, "checkout", STACK, "UPDATE_IN_PROGRESS"),
            ],
            None,
        )
    });
    let events = read(&wire).await;
    assert_eq!(
        root_cause(&StackId::new(STACK), &events)
            .unwrap()
            .logical
            .exact(),
        "Fn"
    );
    assert!(
        events.iter().all(|event| event.logical.exact() != "Old"),
        "an earlier operation's event"
    );
    assert!(
        events.windows(2).all(|pair| pair[0].at >= pair[1].at),
        "not newest first"
    );
    assert_eq!(wire.asked().len(), 2);
}

#[tokio::test]
async fn a_nested_stack_at_rest_is_left_alone() {
    let wire = Wire::new(|asked| {
        assert!(!is_about(asked, "checkout-child%2F2"), "followed");
        answer(
            STACK,
            &[
                (20, "Child", CHILD, "UPDATE_COMPLETE"),
                (15, "Child", CHILD, "UPDATE_IN_PROGRESS"),
                (10, "checkout", STACK, "UPDATE_IN_PROGRESS"),
                (5, "Child", CHILD, "UPDATE_FAILED"),
            ],
            None,
        )
    });
    assert_eq!(read(&wire).await.len(), 4);
}

#[tokio::test]
async fn what_a_nested_stack_hides_does_not_hide_the_rest() {
    let wire = Wire::new(|asked| {
        if is_about(asked, "checkout-child%2F2") {
            return Ok(wire::error(403, "AccessDenied", "no"));
        }
        answer(
            STACK,
            &[
                (20, "Child", CHILD, "UPDATE_FAILED"),
                (10, "checkout", STACK, "UPDATE_IN_PROGRESS"),
            ],
            None,
        )
    });
    assert_eq!(read(&wire).await.len(), 2);
}
