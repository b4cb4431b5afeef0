//! Lambda over the gateway.

use bytes::Bytes;
use hyper::Request;
use serde_json::{Value, json};

use super::{PROD, gateway, metrics};
use crate::sandbox::Gateway;

const API: &str = "/2015-03-31/functions/checkout-api-Function";

pub(super) fn request(method: &str, region: &str, uri: &str, body: &str) -> Request<Bytes> {
    Request::builder()
        .method(method)
        .uri(uri)
        .header("host", "127.0.0.1")
        .header(
            "authorization",
            format!(
                "AWS4-HMAC-SHA256 Credential={PROD}/20251120/{region}/lambda/aws4_request, \
                 SignedHeaders=host;x-amz-date, Signature=00"
            ),
        )
        .body(Bytes::from(body.to_owned()))
        .unwrap()
}

async fn ask(gateway: &Gateway, method: &str, uri: &str, body: &str) -> (u16, Value) {
    let request = request(method, "us-east-1", uri, body);
    let response = gateway.handle(request).await.unwrap();
    let body = serde_json::from_slice(response.body()).unwrap_or(Value::Null);
    (response.status().as_u16(), body)
}

#[tokio::test]
async fn an_alias_moves_only_for_who_knows_its_revision() {
    let (gateway, _) = gateway("calm");
    let alias = format!("{API}/aliases/ACTIVE");
    let (_, before) = ask(&gateway, "GET", &alias, "").await;
    let revision = before["RevisionId"].as_str().unwrap();
    let move_to = |version: &str, revision: &str| {
        json!({"FunctionVersion": version, "RevisionId": revision}).to_string()
    };
    let (status, after) = ask(&gateway, "PUT", &alias, &move_to("17", revision)).await;
    assert_eq!((status, &after["FunctionVersion"]), (200, &json!("17")));
    let (status, _) = ask(&gateway, "PUT", &alias, &move_to("18", revision)).await;
    assert_eq!(status, 412, "the revision is stale");
    let (_, now) = ask(&gateway, "GET", &alias, "").await;
    assert_eq!(now, after);
}

#[tokio::test]
async fn a_published_version_is_told_again_and_not_published_again() {
    let (gateway, _) = gateway("calm");
    let versions = format!("{API}/versions");
    let (status, first) = ask(&gateway, "POST", &versions, "{}").await;
    let (_, again) = ask(&gateway, "POST", &versions, "{}").await;
    assert_eq!((status, &first["Version"]), (201, &again["Version"]));
    let (_, listed) = ask(&gateway, "GET", &versions, "").await;
    let last = listed["Versions"]
        .as_array()
        .unwrap()
        .last()
        .cloned()
        .unwrap();
    assert_eq!(
        (&last["Version"], &last["CodeSha256"]),
        (&first["Version"], &first["CodeSha256"])
    );
}

#[tokio::test]
async fn a_ping_is_answered_and_written_down_in_the_functions_log() {
    let (gateway, clock) = gateway("calm");
    let uri = format!("{API}/invocations?Qualifier=ACTIVE");
    let payload = r#"{"ramuda_action":"ping"}"#;
    let mut asked = request("POST", "us-east-1", &uri, payload);
    asked
        .headers_mut()
        .insert("x-amz-log-type", "Tail".parse().unwrap());
    let response = gateway.handle(asked).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["x-amz-executed-version"], "18");
    assert!(response.headers().contains_key("x-amz-log-result"));
    assert!(!response.headers().contains_key("x-amz-function-error"));
    assert_eq!(&response.body()[..], br#""alive""#);
    let now = clock.now().timestamp_millis();
    let group = "/aws/lambda/checkout-api-Function";
    let written = gateway.log_truth((PROD, "us-east-1"), group, now..now + 1);
    assert!(
        written
            .iter()
            .any(|event| event.message.starts_with("START RequestId: ")
                && event.message.ends_with("Version: 18\n")),
        "{written:?}"
    );
}

#[tokio::test]
async fn where_nothing_may_run_calls_are_turned_away_and_counted_as_throttles() {
    let (gateway, clock) = gateway("calm");
    let limit = "/2017-10-31/functions/checkout-api-Function/concurrency";
    let (status, _) = ask(
        &gateway,
        "PUT",
        limit,
        r#"{"ReservedConcurrentExecutions":0}"#,
    )
    .await;
    assert_eq!(status, 200);
    let (status, _) = ask(&gateway, "POST", &format!("{API}/invocations"), "{}").await;
    assert_eq!(status, 429);
    clock.advance(std::time::Duration::from_mins(10));
    let end = clock.now().timestamp() / 60 * 60 - 240;
    let sum = async |name: &str| {
        let queries = json!([metrics::query(
            "sum",
            name,
            "Sum",
            Some("checkout-api-Function")
        )]);
        let input = json!({"StartTime": end - 240, "EndTime": end, "MetricDataQueries": queries});
        let (_, answer) = metrics::ask(&gateway, "us-east-1", "GetMetricData", &input).await;
        metrics::sum(&answer["MetricDataResults"][0]["Values"])
    };
    assert!(sum("Throttles").await > 20.0);
    assert!(sum("Invocations").await.abs() < f64::EPSILON);
    let (status, _) = ask(&gateway, "DELETE", limit, "").await;
    assert_eq!(status, 204);
}

#[tokio::test]
async fn a_second_has_room_for_fifteen_requests_of_the_control_plane() {
    let (gateway, _) = gateway("demo");
    let mut statuses = Vec::new();
    for _ in 0..20 {
        statuses.push(ask(&gateway, "GET", &format!("{API}/aliases"), "").await.0);
    }
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 15);
    assert_eq!(statuses[19], 429);
    assert_eq!(
        ask(&gateway, "GET", API, "").await.0,
        200,
        "GetFunction has its own"
    );
}

#[tokio::test]
async fn a_name_with_a_slash_is_refused_in_words_and_an_arn_is_a_name() {
    let (gateway, _) = gateway("calm");
    let uri = "/2015-03-31/functions/my%2Ffunction/configuration";
    let (status, body) = ask(&gateway, "GET", uri, "").await;
    let words = body["message"].as_str().unwrap();
    assert!(
        status == 400 && words.contains("'my/function' at 'functionName'"),
        "{words}"
    );
    let arn = format!("arn:aws:lambda:us-east-1:{PROD}:function:checkout-api-Function:ACTIVE");
    let uri = format!("/2015-03-31/functions/{arn}/configuration");
    let (status, body) = ask(&gateway, "GET", &uri, "").await;
    assert_eq!((status, &body["Version"]), (200, &json!("18")));
}

#[tokio::test]
async fn a_function_has_its_stacks_tags_and_those_that_clients_give_it() {
    let (gateway, _) = gateway("calm");
    let arn = format!("arn:aws:lambda:us-east-1:{PROD}:function:checkout-api-Function");
    let tags = format!("/2017-03-31/tags/{}", arn.replace(':', "%3A"));
    let told = async || ask(&gateway, "GET", &tags, "").await.1["Tags"].clone();
    assert_eq!(told().await["service"], "checkout");
    let given = json!({"Tags": {"house:restore": "none", "team": "night"}}).to_string();
    assert_eq!(ask(&gateway, "POST", &tags, &given).await.0, 204);
    let now = told().await;
    assert_eq!(
        (&now["house:restore"], &now["team"]),
        (&json!("none"), &json!("night"))
    );
    let away = format!("{tags}?tagKeys=house%3Arestore&tagKeys=service");
    assert_eq!(ask(&gateway, "DELETE", &away, "").await.0, 204);
    let now = told().await;
    assert_eq!(
        (&now["house:restore"], &now["service"]),
        (&Value::Null, &Value::Null)
    );
    let (_, function) = ask(&gateway, "GET", API, "").await;
    assert_eq!(function["Tags"], now, "GetFunction tells the same");
    let none = "/2017-03-31/tags/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Anone";
    assert_eq!(ask(&gateway, "GET", none, "").await.0, 404);
}
