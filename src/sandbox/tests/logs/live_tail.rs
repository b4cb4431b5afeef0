//! Live Tail, in process and in a time that the test moves.

use std::time::Duration;

use aws_smithy_eventstream::frame::read_message_from;
use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::header::{HOST, HeaderValue};
use hyper::{Request, Response};
use serde_json::{Value as Json, json};
use tokio::time::Instant;

use super::{PROD, noon, request};
use crate::sandbox::{Body, Clock, Gateway, LogLine, Sandbox, Scenario};

const REGION: &str = "eu-west-1";
const GROUP: &str = "/app/orders";

/// A request as a client with a host prefix sends it.
pub(super) fn logs(operation: &str, input: &Json) -> Request<Bytes> {
    let mut request = request(REGION, operation, input);
    let host = HeaderValue::from_static("stream-127.0.0.1");
    request.headers_mut().insert(HOST, host);
    request
}

/// A gateway whose clock runs with the test's time, and a group without a voice of its own.
pub(super) fn paced() -> Gateway {
    let clock = Clock::paced(noon());
    let gateway = Sandbox::without_socket(&Scenario::named("calm").unwrap(), &clock);
    put(&gateway, "web", &[]);
    gateway
}

/// Puts lines: milliseconds from noon of the event and of its arrival, and what it says.
pub(super) fn put(gateway: &Gateway, stream: &str, lines: &[(i64, i64, &str)]) {
    put_into(gateway, GROUP, stream, lines);
}

pub(super) fn put_into(gateway: &Gateway, group: &str, stream: &str, lines: &[(i64, i64, &str)]) {
    let noon = noon().timestamp_millis();
    let lines: Vec<LogLine> = lines
        .iter()
        .map(|(at, arrival, message)| LogLine {
            timestamp: noon + at,
            ingestion: noon + arrival,
            message: (*message).to_owned(),
        })
        .collect();
    gateway.put_log_events((PROD, REGION), group, stream, &lines);
}

pub(super) fn arn() -> String {
    format!("arn:aws:logs:{REGION}:{PROD}:log-group:{GROUP}")
}

async fn begin(gateway: &Gateway, input: &Json) -> Response<Body> {
    let request = logs("StartLiveTail", input);
    gateway.respond(request).await.unwrap()
}

/// A session on the group, behind its two opening frames.
pub(super) async fn session(gateway: &Gateway) -> Body {
    let mut body = begin(gateway, &json!({"logGroupIdentifiers": [arn()]}))
        .await
        .into_body();
    assert_eq!(next(&mut body).await.unwrap().0, "initial-response");
    assert_eq!(next(&mut body).await.unwrap().0, "sessionStart");
    body
}

/// The type of the next frame, and its body; `None` at the end.
pub(super) async fn next(body: &mut Body) -> Option<(String, Json)> {
    let piece = body.frame().await?.unwrap().into_data().unwrap();
    Some(decoded(piece))
}

fn decoded(frame: Bytes) -> (String, Json) {
    let message = read_message_from(frame).unwrap();
    let kind = message.headers().iter().find_map(|header| {
        let name = header.name().as_str();
        name.ends_with("-type")
            .then(|| name.starts_with(":e"))?
            .then(|| header.value().as_string().unwrap().as_str().to_owned())
    });
    let body = serde_json::from_slice(message.payload()).unwrap();
    (kind.unwrap(), body)
}

/// What the next update's events say.
pub(super) async fn told(body: &mut Body) -> Vec<String> {
    let (kind, update) = next(body).await.unwrap();
    assert_eq!(kind, "sessionUpdate");
    messages(&update)
}

fn messages(update: &Json) -> Vec<String> {
    let events = update["sessionResults"].as_array().unwrap();
    let said = events
        .iter()
        .map(|event| event["message"].as_str().unwrap());
    said.map(str::to_owned).collect()
}

#[tokio::test(start_paused = true)]
async fn every_second_tells_what_has_arrived_in_it() {
    let gateway = paced();
    let began = Instant::now();
    let input = json!({"logGroupIdentifiers": [arn()], "logEventFilterPattern": "order"});
    let response = begin(&gateway, &input).await;
    assert_eq!(
        response.headers()["content-type"],
        "application/vnd.amazon.eventstream"
    );
    assert!(response.headers().contains_key("x-amzn-requestid"));
    let mut body = response.into_body();
    assert!(body.whole().is_none());
    assert_eq!(
        next(&mut body).await.unwrap(),
        ("initial-response".to_owned(), json!({}))
    );
    let (kind, start) = next(&mut body).await.unwrap();
    assert_eq!(kind, "sessionStart");
    assert_eq!(start["logGroupIdentifiers"], json!([arn()]));
    assert_eq!(start["logEventFilterPattern"], "order");
    assert!(start["sessionId"].is_string() && start["requestId"].is_string());
    assert_eq!(began.elapsed(), Duration::ZERO);

    put(
        &gateway,
        "web",
        &[
            (-5, -5, "order before the session"),
            (100, 400, "order 1"),
            (-60_000, 700, "order of a minute ago"),
            (500, 600, "something else"),
            (900, 1_500, "order 2"),
        ],
    );
    let (_, update) = next(&mut body).await.unwrap();
    assert_eq!(began.elapsed(), Duration::from_secs(1));
    assert_eq!(update["sessionMetadata"]["sampled"], false);
    let noon = noon().timestamp_millis();
    assert_eq!(
        update["sessionResults"],
        json!([
            {
                "logStreamName": "web", "logGroupIdentifier": format!("{PROD}:{GROUP}"),
                "message": "order 1", "timestamp": noon + 100, "ingestionTime": noon + 400,
            },
            {
                "logStreamName": "web", "logGroupIdentifier": format!("{PROD}:{GROUP}"),
                "message": "order of a minute ago", "timestamp": noon - 60_000, "ingestionTime": noon + 700,
            },
        ])
    );
    assert_eq!(told(&mut body).await, ["order 2"]);
    assert!(
        told(&mut body).await.is_empty(),
        "a quiet second is told too"
    );
    assert_eq!(began.elapsed(), Duration::from_secs(3));
}

#[tokio::test(start_paused = true)]
async fn streams_can_be_named_or_prefixed() {
    let gateway = paced();
    let mut named = begin(
        &gateway,
        &json!({"logGroupIdentifiers": [arn()], "logStreamNames": ["web"]}),
    )
    .await
    .into_body();
    let mut prefixed = begin(
        &gateway,
        &json!({"logGroupIdentifiers": [arn()], "logStreamNamePrefixes": ["wo", "x"]}),
    )
    .await
    .into_body();
    for body in [&mut named, &mut prefixed] {
        next(body).await;
        next(body).await;
    }
    put(&gateway, "web", &[(0, 10, "from web")]);
    put(&gateway, "worker", &[(0, 10, "from worker")]);
    assert_eq!(told(&mut named).await, ["from web"]);
    assert_eq!(told(&mut prefixed).await, ["from worker"]);
}

#[tokio::test(start_paused = true)]
async fn a_flood_is_told_as_a_sample_that_says_so() {
    let gateway = paced();
    let mut body = session(&gateway).await;
    let texts: Vec<String> = (0..1_200).map(|number| number.to_string()).collect();
    let lines: Vec<(i64, i64, &str)> = texts.iter().map(|text| (1, 2, text.as_str())).collect();
    put(&gateway, "web", &lines);
    let (_, update) = next(&mut body).await.unwrap();
    assert_eq!(update["sessionMetadata"]["sampled"], true);
    let said = messages(&update);
    assert_eq!(said.len(), 500);
    assert_eq!((said[0].as_str(), said[499].as_str()), ("0", "1198"));
    assert!(told(&mut body).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_session_ends_after_three_hours() {
    let gateway = paced();
    let mut body = session(&gateway).await;
    let mut updates = 0;
    let last = loop {
        let (kind, said) = next(&mut body).await.unwrap();
        if kind != "sessionUpdate" {
            break (kind, said);
        }
        updates += 1;
    };
    assert_eq!(updates, 3 * 3600 - 1);
    assert_eq!(last.0, "SessionTimeoutException");
    assert!(last.1["message"].is_string());
    assert_eq!(next(&mut body).await, None);
}

#[tokio::test(start_paused = true)]
async fn fifteen_sessions_are_all_an_account_gets_in_a_region() {
    let gateway = paced();
    let mut sessions = Vec::new();
    for _ in 0..15 {
        sessions.push(session(&gateway).await);
    }
    let input = json!({"logGroupIdentifiers": [arn()]});
    let refused = gateway.handle(logs("StartLiveTail", &input)).await.unwrap();
    assert_eq!(refused.status(), 400);
    let body: Json = serde_json::from_slice(refused.body()).unwrap();
    assert_eq!(body["__type"], "com.amazonaws#LimitExceededException");
    sessions.pop();
    session(&gateway).await;
}

#[tokio::test(start_paused = true)]
async fn what_aws_would_not_tail_is_refused() {
    let gateway = paced();
    let many: Vec<String> = (0..11)
        .map(|number| format!("{}-{number}", arn()))
        .collect();
    for (input, code, words) in [
        (
            json!({}),
            "InvalidParameterException",
            "greater than or equal to 1",
        ),
        (
            json!({"logGroupIdentifiers": many}),
            "InvalidParameterException",
            "length less than or equal to 10",
        ),
        (
            json!({"logGroupIdentifiers": [format!("{}:*", arn())]}),
            "InvalidParameterException",
            "regular expression pattern",
        ),
        (
            json!({"logGroupIdentifiers": [GROUP]}),
            "InvalidParameterException",
            "is not an ARN",
        ),
        (
            json!({"logGroupIdentifiers": [format!("{}-none", arn())]}),
            "ResourceNotFoundException",
            "does not exist",
        ),
        (
            json!({"logGroupIdentifiers": [arn(), arn()], "logStreamNames": ["web"]}),
            "InvalidParameterException",
            "one log group only",
        ),
        (
            json!({"logGroupIdentifiers": [arn()], "logStreamNames": ["web"], "logStreamNamePrefixes": ["w"]}),
            "InvalidParameterException",
            "together",
        ),
        (
            json!({"logGroupIdentifiers": [arn()], "logStreamNames": []}),
            "InvalidParameterException",
            "Value '[]' at 'logStreamNames'",
        ),
    ] {
        let refused = gateway.handle(logs("StartLiveTail", &input)).await.unwrap();
        let body: Json = serde_json::from_slice(refused.body()).unwrap();
        assert_eq!(body["__type"], format!("com.amazonaws#{code}"), "{input}");
        let message = body["message"].as_str().unwrap();
        assert!(message.contains(words), "{input}: {message}");
    }
}
