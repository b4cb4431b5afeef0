//! The Lambda view and the detail of a function.

use super::demo::REGIONS;
use super::house::{House, MIDDLE, SIZES, SMALL, account, scene, scope};
use super::release::{BAD, bad_release, opened, tell, text, troubled};
use chrono::TimeDelta;
use quarterdeck::domain::{Invoked, Reading, Topic};
use quarterdeck::engine::message::{InvocationId, Update};

#[test]
fn the_bad_release_stands_first_with_its_figures_its_version_and_its_alarm() {
    let mut house = bad_release();
    scene("lambda-matrix", &mut house, &SIZES);
    scene("lambda-matrix", &mut house, &[(40, 10)]);
    for (width, height) in SIZES {
        let look = house.look(width, height);
        let strip = look.lines().find(|line| line.contains("⚠ eu-west-1"));
        let strip = strip.unwrap_or_else(|| panic!("no strip in {width}x{height}\n{look}"));
        for fact in ["→19!", "41.7", "/min"] {
            assert!(strip.contains(fact), "{fact} in {strip}");
        }
    }
}

#[test]
fn in_plain_letters() {
    scene("lambda-ascii", &mut bad_release().ascii(), &[SMALL, MIDDLE]);
    scene("function-ascii", &mut opened().ascii(), &[SMALL, MIDDLE]);
}

#[test]
fn one_row_per_function_and_region() {
    scene("lambda-list", bad_release().press("v"), &SIZES);
}

#[test]
fn the_account_as_one() {
    scene("lambda-totals", bad_release().press("t"), &[SMALL, MIDDLE]);
}

#[test]
fn what_is_not_known_is_said_and_is_no_nought() {
    scene("lambda-troubled", &mut troubled(), &SIZES);
}

#[test]
fn a_function_in_one_region_has_one_row_and_a_silent_one_no_figures() {
    scene(
        "lambda-single",
        bad_release().press("/ c o s t enter"),
        &[MIDDLE],
    );
}

#[test]
fn nobody_has_answered_yet_and_nothing_stands_anywhere() {
    let mut house = House::new(&[account("prod", &REGIONS)]);
    scene("lambda-asking", house.press("3"), &[SMALL]);
    for region in REGIONS {
        let nothing = Ok(Reading::Functions(Vec::new()));
        house.hear(&scope("prod", region), Topic::Functions, 2, nothing);
    }
    scene("lambda-none", &mut house, &[SMALL]);
}

#[test]
fn charts_over_every_region_with_what_happened() {
    let mut house = opened();
    scene("function-charts", &mut house, &SIZES);
    scene("function-whole", house.press("z"), &[SMALL]);
    scene(
        "function-moment",
        house.press("left left left left left left"),
        &[MIDDLE],
    );
}

#[test]
fn charts_without_data_say_so() {
    let mut house = bad_release();
    house.press("enter w");
    scene("function-asking", &mut house, &[MIDDLE]);
}

#[test]
fn every_page_tells_where_regions_differ_and_what_is_denied() {
    let mut house = opened();
    for (key, page) in [
        ("c", "configuration"),
        ("v", "versions"),
        ("s", "sources"),
        ("e", "errors"),
    ] {
        house.press(&format!("g {key}"));
        tell(&mut house);
        scene(&format!("function-{page}"), &mut house, &[SMALL, MIDDLE]);
    }
}

#[test]
fn a_call_is_planned_typed_and_answered() {
    let mut house = bad_release();
    house.press("i").type_in(" x");
    house.press("enter");
    scene("lambda-payload", &mut house, &[SMALL, MIDDLE]);
    house.press("esc p");
    scene("lambda-plan", &mut house, &[SMALL, MIDDLE]);
    house.later(2).later(3);
    house.press("enter");
    let invoked = Invoked {
        version: Some(text("19")),
        error: Some(text("Unhandled")),
        payload: text("{\"errorMessage\": \"'price'\", \"errorType\": \"KeyError\u{1b}[2J\"}"),
        log: text("START RequestId: 4f1c\n[ERROR] KeyError: 'price'\nEND RequestId: 4f1c\n"),
    };
    let took = TimeDelta::milliseconds(931);
    house.engine(Update::Invoked(
        InvocationId(1),
        scope("prod", BAD),
        Ok(invoked),
        took,
    ));
    scene("lambda-answer", &mut house, &[SMALL, MIDDLE]);
}
