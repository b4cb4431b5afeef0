//! From an endpoint that turns unhealthy to the log of the function that fails, with keys only.

use crate::support::house::House;
use quarterdeck::sandbox::Scenario;
use std::time::Duration;

/// The demo before its bad release, whose moment comes five minutes from now.
fn before_the_release() -> House {
    let demo = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src/sandbox/scenarios/demo.toml"
    );
    let demo = std::fs::read_to_string(demo).unwrap();
    let release =
        "version = 19\ndescription = \"v419: price rules from the new service\"\nminutes_ago = 24";
    assert!(demo.contains(release), "the demo has its release");
    let later = release.replace("minutes_ago = 24", "minutes_ago = -5");
    House::of(&Scenario::parse(&demo.replace(release, &later)).unwrap())
}

#[test]
fn an_endpoint_turns_unhealthy_and_row_map_tree_and_reason_agree() {
    let house = before_the_release();
    let mut screen = house.program().size(160, 44).open();
    let row = |seen: &str, words: &str| {
        let mut rows = seen.lines();
        rows.any(|row| row.contains("eu-west-1") && row.contains("prod") && row.contains(words))
    };
    screen.wait_until("Ireland's endpoints, all healthy", |seen| {
        row(&seen.text(), "2/2 ✓")
    });
    house.sandbox.clock().advance(Duration::from_secs(15 * 60));
    screen.keys("f5");
    screen.wait_until("the row of Ireland", |seen| row(&seen.text(), "1/2 ◐"));
    screen.keys("m");
    screen.wait_until("the map", |seen| {
        seen.contains("World") && seen.contains("◐") && seen.contains("eu-west-1 100 %")
    });
    screen.keys("m 5");
    screen.wait_until("the tree", |seen| {
        let text = seen.text();
        text.lines()
            .any(|row| row.contains("checkout-edge ALB") && row.contains("UNHEALTHY"))
    });
    screen.keys("/");
    screen.type_text("shop eu-west-1");
    screen.keys("enter G enter");
    screen.wait_for_text("Target.ResponseCodeMismatch");
    screen.wait_for_text("/aws/lambda/checkout-api-Function");
    screen.keys("G enter");
    screen.wait_for_text("following");
    screen.wait_for_text("eu-west-1");
    screen.keys("q");
    let _ = screen.exit().assert_code(0).assert_restored();
}
