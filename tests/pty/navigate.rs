//! From the fleet to the line that explains the failure, with keys only.

use crate::support::house::House;

#[test]
fn a_failed_region_leads_to_its_root_cause_two_nested_stacks_down() {
    let house = House::named("demo");
    let mut screen = house.program().open();
    screen.wait_for_text("eu-west-1");
    screen.wait_until("data of every region", |seen| !seen.contains(" … "));
    screen.keys("2 /");
    screen.type_text("checkout-api");
    screen.keys("enter n enter");
    let seen = screen.wait_for_text("oot cause");
    assert!(seen.contains("emory"), "{seen}");
    screen.keys("tab tab tab");
    screen.wait_for_text("****");
    screen.keys("esc esc esc");
    screen.wait_for_text("REGION");
}

#[test]
fn a_filter_narrows_while_it_is_typed() {
    let house = House::named("calm");
    let mut screen = house.program().open();
    screen.keys("2");
    screen.wait_for_text("orders-db");
    screen.keys("/");
    screen.type_text("checkout");
    screen.wait_for_absence("orders-db");
    screen.keys("esc");
    screen.wait_for_text("orders-db");
}

#[test]
fn the_palette_finds_a_command_by_a_few_letters() {
    let house = House::named("calm");
    let mut screen = house.program().open();
    screen.wait_for_text("REGION");
    screen.keys(":");
    screen.type_text("stk");
    screen.keys("enter");
    screen.wait_for_text("orders-db");
}

#[test]
fn y_copies_the_name_through_the_terminal() {
    let house = House::named("calm");
    let mut screen = house.program().open();
    screen.keys("2");
    screen.wait_for_text("orders-db");
    screen.keys("/");
    screen.type_text("orders-db");
    screen.keys("enter y");
    // "orders-db", as OSC 52 carries it.
    screen.wait_until("the name on the clipboard", |seen| {
        seen.clipboard() == Some("b3JkZXJzLWRi")
    });
}

/// What the demo is about: a bad release in one region, from its row to the lines of the calls that fail.
#[test]
fn a_bad_release_is_the_first_row_and_enter_twice_reaches_its_failing_lines() {
    let house = House::named("demo");
    let mut screen = house.program().size(120, 36).open();
    screen.wait_for_text("eu-west-1");
    screen.keys("3");
    let seen = screen.wait_until("the bad release with all that tells it", |seen| {
        let rows = seen.rows();
        let first = rows.get(5).is_some_and(|row| {
            row.contains("▸") && row.contains("checkout-api-Function") && row.contains("→19!")
        });
        let strip = rows.iter().any(|row| {
            let facts = ["⚠ eu-west-1", "ACTIVE→19!", "4", " %", "2 alarms"];
            facts.iter().all(|fact| row.contains(fact))
        });
        first && strip
    });
    assert!(seen.contains("⚠ 4"), "{seen}");
    screen.keys("enter");
    screen.wait_for_text("Invocations/min");
    screen.keys("enter");
    screen.wait_until("lines of calls that failed", |seen| {
        let rows = seen.rows();
        let failing = rows
            .iter()
            .filter(|row| row.contains(" ERROR ") && row.contains("eu-west-1"));
        seen.contains("level>=ERROR") && failing.count() >= 3
    });
    screen.keys("q");
    let _ = screen.exit().assert_code(0).assert_restored();
}
