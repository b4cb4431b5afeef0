//! Clusters as they are, and the databases in them.

use chrono::DateTime;

use super::super::{Answer, Call};
use super::ask;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::work::Made;

pub(super) fn describe(call: &Call<'_>) -> Answer {
    let mut all = ask::clusters(call);
    if let Some(asked) = call.input.text("DBClusterIdentifier") {
        let found = ask::find(&all, &asked).cloned();
        all = vec![found.ok_or_else(|| ask::no_cluster(&asked))?];
    }
    ask::filtered(call, &mut all, |made, name, wanted| match name {
        "db-cluster-id" => Some(wanted.contains(&made.physical)),
        "engine" => Some(wanted.iter().any(|one| one == "aurora-postgresql")),
        _ => None,
    })?;
    ask::paged(call, "DBClusters", all, |made| described(call, made))
}

/// The databases of a cluster: the first in its template writes.
fn members(call: &Call<'_>, cluster: &Made) -> Vec<Made> {
    let mut all = ask::instances(call);
    all.retain(|made| {
        call.world.cluster_of(call.spot(), made).as_deref() == Some(cluster.physical.as_str())
    });
    all.sort_by_key(|made| (!made.logical.contains("Writer"), made.physical.clone()));
    all
}

pub(super) fn described(call: &Call<'_>, made: &Made) -> Map {
    let switch = ask::switch(call, made);
    let phase = switch.phase(call.now.timestamp_millis());
    let mut dice = call.world.id_of(call.spot(), made);
    let resource = dice.suffix(26);
    let host = dice.hex(12);
    let named = |infix: &str| {
        format!(
            "{}.{infix}-{host}.{}.rds.amazonaws.com",
            made.physical, call.region
        )
    };
    let members = members(call, made);
    let members = members.iter().enumerate().map(|(place, member)| {
        Map::new()
            .with("DBInstanceIdentifier", &member.physical)
            .with("IsClusterWriter", place == 0)
            .with("DBClusterParameterGroupStatus", "in-sync")
            .with("PromotionTier", 1_i64)
    });
    let tags = call
        .world
        .database(call.spot(), made, |found| ask::written(&found.tags));
    Map::new()
        .with("AllocatedStorage", 1_i64)
        .with("BackupRetentionPeriod", 7_i64)
        .with("DBClusterIdentifier", &made.physical)
        .with("DBClusterParameterGroup", "default.aurora-postgresql16")
        .with("DBSubnetGroup", "default")
        .with("Status", ask::status(phase))
        .with_some("AutomaticRestartTime", ask::restart(&switch, call.now))
        .with("Endpoint", named("cluster"))
        .with("ReaderEndpoint", named("cluster-ro"))
        .with("MultiAZ", false)
        .with("Engine", "aurora-postgresql")
        .with("EngineVersion", "16.6")
        .with("Port", 5_432_i64)
        .with("MasterUsername", "operator")
        .with("PreferredBackupWindow", "03:10-03:40")
        .with("ReadReplicaIdentifiers", Value::List(Vec::new()))
        .with("DBClusterMembers", members.collect::<Value>())
        .with("HostedZoneId", "Z29XKXDKYMONMX")
        .with("StorageEncrypted", true)
        .with("DbClusterResourceId", format!("cluster-{resource}"))
        .with("DBClusterArn", ask::arn(call, "cluster", &made.physical))
        .with(
            "ClusterCreateTime",
            DateTime::from_timestamp_millis(made.born).unwrap_or_default(),
        )
        .with("EngineMode", "provisioned")
        .with("DeletionProtection", true)
        .with("HttpEndpointEnabled", false)
        .with("TagList", tags)
}
