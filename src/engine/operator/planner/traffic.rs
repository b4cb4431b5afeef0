//! Plans what is done to dials and weights: one value of one endpoint group, and never the last one that serves.

use super::desk::{Desk, Outline, denial, member, refusal, warns};
use crate::aws::MetricsQuestion;
use crate::domain::operation::planning::{Stake, departs, dialled, drain, weighed};
use crate::domain::operation::{
    Call, Ending, GroupWish, Hazard, Operation, Plan, Run, Step, StepState, UndoPolicy, Verb, Wave,
};
use crate::domain::{
    Accelerator, AcceleratorArn, AcceleratorStatus, EndpointGroup, Grain, Kind, Listener, Load,
    Lookback, Problem, Reading, Region, Scope, Subject, Topic, departure,
};
use std::collections::BTreeMap;

/// Where Global Accelerator keeps its metrics.
const METRICS_REGION: &str = "us-west-2";

/// An endpoint group and what is around it.
struct Place {
    accelerator: Accelerator,
    listener: Listener,
    group: EndpointGroup,
}

pub(super) async fn plan(desk: &Desk, operation: &Operation) -> Result<Plan, Problem> {
    let (verb, wish) = match operation {
        Operation::Dial { group, .. } => (Verb::Dial, group),
        Operation::Weigh { group, .. } => (Verb::Weigh, group),
        Operation::Drain { group, .. } => (Verb::Drain, group),
        Operation::Restore { group } => (Verb::Restore, group),
        Operation::Deploy(_)
        | Operation::RollBackStack { .. }
        | Operation::RollBackAlias { .. }
        | Operation::Stop { .. }
        | Operation::Start { .. } => return Err(refusal("This is not about traffic.")),
    };
    let digits = desk.digits(&wish.scope.account).await?;
    let place = find(desk, wish).await?;
    let target = format!("accelerator/{}", place.accelerator.arn.id());
    let mut member = member(&wish.scope, digits, target);
    let region = wish.region.safe();
    let name = place.accelerator.name.safe();
    let refuse = |why: String| {
        let what = format!(
            "{region} of {name} in {} stays as it is. {why}",
            wish.scope.account
        );
        match operation {
            Operation::Dial { percent, .. } if !(0.0..=100.0).contains(percent) => refusal(what),
            Operation::Weigh { .. }
            | Operation::Dial { .. }
            | Operation::Drain { .. }
            | Operation::Restore { .. }
            | Operation::Deploy(_)
            | Operation::RollBackStack { .. }
            | Operation::RollBackAlias { .. }
            | Operation::Stop { .. }
            | Operation::Start { .. } => denial(what),
        }
    };
    let Place {
        listener, group, ..
    } = &place;
    let steps = match operation {
        Operation::Dial { percent, .. } => dialled(listener, group, *percent),
        Operation::Weigh {
            endpoint, weight, ..
        } => weighed(listener, group, endpoint, *weight),
        Operation::Drain { restore_after, .. } => drain(listener, group, *restore_after),
        Operation::Restore { .. } => {
            let before = drained_from(desk, &group.arn)?;
            dialled(listener, group, before)
        }
        Operation::Deploy(_)
        | Operation::RollBackStack { .. }
        | Operation::RollBackAlias { .. }
        | Operation::Stop { .. }
        | Operation::Start { .. } => Ok(Vec::new()),
    };
    member.steps = steps.map_err(refuse)?;
    if member.steps.is_empty() {
        member.idle = Some(format!("It is so already: the dial is {} %.", group.dial));
        if verb == Verb::Weigh {
            member.idle = Some("The weight is so already.".to_owned());
        }
    } else {
        member.hazards = hazards(desk, wish, &place, &member.steps).await;
    }
    Ok(desk.plan(Outline {
        verb,
        target: place.accelerator.name.clone(),
        waves: vec![Wave {
            members: vec![member],
            gates: Vec::new(),
        }],
        undo: UndoPolicy::None,
        stake: Stake::Ordinary,
        region: Some(wish.region.clone()),
    }))
}

async fn find(desk: &Desk, wish: &GroupWish) -> Result<Place, Problem> {
    let scope = &wish.scope;
    let gone = |what: &str| {
        Problem::new(
            Kind::Missing,
            format!("There is no {what} {} in {scope} any more.", wish.group),
        )
    };
    let Reading::Accelerators(accelerators) = desk.read(Topic::Accelerators, scope).await? else {
        return Err(gone("accelerator of"));
    };
    let arn = wish.group.accelerator();
    let accelerator = accelerators.into_iter().find(|it| it.arn.exact() == arn);
    let accelerator = accelerator.ok_or_else(|| gone("accelerator of"))?;
    let topic = Topic::Listeners(accelerator.arn.clone(), accelerator.routing);
    let Reading::Listeners(listeners) = desk.read(topic, scope).await? else {
        return Err(gone("listener of"));
    };
    let mut found = listeners.into_iter().filter_map(|listener| {
        let group = listener.groups.iter().find(|it| it.arn == wish.group);
        let group = group.cloned()?;
        Some((listener, group))
    });
    let (listener, group) = found.next().ok_or_else(|| gone("endpoint group"))?;
    Ok(Place {
        accelerator,
        listener,
        group,
    })
}

/// The dial that the last drain of a group has found which turned it down, however that drain ended.
fn drained_from(desk: &Desk, group: &AcceleratorArn) -> Result<f64, Problem> {
    let turned = |run: &Run| {
        let mut members = run.members().map(|(member, went)| {
            let mut steps = member.steps.iter().zip(&went.steps);
            steps.find_map(|(step, state)| match (step, state) {
                (
                    Step::Call(Call::SetDial {
                        group: its, before, ..
                    }),
                    // AWS has it, or may have it.
                    StepState::Intended(_)
                    | StepState::Accepted { .. }
                    | StepState::Ended(_, Ending::Done),
                ) if its == group => Some(*before),
                _ => None,
            })
        });
        members.find_map(|before| before)
    };
    let runs = desk.history()?;
    let mut drains = runs.iter().filter(|run| run.plan.verb == Verb::Drain);
    drains
        .find_map(turned)
        .filter(|before| *before > 0.0)
        .ok_or_else(|| {
            refusal("No drain of this region is known on this machine, so what its dial stood at is not.")
                .hint("Set it with `t`, or with `quarterdeck dial`.")
        })
}

async fn hazards(desk: &Desk, wish: &GroupWish, place: &Place, steps: &[Step]) -> Vec<Hazard> {
    let mut hazards = Vec::new();
    if place.accelerator.status == AcceleratorStatus::InProgress {
        hazards.push(warns(
            "An earlier change of this accelerator has not reached every edge yet: AWS may refuse another one until it has.",
        ));
    }
    let falls = steps.iter().any(
        |step| matches!(step, Step::Call(Call::SetDial { before, after, .. }) if after < before),
    );
    if falls {
        let loads = loads(desk, &wish.scope, place).await;
        let departure = departure(&place.listener, &place.group, &loads, Lookback::Hour);
        hazards.extend(departs(&departure));
        hazards.push(warns(
            "Only new flows move: connections that are open stay where they are until they end.",
        ));
    }
    let weighs = |step: &Step| matches!(step, Step::Call(Call::SetWeight { .. }));
    if steps.iter().any(weighs) {
        hazards.push(warns(
            "AWS replaces the list of endpoints as a whole: it is sent as it is read, but for this weight.",
        ));
    }
    hazards
}

/// What the groups of a listener carry; nothing where that cannot be read, and it stays unknown then.
async fn loads(desk: &Desk, scope: &Scope, place: &Place) -> BTreeMap<AcceleratorArn, Load> {
    let subject = |group: &EndpointGroup| Subject::Flows {
        accelerator: place.accelerator.arn.id().into(),
        group: Some((place.listener.arn.id().into(), group.region.clone())),
    };
    let question = MetricsQuestion {
        subjects: place.listener.groups.iter().map(subject).collect(),
        grain: Grain::MINUTE,
        now: desk.now,
    };
    let scope = Scope::regional(&scope.account, &Region::new(METRICS_REGION));
    let Ok(answer) = desk.shop.cloud.metrics(&scope, &question).await else {
        return BTreeMap::new();
    };
    let groups = place.listener.groups.iter();
    groups
        .filter_map(|group| {
            let metrics = answer.get(&subject(group))?;
            let load = Load::of(metrics, desk.now, Lookback::Hour);
            Some((group.arn.clone(), load))
        })
        .collect()
}
