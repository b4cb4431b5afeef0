//! RDS: databases and clusters of them, stopping and starting them, and their tags.

mod ask;
mod clusters;
mod instances;
mod power;
mod tags;

use super::{Answer, Call};

pub(super) fn answer(call: &Call<'_>) -> Answer {
    call.estate()?;
    match call.operation {
        "DescribeDBInstances" => instances::describe(call),
        "DescribeDBClusters" => clusters::describe(call),
        "StopDBInstance" => power::stop_instance(call),
        "StartDBInstance" => power::start_instance(call),
        "StopDBCluster" => power::stop_cluster(call),
        "StartDBCluster" => power::start_cluster(call),
        "AddTagsToResource" => tags::add(call),
        "RemoveTagsFromResource" => tags::remove(call),
        "ListTagsForResource" => tags::list(call),
        _ => Err(call.unknown_operation()),
    }
}
