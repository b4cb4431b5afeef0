//! Aliases: where they point, and pointing them elsewhere.

use super::super::{Answer, Call, Refused};
use super::ask::{Found, LATEST, arn, constraint, invalid, missing, named, page, stale};
use crate::sandbox::failure::Failure;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::lambda::Pointing;

pub(super) fn list(call: &Call<'_>) -> Answer {
    let found = named(call)?;
    let now = call.now.timestamp_millis();
    let mut aliases = found.lambda.aliases(found.base(call), now);
    if let Some(version) = call.input.text("FunctionVersion") {
        aliases.retain(|(_, pointing)| pointing.version == version);
    }
    let (page, next) = page(call, aliases, |(name, _)| name.clone())?;
    let written = page
        .iter()
        .map(|(name, pointing)| described(call, &found, name, pointing));
    Ok(Map::new()
        .with_some("NextMarker", next)
        .with("Aliases", written.collect::<Value>()))
}

fn described(call: &Call<'_>, found: &Found<'_>, name: &str, pointing: &Pointing) -> Map {
    let beside = pointing.beside.as_ref().map(|(version, weight)| {
        let weights = Map::new().with(version.clone(), *weight);
        Map::new().with("AdditionalVersionWeights", weights)
    });
    Map::new()
        .with("AliasArn", format!("{}:{name}", arn(call, found.name())))
        .with("Name", name)
        .with("FunctionVersion", &pointing.version)
        .with("Description", &pointing.description)
        .with_some("RoutingConfig", beside)
        .with("RevisionId", &pointing.revision)
}

fn wanted(call: &Call<'_>) -> Result<String, Refused> {
    let name = call.input.text("Name").unwrap_or_default().into_owned();
    let letter = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    let digits = name.chars().all(|letter| letter.is_ascii_digit());
    if name.is_empty() || digits || !name.chars().all(letter) {
        return Err(constraint(
            &format!("'{name}'"),
            "name",
            "satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)",
        ));
    }
    Ok(name)
}

fn current(call: &Call<'_>, found: &Found<'_>, name: &str) -> Result<Pointing, Refused> {
    found.alias(call, name).ok_or_else(|| {
        let arn = arn(call, found.name());
        missing(format!("Cannot find alias arn: {arn}:{name}"))
    })
}

pub(super) fn get(call: &Call<'_>) -> Answer {
    let (found, name) = (named(call)?, wanted(call)?);
    let pointing = current(call, &found, &name)?;
    Ok(described(call, &found, &name, &pointing))
}

pub(super) fn create(call: &Call<'_>) -> Answer {
    let (found, name) = (named(call)?, wanted(call)?);
    if found.alias(call, &name).is_some() {
        let words = format!("Alias already exists: {}:{name}", arn(call, found.name()));
        return Err(Failure::new(409, "ResourceConflictException", words).into());
    }
    let Some(version) = call.input.text("FunctionVersion") else {
        return Err(constraint("null", "functionVersion", "not be null"));
    };
    let nowhere = Pointing {
        since: call.now.timestamp_millis(),
        version: version.into_owned(),
        beside: None,
        description: String::new(),
        revision: String::new(),
    };
    pointed(call, &found, &name, nowhere)
}

pub(super) fn update(call: &Call<'_>) -> Answer {
    let (found, name) = (named(call)?, wanted(call)?);
    let before = current(call, &found, &name)?;
    if let Some(revision) = call.input.text("RevisionId")
        && revision != before.revision
    {
        return Err(stale());
    }
    let version = call.input.text("FunctionVersion");
    let after = Pointing {
        since: call.now.timestamp_millis(),
        version: version.map_or_else(|| before.version.clone(), std::borrow::Cow::into_owned),
        ..before
    };
    pointed(call, &found, &name, after)
}

/// Points the alias, if all that it is to point to is there.
fn pointed(call: &Call<'_>, found: &Found<'_>, name: &str, mut to: Pointing) -> Answer {
    published(call, found, &to.version)?;
    if let Some(description) = call.input.text("Description") {
        to.description = description.into_owned();
    }
    // Left out, the routing stays; empty, it goes.
    if let Some(routing) = call.input.get("RoutingConfig").and_then(Value::map) {
        to.beside = beside(call, found, routing)?;
    }
    if let Some((version, _)) = &to.beside {
        if *version == to.version {
            return Err(invalid(format!(
                "Invalid function version {version}. Function version {version} is already included in routing \
                 configuration."
            )));
        }
        if to.version == LATEST {
            return Err(invalid(
                "$LATEST is not supported for an alias pointing to more than 1 version",
            ));
        }
    }
    let pointing = found.lambda.point(name, to);
    Ok(described(call, found, name, &pointing))
}

fn beside(
    call: &Call<'_>,
    found: &Found<'_>,
    routing: &Map,
) -> Result<Option<(String, f64)>, Refused> {
    let weights = routing.get("AdditionalVersionWeights").and_then(Value::map);
    let Some(weights) = weights.filter(|weights| weights.iter().len() > 0) else {
        return Ok(None);
    };
    let mut all = weights.iter();
    let (Some((version, weight)), None) = (all.next(), all.next()) else {
        return Err(invalid(
            "Number of items in AdditionalVersionWeights cannot be greater than 1",
        ));
    };
    let weight = weight.text().and_then(|text| text.parse::<f64>().ok());
    let Some(weight) = weight.filter(|weight| (0.0..=1.0).contains(weight)) else {
        return Err(invalid(format!(
            "Invalid value for weight of version {version}. Weights must be between 0.0 and 1.0."
        )));
    };
    published(call, found, version)?;
    Ok((weight > 0.0).then(|| (version.to_owned(), weight)))
}

fn published(call: &Call<'_>, found: &Found<'_>, version: &str) -> Result<(), Refused> {
    let is_number = version.chars().all(|letter| letter.is_ascii_digit());
    if version.is_empty() || (version != LATEST && !is_number) {
        return Err(constraint(
            &format!("'{version}'"),
            "functionVersion",
            "satisfy regular expression pattern: (\\$LATEST|[0-9]+)",
        ));
    }
    found.version(call, version).map(|_| ())
}
