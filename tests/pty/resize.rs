//! A storm of resizes leaves the screen that a fresh start would draw. (Scorecard 4, at commit-gate size.)

use crate::support::house::House;

#[test]
fn after_a_storm_of_resizes_the_screen_is_the_one_of_that_size() {
    let house = House::named("calm");
    let mut screen = house.program().open();
    screen.wait_for_text("● live");
    let mut random = 20_261_120_u64;
    for _ in 0..200 {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let (columns, rows) = ((random >> 33) % 250 + 2, (random >> 45) % 100 + 2);
        screen.resize(columns.try_into().unwrap(), rows.try_into().unwrap());
    }
    screen.resize(120, 36);
    let after = screen.wait_until_still();
    let fresh = house.program().size(120, 36).open();
    let fresh = fresh.wait_until("the same picture", |seen| seen.text() == after.text());
    assert_eq!(fresh.text(), after.text());
    screen.keys("q");
    let _ = screen.exit().assert_restored();
}
