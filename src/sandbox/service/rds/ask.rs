//! What requests about databases have in common: which ones, which page, and how AWS words what is wrong.

use chrono::{DateTime, Utc};

use super::super::{Call, Refused, page};
use crate::sandbox::failure::Failure;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::work::{CLUSTER, DATABASE, Made, Phase, Switch, Tags};

pub(super) fn no_instance(name: &str) -> Refused {
    let words = format!("DBInstance {name} not found.");
    Failure::new(404, "DBInstanceNotFound", words).into()
}

pub(super) fn no_cluster(name: &str) -> Refused {
    let words = format!("DBCluster {name} not found.");
    Failure::new(404, "DBClusterNotFoundFault", words).into()
}

pub(super) fn invalid(words: impl Into<String>) -> Refused {
    Failure::new(400, "InvalidParameterValue", words).into()
}

pub(super) fn instances(call: &Call<'_>) -> Vec<Made> {
    call.world.made(call.spot(), DATABASE)
}

pub(super) fn clusters(call: &Call<'_>) -> Vec<Made> {
    call.world.made(call.spot(), CLUSTER)
}

/// The one of some that a name or an ARN says; names are the same in capitals and without.
pub(super) fn find<'m>(all: &'m [Made], asked: &str) -> Option<&'m Made> {
    let name = if asked.starts_with("arn:") {
        asked.rsplit(':').next().unwrap_or_default()
    } else {
        asked
    };
    all.iter()
        .find(|made| made.physical.eq_ignore_ascii_case(name))
}

/// `db` for an instance, `cluster` for a cluster.
pub(super) fn arn(call: &Call<'_>, kind: &str, id: &str) -> String {
    format!(
        "arn:aws:rds:{}:{}:{kind}:{id}",
        call.region, call.caller.account
    )
}

/// What an instance or a cluster is the cluster of: its own switch, or its cluster's.
pub(super) fn switch(call: &Call<'_>, made: &Made) -> Switch {
    let cluster = call.world.cluster_of(call.spot(), made);
    let cluster = cluster.and_then(|id| find(&clusters(call), &id).cloned());
    let keeper = cluster.as_ref().unwrap_or(made);
    call.world
        .database(call.spot(), keeper, |found| found.switch.clone())
}

pub(super) fn status(phase: Phase) -> &'static str {
    match phase {
        Phase::Starting => "starting",
        Phase::On => "available",
        Phase::Stopping => "stopping",
        Phase::Off => "stopped",
    }
}

/// When AWS starts it by itself, which it says of what has stopped.
pub(super) fn restart(switch: &Switch, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let is_off = switch.phase(now.timestamp_millis()) == Phase::Off;
    let restarts = switch.restarts().filter(|_| is_off)?;
    DateTime::from_timestamp_millis(restarts)
}

pub(super) fn written(tags: &Tags) -> Value {
    let tags = tags.iter();
    tags.map(|(key, value)| Map::new().with("Key", key).with("Value", value))
        .collect()
}

/// What the filters of a request let through.
pub(super) fn filtered(
    call: &Call<'_>,
    all: &mut Vec<Made>,
    is_let: impl Fn(&Made, &str, &[String]) -> Option<bool>,
) -> Result<(), Refused> {
    let filters = call.input.list("Filters").iter().filter_map(Value::map);
    for filter in filters {
        let name = filter.text("Name").unwrap_or_default();
        let wanted = filter.texts("Values");
        if all
            .iter()
            .any(|made| is_let(made, &name, &wanted).is_none())
        {
            return Err(invalid(format!("Unrecognized filter name: {name}")));
        }
        all.retain(|made| is_let(made, &name, &wanted) == Some(true));
    }
    Ok(())
}

/// The page that is asked for, as an answer with its items under a name.
pub(super) fn paged(
    call: &Call<'_>,
    member: &'static str,
    items: Vec<Made>,
    write: impl Fn(&Made) -> Map,
) -> Result<Map, Refused> {
    let asked = call.input.integer("MaxRecords").unwrap_or(100);
    let Some(most) = usize::try_from(asked)
        .ok()
        .filter(|most| (20..=100).contains(most))
    else {
        return Err(invalid(format!(
            "Invalid value {asked} for MaxRecords. Must be between 20 and 100"
        )));
    };
    let marker = call.input.text("Marker");
    let cut = page::cut(items, most, marker.as_deref(), |made| made.physical.clone());
    let (page, next) = cut.ok_or_else(|| invalid("The request has an invalid marker."))?;
    let written: Vec<Map> = page.iter().map(write).collect();
    Ok(Map::new().with_some("Marker", next).with(member, written))
}
