//! What Global Accelerator says, and what of it is kept.

use super::wire::{self, Answer, Asked};
use super::*;
use crate::domain::accelerator::Switch;
use crate::domain::{
    Accelerator, AcceleratorArn, AcceleratorStatus, EndpointKind, Health, Kind, Listener, Routing,
    Untrusted,
};
use serde_json::{Value, json};

const ARN: &str = "arn:aws:globalaccelerator::111122223333:accelerator/a";

fn operation(asked: &Asked) -> &str {
    asked.target.rsplit('.').next().unwrap()
}

fn input(asked: &Asked) -> Value {
    serde_json::from_str(&asked.body).unwrap()
}

fn global() -> Scope {
    Scope::global(&AccountName::new("prod"))
}

async fn accelerators(wire: &Wire) -> Vec<Accelerator> {
    match cloud(wire).read(&Topic::Accelerators, &global()).await {
        Ok(Reading::Accelerators(found)) => found,
        other => panic!("{other:?}"),
    }
}

async fn listeners(wire: &Wire, routing: Routing) -> Vec<Listener> {
    let topic = Topic::Listeners(AcceleratorArn::new(ARN), routing);
    match cloud(wire).read(&topic, &global()).await {
        Ok(Reading::Listeners(found)) => found,
        other => panic!("{other:?}"),
    }
}

fn accelerator(name: &str) -> Value {
    json!({
        "AcceleratorArn": format!("arn:aws:globalaccelerator::111122223333:accelerator/{name}"),
        "Name": name,
        "IpAddressType": "DUAL_STACK",
        "Enabled": true,
        "IpSets": [
            {"IpFamily": "IPv4", "IpAddresses": ["192.0.2.1", "198.51.100.1"], "IpAddressFamily": "IPv4"},
            {"IpFamily": "IPv6", "IpAddresses": ["2001:db8::1"], "IpAddressFamily": "IPv6"},
        ],
        "DnsName": "a1.awsglobalaccelerator.com",
        "DualStackDnsName": "a1.dualstack.awsglobalaccelerator.com",
        "Status": "IN_PROGRESS",
        "CreatedTime": 1_795_000_000.25,
        "LastModifiedTime": 1_795_000_060.0,
    })
}

/// A world of two pages of accelerators, and one of the other kind.
fn lists(asked: &Asked) -> Answer {
    let page = match (operation(asked), input(asked)["NextToken"].as_str()) {
        ("ListAccelerators", None) => {
            json!({"Accelerators": [accelerator("zeta")], "NextToken": "two"})
        }
        ("ListAccelerators", Some("two")) => {
            let mut odd = accelerator("alpha");
            odd["Status"] = "PONDERING".into();
            odd["Enabled"] = false.into();
            json!({"Accelerators": [odd]})
        }
        ("ListCustomRoutingAccelerators", None) => {
            json!({"Accelerators": [accelerator("game")]})
        }
        other => panic!("{other:?}"),
    };
    wire::json(200, &page)
}

#[tokio::test]
async fn both_kinds_come_from_all_pages_by_name_and_are_asked_in_the_one_region() {
    let wire = Wire::new(lists);
    let found = accelerators(&wire).await;
    let names: Vec<&str> = found.iter().map(|it| it.name.exact()).collect();
    assert_eq!(names, ["alpha", "zeta", "game"]);
    assert_eq!(found[2].routing, Routing::Custom);
    assert_eq!(
        (&found[0].status, found[0].switch),
        (
            &AcceleratorStatus::Other("PONDERING".into()),
            Switch::Disabled
        )
    );
    let zeta = &found[1];
    assert_eq!(zeta.status, AcceleratorStatus::InProgress);
    let addresses: Vec<&str> = zeta.addresses.iter().map(Untrusted::exact).collect();
    assert_eq!(addresses, ["192.0.2.1", "198.51.100.1", "2001:db8::1"]);
    assert_eq!(
        zeta.dual_stack_dns.as_ref().unwrap().exact(),
        "a1.dualstack.awsglobalaccelerator.com"
    );
    assert_eq!(zeta.created.unwrap().timestamp_millis(), 1_795_000_000_250);
    let asked = wire.asked();
    assert_eq!(asked.len(), 3);
    for asked in asked {
        assert!(
            asked
                .authorization
                .contains("/us-west-2/globalaccelerator/"),
            "{}",
            asked.authorization
        );
        assert_eq!(input(&asked)["MaxResults"], 100);
    }
}

fn tree(asked: &Asked) -> Answer {
    let next = input(asked)["NextToken"].as_str().map(str::to_owned);
    let page = match (operation(asked), next.as_deref()) {
        ("ListListeners", None) => json!({
            "Listeners": [{
                "ListenerArn": format!("{ARN}/listener/l"),
                "PortRanges": [{"FromPort": 443, "ToPort": 443}, {"FromPort": 8000, "ToPort": 8100}],
                "Protocol": "TCP",
                "ClientAffinity": "SOURCE_IP",
            }],
            "NextToken": "two",
        }),
        ("ListListeners", Some("two")) => json!({"Listeners": [{
            "ListenerArn": format!("{ARN}/listener/m"),
            "PortRanges": [{"FromPort": 70_000, "ToPort": 80}],
            "Protocol": "SCTP",
        }]}),
        ("ListEndpointGroups", next) => {
            if input(asked)["ListenerArn"] == format!("{ARN}/listener/m") {
                return wire::json(200, &json!({"EndpointGroups": []}));
            }
            let group = |region: &str, dial: f64| {
                json!({
                    "EndpointGroupArn": format!("{ARN}/listener/l/endpoint-group/{region}"),
                    "EndpointGroupRegion": region,
                    "TrafficDialPercentage": dial,
                    "HealthCheckPort": 443,
                    "HealthCheckProtocol": "HTTPS",
                    "HealthCheckPath": "/health",
                    "HealthCheckIntervalSeconds": 10,
                    "ThresholdCount": 3,
                    "PortOverrides": [{"ListenerPort": 443, "EndpointPort": 8443}],
                    "EndpointDescriptions": [
                        {"EndpointId": "i-1", "Weight": 255, "HealthState": "HEALTHY", "ClientIPPreservationEnabled": true},
                        {"EndpointId": "eipalloc-1", "Weight": 0, "HealthState": "UNHEALTHY", "HealthReason": ""},
                        {"EndpointId": "arn:aws:elasticloadbalancing:eu-west-1:444455556666:loadbalancer/net/n/1", "HealthState": "INITIAL"},
                        {"EndpointId": "new\u{1b}kind", "Weight": 1, "HealthState": "CONFUSED"},
                        {"EndpointId": "i-2"},
                    ],
                })
            };
            if next.is_none() {
                json!({"EndpointGroups": [group("mars-north-1", 33.3)], "NextToken": "two"})
            } else {
                json!({"EndpointGroups": [group("eu-west-1", 12.5)]})
            }
        }
        other => panic!("{other:?}"),
    };
    wire::json(200, &page)
}

#[tokio::test]
async fn a_tree_comes_from_all_pages_with_dials_as_they_were_set() {
    let wire = Wire::new(tree);
    let found = listeners(&wire, Routing::Standard).await;
    let words: Vec<String> = found.iter().map(Listener::words).collect();
    assert_eq!(words, ["TCP 443,8000-8100", "SCTP "], "no port is 70,000");
    let groups = &found[0].groups;
    let dials: Vec<_> = groups
        .iter()
        .map(|it| (it.region.exact(), it.dial.to_string()))
        .collect();
    assert_eq!(
        dials,
        [
            ("eu-west-1", "12.5".to_owned()),
            ("mars-north-1", "33.3".to_owned())
        ]
    );
    let group = &groups[0];
    assert_eq!(group.overrides, [(443, 8443)]);
    let check = group.check.as_ref().unwrap();
    assert_eq!(
        (check.port, check.interval, check.threshold),
        (Some(443), 10, 3)
    );
    let endpoints: Vec<_> = group
        .endpoints
        .iter()
        .map(|it| (it.kind, it.weight, it.health.clone()))
        .collect();
    assert_eq!(
        endpoints,
        [
            (EndpointKind::Instance, Some(255), Health::Healthy),
            (EndpointKind::ElasticIp, Some(0), Health::Unhealthy),
            (EndpointKind::NetworkBalancer, None, Health::Initial),
            (
                EndpointKind::Other,
                Some(1),
                Health::Other("CONFUSED".into())
            ),
            (EndpointKind::Instance, None, Health::Other("".into())),
        ]
    );
    assert_eq!(group.endpoints[3].id.safe(), "new␛kind");
    assert_eq!(wire.asked().len(), 5);
}

#[tokio::test]
async fn custom_routing_has_subnets_and_no_health() {
    let wire = Wire::new(|asked| {
        let page = match operation(asked) {
            "ListCustomRoutingListeners" => json!({"Listeners": [{
                "ListenerArn": format!("{ARN}/listener/l"),
                "PortRanges": [{"FromPort": 20_000, "ToPort": 20_999}],
            }]}),
            "ListCustomRoutingEndpointGroups" => json!({"EndpointGroups": [{
                "EndpointGroupArn": format!("{ARN}/listener/l/endpoint-group/g"),
                "EndpointGroupRegion": "us-east-1",
                "DestinationDescriptions": [{"FromPort": 80, "ToPort": 81, "Protocols": ["UDP"]}],
                "EndpointDescriptions": [{"EndpointId": "subnet-1"}],
            }]}),
            other => panic!("{other}"),
        };
        wire::json(200, &page)
    });
    let found = listeners(&wire, Routing::Custom).await;
    assert_eq!(found[0].words(), "20000-20999");
    let group = &found[0].groups[0];
    assert_eq!(group.check, None);
    let endpoint = &group.endpoints[0];
    assert_eq!(
        (endpoint.kind, endpoint.weight, &endpoint.health),
        (EndpointKind::Subnet, None, &Health::Unchecked)
    );
}

#[tokio::test]
async fn what_is_refused_is_told_with_the_permission() {
    let denied = |code: &str| {
        let body = json!({"__type": code, "Message": "no"});
        wire::json(400, &body)
    };
    let wire = Wire::new(move |_| denied("AccessDeniedException"));
    let problem = cloud(&wire)
        .read(&Topic::Accelerators, &global())
        .await
        .unwrap_err();
    assert_eq!(problem.kind, Kind::Denied);
    let said = problem.to_string();
    assert!(
        said.contains("globalaccelerator:ListAccelerators"),
        "{said}"
    );

    let gone = Wire::new(move |_| denied("AcceleratorNotFoundException"));
    let topic = Topic::Listeners(AcceleratorArn::new(ARN), Routing::Standard);
    let problem = cloud(&gone).read(&topic, &global()).await.unwrap_err();
    assert_eq!(problem.kind, Kind::Missing);
    assert_eq!(gone.asked().len(), 1);

    let denied_there = Wire::new(move |_| denied("AccessDeniedException"));
    let problem = cloud(&denied_there)
        .read(&Topic::Attachments, &global())
        .await
        .unwrap_err();
    let said = problem.to_string();
    assert!(said.contains("ListCrossAccountAttachments"), "{said}");
}

#[tokio::test]
async fn attachments_name_who_may_use_what() {
    let wire = Wire::new(|asked| {
        assert_eq!(operation(asked), "ListCrossAccountAttachments");
        wire::json(
            200,
            &json!({"CrossAccountAttachments": [{
                "AttachmentArn": "arn:aws:globalaccelerator::1:attachment/x",
                "Name": "for-prod",
                "Principals": ["111122223333"],
                "Resources": [{"EndpointId": "arn:lb", "Region": "us-east-1"}, {"Cidr": "192.0.2.0/24"}],
            }]}),
        )
    });
    let read = cloud(&wire).read(&Topic::Attachments, &global()).await;
    let Ok(Reading::Attachments(found)) = read else {
        panic!("{read:?}");
    };
    let resources: Vec<&str> = found[0].resources.iter().map(Untrusted::exact).collect();
    assert_eq!(resources, ["arn:lb", "192.0.2.0/24"]);
    assert_eq!(found[0].principals[0].exact(), "111122223333");
}
