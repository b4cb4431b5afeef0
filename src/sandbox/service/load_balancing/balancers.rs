//! Load balancers themselves.

use chrono::DateTime;

use super::super::{Answer, Call};
use super::ask::{self, invalid};
use crate::sandbox::scenario::{AddressPlan, BalancerKind};
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::balancer::Balancer;

pub(super) fn describe(call: &Call<'_>) -> Answer {
    let arns = call.input.texts("LoadBalancerArns");
    let names = call.input.texts("Names");
    if !arns.is_empty() && !names.is_empty() {
        return Err(invalid(
            "Load balancer names and ARNs cannot be specified at the same time",
        ));
    }
    let mut found = ask::balancers(call)?;
    if !names.is_empty() || !arns.is_empty() {
        found.retain(|balancer| names.contains(&balancer.name) || arns.contains(&balancer.arn));
        let is_there = |wanted: &String| {
            let mut found = found.iter();
            found.any(|balancer| balancer.name == *wanted || balancer.arn == *wanted)
        };
        let wanted = names.iter().chain(&arns);
        let missing: Vec<String> = wanted.filter(|one| !is_there(one)).cloned().collect();
        if !missing.is_empty() {
            return Err(ask::no_balancer(&missing));
        }
    }
    ask::paged(
        call,
        "LoadBalancers",
        found,
        |balancer| balancer.name.clone(),
        |balancer| described(balancer),
    )
}

fn described(balancer: &Balancer) -> Map {
    let zones = balancer.zones.iter().map(|(zone, subnet)| {
        Map::new()
            .with("ZoneName", zone)
            .with("SubnetId", subnet)
            .with("LoadBalancerAddresses", Value::List(Vec::new()))
    });
    let created = DateTime::from_timestamp_millis(balancer.life.start).unwrap_or_default();
    let (kind, zone) = match balancer.kind {
        BalancerKind::Application => ("application", "Z32O12XQLNTSW2"),
        BalancerKind::Network => ("network", "Z2IFOLAFXWLO4F"),
    };
    Map::new()
        .with("LoadBalancerArn", &balancer.arn)
        .with("DNSName", &balancer.dns)
        .with("CanonicalHostedZoneId", zone)
        .with("CreatedTime", created)
        .with("LoadBalancerName", &balancer.name)
        .with("Scheme", "internet-facing")
        .with("VpcId", &balancer.vpc)
        .with("State", Map::new().with("Code", "active"))
        .with("Type", kind)
        .with("AvailabilityZones", zones.collect::<Value>())
        .with("SecurityGroups", vec![balancer.security_group.as_str()])
        .with(
            "IpAddressType",
            match balancer.address {
                AddressPlan::Ipv4 => "ipv4",
                AddressPlan::DualStack => "dualstack",
            },
        )
}
