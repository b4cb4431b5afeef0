//! Groups: made, listed, kept for so many days, and dropped.

use super::ask::{check_name, constraint, exists, invalid, limit, missing, named, now, required};
use super::{Answer, Call};
use crate::sandbox::failure::Failure;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::logs::Group;

const CLASSES: [&str; 3] = ["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"];
const RETENTIONS: [i64; 22] = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1_096, 1_827, 2_192, 2_557,
    2_922, 3_288, 3_653,
];

pub(super) fn create(call: &Call<'_>) -> Answer {
    let name = required(call, "logGroupName")?;
    check_name(&name)?;
    let class = call
        .input
        .text("logGroupClass")
        .unwrap_or("STANDARD".into());
    if !CLASSES.contains(&class.as_ref()) {
        let rule = format!("satisfy enum value set: [{}]", CLASSES.join(", "));
        return Err(constraint(&format!("'{class}'"), "logGroupClass", &rule));
    }
    let place = (call.caller.account.as_str(), call.region);
    match call.world.make_log_group(place, &name, &class, now(call))? {
        Ok(_) => Ok(Map::new()),
        Err(_) => Err(exists("group")),
    }
}

pub(super) fn delete(call: &Call<'_>) -> Answer {
    let name = required(call, "logGroupName")?;
    check_name(&name)?;
    let gone = call
        .world
        .drop_log_group(&call.caller.account, call.region, &name)?;
    gone.map(|_| Map::new()).ok_or_else(|| missing("group"))
}

pub(super) fn keep(call: &Call<'_>) -> Answer {
    let group = named(call, &required(call, "logGroupName")?)?;
    let Some(days) = call.input.integer("retentionInDays") else {
        return Err(constraint("null", "retentionInDays", "not be null"));
    };
    if !RETENTIONS.contains(&days) {
        let known: Vec<String> = RETENTIONS.iter().map(ToString::to_string).collect();
        let rule = format!("satisfy enum value set: [{}]", known.join(", "));
        return Err(constraint(&format!("'{days}'"), "retentionInDays", &rule));
    }
    group.keep_for(days);
    Ok(Map::new())
}

pub(super) fn describe(call: &Call<'_>) -> Answer {
    let most = limit(call, 50)?;
    let prefix = call.input.text("logGroupNamePrefix");
    let pattern = call.input.text("logGroupNamePattern");
    if prefix.is_some() && pattern.is_some() {
        return Err(invalid(
            "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
        ));
    }
    let class = call.input.text("logGroupClass");
    let identifiers = call.input.texts("logGroupIdentifiers");
    let is_named = |group: &Group| {
        identifiers.is_empty()
            || identifiers
                .iter()
                .any(|asked| *asked == group.name || *asked == group.arn)
    };
    let mut groups = call.world.log_groups(&call.caller.account, call.region)?;
    groups.retain(|group| {
        prefix
            .as_deref()
            .is_none_or(|prefix| group.name.starts_with(prefix))
            && pattern
                .as_deref()
                .is_none_or(|part| group.name.contains(part))
            && class.as_deref().is_none_or(|class| group.class == class)
            && is_named(group)
    });
    let start = match call.input.text("nextToken") {
        None => 0,
        Some(token) => groups
            .iter()
            .position(|group| token == group.name)
            .ok_or_else(|| {
                Failure::new(
                    400,
                    "InvalidParameterException",
                    "The specified nextToken is invalid.",
                )
            })?,
    };
    let end = groups.len().min(start + most);
    let next = groups.get(end).map(|group| group.name.clone());
    let page = groups[start..end].iter().map(|group| match pattern {
        Some(_) => brief(group),
        None => described(group, now(call)),
    });
    Ok(Map::new()
        .with("logGroups", page.collect::<Value>())
        .with_some("nextToken", next))
}

/// All that is said of a group that was found by a part of its name.
fn brief(group: &Group) -> Map {
    Map::new()
        .with("logGroupName", &group.name)
        .with("creationTime", group.created)
        .with("arn", format!("{}:*", group.arn))
}

fn described(group: &Group, now: i64) -> Map {
    brief(group)
        .with_some("retentionInDays", group.retention())
        .with("metricFilterCount", 0_i64)
        .with("storedBytes", group.stored_bytes(now))
        .with("logGroupClass", &group.class)
        .with("logGroupArn", &group.arn)
}
