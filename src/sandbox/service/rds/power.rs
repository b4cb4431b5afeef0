//! Stopping and starting databases and clusters. A database of a cluster is its cluster's to stop.

use super::super::{Answer, Call, Refused};
use super::{ask, clusters, instances};
use crate::sandbox::failure::Failure;
use crate::sandbox::value::Map;
use crate::sandbox::world::work::{Made, Phase};

fn wrong(code: &str, words: String) -> Refused {
    Failure::new(400, code, words).into()
}

/// The instance that the request is about, which has to be its own master.
fn instance(call: &Call<'_>) -> Result<Made, Refused> {
    let asked = call.input.text("DBInstanceIdentifier").unwrap_or_default();
    let all = ask::instances(call);
    let found = ask::find(&all, &asked).cloned();
    let found = found.ok_or_else(|| ask::no_instance(&asked))?;
    match call.world.cluster_of(call.spot(), &found) {
        None => Ok(found),
        Some(cluster) => Err(wrong(
            "InvalidDBInstanceState",
            format!(
                "The DB Instance {} is a part of DB Cluster {cluster}, so it can't be stopped or started \
                 independently.",
                found.physical
            ),
        )),
    }
}

fn cluster(call: &Call<'_>) -> Result<Made, Refused> {
    let asked = call.input.text("DBClusterIdentifier").unwrap_or_default();
    let all = ask::clusters(call);
    let found = ask::find(&all, &asked).cloned();
    found.ok_or_else(|| ask::no_cluster(&asked))
}

/// Turns it, if it stands the other way.
fn turn(
    call: &Call<'_>,
    made: &Made,
    is_on: bool,
    refuse: impl FnOnce(&str) -> Refused,
) -> Result<(), Refused> {
    let now = call.now.timestamp_millis();
    let (wanted, name) = if is_on {
        (Phase::Off, "stopped")
    } else {
        (Phase::On, "available")
    };
    call.world.database(call.spot(), made, |found| {
        if found.switch.phase(now) != wanted {
            return Err(refuse(name));
        }
        found.switch.turn(is_on, now);
        Ok(())
    })
}

fn turn_instance(call: &Call<'_>, is_on: bool) -> Answer {
    let made = instance(call)?;
    turn(call, &made, is_on, |state| {
        let words = format!("Instance {} is not in {state} state.", made.physical);
        wrong("InvalidDBInstanceState", words)
    })?;
    Ok(Map::new().with("DBInstance", instances::described(call, &made)))
}

fn turn_cluster(call: &Call<'_>, is_on: bool) -> Answer {
    let made = cluster(call)?;
    turn(call, &made, is_on, |state| {
        let words = format!("DbCluster {} is not in {state} state.", made.physical);
        wrong("InvalidDBClusterStateFault", words)
    })?;
    Ok(Map::new().with("DBCluster", clusters::described(call, &made)))
}

pub(super) fn stop_instance(call: &Call<'_>) -> Answer {
    turn_instance(call, false)
}

pub(super) fn start_instance(call: &Call<'_>) -> Answer {
    turn_instance(call, true)
}

pub(super) fn stop_cluster(call: &Call<'_>) -> Answer {
    turn_cluster(call, false)
}

pub(super) fn start_cluster(call: &Call<'_>) -> Answer {
    turn_cluster(call, true)
}
