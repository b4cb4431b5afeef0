//! The README's pictures, made from what the real binary draws; compared, or with `QUARTERDECK_UPDATE=1` written.

use crate::support::house::House;
use crate::support::screen::Screen;
use crate::support::svg::svg;
use crate::support::update;

#[test]
fn the_pictures_of_the_readme_are_what_the_program_draws() {
    let house = House::named("demo");
    let mut screen = house
        .program()
        .env("COLORTERM", "truecolor")
        .size(120, 36)
        .open();
    screen.wait_until("every region's stacks, alarms and figures", |seen| {
        // The column of the stacks; others have ticks of their own.
        let has_stacks = |row: &String| row.chars().skip(26).take(14).any(|sign| sign == '✓');
        let rows = seen.rows();
        let regions = rows.iter().filter(|row| has_stacks(row));
        regions.clone().count() >= 12
            && regions.clone().all(|row| !row.contains('…'))
            && regions.clone().any(|row| row.contains('⊘'))
    });
    take(&screen, "fleet");
    screen.keys("2");
    take(&screen, "stacks");
    screen.keys("/");
    screen.type_text("checkout-api");
    screen.keys("enter n enter");
    screen.wait_for_text("oot cause");
    take(&screen, "root-cause");
    screen.keys("esc esc ?");
    take(&screen, "help");
    screen.keys("esc 3");
    screen.wait_until("the figures of the bad release", |seen| {
        let mut rows = seen.rows().into_iter();
        rows.any(|row| row.contains("⚠ eu-west-1") && row.contains("alarms"))
    });
    take(&screen, "lambda");
    screen.keys("enter");
    screen.wait_for_text("Invocations/min");
    screen.wait_for_text("checkout-api-errors");
    take(&screen, "function");
    screen.keys("4 a");
    screen.wait_for_text("/aws/lambda/checkout-api-Function");
    screen.type_text("lambda:checkout-api-F");
    screen.keys("enter");
    screen.wait_for_text("order accepted");
    screen.wait_until_still();
    screen.keys("/");
    screen.type_text("slower");
    screen.keys("enter");
    screen.wait_until_still();
    screen.keys("enter");
    screen.wait_for_text("orderId: ");
    take(&screen, "logs");
}

/// Waits until the screen is as its picture, or writes the picture once the screen is still.
#[track_caller]
fn take(screen: &Screen, name: &str) {
    let path = format!("{}/screenshots/{name}.svg", env!("CARGO_MANIFEST_DIR"));
    if update() {
        let picture = svg(&screen.wait_until_still(), "quarterdeck");
        std::fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/screenshots"))
            .expect("the checkout is writable");
        std::fs::write(&path, picture).expect("the checkout is writable");
    } else {
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        let what = format!(
            "the picture {path}; if it is stale, run `QUARTERDECK_UPDATE=1 cargo test --test pty screenshots` and look at it"
        );
        screen.wait_until(&what, |seen| svg(seen, "quarterdeck") == kept);
    }
}
