//! Tags of services.

use super::super::{Answer, Call, Refused};
use super::ask::{self, invalid};
use crate::sandbox::failure::Failure;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::work::Made;

const MOST: usize = 50;

/// The service whose ARN the request carries; nothing else here has tags.
fn named(call: &Call<'_>) -> Result<Made, Refused> {
    let arn = call.input.text("resourceArn").unwrap_or_default();
    if !arn.starts_with("arn:aws:ecs:") {
        return Err(invalid(format!("Invalid resource ARN: {arn}")));
    }
    let mut all = ask::services(call).into_iter();
    let found = all.find(|made| made.physical == arn);
    found.ok_or_else(|| {
        let words = "The specified resource wasn't found.";
        Failure::new(400, "ResourceNotFoundException", words).into()
    })
}

pub(super) fn tag(call: &Call<'_>) -> Answer {
    let made = named(call)?;
    let tags = call.input.list("tags").iter().filter_map(Value::map);
    let tags: Vec<(String, String)> = tags
        .map(|tag| {
            let text = |member| tag.text(member).unwrap_or_default().into_owned();
            (text("key"), text("value"))
        })
        .collect();
    if tags.iter().any(|(key, _)| key.is_empty()) {
        return Err(invalid("A tag has no key."));
    }
    if tags.iter().any(|(key, _)| key.starts_with("aws:")) {
        return Err(invalid("Tag keys must not begin with aws:."));
    }
    call.world.service(call.spot(), &made, |service| {
        let mut after = service.tags.clone();
        after.extend(tags);
        if after.len() > MOST {
            return Err(invalid(format!("There can be no more than {MOST} tags.")));
        }
        service.tags = after;
        Ok(Map::new())
    })
}

pub(super) fn untag(call: &Call<'_>) -> Answer {
    let made = named(call)?;
    let keys = call.input.texts("tagKeys");
    call.world.service(call.spot(), &made, |service| {
        service.tags.retain(|key, _| !keys.contains(key));
    });
    Ok(Map::new())
}

pub(super) fn list(call: &Call<'_>) -> Answer {
    let made = named(call)?;
    let tags = call
        .world
        .service(call.spot(), &made, |service| ask::written(&service.tags));
    Ok(Map::new().with("tags", tags))
}
