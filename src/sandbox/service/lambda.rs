//! Lambda, as far as one asks where a function logs.

use super::{Answer, Call, Refused};
use crate::sandbox::failure::Failure;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::function::{self, Function, Runtime};
use crate::sandbox::world::random::Dice;

/// The most functions on one page, asked for or not.
const PAGE: usize = 50;

pub(super) fn answer(call: &Call<'_>) -> Answer {
    match call.operation {
        "ListFunctions" => list(call),
        "GetFunctionConfiguration" => configuration(call),
        _ => Err(call.unknown_operation()),
    }
}

fn list(call: &Call<'_>) -> Answer {
    let mut functions = functions(call)?;
    functions.sort_by(|left, right| left.resource.physical.cmp(&right.resource.physical));
    let most = call.input.integer("MaxItems").unwrap_or(50);
    let Some(most) = usize::try_from(most)
        .ok()
        .filter(|most| (1..=10_000).contains(most))
    else {
        let words = format!(
            "1 validation error detected: Value '{most}' at 'maxItems' failed to satisfy constraint: \
             Member must have value between 1 and 10000"
        );
        return Err(Failure::new(400, "InvalidParameterValueException", words).into());
    };
    let start = match call.input.text("Marker") {
        None => 0,
        Some(marker) => functions
            .iter()
            .position(|function| marker == after(function))
            .map(|place| place + 1)
            .ok_or_else(|| Failure::new(400, "InvalidParameterValueException", "Invalid Marker"))?,
    };
    let end = functions.len().min(start + most.min(PAGE));
    let next = (end < functions.len()).then(|| after(&functions[end - 1]));
    let page = functions[start..end]
        .iter()
        .map(|function| described(call, function));
    Ok(Map::new()
        .with_some("NextMarker", next)
        .with("Functions", page.collect::<Value>()))
}

fn after(function: &Function<'_>) -> String {
    format!("after-{}", function.resource.physical)
}

fn configuration(call: &Call<'_>) -> Answer {
    let asked = call.input.text("FunctionName").unwrap_or_default();
    // A name, or an ARN, whole or in part, with or without a qualifier.
    let name = asked
        .split_once("function:")
        .map_or(asked.as_ref(), |(_, name)| name);
    let name = name.split(':').next().unwrap_or(name);
    let functions = functions(call)?;
    let found = functions
        .iter()
        .find(|function| function.resource.physical == name);
    found
        .map(|function| described(call, function))
        .ok_or_else(|| {
            let words = format!("Function not found: {}", arn(call, name));
            Failure::new(404, "ResourceNotFoundException", words).into()
        })
}

/// The functions that exist now.
fn functions<'c>(call: &Call<'c>) -> Result<Vec<Function<'c>>, Refused> {
    let estate = call.world.estate(&call.caller.account, call.region)?;
    let functions = function::functions(call.world.seed, &estate.stacks);
    let exists = |function: &Function<'_>| {
        let resources = function.stack.resources(call.now);
        let own = &function.resource.logical;
        let stands = function.stack.standing(call.now);
        stands.is_some_and(|standing| standing.deleted.is_none())
            && resources.iter().any(|known| known.resource.logical == *own)
    };
    Ok(functions.filter(exists).collect())
}

fn arn(call: &Call<'_>, name: &str) -> String {
    format!(
        "arn:aws:lambda:{}:{}:function:{name}",
        call.region, call.caller.account
    )
}

fn described(call: &Call<'_>, function: &Function<'_>) -> Map {
    let name = &function.resource.physical;
    let mut dice = Dice::named(call.world.seed, &format!("{name}/code"));
    let modified = function.modified(call.now).unwrap_or(call.now);
    let handler = match function.runtime {
        Runtime::Node => "index.handler",
        Runtime::Python => "app.handler",
        Runtime::Java => "com.example.Handler::handleRequest",
    };
    Map::new()
        .with("FunctionName", name)
        .with("FunctionArn", arn(call, name))
        .with("Runtime", function.runtime.id())
        .with(
            "Role",
            format!("arn:aws:iam::{}:role/{name}-Role", call.caller.account),
        )
        .with("Handler", handler)
        .with("CodeSize", dice.between(40_000, 9_000_000))
        .with("Description", "")
        .with("Timeout", function.timeout)
        .with("MemorySize", function.memory)
        .with(
            "LastModified",
            modified.format("%Y-%m-%dT%H:%M:%S%.3f+0000").to_string(),
        )
        .with("Version", "$LATEST")
        .with("PackageType", "Zip")
        .with("Architectures", vec!["arm64"])
        .with("State", "Active")
        .with("LastUpdateStatus", "Successful")
        .with(
            "LoggingConfig",
            Map::new()
                .with("LogFormat", "Text")
                .with("LogGroup", function.log_group.as_str()),
        )
}
