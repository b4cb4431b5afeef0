//! Application Auto Scaling: what keeps services between two numbers.

use chrono::DateTime;

use super::{Answer, Call, Refused, page};
use crate::sandbox::failure::Failure;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::work::{Made, SERVICE, Target};

const DIMENSION: &str = "ecs:service:DesiredCount";
const SUSPENDED: [&str; 3] = [
    "DynamicScalingInSuspended",
    "DynamicScalingOutSuspended",
    "ScheduledScalingSuspended",
];

pub(super) fn answer(call: &Call<'_>) -> Answer {
    call.estate()?;
    match call.operation {
        "DescribeScalableTargets" => describe(call),
        "RegisterScalableTarget" => register(call),
        _ => Err(call.unknown_operation()),
    }
}

fn invalid(words: impl Into<String>) -> Refused {
    Failure::new(400, "ValidationException", words).into()
}

/// What Application Auto Scaling calls a service.
fn resource(made: &Made) -> String {
    let path = made.physical.split_once(":service/");
    format!("service/{}", path.map_or("", |(_, path)| path))
}

/// Whether the request is about what ECS runs; the sandbox scales nothing else.
fn is_about_services(call: &Call<'_>) -> Result<bool, Refused> {
    let Some(namespace) = call.input.text("ServiceNamespace") else {
        return Err(invalid(
            "1 validation error detected: Value null at 'serviceNamespace' failed to satisfy constraint: Member must \
             not be null",
        ));
    };
    let dimension = call.input.text("ScalableDimension");
    Ok(namespace == "ecs" && dimension.is_none_or(|asked| asked == DIMENSION))
}

fn described(call: &Call<'_>, made: &Made, target: &Target) -> Map {
    let (region, account) = (call.region, &call.caller.account);
    let since = DateTime::from_timestamp_millis(made.born).unwrap_or_default();
    let suspended = SUSPENDED.iter().zip(target.suspended);
    let suspended = suspended.fold(Map::new(), |map, (name, on)| map.with(*name, on));
    Map::new()
        .with("ServiceNamespace", "ecs")
        .with("ResourceId", resource(made))
        .with("ScalableDimension", DIMENSION)
        .with("MinCapacity", target.min)
        .with("MaxCapacity", target.max)
        .with(
            "RoleARN",
            format!(
                "arn:aws:iam::{account}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/\
                 AWSServiceRoleForApplicationAutoScaling_ECSService"
            ),
        )
        .with("CreationTime", since)
        .with("SuspendedState", suspended)
        .with("ScalableTargetARN", arn(call, region, made))
}

fn arn(call: &Call<'_>, region: &str, made: &Made) -> String {
    let hex = call.world.id_of(call.spot(), made).hex(20);
    let account = &call.caller.account;
    format!("arn:aws:application-autoscaling:{region}:{account}:scalable-target/0ec5{hex}")
}

fn describe(call: &Call<'_>) -> Answer {
    let wanted = call.input.texts("ResourceIds");
    let mut found: Vec<(Made, Target)> = Vec::new();
    if is_about_services(call)? {
        for made in call.world.made(call.spot(), SERVICE) {
            let is_wanted = wanted.is_empty() || wanted.contains(&resource(&made));
            let target = call
                .world
                .service(call.spot(), &made, |service| service.target);
            found.extend(target.filter(|_| is_wanted).map(|target| (made, target)));
        }
    }
    let most = call.input.integer("MaxResults").unwrap_or(50);
    let Some(most) = usize::try_from(most)
        .ok()
        .filter(|most| (1..=50).contains(most))
    else {
        return Err(invalid("MaxResults must be between 1 and 50."));
    };
    let token = call.input.text("NextToken");
    let cut = page::cut(found, most, token.as_deref(), |(made, _)| {
        made.physical.clone()
    });
    let words = "The next token supplied is invalid.";
    let (page, next) = cut.ok_or_else(|| Failure::new(400, "InvalidNextTokenException", words))?;
    let written = page
        .iter()
        .map(|(made, target)| described(call, made, target));
    Ok(Map::new()
        .with("ScalableTargets", written.collect::<Value>())
        .with_some("NextToken", next))
}

fn register(call: &Call<'_>) -> Answer {
    let asked = call.input.text("ResourceId").unwrap_or_default();
    let mut all = call.world.made(call.spot(), SERVICE).into_iter();
    let is_ours = is_about_services(call)? && call.input.text("ScalableDimension").is_some();
    let Some(made) = all.find(|made| is_ours && resource(made) == asked) else {
        return Err(invalid(format!(
            "ECS service doesn't exist: {}",
            asked.trim_start_matches("service/")
        )));
    };
    let now = call.now.timestamp_millis();
    call.world.service(call.spot(), &made, |service| {
        let known = service.target;
        let bound = |member: &str, own: Option<i64>| {
            let asked = call.input.integer(member).or(own);
            asked
                .filter(|bound| *bound >= 0)
                .ok_or_else(|| invalid(format!("{member} must be a number that is not negative.")))
        };
        let min = bound("MinCapacity", known.map(|known| known.min))?;
        let max = bound("MaxCapacity", known.map(|known| known.max))?;
        if min > max {
            return Err(invalid(
                "Maximum capacity cannot be less than minimum capacity",
            ));
        }
        let mut suspended = known.map_or([false; 3], |known| known.suspended);
        let state = call.input.get("SuspendedState").and_then(Value::map);
        for (place, name) in SUSPENDED.iter().enumerate() {
            if let Some(state) = state.filter(|state| state.get(name).is_some()) {
                suspended[place] = state.says(name);
            }
        }
        service.target = Some(Target {
            min,
            max,
            suspended,
            since: now,
        });
        Ok(())
    })?;
    Ok(Map::new().with("ScalableTargetARN", arn(call, call.region, &made)))
}
