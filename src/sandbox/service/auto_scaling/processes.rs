//! What a group does by itself, and keeping it from it.

use super::super::{Answer, Call, Refused};
use super::ask::{invalid, named};
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::work::PROCESSES;

pub(super) fn types() -> Map {
    let all = PROCESSES.map(|process| Map::new().with("ProcessName", process));
    Map::new().with("Processes", all.into_iter().collect::<Value>())
}

/// Those that are named; all of them if none is.
fn wanted(call: &Call<'_>) -> Result<Vec<String>, Refused> {
    let named = call.input.texts("ScalingProcesses");
    if named.is_empty() {
        return Ok(PROCESSES.map(str::to_owned).to_vec());
    }
    let mut each = named.iter();
    match each.find(|name| !PROCESSES.contains(&name.as_str())) {
        Some(unknown) => Err(invalid(format!(
            "Unknown scaling process {unknown}. Known scaling processes are [{}].",
            PROCESSES.join(", ")
        ))),
        None => Ok(named),
    }
}

pub(super) fn suspend(call: &Call<'_>) -> Answer {
    let (made, processes) = (named(call)?, wanted(call)?);
    let now = call.now.timestamp_millis();
    call.world.group(call.spot(), &made, |group| {
        for process in &processes {
            group.suspend(process, now);
        }
    });
    Ok(Map::new())
}

pub(super) fn resume(call: &Call<'_>) -> Answer {
    let (made, processes) = (named(call)?, wanted(call)?);
    let now = call.now.timestamp_millis();
    call.world
        .group(call.spot(), &made, |group| group.resume(&processes, now));
    Ok(Map::new())
}
