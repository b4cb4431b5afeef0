//! The benchmark's world: as many regions and stacks as wanted, all alike and all calm.

use std::collections::BTreeMap;

use super::plan::{AccountPlan, Blueprint, Pages, Plan, Reach, StackPlan};
use crate::sandbox::world::region::{OptIn, REGIONS};

const SERVICES: [&str; 8] = [
    "checkout", "orders", "payments", "catalog", "identity", "search", "shipping", "ledger",
];
const PARTS: [&str; 5] = ["api", "worker", "db", "edge", "events"];

pub(super) fn plan(regions: usize, stacks: usize) -> Plan {
    let names: Vec<String> = REGIONS
        .iter()
        .take(regions.max(1))
        .map(|region| region.name.to_owned())
        .collect();
    let opted_in = REGIONS
        .iter()
        .filter(|region| {
            region.opt_in == OptIn::Required && names.iter().any(|name| name == region.name)
        })
        .map(|region| region.name.to_owned())
        .collect();
    Plan {
        seed: 1,
        pages: Pages::default(),
        account: vec![AccountPlan {
            id: "123456789012".to_owned(),
            name: "grid".to_owned(),
            access_key: "123456789012".to_owned(),
            colour: "blue".to_owned(),
            guard: "typed".to_owned(),
            regions: names,
            opted_in,
        }],
        blueprint: BTreeMap::from([("grid".to_owned(), blueprint())]),
        stack: (0..stacks).map(stack).collect(),
        ..Plan::default()
    }
}

fn stack(number: usize) -> StackPlan {
    let service = SERVICES[number % SERVICES.len()];
    let part = PARTS[(number / SERVICES.len()) % PARTS.len()];
    let round = number / (SERVICES.len() * PARTS.len());
    let name = if round == 0 {
        format!("{service}-{part}")
    } else {
        format!("{service}-{part}-{round}")
    };
    let tag = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    StackPlan {
        name,
        blueprint: "grid".to_owned(),
        version: "v418".to_owned(),
        on: Reach::default(),
        tags: BTreeMap::from([
            tag("service", service),
            tag("component", part),
            tag("team", "platform"),
            tag("environment", "{account}"),
            tag("cost-center", "cc-4711"),
        ]),
        ..StackPlan::default()
    }
}

fn blueprint() -> Blueprint {
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    Blueprint {
        description: "The {service} service.".to_owned(),
        capabilities: vec!["CAPABILITY_NAMED_IAM".to_owned()],
        resources: [
            "Role AWS::IAM::Role",
            "LogGroup AWS::Logs::LogGroup",
            "Function AWS::Lambda::Function",
            "Version AWS::Lambda::Version",
            "Alias AWS::Lambda::Alias",
            "Queue AWS::SQS::Queue",
            "Errors AWS::CloudWatch::Alarm",
            "Parameter AWS::SSM::Parameter",
        ]
        .map(str::to_owned)
        .to_vec(),
        parameters: BTreeMap::from([
            pair("Environment", "{account}"),
            pair("ImageTag", "{version}"),
            pair("ApiKey", "a-secret"),
        ]),
        secrets: vec!["ApiKey".to_owned()],
        outputs: BTreeMap::from([
            pair(
                "Endpoint",
                "https://{hex}.execute-api.{region}.amazonaws.com/live",
            ),
            pair(
                "FunctionArn",
                "arn:aws:lambda:{region}:{account_id}:function:{stack}",
            ),
            pair(
                "QueueUrl",
                "https://sqs.{region}.amazonaws.com/{account_id}/{stack}",
            ),
            pair("Version", "{version}"),
        ]),
        ..Blueprint::default()
    }
}
