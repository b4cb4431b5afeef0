//! CloudWatch's metrics and alarms over the gateway.

use std::time::Duration;

use bytes::Bytes;
use hyper::Request;
use serde_json::{Value, json};

use super::{PROD, gateway, noon};
use crate::sandbox::{Clock, Gateway, Sandbox, Scenario};

const API: &str = "checkout-api-Function";

fn request(region: &str, operation: &str, input: &Value) -> Request<Bytes> {
    Request::builder()
        .method("POST")
        .uri("/")
        .header("host", "127.0.0.1")
        .header("content-type", "application/x-amz-json-1.0")
        .header(
            "x-amz-target",
            format!("GraniteServiceVersion20100801.{operation}"),
        )
        .header(
            "authorization",
            format!(
                "AWS4-HMAC-SHA256 Credential={PROD}/20251120/{region}/monitoring/aws4_request, \
                 SignedHeaders=host;x-amz-date, Signature=00"
            ),
        )
        .body(Bytes::from(input.to_string()))
        .unwrap()
}

pub(super) async fn ask(
    gateway: &Gateway,
    region: &str,
    operation: &str,
    input: &Value,
) -> (u16, Value) {
    let response = gateway
        .handle(request(region, operation, input))
        .await
        .unwrap();
    let body = serde_json::from_slice(response.body()).unwrap_or(Value::Null);
    (response.status().as_u16(), body)
}

pub(super) fn query(id: &str, name: &str, statistic: &str, function: Option<&str>) -> Value {
    let dimensions: Vec<Value> = function
        .iter()
        .map(|function| json!({"Name": "FunctionName", "Value": function}))
        .collect();
    json!({"Id": id, "MetricStat": {
        "Metric": {"Namespace": "AWS/Lambda", "MetricName": name, "Dimensions": dimensions},
        "Period": 60, "Stat": statistic,
    }})
}

/// `minutes` that ended some minutes ago, so that all of them are there.
fn window(clock: &Clock, minutes: i64, queries: &Value) -> Value {
    let end = clock.now().timestamp() / 60 * 60 - 240;
    json!({"StartTime": end - minutes * 60, "EndTime": end, "MetricDataQueries": queries})
}

pub(super) fn sum(values: &Value) -> f64 {
    let values = values.as_array().unwrap().iter();
    values.filter_map(Value::as_f64).sum()
}

#[tokio::test]
async fn the_bill_counts_metrics_and_not_points_or_statistics() {
    let (gateway, clock) = gateway("demo");
    let mut queries: Vec<Value> = ["Average", "p50", "p95", "p99", "Maximum"]
        .iter()
        .enumerate()
        .map(|(place, statistic)| query(&format!("d{place}"), "Duration", statistic, Some(API)))
        .collect();
    queries.push(query("errors", "Errors", "Sum", Some(API)));
    let input = window(&clock, 180, &queries.clone().into());
    assert_eq!(
        ask(&gateway, "us-east-1", "GetMetricData", &input).await.0,
        200
    );
    assert_eq!(
        gateway.bill().metrics,
        2,
        "five statistics of a metric are one"
    );
    queries.push(query("d9", "Duration", "p10", Some(API)));
    let input = window(&clock, 180, &queries.into());
    ask(&gateway, "us-east-1", "GetMetricData", &input).await;
    assert_eq!(gateway.bill().metrics, 5, "and the sixth is another");
    let wrong = window(&clock, -1, &json!([query("errors", "Errors", "Sum", None)]));
    assert_eq!(
        ask(&gateway, "us-east-1", "GetMetricData", &wrong).await.0,
        400
    );
    let bill = gateway.bill();
    assert_eq!(
        (bill.calls("GetMetricData"), bill.metrics),
        (2, 5),
        "refusals are free"
    );
    assert!((bill.metric_dollars() - 0.000_05).abs() < 1e-12);
}

#[tokio::test]
async fn a_page_ends_where_it_is_full_and_the_next_goes_on_although_time_does_too() {
    let (gateway, clock) = gateway("demo");
    let queries = json!([
        query("a", "Errors", "Sum", None),
        query("b", "Duration", "p99", None)
    ]);
    let end = clock.now().timestamp();
    let mut input = json!({
        "StartTime": end - 1_800, "EndTime": end, "MetricDataQueries": queries, "MaxDatapoints": 20,
    });
    let mut times: Vec<(String, i64)> = Vec::new();
    let mut pages = 0;
    loop {
        let (status, answer) = ask(&gateway, "us-east-1", "GetMetricData", &input).await;
        assert_eq!(status, 200, "{answer}");
        pages += 1;
        for result in answer["MetricDataResults"].as_array().unwrap() {
            let id = result["Id"].as_str().unwrap();
            let own = result["Timestamps"].as_array().unwrap().iter();
            times.extend(own.map(|at| (id.to_owned(), at.as_i64().unwrap())));
        }
        let Some(token) = answer["NextToken"].as_str() else {
            break;
        };
        input["NextToken"] = token.into();
        clock.advance(Duration::from_secs(45));
    }
    assert!(pages >= 3);
    for id in ["a", "b"] {
        let own: Vec<i64> = times
            .iter()
            .filter(|(of, _)| of == id)
            .map(|(_, at)| *at)
            .collect();
        assert!(own.len() >= 27, "{id}: {}", own.len());
        assert!(
            own.windows(2).all(|pair| pair[1] == pair[0] - 60),
            "{id}: nothing twice, no gap"
        );
    }
}

#[tokio::test]
async fn points_count_from_the_start_asked_for_less_its_seconds() {
    let (gateway, clock) = gateway("demo");
    let start = clock.now().timestamp() - 7_200 + 7 * 60;
    let mut queries = json!([query("a", "Invocations", "Sum", None)]);
    queries[0]["MetricStat"]["Period"] = json!(600);
    let input = json!({
        "StartTime": start + 40, "EndTime": start + 1_240, "MetricDataQueries": queries,
        "ScanBy": "TimestampAscending",
    });
    let (_, answer) = ask(&gateway, "us-east-1", "GetMetricData", &input).await;
    let times = &answer["MetricDataResults"][0]["Timestamps"];
    assert_eq!(times, &json!([start, start + 600]));
}

#[tokio::test]
async fn a_rate_of_errors_is_computed_where_there_are_calls() {
    let (gateway, clock) = gateway("demo");
    let hidden = |id: &str, name: &str| {
        let mut query = query(id, name, "Sum", Some(API));
        query["ReturnData"] = json!(false);
        query
    };
    let queries = json!([
        {"Id": "rate", "Expression": "errors / calls * 100", "Label": "error rate"},
        hidden("errors", "Errors"),
        hidden("calls", "Invocations"),
    ]);
    let (_, answer) = ask(
        &gateway,
        "eu-west-1",
        "GetMetricData",
        &window(&clock, 10, &queries),
    )
    .await;
    let results = answer["MetricDataResults"].as_array().unwrap();
    assert_eq!(
        (results.len(), &results[0]["Label"]),
        (1, &json!("error rate"))
    );
    let mean = sum(&results[0]["Values"]) / 10.0;
    assert!((33.0..50.0).contains(&mean), "{mean}");
}

#[tokio::test]
async fn pointing_active_back_is_seen_in_the_metrics_and_the_alarm() {
    let (gateway, clock) = gateway("demo");
    let errors = || json!([query("errors", "Errors", "Sum", Some(API))]);
    let alarm = json!({"AlarmNames": ["checkout-api-errors-eu-west-1"]});
    let state = async || {
        let (_, answer) = ask(&gateway, "eu-west-1", "DescribeAlarms", &alarm).await;
        answer["MetricAlarms"][0]["StateValue"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let failing = async || {
        let input = window(&clock, 10, &errors());
        let (_, answer) = ask(&gateway, "eu-west-1", "GetMetricData", &input).await;
        sum(&answer["MetricDataResults"][0]["Values"])
    };
    assert!(failing().await > 50.0);
    assert_eq!(state().await, "ALARM");
    let back = super::functions::request(
        "PUT",
        "eu-west-1",
        &format!("/2015-03-31/functions/{API}/aliases/ACTIVE"),
        r#"{"FunctionVersion":"18"}"#,
    );
    assert_eq!(gateway.handle(back).await.unwrap().status(), 200);
    clock.advance(Duration::from_mins(20));
    assert!(failing().await < 20.0, "{}", failing().await);
    assert_eq!(state().await, "OK");
}

#[tokio::test]
async fn a_second_has_room_for_nine_descriptions_of_alarms() {
    let (gateway, clock) = gateway("demo");
    let mut codes = Vec::new();
    for _ in 0..12 {
        let (status, body) = ask(&gateway, "us-east-1", "DescribeAlarms", &json!({})).await;
        codes.push((status, body["__type"].as_str().map(str::to_owned)));
    }
    let throttled = Some("com.amazonaws#ThrottlingException".to_owned());
    assert_eq!(codes.iter().filter(|(status, _)| *status == 200).count(), 9);
    assert_eq!(codes[11], (400, throttled));
    clock.advance(Duration::from_secs(1));
    assert_eq!(
        ask(&gateway, "us-east-1", "DescribeAlarms", &json!({}))
            .await
            .0,
        200
    );
    assert_eq!(gateway.bill().calls("DescribeAlarms"), 10);
}

#[tokio::test]
async fn an_hour_of_seventeen_regions_is_counted_as_it_is_asked() {
    let clock = Clock::manual(noon());
    let gateway = Sandbox::without_socket(&Scenario::grid(17, 100), &clock);
    let queries = |functions: &[&str]| -> Value {
        let all = functions.iter().enumerate();
        all.map(|(place, name)| query(&format!("m{place}"), name, "Sum", None))
            .collect()
    };
    let five = queries(&[
        "Invocations",
        "Errors",
        "Throttles",
        "Duration",
        "ConcurrentExecutions",
    ]);
    for region in ["us-east-1", "eu-west-3", "sa-east-1"] {
        let (status, answer) =
            ask(&gateway, region, "GetMetricData", &window(&clock, 5, &five)).await;
        assert_eq!(status, 200, "{answer}");
        for result in answer["MetricDataResults"].as_array().unwrap() {
            assert_eq!(
                result["Values"].as_array().unwrap().len(),
                5,
                "{region}: {result}"
            );
        }
    }
    assert_eq!(
        (
            gateway.bill().calls("GetMetricData"),
            gateway.bill().metrics
        ),
        (3, 15)
    );
}
