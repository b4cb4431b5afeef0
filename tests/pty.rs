//! Ring 7: the real binary in a pseudo-terminal, read through a terminal emulator.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::unchecked_time_subtraction,
    reason = "a test says what went wrong by failing"
)]

mod support;

mod pty {
    mod accelerator;
    mod alarms;
    mod blackout;
    mod drill;
    mod harness;
    mod hostile;
    mod logs;
    mod navigate;
    mod panics;
    mod pictures;
    mod renewal;
    mod resize;
    mod screenshots;
    mod secrets;
    mod signals;
    mod start;
}
