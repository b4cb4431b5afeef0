//! From the tabs to the lines of a function in every region, with keys only.

use crate::support::house::House;

#[test]
fn groups_are_picked_read_held_searched_and_left() {
    let house = House::named("demo");
    let mut screen = house.program().open();
    screen.wait_for_text("eu-west-1");
    screen.keys("4");
    screen.wait_for_text("No log group is chosen");
    screen.keys("a");
    screen.wait_for_text("/aws/lambda/checkout-api-Function");
    screen.type_text("lambda:checkout-api-F");
    screen.wait_for_absence("/audit/sign-in");
    screen.keys("enter");
    screen.wait_for_text("following");
    screen.wait_for_text("order accepted");

    screen.keys("space");
    screen.wait_for_text("paused");
    screen.keys("/");
    screen.type_text("order accepted");
    screen.keys("enter");
    screen.wait_until("a hit selected", |seen| {
        let mut rows = seen.rows().into_iter();
        rows.any(|row| row.contains('▸') && row.contains("order accepted"))
    });
    screen.keys("enter");
    screen.wait_for_text("orderId: ");
    screen.keys("esc G");
    screen.wait_for_text("following");

    screen.keys("f");
    screen.type_text("level>=WARN");
    screen.keys("enter");
    screen.wait_until("nothing but warnings and errors", |seen| {
        !seen.contains(" INFO ") && (seen.contains(" WARN ") || seen.contains(" ERROR "))
    });
    screen.keys("q");
    let _ = screen.exit().assert_code(0).assert_restored();
}

#[test]
fn a_stack_leads_to_its_logs_and_an_export_is_a_new_file() {
    let house = House::named("demo");
    let mut screen = house.program().open();
    screen.wait_for_text("eu-west-1");
    screen.wait_until("data of every region", |seen| !seen.contains(" … "));
    screen.keys("2 /");
    screen.type_text("checkout-api");
    screen.keys("enter L");
    screen.wait_for_text("following");
    screen.wait_for_text("order accepted");
    screen.keys("x");
    screen.wait_for_text("export to");
    let file = screen.home().path().join("seen.jsonl");
    screen.keys("ctrl-u");
    screen.paste(&file.to_string_lossy());
    screen.wait_for_text("seen.jsonl");
    screen.keys("enter");
    screen.wait_for_text("Wrote ");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.lines().count() > 10, "{text}");
    assert!(text.lines().all(|line| line.starts_with("{\"time\":")));
    screen.keys("q");
    let _ = screen.exit().assert_code(0).assert_restored();
}
