//! Groups as they are, and the instances in them.

use chrono::DateTime;

use super::super::{Answer, Call};
use super::ask;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::work::{Group, Lifecycle, Made, Member};

pub(super) fn describe(call: &Call<'_>) -> Answer {
    let names = call.input.texts("AutoScalingGroupNames");
    let mut found = ask::groups(call);
    found.retain(|made| names.is_empty() || names.contains(&made.physical));
    let filters = call.input.list("Filters").iter();
    for filter in filters.filter_map(Value::map) {
        found.retain(|made| {
            call.world
                .group(call.spot(), made, |group| passes(group, filter))
        });
    }
    ask::paged(
        call,
        "AutoScalingGroups",
        (found, 100),
        |made| made.physical.clone(),
        |made| {
            call.world
                .group(call.spot(), made, |group| described(call, made, group))
        },
    )
}

fn passes(group: &Group, filter: &Map) -> bool {
    let wanted = filter.texts("Values");
    match filter.text("Name").as_deref() {
        Some("tag-key") => group.tags.keys().any(|key| wanted.contains(key)),
        Some("tag-value") => group.tags.values().any(|tag| wanted.contains(&tag.value)),
        Some(name) => name.strip_prefix("tag:").is_some_and(|key| {
            let tag = group.tags.get(key);
            tag.is_some_and(|tag| wanted.contains(&tag.value))
        }),
        None => false,
    }
}

fn described(call: &Call<'_>, made: &Made, group: &Group) -> Map {
    let now = call.now.timestamp_millis();
    let members = group.members(now);
    let there = members.iter().filter(|member| is_there(member, now));
    let instances = there.map(|member| instance(call, made, member));
    let suspended = group.suspended.iter().map(|(process, since)| {
        let since = DateTime::from_timestamp_millis(*since).unwrap_or_default();
        let reason = format!("User suspended at {}", since.format("%Y-%m-%dT%H:%M:%SZ"));
        Map::new()
            .with("ProcessName", process)
            .with("SuspensionReason", reason)
    });
    let tags = group.tags.iter();
    let tags = tags.map(|(key, tag)| super::tags::written(made, key, tag));
    let zones = ["a", "b"].map(|zone| format!("{}{zone}", call.region));
    Map::new()
        .with("AutoScalingGroupName", &made.physical)
        .with("AutoScalingGroupARN", ask::arn(call, made))
        .with("LaunchTemplate", template(call, made))
        .with("MinSize", group.sizes.min)
        .with("MaxSize", group.sizes.max)
        .with("DesiredCapacity", group.sizes.desired)
        .with("DefaultCooldown", 300_i64)
        .with("AvailabilityZones", zones.to_vec())
        .with("LoadBalancerNames", Value::List(Vec::new()))
        .with("TargetGroupARNs", Value::List(Vec::new()))
        .with("HealthCheckType", "EC2")
        .with("HealthCheckGracePeriod", 300_i64)
        .with("Instances", instances.collect::<Value>())
        .with(
            "CreatedTime",
            DateTime::from_timestamp_millis(made.born).unwrap_or_default(),
        )
        .with("SuspendedProcesses", suspended.collect::<Value>())
        .with("EnabledMetrics", Value::List(Vec::new()))
        .with("Tags", tags.collect::<Value>())
        .with("TerminationPolicies", vec!["Default"])
        .with("NewInstancesProtectedFromScaleIn", false)
}

fn is_there(member: &Member, now: i64) -> bool {
    member.lifecycle(now) != Lifecycle::Terminated
}

fn template(call: &Call<'_>, made: &Made) -> Map {
    let mut dice = call.world.id_of(call.spot(), made);
    Map::new()
        .with("LaunchTemplateId", format!("lt-0{}", dice.hex(16)))
        .with("LaunchTemplateName", &made.stack)
        .with("Version", "1")
}

fn instance(call: &Call<'_>, made: &Made, member: &Member) -> Map {
    let state = match member.lifecycle(call.now.timestamp_millis()) {
        Lifecycle::Pending => "Pending",
        Lifecycle::InService => "InService",
        Lifecycle::Terminating => "Terminating",
        Lifecycle::Terminated => "Terminated",
    };
    let health = if member.switch.is_on() {
        "Healthy"
    } else {
        "Unhealthy"
    };
    Map::new()
        .with("InstanceId", &member.id)
        .with("InstanceType", "m7g.large")
        .with(
            "AvailabilityZone",
            format!("{}{}", call.region, member.zone),
        )
        .with("LifecycleState", state)
        .with("HealthStatus", health)
        .with("LaunchTemplate", template(call, made))
        .with("ProtectedFromScaleIn", false)
}

pub(super) fn instances(call: &Call<'_>) -> Answer {
    let wanted = call.input.texts("InstanceIds");
    let now = call.now.timestamp_millis();
    let mut found: Vec<(Made, Member)> = Vec::new();
    for made in ask::groups(call) {
        let members = call
            .world
            .group(call.spot(), &made, |group| group.members(now));
        let members = members.into_iter().filter(|member| {
            is_there(member, now) && (wanted.is_empty() || wanted.contains(&member.id))
        });
        found.extend(members.map(|member| (made.clone(), member)));
    }
    ask::paged(
        call,
        "AutoScalingInstances",
        (found, 50),
        |(_, member)| member.id.clone(),
        |(made, member)| {
            // Here AWS writes what is healthy in capitals.
            let written = instance(call, made, member);
            let health = written.text("HealthStatus").unwrap_or_default();
            let health = health.to_uppercase();
            written
                .with("HealthStatus", health)
                .with("AutoScalingGroupName", &made.physical)
        },
    )
}
