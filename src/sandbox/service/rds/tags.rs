//! Tags of databases and clusters.

use super::super::{Answer, Call, Refused};
use super::ask::{self, invalid};
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::work::Made;

const MOST: usize = 50;

/// What the ARN of a request is of.
fn named(call: &Call<'_>) -> Result<Made, Refused> {
    let arn = call.input.text("ResourceName").unwrap_or_default();
    let kind = arn.split(':').nth(5).unwrap_or_default();
    let (all, missing): (Vec<Made>, fn(&str) -> Refused) = match kind {
        "db" => (ask::instances(call), ask::no_instance),
        "cluster" => (ask::clusters(call), ask::no_cluster),
        _ => return Err(invalid(format!("Invalid resource name: {arn}"))),
    };
    let mut all = all.into_iter();
    let found = all.find(|made| ask::arn(call, kind, &made.physical) == arn);
    found.ok_or_else(|| missing(&arn))
}

pub(super) fn add(call: &Call<'_>) -> Answer {
    let made = named(call)?;
    let tags = call.input.list("Tags").iter().filter_map(Value::map);
    let tags: Vec<(String, String)> = tags
        .map(|tag| {
            let text = |member| tag.text(member).unwrap_or_default().into_owned();
            (text("Key"), text("Value"))
        })
        .collect();
    if tags
        .iter()
        .any(|(key, _)| key.is_empty() || key.starts_with("aws:"))
    {
        return Err(invalid(
            "Tag keys must have letters and must not begin with aws:.",
        ));
    }
    call.world.database(call.spot(), &made, |found| {
        let mut after = found.tags.clone();
        after.extend(tags);
        if after.len() > MOST {
            return Err(invalid(format!("There can be no more than {MOST} tags.")));
        }
        found.tags = after;
        Ok(Map::new())
    })
}

pub(super) fn remove(call: &Call<'_>) -> Answer {
    let made = named(call)?;
    let keys = call.input.texts("TagKeys");
    call.world.database(call.spot(), &made, |found| {
        found.tags.retain(|key, _| !keys.contains(key));
    });
    Ok(Map::new())
}

pub(super) fn list(call: &Call<'_>) -> Answer {
    let made = named(call)?;
    let tags = call
        .world
        .database(call.spot(), &made, |found| ask::written(&found.tags));
    Ok(Map::new().with("TagList", tags))
}
