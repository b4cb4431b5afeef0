//! Event source mappings: the queues and tables that functions read from.

use chrono::TimeDelta;

use super::super::{Answer, Call};
use super::ask::{self, Found, arn, known, named, page};
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::random::Dice;
use crate::sandbox::world::stack::Resource;

pub(super) fn list(call: &Call<'_>) -> Answer {
    let functions: Vec<Found<'_>> = if call.input.text("FunctionName").is_some() {
        vec![named(call)?]
    } else {
        let all = ask::functions(call)?.into_iter();
        all.map(|function| known(call, function)).collect()
    };
    let source = call.input.text("EventSourceArn");
    let mut mappings: Vec<Map> = functions.iter().flat_map(|found| of(call, found)).collect();
    if let Some(source) = source {
        mappings.retain(|mapping| mapping.text("EventSourceArn") == Some(source.clone()));
    }
    let (page, next) = page(call, mappings, |mapping| {
        mapping.text("UUID").unwrap_or_default().into_owned()
    })?;
    Ok(Map::new()
        .with_some("NextMarker", next)
        .with("EventSourceMappings", Value::from(page)))
}

/// A function reads from the queue or table that its stack has beside it: `WorkerFunction` from
/// `WorkerQueue`.
fn of(call: &Call<'_>, found: &Found<'_>) -> Vec<Map> {
    let resources = &found.function.stack.resources;
    let stem = found.function.resource.logical.strip_suffix("Function");
    let Some(stem) = stem.filter(|stem| !stem.is_empty()) else {
        return Vec::new();
    };
    let own = |resource: &&Resource| resource.logical.starts_with(stem);
    resources
        .iter()
        .filter(own)
        .filter_map(|resource| mapping(call, found, resource))
        .collect()
}

fn mapping(call: &Call<'_>, found: &Found<'_>, source: &Resource) -> Option<Map> {
    let place = format!("{}:{}", call.region, call.caller.account);
    let mut dice = Dice::named(
        call.world.seed,
        &format!("{place}/{}/source", source.physical),
    );
    let uuid = dice.uuid();
    let modified = found.function.modified(call.now).unwrap_or(call.now);
    // Somebody switched one off, and forgot.
    let forgotten = call.region == "us-west-2" && found.function.stack.service() == "orders";
    let ailing = found.lambda.failing(call.now.timestamp_millis());
    let ailing = ailing.is_some_and(|share| share > 0.3);
    let common = |arn: String| {
        Map::new()
            .with("UUID", uuid.as_str())
            .with("EventSourceArn", arn)
            .with("FunctionArn", ask_arn(call, found))
            .with("LastModified", modified - TimeDelta::minutes(2))
            .with("State", if forgotten { "Disabled" } else { "Enabled" })
            .with("StateTransitionReason", "USER_INITIATED")
    };
    match source.kind.as_str() {
        "AWS::SQS::Queue" => {
            let name = source.physical.rsplit('/').next().unwrap_or_default();
            Some(
                common(format!("arn:aws:sqs:{place}:{name}"))
                    .with("BatchSize", 10_i64)
                    .with("MaximumBatchingWindowInSeconds", 0_i64)
                    .with("FunctionResponseTypes", vec!["ReportBatchItemFailures"]),
            )
        }
        "AWS::DynamoDB::Table" => Some(
            common(format!(
                "arn:aws:dynamodb:{place}:table/{}/stream/2026-01-12T08:30:11.204",
                source.physical
            ))
            .with("BatchSize", 100_i64)
            .with("MaximumBatchingWindowInSeconds", 5_i64)
            .with("ParallelizationFactor", 1_i64)
            .with("StartingPosition", "LATEST")
            .with("MaximumRetryAttempts", -1_i64)
            .with("MaximumRecordAgeInSeconds", -1_i64)
            .with("BisectBatchOnFunctionError", false)
            .with("TumblingWindowInSeconds", 0_i64)
            .with(
                "LastProcessingResult",
                if ailing {
                    "PROBLEM: Function call failed"
                } else {
                    "OK"
                },
            ),
        ),
        _ => None,
    }
}

fn ask_arn(call: &Call<'_>, found: &Found<'_>) -> String {
    arn(call, found.name())
}
