//! What hangs on an accelerator, from `ListListeners` and `ListEndpointGroups`, and their like for custom routing.
//!
//! `ListEndpointGroups` brings the health of every endpoint, so one question a listener is all that polling takes. Its
//! `HealthReason` is always empty, as AWS documents: reasons are the balancers' to tell.

use super::{PAGE, attempts};
use crate::aws::page::Page;
use crate::aws::problem::Failure;
use crate::aws::shape::{optional, text};
use crate::domain::{
    AcceleratorArn, Endpoint, EndpointGroup, EndpointKind, Health, HealthCheck, Listener, Routing,
    Untrusted,
};
use aws_sdk_globalaccelerator::{Client, types};

pub(in crate::aws) async fn list(
    client: &Client,
    accelerator: &AcceleratorArn,
    routing: Routing,
) -> Result<Vec<Listener>, Failure> {
    match routing {
        Routing::Standard => standard(client, accelerator).await,
        Routing::Custom => custom(client, accelerator).await,
    }
}

async fn standard(client: &Client, accelerator: &AcceleratorArn) -> Result<Vec<Listener>, Failure> {
    let mut listeners = Vec::new();
    let mut page = Some(Page::First);
    while let Some(at) = page {
        let answer = client
            .list_listeners()
            .accelerator_arn(accelerator.exact())
            .max_results(PAGE)
            .set_next_token(at.token())
            .customize()
            .config_override(attempts(&at))
            .send()
            .await?;
        listeners.extend(answer.listeners().iter().map(|shape| Listener {
            arn: AcceleratorArn::new(shape.listener_arn().unwrap_or_default()),
            protocol: optional(shape.protocol().map(types::Protocol::as_str)),
            ports: ports(shape.port_ranges()),
            affinity: optional(shape.client_affinity().map(types::ClientAffinity::as_str)),
            groups: Vec::new(),
        }));
        page = at.next(answer.next_token);
    }
    for listener in &mut listeners {
        let mut page = Some(Page::First);
        while let Some(at) = page {
            let answer = client
                .list_endpoint_groups()
                .listener_arn(listener.arn.exact())
                .max_results(PAGE)
                .set_next_token(at.token())
                .customize()
                .config_override(attempts(&at))
                .send()
                .await?;
            let groups = answer.endpoint_groups().iter();
            listener.groups.extend(groups.map(group));
            page = at.next(answer.next_token);
        }
        listener.groups.sort_by(|a, b| a.region.cmp(&b.region));
    }
    Ok(listeners)
}

pub(in crate::aws) fn group(shape: &types::EndpointGroup) -> EndpointGroup {
    let protocol = shape
        .health_check_protocol()
        .map(types::HealthCheckProtocol::as_str);
    EndpointGroup {
        arn: AcceleratorArn::new(shape.endpoint_group_arn().unwrap_or_default()),
        region: text(shape.endpoint_group_region()),
        dial: shape.traffic_dial_percentage().map_or(100.0, dial),
        check: Some(HealthCheck {
            protocol: text(protocol),
            port: shape.health_check_port().and_then(port),
            path: optional(shape.health_check_path()),
            interval: number(shape.health_check_interval_seconds()),
            threshold: number(shape.threshold_count()),
        }),
        overrides: shape
            .port_overrides()
            .iter()
            .filter_map(|it| Some((port(it.listener_port()?)?, port(it.endpoint_port()?)?)))
            .collect(),
        endpoints: shape.endpoint_descriptions().iter().map(endpoint).collect(),
    }
}

fn endpoint(shape: &types::EndpointDescription) -> Endpoint {
    let id = shape.endpoint_id().unwrap_or_default();
    Endpoint {
        id: Untrusted::new(id),
        kind: EndpointKind::of(id),
        weight: shape.weight().and_then(|weight| weight.try_into().ok()),
        health: Health::parse(shape.health_state().map_or("", types::HealthState::as_str)),
        preserves_client_ip: shape.client_ip_preservation_enabled(),
    }
}

async fn custom(client: &Client, accelerator: &AcceleratorArn) -> Result<Vec<Listener>, Failure> {
    let mut listeners = Vec::new();
    let mut page = Some(Page::First);
    while let Some(at) = page {
        let answer = client
            .list_custom_routing_listeners()
            .accelerator_arn(accelerator.exact())
            .max_results(PAGE)
            .set_next_token(at.token())
            .customize()
            .config_override(attempts(&at))
            .send()
            .await?;
        listeners.extend(answer.listeners().iter().map(|shape| Listener {
            arn: AcceleratorArn::new(shape.listener_arn().unwrap_or_default()),
            protocol: None,
            ports: ports(shape.port_ranges()),
            affinity: None,
            groups: Vec::new(),
        }));
        page = at.next(answer.next_token);
    }
    for listener in &mut listeners {
        let mut page = Some(Page::First);
        while let Some(at) = page {
            let answer = client
                .list_custom_routing_endpoint_groups()
                .listener_arn(listener.arn.exact())
                .max_results(PAGE)
                .set_next_token(at.token())
                .customize()
                .config_override(attempts(&at))
                .send()
                .await?;
            let groups = answer.endpoint_groups().iter();
            listener.groups.extend(groups.map(custom_group));
            page = at.next(answer.next_token);
        }
        listener.groups.sort_by(|a, b| a.region.cmp(&b.region));
    }
    Ok(listeners)
}

fn custom_group(shape: &types::CustomRoutingEndpointGroup) -> EndpointGroup {
    EndpointGroup {
        arn: AcceleratorArn::new(shape.endpoint_group_arn().unwrap_or_default()),
        region: text(shape.endpoint_group_region()),
        dial: 100.0,
        check: None,
        overrides: Vec::new(),
        endpoints: shape
            .endpoint_descriptions()
            .iter()
            .map(|shape| {
                let id = shape.endpoint_id().unwrap_or_default();
                Endpoint {
                    id: Untrusted::new(id),
                    kind: EndpointKind::of(id),
                    weight: None,
                    health: Health::Unchecked,
                    preserves_client_ip: None,
                }
            })
            .collect(),
    }
}

fn ports(shapes: &[types::PortRange]) -> Vec<(u16, u16)> {
    shapes
        .iter()
        .filter_map(|shape| Some((port(shape.from_port()?)?, port(shape.to_port()?)?)))
        .collect()
}

fn port(number: i32) -> Option<u16> {
    number.try_into().ok()
}

/// As AWS writes it: a third of a hundred is 33.3, not the 33.29999923706055 that half the bits come to.
pub(in crate::aws) fn dial(percent: f32) -> f64 {
    percent
        .to_string()
        .parse()
        .unwrap_or_else(|_| f64::from(percent))
}

fn number(number: Option<i32>) -> u32 {
    number
        .and_then(|number| number.try_into().ok())
        .unwrap_or_default()
}
