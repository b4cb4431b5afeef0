//! The endpoints of the accelerators that stand in the regions of a wave.

use super::{Glance, unknown};
use crate::domain::operation::Run;
use crate::domain::{AccountName, GroupHealth, Problem, Reading, Scope, Topic};
use crate::engine::governor::Service;
use crate::engine::operator::hands::CloudHands;
use std::collections::BTreeSet;

pub(super) async fn healthy(hands: &CloudHands, run: &Run, wave: usize) -> Glance {
    let Some(wave) = run.plan.waves.get(wave) else {
        return Glance::Well;
    };
    let accounts: BTreeSet<_> = wave.members.iter().map(|it| &it.scope.account).collect();
    let regions = wave.members.iter().filter_map(|it| it.scope.region());
    let regions: BTreeSet<&str> = regions.map(crate::domain::scope::Region::as_str).collect();
    let mut groups = 0;
    for account in accounts {
        match of_account(hands, account, &regions).await {
            Ok((seen, None)) => groups += seen,
            Ok((_, Some(ill))) => return Glance::NotYet(ill),
            Err(problem) => return unknown(problem),
        }
    }
    if groups == 0 {
        let regions: Vec<&str> = regions.into_iter().collect();
        return Glance::NotYet(format!(
            "No accelerator has endpoints in {}.",
            regions.join(", ")
        ));
    }
    Glance::Well
}

/// How many groups there are, and what is wrong with the first that is not well.
async fn of_account(
    hands: &CloudHands,
    account: &AccountName,
    regions: &BTreeSet<&str>,
) -> Result<(usize, Option<String>), Problem> {
    let scope = Scope::global(account);
    let read = async |topic: Topic| {
        let read = hands.shop.cloud.read(&topic, &scope);
        hands.ask(Service::GlobalAccelerator, &scope, read).await
    };
    let mut seen = 0;
    let Reading::Accelerators(accelerators) = read(Topic::Accelerators).await? else {
        return Ok((0, None));
    };
    for accelerator in accelerators {
        let topic = Topic::Listeners(accelerator.arn.clone(), accelerator.routing);
        let Reading::Listeners(listeners) = read(topic).await? else {
            continue;
        };
        let groups = listeners.iter().flat_map(|listener| &listener.groups);
        for group in groups.filter(|group| regions.contains(group.region.exact())) {
            seen += 1;
            match group.health() {
                GroupHealth::Healthy | GroupHealth::Unchecked => {}
                GroupHealth::Empty
                | GroupHealth::Starting
                | GroupHealth::Down
                | GroupHealth::Degraded => {
                    let (healthy, all) = group.counts();
                    let (name, region) = (accelerator.name.safe(), group.region.safe());
                    let ill =
                        format!("{healthy} of {all} endpoints of {name} in {region} are healthy.");
                    return Ok((seen, Some(ill)));
                }
            }
        }
    }
    Ok((seen, None))
}
