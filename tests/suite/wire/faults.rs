//! What the SDK makes of each thing that can go wrong between us and AWS.

use super::{cloudformation, patient, sandbox};
use aws_sdk_cloudformation::config::retry::RetryConfig;
use aws_sdk_cloudformation::error::{ProvideErrorMetadata as _, SdkError};
use quarterdeck::sandbox::{Fault, FaultKind, Place};
use std::time::Duration;

/// How one question ends while a fault is in force.
async fn ending(kind: FaultKind) -> String {
    let sandbox = sandbox("calm").await;
    sandbox.inject(Fault::new(Place::region("eu-west-1"), kind));
    let asked = cloudformation(&sandbox, "eu-west-1")
        .list_stacks()
        .send()
        .await;
    sandbox.stop().await;
    match asked {
        Ok(_) => "answered".to_owned(),
        Err(SdkError::DispatchFailure(failure)) if failure.is_timeout() => "timed out".to_owned(),
        Err(SdkError::DispatchFailure(_)) => "never got there".to_owned(),
        Err(SdkError::TimeoutError(_)) => "timed out".to_owned(),
        Err(SdkError::ResponseError(_)) => "cut off".to_owned(),
        // The SDK says of a body that it cannot read what it says of an error without a code.
        Err(error) => error.code().unwrap_or("not as AWS answers").to_owned(),
    }
}

#[tokio::test]
async fn every_fault_looks_to_the_sdk_as_aws_would() {
    let millis = Duration::from_millis;
    let cases = [
        (
            FaultKind::Latency {
                fixed: millis(20),
                jitter: millis(20),
            },
            "answered",
        ),
        (FaultKind::SlowBody { pause: millis(1) }, "answered"),
        (FaultKind::SlowClose { pause: millis(40) }, "answered"),
        (
            FaultKind::Throttle {
                per_second: 0.0,
                burst: 0.0,
            },
            "Throttling",
        ),
        (FaultKind::AccessDenied, "AccessDenied"),
        (
            FaultKind::Expired {
                issued_before: None,
            },
            "ExpiredToken",
        ),
        (FaultKind::ServerError { status: 500 }, "InternalFailure"),
        (FaultKind::ServerError { status: 503 }, "ServiceUnavailable"),
        (
            FaultKind::ClockSkew { seconds: -1_200 },
            "SignatureDoesNotMatch",
        ),
        (FaultKind::Reset, "never got there"),
        (FaultKind::Dark, "timed out"),
        (FaultKind::Truncated, "cut off"),
        (FaultKind::Html, "not as AWS answers"),
    ];
    for (kind, expected) in cases {
        let said = format!("{kind:?}");
        assert_eq!(ending(kind).await, expected, "{said}");
    }
}

#[tokio::test]
async fn a_skewed_clock_is_corrected_by_the_sdk_on_its_second_try() {
    let sandbox = sandbox("calm").await;
    sandbox.inject(Fault::new(
        Place::region("eu-west-1"),
        FaultKind::ClockSkew { seconds: 1_200 },
    ));
    let retry = RetryConfig::standard()
        .with_max_attempts(2)
        .with_initial_backoff(Duration::from_millis(1));
    patient(&sandbox, "eu-west-1", retry)
        .list_stacks()
        .send()
        .await
        .unwrap();
    let statuses: Vec<_> = sandbox
        .requests()
        .iter()
        .map(|request| request.status)
        .collect();
    assert_eq!(statuses, [Some(403), Some(200)]);
    sandbox.stop().await;
}

#[tokio::test]
async fn a_throttled_client_that_waits_gets_through() {
    let sandbox = sandbox("calm").await;
    let throttle = FaultKind::Throttle {
        per_second: 20.0,
        burst: 1.0,
    };
    sandbox.inject(Fault::new(Place::region("eu-west-1"), throttle));
    let retry = RetryConfig::standard()
        .with_max_attempts(4)
        .with_initial_backoff(Duration::from_millis(80));
    let client = patient(&sandbox, "eu-west-1", retry);
    for _ in 0..3 {
        client.list_stacks().send().await.unwrap();
    }
    assert!(
        sandbox
            .requests()
            .iter()
            .any(|request| request.status == Some(400))
    );
    sandbox.stop().await;
}
