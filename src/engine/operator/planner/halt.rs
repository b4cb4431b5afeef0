//! Plans stops and starts: finds whatever of a stack, and of the stacks nested in it, can be stopped, and how it stands.

use super::behind;
use super::desk::{Desk, Outline, all, denial, member, refusal, title};
use crate::domain::event::STACK_TYPE;
use crate::domain::operation::planning::{Stake, halt_way, is_protected, start, stop, thing_of};
use crate::domain::operation::{
    Member, Plan, StackWish, Standing, Step, Thing, UndoPolicy, Verb, Wave,
};
use crate::domain::{Kind, Problem, Reading, Scope, Stack, StackId, Topic, Untrusted};
use std::collections::BTreeSet;

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Halt {
    Stop,
    Start,
}

/// Stacks within stacks that are followed.
const DEEPEST: usize = 5;

pub(super) async fn plan(desk: &Desk, stacks: &[StackWish], halt: Halt) -> Result<Plan, Problem> {
    if stacks.is_empty() {
        return Err(refusal("No stack was named."));
    }
    let items = stacks
        .iter()
        .map(|wish| (wish.scope.clone(), wish.clone()))
        .collect();
    let members = desk
        .side_by_side(items, move |desk, scope, wish| async move {
            stack(&desk, &scope, &wish, halt).await
        })
        .await;
    let members = all(members).map_err(|(_, problem)| problem)?;
    let names: Vec<Untrusted> = stacks.iter().map(|wish| wish.name.clone()).collect();
    let (verb, stake) = match halt {
        Halt::Stop => (Verb::Stop, Stake::Grave),
        Halt::Start => (Verb::Start, Stake::Ordinary),
    };
    Ok(desk.plan(Outline {
        verb,
        target: title(&names, "stacks"),
        waves: vec![Wave {
            members,
            gates: Vec::new(),
        }],
        undo: UndoPolicy::None,
        stake,
        region: None,
    }))
}

async fn stack(
    desk: &Desk,
    scope: &Scope,
    wish: &StackWish,
    halt: Halt,
) -> Result<Member, Problem> {
    let digits = desk.digits(&scope.account).await?;
    let name = wish.name.safe();
    let mut member = member(
        scope,
        digits.clone(),
        format!("stack/{}", wish.name.exact()),
    );
    let asked = wish.id.as_ref().map_or(wish.name.exact(), StackId::exact);
    let Some(stack) = desk.shop.cloud.stack(scope, asked).await? else {
        member.idle = Some(format!("There is no stack {name} in {scope}."));
        return Ok(member);
    };
    let verb = match halt {
        Halt::Stop => "stopped",
        Halt::Start => "started",
    };
    let refuse = |why: &str| denial(format!("{name} in {scope} cannot be {verb}. {why}"));
    if let Some(parent) = &stack.parent {
        let parent = crate::domain::untrusted::sanitise(parent.name());
        return Err(refuse(&format!("It is nested in {parent}.")).hint("Name that one."));
    }
    if halt == Halt::Stop && is_protected(&stack, &desk.fleet.unstoppable) {
        member.idle = Some("Nothing to do: it is protected by DisableStop.".to_owned());
        return Ok(member);
    }
    halt_way(&stack.status).map_err(|why| refuse(&format!("It is {}. {why}", stack.status)))?;
    let Inside { things, fronts } = inside(desk, scope, &stack, &digits).await?;
    let standings = if things.is_empty() {
        Vec::new()
    } else {
        desk.shop.cloud.standings(scope, &things).await?
    };
    if standings.len() != things.len() {
        return Err(Problem::new(
            Kind::Bug,
            format!("How the things of {name} in {scope} stand was not told for all of them."),
        ));
    }
    let found: Vec<(Thing, Standing)> = things.into_iter().zip(standings).collect();
    let (calls, hazards) = match halt {
        Halt::Stop => {
            let mut plan = stop(&found, &desk.id, desk.now).map_err(|why| refuse(&why))?;
            if !plan.calls.is_empty() {
                let behind = behind::stopping(desk, scope, &fronts).await;
                plan.hazards.extend(behind.map_err(|why| refuse(&why))?);
            }
            (plan.calls, plan.hazards)
        }
        Halt::Start => {
            let plan = start(&found).map_err(|why| refuse(&why))?;
            (plan.calls, plan.hazards)
        }
    };
    if calls.is_empty() {
        member.idle = Some(
            match (found.is_empty(), halt) {
                (true, _) => "Nothing of it can be stopped or started.",
                (false, Halt::Stop) => "Nothing of it runs that can be stopped.",
                (false, Halt::Start) => "Nothing of it was stopped.",
            }
            .to_owned(),
        );
    }
    member.steps = calls.into_iter().map(Step::Call).collect();
    member.hazards = hazards;
    Ok(member)
}

/// What of a stack matters here.
struct Inside {
    /// What can be stopped.
    things: Vec<Thing>,
    /// What an accelerator may send traffic to.
    fronts: BTreeSet<Untrusted>,
}

/// What is in a stack, nested stacks followed.
async fn inside(
    desk: &Desk,
    scope: &Scope,
    stack: &Stack,
    digits: &Untrusted,
) -> Result<Inside, Problem> {
    let Some(region) = scope.region() else {
        return Err(refusal(format!("{scope} is no place that stacks are in.")));
    };
    let (mut things, mut fronts) = (Vec::new(), BTreeSet::new());
    let mut seen = BTreeSet::from([stack.id.clone()]);
    let mut level = vec![stack.id.clone()];
    for _ in 0..=DEEPEST {
        let mut below = Vec::new();
        for id in level {
            let topic = Topic::Resources(id);
            let Reading::Resources(resources) = desk.read(topic, scope).await? else {
                continue;
            };
            for resource in &resources {
                let physical = resource.physical.as_ref();
                if resource.resource_type.exact() == STACK_TYPE
                    && !resource.status.exact().starts_with("DELETE_")
                    && let Some(nested) = physical.map(|id| StackId::new(id.exact()))
                    && seen.insert(nested.clone())
                {
                    below.push(nested);
                }
                let kind = resource.resource_type.exact();
                if matches!(
                    kind,
                    "AWS::ElasticLoadBalancingV2::LoadBalancer" | "AWS::EC2::Instance"
                ) {
                    fronts.extend(physical.cloned());
                }
                if let Some(thing) = thing_of(resource, region, digits)
                    && !things.contains(&thing)
                {
                    things.push(thing);
                }
            }
        }
        if below.is_empty() {
            break;
        }
        level = below;
    }
    Ok(Inside { things, fronts })
}
