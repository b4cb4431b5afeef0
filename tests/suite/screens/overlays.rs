//! What lies above the view.

use super::demo;
use super::failed;
use super::house::{LARGE, MIDDLE, SIZES, SMALL, scene};

#[test]
fn the_palette_lists_commands_with_their_keys_and_why_not() {
    scene("palette", demo::one_account().press(":"), &SIZES);
    scene(
        "palette-narrowed",
        demo::one_account().press("2 :").type_in("drift"),
        &[SMALL, MIDDLE],
    );
    scene(
        "palette-nothing",
        demo::one_account().press(":").type_in("zzz"),
        &[SMALL],
    );
}

#[test]
fn the_scope_picker_shows_what_is_chosen() {
    scene(
        "scope",
        demo::bad_day().press("@ down tab"),
        &[SMALL, MIDDLE],
    );
    scene(
        "scope-ascii",
        demo::bad_day().ascii().press("@ tab"),
        &[SMALL],
    );
}

#[test]
fn help_lists_every_key_by_where_it_works() {
    scene("help", demo::one_account().press("2 ?"), &SIZES);
    scene(
        "help-scrolled",
        demo::one_account().press("? ctrl-d"),
        &[SMALL],
    );
}

#[test]
fn problems_say_since_when_and_what_to_do() {
    scene("problems", demo::bad_day().press("!"), &[SMALL, MIDDLE]);
    scene("problems-none", demo::one_account().press("!"), &[SMALL]);
}

#[test]
fn one_line_is_read_in_full() {
    let mut house = failed::opened();
    // An event of a resource of the stack itself leads nowhere further, so it is shown whole.
    house.press("g r g g");
    failed::tell(&mut house);
    scene("text", house.press("enter"), &[SMALL, LARGE]);
}

#[test]
fn keys_that_may_come_next_are_shown() {
    scene("hints", failed::opened().press("g"), &[SMALL]);
    scene(
        "hints-ascii",
        demo::one_account().ascii().press("g"),
        &[SMALL],
    );
}
