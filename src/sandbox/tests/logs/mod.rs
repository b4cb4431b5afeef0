//! CloudWatch Logs over the gateway.

mod groups;
mod line;
mod live_tail;
mod queries;
mod refusals;
mod search;
mod streams;

use std::collections::BTreeSet;

use bytes::Bytes;
use hyper::Request;
use serde_json::{Value, json};

use super::{PROD, noon};
use crate::sandbox::{Clock, Gateway, LogLine, Sandbox, Scenario};

const API: &str = "/aws/lambda/checkout-api-Function";
const HERE: (&str, &str) = (PROD, "us-east-1");

fn world(extra: &str) -> (Gateway, Clock) {
    let text = format!(
        r#"seed = 7
        {extra}
        [[account]]
        id = "{PROD}"
        name = "prod"
        access_key = "{PROD}"
        colour = "red"
        guard = "typed"
        regions = ["us-east-1", "eu-central-1"]
        [[stack]]
        name = "checkout-api"
        blueprint = "api"
        version = "v1"
        tags = {{ service = "checkout" }}
        "#
    );
    let clock = Clock::manual(noon());
    let scenario = Scenario::parse(&text).unwrap();
    (Sandbox::without_socket(&scenario, &clock), clock)
}

fn now() -> i64 {
    noon().timestamp_millis()
}

fn request(region: &str, operation: &str, input: &Value) -> Request<Bytes> {
    Request::builder()
        .method("POST")
        .uri("/")
        .header("host", "127.0.0.1")
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", format!("Logs_20140328.{operation}"))
        .header(
            "authorization",
            format!(
                "AWS4-HMAC-SHA256 Credential={PROD}/20251120/{region}/logs/aws4_request, \
                 SignedHeaders=host;x-amz-date, Signature=00"
            ),
        )
        .body(Bytes::from(input.to_string()))
        .unwrap()
}

async fn ask(gateway: &Gateway, operation: &str, input: Value) -> Value {
    let response = gateway
        .handle(request("us-east-1", operation, &input))
        .await
        .unwrap();
    let text = String::from_utf8_lossy(response.body()).into_owned();
    assert_eq!(response.status(), 200, "{operation} {input}: {text}");
    serde_json::from_slice(response.body()).unwrap_or(Value::Null)
}

/// Code and message of a refusal.
async fn refused(gateway: &Gateway, operation: &str, input: Value) -> (String, String) {
    let response = gateway
        .handle(request("us-east-1", operation, &input))
        .await
        .unwrap();
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(response.status(), 400, "{operation} {input}: {body}");
    let code = body["__type"]
        .as_str()
        .unwrap()
        .rsplit('#')
        .next()
        .unwrap()
        .to_owned();
    (
        code,
        body["message"].as_str().unwrap_or_default().to_owned(),
    )
}

/// The pages of a search, followed to its end.
async fn pages(gateway: &Gateway, mut input: Value) -> Vec<Vec<Value>> {
    let mut pages = Vec::new();
    let mut tokens = BTreeSet::new();
    loop {
        let answer = ask(gateway, "FilterLogEvents", input.clone()).await;
        pages.push(answer["events"].as_array().unwrap().clone());
        assert_eq!(answer["searchedLogStreams"], json!([]));
        let Some(token) = answer["nextToken"].as_str() else {
            return pages;
        };
        assert!(tokens.insert(token.to_owned()), "a token comes twice");
        input["nextToken"] = token.into();
    }
}

fn ids(events: &[Value]) -> Vec<String> {
    events
        .iter()
        .map(|event| event["eventId"].as_str().unwrap().to_owned())
        .collect()
}

fn line(timestamp: i64, ingestion: i64, message: &str) -> LogLine {
    LogLine {
        timestamp,
        ingestion,
        message: message.to_owned(),
    }
}
