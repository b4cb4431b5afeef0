//! Metrics: one request a minute and region, a bill that is right, a cap that holds, and regions that do not share fates.

use crate::support::world::{PROD, PROD_ID, World, account, fleet, scope};
use chrono::TimeDelta;
use quarterdeck::domain::{
    Dollars, Fleet, Grain, Kind, Measure, Scope, Slot, Spending, SpendingCap, Subject, Topic,
};
use quarterdeck::engine::message::{Cadence, Wish};
use quarterdeck::sandbox::{Fault, FaultKind, Place, Scenario};
use std::time::Duration;

const REGIONS: [&str; 3] = ["eu-west-1", "us-east-1", "us-west-2"];
const CHECKOUT: &str = "checkout-api-Function";

fn world() -> World {
    World::in_step(&Scenario::named("demo").unwrap(), house())
}

fn house() -> Fleet {
    fleet(vec![account(PROD, PROD_ID, &REGIONS)])
}

fn places() -> impl Iterator<Item = Scope> {
    REGIONS.iter().map(|region| scope(PROD, region))
}

fn wish(subject: Subject, scope: &Scope, seconds: i64) -> Wish {
    Wish {
        topic: Topic::Metrics(subject, Grain::MINUTE),
        scope: scope.clone(),
        cadence: Cadence::Focused(TimeDelta::seconds(seconds)),
    }
}

/// What a Lambda view wishes: the account, the chosen function, and some rows now and then.
fn view(places: impl Iterator<Item = Scope>) -> Vec<Wish> {
    places
        .flat_map(|scope| {
            let rows = ["orders-api-Function", "checkout-worker-Function", CHECKOUT];
            let rows = rows.map(|name| wish(Subject::Errors(name.into()), &scope, 300));
            let chosen = Subject::Function(CHECKOUT.into());
            [wish(Subject::Lambda, &scope, 60), wish(chosen, &scope, 60)]
                .into_iter()
                .chain(rows)
        })
        .collect()
}

#[tokio::test(start_paused = true)]
async fn a_region_is_asked_once_a_minute_and_the_meter_tells_the_bill() {
    let (mut world, regions) = (world(), 2);
    world.watch(view(places().take(2))).await;
    world.run(Duration::from_mins(60)).await;
    let bill = world.gateway.bill();
    let calls = bill.calls("GetMetricData");
    assert!(
        (59 * regions..=62 * regions).contains(&calls),
        "{calls} calls"
    );
    // Five metrics of the account and five of the function each minute, three of two rows each fifth.
    let least = (59 * 10 + 11 * 6) * regions;
    assert!(
        (least..=least + 30 * regions).contains(&bill.metrics),
        "{}",
        bill.metrics
    );
    assert!(world.attempts.iter().all(|seen| seen.failure.is_none()));

    assert_eq!(
        (world.bill.calls, world.bill.metrics),
        (calls, bill.metrics)
    );
    let told = world.bill.hourly.in_millionths();
    let billed = Dollars::of_metrics(bill.metrics).in_millionths();
    assert!(
        told.abs_diff(billed) * 20 <= billed,
        "told {told}, billed {billed}"
    );
}

#[tokio::test(start_paused = true)]
async fn every_wish_is_answered_and_what_was_read_reaches_to_the_last_whole_minute() {
    let mut world = world();
    world.watch(view(places())).await;
    world.run(Duration::from_secs(100)).await;
    for scope in places() {
        let topic = Topic::Metrics(Subject::Function(CHECKOUT.into()), Grain::MINUTE);
        let metrics = world.store.metrics(&scope, &topic).and_then(Slot::value);
        let metrics = metrics.expect("it was read");
        let calls = metrics.get(Measure::Invocations).unwrap();
        assert!(!calls.is_blank());
        let end = calls.until().unwrap();
        assert_eq!(end.to_rfc3339(), "2026-11-20T14:01:00+00:00");
        // A row of the same function is answered by the same request.
        let topic = Topic::Metrics(Subject::Errors(CHECKOUT.into()), Grain::MINUTE);
        let row = world.store.metrics(&scope, &topic).and_then(Slot::value);
        assert_eq!(row.unwrap().get(Measure::Invocations), Some(calls));
    }
    // The bad release is told apart by its error rate.
    let rate = |region: &str| {
        let topic = Topic::Metrics(Subject::Function(CHECKOUT.into()), Grain::MINUTE);
        let slot = world.store.metrics(&scope(PROD, region), &topic);
        let now = "2026-11-20T14:00:00Z".parse().unwrap();
        let window = (now - TimeDelta::minutes(10), now);
        slot.and_then(Slot::value)?.error_rate(Some(window))
    };
    assert!(rate("eu-west-1").unwrap() > 20.0, "{:?}", rate("eu-west-1"));
    assert!(rate("us-east-1").unwrap() < 2.0, "{:?}", rate("us-east-1"));
}

#[tokio::test(start_paused = true)]
async fn the_cap_stretches_then_stops_and_the_hour_never_costs_more() {
    // A third of what the wishes would cost.
    let fleet = Fleet {
        spending: SpendingCap(Dollars::of_metrics(210)),
        ..house()
    };
    let mut world = World::in_step(&Scenario::named("demo").unwrap(), fleet);
    world.watch(view(places().take(1))).await;
    let (mut is_stretched, mut is_stopped) = (false, false);
    let mut at_hours = vec![0];
    for minute in 1..=120 {
        world.run(Duration::from_mins(1)).await;
        is_stretched |= world.bill.spending == Spending::Stretched;
        is_stopped |= world.bill.spending == Spending::Stopped;
        if minute % 60 == 0 {
            at_hours.push(world.gateway.bill().metrics);
        }
    }
    assert!(is_stretched && is_stopped);
    for hour in at_hours.windows(2) {
        let spent = hour[1] - hour[0];
        assert!((100..=210).contains(&spent), "{spent} in an hour of 210");
    }
    let told = |seen: &&crate::support::world::Seen| seen.failure == Some(Kind::Capped);
    assert!(world.attempts.iter().any(|seen| told(&seen)));
    let topic = Topic::Metrics(Subject::Lambda, Grain::MINUTE);
    let slot = world.store.metrics(&scope(PROD, "eu-west-1"), &topic);
    let slot = slot.expect("it was asked");
    assert!(slot.value().is_some(), "what was read stays");
}

#[tokio::test(start_paused = true)]
async fn a_region_that_is_throttled_or_dark_keeps_no_other_from_its_metrics() {
    let mut world = world();
    world.watch(view(places())).await;
    world.run(Duration::from_mins(2)).await;
    let before = world.now();
    let throttle = FaultKind::Throttle {
        per_second: 0.0,
        burst: 0.0,
    };
    let place = |region: &str| Place::region(region).service("monitoring");
    world
        .gateway
        .inject(Fault::new(place("eu-west-1"), throttle));
    let dark = FaultKind::Dark;
    let dark = world.gateway.inject(Fault::new(place("us-east-1"), dark));
    world.run(Duration::from_mins(10)).await;
    let of = |world: &World, region: &str, fits: fn(Option<Kind>) -> bool| {
        let here = scope(PROD, region);
        let lambda = Topic::Metrics(Subject::Lambda, Grain::MINUTE);
        let seen = world.attempts.iter().filter(|seen| {
            seen.after > before && seen.scope == here && seen.topic == lambda && fits(seen.failure)
        });
        seen.count()
    };
    assert!(of(&world, "us-west-2", |failure| failure.is_none()) >= 9);
    assert_eq!(of(&world, "eu-west-1", |failure| failure.is_none()), 0);
    let throttled = of(&world, "eu-west-1", |it| it == Some(Kind::Throttled));
    assert!((3..=12).contains(&throttled), "{throttled}");
    assert!(
        of(&world, "us-east-1", |it| matches!(
            it,
            Some(Kind::Unreachable(_))
        )) >= 1
    );

    world.gateway.heal(dark);
    let since = world.now();
    world
        .run_until(Duration::from_mins(3), |seen| {
            seen.after > since && seen.scope == scope(PROD, "us-east-1") && seen.failure.is_none()
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn what_is_asked_once_is_asked_once() {
    let mut world = world();
    let here = scope(PROD, "eu-west-1");
    let mut once = wish(Subject::Function(CHECKOUT.into()), &here, 60);
    once.cadence = Cadence::Once;
    world.watch(vec![once]).await;
    world.run(Duration::from_mins(10)).await;
    let bill = world.gateway.bill();
    assert_eq!((bill.calls("GetMetricData"), bill.metrics), (1, 5));
}
