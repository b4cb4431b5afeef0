//! What goes through: the errors of an alias, and the connections to what was dialled down.

use super::{Glance, unknown};
use crate::aws::MetricsQuestion;
use crate::domain::metric::Last;
use crate::domain::operation::Run;
use crate::domain::{
    AcceleratorArn, Grain, Measure, MetricId, Metrics, Problem, Region, Scope, Subject, Timestamp,
    Untrusted,
};
use crate::engine::governor::Service;
use crate::engine::operator::hands::CloudHands;
use chrono::TimeDelta;

/// The region that has the metrics of all accelerators.
const ACCELERATOR_HOME: &str = "us-west-2";
/// Metrics come a minute or two late: this far back is looked, in minutes.
const BACK: u32 = 5;

/// The errors of an alias since the gate was reached, in hundredths of its calls. Without a call there is nothing to
/// judge, and so nothing is passed.
pub(super) async fn errors(
    hands: &CloudHands,
    scope: &Scope,
    (function, alias, percent): (&Untrusted, &str, f64),
    since: Timestamp,
) -> Glance {
    let metric = |name: &str| {
        let resource = format!("{}:{alias}", function.exact());
        Subject::Metric(MetricId {
            namespace: "AWS/Lambda".into(),
            name: name.into(),
            dimensions: vec![
                ("FunctionName".into(), function.clone()),
                ("Resource".into(), Untrusted::new(&*resource)),
            ],
            statistic: "Sum".into(),
            period: 60,
            unit: None,
        })
    };
    let (failed, called) = (metric("Errors"), metric("Invocations"));
    let minutes = (hands.shop.clock.now() - since).num_minutes().max(0);
    let minutes = u32::try_from(minutes).unwrap_or(u32::MAX).clamp(1, 180);
    let grain = Grain::of(60, minutes, Last::Running);
    let found = measure(hands, scope, (vec![failed.clone(), called.clone()], grain)).await;
    let found = match found {
        Ok(found) => found,
        Err(problem) => return unknown(problem),
    };
    let sum = |subject: &Subject| {
        let points = found.iter().find(|(of, _)| of == subject)?;
        let from = since - TimeDelta::seconds(since.timestamp().rem_euclid(60));
        sum(&points.1, Measure::Value, from)
    };
    let Some(calls) = sum(&called).filter(|calls| *calls > 0.0) else {
        return Glance::NotYet(format!(
            "{} was not called through {alias} yet.",
            function.safe()
        ));
    };
    let rate = sum(&failed).unwrap_or_default() / calls * 100.0;
    if rate < percent {
        return Glance::Well;
    }
    Glance::Bad(format!(
        "{rate:.1} % of the calls of {} through {alias} failed in {scope}; {percent} % are too many.",
        function.safe()
    ))
}

/// Metrics come so late: before that nothing is known of the time since the dial was turned.
const LATE: TimeDelta = TimeDelta::seconds(120);

/// New connections to a group since the gate was reached, in the last whole minute that is known.
pub(super) async fn drained(
    hands: &CloudHands,
    run: &Run,
    group: &AcceleratorArn,
    since: Timestamp,
) -> Glance {
    if hands.shop.clock.now() < since + LATE {
        return Glance::NotYet(
            "No whole minute since the dial was turned is known yet.".to_owned(),
        );
    }
    let accounts = run.plan.members().find(|member| {
        member.calls().any(|call| match call {
            crate::domain::operation::Call::SetDial { group: of, .. } => of == group,
            _ => false,
        })
    });
    let Some(member) = accounts else {
        return Glance::NotYet("It is not known whose accelerator it is.".to_owned());
    };
    let scope = Scope::regional(&member.scope.account, &Region::new(ACCELERATOR_HOME));
    let now = match hands.shop.cloud.endpoint_group(&member.scope, group).await {
        Ok(now) => now,
        Err(problem) => return unknown(problem),
    };
    // …/accelerator/ID/listener/ID/endpoint-group/ID
    let mut parts = group.exact().split('/').skip(1);
    let (Some(accelerator), Some(listener)) = (parts.next(), parts.nth(1)) else {
        return Glance::NotYet(format!("{group} is no endpoint group."));
    };
    let flows = Subject::Flows {
        accelerator: accelerator.into(),
        group: Some((listener.into(), now.region)),
    };
    let grain = Grain::of(60, BACK, Last::Whole);
    match measure(hands, &scope, (vec![flows], grain)).await {
        Ok(found) => match found
            .first()
            .and_then(|(_, metrics)| newest(metrics, since))
        {
            Some(flows) if flows > 0.0 => Glance::NotYet(format!(
                "{flows} new connections in the last minute that is known."
            )),
            // A metric that has no point had nothing to count.
            Some(_) | None => Glance::Well,
        },
        Err(problem) => unknown(problem),
    }
}

async fn measure(
    hands: &CloudHands,
    scope: &Scope,
    (subjects, grain): (Vec<Subject>, Grain),
) -> Result<Vec<(Subject, Metrics)>, Problem> {
    let question = MetricsQuestion {
        subjects,
        grain,
        now: hands.shop.clock.now(),
    };
    let answer = hands.shop.cloud.metrics(scope, &question);
    let answer = hands.ask(Service::Metrics, scope, answer).await?;
    Ok(answer.into_iter().collect())
}

fn sum(metrics: &Metrics, measure: Measure, from: Timestamp) -> Option<f64> {
    let points = metrics.get(measure)?.points();
    let points = points.filter(|(at, _)| *at >= from);
    points.filter_map(|(_, value)| value).reduce(|a, b| a + b)
}

fn newest(metrics: &Metrics, since: Timestamp) -> Option<f64> {
    let mut points = metrics.get(Measure::NewFlows)?.points();
    let (_, value) = points.rfind(|(at, _)| *at >= since)?;
    value
}
