//! Credentials end and come back. (Scorecard 12.)

use crate::support::world::{PROD, PROD_ID, World, account, scope};
use quarterdeck::domain::{AccountName, Kind, Scope, Topic};
use quarterdeck::sandbox::{Fault, FaultKind, Place, Scenario};
use std::time::Duration;

const REGIONS: [&str; 3] = ["us-east-1", "eu-west-1", "ap-northeast-1"];

#[tokio::test(start_paused = true)]
async fn an_account_pauses_when_its_credentials_end_and_goes_on_by_itself() {
    let accounts = vec![
        account(PROD, PROD_ID, &REGIONS),
        account("staging", "210987654321", &["eu-west-1"]),
    ];
    let mut world = World::new(&Scenario::named("calm").unwrap(), accounts);
    world.watch_stacks(Duration::from_secs(15)).await;
    world.run(Duration::from_secs(20)).await;
    let ended = world.gateway.inject(Fault::new(
        Place::account(PROD_ID),
        FaultKind::Expired {
            issued_before: None,
        },
    ));
    let since = world.now();
    let identity = Scope::global(&AccountName::new(PROD));
    let banner = world
        .run_until(Duration::from_secs(20), |seen| {
            seen.scope == identity && seen.topic == Topic::Identity
        })
        .await;
    let first = world
        .attempts
        .iter()
        .find(|seen| seen.failure == Some(Kind::Expired))
        .unwrap()
        .after;
    assert!(
        banner.after.checked_sub(first).unwrap() <= Duration::from_secs(5),
        "the banner follows the first refusal"
    );

    world.run(Duration::from_mins(5)).await;
    for region in REGIONS {
        let here = scope(PROD, region);
        let asked = world.of(&here, since).count();
        assert!(
            asked <= 2,
            "{region} was asked {asked} times without credentials"
        );
    }
    let staging = scope("staging", "eu-west-1");
    assert!(
        world.of(&staging, since).count() >= 18,
        "the other account goes on"
    );
    let probes = world
        .attempts
        .iter()
        .filter(|seen| seen.scope == identity && seen.after > since)
        .count();
    assert!(probes <= 12, "{probes} identity probes in five minutes");

    world.gateway.heal(ended);
    let healed = world.now();
    let here = scope(PROD, "eu-west-1");
    let back = world
        .run_until(Duration::from_mins(1), |seen| {
            seen.scope == here && seen.failure.is_none()
        })
        .await;
    assert!(
        back.after.checked_sub(healed).unwrap() <= Duration::from_secs(36),
        "{:?}",
        back.after.checked_sub(healed).unwrap()
    );
}
