//! Deploying through CloudFormation: change sets, updates, and what becomes of those that fail.

mod backwards;
mod change_sets;
mod failures;
mod stacks;

use std::fmt::Write as _;
use std::time::Duration;

use super::{Clock, Gateway, STAGING, ask, cloudformation, first, functions, noon, signed};
use crate::sandbox::{FailingUpdate, Sandbox, Scenario};

const HOME: &str = "eu-west-1";

/// A world with one small stack of which everything is known.
const WORLD: &str = r#"
seed = 7
[[account]]
id = "123456789012"
name = "prod"
access_key = "123456789012"
colour = "red"
guard = "typed"
regions = ["eu-west-1", "us-west-2"]
[blueprint.shop]
description = "A shop."
capabilities = ["CAPABILITY_IAM"]
resources = ["Role AWS::IAM::Role", "Function AWS::Lambda::Function", "Table AWS::DynamoDB::Table"]
parameters = { Stage = "prod", ImageTag = "{version}" }
secrets = ["Key"]
outputs = { Version = "{version}" }
exports = { Version = "{stack}-version" }
[blueprint.user]
resources = ["Queue AWS::SQS::Queue"]
imports = ["shop-version"]
[blueprint.spare]
resources = ["Queue AWS::SQS::Queue"]
[[stack]]
name = "shop"
blueprint = "shop"
version = "v1"
tags = { team = "shop" }
[[stack]]
name = "user"
blueprint = "user"
version = "v1"
[[stack]]
name = "guarded"
blueprint = "spare"
protected = true
"#;

fn world(more: &str) -> (Gateway, Clock) {
    let clock = Clock::manual(noon());
    let scenario = Scenario::parse(&format!("{WORLD}\n{more}")).unwrap();
    (Sandbox::without_socket(&scenario, &clock), clock)
}

/// A template of the shop with what is said about its function and after its table.
fn template(memory: u32, table: &str, more: &str) -> String {
    format!(
        r#"{{"Description": "A shop.",
 "Parameters": {{"Stage": {{"Type": "String", "AllowedValues": ["prod", "test"]}},
                 "ImageTag": {{"Type": "String"}}, "Key": {{"Type": "String", "NoEcho": true}}}},
 "Resources": {{
  "Role": {{"Type": "AWS::IAM::Role"}},
  "Function": {{"Type": "AWS::Lambda::Function", "Properties": {{"MemorySize": {memory},
    "Handler": "bootstrap", "Runtime": "provided.al2023",
    "Code": {{"S3Bucket": "artifacts", "S3Key": {{"Fn::Sub": "${{ImageTag}}/bootstrap.zip"}}}}}}}},
  "Table": {{"Type": "AWS::DynamoDB::Table"{table}}}{more}}},
 "Outputs": {{"Version": {{"Value": {{"Ref": "ImageTag"}}, "Export": {{"Name": {{"Fn::Sub": "${{AWS::StackName}}-version"}}}}}},
              "Table": {{"Value": {{"Ref": "Table"}}}}}}}}"#
    )
}

/// Parameters as they were, but for the tag of the image.
fn parameters(tag: &str) -> Vec<(String, String)> {
    let mut form = Vec::new();
    for (place, (key, value)) in [("Stage", None), ("ImageTag", Some(tag)), ("Key", None)]
        .into_iter()
        .enumerate()
    {
        let prefix = format!("Parameters.member.{}", place + 1);
        form.push((format!("{prefix}.ParameterKey"), key.to_owned()));
        form.push(match value {
            Some(value) => (format!("{prefix}.ParameterValue"), value.to_owned()),
            None => (format!("{prefix}.UsePreviousValue"), "true".to_owned()),
        });
    }
    form.push((
        "Capabilities.member.1".to_owned(),
        "CAPABILITY_NAMED_IAM".to_owned(),
    ));
    form
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// Status and body of an operation with these members.
async fn call(
    gateway: &Gateway,
    operation: &str,
    members: &[(&str, &str)],
    more: &[(String, String)],
) -> (u16, String) {
    let mut form = format!("Action={operation}");
    let more = more
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()));
    for (key, value) in members.iter().copied().chain(more) {
        let _ = write!(form, "&{key}={}", encoded(value));
    }
    ask(gateway, cloudformation(HOME, &form)).await
}

/// As [`call`], and it has to succeed.
async fn done(gateway: &Gateway, operation: &str, members: &[(&str, &str)]) -> String {
    let (status, body) = call(gateway, operation, members, &[]).await;
    assert_eq!(status, 200, "{operation}: {body}");
    body
}

/// As [`call`], and it has to fail: code and message.
async fn refused(
    gateway: &Gateway,
    operation: &str,
    members: &[(&str, &str)],
    more: &[(String, String)],
) -> (String, String) {
    let (status, body) = call(gateway, operation, members, more).await;
    assert!(status >= 400, "{operation} succeeded: {body}");
    (first(&body, "Code"), first(&body, "Message"))
}

async fn propose(gateway: &Gateway, name: &str, body: &str, tag: &str) -> (u16, String) {
    let members = [
        ("StackName", "shop"),
        ("ChangeSetName", name),
        ("TemplateBody", body),
    ];
    call(gateway, "CreateChangeSet", &members, &parameters(tag)).await
}

/// Makes a change set of the shop and waits until it is made: what it says of itself.
async fn proposed(gateway: &Gateway, clock: &Clock, name: &str, body: &str, tag: &str) -> String {
    let (status, said) = propose(gateway, name, body, tag).await;
    assert_eq!(status, 200, "{said}");
    clock.advance(Duration::from_secs(2));
    let members = [("StackName", "shop"), ("ChangeSetName", name)];
    done(gateway, "DescribeChangeSet", &members).await
}

async fn execute(gateway: &Gateway, name: &str, more: &[(&str, &str)]) {
    let mut members = vec![("StackName", "shop"), ("ChangeSetName", name)];
    members.extend(more);
    done(gateway, "ExecuteChangeSet", &members).await;
}

async fn status(gateway: &Gateway, stack: &str) -> String {
    let body = done(gateway, "DescribeStacks", &[("StackName", stack)]).await;
    first(&body, "StackStatus")
}

/// The statuses that a stack goes through until it rests, each once.
async fn course(gateway: &Gateway, clock: &Clock, stack: &str) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for _ in 0..200 {
        let now = status(gateway, stack).await;
        if seen.last() != Some(&now) {
            seen.push(now.clone());
        }
        if !now.ends_with("_IN_PROGRESS") {
            return seen;
        }
        clock.advance(Duration::from_millis(250));
    }
    panic!("{stack} never rests: {seen:?}");
}

/// `Logical STATUS reason` of every event, oldest first.
async fn events(gateway: &Gateway, stack: &str) -> Vec<String> {
    let body = done(gateway, "DescribeStackEvents", &[("StackName", stack)]).await;
    let mut events: Vec<String> = body
        .split("<EventId>")
        .skip(1)
        .map(|event| {
            let of = |name| first(event, name);
            let words = [
                of("LogicalResourceId"),
                of("ResourceStatus"),
                of("ResourceStatusReason"),
            ];
            words.join(" ").trim_end().to_owned()
        })
        .collect();
    events.reverse();
    events
}

fn failing(resource: Option<&str>) -> FailingUpdate {
    FailingUpdate {
        stack: "shop".to_owned(),
        accounts: Vec::new(),
        regions: Vec::new(),
        resource: resource.map(str::to_owned),
        reason: "Out of luck.".to_owned(),
        times: 1,
        rollback_fails: None,
        stubborn: false,
    }
}
