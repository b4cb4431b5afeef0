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

#[test]
fn no_color_means_no_colour_and_no_meaning_lost() {
    let house = House::named("demo");
    let screen = house.program().env("NO_COLOR", "1").open();
    screen.wait_for_text("✗");
    let output = String::from_utf8_lossy(&screen.output()).into_owned();
    let colours = [
        "\x1b[38;", "\x1b[48;", ";38;", ";48;", "\x1b[31m", "\x1b[32m",
    ];
    let found: Vec<_> = colours
        .iter()
        .filter(|colour| output.contains(**colour))
        .collect();
    assert_eq!(found, Vec::<&&str>::new());
}

#[test]
fn a_plain_locale_gets_plain_characters() {
    let house = House::named("demo");
    let screen = house.program().env("LANG", "C").env("LC_ALL", "C").open();
    screen.wait_for_text("REGION");
    let seen = screen.wait_until("every region's stacks", |seen| !seen.contains("asking"));
    assert!(seen.text().is_ascii(), "{seen}");
}

#[test]
fn a_tiny_terminal_is_told_so_and_a_dumb_one_is_refused() {
    let house = House::named("calm");
    let mut screen = house.program().size(20, 5).open();
    screen.wait_until("a word about the size", |seen| {
        seen.text().to_lowercase().contains("small")
    });
    screen.keys("q");
    let _ = screen.exit().assert_restored().assert_code(0);

    let ended = house
        .program()
        .env("TERM", "dumb")
        .open()
        .exit()
        .assert_code(2);
    assert!(ended.seen.contains("needs a terminal"), "{}", ended.seen);
}
