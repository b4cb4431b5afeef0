//! Faults that are answered in words.

use std::time::Duration;

use super::{PROD, STAGING, ask, cloudformation, first, gateway, refused, signed};
use crate::sandbox::{Fault, FaultKind, Place};

#[tokio::test]
async fn faults_that_refuse_are_worded_as_aws_words_them() {
    let cases = [
        (FaultKind::AccessDenied, 403, "AccessDenied"),
        (
            FaultKind::Expired {
                issued_before: None,
            },
            403,
            "ExpiredToken",
        ),
        (
            FaultKind::Throttle {
                per_second: 0.0,
                burst: 0.0,
            },
            400,
            "Throttling",
        ),
        (
            FaultKind::ServerError { status: 500 },
            500,
            "InternalFailure",
        ),
        (
            FaultKind::ServerError { status: 503 },
            503,
            "ServiceUnavailable",
        ),
        (
            FaultKind::ClockSkew { seconds: 1_200 },
            403,
            "SignatureDoesNotMatch",
        ),
    ];
    let (gateway, _) = gateway("calm");
    for (kind, status, code) in cases {
        let fault = gateway.inject(Fault::new(Place::region("eu-west-1"), kind));
        let request = || cloudformation("eu-west-1", "Action=ListStacks");
        assert_eq!(
            refused(&gateway, request()).await,
            (status, code.to_owned())
        );
        assert_eq!(
            ask(&gateway, cloudformation("us-east-1", "Action=ListStacks"))
                .await
                .0,
            200
        );
        gateway.heal(fault);
        assert_eq!(ask(&gateway, request()).await.0, 200, "healed of {code}");
    }
}

#[tokio::test]
async fn only_credentials_from_before_a_time_have_expired() {
    let (gateway, clock) = gateway("calm");
    let assume =
        format!("Action=AssumeRole&RoleArn=arn:aws:iam::{STAGING}:role/Deploy&RoleSessionName=s");
    let (_, old) = ask(&gateway, signed(PROD, "us-east-1", "sts", &assume)).await;
    clock.advance(Duration::from_mins(1));
    gateway.inject(Fault::new(
        Place::account(STAGING),
        FaultKind::Expired {
            issued_before: Some(clock.now()),
        },
    ));
    let (_, new) = ask(&gateway, signed(PROD, "us-east-1", "sts", &assume)).await;
    let who = |keys: &str| {
        let mut request = signed(
            &first(keys, "AccessKeyId"),
            "us-east-1",
            "sts",
            "Action=GetCallerIdentity",
        );
        let token = first(keys, "SessionToken").parse().unwrap();
        request.headers_mut().insert("x-amz-security-token", token);
        request
    };
    assert_eq!(
        refused(&gateway, who(&old)).await,
        (403, "ExpiredToken".to_owned())
    );
    let (status, body) = ask(&gateway, who(&new)).await;
    assert_eq!((status, first(&body, "Account").as_str()), (200, STAGING));
    clock.advance(Duration::from_secs(3_700));
    assert_eq!(
        refused(&gateway, who(&new)).await,
        (403, "ExpiredToken".to_owned()),
        "an hour is over"
    );
}

#[tokio::test]
async fn a_skewed_region_tells_its_own_time() {
    let (gateway, _) = gateway("calm");
    gateway.inject(Fault::new(
        Place::region("eu-west-1"),
        FaultKind::ClockSkew { seconds: 840 },
    ));
    let response = gateway
        .handle(cloudformation("eu-west-1", "Action=ListStacks"))
        .await
        .unwrap();
    assert_eq!(response.status(), 200, "fourteen minutes are forgiven");
    assert_eq!(response.headers()["date"], "Thu, 20 Nov 2025 12:14:00 GMT");
}

#[tokio::test]
async fn strangers_on_the_line_answer_in_their_own_words() {
    let (gateway, _) = gateway("calm");
    let request = || cloudformation("eu-west-1", "Action=ListStacks");
    let html = gateway.inject(Fault::new(Place::everywhere(), FaultKind::Html));
    let (status, body) = ask(&gateway, request()).await;
    assert!(status == 200 && body.contains("Hotel Wi-Fi"));
    gateway.heal(html);
    let location = "http://portal.example.com/".to_owned();
    gateway.inject(Fault::new(
        Place::everywhere(),
        FaultKind::Redirect { location },
    ));
    let response = gateway.handle(request()).await.unwrap();
    assert_eq!(response.status(), 302);
    assert_eq!(response.headers()["location"], "http://portal.example.com/");
}

#[tokio::test]
async fn a_dark_region_never_answers_and_the_others_do() {
    let (gateway, _) = gateway("bad-day");
    let patience = Duration::from_millis(50);
    let dark = gateway.handle(cloudformation("eu-central-1", "Action=ListStacks"));
    assert!(tokio::time::timeout(patience, dark).await.is_err());
    assert_eq!(
        ask(&gateway, cloudformation("us-east-1", "Action=ListStacks"))
            .await
            .0,
        200
    );
}
