//! The Fleet view, the chrome around it, and what stands in both when something fails.

use super::demo;
use super::house::{House, LARGE, MIDDLE, SIZES, SMALL, account, scene, scope};
use super::watched::{denied, totals, watched};
use chrono::TimeDelta;
use quarterdeck::domain::{AccountName, Kind, Problem, Scope, Topic};

#[test]
fn all_is_well_but_one_deploy() {
    scene("fleet-fresh", &mut demo::one_account(), &SIZES);
}

#[test]
fn regions_are_unseen_failing_and_stale() {
    scene("fleet-bad-day", &mut demo::bad_day(), &SIZES);
}

#[test]
fn functions_and_alarms_stand_beside_the_stacks() {
    scene("fleet-vitals", &mut watched(), &SIZES);
    scene(
        "fleet-vitals-ascii",
        &mut watched().ascii(),
        &[SMALL, MIDDLE],
    );
    scene(
        "fleet-vitals-chosen",
        watched().press("down down right right right"),
        &[SMALL, MIDDLE],
    );
}

#[test]
fn figures_that_cannot_be_read_are_old_and_say_why() {
    let mut house = watched();
    for (region, ago) in [("us-east-1", 5), ("eu-central-1", 3), ("ap-southeast-1", 2)] {
        let place = scope("prod", region);
        house.hear(&place, totals(), ago, Err(demo::throttled(region)));
        house.hear(&place, Topic::Alarms, ago, Err(denied(region)));
    }
    scene("fleet-vitals-failing", &mut house, &[SMALL, MIDDLE]);
}

#[test]
fn nobody_has_answered_yet() {
    scene(
        "fleet-unseen",
        &mut House::new(&[account("prod", &demo::REGIONS)]),
        &[SMALL, MIDDLE],
    );
}

#[test]
fn in_plain_letters() {
    scene(
        "fleet-ascii",
        &mut demo::bad_day().ascii(),
        &[SMALL, MIDDLE],
    );
}

#[test]
fn credentials_ended_and_the_notice_stands_until_they_are_renewed() {
    let mut house = demo::bad_day();
    let ended = Problem::new(Kind::Expired, "The credentials of prod have expired.")
        .hint("Run `aws sso login --profile prod`.");
    house.hear(
        &Scope::global(&AccountName::new("prod")),
        Topic::Identity,
        4,
        Err(ended),
    );
    scene("fleet-credentials-ended", &mut house, &[SMALL, MIDDLE]);
}

#[test]
fn an_answer_takes_the_footers_place() {
    scene("fleet-answer", demo::one_account().press("s"), &[SMALL]);
}

#[test]
fn sorted_by_trouble_and_filtered() {
    let mut house = demo::bad_day();
    house.press("s /").type_in("eu-").press("enter").later(7);
    scene("fleet-filtered", &mut house, &[SMALL, MIDDLE]);
}

#[test]
fn more_regions_than_rows() {
    let regions: Vec<String> = (1..=34).map(|n| format!("xx-region-{n}")).collect();
    let regions: Vec<&str> = regions.iter().map(String::as_str).collect();
    let mut house = House::new(&[account("prod", &regions)]);
    for region in &regions {
        house.stacks("prod", region, 3, Vec::new());
    }
    scene(
        "fleet-many-regions",
        house.press("G"),
        &[SMALL, MIDDLE, LARGE],
    );
}

#[test]
fn time_passes_and_data_grows_old() {
    let mut house = demo::one_account();
    house.later(45);
    house.hear(
        &scope("prod", "eu-west-1"),
        Topic::Stacks,
        -45,
        Err(demo::throttled("eu-west-1")),
    );
    scene("fleet-stale", &mut house, &[SMALL, MIDDLE]);
}

#[test]
fn what_may_be_changed_is_said_in_the_header() {
    let mut accounts = [
        account("prod", &["eu-west-1"]),
        account("staging", &["eu-west-1"]),
    ];
    accounts[1].access = quarterdeck::domain::Access::Operate;
    accounts[1].colour = Some("green".into());
    let mut house = House::new(&accounts);
    house.who("prod", "123456789012", None).who(
        "staging",
        "210987654321",
        Some(TimeDelta::minutes(-1)),
    );
    scene("header-operations", &mut house, &[SMALL, MIDDLE]);
}

#[test]
fn a_narrowed_scope_says_what_was_dropped() {
    // The second account, and the second region.
    let mut house = demo::bad_day();
    house.press("@ down tab down down tab enter");
    scene("fleet-narrowed", &mut house, &[SMALL, MIDDLE, (40, 10)]);
    scene("stacks-narrowed", house.press("2"), &[SMALL, MIDDLE]);
}

#[test]
fn a_scope_with_nothing_in_it_says_who_emptied_it() {
    let mut house = demo::one_account();
    for view in ["1", "2"] {
        house.press("@ ctrl-a enter").press(view);
        let look = house.look(80, 24);
        assert!(
            look.contains("Every account or region is dropped from the scope."),
            "{look}"
        );
        house.press("@ ctrl-a enter");
    }
}
