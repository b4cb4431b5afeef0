//! Functions, from `ListFunctions` and `GetFunctionConfiguration`.
//!
//! Both send environment variables in clear. Their names are kept, their values end here.

use super::{attempts, count};
use crate::aws::page::Page;
use crate::aws::problem::Failure;
use crate::aws::shape::{optional, text};
use crate::domain::function::Condition;
use crate::domain::{Function, FunctionState, Package, Timestamp, Untrusted, UpdateStatus};
use aws_sdk_lambda::{Client, types};
use chrono::{DateTime, TimeDelta, Utc};

/// A function of the two answers that tell of one: the same members in two types of the SDK.
macro_rules! function {
    ($shape:expr) => {{
        let shape = $shape;
        let name = text(shape.function_name());
        let own_group = shape
            .logging_config()
            .and_then(types::LoggingConfig::log_group);
        Function {
            log_group: own_group.map_or_else(
                || Untrusted::new(format!("/aws/lambda/{}", name.exact())),
                Untrusted::new,
            ),
            name,
            arn: text(shape.function_arn()),
            runtime: optional(shape.runtime().map(types::Runtime::as_str)),
            package: Package::parse(shape.package_type().map_or("", types::PackageType::as_str)),
            handler: optional(shape.handler()),
            memory: count(shape.memory_size()),
            timeout: TimeDelta::seconds(shape.timeout().unwrap_or_default().into()),
            architectures: shape
                .architectures()
                .iter()
                .map(|architecture| Untrusted::new(architecture.as_str()))
                .collect(),
            modified: moment(shape.last_modified()),
            code: text(shape.code_sha256()),
            code_size: shape.code_size().try_into().unwrap_or_default(),
            description: optional(shape.description()),
            role: optional(shape.role()),
            environment: names(shape.environment()),
            layers: shape
                .layers()
                .iter()
                .filter_map(|layer| optional(layer.arn()))
                .collect(),
            vpc: shape
                .vpc_config()
                .and_then(|network| optional(network.vpc_id())),
            condition: None,
        }
    }};
}

/// Every function, by name.
pub(in crate::aws) async fn list(client: &Client) -> Result<Vec<Function>, Failure> {
    let mut functions = Vec::new();
    let mut page = Some(Page::First);
    while let Some(at) = page {
        let answer = client
            .list_functions()
            .set_marker(at.token())
            .customize()
            .config_override(attempts(&at))
            .send()
            .await?;
        functions.extend(answer.functions().iter().map(|shape| function!(shape)));
        page = at.next(answer.next_marker);
    }
    functions.sort_by(|a: &Function, b| a.name.cmp(&b.name));
    Ok(functions)
}

/// One function, with its state.
pub(in crate::aws) async fn get(client: &Client, name: &Untrusted) -> Result<Function, Failure> {
    let answer = client
        .get_function_configuration()
        .function_name(name.exact())
        .send()
        .await?;
    Ok(Function {
        condition: Some(Condition {
            state: FunctionState::parse(answer.state().map_or("", types::State::as_str)),
            reason: optional(answer.state_reason()),
            update: UpdateStatus::parse(
                answer
                    .last_update_status()
                    .map_or("", types::LastUpdateStatus::as_str),
            ),
            update_reason: optional(answer.last_update_status_reason()),
        }),
        ..function!(&answer)
    })
}

/// Where a function writes: its own setting, or the name that Lambda gives.
pub(in crate::aws) async fn log_group(
    client: &Client,
    function: &Untrusted,
) -> Result<Untrusted, Failure> {
    Ok(get(client, function).await?.log_group)
}

/// The names of the environment's variables, sorted.
fn names(environment: Option<&types::EnvironmentResponse>) -> Vec<Untrusted> {
    let variables = environment.and_then(types::EnvironmentResponse::variables);
    let mut names: Vec<Untrusted> = variables
        .into_iter()
        .flat_map(|variables| variables.keys())
        .map(|name| Untrusted::new(name.as_str()))
        .collect();
    names.sort();
    names
}

/// Lambda writes times with a zone that has no colon, `2026-11-20T14:00:00.000+0000`; servers that only stand in for it
/// write what RFC 3339 allows.
pub(super) fn moment(time: Option<&str>) -> Option<Timestamp> {
    let time = time?;
    let own = DateTime::parse_from_str(time, "%Y-%m-%dT%H:%M:%S%.f%z");
    let time = own.or_else(|_| DateTime::parse_from_rfc3339(time)).ok()?;
    Some(time.with_timezone(&Utc))
}
