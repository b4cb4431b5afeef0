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
