//! EC2: which regions there are, and instances: how they stand, stopping and starting them, and their tags.
//!
//! Members bear the names of the wire; see `wire/ec2.rs`.

mod instances;
mod known;
mod power;
mod regions;
mod tags;

use super::{Answer, Call};

pub(super) fn answer(call: &Call<'_>) -> Answer {
    call.estate()?;
    match call.operation {
        "DescribeRegions" => regions::describe(call),
        "DescribeInstances" => instances::describe(call),
        "DescribeInstanceStatus" => instances::status(call),
        "StopInstances" => power::stop(call),
        "StartInstances" => power::start(call),
        "CreateTags" => tags::create(call),
        "DeleteTags" => tags::delete(call),
        _ => Err(call.unknown_operation()),
    }
}
