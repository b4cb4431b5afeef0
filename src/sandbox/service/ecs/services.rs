//! Services as they are, and how many containers they are to keep.

use chrono::DateTime;

use super::super::{Answer, Call, page};
use super::ask::{self, cluster, find, invalid, no_service, parts};
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::work::{Made, Service};

/// The most services in one request.
const MOST: usize = 10;

pub(super) fn describe(call: &Call<'_>) -> Answer {
    let wanted = call.input.texts("services");
    if wanted.is_empty() {
        return Err(invalid("services can not be empty."));
    }
    if wanted.len() > MOST {
        return Err(invalid(format!("services cannot exceed {MOST} items.")));
    }
    let all = ask::services(call);
    let cluster = cluster(call, &all)?;
    let has_tags = call.input.texts("include").iter().any(|one| one == "TAGS");
    let mut services: Vec<Map> = Vec::new();
    let mut failures: Vec<Map> = Vec::new();
    for asked in &wanted {
        if let Some(made) = find(&all, &cluster, asked) {
            services.push(told(call, made, has_tags));
        } else {
            let (region, account) = (call.region, &call.caller.account);
            let arn = format!("arn:aws:ecs:{region}:{account}:service/{cluster}/{asked}");
            let arn = if asked.starts_with("arn:") {
                asked
            } else {
                &arn
            };
            failures.push(Map::new().with("arn", arn).with("reason", "MISSING"));
        }
    }
    Ok(Map::new()
        .with("services", services)
        .with("failures", failures))
}

fn told(call: &Call<'_>, made: &Made, has_tags: bool) -> Map {
    call.world.service(call.spot(), made, |service| {
        let told = described(call, made, service);
        if has_tags {
            return told.with("tags", ask::written(&service.tags));
        }
        told
    })
}

fn described(call: &Call<'_>, made: &Made, service: &Service) -> Map {
    let now = call.now.timestamp_millis();
    let (cluster, name) = parts(made);
    let (region, account) = (call.region, &call.caller.account);
    let mut dice = call.world.id_of(call.spot(), made);
    let task = format!(
        "arn:aws:ecs:{region}:{account}:task-definition/{}:{}",
        made.stack,
        dice.between(20, 400)
    );
    let (running, pending) = (service.running(now), service.pending(now));
    let is_steady = running == service.desired;
    let born = DateTime::from_timestamp_millis(made.born).unwrap_or_default();
    let changed = DateTime::from_timestamp_millis(service.changed.0).unwrap_or_default();
    let deployment = Map::new()
        .with("id", format!("ecs-svc/{}", dice.between(1 << 60, i64::MAX)))
        .with("status", "PRIMARY")
        .with("taskDefinition", &task)
        .with("desiredCount", service.desired)
        .with("pendingCount", pending)
        .with("runningCount", running)
        .with("failedTasks", 0_i64)
        .with("createdAt", born)
        .with("updatedAt", changed)
        .with("launchType", "FARGATE")
        .with("platformVersion", "1.4.0")
        .with("platformFamily", "Linux")
        .with("rolloutState", "COMPLETED")
        .with("rolloutStateReason", "ECS deployment completed.".to_owned());
    let steady = Map::new()
        .with("id", dice.uuid())
        .with("createdAt", changed)
        .with(
            "message",
            format!("(service {name}) has reached a steady state."),
        );
    let events = is_steady.then_some(steady);
    Map::new()
        .with("serviceArn", &made.physical)
        .with("serviceName", name)
        .with("clusterArn", ask::cluster_arn(call, cluster))
        .with("loadBalancers", Value::List(Vec::new()))
        .with("serviceRegistries", Value::List(Vec::new()))
        .with("status", "ACTIVE")
        .with("desiredCount", service.desired)
        .with("runningCount", running)
        .with("pendingCount", pending)
        .with("launchType", "FARGATE")
        .with("platformVersion", "LATEST")
        .with("platformFamily", "Linux")
        .with("taskDefinition", task)
        .with("deployments", vec![deployment])
        .with("events", events.into_iter().collect::<Value>())
        .with("createdAt", born)
        .with("placementConstraints", Value::List(Vec::new()))
        .with("placementStrategy", Value::List(Vec::new()))
        .with("schedulingStrategy", "REPLICA")
        .with("deploymentController", Map::new().with("type", "ECS"))
        .with("enableECSManagedTags", false)
        .with("propagateTags", "NONE")
        .with("enableExecuteCommand", false)
}

pub(super) fn list(call: &Call<'_>) -> Answer {
    let mut all = ask::services(call);
    let cluster = cluster(call, &all)?;
    all.retain(|made| parts(made).0 == cluster);
    let most = call.input.integer("maxResults").unwrap_or(10);
    let Some(most) = usize::try_from(most)
        .ok()
        .filter(|most| (1..=100).contains(most))
    else {
        return Err(invalid("maxResults must be between 1 and 100."));
    };
    let token = call.input.text("nextToken");
    let cut = page::cut(all, most, token.as_deref(), |made| made.physical.clone());
    let (page, next) = cut.ok_or_else(|| invalid("Invalid token."))?;
    let arns = page.iter().map(|made| made.physical.as_str());
    Ok(Map::new()
        .with("serviceArns", arns.collect::<Value>())
        .with_some("nextToken", next))
}

pub(super) fn update(call: &Call<'_>) -> Answer {
    let all = ask::services(call);
    let cluster = cluster(call, &all)?;
    let asked = call.input.text("service").unwrap_or_default();
    let made = find(&all, &cluster, &asked).ok_or_else(no_service)?;
    let desired = call.input.get("desiredCount").map(Value::integer);
    let desired = match desired {
        None => None,
        Some(Some(desired)) if desired >= 0 => Some(desired),
        Some(Some(_) | None) => return Err(invalid("Desired count cannot be negative.")),
    };
    let now = call.now.timestamp_millis();
    let service = call.world.service(call.spot(), made, |service| {
        if let Some(desired) = desired {
            service.want(desired, now);
        }
        described(call, made, service)
    });
    Ok(Map::new().with("service", service))
}
