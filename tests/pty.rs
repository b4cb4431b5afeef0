//! Ring 7: the real binary in a pseudo-terminal, read through a terminal emulator.

mod support;

mod pty {
    mod blackout;
    mod harness;
    mod hostile;
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
