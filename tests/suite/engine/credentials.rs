//! Credentials end and come back. (Scorecard 12.)

use crate::support::world::{PROD, PROD_ID, World, account, scope};
use quarterdeck::domain::{AccountName, Kind, Scope, Topic};
use quarterdeck::engine::message::Request;
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
        banner.after - first <= Duration::from_secs(5),
        "the banner follows the first refusal"
    );

    world.run(Duration::from_secs(5)).await;
    for region in REGIONS {
        let here = scope(PROD, region);
        let slot = world.store.stacks(&here).unwrap();
        let why = slot.failing().map(|failing| failing.problem.kind);
        assert_eq!(why, Some(Kind::Expired), "{region} says what is missing");
        assert!(slot.value().is_some(), "{region} keeps what it knew");
    }

    world.run(Duration::from_secs(300)).await;
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
        .run_until(Duration::from_secs(60), |seen| {
            seen.scope == here && seen.failure.is_none()
        })
        .await;
    assert!(
        back.after - healed <= Duration::from_secs(36),
        "{:?}",
        back.after - healed
    );
}

#[tokio::test(start_paused = true)]
async fn asking_again_looks_for_credentials_at_once() {
    let mut world = World::new(
        &Scenario::named("calm").unwrap(),
        vec![account(PROD, PROD_ID, &REGIONS)],
    );
    let ended = world.gateway.inject(Fault::new(
        Place::account(PROD_ID),
        FaultKind::Expired {
            issued_before: None,
        },
    ));
    world.watch_stacks(Duration::from_secs(15)).await;
    world.run(Duration::from_secs(10)).await;
    world.gateway.heal(ended);
    let healed = world.now();
    world.engine.submit(Request::Refresh(None)).await;
    world.run(Duration::from_secs(5)).await;
    for region in REGIONS {
        let here = scope(PROD, region);
        let mut asked = world.of(&here, healed);
        assert!(asked.any(|seen| seen.failure.is_none()), "{region}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_region_that_does_not_know_the_account_is_no_end_of_credentials() {
    // The first is the account's home as well.
    let regions = ["me-central-1", "eu-west-1"];
    let mut world = World::new(
        &Scenario::named("calm").unwrap(),
        vec![account(PROD, PROD_ID, &regions)],
    );
    world.watch_stacks(Duration::from_secs(15)).await;
    world.run(Duration::from_secs(120)).await;
    let kinds: Vec<_> = world
        .attempts
        .iter()
        .filter(|seen| seen.failure.is_some())
        .map(|seen| (seen.scope.to_string(), seen.failure))
        .collect();
    let here = scope(PROD, "me-central-1");
    assert_eq!(kinds, [(here.to_string(), Some(Kind::NotRecognized))]);
    assert!(world.store.is_not_enabled(&here));
    let there = scope(PROD, "eu-west-1");
    assert!(world.of(&there, Duration::ZERO).count() >= 7);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_nobody_knows_is_an_end_of_credentials() {
    let mut world = World::new(
        &Scenario::named("calm").unwrap(),
        vec![account(PROD, "AKIAROTATEDLONGAGO00", &REGIONS)],
    );
    world.watch_stacks(Duration::from_secs(15)).await;
    world.run(Duration::from_secs(60)).await;
    for region in REGIONS {
        let here = scope(PROD, region);
        let failing = world.store.stacks(&here).and_then(|slot| slot.failing());
        let why = failing.map(|failing| failing.problem.kind);
        assert_eq!(why, Some(Kind::Expired), "{region}");
        assert!(world.of(&here, Duration::ZERO).count() <= 2, "{region}");
    }
}
