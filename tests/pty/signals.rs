//! Signals, a closed terminal, Ctrl-Z: the program goes or comes back, and the terminal is whole. (Scorecard 2, 3.)

use crate::support::house::House;
use crate::support::patience;
use crate::support::screen::{Screen, Signal};

fn open(house: &House) -> Screen {
    let screen = house.program().open();
    screen.wait_for_text("REGION");
    screen
}

#[test]
fn every_ending_signal_ends_it_within_a_second_and_restores_the_terminal() {
    let house = House::named("calm");
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130), (Signal::HUP, 129)] {
        let screen = open(&house);
        screen.signal(signal);
        let ended = screen.exit();
        assert!(
            ended.took < patience() / 10 * 1,
            "{signal:?}: {:?}",
            ended.took
        );
        assert_eq!(ended.code(), Some(code), "{signal:?}");
        let _ = ended.assert_restored();
    }
}

#[test]
fn a_terminal_that_is_closed_ends_it() {
    let house = House::named("calm");
    let mut screen = open(&house);
    screen.hang_up();
    let ended = screen.exit();
    assert!(ended.took < patience() / 10 * 2, "{:?}", ended.took);
}

#[test]
fn it_can_be_stopped_and_continued_again_and_again() {
    let house = House::named("calm");
    let mut screen = open(&house);
    screen.wait_for_text("● live");
    let before = screen.wait_until_still();
    for _ in 0..10 {
        screen.send(b"\x1a");
        screen.wait_until("the shell's screen", |seen| !seen.is_alternate());
        screen.wait_until_stopped();
        screen.signal(Signal::CONT);
        screen.wait_until("the same screen again", |seen| {
            seen.is_alternate() && seen.text() == before.text()
        });
    }
    screen.keys("q");
    let _ = screen.exit().assert_restored();
}

#[test]
fn a_closed_terminal_ends_it_even_where_nobody_sends_a_signal() {
    // Started by something that ignores SIGHUP, as `nohup` does: only our own watch on the terminal is left.
    let house = House::named("calm");
    let mut screen = house.shell("trap '' HUP; exec $Q").open();
    screen.wait_for_text("REGION");
    screen.hang_up();
    let ended = screen.exit();
    assert!(ended.took < patience() / 10 * 2, "{:?}", ended.took);
}

#[test]
fn when_its_shell_is_killed_it_goes_too() {
    let house = House::named("calm");
    let screen = house.shell("$Q; exit 0").open();
    screen.wait_for_text("REGION");
    screen.signal(Signal::KILL);
    // `exit` waits until nothing holds the terminal any more.
    let ended = screen.exit();
    assert!(ended.took < patience() / 10 * 2, "{:?}", ended.took);
}
