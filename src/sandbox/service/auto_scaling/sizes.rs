//! Sizes of groups, and changing them.
//!
//! Whoever sets only the least or the most moves the desired size with it, without a word; that is AWS's way.

use super::super::{Answer, Call, Refused};
use super::ask::{invalid, named};
use crate::sandbox::failure::Failure;
use crate::sandbox::value::Map;
use crate::sandbox::world::work::Sizes;

/// Two changes within so many milliseconds get into each other's way.
const CONTENTION: i64 = 1_000;

/// A member that has to be a whole number that is not negative.
fn size(call: &Call<'_>, member: &str, name: &str) -> Result<Option<i64>, Refused> {
    let Some(text) = call.input.text(member) else {
        return Ok(None);
    };
    let number = text.parse::<i64>().ok().filter(|number| *number >= 0);
    number.map(Some).ok_or_else(|| {
        invalid(format!(
            "1 validation error detected: Value '{text}' at '{name}' failed to satisfy constraint: Member must have \
             value greater than or equal to 0"
        ))
    })
}

fn between(sizes: Sizes) -> Result<Sizes, Refused> {
    let Sizes { min, desired, max } = sizes;
    if min > max {
        return Err(invalid(format!(
            "Max bound, {max}, must be greater than or equal to min bound, {min}"
        )));
    }
    if !(min..=max).contains(&desired) {
        return Err(invalid(format!(
            "Desired capacity:{desired} must be between the specified min size:{min} and max size:{max}"
        )));
    }
    Ok(sizes)
}

pub(super) fn update(call: &Call<'_>) -> Answer {
    let made = named(call)?;
    let min = size(call, "MinSize", "minSize")?;
    let max = size(call, "MaxSize", "maxSize")?;
    let desired = size(call, "DesiredCapacity", "desiredCapacity")?;
    let now = call.now.timestamp_millis();
    call.world.group(call.spot(), &made, |group| {
        if group.changed.is_some_and(|at| now - at < CONTENTION) {
            let words = "You already have a pending update to an Amazon EC2 Auto Scaling resource.";
            return Err(Failure::new(500, "ResourceContention", words).into());
        }
        let (min, max) = (
            min.unwrap_or(group.sizes.min),
            max.unwrap_or(group.sizes.max),
        );
        // Whether the bounds fit together is said first, or else there is nothing to move within.
        between(Sizes {
            min,
            desired: min,
            max,
        })?;
        let moved = group.sizes.desired.clamp(min, max);
        let sizes = between(Sizes {
            min,
            desired: desired.unwrap_or(moved),
            max,
        })?;
        if sizes != group.sizes {
            group.resize(sizes, now);
        }
        Ok(Map::new())
    })
}

pub(super) fn set_desired(call: &Call<'_>) -> Answer {
    let made = named(call)?;
    let desired = size(call, "DesiredCapacity", "desiredCapacity")?;
    let now = call.now.timestamp_millis();
    call.world.group(call.spot(), &made, |group| {
        let desired = desired.unwrap_or(group.sizes.desired);
        let Sizes { min, max, .. } = group.sizes;
        if desired > max {
            return Err(invalid(format!(
                "New SetDesiredCapacity value {desired} is above max value {max} for the AutoScalingGroup."
            )));
        }
        if desired < min {
            return Err(invalid(format!(
                "New SetDesiredCapacity value {desired} is below min value {min} for the AutoScalingGroup."
            )));
        }
        if call.input.says("HonorCooldown")
            && let Some(activity) = group.moving(now)
        {
            let words = format!(
                "Scaling activity {} is in progress and blocks this action",
                activity.id
            );
            return Err(Failure::new(400, "ScalingActivityInProgress", words).into());
        }
        let sizes = Sizes {
            desired,
            ..group.sizes
        };
        if sizes != group.sizes {
            group.resize(sizes, now);
        }
        Ok(Map::new())
    })
}
