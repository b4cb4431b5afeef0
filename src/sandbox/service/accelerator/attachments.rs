//! What accounts let each other use.

use super::super::{Answer, Call};
use super::accelerators::moment;
use super::ask::{self, invalid, no_attachment};
use super::page;
use crate::sandbox::scenario::RoutingPlan;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::accelerator::Attachment;

fn own<'c>(call: &Call<'c>) -> impl Iterator<Item = &'c Attachment> {
    let (world, caller) = (call.world, call.caller);
    let all = world.attachments.iter();
    all.filter(move |attachment| attachment.owner == caller.account)
}

/// The attachments through which others let the caller use something.
fn from_others<'c>(call: &Call<'c>) -> impl Iterator<Item = &'c Attachment> {
    let (world, caller) = (call.world, call.caller);
    let all = world.attachments.iter();
    all.filter(move |attachment| attachment.principals.contains(&caller.account))
}

pub(super) fn list(call: &Call<'_>) -> Answer {
    let all: Vec<&Attachment> = own(call).collect();
    let (page, next) = page::of(call, all, |attachment| attachment.arn.clone())?;
    let described = page.into_iter().map(described);
    Ok(Map::new()
        .with("CrossAccountAttachments", described.collect::<Value>())
        .with_some("NextToken", next))
}

pub(super) fn describe(call: &Call<'_>) -> Answer {
    let arn = call.input.text("AttachmentArn").unwrap_or_default();
    let found = own(call).find(|attachment| attachment.arn == arn);
    let found = found.ok_or_else(|| no_attachment(&arn))?;
    Ok(Map::new().with("CrossAccountAttachment", described(found)))
}

fn described(attachment: &Attachment) -> Map {
    let resources = attachment.resources.iter().map(|(endpoint, region)| {
        Map::new()
            .with("EndpointId", endpoint)
            .with("Region", region)
    });
    Map::new()
        .with("AttachmentArn", &attachment.arn)
        .with("Name", &attachment.name)
        .with("Principals", attachment.principals.clone())
        .with("Resources", resources.collect::<Value>())
        .with("LastModifiedTime", moment(attachment.created))
        .with("CreatedTime", moment(attachment.created))
}

pub(super) fn accounts(call: &Call<'_>) -> Map {
    let mut owners: Vec<&str> = from_others(call).map(|one| one.owner.as_str()).collect();
    owners.sort_unstable();
    owners.dedup();
    Map::new().with("ResourceOwnerAwsAccountIds", owners)
}

pub(super) fn resources(call: &Call<'_>) -> Answer {
    let owner = call.input.text("ResourceOwnerAwsAccountId");
    let owner = owner.ok_or_else(|| invalid("ResourceOwnerAwsAccountId must not be empty."))?;
    if call.input.get("AcceleratorArn").is_some() {
        ask::accelerator(call, RoutingPlan::Standard)?;
    }
    let attachments = from_others(call).filter(|attachment| attachment.owner == owner);
    let all: Vec<(&str, &str)> = attachments
        .flat_map(|attachment| {
            let resources = attachment.resources.iter();
            resources.map(|(endpoint, _)| (attachment.arn.as_str(), endpoint.as_str()))
        })
        .collect();
    let (page, next) = page::of(call, all, |(_, endpoint)| (*endpoint).to_owned())?;
    let described = page.into_iter().map(|(attachment, endpoint)| {
        Map::new()
            .with("EndpointId", endpoint)
            .with("AttachmentArn", attachment)
    });
    Ok(Map::new()
        .with("CrossAccountResources", described.collect::<Value>())
        .with_some("NextToken", next))
}
