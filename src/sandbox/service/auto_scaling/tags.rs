//! Tags of groups: where a tool may write down what a group was like before it was stopped.

use std::borrow::Cow;

use super::super::{Answer, Call, Refused};
use super::ask::{self, invalid};
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::work::{GroupTag, Made};

const MOST: usize = 50;

pub(super) fn written(made: &Made, key: &str, tag: &GroupTag) -> Map {
    Map::new()
        .with("ResourceId", &made.physical)
        .with("ResourceType", "auto-scaling-group")
        .with("Key", key)
        .with("Value", &tag.value)
        .with("PropagateAtLaunch", tag.propagates)
}

/// One tag of a request, and the group that it is for.
struct Asked {
    made: Made,
    key: String,
    value: Option<String>,
    propagates: bool,
}

fn asked(call: &Call<'_>) -> Result<Vec<Asked>, Refused> {
    let tags = call.input.list("Tags").iter().filter_map(Value::map);
    let asked = tags.map(|tag| {
        let text = |member| tag.text(member).unwrap_or_default();
        if tag
            .text("ResourceType")
            .is_some_and(|kind| kind != "auto-scaling-group")
        {
            return Err(invalid(format!(
                "Tag resource type {} is not supported.",
                text("ResourceType")
            )));
        }
        let key = text("Key").into_owned();
        if key.is_empty() || key.chars().count() > 128 {
            return Err(invalid(format!(
                "1 validation error detected: Value '{key}' at 'tags.1.member.key' failed to satisfy constraint: \
                 Member must have length between 1 and 128"
            )));
        }
        if key.starts_with("aws:") {
            return Err(invalid(
                "Tag keys starting with 'aws:' are reserved for internal use",
            ));
        }
        Ok(Asked {
            made: ask::of(call, &text("ResourceId"))?,
            key,
            value: tag.text("Value").map(Cow::into_owned),
            propagates: tag.says("PropagateAtLaunch"),
        })
    });
    asked.collect()
}

pub(super) fn create(call: &Call<'_>) -> Answer {
    for asked in asked(call)? {
        call.world.group(call.spot(), &asked.made, |group| {
            if group.tags.len() >= MOST && !group.tags.contains_key(&asked.key) {
                return Err(invalid(format!(
                    "The number of tags for {} would be more than {MOST}.",
                    asked.made.physical
                )));
            }
            let tag = GroupTag {
                value: asked.value.clone().unwrap_or_default(),
                propagates: asked.propagates,
            };
            group.tags.insert(asked.key.clone(), tag);
            Ok(())
        })?;
    }
    Ok(Map::new())
}

pub(super) fn delete(call: &Call<'_>) -> Answer {
    for asked in asked(call)? {
        call.world.group(call.spot(), &asked.made, |group| {
            let known = group.tags.get(&asked.key);
            // One with a value is for a tag that has it; AWS deletes no other.
            let is_meant =
                |tag: &GroupTag| asked.value.as_ref().is_none_or(|own| *own == tag.value);
            if known.is_some_and(is_meant) {
                group.tags.remove(&asked.key);
            }
        });
    }
    Ok(Map::new())
}

pub(super) fn describe(call: &Call<'_>) -> Answer {
    let mut all: Vec<Map> = Vec::new();
    for made in ask::groups(call) {
        call.world.group(call.spot(), &made, |group| {
            let tags = group.tags.iter();
            all.extend(tags.map(|(key, tag)| written(&made, key, tag)));
        });
    }
    let filters = call.input.list("Filters").iter();
    for filter in filters.filter_map(Value::map) {
        let member = match filter.text("Name").as_deref() {
            Some("auto-scaling-group") => "ResourceId",
            Some("key") => "Key",
            Some("value") => "Value",
            Some("propagate-at-launch") => "PropagateAtLaunch",
            Some(other) => return Err(invalid(format!("Filter type {other} is not correct."))),
            None => return Err(invalid("A filter has no name.")),
        };
        let wanted = filter.texts("Values");
        all.retain(|tag| {
            tag.text(member)
                .is_some_and(|own| wanted.iter().any(|value| *value == own))
        });
    }
    let name = |tag: &Map| {
        let part = |member| tag.text(member).unwrap_or_default();
        format!("{}/{}", part("ResourceId"), part("Key"))
    };
    ask::paged(call, "Tags", (all, 100), name, Clone::clone)
}
