//! What can be stopped and started, over the gateway: every service that keeps some of it.

mod databases;
mod groups;
mod instances;
mod services;

use std::time::Duration;

use serde_json::Value;

use super::{PROD, ask, cloudformation, in_json, noon, signed};
use crate::sandbox::{Clock, Gateway, Sandbox, Scenario};

const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_hours(24);
const REGION: &str = "eu-west-1";

const NIGHT: &str = r#"
    seed = 7
    [[account]]
    id = "123456789012"
    name = "prod"
    access_key = "123456789012"
    colour = "red"
    guard = "typed"
    regions = ["eu-west-1"]
    [[stack]]
    name = "orders-batch"
    blueprint = "batch"
    version = "v41"
    tags = { service = "orders" }
    [[work]]
    stack = "orders-batch"
    resource = "Nodes"
    sizes = [1, 3, 6]
    [[work]]
    stack = "orders-batch"
    resource = "ImportNodes"
    sizes = [2, 2, 2]
    [[work]]
    stack = "orders-batch"
    resource = "Service"
    tasks = 4
    scalable = [2, 8]
    [[work]]
    stack = "orders-batch"
    resource = "Bastion"
    stopped = true
    [[work]]
    stack = "orders-batch"
    resource = "Reports"
    alone = true
    [[stack]]
    name = "oddities"
    blueprint = "oddities"
    [blueprint.oddities]
    resources = ["Cache AWS::EC2::Instance", "Cheap AWS::EC2::Instance", "Archive AWS::RDS::DBCluster"]
    [[work]]
    stack = "oddities"
    resource = "Cache"
    instance = "instance-store"
    [[work]]
    stack = "oddities"
    resource = "Cheap"
    instance = "spot"
    [[work]]
    stack = "oddities"
    resource = "Archive"
    stopped = true
"#;

fn night() -> (Gateway, Clock) {
    let clock = Clock::manual(noon());
    let scenario = Scenario::parse(NIGHT).unwrap();
    (Sandbox::without_socket(&scenario, &clock), clock)
}

/// A request in the query protocol, answered well.
async fn told(gateway: &Gateway, service: &str, form: &str) -> String {
    let (status, body) = ask(gateway, signed(PROD, REGION, service, form)).await;
    assert_eq!(status, 200, "{form}: {body}");
    body
}

/// The status and the code of one that is refused, and what is said.
async fn refused(gateway: &Gateway, service: &str, form: &str) -> (u16, String, String) {
    let (status, body) = ask(gateway, signed(PROD, REGION, service, form)).await;
    assert_ne!(status, 200, "{form}: {body}");
    let part = |name| super::first(&body, name);
    (status, part("Code"), part("Message"))
}

/// A request in JSON.
async fn json(gateway: &Gateway, (service, target): (&str, &str), input: &Value) -> (u16, Value) {
    let request = in_json(PROD, REGION, (service, target), &input.to_string());
    let (status, body) = ask(gateway, request).await;
    (status, serde_json::from_str(&body).unwrap_or_default())
}

/// Everything that stands between `<name>` and its end.
fn every(xml: &str, name: &str) -> Vec<String> {
    let begin = format!("<{name}>");
    let parts = xml.split(&begin).skip(1);
    let end = format!("</{name}>");
    let inside = parts.filter_map(|part| Some(part.split_once(&end)?.0.to_owned()));
    inside.collect()
}

/// The physical id that CloudFormation tells of a resource.
async fn physical(gateway: &Gateway, stack: &str, logical: &str) -> String {
    let form =
        format!("Action=DescribeStackResource&StackName={stack}&LogicalResourceId={logical}");
    let (_, body) = ask(gateway, cloudformation(REGION, &form)).await;
    super::first(&body, "PhysicalResourceId")
}
