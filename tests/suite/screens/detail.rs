//! The detail of one stack, page by page.

use super::demo;
use super::failed;
use super::house::{MIDDLE, SIZES, SMALL, id, scene, scope};
use quarterdeck::domain::{Kind, Problem, Topic};

#[test]
fn a_failed_stack_opens_on_its_root_cause_in_a_nested_stack() {
    scene("detail-events", &mut failed::opened(), &SIZES);
}

#[test]
fn the_detail_takes_the_whole_screen() {
    scene(
        "detail-whole",
        failed::opened().press("z"),
        &[SMALL, MIDDLE],
    );
}

#[test]
fn the_detail_in_plain_letters() {
    let mut house = failed::opened().ascii();
    scene("detail-events-ascii", &mut house, &[SMALL]);
    scene("detail-drift-ascii", house.press("g d"), &[MIDDLE]);
}

#[test]
fn every_page_has_its_own_columns() {
    let mut house = failed::opened();
    for (key, page) in [
        ("r", "resources"),
        ("o", "outputs"),
        ("p", "parameters"),
        ("t", "template"),
        ("c", "change-sets"),
        ("d", "drift"),
    ] {
        // Pages that are left are forgotten, so what is known of this one is told while it is open.
        failed::tell(house.press(&format!("g {key}")));
        scene(&format!("detail-{page}"), &mut house, &[SMALL, MIDDLE]);
    }
}

#[test]
fn a_page_that_is_filtered() {
    let mut house = failed::opened();
    house.press("/").type_in("failed").press("enter");
    scene("detail-filtered", &mut house, &[SMALL]);
}

#[test]
fn a_nested_stack_is_opened_from_its_parents_events() {
    scene(
        "detail-nested-asking",
        failed::opened().press("enter"),
        &[SMALL],
    );
}

#[test]
fn a_page_that_may_not_be_read_says_so_and_what_to_do() {
    let mut house = demo::one_account();
    house.press("2 g g n enter g c");
    let denied = Problem::new(
        Kind::Denied,
        "Not allowed to list the change sets in eu-west-1.",
    )
    .hint("Needs cloudformation:ListChangeSets and cloudformation:DescribeChangeSet.");
    house.hear(
        &scope("prod", "eu-west-1"),
        Topic::ChangeSets(id("checkout-api")),
        2,
        Err(denied),
    );
    scene("detail-denied", &mut house, &[SMALL, MIDDLE]);
}
