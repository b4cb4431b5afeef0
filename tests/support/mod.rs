//! What the outer rings of tests stand on.
//!
//! `home` is the empty house a program is started in; `screen` drives it in a pseudo-terminal and `cli` on pipes;
//! `svg` and `look` turn what was drawn into files; `proxy` stands between the house and a server and misbehaves.
//! Nothing here sleeps: everything waits for a predicate, and [`patience`] is the only limit.

#![allow(
    dead_code,
    reason = "each test binary uses its part of this; all compile the whole"
)]
#![allow(
    clippy::panic,
    reason = "a harness says what went wrong by failing the test"
)]

pub(crate) mod cli;
pub(crate) mod ended;
pub(crate) mod home;
pub(crate) mod house;
pub(crate) mod keys;
pub(crate) mod line;
pub(crate) mod look;
pub(crate) mod operator;
pub(crate) mod program;
pub(crate) mod proxy;
pub(crate) mod screen;
pub(crate) mod svg;
pub(crate) mod terminal;
pub(crate) mod world;

use std::time::Duration;

/// How long anything may take before a test gives up on it.
///
/// Ten seconds on an idle machine is already a failure of the program, not of the test. A slow or shared machine
/// multiplies it with `QUARTERDECK_TEST_PATIENCE=4`.
#[expect(
    clippy::disallowed_methods,
    reason = "the tests' own knob; the program never reads it"
)]
pub(crate) fn patience() -> Duration {
    let scale = std::env::var("QUARTERDECK_TEST_PATIENCE");
    let scale = scale.ok().and_then(|scale| scale.parse().ok());
    Duration::from_secs(10).mul_f64(scale.unwrap_or(1.0))
}

/// Whether files that tests compare with are to be written anew: `QUARTERDECK_UPDATE=1`.
#[expect(
    clippy::disallowed_methods,
    reason = "the tests' own knob; the program never reads it"
)]
pub(crate) fn update() -> bool {
    std::env::var("QUARTERDECK_UPDATE").is_ok_and(|value| value == "1")
}
