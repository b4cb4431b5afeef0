//! A function's configuration, of one of its versions.
//!
//! The environment is in clear, as it is in AWS, and full of things that look like secrets: a client that
//! lets one of them through is found by the word `CANARY`.

use chrono::{DateTime, Utc};

use super::super::Call;
use super::ask::{Found, LATEST};
use super::functions::qualified;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::function::Runtime;
use crate::sandbox::world::lambda::Version;
use crate::sandbox::world::random::Dice;

/// The one function that is a container image.
const IMAGE: &str = "InstallAddons";

/// `version` is `None` for `$LATEST`; `qualifier` is what the ARN ends with: the version's own where it is
/// empty.
pub(super) fn described(
    call: &Call<'_>,
    found: &Found<'_>,
    version: Option<&Version>,
    qualifier: Option<&str>,
) -> Map {
    let function = &found.function;
    let number = version.map_or_else(|| found.latest(call), |version| version.number);
    let name = version.map_or_else(|| LATEST.to_owned(), |version| version.number.to_string());
    let modified = version.map_or_else(
        || function.modified(call.now).unwrap_or(call.now),
        |version| version.published,
    );
    let qualifier = match (qualifier, version) {
        (Some(""), _) => Some(name.as_str()),
        (qualifier, _) => qualifier,
    };
    let image = function.resource.logical == IMAGE;
    let mut written = Map::new()
        .with("FunctionName", found.name())
        .with("FunctionArn", qualified(call, found, qualifier));
    if !image {
        let handler = match function.runtime {
            Runtime::Node => "index.handler",
            Runtime::Python => "app.handler",
            Runtime::Java => "com.example.Handler::handleRequest",
        };
        written.set("Runtime", function.runtime.id());
        written.set("Handler", handler);
    }
    let description = version.map_or("", |version| version.description.as_str());
    let mut written = written
        .with(
            "Role",
            format!(
                "arn:aws:iam::{}:role/{}-Role",
                call.caller.account,
                found.name()
            ),
        )
        .with("CodeSize", code_size(call, found, number))
        .with("Description", description)
        .with("Timeout", function.timeout)
        .with("MemorySize", function.memory)
        .with("LastModified", stamp(modified))
        .with("CodeSha256", function.code_hash(call.world.seed, number))
        .with("Version", name.as_str())
        .with("VpcConfig", network(call, found))
        .with("Environment", environment(call, found, number))
        .with("TracingConfig", Map::new().with("Mode", "PassThrough"))
        .with("RevisionId", revision(found, &name))
        .with("PackageType", if image { "Image" } else { "Zip" })
        .with("Architectures", vec!["arm64"])
        .with("EphemeralStorage", Map::new().with("Size", 512_i64))
        .with(
            "SnapStart",
            Map::new()
                .with("ApplyOn", "None")
                .with("OptimizationStatus", "Off"),
        )
        .with(
            "LoggingConfig",
            Map::new()
                .with("LogFormat", "Text")
                .with("LogGroup", function.log_group.as_str()),
        )
        .with("State", "Active");
    state(call, found, version, &mut written);
    written
}

pub(super) fn revision(found: &Found<'_>, version: &str) -> String {
    found.lambda.revision(&format!("version/{version}"))
}

pub(super) fn code_size(call: &Call<'_>, found: &Found<'_>, version: i64) -> i64 {
    let hash = found.function.code_hash(call.world.seed, version);
    Dice::named(call.world.seed, &hash).between(40_000, 9_000_000)
}

/// As Lambda writes times: with a zone that has no colon.
pub(super) fn stamp(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%dT%H:%M:%S%.3f+0000").to_string()
}

/// How the last update of `$LATEST` went: as the stack's did.
fn state(call: &Call<'_>, found: &Found<'_>, version: Option<&Version>, written: &mut Map) {
    let status = found
        .function
        .stack
        .standing(call.now)
        .map_or("", |standing| standing.status);
    let failed = found.function.failed_update();
    match (version, failed, status) {
        (None, Some(reason), _) => {
            written.set("LastUpdateStatus", "Failed");
            written.set("LastUpdateStatusReason", reason);
            written.set("LastUpdateStatusReasonCode", "InvalidConfiguration");
        }
        (None, None, "UPDATE_IN_PROGRESS") => {
            written.set("LastUpdateStatus", "InProgress");
            written.set("LastUpdateStatusReason", "The function is being created.");
            written.set("LastUpdateStatusReasonCode", "Creating");
        }
        _ => written.set("LastUpdateStatus", "Successful"),
    }
}

fn network(call: &Call<'_>, found: &Found<'_>) -> Map {
    let inside = ["WorkerFunction", "PricingFunction"];
    if !inside.contains(&found.function.resource.logical.as_str()) {
        return Map::new()
            .with("SubnetIds", Value::List(Vec::new()))
            .with("SecurityGroupIds", Value::List(Vec::new()))
            .with("VpcId", "")
            .with("Ipv6AllowedForDualStack", false);
    }
    let place = format!("{}/{}/network", call.caller.account, call.region);
    let mut dice = Dice::named(call.world.seed, &place);
    let mut id = |kind: &str| format!("{kind}-{}", dice.hex(17));
    Map::new()
        .with("VpcId", id("vpc"))
        .with("SubnetIds", vec![id("subnet"), id("subnet")])
        .with("SecurityGroupIds", vec![id("sg")])
        .with("Ipv6AllowedForDualStack", false)
}

fn environment(call: &Call<'_>, found: &Found<'_>, version: i64) -> Map {
    let function = &found.function;
    let mut dice = Dice::named(call.world.seed, &format!("{}/environment", found.name()));
    let mut variables = Map::new()
        .with("LOG_LEVEL", "info")
        .with("SERVICE", function.stack.service());
    if function.has_versions() {
        variables.set(
            "DATABASE_PASSWORD",
            format!("CANARY-PASSWORD-{}", dice.hex(16)),
        );
        variables.set("PAYMENT_API_KEY", format!("sk_live_CANARY{}", dice.hex(24)));
    }
    if found.base(call).is_some_and(|base| version > base + 1) {
        variables.set("PRICES_URL", "https://prices.internal:8443");
    }
    Map::new().with("Variables", variables)
}
