//! EC2 Auto Scaling: groups, their sizes, what they do by themselves, and their tags.

mod activities;
mod ask;
mod groups;
mod processes;
mod sizes;
mod tags;

use super::{Answer, Call};

pub(super) fn answer(call: &Call<'_>) -> Answer {
    call.estate()?;
    match call.operation {
        "DescribeAutoScalingGroups" => groups::describe(call),
        "DescribeAutoScalingInstances" => groups::instances(call),
        "UpdateAutoScalingGroup" => sizes::update(call),
        "SetDesiredCapacity" => sizes::set_desired(call),
        "DescribeScalingProcessTypes" => Ok(processes::types()),
        "SuspendProcesses" => processes::suspend(call),
        "ResumeProcesses" => processes::resume(call),
        "CreateOrUpdateTags" => tags::create(call),
        "DeleteTags" => tags::delete(call),
        "DescribeTags" => tags::describe(call),
        "DescribeScalingActivities" => activities::describe(call),
        _ => Err(call.unknown_operation()),
    }
}
