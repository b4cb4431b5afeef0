//! No size of terminal breaks the screen.

use super::demo;
use super::failed;
use super::house::{House, scene};
use super::logs;
use super::release;
use super::runs;
use super::traffic;
use super::watched;
use proptest::prelude::*;
use quarterdeck::domain::Guard;
use quarterdeck::domain::operation::Verb;

/// A house in one of many states.
fn house(state: usize) -> House {
    match state {
        0 => demo::bad_day(),
        1 => demo::bad_day().press_and_keep("2 l l G"),
        2 => demo::bad_day().press_and_keep("2 v G"),
        3 => failed::opened(),
        4 => failed::opened().press_and_keep("z"),
        5 => demo::bad_day().press_and_keep(":"),
        6 => demo::bad_day().press_and_keep("@ down"),
        7 => demo::bad_day().press_and_keep("2 ? G"),
        8 => demo::bad_day().press_and_keep("!"),
        9 => failed::opened().press_and_keep("g"),
        10 => demo::one_account().press_and_keep("2 / ~ ( x"),
        11 => demo::one_account().ascii(),
        12 => logs::followed().press_and_keep("k w k enter"),
        13 => logs::followed().press_and_keep("p"),
        14 => logs::followed().press_and_keep("t a"),
        15 => logs::followed().press_and_keep("g s"),
        16 => logs::followed().press_and_keep("i enter"),
        17 => logs::followed().press_and_keep("L"),
        18 => logs::followed().press_and_keep("f ~ ("),
        19 => release::bad_release().press_and_keep("v p"),
        20 => release::opened().press_and_keep("z left"),
        21 => watched::looked_at().press_and_keep("G"),
        22 => watched::opened(),
        23 => watched::opened().press_and_keep("z G"),
        24 => traffic::state("enter"),
        25 => traffic::state("i"),
        26 => traffic::state("").press_and_keep("1 m"),
        27 => runs::reading(Verb::Deploy),
        28 => runs::unarmed(),
        29 => runs::many(),
        30 => runs::opened("running"),
        31 => runs::opened("failed").press_and_keep("z"),
        32 => runs::many().press_and_keep("q"),
        33 => runs::stacks(Guard::Typed).press_and_keep("d enter"),
        _ => watched::watched().press_and_keep("down l l l"),
    }
}

/// How many states there are.
const STATES: usize = 35;

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn drawing_never_fails_and_never_leaves_the_screen(width in 1u16..=250, height in 1u16..=80, small in 1u16..=60, low in 1u16..=14) {
        for state in 0..STATES {
            let mut house = house(state);
            for (width, height) in [(width, height), (small, low), (width, low), (small, height)] {
                let (_, viewport) = house.draw(width, height);
                for (area, target) in &viewport.spots {
                    let fits = area.x + area.width <= width && area.y + area.height <= height;
                    prop_assert!(fits, "{target:?} at {area:?} in {width}x{height}, state {state}");
                }
            }
        }
    }
}

#[test]
fn plain_letters_are_all_that_a_plain_terminal_gets() {
    let mut houses = vec![
        demo::bad_day().ascii(),
        demo::bad_day().ascii().press_and_keep("2"),
        traffic::state("").ascii(),
        traffic::state("enter").ascii(),
        traffic::state("i").ascii(),
        traffic::state("").ascii().press_and_keep("1 m"),
        demo::bad_day().ascii().press_and_keep("2 v"),
        demo::bad_day().ascii().press_and_keep(":"),
        demo::bad_day().ascii().press_and_keep("?"),
        demo::bad_day().ascii().press_and_keep("!"),
        demo::bad_day().ascii().press_and_keep("@ tab"),
        demo::bad_day().ascii().press_and_keep("g"),
        demo::bad_day().ascii().press_and_keep("/ ~ ("),
        logs::followed().ascii().press_and_keep("k w enter"),
        logs::followed().ascii().press_and_keep("p"),
        logs::followed().ascii().press_and_keep("a tab"),
        logs::followed().ascii().press_and_keep("k m g s"),
        logs::followed().ascii().press_and_keep("i enter"),
        logs::followed().ascii().press_and_keep("f ~ ("),
        failed::opened().ascii(),
        watched::watched().ascii().press_and_keep("l l l"),
        watched::looked_at().ascii(),
        watched::opened().ascii(),
        failed::opened().ascii().press_and_keep("enter"),
        release::bad_release().ascii(),
        release::bad_release().ascii().press_and_keep("v"),
        release::bad_release().ascii().press_and_keep("p"),
        release::opened().ascii().press_and_keep("left"),
        release::opened().ascii().press_and_keep("g v"),
        runs::reading(Verb::Deploy).ascii(),
        runs::reading(Verb::Rollback).ascii(),
        runs::unarmed().ascii(),
        runs::asking().ascii(),
        runs::many().ascii(),
        runs::many().ascii().press_and_keep("q"),
        runs::opened("running").ascii(),
        runs::opened("failed").ascii(),
        runs::opened("left").ascii(),
    ];
    for house in &mut houses {
        for (width, height) in [(80, 24), (120, 36)] {
            let (terminal, _) = house.draw(width, height);
            let drawn = terminal.backend().to_string();
            let foreign: String = drawn.chars().filter(|sign| !sign.is_ascii()).collect();
            assert_eq!(foreign, "", "{drawn}");
        }
    }
}

#[test]
fn what_is_too_small_says_so() {
    scene(
        "small-too-small",
        &mut demo::one_account(),
        &[(39, 10), (40, 9), (12, 3)],
    );
    scene("small-least", &mut demo::one_account(), &[(40, 10)]);
    scene(
        "small-least-stacks",
        demo::one_account().press("2"),
        &[(40, 10)],
    );
    scene(
        "small-least-detail",
        failed::opened().press("z"),
        &[(40, 10)],
    );
}
