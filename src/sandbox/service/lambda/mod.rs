//! Lambda: functions, their versions and aliases, concurrency, tags, event sources, and invocations.

mod aliases;
mod ask;
mod concurrency;
mod configuration;
mod functions;
mod invoke;
mod sources;
mod tags;
mod versions;

use super::{Answer, Call};
use crate::sandbox::failure::Refusal;

/// Requests a second of the control plane together, and of `GetFunction`.
const TOGETHER: f64 = 15.0;
const GET_FUNCTION: f64 = 100.0;

pub(super) fn answer(call: &Call<'_>) -> Answer {
    call.estate()?;
    let allowed = match call.operation {
        "Invoke" => true,
        "GetFunction" => call.within("GetFunction", GET_FUNCTION),
        _ => call.within("lambda", TOGETHER),
    };
    if !allowed {
        return Err(Refusal::Throttled.into());
    }
    match call.operation {
        "ListFunctions" => functions::list(call),
        "GetFunction" => functions::get(call),
        "GetFunctionConfiguration" => functions::configuration(call),
        "GetAccountSettings" => functions::settings(call),
        "ListVersionsByFunction" => versions::list(call),
        "PublishVersion" => versions::publish(call),
        "ListAliases" => aliases::list(call),
        "GetAlias" => aliases::get(call),
        "CreateAlias" => aliases::create(call),
        "UpdateAlias" => aliases::update(call),
        "ListEventSourceMappings" => sources::list(call),
        "GetFunctionConcurrency" => concurrency::get(call),
        "PutFunctionConcurrency" => concurrency::put(call),
        "DeleteFunctionConcurrency" => concurrency::delete(call),
        "ListProvisionedConcurrencyConfigs" => concurrency::provisioned(call),
        "ListTags" => tags::list(call),
        "TagResource" => tags::tag(call),
        "UntagResource" => tags::untag(call),
        "Invoke" => invoke::invoke(call),
        _ => Err(call.unknown_operation()),
    }
}
