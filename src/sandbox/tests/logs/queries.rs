//! Insights queries as clients ask them: started, polled, paged, stopped.

use std::time::Duration;

use serde_json::{Value as Json, json};

use super::live_tail::{logs, paced, put, put_into};
use super::noon;
use crate::sandbox::Gateway;

const GROUP: &str = "/app/orders";

async fn asked(gateway: &Gateway, operation: &str, input: Json) -> (u16, Json) {
    let response = gateway.handle(logs(operation, &input)).await.unwrap();
    let body = serde_json::from_slice(response.body()).unwrap();
    (response.status().as_u16(), body)
}

/// A minute of ten lines, all of them there at noon.
fn orders() -> Gateway {
    let gateway = paced();
    let texts: Vec<String> = (0..10)
        .map(|number| format!(r#"{{"order":{number},"paid":{}}}"#, number % 2 == 0))
        .collect();
    let lines: Vec<(i64, i64, &str)> = (0..10)
        .zip(&texts)
        .map(|(number, text)| (number * 6_000 - 60_000, -1, text.as_str()))
        .collect();
    put(&gateway, "web", &lines);
    gateway
}

/// A query over the minute before noon and the one after.
fn query(text: &str) -> Json {
    let noon = noon().timestamp();
    json!({"logGroupName": GROUP, "startTime": noon - 60, "endTime": noon + 60, "queryString": text})
}

async fn started(gateway: &Gateway, text: &str) -> String {
    let (status, body) = asked(gateway, "StartQuery", query(text)).await;
    assert_eq!(status, 200, "{body}");
    body["queryId"].as_str().unwrap().to_owned()
}

async fn results(gateway: &Gateway, id: &str) -> Json {
    let (status, body) = asked(gateway, "GetQueryResults", json!({"queryId": id})).await;
    assert_eq!(status, 200, "{body}");
    body
}

/// The values of one field.
fn values(body: &Json, field: &str) -> Vec<String> {
    let rows = body["results"].as_array().unwrap().iter();
    let fields = rows.flat_map(|row| row.as_array().unwrap());
    fields
        .filter(|pair| pair["field"] == field)
        .map(|pair| pair["value"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test(start_paused = true)]
async fn a_query_is_scheduled_then_running_then_complete() {
    let gateway = orders();
    let id = started(
        &gateway,
        "fields order | filter paid = 1 | sort @timestamp asc",
    )
    .await;
    let first = results(&gateway, &id).await;
    assert_eq!(first["status"], "Scheduled");
    assert_eq!(first["results"], json!([]));
    tokio::time::advance(Duration::from_millis(150)).await;
    let second = results(&gateway, &id).await;
    assert_eq!(second["status"], "Running");
    assert_eq!(
        values(&second, "order"),
        ["4", "6", "8"],
        "the newest are in already"
    );
    tokio::time::advance(Duration::from_millis(400)).await;
    let last = results(&gateway, &id).await;
    assert_eq!(last["status"], "Complete");
    assert_eq!(values(&last, "order"), ["0", "2", "4", "6", "8"]);
    assert_eq!(values(&last, "@ptr").len(), 5);
    let statistics = &last["statistics"];
    assert_eq!(
        (&statistics["recordsMatched"], &statistics["recordsScanned"]),
        (&json!(5.0), &json!(10.0))
    );
    assert!(statistics["bytesScanned"].as_f64().unwrap() > 200.0);
    assert_eq!(statistics["logGroupsScanned"], json!(1.0));
}

#[tokio::test(start_paused = true)]
async fn a_query_sees_only_what_had_arrived_when_it_was_started() {
    let gateway = orders();
    put(&gateway, "web", &[(-30_000, 200, r#"{"order":"late"}"#)]);
    let id = started(&gateway, "stats count(*) as n").await;
    tokio::time::advance(Duration::from_secs(60)).await;
    assert_eq!(values(&results(&gateway, &id).await, "n"), ["10"]);
    let id = started(&gateway, "stats count(*) as n").await;
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(values(&results(&gateway, &id).await, "n"), ["11"]);
}

#[tokio::test(start_paused = true)]
async fn results_are_paged() {
    let gateway = orders();
    let id = started(&gateway, "fields order | sort @timestamp asc").await;
    tokio::time::advance(Duration::from_secs(1)).await;
    let mut orders = Vec::new();
    let mut input = json!({"queryId": id, "maxItems": 4});
    let mut pages = 0;
    loop {
        let (_, page) = asked(&gateway, "GetQueryResults", input.clone()).await;
        orders.extend(values(&page, "order"));
        pages += 1;
        match page["nextToken"].as_str() {
            Some(token) => input["nextToken"] = token.into(),
            None => break,
        }
    }
    assert_eq!((pages, orders.len()), (3, 10));
    assert!(orders.is_sorted());
}

#[tokio::test(start_paused = true)]
async fn a_stopped_query_is_cancelled_and_cannot_be_stopped_again() {
    let gateway = orders();
    let id = started(&gateway, "fields order").await;
    let stop = json!({"queryId": id});
    assert_eq!(
        asked(&gateway, "StopQuery", stop.clone()).await,
        (200, json!({"success": true}))
    );
    assert_eq!(results(&gateway, &id).await["status"], "Cancelled");
    let (status, body) = asked(&gateway, "StopQuery", stop).await;
    assert_eq!(status, 400);
    assert_eq!(body["__type"], "com.amazonaws#InvalidParameterException");
}

#[tokio::test(start_paused = true)]
async fn queries_are_listed_newest_first() {
    let gateway = orders();
    let first = started(&gateway, "fields order").await;
    tokio::time::advance(Duration::from_secs(1)).await;
    let second = started(&gateway, "fields paid").await;
    let (_, all) = asked(&gateway, "DescribeQueries", json!({"maxResults": 1})).await;
    assert_eq!(all["queries"][0]["queryId"], *second);
    assert_eq!(all["queries"][0]["status"], "Scheduled");
    let token = all["nextToken"].clone();
    let (_, rest) = asked(&gateway, "DescribeQueries", json!({"nextToken": token})).await;
    assert_eq!(rest["queries"].as_array().unwrap().len(), 1);
    assert_eq!(rest["queries"][0]["queryId"], *first);
    assert_eq!(rest["queries"][0]["logGroupName"], GROUP);
    let done = json!({"status": "Complete", "logGroupName": GROUP});
    let (_, done) = asked(&gateway, "DescribeQueries", done).await;
    assert_eq!(done["queries"].as_array().unwrap().len(), 1);
    let (_, none) = asked(
        &gateway,
        "DescribeQueries",
        json!({"logGroupName": "/none"}),
    )
    .await;
    assert_eq!(none["queries"], json!([]));
}

#[tokio::test(start_paused = true)]
async fn a_hundred_queries_at_once_are_enough() {
    let gateway = orders();
    for _ in 0..100 {
        started(&gateway, "fields order").await;
    }
    let (status, body) = asked(&gateway, "StartQuery", query("fields order")).await;
    assert_eq!(status, 400);
    assert_eq!(body["__type"], "com.amazonaws#LimitExceededException");
    tokio::time::advance(Duration::from_secs(1)).await;
    started(&gateway, "fields order").await;
}

#[tokio::test(start_paused = true)]
async fn a_bad_query_says_where_it_is_bad() {
    let gateway = orders();
    let (status, body) = asked(&gateway, "StartQuery", query("fields order | fliter paid")).await;
    assert_eq!(status, 400);
    assert_eq!(body["__type"], "com.amazonaws#MalformedQueryException");
    let words = "unexpected symbol found fliter at line 1 and position 15";
    assert_eq!(body["message"], words);
    assert_eq!(
        body["queryCompileError"],
        json!({"location": {"startCharOffset": 15, "endCharOffset": 21}, "message": words})
    );
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_asked_is_refused() {
    let gateway = orders();
    let with = |member: &str, value: Json| {
        let mut input = query("fields order");
        input[member] = value;
        input
    };
    for (input, code) in [
        (
            with("logGroupNames", json!([GROUP])),
            "InvalidParameterException",
        ),
        (
            with("logGroupName", json!("/none")),
            "ResourceNotFoundException",
        ),
        (
            with("startTime", json!(noon().timestamp_millis())),
            "InvalidParameterException",
        ),
        (with("endTime", json!(1)), "InvalidParameterException"),
        (with("endTime", Json::Null), "InvalidParameterException"),
        (with("limit", json!(100_001)), "InvalidParameterException"),
        (
            with("queryLanguage", json!("SQL")),
            "InvalidParameterException",
        ),
        (with("queryString", Json::Null), "InvalidParameterException"),
    ] {
        let (status, body) = asked(&gateway, "StartQuery", input.clone()).await;
        assert_eq!(status, 400, "{input}");
        assert_eq!(body["__type"], format!("com.amazonaws#{code}"), "{input}");
    }
    let stray = json!({"queryId": "8f5e0c1a-0b1c-4d2e-9f3a-1b2c3d4e5f60"});
    let (_, body) = asked(&gateway, "GetQueryResults", stray).await;
    assert_eq!(body["__type"], "com.amazonaws#ResourceNotFoundException");
}

#[tokio::test(start_paused = true)]
async fn several_groups_are_searched_at_once() {
    let gateway = orders();
    put_into(&gateway, "/app/pay", "web", &[(-10, -5, "paid")]);
    let arn = format!("arn:aws:logs:eu-west-1:123456789012:log-group:{GROUP}");
    let mut input = query("stats count(*) as n by @log | sort n");
    input["logGroupName"] = Json::Null;
    input["logGroupIdentifiers"] = json!([arn, "/app/pay"]);
    let (status, body) = asked(&gateway, "StartQuery", input).await;
    assert_eq!(status, 200, "{body}");
    tokio::time::advance(Duration::from_secs(1)).await;
    let found = results(&gateway, body["queryId"].as_str().unwrap()).await;
    assert_eq!(found["statistics"]["logGroupsScanned"], json!(2.0));
    assert_eq!(
        values(&found, "@log"),
        ["123456789012:/app/pay", "123456789012:/app/orders"]
    );
    assert_eq!(values(&found, "n"), ["1", "10"]);
}
