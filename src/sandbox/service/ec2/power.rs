//! Stopping and starting instances: all that are named, or none.

use super::super::{Answer, Call, Refused};
use super::instances;
use super::known::{self, Keeper, Known, State};
use crate::sandbox::failure::Failure;
use crate::sandbox::scenario::InstancePlan;
use crate::sandbox::value::Map;

/// The instances that are named, of which there has to be one.
fn named(call: &Call<'_>) -> Result<Vec<Known>, Refused> {
    if call.input.texts("InstanceId").is_empty() {
        let words = "The request must contain the parameter InstanceId";
        return Err(Failure::new(400, "MissingParameter", words).into());
    }
    known::wanted(call)
}

fn wrong_state(known: &Known, what: &str) -> Refused {
    let words = format!(
        "The instance '{}' is not in a state from which it can be {what}.",
        known.id
    );
    Failure::new(400, "IncorrectInstanceState", words).into()
}

fn unsupported(words: String) -> Refused {
    Failure::new(400, "UnsupportedOperation", words).into()
}

pub(super) fn stop(call: &Call<'_>) -> Answer {
    let wanted = named(call)?;
    for known in &wanted {
        match known.state {
            State::Running | State::Stopping | State::Stopped => {}
            State::Pending | State::ShuttingDown | State::Terminated => {
                return Err(wrong_state(known, "stopped"));
            }
        }
        match known.sort {
            InstancePlan::Ordinary => {}
            InstancePlan::InstanceStore => {
                return Err(unsupported(format!(
                    "The instance '{}' does not have an 'ebs' root device type and cannot be stopped.",
                    known.id
                )));
            }
            InstancePlan::Spot => {
                return Err(unsupported(format!(
                    "You can't stop the Spot Instance '{}' because it is associated with a one-time Spot Instance \
                     request. You can only stop Spot Instances associated with persistent Spot Instance requests.",
                    known.id
                )));
            }
        }
    }
    Ok(turn(call, &wanted, false))
}

pub(super) fn start(call: &Call<'_>) -> Answer {
    let wanted = named(call)?;
    for known in &wanted {
        match known.state {
            State::Pending | State::Running | State::Stopped => {}
            State::Stopping | State::ShuttingDown | State::Terminated => {
                return Err(wrong_state(known, "started"));
            }
        }
    }
    Ok(turn(call, &wanted, true))
}

/// Turns what is not turned yet, and tells of each what it was and is.
fn turn(call: &Call<'_>, wanted: &[Known], is_on: bool) -> Map {
    let now = call.now.timestamp_millis();
    let mut changes: Vec<Map> = Vec::new();
    for known in wanted {
        let after = match (is_on, known.state) {
            (false, State::Running) => State::Stopping,
            (true, State::Stopped) => State::Pending,
            (_, state) => state,
        };
        if after != known.state {
            match known.keeper {
                Keeper::Stack => call.world.instance(call.spot(), &known.made, |instance| {
                    instance.switch.turn(is_on, now);
                }),
                Keeper::Group => call.world.group(call.spot(), &known.made, |group| {
                    group.turn(&known.id, is_on, now);
                }),
            }
        }
        changes.push(
            Map::new()
                .with("instanceId", &known.id)
                .with("currentState", instances::state(after))
                .with("previousState", instances::state(known.state)),
        );
    }
    Map::new().with("instancesSet", changes)
}
