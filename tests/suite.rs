//! Rings 3 to 6 and the walls of the house, in one binary: the AWS crates are linked once, not once per file.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::unchecked_time_subtraction,
    reason = "a test says what went wrong by failing"
)]

mod support;

mod suite {
    mod architecture;
    mod cli;
    mod engine;
    mod look;
    mod proxy;
    mod readme;
    mod screens;
    mod wire;
}
