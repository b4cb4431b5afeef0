//! Small accelerators for the tests of this room.

use crate::app::testing::at;
use crate::domain::store::Attempt;
use crate::domain::{
    Accelerator, AcceleratorArn, AcceleratorStatus, AccountName, Endpoint, EndpointGroup,
    EndpointKind, Health, HealthCheck, Identity, Listener, Problem, Reading, Routing, Scope,
    Switch, Topic,
};
use chrono::TimeDelta;

pub(crate) fn accelerator(name: &str) -> Accelerator {
    Accelerator {
        arn: AcceleratorArn::new(format!(
            "arn:aws:globalaccelerator::123456789012:accelerator/{name}"
        )),
        name: name.into(),
        routing: Routing::Standard,
        status: AcceleratorStatus::Deployed,
        switch: Switch::Enabled,
        addresses: vec!["75.2.1.9".into(), "99.83.4.7".into()],
        dns: Some("a1b2.awsglobalaccelerator.com".into()),
        dual_stack_dns: None,
        created: None,
        modified: None,
    }
}

pub(crate) fn endpoint(id: &str, health: &str) -> Endpoint {
    Endpoint {
        id: id.into(),
        kind: EndpointKind::of(id),
        weight: Some(128),
        health: Health::parse(health),
        preserves_client_ip: None,
    }
}

pub(crate) fn balancer(arn: &str, health: &str) -> Endpoint {
    endpoint(arn, health)
}

pub(crate) fn group(region: &str, endpoints: Vec<Endpoint>) -> EndpointGroup {
    EndpointGroup {
        arn: AcceleratorArn::new(format!("arn:x/listener/l/endpoint-group/{region}")),
        region: region.into(),
        dial: 100.0,
        check: Some(HealthCheck {
            protocol: "HTTP".into(),
            port: Some(80),
            path: Some("/health".into()),
            interval: 30,
            threshold: 3,
        }),
        overrides: Vec::new(),
        endpoints,
    }
}

pub(crate) fn listener(groups: Vec<EndpointGroup>) -> Listener {
    Listener {
        arn: AcceleratorArn::new("arn:x/listener/l"),
        protocol: Some("TCP".into()),
        ports: vec![(443, 443)],
        affinity: None,
        groups,
    }
}

/// A listener with groups of an accelerator, whose ARNs hang on its.
pub(crate) fn listener_of(accelerator: &Accelerator, mut groups: Vec<EndpointGroup>) -> Listener {
    let arn = format!("{}/listener/l", accelerator.arn.exact());
    for group in &mut groups {
        let region = group.region.exact().to_owned();
        group.arn = AcceleratorArn::new(format!("{arn}/endpoint-group/{region}"));
    }
    Listener {
        arn: AcceleratorArn::new(arn),
        ..listener(groups)
    }
}

pub(crate) fn attempt(
    account: &str,
    topic: Topic,
    second: i64,
    result: Result<Reading, Problem>,
) -> Attempt {
    Attempt {
        topic,
        scope: Scope::global(&AccountName::new(account)),
        at: at(second),
        took: TimeDelta::milliseconds(120),
        result,
        retry: None,
    }
}

pub(crate) fn identity(account: &str, digits: &str) -> Attempt {
    let identity = Identity {
        account_id: digits.into(),
        arn: "arn:aws:iam::1:user/x".into(),
        expires: None,
    };
    attempt(account, Topic::Identity, 0, Ok(Reading::Identity(identity)))
}

pub(crate) fn accelerators(account: &str, known: Vec<Accelerator>) -> Attempt {
    let reading = Reading::Accelerators(known);
    attempt(account, Topic::Accelerators, 0, Ok(reading))
}

pub(crate) fn listeners(account: &str, accelerator: &Accelerator, known: Vec<Listener>) -> Attempt {
    let topic = super::topic(accelerator);
    attempt(account, topic, 0, Ok(Reading::Listeners(known)))
}
