//! What is watched while a deployment bakes: the alarms that are named, which have to exist, else the stack's own.

use super::bench::Bench;
use super::desk::{Desk, refusal, warns};
use crate::domain::operation::planning::expand;
use crate::domain::operation::{AlarmName, Deployment, Hazard};
use crate::domain::untrusted::sanitise;
use crate::domain::{
    Alarm, AlarmState, Kind, Problem, Reading, StackId, StackResource, Topic, Untrusted,
};

/// The alarms of one place, and what has to be known of them before anything is done.
pub(super) async fn watched(
    desk: &Desk,
    bench: &Bench<'_>,
    deployment: &Deployment,
) -> Result<(Vec<AlarmName>, Vec<Hazard>), Problem> {
    if !deployment.alarms.is_empty() {
        return named(desk, bench, deployment).await;
    }
    let (Some(stack), true) = (&bench.stack, deployment.bake > 0) else {
        return Ok((Vec::new(), Vec::new()));
    };
    let own = own(desk, bench, &stack.id).await?;
    Ok((own, Vec::new()))
}

async fn named(
    desk: &Desk,
    bench: &Bench<'_>,
    deployment: &Deployment,
) -> Result<(Vec<AlarmName>, Vec<Hazard>), Problem> {
    let scope = bench.scope;
    let Reading::Alarms(known) = desk.read(Topic::Alarms, scope).await? else {
        return Err(Problem::new(Kind::Bug, "Alarms were asked for."));
    };
    let (mut names, mut hazards) = (Vec::new(), Vec::new());
    for alarm in &deployment.alarms {
        let alarm = expand(alarm, scope, &bench.digits);
        // Behind the last colon of an ARN stands the name.
        let name = match alarm.strip_prefix("arn:") {
            Some(arn) => arn.rsplit(':').next().unwrap_or(arn),
            None => &alarm,
        };
        let is_it = |it: &&Alarm| it.name.exact() == name;
        let found = known.iter().find(is_it).ok_or_else(|| {
            refusal(format!(
                "There is no alarm {} in {scope}, and without it AWS lets the deployment of {} fail.",
                sanitise(name),
                bench.name.safe()
            ))
        })?;
        if found.state != AlarmState::Ok {
            hazards.push(warns(format!(
                "The alarm {} is not OK before anything is done: AWS takes back a deployment in which it rings.",
                found.name.safe()
            )));
        }
        names.push(AlarmName {
            scope: scope.clone(),
            name: found.name.clone(),
        });
    }
    Ok((names, hazards))
}

/// The alarms that a stack has made.
async fn own(desk: &Desk, bench: &Bench<'_>, stack: &StackId) -> Result<Vec<AlarmName>, Problem> {
    let topic = Topic::Resources(stack.clone());
    let Reading::Resources(resources) = desk.read(topic, bench.scope).await? else {
        return Ok(Vec::new());
    };
    let is_alarm = |resource: &&StackResource| {
        matches!(
            resource.resource_type.exact(),
            "AWS::CloudWatch::Alarm" | "AWS::CloudWatch::CompositeAlarm"
        ) && !resource.status.exact().starts_with("DELETE_")
    };
    let name = |name: Untrusted| AlarmName {
        scope: bench.scope.clone(),
        name,
    };
    let own = resources.iter().filter(is_alarm);
    Ok(own.filter_map(|it| it.physical.clone()).map(name).collect())
}
