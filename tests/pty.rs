//! Ring 7: the real binary in a pseudo-terminal, read through a terminal emulator.

mod support;

mod pty {
    mod harness;
    mod pictures;
}
