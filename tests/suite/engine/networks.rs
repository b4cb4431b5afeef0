//! Every way a network fails has words of its own, and none hangs. (Scorecard 15.)

use crate::support::world::{PROD, PROD_ID, World, account, scope};
use quarterdeck::domain::{Kind, Reach};
use quarterdeck::sandbox::{Fault, FaultKind, Place, Scenario};
use std::time::Duration;

#[tokio::test(start_paused = true)]
async fn each_fault_of_the_line_is_told_apart_within_half_a_minute() {
    let pause = Duration::from_mins(1);
    for (fault, kind) in [
        (FaultKind::Dark, Kind::Unreachable(Reach::TimedOut)),
        (FaultKind::Reset, Kind::Unreachable(Reach::Reset)),
        (FaultKind::Html, Kind::Garbled),
        (
            FaultKind::Redirect {
                location: "http://portal.test/login".into(),
            },
            Kind::Unreachable(Reach::Redirected),
        ),
        (
            FaultKind::SlowClose { pause },
            Kind::Unreachable(Reach::TimedOut),
        ),
        (FaultKind::ServerError { status: 503 }, Kind::Server),
    ] {
        let mut world = World::new(
            &Scenario::named("calm").unwrap(),
            vec![account(PROD, PROD_ID, &["eu-west-1"])],
        );
        world
            .gateway
            .inject(Fault::new(Place::region("eu-west-1"), fault.clone()));
        world.watch_stacks(Duration::from_secs(15)).await;
        let here = scope(PROD, "eu-west-1");
        let first = world
            .run_until(Duration::from_secs(30), |seen| seen.scope == here)
            .await;
        assert_eq!(first.failure, Some(kind), "{fault:?}");
        let problem = &world
            .store
            .stacks(&here)
            .unwrap()
            .failing()
            .unwrap()
            .problem;
        assert!(problem.what.contains("eu-west-1"), "{problem}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_region_that_is_not_enabled_is_told_from_bad_credentials_and_hidden() {
    let regions = ["eu-west-1", "ap-east-1", "me-south-1"];
    let mut world = World::new(
        &Scenario::named("calm").unwrap(),
        vec![account("staging", "210987654321", &regions)],
    );
    world.watch_stacks(Duration::from_secs(15)).await;
    world.run(Duration::from_secs(40)).await;
    for region in &regions[1..] {
        let here = scope("staging", region);
        assert!(world.store.is_not_enabled(&here), "{region}");
        assert!(world.of(&here, Duration::ZERO).count() <= 2, "{region}");
    }
    assert!(!world.store.is_not_enabled(&scope("staging", "eu-west-1")));
}
