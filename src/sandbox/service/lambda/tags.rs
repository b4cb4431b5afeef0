//! Tags of functions: their stacks', and what clients made of those.

use std::collections::BTreeMap;

use super::super::{Answer, Call, Refused};
use super::ask::{self, Found, arn, invalid, known, missing};
use crate::sandbox::value::{Map, Value};

const MOST: usize = 50;

fn tags(call: &Call<'_>, found: &Found<'_>) -> BTreeMap<String, String> {
    let stack = found.function.stack;
    let version = stack.standing(call.now);
    let version = version.map_or_else(String::new, |standing| standing.version.to_string());
    let of_stack = stack.born.tags.iter();
    let of_stack = of_stack.map(|(key, value)| (key.clone(), value.replace("{version}", &version)));
    found.lambda.tags(of_stack.collect())
}

pub(super) fn written(call: &Call<'_>, found: &Found<'_>) -> Map {
    let tags = tags(call, found).into_iter();
    tags.fold(Map::new(), |map, (key, value)| map.with(key, value))
}

/// The function whose ARN the path is; nothing else here has tags, and no part of a function has its own.
fn named<'c>(call: &Call<'c>) -> Result<Found<'c>, Refused> {
    let asked = call.input.text("Resource").unwrap_or_default();
    let mut all = ask::functions(call)?.into_iter();
    let found = all.find(|function| arn(call, &function.resource.physical) == asked);
    match found {
        Some(function) => Ok(known(call, function)),
        None => Err(missing(format!(
            "The resource you requested does not exist: {asked}"
        ))),
    }
}

pub(super) fn list(call: &Call<'_>) -> Answer {
    let found = named(call)?;
    Ok(Map::new().with("Tags", written(call, &found)))
}

pub(super) fn tag(call: &Call<'_>) -> Answer {
    let found = named(call)?;
    let asked = call.input.get("Tags").and_then(Value::map);
    let Some(asked) = asked.filter(|tags| tags.iter().len() > 0) else {
        return Err(invalid("Tags must not be empty."));
    };
    let mut after = tags(call, &found);
    for (key, value) in asked.iter() {
        if key.is_empty() || key.starts_with("aws:") {
            return Err(invalid(format!("The tag key {key:?} is not allowed.")));
        }
        let value = value.text().unwrap_or_default().into_owned();
        after.insert(key.to_owned(), value);
    }
    if after.len() > MOST {
        return Err(invalid(format!(
            "A function can have no more than {MOST} tags."
        )));
    }
    for (key, _) in asked.iter() {
        found.lambda.tag(key, after.remove(key));
    }
    Ok(Map::new())
}

pub(super) fn untag(call: &Call<'_>) -> Answer {
    let found = named(call)?;
    for key in call.input.texts("TagKeys") {
        found.lambda.tag(&key, None);
    }
    Ok(Map::new())
}
