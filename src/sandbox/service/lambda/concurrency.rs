//! Reserved and provisioned concurrency.

use super::super::{Answer, Call, Refused};
use super::ask::{self, Found, arn, constraint, invalid, known, named, page};
use super::configuration::stamp;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::lambda::ACTIVE;

/// Concurrent executions of an account in a region.
pub(super) const ACCOUNT_LIMIT: i64 = 1_000;
/// What cannot be reserved away.
const UNRESERVED: i64 = 100;
/// What checkout's API keeps warm.
const PROVISIONED: i64 = 20;

pub(super) fn get(call: &Call<'_>) -> Answer {
    let found = named(call)?;
    let reserved = found.lambda.reserved(call.now.timestamp_millis());
    Ok(Map::new().with_some("ReservedConcurrentExecutions", reserved))
}

/// What all functions but one have reserved.
pub(super) fn reserved_by_all(call: &Call<'_>, but: Option<&str>) -> Result<i64, Refused> {
    let now = call.now.timestamp_millis();
    let functions = ask::functions(call)?.into_iter();
    let others = functions.filter(|function| but != Some(function.resource.physical.as_str()));
    let reserved = others.filter_map(|function| known(call, function).lambda.reserved(now));
    Ok(reserved.sum())
}

pub(super) fn put(call: &Call<'_>) -> Answer {
    let found = named(call)?;
    let limit = call.input.integer("ReservedConcurrentExecutions");
    let Some(limit) = limit.filter(|limit| *limit >= 0) else {
        let value = limit.map_or_else(|| "null".to_owned(), |limit| format!("'{limit}'"));
        return Err(constraint(
            &value,
            "reservedConcurrentExecutions",
            "have value greater than or equal to 0",
        ));
    };
    let others = reserved_by_all(call, Some(found.name()))?;
    if ACCOUNT_LIMIT - others - limit < UNRESERVED {
        return Err(invalid(format!(
            "Specified ReservedConcurrentExecutions for function decreases account's \
             UnreservedConcurrentExecution below its minimum value of [{UNRESERVED}]."
        )));
    }
    found
        .lambda
        .reserve(call.now.timestamp_millis(), Some(limit));
    Ok(Map::new().with("ReservedConcurrentExecutions", limit))
}

pub(super) fn delete(call: &Call<'_>) -> Answer {
    named(call)?
        .lambda
        .reserve(call.now.timestamp_millis(), None);
    Ok(Map::new())
}

pub(super) fn provisioned(call: &Call<'_>) -> Answer {
    let found = named(call)?;
    let all: Vec<Map> = warm(&found)
        .then(|| {
            let modified = found.function.modified(call.now).unwrap_or(call.now);
            Map::new()
                .with(
                    "FunctionArn",
                    format!("{}:{ACTIVE}", arn(call, found.name())),
                )
                .with("RequestedProvisionedConcurrentExecutions", PROVISIONED)
                .with("AvailableProvisionedConcurrentExecutions", PROVISIONED)
                .with("AllocatedProvisionedConcurrentExecutions", PROVISIONED)
                .with("Status", "READY")
                .with("LastModified", stamp(modified))
        })
        .into_iter()
        .collect();
    let (page, next) = page(call, all, |_| ACTIVE.to_owned())?;
    Ok(Map::new()
        .with("ProvisionedConcurrencyConfigs", Value::from(page))
        .with_some("NextMarker", next))
}

fn warm(found: &Found<'_>) -> bool {
    let function = &found.function;
    function.stack.service() == "checkout" && function.resource.logical == "Function"
}
