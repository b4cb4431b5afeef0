//! A load balancer and the health of its targets, from Elastic Load Balancing v2.
//!
//! Three operations, so its crate is not worth its size: the calls are made and read here. What decides over an
//! endpoint of Global Accelerator that is a balancer is told here and nowhere else.

use super::problem::Failure;
use super::raw::{self, Call, Service};
use super::session::Session;
use crate::domain::{Balancer, HealthCheck, Region, Target, TargetGroup, TargetHealth, Untrusted};
use roxmltree::{Document, Node};

const BALANCING: Service = Service {
    name: "Elastic Load Balancing v2",
    signing: "elasticloadbalancing",
};

/// None where no balancer has this ARN any more.
pub(super) async fn describe(
    session: &Session,
    region: &Region,
    arn: &Untrusted,
) -> Result<Option<Balancer>, Failure> {
    let named = [("LoadBalancerArns.member.1", arn.exact())];
    let answer = match ask(session, region, "DescribeLoadBalancers", &named).await {
        Err(failure) if failure.is_missing() => return Ok(None),
        answer => answer?,
    };
    let Some(mut balancer) = list(&answer, "LoadBalancers", balancer)?.pop() else {
        return Ok(None);
    };
    let of = [("LoadBalancerArn", arn.exact())];
    let answer = ask(session, region, "DescribeTargetGroups", &of).await?;
    balancer.groups = list(&answer, "TargetGroups", group)?;
    for group in &mut balancer.groups {
        let of = [("TargetGroupArn", group.arn.exact())];
        let answer = ask(session, region, "DescribeTargetHealth", &of).await?;
        group.targets = list(&answer, "TargetHealthDescriptions", target)?;
    }
    Ok(Some(balancer))
}

async fn ask(
    session: &Session,
    region: &Region,
    operation: &'static str,
    parameters: &[(&str, &str)],
) -> Result<String, Failure> {
    let mut body = format!("Action={operation}&Version=2015-12-01");
    for (name, value) in parameters {
        body.push('&');
        body.push_str(name);
        body.push('=');
        body.push_str(&encoded(value));
    }
    let call = Call {
        operation,
        path: "/",
        content_type: "application/x-www-form-urlencoded",
        target: None,
        body,
    };
    let reply = raw::send(session, BALANCING, region, call).await?;
    Ok(String::from_utf8_lossy(&reply.body).into_owned())
}

/// As forms want it: everything but letters, digits and a few signs by its bytes.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let byte = |byte: u8| {
        if plain(byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    text.bytes().map(byte).collect()
}

/// The members of a list, wherever in the answer it stands.
fn list<T>(
    answer: &str,
    name: &str,
    member: impl Fn(Node<'_, '_>) -> T,
) -> Result<Vec<T>, Failure> {
    let document = Document::parse(answer).map_err(|_torn| Failure::senseless())?;
    let found = document
        .descendants()
        .find(|node| node.tag_name().name() == name);
    let members = found.into_iter().flat_map(|list| list.children());
    Ok(members.filter(Node::is_element).map(member).collect())
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

fn child<'a, 'd>(node: Node<'a, 'd>, name: &str) -> Option<Node<'a, 'd>> {
    node.children()
        .find(|child| child.tag_name().name() == name)
}

fn word<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    child(node, name)?.text().filter(|text| !text.is_empty())
}

fn text(node: Node<'_, '_>, name: &str) -> Untrusted {
    Untrusted::new(word(node, name).unwrap_or_default())
}

fn optional(node: Node<'_, '_>, name: &str) -> Option<Untrusted> {
    word(node, name).map(Untrusted::new)
}

fn number(node: Node<'_, '_>, name: &str) -> u32 {
    word(node, name)
        .and_then(|number| number.parse().ok())
        .unwrap_or_default()
}
