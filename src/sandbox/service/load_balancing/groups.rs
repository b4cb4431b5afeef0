//! Target groups and how they check.

use super::super::{Answer, Call};
use super::ask::{self, invalid};
use crate::sandbox::value::Map;
use crate::sandbox::world::balancer::{Balancer, TargetGroup, TargetKind};

pub(super) fn describe(call: &Call<'_>) -> Answer {
    let arns = call.input.texts("TargetGroupArns");
    let names = call.input.texts("Names");
    let balancer = call.input.text("LoadBalancerArn");
    let ways = [!arns.is_empty(), !names.is_empty(), balancer.is_some()];
    if ways.iter().filter(|way| **way).count() > 1 {
        return Err(invalid(
            "Target group names, target group ARNs, and load balancer ARN cannot be specified at the same time",
        ));
    }
    let mut found = ask::groups(call)?;
    if let Some(arn) = balancer {
        ask::balancer(call, &arn)?;
        found.retain(|(balancer, _)| balancer.arn == arn);
    } else if !arns.is_empty() || !names.is_empty() {
        found.retain(|(_, group)| arns.contains(&group.arn) || names.contains(&group.name));
        if found.len() < arns.len() + names.len() {
            return Err(ask::no_group());
        }
    }
    ask::paged(
        call,
        "TargetGroups",
        found,
        |(_, group)| group.arn.clone(),
        |(balancer, group)| described(balancer, group),
    )
}

fn described(balancer: &Balancer, group: &TargetGroup) -> Map {
    let rhythm = group.rhythm;
    let named = Map::new()
        .with("TargetGroupArn", &group.arn)
        .with("TargetGroupName", &group.name);
    // A function has no port, and is in no network.
    let placed = match group.kind {
        TargetKind::Function => named,
        TargetKind::Address => named
            .with("Protocol", group.protocol)
            .with("Port", group.port)
            .with("VpcId", &balancer.vpc)
            .with("HealthCheckProtocol", group.protocol)
            .with("HealthCheckPort", "traffic-port"),
    };
    let matcher = group
        .path
        .as_ref()
        .map(|_| Map::new().with("HttpCode", "200"));
    let checked = placed
        .with("HealthCheckEnabled", true)
        .with("HealthCheckIntervalSeconds", rhythm.every / 1_000)
        .with("HealthCheckTimeoutSeconds", group.timeout)
        .with("HealthyThresholdCount", rhythm.healthy)
        .with("UnhealthyThresholdCount", rhythm.unhealthy)
        .with_some("HealthCheckPath", group.path.as_ref())
        .with_some("Matcher", matcher)
        .with("LoadBalancerArns", vec![balancer.arn.as_str()]);
    match group.kind {
        TargetKind::Function => checked.with("TargetType", "lambda"),
        TargetKind::Address => checked
            .with("TargetType", "ip")
            .with_some(
                "ProtocolVersion",
                Some("HTTP1").filter(|_| group.protocol == "HTTP"),
            )
            .with("IpAddressType", "ipv4"),
    }
}
