//! Global Accelerator over the gateway: what there is, in pages, and where it is asked.

mod changes;
mod health;

use std::time::Duration;

use serde_json::{Value, json};

use super::{PROD, gateway, in_json, noon};
use crate::sandbox::{Clock, Gateway, Sandbox, Scenario};

/// An accelerator on its own: two instances in one region, one in another.
const SMALL: &str = r#"
    seed = 1
    [pages]
    accelerators = 1
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

pub(super) async fn group(gateway: &Gateway, name: &str, region: &str) -> Value {
    let mut groups = groups(gateway, name).await.into_iter();
    groups
        .find(|one| one["EndpointGroupRegion"] == region)
        .unwrap()
}

pub(super) fn states(group: &Value) -> Vec<&str> {
    let endpoints = group["EndpointDescriptions"].as_array().unwrap().iter();
    endpoints
        .map(|endpoint| endpoint["HealthState"].as_str().unwrap())
        .collect()
}

const SECOND: Duration = Duration::from_secs(1);

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
    let group = group(&gateway, "small", "eu-west-1").await;
    let arn = group["EndpointGroupArn"].as_str().unwrap();
    let (listener, _) = arn.split_once("/endpoint-group/").unwrap();
    let input = json!({"ListenerArn": listener, "MaxResults": 100});
    let (_, pages) = all(&gateway, "ListEndpointGroups", "EndpointGroups", input).await;
    assert_eq!(pages, 2, "one group a page, whatever is asked for");
    let (other, _) = small();
    assert_eq!(
        groups(&gateway, "small").await,
        groups(&other, "small").await
    );
}
