//! A load balancer and the health of its targets, from Elastic Load Balancing v2.
//!
//! Three operations, so its crate is not worth its size: the calls are made and read here. What decides over an
//! endpoint of Global Accelerator that is a balancer is told here and nowhere else.

use super::problem::Failure;
use super::query::{self, Form, Query, child, list, number, optional, text, word};
use super::raw::Service;
use super::session::Session;
use crate::domain::{Balancer, HealthCheck, Region, Target, TargetGroup, TargetHealth, Untrusted};
use roxmltree::Node;

const BALANCING: Query = Query {
    service: Service {
        name: "Elastic Load Balancing v2",
        signing: "elasticloadbalancing",
    },
    version: "2015-12-01",
};

/// None where no balancer has this ARN any more.
pub(super) async fn describe(
    session: &Session,
    region: &Region,
    arn: &Untrusted,
) -> Result<Option<Balancer>, Failure> {
    let named = ("LoadBalancerArns.member.1", arn);
    let answer = match ask(session, region, "DescribeLoadBalancers", named).await {
        Err(failure) if failure.is_missing() => return Ok(None),
        answer => answer?,
    };
    let Some(mut balancer) = list(&answer, "LoadBalancers", balancer)?.pop() else {
        return Ok(None);
    };
    let of = ("LoadBalancerArn", arn);
    let answer = ask(session, region, "DescribeTargetGroups", of).await?;
    balancer.groups = list(&answer, "TargetGroups", group)?;
    for group in &mut balancer.groups {
        let of = ("TargetGroupArn", &group.arn);
        let answer = ask(session, region, "DescribeTargetHealth", of).await?;
        group.targets = list(&answer, "TargetHealthDescriptions", target)?;
    }
    Ok(Some(balancer))
}

async fn ask(
    session: &Session,
    region: &Region,
    operation: &'static str,
    (name, value): (&str, &Untrusted),
) -> Result<String, Failure> {
    let form = Form::new().with(name, value.exact());
    query::ask(session, region, BALANCING, (operation, &form)).await
}

fn balancer(shape: Node<'_, '_>) -> Balancer {
    let state = child(shape, "State");
    Balancer {
        arn: text(shape, "LoadBalancerArn"),
        name: text(shape, "LoadBalancerName"),
        state: state.map_or_else(|| Untrusted::new(""), |state| text(state, "Code")),
        reason: state.and_then(|state| optional(state, "Reason")),
        dns: optional(shape, "DNSName"),
        groups: Vec::new(),
    }
}

fn group(shape: Node<'_, '_>) -> TargetGroup {
    TargetGroup {
        arn: text(shape, "TargetGroupArn"),
        name: text(shape, "TargetGroupName"),
        kind: text(shape, "TargetType"),
        check: HealthCheck {
            protocol: text(shape, "HealthCheckProtocol"),
            // `traffic-port` is no number: it is whatever port the target has.
            port: word(shape, "HealthCheckPort").and_then(|port| port.parse().ok()),
            path: optional(shape, "HealthCheckPath"),
            interval: number(shape, "HealthCheckIntervalSeconds"),
            threshold: number(shape, "UnhealthyThresholdCount"),
        },
        matcher: child(shape, "Matcher").and_then(|matcher| {
            optional(matcher, "HttpCode").or_else(|| optional(matcher, "GrpcCode"))
        }),
        targets: Vec::new(),
    }
}

fn target(shape: Node<'_, '_>) -> Target {
    let (whom, health) = (child(shape, "Target"), child(shape, "TargetHealth"));
    let state = health.and_then(|health| word(health, "State"));
    Target {
        id: whom.map_or_else(|| Untrusted::new(""), |whom| text(whom, "Id")),
        port: whom
            .and_then(|whom| word(whom, "Port"))
            .and_then(|port| port.parse().ok()),
        health: TargetHealth::parse(state.unwrap_or_default()),
        reason: health.and_then(|health| optional(health, "Reason")),
        description: health.and_then(|health| optional(health, "Description")),
    }
}
