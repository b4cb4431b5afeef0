//! Endpoint groups of Global Accelerator: one value is read, compared and written, and nothing besides it.
//!
//! A dial is sent alone, because endpoints that are sent replace those that are there. A weight cannot be: all
//! endpoints are sent as they are, but for the one.

use super::mishap::Mishap;
use crate::aws::accelerator::{dial, group};
use crate::aws::problem::Failure;
use crate::domain::operation::{Sight, Spread};
use crate::domain::{AcceleratorArn, EndpointGroup, Untrusted};
use aws_sdk_globalaccelerator::operation::RequestId;
use aws_sdk_globalaccelerator::{Client, types};

pub(super) async fn read(client: &Client, arn: &AcceleratorArn) -> Result<EndpointGroup, Failure> {
    Ok(group(&shape(client, arn).await?))
}

pub(super) async fn look_at_dial(client: &Client, arn: &AcceleratorArn) -> Result<Sight, Failure> {
    match shape(client, arn).await {
        Ok(shape) => Ok(Sight::Dial {
            percent: percent(&shape),
            reach: reach(client, arn).await?,
        }),
        Err(failure) if failure.is_missing() => Ok(Sight::Gone),
        Err(failure) => Err(failure),
    }
}

pub(super) async fn look_at_weight(
    client: &Client,
    arn: &AcceleratorArn,
    endpoint: &Untrusted,
) -> Result<Sight, Failure> {
    match shape(client, arn).await {
        Ok(shape) => Ok(Sight::Weight {
            weight: find(&shape, endpoint).map(weight),
            reach: reach(client, arn).await?,
        }),
        Err(failure) if failure.is_missing() => Ok(Sight::Gone),
        Err(failure) => Err(failure),
    }
}

pub(super) async fn set_dial(
    client: &Client,
    arn: &AcceleratorArn,
    (before, after): (f64, f64),
) -> Result<Option<String>, Mishap> {
    let now = percent(&shape(client, arn).await?);
    if (now - before).abs() > f64::EPSILON {
        return Err(Mishap::changed(format!(
            "The dial of the endpoint group {} is {now} % by now, so it was left there.",
            safe_id(arn)
        )));
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "AWS's dial has that many digits"
    )]
    let after = after as f32;
    let answer = client
        .update_endpoint_group()
        .endpoint_group_arn(arn.exact())
        .traffic_dial_percentage(after)
        .send()
        .await
        .map_err(Mishap::sending)?;
    Ok(answer.request_id().map(str::to_owned))
}

pub(super) async fn set_weight(
    client: &Client,
    (arn, endpoint): (&AcceleratorArn, &Untrusted),
    (before, after): (u8, u8),
) -> Result<Option<String>, Mishap> {
    let shape = shape(client, arn).await?;
    let now = find(&shape, endpoint).map(weight);
    if now != Some(before) {
        let is = now.map_or_else(
            || "is not in it any more, so nothing was sent".to_owned(),
            |now| format!("has the weight {now} by now, so it was left there"),
        );
        return Err(Mishap::changed(format!(
            "The endpoint {} of the endpoint group {} {is}.",
            endpoint.safe(),
            safe_id(arn)
        )));
    }
    let all = shape.endpoint_descriptions().iter().map(|it| {
        let is_it = it.endpoint_id() == Some(endpoint.exact());
        types::EndpointConfiguration::builder()
            .set_endpoint_id(it.endpoint_id().map(str::to_owned))
            .set_weight(if is_it {
                Some(after.into())
            } else {
                it.weight()
            })
            .set_client_ip_preservation_enabled(it.client_ip_preservation_enabled())
            .build()
    });
    let answer = client
        .update_endpoint_group()
        .endpoint_group_arn(arn.exact())
        .set_endpoint_configurations(Some(all.collect()))
        .send()
        .await
        .map_err(Mishap::sending)?;
    Ok(answer.request_id().map(str::to_owned))
}

async fn shape(client: &Client, arn: &AcceleratorArn) -> Result<types::EndpointGroup, Failure> {
    let answer = client
        .describe_endpoint_group()
        .endpoint_group_arn(arn.exact())
        .send()
        .await?;
    answer.endpoint_group.ok_or_else(Failure::senseless)
}

/// Whether the last change of the accelerator is everywhere; what AWS does not call deployed is not.
async fn reach(client: &Client, arn: &AcceleratorArn) -> Result<Spread, Failure> {
    let answer = client
        .describe_accelerator()
        .accelerator_arn(arn.accelerator())
        .send()
        .await?;
    let status = answer.accelerator().and_then(types::Accelerator::status);
    Ok(match status {
        Some(types::AcceleratorStatus::Deployed) => Spread::Deployed,
        _ => Spread::InProgress,
    })
}

fn find<'a>(
    shape: &'a types::EndpointGroup,
    endpoint: &Untrusted,
) -> Option<&'a types::EndpointDescription> {
    let mut endpoints = shape.endpoint_descriptions().iter();
    endpoints.find(|it| it.endpoint_id() == Some(endpoint.exact()))
}

/// An endpoint that has no weight of its own has AWS's default.
fn weight(shape: &types::EndpointDescription) -> u8 {
    const DEFAULT: u8 = 128;
    shape
        .weight()
        .map_or(DEFAULT, |weight| weight.try_into().unwrap_or_default())
}

fn percent(shape: &types::EndpointGroup) -> f64 {
    shape.traffic_dial_percentage().map_or(100.0, dial)
}

fn safe_id(arn: &AcceleratorArn) -> String {
    crate::domain::untrusted::sanitise(arn.id()).into_owned()
}
