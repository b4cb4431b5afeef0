//! Whether what is to be stopped carries the traffic of an accelerator, and whether anybody else would.

use super::desk::{Desk, warns};
use crate::domain::operation::Hazard;
use crate::domain::operation::planning::without;
use crate::domain::{Problem, Reading, Scope, Topic, Untrusted};
use std::collections::BTreeSet;

/// What has to be known before these, balancers and instances, have nothing behind them any more.
///
/// # Errors
///
/// Why they cannot be stopped, as a sentence: nobody would be served.
pub(super) async fn stopping(
    desk: &Desk,
    scope: &Scope,
    fronts: &BTreeSet<Untrusted>,
) -> Result<Vec<Hazard>, String> {
    if fronts.is_empty() {
        return Ok(Vec::new());
    }
    let global = Scope::global(&scope.account);
    let unknown = |problem: Problem| {
        vec![warns(format!(
            "Whether an accelerator sends traffic to it is not known. {}",
            problem.what
        ))]
    };
    let accelerators = match desk.read(Topic::Accelerators, &global).await {
        Ok(Reading::Accelerators(accelerators)) => accelerators,
        Ok(_) => Vec::new(),
        Err(problem) => return Ok(unknown(problem)),
    };
    let mut hazards = Vec::new();
    for accelerator in &accelerators {
        let topic = Topic::Listeners(accelerator.arn.clone(), accelerator.routing);
        let listeners = match desk.read(topic, &global).await {
            Ok(Reading::Listeners(listeners)) => listeners,
            Ok(_) => Vec::new(),
            Err(problem) => return Ok(unknown(problem)),
        };
        for listener in &listeners {
            let carries = listener.groups.iter().filter(|group| {
                let mut endpoints = group.endpoints.iter();
                group.dial > 0.0 && endpoints.any(|it| it.is_weighted() && fronts.contains(&it.id))
            });
            for group in carries {
                let (name, region) = (accelerator.name.safe(), group.region.safe());
                if let Err(why) = without(listener, &group.arn) {
                    return Err(format!("{name} sends traffic to it in {region}. {why}"));
                }
                hazards.push(warns(format!(
                    "{name} sends traffic to it: the dial of {region} is {} %. Drain the region first, with `D`.",
                    group.dial
                )));
            }
        }
    }
    Ok(hazards)
}
