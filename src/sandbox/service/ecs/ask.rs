//! What requests about services have in common: which cluster, which service, and how AWS words what is wrong.

use super::super::{Call, Refused};
use crate::sandbox::failure::Failure;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::work::{Made, SERVICE, Tags};

pub(super) fn invalid(words: impl Into<String>) -> Refused {
    Failure::new(400, "InvalidParameterException", words).into()
}

pub(super) fn no_service() -> Refused {
    Failure::new(400, "ServiceNotFoundException", "Service not found.").into()
}

pub(super) fn services(call: &Call<'_>) -> Vec<Made> {
    call.world.made(call.spot(), SERVICE)
}

/// The cluster and the name that a service's ARN ends in.
pub(super) fn parts(made: &Made) -> (&str, &str) {
    let path = made.physical.split_once(":service/");
    path.and_then(|(_, path)| path.split_once('/'))
        .unwrap_or_default()
}

pub(super) fn cluster_arn(call: &Call<'_>, cluster: &str) -> String {
    let (region, account) = (call.region, &call.caller.account);
    format!("arn:aws:ecs:{region}:{account}:cluster/{cluster}")
}

/// The name of the cluster that the request is about, which has to have services.
pub(super) fn cluster(call: &Call<'_>, all: &[Made]) -> Result<String, Refused> {
    let asked = call.input.text("cluster");
    let asked = asked.as_deref().unwrap_or("default");
    let name = asked
        .split_once(":cluster/")
        .map_or(asked, |(_, name)| name)
        .to_owned();
    if all.iter().any(|made| parts(made).0 == name) {
        return Ok(name);
    }
    Err(Failure::new(400, "ClusterNotFoundException", "Cluster not found.").into())
}

/// The service of a cluster that goes by a name or an ARN.
pub(super) fn find<'m>(all: &'m [Made], cluster: &str, asked: &str) -> Option<&'m Made> {
    let is_it = |made: &&Made| {
        let (own, name) = parts(made);
        own == cluster && (asked == made.physical || asked == name)
    };
    all.iter().find(is_it)
}

pub(super) fn written(tags: &Tags) -> Value {
    let tags = tags.iter();
    tags.map(|(key, value)| Map::new().with("key", key).with("value", value))
        .collect()
}
