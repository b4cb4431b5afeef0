//! The drill, from the bad release to the last alarm that returns: each part follows from the one before.

use std::time::Duration;

use serde_json::{Value, json};

use super::accelerator::{group, states};
use super::{PROD, functions, gateway, load_balancing, metrics};
use crate::sandbox::{Clock, Gateway};

const HERE: &str = "eu-west-1";
const API: &str = "/2015-03-31/functions/checkout-api-Function";
const SECOND: Duration = Duration::from_secs(1);

async fn endpoint(gateway: &Gateway, region: &str) -> String {
    states(&group(gateway, "shop", region).await).join(" ")
}

/// What alarms are ringing.
async fn ringing(gateway: &Gateway, region: &str) -> Vec<String> {
    let input = json!({"StateValue": "ALARM", "AlarmTypes": ["MetricAlarm", "CompositeAlarm"]});
    let (_, answer) = metrics::ask(gateway, region, "DescribeAlarms", &input).await;
    let all = ["MetricAlarms", "CompositeAlarms"].map(|kind| answer[kind].clone());
    let all = all.iter().filter_map(Value::as_array).flatten();
    all.map(|alarm| alarm["AlarmName"].as_str().unwrap().to_owned())
        .collect()
}

/// The functions' errors in each of the newest minutes of which anything is known, oldest first.
async fn errors(gateway: &Gateway, clock: &Clock, minutes: i64) -> Vec<f64> {
    let end = clock.now().timestamp() / 60 * 60;
    let queries = json!([metrics::query(
        "errors",
        "Errors",
        "Sum",
        Some("checkout-api-Function")
    )]);
    let input = json!({
        "StartTime": end - minutes * 60, "EndTime": end, "MetricDataQueries": queries,
        "ScanBy": "TimestampAscending",
    });
    let (_, answer) = metrics::ask(gateway, HERE, "GetMetricData", &input).await;
    let values = answer["MetricDataResults"][0]["Values"]
        .as_array()
        .unwrap()
        .clone();
    values.iter().filter_map(Value::as_f64).collect()
}

async fn lambda(gateway: &Gateway, method: &str, body: &str) -> (u16, Value) {
    let alias = format!("{API}/aliases/ACTIVE");
    let request = functions::request(method, HERE, &alias, body);
    let response = gateway.handle(request).await.unwrap();
    let body = serde_json::from_slice(response.body()).unwrap_or_default();
    (response.status().as_u16(), body)
}

/// Seconds until it is so.
async fn until(clock: &Clock, mut is_so: impl AsyncFnMut() -> bool) -> u64 {
    for seconds in 0..600 {
        if is_so().await {
            return seconds;
        }
        clock.advance(SECOND);
    }
    panic!("never");
}

#[tokio::test]
async fn pointing_active_back_in_ireland_heals_everything_that_the_bad_release_broke() {
    let (gateway, clock) = gateway("drill");
    // At the start the endpoint is already down, and only there.
    assert_eq!(endpoint(&gateway, HERE).await, "UNHEALTHY");
    for region in ["eu-central-1", "us-east-1", "ap-northeast-1"] {
        assert_eq!(endpoint(&gateway, region).await, "HEALTHY", "{region}");
    }
    let balancer = group(&gateway, "shop", HERE).await;
    let balancer = balancer["EndpointDescriptions"][0]["EndpointId"].clone();
    let balancer = balancer.as_str().unwrap();
    let health = load_balancing::health_of(&gateway, (PROD, HERE), balancer).await;
    assert!(health.contains("<State>unhealthy</State>"), "{health}");
    // Alarms go off within the first minute, and nowhere else.
    let rung = until(&clock, async || ringing(&gateway, HERE).await.len() == 3).await;
    assert!(rung <= 60, "{rung}");
    assert!(errors(&gateway, &clock, 2).await.iter().sum::<f64>() > 5.0);
    for region in ["eu-central-1", "us-east-1", "ap-northeast-1"] {
        assert!(ringing(&gateway, region).await.is_empty(), "{region}");
    }
    // The way back, for who knows the revision.
    let (_, active) = lambda(&gateway, "GET", "").await;
    assert_eq!(active["FunctionVersion"], "19");
    let back = json!({"FunctionVersion": "18", "RevisionId": active["RevisionId"]}).to_string();
    let (status, now) = lambda(&gateway, "PUT", &back).await;
    assert_eq!((status, &now["FunctionVersion"]), (200, &json!("18")));
    assert_eq!(
        lambda(&gateway, "PUT", &back).await.0,
        412,
        "the revision is used up"
    );
    // The endpoint follows its targets, and alarms follow the figures.
    let well = until(&clock, async || endpoint(&gateway, HERE).await == "HEALTHY").await;
    assert!((10..=40).contains(&well), "{well}");
    let health = load_balancing::health_of(&gateway, (PROD, HERE), balancer).await;
    assert!(health.contains("<State>healthy</State>"), "{health}");
    let quiet = well + until(&clock, async || ringing(&gateway, HERE).await.is_empty()).await;
    assert!(quiet <= 120, "{quiet}");
    clock.advance(180 * SECOND);
    let after = errors(&gateway, &clock, 3).await;
    assert!(
        after.len() >= 2 && after.iter().sum::<f64>() < 1.0,
        "{after:?}"
    );
    assert!(ringing(&gateway, HERE).await.is_empty());
    assert_eq!(endpoint(&gateway, HERE).await, "HEALTHY");
}

#[tokio::test]
async fn whoever_does_nothing_stays_in_trouble() {
    let (gateway, clock) = gateway("drill");
    clock.advance(1_800 * SECOND);
    assert_eq!(endpoint(&gateway, HERE).await, "UNHEALTHY");
    assert_eq!(ringing(&gateway, HERE).await.len(), 3);
}
