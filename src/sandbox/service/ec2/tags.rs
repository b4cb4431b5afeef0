//! Tags of instances.

use std::borrow::Cow;

use super::super::{Answer, Call, Refused};
use super::known::{self, Keeper, Known};
use crate::sandbox::failure::Failure;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::work::Tags;

type Asked = Vec<(String, Option<String>)>;

/// The instances and the tags of a request; each of those has to be there.
fn asked(call: &Call<'_>) -> Result<(Vec<Known>, Asked), Refused> {
    let ids = call.input.texts("ResourceId");
    if ids.is_empty() {
        let words = "The request must contain the parameter resourceIdSet";
        return Err(Failure::new(400, "MissingParameter", words).into());
    }
    let known: Result<Vec<Known>, Refused> = ids.iter().map(|id| known::of(call, id)).collect();
    let tags = call.input.list("Tag").iter().filter_map(Value::map);
    let tags: Asked = tags
        .map(|tag| {
            let key = tag.text("Key").unwrap_or_default().into_owned();
            // A value that is empty is a value.
            let value = tag.get("Value").and_then(Value::text).map(Cow::into_owned);
            (key, value)
        })
        .collect();
    if tags.iter().any(|(key, _)| key.starts_with("aws:")) {
        let words = "Tag keys starting with 'aws:' are reserved for internal use";
        return Err(Failure::new(400, "InvalidParameterValue", words).into());
    }
    Ok((known?, tags))
}

fn change(call: &Call<'_>, known: &Known, then: impl FnOnce(&mut Tags)) {
    match known.keeper {
        Keeper::Stack => call.world.instance(call.spot(), &known.made, |instance| {
            then(&mut instance.tags);
        }),
        Keeper::Group => call.world.group(call.spot(), &known.made, |group| {
            group.tag(&known.id, then);
        }),
    }
}

pub(super) fn create(call: &Call<'_>) -> Answer {
    let (instances, tags) = asked(call)?;
    for known in &instances {
        change(call, known, |own| {
            for (key, value) in &tags {
                own.insert(key.clone(), value.clone().unwrap_or_default());
            }
        });
    }
    Ok(Map::new().with("return", true))
}

pub(super) fn delete(call: &Call<'_>) -> Answer {
    let (instances, tags) = asked(call)?;
    for known in &instances {
        change(call, known, |own| {
            own.retain(|key, value| {
                let is_meant = |(asked, only): &(String, Option<String>)| {
                    asked == key && only.as_ref().is_none_or(|only| only == value)
                };
                !tags.iter().any(is_meant)
            });
        });
    }
    Ok(Map::new().with("return", true))
}
