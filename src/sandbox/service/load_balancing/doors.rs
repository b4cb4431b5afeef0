//! Listeners and their rules: what goes to which group.

use super::super::{Answer, Call};
use super::ask::{self, invalid};
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::balancer::{Balancer, Door};

pub(super) fn describe(call: &Call<'_>) -> Answer {
    let arns = call.input.texts("ListenerArns");
    let balancer = call.input.text("LoadBalancerArn");
    let found: Vec<(&Balancer, &Door)> = match (&balancer, arns.is_empty()) {
        (Some(arn), true) => {
            let balancer = ask::balancer(call, arn)?;
            balancer.doors.iter().map(|door| (balancer, door)).collect()
        }
        (None, false) => {
            let mut found = all(call)?;
            found.retain(|(_, door)| arns.contains(&door.arn));
            if found.len() < arns.len() {
                return Err(ask::no_listener());
            }
            found
        }
        (None, true) | (Some(_), false) => {
            return Err(invalid(
                "You must specify either listener ARNs or a load balancer ARN",
            ));
        }
    };
    ask::paged(
        call,
        "Listeners",
        found,
        |(_, door)| door.arn.clone(),
        |(balancer, door)| described(balancer, door),
    )
}

fn all<'c>(call: &Call<'c>) -> Result<Vec<(&'c Balancer, &'c Door)>, super::super::Refused> {
    let balancers = ask::balancers(call)?.into_iter();
    let doors = balancers.flat_map(|balancer| {
        let doors = balancer.doors.iter();
        doors.map(move |door| (balancer, door))
    });
    Ok(doors.collect())
}

/// What is done with a request: it goes to a group.
fn forward(balancer: &Balancer, group: usize) -> Vec<Map> {
    let group = balancer.groups.get(group).or(balancer.groups.first());
    let forward = group.map(|group| {
        let tuple = Map::new()
            .with("TargetGroupArn", &group.arn)
            .with("Weight", 1_i64);
        let stickiness = Map::new().with("Enabled", false);
        Map::new()
            .with("Type", "forward")
            .with("TargetGroupArn", &group.arn)
            .with("Order", 1_i64)
            .with(
                "ForwardConfig",
                Map::new()
                    .with("TargetGroups", vec![tuple])
                    .with("TargetGroupStickinessConfig", stickiness),
            )
    });
    forward.into_iter().collect()
}

fn described(balancer: &Balancer, door: &Door) -> Map {
    let certificates = door.certificate.as_ref().map(|arn| {
        let certificate = Map::new().with("CertificateArn", arn);
        vec![certificate]
    });
    let policy = door
        .certificate
        .as_ref()
        .map(|_| "ELBSecurityPolicy-TLS13-1-2-2021-06");
    Map::new()
        .with("ListenerArn", &door.arn)
        .with("LoadBalancerArn", &balancer.arn)
        .with("Port", door.port)
        .with("Protocol", door.protocol)
        .with_some("Certificates", certificates)
        .with_some("SslPolicy", policy)
        .with("DefaultActions", forward(balancer, 0))
}

pub(super) fn rules(call: &Call<'_>) -> Answer {
    let wanted = call.input.texts("RuleArns");
    let listener = call.input.text("ListenerArn");
    if listener.is_none() == wanted.is_empty() {
        return Err(invalid("You must specify either listener ARN or rule ARNs"));
    }
    let mut found = all(call)?;
    if let Some(arn) = listener {
        found.retain(|(_, door)| door.arn == arn);
        if found.is_empty() {
            return Err(ask::no_listener());
        }
    }
    let rules = found.iter().flat_map(|(balancer, door)| of(balancer, door));
    let mut rules: Vec<Map> = rules.collect();
    let arn = |rule: &Map| rule.text("RuleArn").unwrap_or_default().into_owned();
    rules.retain(|rule| wanted.is_empty() || wanted.contains(&arn(rule)));
    if rules.len() < wanted.len() {
        let words = "One or more rules not found";
        return Err(crate::sandbox::failure::Failure::new(400, "RuleNotFound", words).into());
    }
    ask::paged(call, "Rules", rules, arn, Clone::clone)
}

fn of(balancer: &Balancer, door: &Door) -> Vec<Map> {
    let base = door.arn.replacen(":listener/", ":listener-rule/", 1);
    let rule = |place: usize, priority: &str, group: usize| {
        Map::new()
            .with("RuleArn", format!("{base}/{place:016x}"))
            .with("Priority", priority)
            .with("Actions", forward(balancer, group))
    };
    let paths = door.rules.iter().zip(1_usize..);
    let rules = paths.map(|((path, group), place)| {
        let config = Map::new().with("Values", vec![path.as_str()]);
        let condition = Map::new()
            .with("Field", "path-pattern")
            .with("Values", vec![path.as_str()])
            .with("PathPatternConfig", config);
        rule(place, &(place * 10).to_string(), *group)
            .with("Conditions", vec![condition])
            .with("IsDefault", false)
    });
    let otherwise = rule(0, "default", 0)
        .with("Conditions", Value::List(Vec::new()))
        .with("IsDefault", true);
    rules.chain([otherwise]).collect()
}
