//! Databases as they are.

use chrono::DateTime;

use super::super::{Answer, Call};
use super::ask;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::work::Made;

pub(super) fn describe(call: &Call<'_>) -> Answer {
    let mut all = ask::instances(call);
    if let Some(asked) = call.input.text("DBInstanceIdentifier") {
        let found = ask::find(&all, &asked).cloned();
        all = vec![found.ok_or_else(|| ask::no_instance(&asked))?];
    }
    ask::filtered(call, &mut all, |made, name, wanted| match name {
        "db-instance-id" => Some(wanted.contains(&made.physical)),
        "db-cluster-id" => {
            let cluster = call.world.cluster_of(call.spot(), made);
            Some(cluster.is_some_and(|cluster| wanted.contains(&cluster)))
        }
        "engine" => Some(wanted.iter().any(|one| one == engine(call, made))),
        _ => None,
    })?;
    ask::paged(call, "DBInstances", all, |made| described(call, made))
}

/// Databases of a cluster are Aurora's.
fn engine(call: &Call<'_>, made: &Made) -> &'static str {
    match call.world.cluster_of(call.spot(), made) {
        Some(_) => "aurora-postgresql",
        None => "postgres",
    }
}

pub(super) fn described(call: &Call<'_>, made: &Made) -> Map {
    let switch = ask::switch(call, made);
    let phase = switch.phase(call.now.timestamp_millis());
    let cluster = call.world.cluster_of(call.spot(), made);
    let mut dice = call.world.id_of(call.spot(), made);
    let resource = dice.suffix(26);
    let host = format!(
        "{}.{}.{}.rds.amazonaws.com",
        made.physical,
        dice.hex(12),
        call.region
    );
    let endpoint = Map::new()
        .with("Address", host)
        .with("Port", 5_432_i64)
        .with("HostedZoneId", "Z29XKXDKYMONMX");
    let tags = call
        .world
        .database(call.spot(), made, |found| ask::written(&found.tags));
    let is_alone = cluster.is_none();
    Map::new()
        .with("DBInstanceIdentifier", &made.physical)
        .with("DBInstanceClass", "db.r7g.large")
        .with("Engine", engine(call, made))
        .with("DBInstanceStatus", ask::status(phase))
        .with_some(
            "AutomaticRestartTime",
            ask::restart(&switch, call.now).filter(|_| is_alone),
        )
        .with("MasterUsername", "operator")
        .with("Endpoint", endpoint)
        .with("AllocatedStorage", if is_alone { 100_i64 } else { 1 })
        .with(
            "InstanceCreateTime",
            DateTime::from_timestamp_millis(made.born).unwrap_or_default(),
        )
        .with("PreferredBackupWindow", "03:10-03:40")
        .with("BackupRetentionPeriod", 7_i64)
        .with("DBSecurityGroups", Value::List(Vec::new()))
        .with("AvailabilityZone", format!("{}a", call.region))
        .with("MultiAZ", false)
        .with("EngineVersion", "16.6")
        .with("AutoMinorVersionUpgrade", true)
        .with("ReadReplicaDBInstanceIdentifiers", Value::List(Vec::new()))
        .with("LicenseModel", "postgresql-license")
        .with("PubliclyAccessible", false)
        .with("StorageType", if is_alone { "gp3" } else { "aurora" })
        .with_some("DBClusterIdentifier", cluster)
        .with("StorageEncrypted", true)
        .with("DbiResourceId", format!("db-{resource}"))
        .with("DBInstanceArn", ask::arn(call, "db", &made.physical))
        .with("DeletionProtection", true)
        .with("TagList", tags)
}
