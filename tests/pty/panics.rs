//! Wherever it panics, the terminal is restored first and nothing of the data is said. (Scorecard 1.)

use crate::support::house::House;
use crate::support::screen::Signal;
use quarterdeck::tui::Trap;

#[test]
fn a_panic_anywhere_restores_the_terminal_and_says_only_where() {
    let house = House::named("calm");
    for site in Trap::SITES {
        let mut screen = house.program().args(["--panic", site]).open();
        match site {
            "key" => screen.send(b"j"),
            "resize" => {
                screen.wait_for_text("REGION");
                screen.resize(100, 30);
            }
            "signal" => {
                screen.wait_for_text("REGION");
                screen.signal(Signal::TERM);
            }
            "drop" => {
                screen.wait_for_text("REGION");
                screen.send(b"q");
            }
            _ => {}
        }
        let ended = screen.exit();
        let ended = ended.assert_restored();
        // A panic during the unwinding of another aborts; every other one is our fault in so many words.
        let code = (site != "twice").then_some(70);
        assert_eq!(ended.code(), code, "{site}");
        let said = String::from_utf8_lossy(&ended.output).into_owned();
        assert!(
            said.contains("Quarterdeck has a bug"),
            "{site}: {}",
            ended.seen
        );
        assert!(!said.contains("canary-secret"), "{site}");
    }
}
