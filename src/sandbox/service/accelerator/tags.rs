//! Tags: accelerators have those of the scenario, what is below them and attachments have none.

use super::super::{Answer, Call};
use super::ask::{self, invalid, no_accelerator, no_attachment, no_group, no_listener};
use crate::sandbox::scenario::RoutingPlan;
use crate::sandbox::value::{Map, Value};

pub(super) fn list(call: &Call<'_>) -> Answer {
    let arn = call.input.text("ResourceArn").unwrap_or_default();
    let told = |tags: &[(String, String)]| {
        let tags = tags.iter();
        let tags = tags.map(|(key, value)| Map::new().with("Key", key).with("Value", value));
        Map::new().with("Tags", tags.collect::<Value>())
    };
    for routing in [RoutingPlan::Standard, RoutingPlan::Custom] {
        for accelerator in ask::accelerators(call, routing) {
            if accelerator.arn == arn {
                return Ok(told(&accelerator.tags));
            }
            let is_below = accelerator.listeners.iter().any(|listener| {
                listener.arn == arn || listener.groups.iter().any(|group| group.arn == arn)
            });
            if is_below {
                return Ok(told(&[]));
            }
        }
    }
    let mut attachments = call.world.attachments.iter();
    if attachments.any(|known| known.arn == arn && known.owner == call.caller.account) {
        return Ok(told(&[]));
    }
    Err(if !arn.starts_with("arn:aws:globalaccelerator:") {
        invalid(format!(
            "The value of ResourceArn is not an ARN of Global Accelerator: '{arn}'."
        ))
    } else if arn.contains("/endpoint-group/") {
        no_group(&arn)
    } else if arn.contains("/listener/") {
        no_listener(&arn)
    } else if arn.contains(":attachment/") {
        no_attachment(&arn)
    } else {
        no_accelerator(&arn)
    })
}
