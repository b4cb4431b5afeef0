//! The screen on a server that is not ours: the last check of `tests/oracles/client`.
//!
//! Not part of the default run (`test = false` in Cargo.toml): it needs a server that is already running and
//! seeded, and only that script starts one. A test that passes because nothing was there to test would be worse
//! than none. By hand: `QUARTERDECK_ORACLE_ENDPOINT=http://127.0.0.1:4566 cargo test --test oracle`.

mod support;

use support::screen::Program;

/// What the script says of the server it started.
#[expect(
    clippy::disallowed_methods,
    reason = "the script speaks to the test, not to the program"
)]
fn told(what: &str) -> String {
    let variable = format!("QUARTERDECK_ORACLE_{what}");
    std::env::var(&variable)
        .unwrap_or_else(|_| panic!("{variable} is not set: run tests/oracles/client/run.sh"))
}

#[test]
fn the_screen_opens_and_shows_the_stacks() {
    let regions = told("REGIONS");
    let program = Program::quarterdeck().args(["-r", &regions]).size(200, 60);
    let program = program
        .env("AWS_ENDPOINT_URL", &told("ENDPOINT"))
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test");
    let mut screen = program.open();
    screen.keys("2");
    for name in told("STACKS").split(',') {
        screen.wait_for_text(name);
    }
    screen.keys("q");
    let _ = screen.exit().assert_code(0).assert_restored();
}
