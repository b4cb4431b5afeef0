//! The whole sandbox: in process where only words matter, over a socket where the line does.

use std::fmt::Write as _;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http_body_util::{BodyExt as _, Full};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::*;

const PROD: &str = "123456789012";
const STAGING: &str = "210987654321";

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_763_640_000, 0).unwrap()
}

/// A gateway on a standing clock.
fn gateway(scenario: &str) -> (Gateway, Clock) {
    let clock = Clock::manual(noon());
    let scenario = Scenario::named(scenario).unwrap();
    (Sandbox::without_socket(&scenario, &clock), clock)
}

/// A signed query request; the signature is not looked at, so it need not be one.
fn signed(key: &str, region: &str, service: &str, form: &str) -> Request<Bytes> {
    Request::builder()
        .method("POST")
        .uri("/")
        .header("host", "127.0.0.1")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("x-amz-date", "20251120T120000Z")
        .header(
            "authorization",
            format!(
                "AWS4-HMAC-SHA256 Credential={key}/20251120/{region}/{service}/aws4_request, \
                 SignedHeaders=host;x-amz-date, Signature=00"
            ),
        )
        .body(Bytes::from(format!("{form}&Version=2010-05-15")))
        .unwrap()
}

fn cloudformation(region: &str, form: &str) -> Request<Bytes> {
    signed(PROD, region, "cloudformation", form)
}

fn text(response: &Response<Bytes>) -> String {
    String::from_utf8_lossy(response.body()).into_owned()
}

/// What stands between the first `<name>` and its end.
fn first(xml: &str, name: &str) -> String {
    xml.split_once(&format!("<{name}>"))
        .and_then(|(_, rest)| rest.split_once(&format!("</{name}>")))
        .map_or_else(String::new, |(inside, _)| inside.to_owned())
}

async fn ask(gateway: &Gateway, request: Request<Bytes>) -> (u16, String) {
    let response = gateway.handle(request).await.unwrap();
    (response.status().as_u16(), text(&response))
}

/// The code of the error that a request is answered with.
async fn refused(gateway: &Gateway, request: Request<Bytes>) -> (u16, String) {
    let (status, body) = ask(gateway, request).await;
    (status, first(&body, "Code"))
}

#[tokio::test]
async fn two_worlds_of_one_seed_and_time_answer_with_the_same_bytes() {
    for scenario in Scenario::names().filter(|name| *name != "bad-day") {
        let (left, left_clock) = gateway(scenario);
        let (right, right_clock) = gateway(scenario);
        for minutes in [0_u64, 1, 7, 60] {
            for form in [
                "Action=DescribeStacks",
                "Action=ListStacks",
                "Action=ListExports",
            ] {
                let ours = left
                    .handle(cloudformation("us-east-1", form))
                    .await
                    .unwrap();
                let theirs = right
                    .handle(cloudformation("us-east-1", form))
                    .await
                    .unwrap();
                assert_eq!(ours.body(), theirs.body(), "{scenario}, {form}");
                assert_eq!(ours.headers(), theirs.headers(), "{scenario}, {form}");
            }
            left_clock.advance(Duration::from_secs(minutes * 60));
            right_clock.advance(Duration::from_secs(minutes * 60));
        }
    }
}

#[tokio::test]
async fn a_calm_world_says_the_same_an_hour_later() {
    let (gateway, clock) = gateway("calm");
    let (_, before) = ask(
        &gateway,
        cloudformation("eu-west-1", "Action=DescribeStacks"),
    )
    .await;
    clock.advance(Duration::from_hours(1));
    let (_, after) = ask(
        &gateway,
        cloudformation("eu-west-1", "Action=DescribeStacks"),
    )
    .await;
    let stacks = |body: &str| first(body, "Stacks");
    assert_eq!(stacks(&before), stacks(&after));
}

#[tokio::test]
async fn a_moving_stack_goes_through_its_statuses_for_ever() {
    let (gateway, clock) = gateway("demo");
    let form = "Action=DescribeStacks&StackName=orders-api";
    let mut seen: Vec<(String, String)> = Vec::new();
    for _ in 0..(3 * 150) {
        clock.advance(Duration::from_secs(1));
        let (_, body) = ask(&gateway, cloudformation("us-east-1", form)).await;
        let version = body.split_once("<Key>version</Key>").unwrap().1;
        let now = (first(&body, "StackStatus"), first(version, "Value"));
        if seen.last() != Some(&now) {
            seen.push(now);
        }
    }
    let seen: Vec<(&str, &str)> = seen
        .iter()
        .map(|(status, version)| (status.as_str(), version.as_str()))
        .collect();
    for expected in [
        ("UPDATE_IN_PROGRESS", "v75"),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "v75"),
        ("UPDATE_COMPLETE", "v75"),
        ("UPDATE_IN_PROGRESS", "v76"),
        ("UPDATE_ROLLBACK_IN_PROGRESS", "v75"),
        ("UPDATE_ROLLBACK_COMPLETE", "v75"),
    ] {
        assert!(seen.contains(&expected), "{expected:?} is not in {seen:?}");
    }
    clock.advance(Duration::from_hours(8760));
    let (status, _) = ask(&gateway, cloudformation("us-east-1", form)).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn what_has_happened_stays_as_it_was() {
    let (gateway, clock) = gateway("demo");
    let form = "Action=DescribeStackEvents&StackName=orders-api";
    let mut before: Vec<String> = Vec::new();
    for _ in 0..60 {
        clock.advance(Duration::from_secs(2));
        let (_, body) = ask(&gateway, cloudformation("us-east-1", form)).await;
        let events: Vec<String> = body.split("<member>").skip(1).map(str::to_owned).collect();
        let known = &events[events.len() - before.len()..];
        // The last element carries the tail of the document, which has the request id in it.
        assert_eq!(
            known[..known.len().saturating_sub(1)],
            before[..before.len().saturating_sub(1)]
        );
        before = events;
    }
}

#[tokio::test]
async fn a_region_that_was_not_opted_into_does_not_know_the_key() {
    let (gateway, _) = gateway("calm");
    let request = cloudformation("me-central-1", "Action=ListStacks");
    assert_eq!(
        refused(&gateway, request).await,
        (403, "InvalidClientTokenId".to_owned())
    );
    let request = cloudformation("ap-east-1", "Action=ListStacks");
    assert_eq!(ask(&gateway, request).await.0, 200, "opted into, and empty");
}

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

#[tokio::test]
async fn hostile_bytes_arrive_as_they_are() {
    let (gateway, _) = gateway("hostile");
    let stack = |name: &str| format!("Action=DescribeStacks&StackName={name}");
    let response = gateway
        .handle(cloudformation("eu-west-1", &stack("bytes-not-text")))
        .await
        .unwrap();
    assert!(std::str::from_utf8(response.body()).is_err());
    let (_, body) = ask(
        &gateway,
        cloudformation("us-west-2", &stack("lone-surrogate")),
    )
    .await;
    assert!(body.contains("before &#xD800; after"));
    let (_, body) = ask(&gateway, cloudformation("us-east-1", &stack("a-megabyte"))).await;
    assert!(body.len() > 1_000_000);
    let (_, body) = ask(&gateway, cloudformation("us-east-1", "Action=ListStacks")).await;
    assert!(
        body.contains("&#x1B;[31m"),
        "control characters are references"
    );
    assert!(!body.contains('\u{1b}'));
}

#[tokio::test]
async fn a_grid_has_as_many_stacks_as_it_says() {
    let clock = Clock::manual(noon());
    let scenario = Scenario::grid(36, 120);
    let gateway = Sandbox::without_socket(&scenario, &clock);
    for region in ["us-east-1", "sa-west-1"] {
        let mut names = Vec::new();
        let mut form = "Action=DescribeStacks".to_owned();
        loop {
            let (status, body) = ask(&gateway, cloudformation(region, &form)).await;
            assert_eq!(status, 200);
            names.extend(
                body.split("<StackName>")
                    .skip(1)
                    .filter_map(|rest| Some(rest.split_once('<')?.0.to_owned())),
            );
            match first(&body, "NextToken") {
                token if token.is_empty() => break,
                token => form = format!("Action=DescribeStacks&NextToken={token}"),
            }
        }
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 120, "{region}");
    }
}

// --- over a socket

async fn started(kind: Option<FaultKind>) -> Sandbox {
    let scenario = Scenario::named("calm").unwrap();
    let options = Options {
        scenario,
        clock: Clock::manual(noon()),
        port: 0,
    };
    let sandbox = Sandbox::start(options).await.unwrap();
    if let Some(kind) = kind {
        sandbox.inject(Fault::new(Place::everywhere(), kind));
    }
    sandbox
}

/// A request as the bytes a client sends.
fn bytes() -> Vec<u8> {
    let request = cloudformation("eu-west-1", "Action=ListStacks");
    let mut out = String::from("POST / HTTP/1.1\r\n");
    for (name, value) in request.headers() {
        write!(out, "{name}: {}\r\n", value.to_str().unwrap()).unwrap();
    }
    write!(out, "content-length: {}\r\n\r\n", request.body().len()).unwrap();
    let mut out = out.into_bytes();
    out.extend_from_slice(request.body());
    out
}

/// Sends a request and reads until the connection ends.
async fn last_words(sandbox: &Sandbox) -> (Vec<u8>, io::Result<usize>) {
    let mut stream = TcpStream::connect(sandbox.address()).await.unwrap();
    stream.write_all(&bytes()).await.unwrap();
    let mut words = Vec::new();
    let patience = Duration::from_secs(5);
    let ended = tokio::time::timeout(patience, stream.read_to_end(&mut words))
        .await
        .unwrap();
    (words, ended)
}

#[tokio::test]
async fn one_connection_carries_many_requests() {
    let sandbox = started(None).await;
    let stream = TcpStream::connect(sandbox.address()).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    tasks.spawn(connection);
    for _ in 0..3 {
        let request = cloudformation("eu-west-1", "Action=ListStacks").map(Full::new);
        let response = sender.send_request(request).await.unwrap();
        assert_eq!(response.status(), 200);
        response.into_body().collect().await.unwrap();
    }
    let log = sandbox.requests();
    assert_eq!(log.len(), 3);
    let asked = &log[0];
    assert_eq!(
        (
            asked.account.as_str(),
            asked.region.as_str(),
            asked.service.as_str(),
            asked.operation.as_str()
        ),
        (PROD, "eu-west-1", "cloudformation", "ListStacks")
    );
    assert_eq!(
        (asked.status, asked.protocol, asked.at),
        (Some(200), Some(Protocol::Query), noon())
    );
    sandbox.stop().await;
}

#[tokio::test]
async fn a_reset_is_a_reset() {
    let sandbox = started(Some(FaultKind::Reset)).await;
    let (words, ended) = last_words(&sandbox).await;
    assert!(words.is_empty());
    assert_eq!(ended.unwrap_err().kind(), io::ErrorKind::ConnectionReset);
    assert_eq!(sandbox.requests()[0].status, None);
    sandbox.stop().await;
}

#[tokio::test]
async fn a_truncated_body_is_shorter_than_promised() {
    let sandbox = started(Some(FaultKind::Truncated)).await;
    let (words, _) = last_words(&sandbox).await;
    let reply = String::from_utf8(words).unwrap();
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    let promised: usize = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .unwrap()
        .parse()
        .unwrap();
    assert!(
        !body.is_empty() && body.len() < promised,
        "{} of {promised}",
        body.len()
    );
    sandbox.stop().await;
}

#[tokio::test]
async fn a_slow_body_comes_whole_in_the_end() {
    for kind in [
        FaultKind::SlowBody {
            pause: Duration::from_millis(2),
        },
        FaultKind::SlowClose {
            pause: Duration::from_millis(40),
        },
    ] {
        let sandbox = started(Some(kind)).await;
        let stream = TcpStream::connect(sandbox.address()).await.unwrap();
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .unwrap();
        let mut tasks = tokio::task::JoinSet::new();
        tasks.spawn(connection);
        let before = tokio::time::Instant::now();
        let request = cloudformation("eu-west-1", "Action=ListStacks").map(Full::new);
        let body = sender
            .send_request(request)
            .await
            .unwrap()
            .into_body()
            .collect()
            .await
            .unwrap();
        assert!(before.elapsed() >= Duration::from_millis(30));
        assert!(body.to_bytes().ends_with(b"</ListStacksResponse>"));
        sandbox.stop().await;
    }
}

#[tokio::test]
async fn stopping_waits_for_nobody() {
    let sandbox = started(Some(FaultKind::Dark)).await;
    let address = sandbox.address();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(&bytes()).await.unwrap();
    let mut heard = [0; 1];
    let silence = tokio::time::timeout(Duration::from_millis(50), stream.read(&mut heard)).await;
    assert!(silence.is_err(), "a dark region says nothing");
    tokio::time::timeout(Duration::from_secs(2), sandbox.stop())
        .await
        .unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn the_door_says_how_to_get_in() {
    let mut out = Vec::new();
    let scenario = Scenario::named("demo").unwrap();
    serve(scenario, 0, &mut out, std::future::ready(()))
        .await
        .unwrap();
    let said = String::from_utf8(out).unwrap();
    for variable in [
        "AWS_ENDPOINT_URL=http://127.0.0.1:",
        "AWS_ACCESS_KEY_ID=123456789012",
        "AWS_SECRET_ACCESS_KEY=",
        "AWS_REGION=us-east-1",
        "AWS_DEFAULT_REGION=us-east-1",
        "AWS_EC2_METADATA_DISABLED=true",
    ] {
        assert!(said.contains(&format!("export {variable}")), "{said}");
    }
}
