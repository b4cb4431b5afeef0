//! Every way a question can fail, and the words for it.

use super::wire::{self, Answer, Asked};
use super::*;
use crate::domain::Reach;
use aws_smithy_runtime_api::client::dns::ResolveDnsError;
use aws_smithy_runtime_api::client::result::ConnectorError;
use std::io::{Error, ErrorKind};

async fn fail(topic: Topic, answer: impl Fn() -> Answer + Send + Sync + 'static) -> Problem {
    let cloud = cloud(&Wire::new(move |_| answer()));
    cloud.read(&topic, &ireland()).await.unwrap_err()
}

async fn refuse(topic: Topic, status: u16, code: &'static str, message: &'static str) -> Problem {
    fail(topic, move || Ok(wire::error(status, code, message))).await
}

#[tokio::test]
async fn a_denial_names_the_action_that_is_missing() {
    let problem = refuse(
        Topic::Stacks,
        403,
        "AccessDenied",
        "User: arn:aws:sts::111122223333:assumed-role/Read/ada is not authorized to perform: cloudformation:DescribeStacks on resource: * because no identity-based policy allows the action",
    )
    .await;
    assert_eq!(problem.kind, Kind::Denied);
    assert_eq!(
        problem.what,
        "Not allowed to list the stacks in eu-west-1 of prod."
    );
    assert_eq!(
        problem.hint.as_deref(),
        Some("Needs `cloudformation:DescribeStacks`.")
    );
    assert_eq!(problem.request.as_deref(), Some("req-1"));
}

#[tokio::test]
async fn a_denial_names_the_policy_that_forbids() {
    let problem = refuse(
        events(),
        403,
        "AccessDenied",
        "User: x is not authorized to perform: cloudformation:DescribeStackEvents with an explicit deny in a service control policy",
    )
    .await;
    assert_eq!(
        problem.to_string(),
        "Not allowed to read the events of checkout in eu-west-1 of prod. \
         Needs `cloudformation:DescribeStackEvents`, which a service control policy denies."
    );
    let silent = refuse(events(), 403, "AccessDenied", "Access denied").await;
    assert_eq!(
        silent.hint.as_deref(),
        Some("Needs `cloudformation:DescribeStackEvents`.")
    );
}

#[tokio::test]
async fn refusals_become_sentences() {
    for (status, code, message, kind, expected) in [
        (
            403,
            "ExpiredToken",
            "The security token included in the request is expired",
            Kind::Expired,
            "The credentials of prod have ended. Restart the sandbox.",
        ),
        (
            400,
            "Throttling",
            "Rate exceeded",
            Kind::Throttled,
            "Could not list the stacks in eu-west-1 of prod: AWS asks to slow down.",
        ),
        (
            403,
            "InvalidClientTokenId",
            "The security token included in the request is invalid.",
            Kind::NotRecognized,
            "eu-west-1 does not know the credentials of prod. Enable the region for the account, or check the access key.",
        ),
        (
            400,
            "ValidationError",
            "Template error: \u{9b}31m no",
            Kind::Invalid,
            "Could not list the stacks in eu-west-1 of prod: Template error: \\x9b31m no.",
        ),
        (
            500,
            "InternalFailure",
            "",
            Kind::Server,
            "Could not list the stacks in eu-west-1 of prod: AWS failed on its own side (500).",
        ),
        (
            403,
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided.",
            Kind::Expired,
            "AWS does not know the credentials of prod. Restart the sandbox.",
        ),
    ] {
        let problem = refuse(Topic::Stacks, status, code, message).await;
        assert_eq!(
            (problem.kind, problem.to_string()),
            (kind, expected.to_owned())
        );
    }
}

#[tokio::test]
async fn a_stack_that_is_gone_is_missing() {
    let message = "Stack with id checkout does not exist";
    let problem = refuse(events(), 400, "ValidationError", message).await;
    assert_eq!(problem.kind, Kind::Missing);
    assert_eq!(
        problem.what,
        "checkout does not exist in eu-west-1 of prod."
    );
}

#[tokio::test]
async fn the_clock_is_told_from_the_date_header() {
    let problem = fail(Topic::Stacks, || {
        let mut answer = wire::error(403, "SignatureDoesNotMatch", "Signature expired: x");
        let date = "Tue, 01 Jan 2019 00:00:00 GMT".to_owned();
        answer.headers_mut().insert("date", date);
        Ok(answer)
    })
    .await;
    assert_eq!(problem.kind, Kind::ClockSkew);
    assert!(
        problem
            .what
            .contains(" min fast, so AWS refuses to list the stacks"),
        "{problem}"
    );
}

#[tokio::test]
async fn a_wrong_clock_is_corrected_after_one_refusal() {
    let wire = Wire::new(|asked: &Asked| {
        let is_late = !asked.signed.starts_with("20190101T0000");
        let mut answer = if is_late {
            wire::error(403, "SignatureDoesNotMatch", "Signature not yet current: x")
        } else {
            wire::result("DescribeStacks", "<Stacks/>").unwrap()
        };
        let date = "Tue, 01 Jan 2019 00:00:00 GMT".to_owned();
        answer.headers_mut().insert("date", date);
        Ok(answer)
    });
    let cloud = cloud(&wire);
    let problem = cloud.read(&Topic::Stacks, &ireland()).await.unwrap_err();
    assert_eq!(problem.kind, Kind::ClockSkew);
    cloud.read(&Topic::Stacks, &ireland()).await.unwrap();
    assert_eq!(wire.asked().len(), 2);
}

#[tokio::test]
async fn what_answers_instead_of_aws_is_recognised() {
    const PAGE: &str = "<!DOCTYPE html><html><body>Please log in</body></html>";
    for (status, headers, body, kind, expected) in [
        (
            200,
            vec![("content-type", "text/html; charset=utf-8")],
            PAGE,
            Kind::Garbled,
            "what came back is not an answer of AWS (text/html; charset=utf-8).",
        ),
        (
            403,
            vec![("content-type", "text/html")],
            PAGE,
            Kind::Garbled,
            "what came back is not an answer of AWS (text/html).",
        ),
        (
            302,
            vec![("location", "https://login.example.com/?next=aws")],
            "",
            Kind::Unreachable(Reach::Redirected),
            "something on the way redirects to login.example.com.",
        ),
        (
            302,
            vec![],
            "",
            Kind::Unreachable(Reach::Redirected),
            "something on the way redirects elsewhere.",
        ),
        (
            200,
            vec![("content-type", "text/xml")],
            "<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackNa",
            Kind::Garbled,
            "the answer was cut off.",
        ),
        (
            503,
            vec![],
            "no healthy upstream",
            Kind::Server,
            "AWS failed on its own side (503).",
        ),
    ] {
        let answer = move || Ok(wire::response(status, &headers, body));
        let problem = fail(Topic::Stacks, answer).await;
        assert_eq!(problem.kind, kind, "{problem}");
        assert_eq!(
            problem.what,
            format!("Could not list the stacks in eu-west-1 of prod: {expected}")
        );
    }
}

#[tokio::test]
async fn the_network_is_told_by_its_deepest_cause() {
    let io = |kind: ErrorKind| ConnectorError::io(Error::from(kind).into());
    let cases: Vec<(Reach, Box<dyn Fn() -> ConnectorError + Send + Sync>)> = vec![
        (
            Reach::Dns,
            Box::new(|| ConnectorError::io(ResolveDnsError::new("no such name").into())),
        ),
        (
            Reach::Refused,
            Box::new(move || io(ErrorKind::ConnectionRefused)),
        ),
        (
            Reach::Reset,
            Box::new(move || io(ErrorKind::ConnectionReset)),
        ),
        (Reach::Reset, Box::new(move || io(ErrorKind::UnexpectedEof))),
        (Reach::TimedOut, Box::new(move || io(ErrorKind::TimedOut))),
        (
            Reach::TimedOut,
            Box::new(|| ConnectorError::timeout("slow".into())),
        ),
        (
            Reach::Certificate,
            Box::new(|| {
                let tls = Error::new(
                    ErrorKind::InvalidData,
                    "invalid peer certificate: UnknownIssuer",
                );
                ConnectorError::io(Error::other(tls).into())
            }),
        ),
        (
            Reach::Other,
            Box::new(|| ConnectorError::other("tunnel".into(), None)),
        ),
    ];
    for (reach, error) in cases {
        let problem = fail(Topic::Stacks, move || Err(error())).await;
        assert_eq!(problem.kind, Kind::Unreachable(reach), "{problem}");
        assert!(problem.hint.is_some());
    }
}

#[tokio::test]
async fn a_bad_certificate_says_what_is_bad_about_it() {
    let problem = fail(Topic::Stacks, || {
        let tls = Error::new(
            ErrorKind::InvalidData,
            "invalid peer certificate: UnknownIssuer",
        );
        Err(ConnectorError::io(Error::other(tls).into()))
    })
    .await;
    assert_eq!(
        problem.to_string(),
        "Could not list the stacks in eu-west-1 of prod: the certificate is refused: its issuer is not trusted. \
         If a proxy inspects TLS, put its certificate into AWS_CA_BUNDLE."
    );
}

#[tokio::test]
async fn a_long_message_is_cut() {
    let problem = fail(Topic::Stacks, || {
        Ok(wire::error(400, "ValidationError", &"no ".repeat(5_000)))
    })
    .await;
    assert!(
        problem.what.len() < 500 && problem.what.ends_with('…'),
        "{problem}"
    );
}
