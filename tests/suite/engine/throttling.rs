//! AWS says "slow down" and is obeyed, by the account that was told. (Scorecard 11, at commit-gate size.)

use crate::support::world::{PROD, PROD_ID, World, account, scope};
use quarterdeck::domain::Kind;
use quarterdeck::sandbox::{Fault, FaultKind, Place, Scenario};
use std::time::Duration;

const STAGING_ID: &str = "210987654321";

#[tokio::test(start_paused = true)]
async fn a_throttled_account_slows_down_alone_and_recovers() {
    let accounts = vec![
        account(PROD, PROD_ID, &["eu-west-1"]),
        account("staging", STAGING_ID, &["eu-west-1"]),
    ];
    let mut world = World::new(&Scenario::named("calm").unwrap(), accounts);
    world.watch_stacks(Duration::from_secs(5)).await;
    world.run(Duration::from_secs(11)).await;
    let since = world.now();
    let storm = Fault::new(
        Place::account(PROD_ID).service("cloudformation"),
        FaultKind::Throttle {
            per_second: 0.0,
            burst: 0.0,
        },
    );
    let storm = world.gateway.inject(storm);
    world.run(Duration::from_mins(2)).await;

    let (told, other) = (scope(PROD, "eu-west-1"), scope("staging", "eu-west-1"));
    let attempts = world.of(&told, since).count();
    assert!(
        world
            .of(&told, since)
            .all(|seen| seen.failure == Some(Kind::Throttled))
    );
    assert!(
        (2..=8).contains(&attempts),
        "{attempts} attempts in two minutes of throttling"
    );
    let others = world
        .of(&other, since)
        .filter(|seen| seen.failure.is_none())
        .count();
    assert!(others >= 120 / 6, "{others} readings of the other account");

    world.gateway.heal(storm);
    let healed = world.now();
    let back = world
        .run_until(Duration::from_secs(70), |seen| {
            seen.scope == told && seen.failure.is_none()
        })
        .await;
    assert!(
        back.after - healed <= Duration::from_secs(66),
        "{:?}",
        back.after - healed
    );
}
