//! Regions are equal and independent: what happens in one never touches another. (Scorecard 10, 14.)

use crate::support::world::{PROD, PROD_ID, World, account, scope};
use chrono::TimeDelta;
use quarterdeck::domain::{Kind, Reach, Stack, Topic};
use quarterdeck::engine::message::{Cadence, Wish};
use quarterdeck::sandbox::{Fault, FaultKind, Place, Scenario};
use std::time::Duration;

const REGIONS: [&str; 6] = [
    "us-east-1",
    "us-west-2",
    "eu-west-1",
    "eu-central-1",
    "ap-northeast-1",
    "ap-southeast-1",
];
const CADENCE: Duration = Duration::from_secs(15);
/// A cadence with its jitter, and a tenth of a second for the answer.
const AGE_AT_MOST: Duration = Duration::from_millis(15_000 * 5 / 4);

fn world() -> World {
    World::new(
        &Scenario::named("calm").unwrap(),
        vec![account(PROD, PROD_ID, &REGIONS)],
    )
}

/// The longest time between two good readings of a region, from `since` to now.
fn longest_gap(world: &World, region: &str, since: Duration) -> Duration {
    let scope = scope(PROD, region);
    let good = world
        .of(&scope, since)
        .filter(|seen| seen.failure.is_none())
        .map(|seen| seen.after);
    let moments: Vec<Duration> = [since]
        .into_iter()
        .chain(good)
        .chain([world.now()])
        .collect();
    moments
        .windows(2)
        .map(|pair| pair[1] - pair[0])
        .max()
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_dark_region_is_told_in_time_and_the_others_stay_fresh() {
    let mut world = world();
    world.watch_stacks(CADENCE).await;
    world.run(Duration::from_secs(20)).await;
    let since = world.now();
    for region in &REGIONS[..1] {
        world
            .gateway
            .inject(Fault::new(Place::region(region), FaultKind::Dark));
    }
    world.run(Duration::from_mins(5)).await;
    for region in &REGIONS[1..] {
        assert!(
            longest_gap(&world, region, since) <= AGE_AT_MOST,
            "{region}: {:?}",
            longest_gap(&world, region, since)
        );
    }
    let dark = scope(PROD, REGIONS[0]);
    let failed: Vec<_> = world
        .of(&dark, since)
        .filter(|seen| seen.failure.is_some())
        .collect();
    assert_eq!(failed[0].failure, Some(Kind::Unreachable(Reach::TimedOut)));
    let told = failed[0].after - since;
    assert!(
        told <= CADENCE + Duration::from_secs(12),
        "told after {told:?}"
    );
    let last_minute = failed
        .iter()
        .filter(|seen| seen.after > world.now().checked_sub(Duration::from_mins(1)).unwrap())
        .count();
    assert!(last_minute <= 4, "{last_minute} probes in a minute");
    let slot = world.store.stacks(&dark).unwrap();
    assert!(
        slot.value().is_some_and(|stacks| !stacks.is_empty()),
        "what was known stays known"
    );
}

#[tokio::test(start_paused = true)]
async fn five_dark_regions_of_six_leave_the_sixth_alone() {
    let mut world = world();
    world.watch_stacks(CADENCE).await;
    world.run(Duration::from_secs(20)).await;
    let since = world.now();
    for region in &REGIONS[..5] {
        world
            .gateway
            .inject(Fault::new(Place::region(region), FaultKind::Dark));
    }
    world.run(Duration::from_mins(5)).await;
    assert!(longest_gap(&world, REGIONS[5], since) <= AGE_AT_MOST);
}

#[tokio::test(start_paused = true)]
async fn a_region_that_comes_back_is_seen_within_a_minute() {
    let mut world = world();
    world.watch_stacks(CADENCE).await;
    let fault = world
        .gateway
        .inject(Fault::new(Place::region(REGIONS[0]), FaultKind::Dark));
    world.run(Duration::from_mins(2)).await;
    world.gateway.heal(fault);
    let healed = world.now();
    let dark = scope(PROD, REGIONS[0]);
    let back = world
        .run_until(Duration::from_secs(90), |seen| {
            seen.scope == dark && seen.failure.is_none()
        })
        .await;
    // The last probe may have left just before the healing and waits for its own timeout.
    assert!(
        back.after - healed <= Duration::from_secs(78),
        "{:?}",
        back.after - healed
    );
}

#[tokio::test(start_paused = true)]
async fn a_denied_action_is_named_and_asked_for_again_every_five_minutes() {
    let mut world = world();
    let denied = FaultKind::AccessDenied;
    world.gateway.inject(Fault::new(
        Place::region("eu-west-1").service("cloudformation"),
        denied,
    ));
    world.watch_stacks(CADENCE).await;
    world.run(Duration::from_secs(599)).await;
    let here = scope(PROD, "eu-west-1");
    assert!(
        world
            .of(&here, Duration::ZERO)
            .all(|seen| seen.failure == Some(Kind::Denied))
    );
    assert!(
        world.of(&here, Duration::ZERO).count() <= 3,
        "{}",
        world.of(&here, Duration::ZERO).count()
    );
    let problem = &world
        .store
        .stacks(&here)
        .unwrap()
        .failing()
        .unwrap()
        .problem;
    assert!(
        problem
            .to_string()
            .contains("cloudformation:DescribeStacks"),
        "{problem}"
    );
    for region in REGIONS.iter().filter(|region| **region != "eu-west-1") {
        assert!(
            longest_gap(&world, region, Duration::ZERO) <= AGE_AT_MOST,
            "{region}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn one_question_is_never_in_flight_twice() {
    let mut world = world();
    let slow = FaultKind::Latency {
        fixed: Duration::from_secs(8),
        jitter: Duration::ZERO,
    };
    world
        .gateway
        .inject(Fault::new(Place::region("eu-west-1"), slow));
    world.watch_stacks(Duration::from_secs(2)).await;
    for _ in 0..10 {
        world.run(Duration::from_secs(1)).await;
        world
            .engine
            .submit(quarterdeck::engine::message::Request::Refresh(None))
            .await;
        world.watch_stacks(Duration::from_secs(2)).await;
    }
    world.run(Duration::from_secs(30)).await;
    let here = scope(PROD, "eu-west-1");
    let moments: Vec<Duration> = world
        .of(&here, Duration::ZERO)
        .map(|seen| seen.after)
        .collect();
    assert!(
        moments
            .windows(2)
            .all(|pair| pair[1] - pair[0] >= Duration::from_secs(8)),
        "{moments:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn what_was_asked_once_can_be_watched_afterwards() {
    let mut world = world();
    let here = scope(PROD, "eu-west-1");
    let wish = |cadence| Wish {
        topic: Topic::Stacks,
        scope: here.clone(),
        cadence,
    };
    world.watch(vec![wish(Cadence::Once)]).await;
    world.run(Duration::from_secs(60)).await;
    assert_eq!(world.of(&here, Duration::ZERO).count(), 1);
    world.watch(vec![wish(Cadence::Once)]).await;
    world.run(Duration::from_secs(60)).await;
    assert_eq!(
        world.of(&here, Duration::ZERO).count(),
        1,
        "it has been answered"
    );
    world
        .watch(vec![wish(Cadence::Focused(TimeDelta::seconds(15)))])
        .await;
    world.run(Duration::from_secs(60)).await;
    assert!(world.of(&here, Duration::ZERO).count() >= 4);
}

#[tokio::test(start_paused = true)]
async fn a_screen_of_templates_does_not_delay_the_list_of_stacks() {
    let mut world = world();
    let here = scope(PROD, "us-east-1");
    let focused = Cadence::Focused(TimeDelta::seconds(5));
    let stacks = Wish {
        topic: Topic::Stacks,
        scope: here.clone(),
        cadence: focused,
    };
    world.watch(vec![stacks.clone()]).await;
    world.run(Duration::from_secs(2)).await;
    let listed = world.store.stacks(&here).unwrap().value().unwrap();
    let template = |stack: &Stack| Wish {
        topic: Topic::Template(stack.id.clone()),
        scope: here.clone(),
        cadence: Cadence::Once,
    };
    let mut wishes: Vec<Wish> = listed.iter().map(template).collect();
    assert!(wishes.len() > 20, "{}", wishes.len());
    wishes.push(stacks);
    let since = world.now();
    world.watch(wishes).await;
    world.run(Duration::from_secs(30)).await;
    assert!(
        longest_gap(&world, "us-east-1", since) <= Duration::from_millis(6_500),
        "{:?}",
        longest_gap(&world, "us-east-1", since)
    );
}
