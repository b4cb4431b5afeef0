//! The drill: a bad release goes out to one region, and keys alone bring it back.

use crate::support::house::House;
use std::time::Duration;

/// From the red row to the healed one, the text that agrees not counted.
const PRESSES: [&str; 8] = ["3", "R", "enter", "A", "enter", "1", "f5", "q"];

#[test]
fn a_region_that_a_bad_release_took_down_is_healed_in_a_dozen_keys() {
    assert!(PRESSES.len() <= 12);
    let [lambda, back, at_once, arm, agree, fleet, refresh, quit] = PRESSES;
    let house = House::named("drill");
    let mut screen = house.program().size(120, 36).open();
    let ireland = |seen: &str, words: &str| {
        let mut rows = seen.lines();
        rows.any(|row| row.contains("eu-west-1") && row.contains("prod") && row.contains(words))
    };
    // The alarms of a bad release ring within two minutes.
    house.sandbox.clock().advance(Duration::from_secs(120));
    screen.wait_until("the red row of Ireland", |seen| {
        ireland(&seen.text(), "0/1 ✗") && seen.contains("⚠")
    });
    screen.keys(lambda);
    screen.wait_until("the worst function first", |seen| {
        seen.text().lines().any(|row| {
            row.contains('▸') && row.contains("checkout-api-Function") && row.contains("→19!")
        })
    });
    screen.keys(back);
    screen.wait_for_text("eu-west-1, at once");
    screen.keys(at_once);
    screen.wait_for_text("alias ACTIVE 19 → 18");
    screen.keys(arm);
    screen.wait_for_text("Type checkout-api-Function eu-west-1 9012");
    assert!(changes(&house).is_empty(), "nothing was agreed to yet");
    screen.type_text("checkout-api-Function eu-west-1 9012");
    screen.wait_for_text("9012▏");
    // A test types faster than anybody reads, and what was not read is not agreed to.
    for _ in 0..5 {
        screen.wait_for_frames(4);
        screen.keys(agree);
        let seen = screen.wait_until("the end of it", |seen| {
            seen.contains("SUCCEEDED") || seen.contains("Read it first")
        });
        if seen.contains("SUCCEEDED") {
            break;
        }
    }
    assert_eq!(changes(&house), ["UpdateAlias"]);
    house.sandbox.clock().advance(Duration::from_secs(180));
    screen.keys(fleet);
    screen.keys(refresh);
    screen.wait_until("the healed row of Ireland", |seen| {
        let text = seen.text();
        ireland(&text, "1/1 ✓") && ireland(&text, "4 ✓")
    });
    screen.keys(quit);
    let _ = screen.exit().assert_code(0).assert_restored();
}

/// What AWS was asked that changes something.
fn changes(house: &House) -> Vec<String> {
    let requests = house.sandbox.requests().into_iter();
    let operations = requests.map(|request| request.operation);
    let reads = |operation: &String| {
        ["Get", "List", "Describe", "Filter"]
            .iter()
            .any(|verb| operation.starts_with(verb))
    };
    operations.filter(|operation| !reads(operation)).collect()
}
