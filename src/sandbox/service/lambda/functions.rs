//! Functions, and what the account may have of them.

use super::super::{Answer, Call};
use super::ask::{self, Found, LATEST, arn, known, named, page};
use super::concurrency::{self, ACCOUNT_LIMIT};
use super::configuration::described;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::lambda::Version;
use crate::sandbox::world::random::Dice;

pub(super) fn list(call: &Call<'_>) -> Answer {
    let all = match call.input.text("FunctionVersion").as_deref() {
        None => false,
        Some("ALL") => true,
        Some(other) => {
            return Err(ask::constraint(
                &format!("'{other}'"),
                "functionVersion",
                "satisfy enum value set: [ALL]",
            ));
        }
    };
    let mut listed: Vec<(Found<'_>, Option<Version>)> = Vec::new();
    for function in ask::functions(call)? {
        if all {
            let versions = known(call, function.clone()).versions(call);
            let versions = versions.into_iter().map(Some);
            listed.extend(versions.map(|version| (known(call, function.clone()), version)));
        }
        listed.push((known(call, function), None));
    }
    let (page, next) = page(call, listed, |(found, version)| {
        let version = version
            .as_ref()
            .map_or_else(|| LATEST.to_owned(), |version| version.number.to_string());
        format!("{}:{version}", found.name())
    })?;
    let written = page
        .iter()
        .map(|(found, version)| described(call, found, version.as_ref(), all.then_some("")));
    Ok(Map::new()
        .with_some("NextMarker", next)
        .with("Functions", written.collect::<Value>()))
}

pub(super) fn configuration(call: &Call<'_>) -> Answer {
    let found = named(call)?;
    let qualifier = found.qualifier.as_deref().unwrap_or(LATEST);
    let version = found.version(call, qualifier)?;
    Ok(described(
        call,
        &found,
        version.as_ref(),
        found.qualifier.as_deref(),
    ))
}

pub(super) fn get(call: &Call<'_>) -> Answer {
    let found = named(call)?;
    let configuration = configuration(call)?;
    let reserved = found.lambda.reserved(call.now.timestamp_millis());
    let tags = super::tags::written(call, &found);
    let code = Map::new()
        .with("RepositoryType", "S3")
        .with("Location", signed_url(call, found.name()));
    Ok(Map::new()
        .with("Configuration", configuration)
        .with("Code", code)
        .with("Tags", tags)
        .with_some(
            "Concurrency",
            reserved.map(|limit| Map::new().with("ReservedConcurrentExecutions", limit)),
        ))
}

/// Whoever has it can download the code for ten minutes: nothing to be shown or written down.
fn signed_url(call: &Call<'_>, name: &str) -> String {
    let mut dice = Dice::named(call.world.seed, call.id);
    format!(
        "https://awslambda-{}-tasks.s3.{}.amazonaws.com/snapshots/{}/{name}-{}?X-Amz-Expires=600&\
         X-Amz-Security-Token=CANARY-TOKEN-{}&X-Amz-Signature={}",
        call.region,
        call.region,
        call.caller.account,
        dice.uuid(),
        dice.hex(40),
        dice.hex(64)
    )
}

pub(super) fn settings(call: &Call<'_>) -> Answer {
    let functions = ask::functions(call)?;
    let count = i64::try_from(functions.len()).unwrap_or(i64::MAX);
    let sizes = functions.into_iter().map(|function| {
        let found = known(call, function);
        let version = found.latest(call);
        super::configuration::code_size(call, &found, version)
    });
    let unreserved = ACCOUNT_LIMIT - concurrency::reserved_by_all(call, None)?;
    Ok(Map::new()
        .with(
            "AccountLimit",
            Map::new()
                .with("TotalCodeSize", 80_530_636_800_i64)
                .with("CodeSizeUnzipped", 262_144_000_i64)
                .with("CodeSizeZipped", 52_428_800_i64)
                .with("ConcurrentExecutions", ACCOUNT_LIMIT)
                .with("UnreservedConcurrentExecutions", unreserved),
        )
        .with(
            "AccountUsage",
            Map::new()
                .with("TotalCodeSize", sizes.sum::<i64>())
                .with("FunctionCount", count),
        ))
}

/// A function's ARN with what it was asked for by.
pub(super) fn qualified(call: &Call<'_>, found: &Found<'_>, qualifier: Option<&str>) -> String {
    let plain = arn(call, found.name());
    match qualifier {
        None | Some("") => plain,
        Some(qualifier) => format!("{plain}:{qualifier}"),
    }
}
