//! SSM: parameters, by name and by path.

use super::{Answer, Call, Refused, page};
use crate::sandbox::failure::Failure;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::parameter::Parameter;

/// The most parameters on one page, and in one request by name.
const PAGE: i64 = 10;

pub(super) fn answer(call: &Call<'_>) -> Answer {
    call.estate()?;
    match call.operation {
        "GetParameter" => get(call),
        "GetParameters" => get_many(call),
        "GetParametersByPath" => get_by_path(call),
        _ => Err(call.unknown_operation()),
    }
}

fn invalid(words: impl Into<String>) -> Refused {
    Failure::new(400, "ValidationException", words).into()
}

/// A parameter, and the part of what was asked that says which version.
struct Found<'c> {
    name: String,
    selector: Option<String>,
    parameter: &'c Parameter,
}

/// By name or ARN, perhaps with a version. No parameter here ever had a second.
fn find<'c>(call: &Call<'c>, asked: &str) -> Result<Option<Found<'c>>, Refused> {
    let estate = call.world.estate(&call.caller.account, call.region)?;
    let bare = asked
        .split_once(":parameter/")
        .filter(|(place, _)| place.starts_with("arn:"))
        .map_or_else(|| asked.to_owned(), |(_, name)| format!("/{name}"));
    let (name, selector) = match bare.split_once(':') {
        Some((name, selector)) => (name.to_owned(), Some(format!(":{selector}"))),
        None => (bare, None),
    };
    let parameter = estate.parameters.get(&name);
    let Some(parameter) = parameter.filter(|found| found.is_there(call.now)) else {
        return Ok(None);
    };
    if selector.as_deref().is_some_and(|version| version != ":1") {
        let words = format!("Systems Manager could not find version {asked} of the parameter.");
        return Err(Failure::new(400, "ParameterVersionNotFound", words).into());
    }
    Ok(Some(Found {
        name,
        selector,
        parameter,
    }))
}

fn described(call: &Call<'_>, found: &Found<'_>) -> Map {
    let parameter = found.parameter;
    let is_secret = parameter.kind == "SecureString" && !call.input.says("WithDecryption");
    let value = if is_secret {
        // What the key has made of it.
        format!("AQICAHh{:0>64}", parameter.value.len())
    } else {
        parameter.value.clone()
    };
    let slash = if found.name.starts_with('/') { "" } else { "/" };
    Map::new()
        .with("Name", &found.name)
        .with("Type", &parameter.kind)
        .with("Value", value)
        .with("Version", 1_i64)
        .with_some("Selector", found.selector.as_ref())
        .with("LastModifiedDate", parameter.modified)
        .with(
            "ARN",
            format!(
                "arn:aws:ssm:{}:{}:parameter{slash}{}",
                call.region, call.caller.account, found.name
            ),
        )
        .with("DataType", "text")
}

fn get(call: &Call<'_>) -> Answer {
    let Some(name) = call.input.text("Name") else {
        return Err(invalid(
            "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null",
        ));
    };
    let found = find(call, &name)?;
    // AWS says nothing more.
    let found = found.ok_or_else(|| Failure::new(400, "ParameterNotFound", ""))?;
    Ok(Map::new().with("Parameter", described(call, &found)))
}

fn get_many(call: &Call<'_>) -> Answer {
    let names = call.input.texts("Names");
    if names.is_empty() || names.len() > 10 {
        return Err(invalid(
            "1 validation error detected: Value at 'names' failed to satisfy constraint: Member must have length \
             between 1 and 10",
        ));
    }
    let mut parameters: Vec<Map> = Vec::new();
    let mut missing: Vec<String> = Vec::new();
    for name in names {
        match find(call, &name) {
            Ok(Some(found)) => parameters.push(described(call, &found)),
            Ok(None) | Err(_) => missing.push(name),
        }
    }
    Ok(Map::new()
        .with("Parameters", parameters)
        .with("InvalidParameters", missing))
}

fn get_by_path(call: &Call<'_>) -> Answer {
    let path = call.input.text("Path").unwrap_or_default();
    if !path.starts_with('/') {
        return Err(invalid(
            "The parameter doesn't meet the parameter name requirements. The parameter name must begin with a \
             forward slash \"/\".",
        ));
    }
    let asked = call.input.integer("MaxResults").unwrap_or(PAGE);
    if !(1..=PAGE).contains(&asked) {
        return Err(invalid(format!(
            "1 validation error detected: Value '{asked}' at 'maxResults' failed to satisfy constraint: Member must \
             have value between 1 and {PAGE}"
        )));
    }
    let kinds = kinds(call)?;
    let base = format!("{}/", path.trim_end_matches('/'));
    let is_deep = call.input.says("Recursive");
    let estate = call.world.estate(&call.caller.account, call.region)?;
    let below = estate.parameters.iter().filter(|(name, parameter)| {
        let rest = name.strip_prefix(&base);
        rest.is_some_and(|rest| is_deep || !rest.contains('/'))
            && parameter.is_there(call.now)
            && (kinds.is_empty() || kinds.contains(&parameter.kind))
    });
    let token = call.input.text("NextToken");
    let most = usize::try_from(asked).unwrap_or(1);
    let cut = page::cut(below.collect(), most, token.as_deref(), |(name, _)| {
        (*name).clone()
    });
    let (page, next) = cut.ok_or_else(|| {
        Failure::new(400, "InvalidNextToken", "The specified token is not valid.")
    })?;
    let described = page.into_iter().map(|(name, parameter)| {
        let found = Found {
            name: name.clone(),
            selector: None,
            parameter,
        };
        described(call, &found)
    });
    Ok(Map::new()
        .with("Parameters", described.collect::<Value>())
        .with_some("NextToken", next))
}

/// The types that filters leave over; empty for all.
fn kinds(call: &Call<'_>) -> Result<Vec<String>, Refused> {
    let mut kinds = Vec::new();
    let filters = call.input.list("ParameterFilters").iter();
    for filter in filters.filter_map(Value::map) {
        let key = filter.text("Key").unwrap_or_default();
        if key != "Type" {
            let words = format!("The following filter key is not valid: {key}.");
            return Err(Failure::new(400, "InvalidFilterKey", words).into());
        }
        kinds.extend(filter.texts("Values"));
    }
    Ok(kinds)
}
