//! The accelerators of an account, from `ListAccelerators` and `ListCustomRoutingAccelerators`.

use super::{PAGE, attempts};
use crate::aws::page::Page;
use crate::aws::problem::Failure;
use crate::aws::shape::{moment, optional, text};
use crate::domain::accelerator::Switch;
use crate::domain::{Accelerator, AcceleratorArn, AcceleratorStatus, Routing, Untrusted};
use aws_sdk_globalaccelerator::{Client, types};

/// By name, standard ones first.
pub(in crate::aws) async fn list(client: &Client) -> Result<Vec<Accelerator>, Failure> {
    let (standard, custom) = tokio::join!(standard(client), custom(client));
    // The same failure of both is told in the same words each time.
    let mut standard = standard?;
    standard.extend(custom?);
    standard.sort_by(|a, b| (a.routing, &a.name).cmp(&(b.routing, &b.name)));
    Ok(standard)
}

/// An accelerator of either kind: the same members in two types of the SDK.
macro_rules! accelerator {
    ($shape:expr, $routing:expr, $status:expr, $dual:expr) => {{
        let shape = $shape;
        Accelerator {
            arn: AcceleratorArn::new(shape.accelerator_arn().unwrap_or_default()),
            name: text(shape.name()),
            routing: $routing,
            status: AcceleratorStatus::parse($status.unwrap_or_default()),
            switch: match shape.enabled() {
                Some(false) => Switch::Disabled,
                Some(true) | None => Switch::Enabled,
            },
            addresses: addresses(shape.ip_sets()),
            dns: optional(shape.dns_name()),
            dual_stack_dns: optional($dual),
            created: moment(shape.created_time()),
            modified: moment(shape.last_modified_time()),
        }
    }};
}

async fn standard(client: &Client) -> Result<Vec<Accelerator>, Failure> {
    let mut accelerators = Vec::new();
    let mut page = Some(Page::First);
    while let Some(at) = page {
        let answer = client
            .list_accelerators()
            .max_results(PAGE)
            .set_next_token(at.token())
            .customize()
            .config_override(attempts(&at))
            .send()
            .await?;
        accelerators.extend(answer.accelerators().iter().map(|shape| {
            let status = shape.status().map(types::AcceleratorStatus::as_str);
            accelerator!(
                shape,
                Routing::Standard,
                status,
                shape.dual_stack_dns_name()
            )
        }));
        page = at.next(answer.next_token);
    }
    Ok(accelerators)
}

async fn custom(client: &Client) -> Result<Vec<Accelerator>, Failure> {
    let mut accelerators = Vec::new();
    let mut page = Some(Page::First);
    while let Some(at) = page {
        let answer = client
            .list_custom_routing_accelerators()
            .max_results(PAGE)
            .set_next_token(at.token())
            .customize()
            .config_override(attempts(&at))
            .send()
            .await?;
        accelerators.extend(answer.accelerators().iter().map(|shape| {
            let status = shape
                .status()
                .map(types::CustomRoutingAcceleratorStatus::as_str);
            accelerator!(shape, Routing::Custom, status, None)
        }));
        page = at.next(answer.next_token);
    }
    Ok(accelerators)
}

fn addresses(sets: &[types::IpSet]) -> Vec<Untrusted> {
    sets.iter()
        .flat_map(types::IpSet::ip_addresses)
        .map(|address| Untrusted::new(address.as_str()))
        .collect()
}
