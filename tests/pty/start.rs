//! It opens, shows every region, and leaves the terminal as it was.

use crate::support::house::House;
use crate::support::program::Program;

#[test]
fn the_fleet_is_there_and_q_gives_the_terminal_back() {
    let house = House::named("calm");
    let mut screen = house.program().open();
    for region in [
        "us-east-1",
        "us-west-2",
        "eu-west-1",
        "eu-central-1",
        "ap-northeast-1",
        "ap-southeast-1",
    ] {
        screen.wait_for_text(region);
    }
    screen.wait_until("no region without data", |seen| !seen.contains(" … "));
    screen.keys("q");
    let ended = screen.exit();
    let ended = ended.assert_restored();
    assert_eq!(ended.code(), Some(0));
}

#[test]
fn the_demo_needs_nothing_but_the_binary() {
    let mut screen = Program::quarterdeck().args(["--demo"]).open();
    screen.wait_for_text("READ-ONLY");
    screen.wait_for_text("checkout-api");
    screen.keys("q");
    let _ = screen.exit().assert_restored();
}

#[test]
fn without_credentials_the_screen_opens_and_says_what_is_missing() {
    let screen = Program::quarterdeck().args(["-r", "eu-west-1"]).open();
    screen.wait_for_text("eu-west-1");
    screen.wait_until("a hint about credentials", |seen| {
        seen.contains("redentials")
    });
}
