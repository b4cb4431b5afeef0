//! The Stacks view: the matrix and the flat list.

use super::demo;
use super::house::{House, MIDDLE, SIZES, SMALL, account, scene, stack};

#[test]
fn one_row_per_name_and_one_column_per_region() {
    scene("stacks-matrix", demo::one_account().press("2"), &SIZES);
}

#[test]
fn columns_say_how_old_they_are_and_why() {
    scene("stacks-matrix-bad-day", demo::bad_day().press("2"), &SIZES);
}

#[test]
fn columns_scroll_sideways_with_the_selection() {
    scene(
        "stacks-matrix-scrolled",
        demo::one_account().press("2 l l l l l"),
        &[SMALL],
    );
}

#[test]
fn the_matrix_in_plain_letters() {
    scene(
        "stacks-matrix-ascii",
        demo::bad_day().ascii().press("2"),
        &[SMALL, MIDDLE],
    );
}

#[test]
fn one_row_per_stack() {
    scene("stacks-list", demo::bad_day().press("2 v"), &SIZES);
}

#[test]
fn a_filter_says_how_much_it_hides() {
    scene(
        "stacks-filtered",
        demo::one_account()
            .press("2 /")
            .type_in("check")
            .press("enter"),
        &[SMALL],
    );
}

#[test]
fn the_filter_is_in_force_while_it_is_typed() {
    scene(
        "stacks-filter-typed",
        demo::one_account().press("2 /").type_in("~^(check|orders)"),
        &[SMALL, MIDDLE],
    );
}

#[test]
fn a_broken_pattern_says_why_and_hides_nothing() {
    scene(
        "stacks-filter-broken",
        demo::one_account().press("2 /").type_in("~(check"),
        &[SMALL],
    );
}

#[test]
fn nothing_matches() {
    scene(
        "stacks-filter-nothing",
        demo::one_account()
            .press("2 /")
            .type_in("nowhere")
            .press("enter"),
        &[SMALL],
    );
}

#[test]
fn sorted_by_the_last_change_backwards() {
    scene(
        "stacks-reversed",
        demo::one_account().press("2 < < >").later(7),
        &[SMALL],
    );
}

#[test]
fn no_stack_anywhere() {
    let mut house = House::new(&[account("prod", &["eu-west-1"])]);
    house.stacks("prod", "eu-west-1", 1, Vec::new());
    scene("stacks-none", house.press("2"), &[SMALL]);
}

#[test]
fn text_from_outside_stays_in_its_cell() {
    let names = [
        "\u{1b}[2Jcleared",
        "a\u{202e}lmth.exe",
        "決済サービス-本番環境",
        "Z\u{301}\u{301}\u{301}\u{301}algo",
        "tab\tand\nline",
        "👩\u{200d}🚀-launch",
    ];
    let hostile = |region: &str| {
        let version = "v1\u{1b}]0;title\u{7}".to_owned() + region;
        names
            .iter()
            .map(|name| stack(name, "MIGRATE\u{7}_FAILED", &version, 60))
            .collect()
    };
    let mut house = House::new(&[account("prod", &["eu-west-1", "us-east-1"])]);
    house.stacks("prod", "eu-west-1", 1, hostile("eu")).stacks(
        "prod",
        "us-east-1",
        1,
        hostile("us"),
    );
    scene("stacks-hostile", house.press("2"), &[SMALL]);
    scene("stacks-hostile-list", house.press("v"), &[MIDDLE]);
}
