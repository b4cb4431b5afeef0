//! RDS instances and Aurora clusters: whether they run, whether they can be stopped, until when they stay so, and the
//! tag that remembers.

use super::mishap::Mishap;
use crate::aws::problem::Failure;
use crate::aws::query::{self, Form, Query, list, moment, tag, word};
use crate::aws::raw::Service;
use crate::aws::session::Session;
use crate::domain::operation::{MEMORY, Power, PowerState};
use crate::domain::{Region, Timestamp, Untrusted};
use roxmltree::Node;

const RDS: Query = Query {
    service: Service {
        name: "RDS",
        signing: "rds",
    },
    version: "2014-10-31",
};

/// Which of the two kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Instance,
    Cluster,
}

/// A database as it is now.
#[derive(Clone, Debug)]
pub(super) struct Database {
    pub(super) power: PowerState,
    pub(super) memory: Option<String>,
    pub(super) fixed: Option<String>,
    /// When it starts by itself.
    pub(super) restarts: Option<Timestamp>,
}

pub(super) async fn one(
    session: &Session,
    place: &Region,
    kind: Kind,
    id: &Untrusted,
) -> Result<Option<Database>, Failure> {
    let form = Form::new().with(kind.identifier(), id.exact());
    let (operation, list_name) = match kind {
        Kind::Instance => ("DescribeDBInstances", "DBInstances"),
        Kind::Cluster => ("DescribeDBClusters", "DBClusters"),
    };
    let answer = match query::ask(session, place, RDS, (operation, &form)).await {
        Err(failure) if failure.is_missing() => return Ok(None),
        answer => answer?,
    };
    let read = |shape: Node<'_, '_>| database(shape, kind);
    Ok(list(&answer, list_name, read)?.into_iter().next())
}

pub(super) async fn set_power(
    session: &Session,
    place: &Region,
    (kind, id): (Kind, &Untrusted),
    to: Power,
) -> Result<Option<String>, Mishap> {
    let form = Form::new().with(kind.identifier(), id.exact());
    let operation = match (kind, to) {
        (Kind::Instance, Power::Off) => "StopDBInstance",
        (Kind::Instance, Power::On) => "StartDBInstance",
        (Kind::Cluster, Power::Off) => "StopDBCluster",
        (Kind::Cluster, Power::On) => "StartDBCluster",
    };
    send(session, place, (operation, &form)).await
}

pub(super) async fn remember(
    session: &Session,
    place: &Region,
    arn: &Untrusted,
    memory: Option<&str>,
) -> Result<Option<String>, Mishap> {
    let form = Form::new().with("ResourceName", arn.exact());
    if let Some(value) = memory {
        let form = form
            .with("Tags.Tag.1.Key", MEMORY)
            .with("Tags.Tag.1.Value", value);
        return send(session, place, ("AddTagsToResource", &form)).await;
    }
    let form = form.with("TagKeys.member.1", MEMORY);
    send(session, place, ("RemoveTagsFromResource", &form)).await
}

async fn send(
    session: &Session,
    place: &Region,
    asked: (&'static str, &Form),
) -> Result<Option<String>, Mishap> {
    let sent = query::send(session, place, RDS, asked).await;
    Ok(sent.map_err(Mishap::Sending)?.request)
}

impl Kind {
    fn identifier(self) -> &'static str {
        match self {
            Self::Instance => "DBInstanceIdentifier",
            Self::Cluster => "DBClusterIdentifier",
        }
    }
}

fn database(shape: Node<'_, '_>, kind: Kind) -> Database {
    let (status, fixed) = match kind {
        Kind::Instance => (word(shape, "DBInstanceStatus"), instance_fixed(shape)),
        Kind::Cluster => (word(shape, "Status"), cluster_fixed(shape)),
    };
    Database {
        power: power(status.unwrap_or_default()),
        memory: tag(shape, "TagList", MEMORY),
        fixed,
        restarts: moment(shape, "AutomaticRestartTime"),
    }
}

/// What AWS does to a database that runs has many names.
fn power(status: &str) -> PowerState {
    match status {
        "available" | "backing-up" | "modifying" | "storage-optimization" => PowerState::On,
        configuring if configuring.starts_with("configuring-") => PowerState::On,
        "starting" => PowerState::TurningOn,
        "stopping" => PowerState::TurningOff,
        "stopped" => PowerState::Off,
        other => PowerState::Other(other.into()),
    }
}

/// Why an instance cannot be stopped, where it cannot.
fn instance_fixed(shape: Node<'_, '_>) -> Option<String> {
    if let Some(cluster) = word(shape, "DBClusterIdentifier") {
        let cluster = Untrusted::new(cluster);
        return Some(format!(
            "It is stopped with its cluster {}.",
            cluster.safe()
        ));
    }
    if word(shape, "ReadReplicaSourceDBInstanceIdentifier").is_some() {
        return Some("It is a read replica, which RDS does not stop.".to_owned());
    }
    if query::members(shape, "ReadReplicaDBInstanceIdentifiers")
        .next()
        .is_some()
    {
        return Some("It has read replicas, and RDS does not stop such a database.".to_owned());
    }
    let is_sql_server = word(shape, "Engine").is_some_and(|name| name.starts_with("sqlserver"));
    let is_mirrored = word(shape, "MultiAZ") == Some("true");
    (is_sql_server && is_mirrored)
        .then(|| "RDS does not stop SQL Server in several zones.".to_owned())
}

/// Why a cluster cannot be stopped, where it cannot.
fn cluster_fixed(shape: Node<'_, '_>) -> Option<String> {
    match word(shape, "EngineMode") {
        Some("serverless") => Some("It is serverless, and pauses by itself.".to_owned()),
        Some("global") => {
            Some("It is part of a global database, which RDS does not stop.".to_owned())
        }
        Some(_) | None => None,
    }
}
