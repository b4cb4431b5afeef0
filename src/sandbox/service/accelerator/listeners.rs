//! Listeners: the ports that an accelerator takes flows on.

use super::super::{Answer, Call};
use super::ask;
use super::page;
use crate::sandbox::scenario::RoutingPlan;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::accelerator::Listener;

pub(super) fn list(call: &Call<'_>, routing: RoutingPlan) -> Answer {
    let accelerator = ask::accelerator(call, routing)?;
    let all: Vec<&Listener> = accelerator.listeners.iter().collect();
    let (page, next) = page::of(call, all, |listener| listener.arn.clone())?;
    let described = page.iter().map(|listener| described(listener, routing));
    Ok(Map::new()
        .with("Listeners", described.collect::<Value>())
        .with_some("NextToken", next))
}

pub(super) fn describe(call: &Call<'_>) -> Answer {
    let found = ask::listener(call, RoutingPlan::Standard)?;
    Ok(Map::new().with("Listener", described(found.listener, RoutingPlan::Standard)))
}

pub(super) fn range((from, to): (i64, i64)) -> Map {
    Map::new().with("FromPort", from).with("ToPort", to)
}

fn described(listener: &Listener, routing: RoutingPlan) -> Map {
    let ports = listener.ports.iter().copied().map(range);
    let described = Map::new()
        .with("ListenerArn", &listener.arn)
        .with("PortRanges", ports.collect::<Value>());
    match routing {
        RoutingPlan::Custom => described,
        RoutingPlan::Standard => described
            .with("Protocol", &listener.protocol)
            .with("ClientAffinity", &listener.affinity),
    }
}
