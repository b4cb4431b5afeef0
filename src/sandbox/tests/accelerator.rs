//! Global Accelerator over the gateway: what it answers, and what follows from what over time.

use std::time::Duration;

use serde_json::{Value, json};

use super::{PROD, STAGING, functions, gateway, in_json, load_balancing, metrics, noon};
use crate::sandbox::{Clock, Gateway, Sandbox, Scenario};

/// An accelerator on its own: two instances in one region, one in another.
const SMALL: &str = r#"
    seed = 1
    [pages]
    accelerators = 3
    [[account]]
    id = "123456789012"
    name = "prod"
    access_key = "123456789012"
    colour = "red"
    guard = "typed"
    regions = ["us-west-2", "eu-west-1", "us-east-1"]
    [[accelerator]]
    name = "small"
    flows = 10000.0
    deploys_in = 30
    [[accelerator.listener]]
    ports = [443]
    [[accelerator.listener.group]]
    regions = ["eu-west-1"]
    check = { every = 10, threshold = 3 }
    endpoint = [{ instance = "one" }, { instance = "two" }]
    [[accelerator.listener.group]]
    regions = ["us-east-1"]
    endpoint = [{ elastic_ip = "three" }]
    [[outage]]
    instance = "one"
    kind = "timeout"
    first = 600
    lasts = 1200
    [[outage]]
    instance = "two"
    kind = "refused"
    first = 900
    lasts = 900
"#;

fn small() -> (Gateway, Clock) {
    let clock = Clock::manual(noon());
    let scenario = Scenario::parse(SMALL).unwrap();
    (Sandbox::without_socket(&scenario, &clock), clock)
}

async fn ask_as(gateway: &Gateway, key: &str, operation: &str, input: &Value) -> (u16, Value) {
    let target = format!("GlobalAccelerator_V20180706.{operation}");
    let service = ("globalaccelerator", target.as_str());
    let request = in_json(key, "us-west-2", service, &input.to_string());
    let response = gateway.handle(request).await.unwrap();
    let body = serde_json::from_slice(response.body()).unwrap_or(Value::Null);
    (response.status().as_u16(), body)
}

async fn ask(gateway: &Gateway, operation: &str, input: &Value) -> Value {
    let (status, body) = ask_as(gateway, PROD, operation, input).await;
    assert_eq!(status, 200, "{operation} {input}: {body}");
    body
}

/// The code of a refusal.
async fn refused(gateway: &Gateway, operation: &str, input: &Value) -> String {
    let (status, body) = ask_as(gateway, PROD, operation, input).await;
    assert_eq!(status, 400, "{operation} {input}: {body}");
    assert_eq!(body["Message"], body["message"], "{body}");
    let code = body["__type"].as_str().unwrap();
    code.rsplit('#').next().unwrap().to_owned()
}

/// All the pages of a list.
async fn all(gateway: &Gateway, operation: &str, key: &str, input: Value) -> (Vec<Value>, usize) {
    let (mut input, mut items, mut pages) = (input, Vec::new(), 0);
    loop {
        let answer = ask(gateway, operation, &input).await;
        items.extend(answer[key].as_array().unwrap().iter().cloned());
        pages += 1;
        match &answer["NextToken"] {
            Value::Null => return (items, pages),
            token => input["NextToken"] = token.clone(),
        }
    }
}

async fn named(gateway: &Gateway, name: &str) -> Value {
    let (all, _) = all(gateway, "ListAccelerators", "Accelerators", json!({})).await;
    all.into_iter().find(|one| one["Name"] == name).unwrap()
}

/// The groups of an accelerator's first listener.
async fn groups(gateway: &Gateway, name: &str) -> Vec<Value> {
    let accelerator = named(gateway, name).await;
    let input = json!({"AcceleratorArn": accelerator["AcceleratorArn"]});
    let (listeners, _) = all(gateway, "ListListeners", "Listeners", input).await;
    let input = json!({"ListenerArn": listeners[0]["ListenerArn"]});
    all(gateway, "ListEndpointGroups", "EndpointGroups", input)
        .await
        .0
}

async fn group(gateway: &Gateway, name: &str, region: &str) -> Value {
    let mut groups = groups(gateway, name).await.into_iter();
    groups
        .find(|one| one["EndpointGroupRegion"] == region)
        .unwrap()
}

fn states(group: &Value) -> Vec<&str> {
    let endpoints = group["EndpointDescriptions"].as_array().unwrap().iter();
    endpoints
        .map(|endpoint| endpoint["HealthState"].as_str().unwrap())
        .collect()
}

const SECOND: Duration = Duration::from_secs(1);

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

#[tokio::test]
async fn a_change_is_in_progress_for_a_while_and_nobody_makes_another_meanwhile() {
    let (gateway, clock) = small();
    let before = group(&gateway, "small", "eu-west-1").await;
    let arn = before["EndpointGroupArn"].as_str().unwrap();
    let turn = json!({"EndpointGroupArn": arn, "TrafficDialPercentage": 12.5});
    let after = ask(&gateway, "UpdateEndpointGroup", &turn).await["EndpointGroup"].clone();
    assert_eq!(after["TrafficDialPercentage"], json!(12.5));
    assert_eq!(
        after["EndpointDescriptions"], before["EndpointDescriptions"],
        "the rest stays"
    );
    let accelerator = named(&gateway, "small").await;
    assert_eq!(accelerator["Status"], "IN_PROGRESS");
    let this = json!({"AcceleratorArn": accelerator["AcceleratorArn"], "Enabled": false});
    let one = json!({"EndpointGroupArn": arn, "EndpointIdentifiers": [
        {"EndpointId": before["EndpointDescriptions"][0]["EndpointId"]},
    ]});
    let another =
        json!({"EndpointGroupArn": arn, "EndpointConfigurations": [{"EndpointId": "i-0abc"}]});
    for (operation, input) in [
        ("UpdateEndpointGroup", &turn),
        ("UpdateAccelerator", &this),
        ("RemoveEndpoints", &one),
        ("AddEndpoints", &another),
    ] {
        assert_eq!(
            refused(&gateway, operation, input).await,
            "TransactionInProgressException"
        );
    }
    clock.advance(29 * SECOND);
    assert_eq!(named(&gateway, "small").await["Status"], "IN_PROGRESS");
    clock.advance(SECOND);
    assert_eq!(named(&gateway, "small").await["Status"], "DEPLOYED");
    ask(&gateway, "RemoveEndpoints", &one).await;
    clock.advance(30 * SECOND);
    ask(&gateway, "AddEndpoints", &another).await;
    let now = group(&gateway, "small", "eu-west-1").await;
    assert_eq!(
        states(&now),
        ["HEALTHY", "INITIAL"],
        "the new one is still to be looked at"
    );
    clock.advance(60 * SECOND);
    assert_eq!(
        states(&group(&gateway, "small", "eu-west-1").await),
        ["HEALTHY", "HEALTHY"]
    );
    ask(&gateway, "UpdateAccelerator", &this).await;
    let accelerator = named(&gateway, "small").await;
    assert_eq!(accelerator["Enabled"], false);
    assert_eq!(
        accelerator["Events"][0]["Message"],
        "Disabled the accelerator"
    );
}

#[tokio::test]
async fn what_is_no_accelerator_group_or_page_is_refused_in_awss_words() {
    let (gateway, _) = small();
    let group = group(&gateway, "small", "eu-west-1").await;
    let own = group["EndpointGroupArn"].clone();
    let none = format!("arn:aws:globalaccelerator::{PROD}:accelerator/none");
    let update = |key: &str, value: Value| json!({"EndpointGroupArn": own, key: value});
    let balancer = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/none/1";
    let stranger = "arn:aws:elasticloadbalancing:eu-west-1:999999999999:loadbalancer/app/none/1";
    let add = |id: &str| update("EndpointConfigurations", json!([{"EndpointId": id}]));
    let many: Vec<Value> = (0..11)
        .map(|n| json!({"EndpointId": format!("i-{n}")}))
        .collect();
    for (operation, input, code) in [
        (
            "DescribeAccelerator",
            json!({"AcceleratorArn": none}),
            "AcceleratorNotFoundException",
        ),
        (
            "DescribeAccelerator",
            json!({"AcceleratorArn": "small"}),
            "InvalidArgumentException",
        ),
        (
            "ListListeners",
            json!({"AcceleratorArn": none}),
            "AcceleratorNotFoundException",
        ),
        (
            "ListEndpointGroups",
            json!({"ListenerArn": none}),
            "ListenerNotFoundException",
        ),
        (
            "DescribeEndpointGroup",
            json!({"EndpointGroupArn": none}),
            "EndpointGroupNotFoundException",
        ),
        (
            "ListAccelerators",
            json!({"MaxResults": 101}),
            "InvalidArgumentException",
        ),
        (
            "ListAccelerators",
            json!({"NextToken": "x"}),
            "InvalidNextTokenException",
        ),
        (
            "UpdateEndpointGroup",
            update("TrafficDialPercentage", json!(101)),
            "InvalidArgumentException",
        ),
        (
            "UpdateEndpointGroup",
            update("HealthCheckIntervalSeconds", json!(20)),
            "InvalidArgumentException",
        ),
        (
            "UpdateEndpointGroup",
            update("HealthCheckPath", json!("health")),
            "InvalidArgumentException",
        ),
        ("AddEndpoints", add(balancer), "InvalidArgumentException"),
        ("AddEndpoints", add(stranger), "AccessDeniedException"),
        (
            "AddEndpoints",
            update("EndpointConfigurations", many.into()),
            "LimitExceededException",
        ),
        (
            "ListTagsForResource",
            json!({"ResourceArn": none}),
            "AcceleratorNotFoundException",
        ),
    ] {
        assert_eq!(
            refused(&gateway, operation, &input).await,
            code,
            "{operation} {input}"
        );
    }
}

#[tokio::test]
async fn there_is_one_region_to_ask_and_the_others_say_so() {
    let (gateway, _) = gateway("demo");
    let target = (
        "globalaccelerator",
        "GlobalAccelerator_V20180706.ListAccelerators",
    );
    let request = in_json(PROD, "eu-west-1", target, "{}");
    let response = gateway.handle(request).await.unwrap();
    let body = super::text(&response);
    assert!(
        response.status() == 400 && body.contains("valid region, not 'eu-west-1'"),
        "{body}"
    );
}

#[tokio::test]
async fn what_cloudformation_lists_is_what_global_accelerator_answers() {
    let (gateway, _) = gateway("demo");
    let form = "Action=ListStackResources&StackName=gco-global";
    let (_, xml) = super::ask(&gateway, super::cloudformation("us-east-1", form)).await;
    let accelerator = named(&gateway, "gco-accelerator").await;
    let mut arns = vec![accelerator["AcceleratorArn"].clone()];
    let groups = groups(&gateway, "gco-accelerator").await;
    arns.extend(groups.iter().map(|group| group["EndpointGroupArn"].clone()));
    assert_eq!(arns.len(), 5);
    for arn in arns {
        assert!(xml.contains(arn.as_str().unwrap()), "{arn} is not in {xml}");
    }
    let form = "Action=DescribeStacks&StackName=gco-global";
    let (_, xml) = super::ask(&gateway, super::cloudformation("us-east-1", form)).await;
    for member in ["AcceleratorArn", "DnsName"] {
        assert!(
            xml.contains(accelerator[member].as_str().unwrap()),
            "{member}"
        );
    }
    let form = "Action=ListStackResources&StackName=checkout-edge";
    let (_, xml) = super::ask(&gateway, super::cloudformation("eu-west-1", form)).await;
    let group = group(&gateway, "shop", "eu-west-1").await;
    let balancer = group["EndpointDescriptions"][0]["EndpointId"]
        .as_str()
        .unwrap();
    assert!(xml.contains(balancer));
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
    assert_eq!(super::first(&health, "Id"), function);
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
async fn where_nothing_is_healthy_flows_stay_where_they_are() {
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

#[tokio::test]
async fn another_accounts_balancer_is_let_in_by_an_attachment_only() {
    let (gateway, clock) = gateway("demo");
    let canary = group(&gateway, "canary", "us-east-1").await;
    assert_eq!(states(&canary), ["HEALTHY", "HEALTHY"]);
    let theirs = &canary["EndpointDescriptions"][1]["EndpointId"];
    assert!(theirs.as_str().unwrap().contains(STAGING));
    let owner = json!({"ResourceOwnerAwsAccountId": STAGING});
    let shared = ask(&gateway, "ListCrossAccountResources", &owner).await;
    let shared = &shared["CrossAccountResources"][0];
    assert_eq!(&shared["EndpointId"], theirs);
    let owners = ask(&gateway, "ListCrossAccountResourceAccounts", &json!({})).await;
    assert_eq!(owners["ResourceOwnerAwsAccountIds"], json!([STAGING]));
    let arn = &canary["EndpointGroupArn"];
    let gone = json!({"EndpointGroupArn": arn, "EndpointIdentifiers": [{"EndpointId": theirs}]});
    ask(&gateway, "RemoveEndpoints", &gone).await;
    clock.advance(10 * SECOND);
    let mut back =
        json!({"EndpointGroupArn": arn, "EndpointConfigurations": [{"EndpointId": theirs}]});
    assert_eq!(
        refused(&gateway, "AddEndpoints", &back).await,
        "AccessDeniedException"
    );
    back["EndpointConfigurations"][0]["AttachmentArn"] = shared["AttachmentArn"].clone();
    ask(&gateway, "AddEndpoints", &back).await;
}

#[tokio::test]
async fn custom_routing_and_addresses_of_the_sixth_version_are_told_apart() {
    let (gateway, _) = gateway("demo");
    let custom = ask(&gateway, "ListCustomRoutingAccelerators", &json!({})).await;
    let custom = &custom["Accelerators"][0];
    assert_eq!(custom["Name"], "game-sessions");
    let arn = json!({"AcceleratorArn": custom["AcceleratorArn"]});
    assert_eq!(
        refused(&gateway, "DescribeAccelerator", &arn).await,
        "AcceleratorNotFoundException"
    );
    let listeners = ask(&gateway, "ListCustomRoutingListeners", &arn).await;
    let arn = json!({"ListenerArn": listeners["Listeners"][0]["ListenerArn"]});
    let groups = ask(&gateway, "ListCustomRoutingEndpointGroups", &arn).await;
    let endpoint = &groups["EndpointGroups"][0]["EndpointDescriptions"][0]["EndpointId"];
    assert!(endpoint.as_str().unwrap().starts_with("subnet-"));
    let media = named(&gateway, "media").await;
    assert_eq!(media["IpAddressType"], "DUAL_STACK");
    assert_eq!(media["IpSets"][1]["IpAddressFamily"], "IPv6");
    assert!(
        media["DualStackDnsName"]
            .as_str()
            .unwrap()
            .contains(".dualstack.")
    );
}

#[tokio::test]
async fn a_thousand_endpoints_come_in_pages_each_once() {
    let clock = Clock::manual(noon());
    let gateway = Sandbox::without_socket(&Scenario::accelerators(10, 10, 10, 2), &clock);
    let input = json!({"MaxResults": 4});
    let (accelerators, pages) = all(&gateway, "ListAccelerators", "Accelerators", input).await;
    assert_eq!((accelerators.len(), pages), (10, 3));
    let mut seen = std::collections::BTreeSet::new();
    let mut endpoints = 0;
    for accelerator in accelerators {
        let input = json!({"AcceleratorArn": accelerator["AcceleratorArn"]});
        let (listeners, pages) = all(&gateway, "ListListeners", "Listeners", input).await;
        assert_eq!((listeners.len(), pages), (10, 1), "ten are a page");
        let input = json!({"ListenerArn": listeners[9]["ListenerArn"], "MaxResults": 3});
        let (groups, pages) = all(&gateway, "ListEndpointGroups", "EndpointGroups", input).await;
        assert_eq!((groups.len(), pages), (10, 4));
        endpoints += groups
            .iter()
            .map(|group| states(group).len())
            .sum::<usize>();
        seen.extend(
            groups
                .iter()
                .map(|group| group["EndpointGroupArn"].to_string()),
        );
    }
    assert_eq!((seen.len(), endpoints), (100, 200));
}

#[tokio::test]
async fn the_scenarios_page_size_is_kept_and_its_whole_world_is_alike_twice() {
    let (gateway, _) = small();
    let input = json!({"AcceleratorArn": named(&gateway, "small").await["AcceleratorArn"]});
    assert_eq!(
        all(&gateway, "ListListeners", "Listeners", input).await.1,
        1
    );
    let (other, _) = small();
    assert_eq!(
        groups(&gateway, "small").await,
        groups(&other, "small").await
    );
}
