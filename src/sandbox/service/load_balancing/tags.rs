//! Tags of load balancers and of what belongs to them.

use super::super::{Answer, Call, Refused};
use super::ask;
use crate::sandbox::value::{Map, Value};

pub(super) fn describe(call: &Call<'_>) -> Answer {
    let arns = call.input.texts("ResourceArns");
    if arns.is_empty() || arns.len() > 20 {
        return Err(ask::invalid(
            "The number of resource ARNs must be between 1 and 20",
        ));
    }
    let described = arns.iter().map(|arn| {
        let tags = tags(call, arn)?.into_iter();
        let tags = tags.map(|(key, value)| Map::new().with("Key", key).with("Value", value));
        Ok(Map::new()
            .with("ResourceArn", arn)
            .with("Tags", tags.collect::<Value>()))
    });
    let described = described.collect::<Result<Vec<Map>, Refused>>()?;
    Ok(Map::new().with("TagDescriptions", described))
}

/// What is below a balancer has its tags.
fn tags(call: &Call<'_>, arn: &str) -> Result<Vec<(String, String)>, Refused> {
    for balancer in ask::balancers(call)? {
        let is_below = balancer.doors.iter().any(|door| door.arn == arn)
            || balancer.groups.iter().any(|group| group.arn == arn);
        if balancer.arn == arn || is_below {
            return Ok(balancer.tags.clone());
        }
    }
    Err(if arn.contains(":targetgroup/") {
        ask::no_group()
    } else if arn.contains(":listener/") {
        ask::no_listener()
    } else {
        ask::no_balancer(&[arn.to_owned()])
    })
}
