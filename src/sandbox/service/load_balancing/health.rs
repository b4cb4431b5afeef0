//! How targets stand, with AWS's reasons.

use super::super::{Answer, Call, Refused};
use super::ask;
use crate::sandbox::failure::Failure;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::balancer::{Target, TargetGroup, TargetKind};
use crate::sandbox::world::health::{Health, Symptom};

pub(super) fn describe(call: &Call<'_>) -> Answer {
    let arn = call.input.text("TargetGroupArn").unwrap_or_default();
    if !arn.starts_with("arn:aws:elasticloadbalancing:") {
        return Err(ask::invalid(format!(
            "'{arn}' is not a valid target group ARN"
        )));
    }
    let mut groups = ask::groups(call)?.into_iter();
    let found = groups.find(|(_, group)| group.arn == arn);
    let (_, group) = found.ok_or_else(ask::no_group)?;
    let now = call.now.timestamp_millis();
    let place = (call.caller.account.as_str(), call.region);
    let checked = call.world.checked(place, group);
    let healths = checked.iter().map(|target| target.health(now));
    let all: Vec<(&Target, Health)> = group.targets.iter().zip(healths).collect();
    let wanted = call.input.list("Targets");
    let described: Vec<Map> = if wanted.is_empty() {
        all.iter()
            .map(|(target, health)| described(group, target, *health))
            .collect()
    } else {
        let wanted = wanted.iter().filter_map(Value::map);
        let each = wanted.map(|wanted| one(group, &all, wanted));
        each.collect::<Result<_, Refused>>()?
    };
    Ok(Map::new().with("TargetHealthDescriptions", described))
}

/// A target that was asked for by its id.
fn one(group: &TargetGroup, all: &[(&Target, Health)], wanted: &Map) -> Result<Map, Refused> {
    let Some(id) = wanted.text("Id") else {
        let words = "The ID of a target must be specified";
        return Err(Failure::new(400, "InvalidTarget", words).into());
    };
    if let Some((target, health)) = all.iter().find(|(target, _)| target.id == id) {
        return Ok(described(group, target, *health));
    }
    let state = Map::new()
        .with("State", "unused")
        .with("Reason", "Target.NotRegistered")
        .with(
            "Description",
            "Target is not registered to the target group",
        );
    let target = Map::new()
        .with("Id", id)
        .with("Port", wanted.integer("Port").unwrap_or(group.port));
    Ok(Map::new()
        .with("Target", target)
        .with("TargetHealth", state))
}

fn described(group: &TargetGroup, target: &Target, health: Health) -> Map {
    let named = Map::new().with("Id", &target.id);
    let (state, reason, description) = told(group, health);
    let state = Map::new()
        .with("State", state)
        .with_some("Reason", reason)
        .with_some("Description", description);
    match group.kind {
        TargetKind::Function => Map::new().with("Target", named),
        TargetKind::Address => Map::new()
            .with(
                "Target",
                named
                    .with("Port", group.port)
                    .with("AvailabilityZone", &target.zone),
            )
            .with("HealthCheckPort", group.port.to_string()),
    }
    .with("TargetHealth", state)
}

type Told = (&'static str, Option<&'static str>, Option<String>);

fn told(group: &TargetGroup, health: Health) -> Told {
    let of = |state, reason, words: &str| (state, Some(reason), Some(words.to_owned()));
    match health {
        Health::Healthy => ("healthy", None, None),
        Health::Initial => of(
            "initial",
            "Elb.InitialHealthChecking",
            "Initial health checks in progress",
        ),
        Health::Registering => of(
            "initial",
            "Elb.RegistrationInProgress",
            "Target registration is in progress",
        ),
        Health::Draining => of(
            "draining",
            "Target.DeregistrationInProgress",
            "Target deregistration is in progress",
        ),
        Health::Unused => of(
            "unused",
            "Target.NotInUse",
            "Target group is not configured to receive traffic from the load balancer",
        ),
        // Who only opens a connection sees no status.
        Health::Unhealthy(Symptom::Code(code)) if group.path.is_some() => of(
            "unhealthy",
            "Target.ResponseCodeMismatch",
            &format!("Health checks failed with these codes: [{code}]"),
        ),
        Health::Unhealthy(Symptom::Timeout) if group.path.is_some() => {
            of("unhealthy", "Target.Timeout", "Request timed out")
        }
        Health::Unhealthy(_) => of(
            "unhealthy",
            "Target.FailedHealthChecks",
            "Health checks failed",
        ),
    }
}
