//! A region gone dark and another throttled: the others go on, and so does the keyboard. (Scorecard 10, on a real socket.)

use crate::support::house::House;
use quarterdeck::sandbox::{Fault, FaultKind, Place};

#[test]
fn a_dark_region_says_so_while_keys_and_the_other_regions_go_on() {
    let house = House::named("calm");
    house
        .sandbox
        .inject(Fault::new(Place::region("eu-west-1"), FaultKind::Dark));
    house.sandbox.inject(Fault::new(
        Place::region("us-west-2"),
        FaultKind::Throttle {
            per_second: 0.0,
            burst: 0.0,
        },
    ));
    let mut screen = house.program().open();
    // The dark region has not even timed out yet when the others are there.
    let has_data = |row: &&String| row.contains(" prod ") && row.contains(" ✓ ");
    screen.wait_until("four of prod's six regions with data", |seen| {
        let rows = seen.rows();
        let regions = rows.iter().filter(|row| row.contains("ms "));
        regions.filter(has_data).count() >= 4
    });
    screen.wait_for_text("throttled");
    screen.keys("2");
    screen.wait_for_text("checkout-api");
    screen.keys("1 !");
    screen.wait_until("the reason in words", |seen| {
        seen.contains("eu-west-1") && seen.contains("timed out")
    });
}
