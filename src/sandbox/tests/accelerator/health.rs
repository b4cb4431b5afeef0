//! How endpoints stand, and where flows go, while time passes.

use std::time::Duration;

use serde_json::json;

use super::super::{PROD, STAGING, functions, gateway, load_balancing, metrics};
use super::{SECOND, ask, ask_as, group, groups, small, states};
use crate::sandbox::{Clock, Gateway};

/// Seconds until the group looks as wanted.
async fn until(
    (gateway, clock): (&Gateway, &Clock),
    (name, region): (&str, &str),
    wanted: &[&str],
) -> i64 {
    for seconds in 0..4_000 {
        if states(&group(gateway, name, region).await) == wanted {
            return seconds;
        }
        clock.advance(SECOND);
    }
    panic!("never {wanted:?}");
}

#[tokio::test]
async fn an_instance_turns_when_the_groups_own_checks_have_run() {
    let (gateway, clock) = small();
    let place = ("small", "eu-west-1");
    clock.advance(600 * SECOND);
    let after = until((&gateway, &clock), place, &["UNHEALTHY", "HEALTHY"]).await;
    assert!(
        (20..=30).contains(&after),
        "three checks, ten seconds apart: {after}"
    );
    clock.advance(Duration::from_secs(
        1_800 - 600 - u64::try_from(after).unwrap() - 1,
    ));
    assert_eq!(
        states(&group(&gateway, "small", "eu-west-1").await),
        ["UNHEALTHY", "UNHEALTHY"]
    );
    let after = until((&gateway, &clock), place, &["HEALTHY", "HEALTHY"]).await;
    assert!((20..=32).contains(&after), "and back as slowly: {after}");
    let group = group(&gateway, "small", "eu-west-1").await;
    assert!(
        group["EndpointDescriptions"][0]
            .get("HealthReason")
            .is_none()
    );
}

/// The demo's story: a bad version, a target that says 503, a balancer without a healthy target, an endpoint.
#[tokio::test]
async fn a_bad_version_makes_the_endpoint_unhealthy_and_the_way_back_heals_it() {
    let (gateway, clock) = gateway("demo");
    let shop = ("shop", "eu-west-1");
    assert_eq!(
        states(&group(&gateway, "shop", "eu-west-1").await),
        ["UNHEALTHY"]
    );
    assert_eq!(
        states(&group(&gateway, "shop", "us-east-1").await),
        ["HEALTHY"]
    );
    let balancer = group(&gateway, "shop", "eu-west-1").await;
    let balancer = balancer["EndpointDescriptions"][0]["EndpointId"]
        .as_str()
        .unwrap();
    let health = load_balancing::health_of(&gateway, (PROD, "eu-west-1"), balancer).await;
    assert!(
        health.contains("<State>unhealthy</State><Reason>Target.ResponseCodeMismatch</Reason>")
    );
    assert!(health.contains("Health checks failed with these codes: [503]"));
    let function = format!("arn:aws:lambda:eu-west-1:{PROD}:function:checkout-api-Function:ACTIVE");
    assert_eq!(super::super::first(&health, "Id"), function);
    let uri = "/2015-03-31/functions/checkout-api-Function/aliases/ACTIVE";
    let back = functions::request("PUT", "eu-west-1", uri, r#"{"FunctionVersion":"18"}"#);
    assert_eq!(gateway.handle(back).await.unwrap().status(), 200);
    assert_eq!(
        states(&group(&gateway, "shop", "eu-west-1").await),
        ["UNHEALTHY"],
        "not at once"
    );
    let after = until((&gateway, &clock), shop, &["HEALTHY"]).await;
    assert!(
        (60..=100).contains(&after),
        "three checks, half a minute apart: {after}"
    );
}

#[tokio::test]
async fn a_platform_that_sheds_load_comes_and_goes() {
    let (gateway, clock) = gateway("demo");
    let place = ("gco-accelerator", "us-west-2");
    let both = (&gateway, &clock);
    let after = until(both, place, &["UNHEALTHY"]).await;
    assert!(
        (255..=280).contains(&after),
        "two checks after 240 seconds: {after}"
    );
    let back = after + until(both, place, &["HEALTHY"]).await;
    assert!(
        (600..=625).contains(&back),
        "three checks after 570: {back}"
    );
    let again = back + until(both, place, &["UNHEALTHY"]).await;
    assert_eq!(again, after + 1_500);
    let empty = group(&gateway, "gco-accelerator", "eu-central-1").await;
    assert_eq!(states(&empty), Vec::<&str>::new());
}

async fn flows(gateway: &Gateway, clock: &Clock, (name, region): (&str, Option<&str>)) -> f64 {
    let groups = groups(gateway, name).await;
    let arn = groups[0]["EndpointGroupArn"].as_str().unwrap();
    let parts: Vec<&str> = arn.split('/').collect();
    let pair = |name: &str, value: &str| json!({"Name": name, "Value": value});
    let mut dimensions = vec![pair("Accelerator", parts[1])];
    if let Some(region) = region {
        dimensions.push(pair("Listener", parts[3]));
        dimensions.push(pair("EndpointGroup", region));
    }
    let end = clock.now().timestamp() / 60 * 60 - 180;
    let input = json!({
        "Namespace": "AWS/GlobalAccelerator", "MetricName": "NewFlowCount", "Dimensions": dimensions,
        "StartTime": end - 240, "EndTime": end, "Period": 240, "Statistics": ["Sum"],
    });
    let (status, answer) = metrics::ask(gateway, "us-west-2", "GetMetricStatistics", &input).await;
    assert_eq!(status, 200, "{answer}");
    answer["Datapoints"][0]["Sum"].as_f64().unwrap_or(0.0)
}

#[tokio::test]
async fn flows_leave_what_is_unhealthy_and_follow_the_dial_once_it_is_deployed() {
    let (gateway, clock) = small();
    clock.advance(Duration::from_mins(8));
    let whole = flows(&gateway, &clock, ("small", None)).await;
    let ireland = flows(&gateway, &clock, ("small", Some("eu-west-1"))).await;
    let virginia = flows(&gateway, &clock, ("small", Some("us-east-1"))).await;
    assert!(
        ireland > 0.2 * whole && virginia > 0.2 * whole,
        "{ireland} {virginia}"
    );
    assert!((ireland + virginia - whole).abs() < 1e-6);
    // Both instances of Ireland are down from the fifteenth minute on.
    clock.advance(Duration::from_mins(17));
    let virginia = flows(&gateway, &clock, ("small", Some("us-east-1"))).await;
    assert!(flows(&gateway, &clock, ("small", Some("eu-west-1"))).await < 1.0);
    assert!(
        virginia > 0.8 * whole,
        "all of it goes to Virginia: {virginia} of {whole}"
    );
    clock.advance(Duration::from_mins(15));
    let arn = group(&gateway, "small", "us-east-1").await["EndpointGroupArn"].clone();
    let away = json!({"EndpointGroupArn": arn, "TrafficDialPercentage": 0});
    ask(&gateway, "UpdateEndpointGroup", &away).await;
    clock.advance(Duration::from_mins(10));
    assert!(flows(&gateway, &clock, ("small", Some("us-east-1"))).await < 1.0);
    assert!(flows(&gateway, &clock, ("small", Some("eu-west-1"))).await > 0.8 * whole);
}

#[tokio::test]
async fn where_nothing_is_healthy_every_group_says_so() {
    let (gateway, _) = gateway("demo");
    let (_, listed) = ask_as(&gateway, STAGING, "ListAccelerators", &json!({})).await;
    let names: Vec<&str> = listed["Accelerators"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["Name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["gco-accelerator", "reports-staging"]);
    let arn = &listed["Accelerators"][1]["AcceleratorArn"];
    let input = json!({"AcceleratorArn": arn});
    let (_, listeners) = ask_as(&gateway, STAGING, "ListListeners", &input).await;
    let input = json!({"ListenerArn": listeners["Listeners"][0]["ListenerArn"]});
    let (_, groups) = ask_as(&gateway, STAGING, "ListEndpointGroups", &input).await;
    for group in groups["EndpointGroups"].as_array().unwrap() {
        assert!(
            states(group).iter().all(|state| *state == "UNHEALTHY"),
            "{group}"
        );
    }
}
