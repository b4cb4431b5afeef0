//! The benchmark's worlds: as many regions and stacks, or accelerators, as wanted, all alike and all calm.

use std::collections::BTreeMap;

use super::accelerator::{
    AcceleratorPlan, EndpointGroupPlan, EndpointPlan, GroupCheckPlan, ListenerPlan, PortsPlan,
    RoutingPlan,
};
use super::balancer::{AddressPlan, BalancerKind, LoadBalancerPlan, OutageKind, OutagePlan};
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

/// Accelerators, listeners of each, groups of each, endpoints of each. Of ten endpoints two are balancers and eight
/// instances; the last fails.
pub(super) fn accelerators([accelerators, listeners, groups, endpoints]: [usize; 4]) -> Plan {
    let alone = plan(groups, 0);
    let regions = alone.account[0].regions.clone();
    let listener = |place: usize| ListenerPlan {
        ports: vec![PortsPlan::One(
            443 + i64::try_from(place).unwrap_or_default(),
        )],
        protocol: "TCP".to_owned(),
        affinity: "NONE".to_owned(),
        group: vec![EndpointGroupPlan {
            regions: regions.clone(),
            dial: 100.0,
            check: GroupCheckPlan::default(),
            overrides: Vec::new(),
            endpoint: (0..endpoints).map(endpoint).collect(),
        }],
    };
    let accelerator = |place: usize| AcceleratorPlan {
        name: format!("grid-{place}"),
        on: Reach::default(),
        stack: None,
        routing: RoutingPlan::Standard,
        address: AddressPlan::Ipv4,
        disabled: false,
        deploys_in: 30,
        flows: 600.0,
        flow_logs: None,
        tags: BTreeMap::new(),
        listener: (0..listeners).map(listener).collect(),
        dial: Vec::new(),
    };
    Plan {
        load_balancer: (0..2).map(balancer).collect(),
        outage: vec![outage()],
        accelerator: (0..accelerators).map(accelerator).collect(),
        ..alone
    }
}

fn endpoint(place: usize) -> EndpointPlan {
    let name = |kind: &str| Some(format!("{kind}-{place}"));
    EndpointPlan {
        load_balancer: name("balancer").filter(|_| place < 2),
        instance: name("host").filter(|_| place >= 2),
        ..EndpointPlan::default()
    }
}

fn balancer(place: usize) -> LoadBalancerPlan {
    LoadBalancerPlan {
        stack: None,
        name: Some(format!("balancer-{place}")),
        on: Reach::default(),
        kind: BalancerKind::Application,
        address: AddressPlan::Ipv4,
        tags: BTreeMap::new(),
        group: Vec::new(),
    }
}

fn outage() -> OutagePlan {
    OutagePlan {
        stack: None,
        load_balancer: None,
        instance: Some("host-9".to_owned()),
        elastic_ip: None,
        on: Reach::default(),
        group: None,
        targets: None,
        kind: OutageKind::Timeout,
        code: 503,
        first: -3_600,
        lasts: None,
        every: None,
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
