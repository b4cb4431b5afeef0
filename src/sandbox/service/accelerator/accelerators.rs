//! Accelerators themselves: which there are, how they stand, and changing them.

use chrono::DateTime;

use super::super::{Answer, Call};
use super::ask::{self, invalid};
use super::page;
use crate::sandbox::scenario::{AddressPlan, RoutingPlan};
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::accelerator::{Accelerator, Change};

pub(super) fn list(call: &Call<'_>, routing: RoutingPlan) -> Answer {
    let all: Vec<&Accelerator> = ask::accelerators(call, routing).collect();
    let (page, next) = page::of(call, all, |accelerator| accelerator.id().to_owned())?;
    let described = page.iter().map(|accelerator| described(call, accelerator));
    Ok(Map::new()
        .with("Accelerators", described.collect::<Value>())
        .with_some("NextToken", next))
}

pub(super) fn describe(call: &Call<'_>, routing: RoutingPlan) -> Answer {
    let accelerator = ask::accelerator(call, routing)?;
    Ok(Map::new().with("Accelerator", described(call, accelerator)))
}

pub(super) fn moment(millis: i64) -> Value {
    DateTime::from_timestamp_millis(millis).map_or(Value::Null, Value::from)
}

fn described(call: &Call<'_>, accelerator: &Accelerator) -> Map {
    let now = call.now.timestamp_millis();
    let setup = accelerator.setup(now);
    let set = |family: &str, addresses: &[String]| {
        Map::new()
            .with("IpFamily", family)
            .with("IpAddresses", addresses.to_vec())
            .with("IpAddressFamily", family)
    };
    let is_dual = setup.address == AddressPlan::DualStack;
    let mut sets = vec![set("IPv4", &accelerator.addresses)];
    if is_dual {
        sets.push(set("IPv6", &accelerator.sixth_version));
    }
    let described = Map::new()
        .with("AcceleratorArn", &accelerator.arn)
        .with("Name", &setup.name)
        .with("IpAddressType", if is_dual { "DUAL_STACK" } else { "IPV4" })
        .with("Enabled", setup.is_enabled)
        .with("IpSets", sets)
        .with("DnsName", accelerator.dns())
        .with(
            "Status",
            if accelerator.is_in_progress(now) {
                "IN_PROGRESS"
            } else {
                "DEPLOYED"
            },
        )
        .with("CreatedTime", moment(accelerator.created))
        .with("LastModifiedTime", moment(accelerator.modified(now)));
    if accelerator.routing == RoutingPlan::Custom {
        return described;
    }
    let events = accelerator.events(now).into_iter().map(|(at, message)| {
        // The model has room for 255 characters.
        let message: String = message.chars().take(255).collect();
        Map::new()
            .with("Message", message)
            .with("Timestamp", moment(at))
    });
    described
        .with_some(
            "DualStackDnsName",
            is_dual.then(|| accelerator.dual_stack_dns()),
        )
        .with("Events", events.collect::<Value>())
}

pub(super) fn attributes(call: &Call<'_>) -> Answer {
    let accelerator = ask::accelerator(call, RoutingPlan::Standard)?;
    let logs = accelerator.flow_logs.as_ref();
    let attributes = Map::new()
        .with("FlowLogsEnabled", logs.is_some())
        .with_some("FlowLogsS3Bucket", logs.map(|(bucket, _)| bucket))
        .with_some("FlowLogsS3Prefix", logs.map(|(_, prefix)| prefix));
    Ok(Map::new().with("AcceleratorAttributes", attributes))
}

pub(super) fn update(call: &Call<'_>) -> Answer {
    let accelerator = ask::accelerator(call, RoutingPlan::Standard)?;
    let mut changes = Vec::new();
    if let Some(name) = call.input.text("Name") {
        changes.push(Change::Name(name.into_owned()));
    }
    match call.input.text("IpAddressType").as_deref() {
        None => {}
        Some("IPV4") => changes.push(Change::Address(AddressPlan::Ipv4)),
        Some("DUAL_STACK") => changes.push(Change::Address(AddressPlan::DualStack)),
        Some(other) => {
            return Err(invalid(format!("There is no IP address type {other}.")));
        }
    }
    if call.input.get("Enabled").is_some() {
        changes.push(Change::Enabled(call.input.says("Enabled")));
    }
    ask::changed(call, accelerator, changes)?;
    Ok(Map::new().with("Accelerator", described(call, accelerator)))
}
