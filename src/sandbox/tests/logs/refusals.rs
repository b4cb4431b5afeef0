//! What is turned away: mistakes, and too many requests.

use std::time::Duration;

use serde_json::{Value, json};

use super::{API, HERE, line, now, refused, request, world};
use crate::sandbox::tests::PROD;
use crate::sandbox::{Fault, FaultKind, Place};

#[tokio::test]
async fn what_is_refused_is_refused_in_aws_words() {
    let (gateway, _) = world("");
    gateway.put_log_events(HERE, "g", "s", &[line(now(), now(), "x")]);
    let put =
        |events: Value| json!({"logGroupName": "g", "logStreamName": "s", "logEvents": events});
    let cases = [
        (
            "FilterLogEvents",
            json!({"logGroupName": "no"}),
            "ResourceNotFoundException",
            "The specified log group does not exist.",
        ),
        (
            "GetLogEvents",
            json!({"logGroupName": "g", "logStreamName": "no"}),
            "ResourceNotFoundException",
            "The specified log stream does not exist.",
        ),
        (
            "FilterLogEvents",
            json!({"logGroupName": "g", "logStreamNames": ["no"]}),
            "ResourceNotFoundException",
            "The specified log stream does not exist.",
        ),
        (
            "FilterLogEvents",
            json!({"logGroupName": "g", "filterPattern": "{ $.a"}),
            "InvalidParameterException",
            "If a filter pattern starts with '{' it must end with '}'",
        ),
        (
            "FilterLogEvents",
            json!({"logGroupName": "g", "nextToken": "x"}),
            "InvalidParameterException",
            "The specified nextToken is invalid.",
        ),
        (
            "GetLogEvents",
            json!({"logGroupName": "g", "logStreamName": "s", "nextToken": "x"}),
            "InvalidParameterException",
            "The specified nextToken is invalid.",
        ),
        (
            "FilterLogEvents",
            json!({"logGroupName": "g", "limit": 10_001}),
            "InvalidParameterException",
            "1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 10000",
        ),
        (
            "FilterLogEvents",
            json!({}),
            "InvalidParameterException",
            "1 validation error detected: Value null at 'logGroupName' failed to satisfy constraint: Member must not be null",
        ),
        (
            "CreateLogGroup",
            json!({"logGroupName": "g"}),
            "ResourceAlreadyExistsException",
            "The specified log group already exists",
        ),
        (
            "CreateLogGroup",
            json!({"logGroupName": "a b"}),
            "InvalidParameterException",
            r"1 validation error detected: Value 'a b' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\.\-_/#A-Za-z0-9]+",
        ),
        (
            "PutLogEvents",
            put(json!([{"timestamp": 2, "message": "b"}, {"timestamp": 1, "message": "a"}])),
            "InvalidParameterException",
            "Log events in a single PutLogEvents request must be in chronological order.",
        ),
        (
            "DescribeLogStreams",
            json!({"logGroupName": "g", "orderBy": "LastEventTime", "logStreamNamePrefix": "s"}),
            "InvalidParameterException",
            "Cannot order by LastEventTime with a logStreamNamePrefix.",
        ),
    ];
    for (operation, input, code, message) in cases {
        let found = refused(&gateway, operation, input.clone()).await;
        assert_eq!(
            found,
            (code.to_owned(), message.to_owned()),
            "{operation} {input}"
        );
    }
}

#[tokio::test]
async fn requests_over_the_region_s_rate_are_throttled_until_time_has_passed() {
    let (gateway, clock) = world("[logs]\nquotas = true");
    let input = json!({"logGroupName": API, "startTime": now(), "limit": 1});
    let status = |region: &'static str| {
        let (gateway, request) = (gateway.clone(), request(region, "FilterLogEvents", &input));
        async move { gateway.handle(request).await.unwrap().status().as_u16() }
    };
    for (region, rate) in [("us-east-1", 25), ("eu-central-1", 5)] {
        for _ in 0..rate {
            assert_eq!(status(region).await, 200);
        }
        assert_eq!(status(region).await, 400, "{region}");
    }
    let (code, words) = refused(&gateway, "FilterLogEvents", input.clone()).await;
    assert_eq!(
        (code.as_str(), words.as_str()),
        ("ThrottlingException", "Rate exceeded")
    );
    clock.advance(Duration::from_millis(200));
    assert_eq!(
        (status("eu-central-1").await, status("eu-central-1").await),
        (200, 400)
    );
}

#[tokio::test]
async fn a_denial_names_the_log_group() {
    let (gateway, _) = world("");
    gateway.inject(Fault::new(
        Place::everywhere().service("logs"),
        FaultKind::AccessDenied,
    ));
    let (code, words) = refused(&gateway, "FilterLogEvents", json!({"logGroupName": API})).await;
    assert_eq!(code, "AccessDeniedException");
    let action = "is not authorized to perform: logs:FilterLogEvents on resource";
    let group =
        format!("{action}: arn:aws:logs:us-east-1:{PROD}:log-group:{API}:log-stream: because");
    assert!(words.contains(&group), "{words}");
}
