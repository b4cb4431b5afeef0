//! The whole sandbox: in process where only words matter, over a socket where the line does.

mod accelerator;
mod deploy;
mod drill;
mod faults;
mod functions;
mod load_balancing;
mod logs;
mod metrics;
mod parameters;
mod socket;
mod storage;
mod work;
mod world;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use hyper::{Request, Response};

use super::{Clock, Gateway, Sandbox, Scenario};

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

/// A signed request in JSON 1.1.
fn in_json(
    key: &str,
    region: &str,
    (service, target): (&str, &str),
    input: &str,
) -> Request<Bytes> {
    let mut request = signed(key, region, service, "");
    let headers = request.headers_mut();
    let kind = "application/x-amz-json-1.1".parse().unwrap();
    headers.insert("content-type", kind);
    headers.insert("x-amz-target", target.parse().unwrap());
    *request.body_mut() = Bytes::from(input.to_owned());
    request
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
