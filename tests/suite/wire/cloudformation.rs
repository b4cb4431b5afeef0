//! CloudFormation's reads, pages and errors.

use super::{cloudformation, sandbox};
use aws_sdk_cloudformation::error::ProvideErrorMetadata as _;
use aws_sdk_cloudformation::operation::RequestId as _;
use aws_sdk_cloudformation::types::{ChangeAction, Replacement, ResourceStatus, StackStatus};
use std::collections::BTreeSet;

#[tokio::test]
async fn stacks_come_in_pages_and_each_once() {
    let sandbox = sandbox("demo").await;
    let client = cloudformation(&sandbox, "us-east-1");
    let mut pages = client.describe_stacks().into_paginator().send();
    let (mut count, mut ids) = (0, BTreeSet::new());
    while let Some(page) = pages.next().await {
        count += 1;
        ids.extend(
            page.unwrap()
                .stacks()
                .iter()
                .map(|stack| stack.stack_id.clone()),
        );
    }
    assert!(count > 1, "the demo's busiest region has more than a page");
    assert!(ids.len() > 20);
    let asked = sandbox.requests();
    assert_eq!(asked.len(), count);
    assert!(
        asked
            .iter()
            .all(|request| request.operation == "DescribeStacks")
    );
    sandbox.stop().await;
}

#[tokio::test]
async fn a_stack_arrives_with_everything_that_aws_says_of_it() {
    let sandbox = sandbox("demo").await;
    let client = cloudformation(&sandbox, "eu-west-1");
    let reply = client
        .describe_stacks()
        .stack_name("checkout-api")
        .send()
        .await
        .unwrap();
    let stack = &reply.stacks()[0];
    assert_eq!(
        stack.stack_status(),
        Some(&StackStatus::UpdateRollbackComplete)
    );
    assert!(stack.creation_time() < stack.last_updated_time());
    let secret = stack
        .parameters()
        .iter()
        .find(|parameter| parameter.parameter_key() == Some("SigningKey"));
    assert_eq!(secret.unwrap().parameter_value(), Some("****"));
    let version = stack.tags().iter().find(|tag| tag.key() == Some("version"));
    assert_eq!(
        version.unwrap().value(),
        Some("v418"),
        "the update to v419 was undone"
    );
    let output = stack
        .outputs()
        .iter()
        .find(|output| output.output_key() == Some("Version"));
    assert_eq!(output.unwrap().output_value(), Some("v418"));
    sandbox.stop().await;
}

#[tokio::test]
async fn the_cause_of_a_failure_is_found_through_the_nested_stacks() {
    let sandbox = sandbox("demo").await;
    let client = cloudformation(&sandbox, "eu-west-1");
    let (mut name, mut path) = ("checkout-api".to_owned(), Vec::new());
    let reason = loop {
        let mut events = Vec::new();
        let mut pages = client
            .describe_stack_events()
            .stack_name(&name)
            .into_paginator()
            .send();
        while let Some(page) = pages.next().await {
            events.extend(page.unwrap().stack_events.unwrap_or_default());
        }
        assert!(events.is_sorted_by(|newer, older| newer.timestamp >= older.timestamp));
        let failed = |status: &ResourceStatus| {
            matches!(
                status,
                ResourceStatus::CreateFailed | ResourceStatus::UpdateFailed
            )
        };
        let cause = events
            .iter()
            .rfind(|event| event.resource_status().is_some_and(failed))
            .unwrap();
        path.push(cause.logical_resource_id().unwrap().to_owned());
        if cause.resource_type() != Some("AWS::CloudFormation::Stack") {
            break cause.resource_status_reason().unwrap().to_owned();
        }
        name = cause.physical_resource_id().unwrap().to_owned();
    };
    assert_eq!(path, ["Workers", "Pricing", "PricingFunction"]);
    assert!(
        reason.contains("'MemorySize' value failed to satisfy constraint"),
        "{reason}"
    );
    sandbox.stop().await;
}

#[tokio::test]
async fn a_change_set_says_what_would_be_replaced() {
    let sandbox = sandbox("demo").await;
    let client = cloudformation(&sandbox, "us-east-1");
    let set = client
        .describe_change_set()
        .stack_name("orders-db")
        .change_set_name("resize-writer");
    let set = set.send().await.unwrap();
    let changes = set
        .changes()
        .iter()
        .filter_map(|change| change.resource_change());
    let changes: Vec<_> = changes
        .map(|change| {
            (
                change.action().cloned().unwrap(),
                change.replacement().cloned(),
            )
        })
        .collect();
    assert_eq!(
        changes,
        [
            (ChangeAction::Modify, Some(Replacement::False)),
            (ChangeAction::Modify, Some(Replacement::True)),
            (ChangeAction::Add, None),
            (ChangeAction::Remove, None),
        ]
    );
    let missing = client
        .describe_change_set()
        .stack_name("orders-db")
        .change_set_name("none");
    let error = missing.send().await.unwrap_err().into_service_error();
    assert!(error.is_change_set_not_found_exception(), "{error:?}");
    sandbox.stop().await;
}

#[tokio::test]
async fn a_stack_that_is_not_there_is_an_error_with_a_request_id() {
    let sandbox = sandbox("demo").await;
    let client = cloudformation(&sandbox, "us-east-1");
    let error = client
        .describe_stacks()
        .stack_name("nothing")
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some("ValidationError"));
    assert_eq!(
        error.message(),
        Some("Stack with id nothing does not exist")
    );
    assert_eq!(error.request_id().map(str::len), Some(36));
    sandbox.stop().await;
}

#[tokio::test]
async fn drift_is_detected_in_a_while_and_then_known() {
    let sandbox = sandbox("demo").await;
    let client = cloudformation(&sandbox, "us-west-2");
    let begun = client
        .detect_stack_drift()
        .stack_name("network")
        .send()
        .await
        .unwrap();
    let id = begun.stack_drift_detection_id().unwrap();
    let status = async || {
        let asked = client
            .describe_stack_drift_detection_status()
            .stack_drift_detection_id(id);
        asked.send().await.unwrap().detection_status.unwrap()
    };
    assert_eq!(status().await.as_str(), "DETECTION_IN_PROGRESS");
    sandbox.clock().advance(std::time::Duration::from_secs(5));
    assert_eq!(status().await.as_str(), "DETECTION_COMPLETE");
    let drifts = client
        .describe_stack_resource_drifts()
        .stack_name("checkout-edge")
        .send()
        .await
        .unwrap();
    let modified = drifts
        .stack_resource_drifts()
        .iter()
        .filter(|drift| !drift.property_differences().is_empty());
    assert_eq!(modified.count(), 1);
    sandbox.stop().await;
}
