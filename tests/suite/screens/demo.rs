//! The world of most scenes: two accounts, six regions, one bad deploy.

use super::house::{House, account, id, scope, stack};
use chrono::TimeDelta;
use quarterdeck::domain::problem::Reach;
use quarterdeck::domain::{DriftStatus, Kind, Problem, Stack, Topic, Untrusted};

pub(super) const REGIONS: [&str; 6] = [
    "us-east-1",
    "us-west-2",
    "eu-west-1",
    "eu-central-1",
    "ap-northeast-1",
    "ap-southeast-1",
];

const NAMES: [&str; 12] = [
    "billing-api",
    "catalogue",
    "edge-cache",
    "gco-accelerator",
    "identity",
    "inventory",
    "mail-relay",
    "network-base",
    "notifications",
    "payments-ledger",
    "search-index",
    "shipping",
];

/// The same, for other worlds.
pub(super) fn well_in(region: &str) -> Vec<Stack> {
    well(region, 0)
}

/// What stands in a region when all is well.
fn well(region: &str, place: i64) -> Vec<Stack> {
    let mut stacks: Vec<Stack> = (1..)
        .zip(NAMES)
        .map(|(n, name)| {
            stack(
                name,
                "UPDATE_COMPLETE",
                &format!("v{}", 10 + n * 7),
                86_400 * n + place * 60,
            )
        })
        .collect();
    let (version, status, touched) = match region {
        "eu-west-1" => ("v419", "UPDATE_ROLLBACK_FAILED", 130),
        "ap-northeast-1" => ("v417", "UPDATE_COMPLETE", 260_000),
        _ => ("v418", "UPDATE_COMPLETE", 7_300),
    };
    stacks.push(stack("checkout-api", status, version, touched));
    let moving = region == "us-east-1";
    let status = if moving {
        "UPDATE_IN_PROGRESS"
    } else {
        "UPDATE_COMPLETE"
    };
    stacks.push(stack(
        "orders-db",
        status,
        "v77",
        if moving { 100 } else { 9 * 86_400 },
    ));
    if region == "eu-west-1" {
        stacks.push(stack("gco-eu-west-1", "CREATE_COMPLETE", "", 4 * 86_400));
    }
    if region == "us-west-2" {
        stacks.push(stack("reports", "UPDATE_ROLLBACK_COMPLETE", "v3", 5_000));
        stacks[0].drift = DriftStatus::Drifted;
    }
    if region == "eu-west-1" {
        let api = stacks
            .iter_mut()
            .find(|stack| stack.id == id("checkout-api"))
            .expect("the stack was put there above");
        api.reason = Some(Untrusted::new(
            "The following resource(s) failed to update: [CheckoutFn].",
        ));
    }
    stacks
}

/// One account; everything has answered and all but one region goes on doing so.
pub(super) fn one_account() -> House {
    let mut house = House::new(&[account("prod", &REGIONS)]);
    house.who("prod", "123456789012", None);
    for (place, region) in (0..).zip(REGIONS) {
        house.stacks("prod", region, 2 + place % 3, well(region, place));
    }
    house
}

/// The same, with a region that stopped answering and one that never did.
pub(super) fn bad_day() -> House {
    let mut house = House::new(&[
        account("prod", &REGIONS),
        account("staging", &["eu-west-1", "us-east-1"]),
    ]);
    house.who("prod", "123456789012", Some(TimeDelta::minutes(42)));
    for (place, region) in (0..).zip(REGIONS).take(4) {
        house.stacks("prod", region, 2 + place % 3, well(region, place));
    }
    house.stacks("prod", "ap-northeast-1", 48, well("ap-northeast-1", 4));
    house.hear(
        &scope("prod", "ap-northeast-1"),
        Topic::Stacks,
        41,
        Err(timed_out("ap-northeast-1")),
    );
    house.hear(
        &scope("prod", "ap-southeast-1"),
        Topic::Stacks,
        12,
        Err(throttled("ap-southeast-1")),
    );
    house.stacks("staging", "eu-west-1", 95, well("staging", 0));
    house
}

pub(super) fn throttled(region: &str) -> Problem {
    Problem::new(
        Kind::Throttled,
        format!("AWS asks to slow down in {region}."),
    )
}

pub(super) fn timed_out(region: &str) -> Problem {
    Problem::new(
        Kind::Unreachable(Reach::TimedOut),
        format!("CloudFormation in {region} did not answer within 10 s."),
    )
    .hint("Check the route to the region, or drop it with `@`.")
}
