//! What is left of a program that ended: its code, its last screen, and the line as the next program finds it.

use super::home::Home;
use super::terminal::Seen;
use portable_pty::ExitStatus;
use rustix::termios::{LocalModes, Termios};
use std::sync::Arc;
use std::time::Duration;

#[must_use = "say how the program was expected to end"]
pub(crate) struct Ended {
    pub(crate) seen: Seen,
    /// Its home, to look at what it wrote.
    pub(crate) home: Arc<Home>,
    /// Every byte that was written to the terminal.
    pub(crate) output: Vec<u8>,
    /// From asking for the end to the end.
    pub(crate) took: Duration,
    pub(super) status: ExitStatus,
    /// The line's modes before the program could change them.
    pub(super) before: Termios,
    /// And after it; nothing when the line was hung up.
    pub(super) after: Option<Termios>,
}

impl Ended {
    /// The exit code, unless a signal ended it.
    pub(crate) fn code(&self) -> Option<u32> {
        let by_signal = self.status.signal().is_some();
        (!by_signal).then(|| self.status.exit_code())
    }

    #[track_caller]
    pub(crate) fn assert_code(self, code: u32) -> Self {
        assert_eq!(self.code(), Some(code), "{}\n{}", self.status, self.seen);
        self
    }

    /// What a person finds in front of them afterwards must be what they had before.
    #[track_caller]
    pub(crate) fn assert_restored(self) -> Self {
        let left = self.seen.leftovers();
        assert!(
            left.is_empty(),
            "the terminal is left with {left:?}\n{}",
            self.seen
        );
        if let Some(after) = &self.after {
            let (before, after) = (modes(&self.before), modes(after));
            assert_eq!(
                after, before,
                "the line's modes differ from before\n{}",
                self.seen
            );
        }
        self
    }
}

/// The modes of a line that a program may change: echo, canonical input, signals, newline translation.
fn modes(line: &Termios) -> String {
    // PENDIN is the kernel's own note that input waits to be read again; macOS sets it on leaving raw mode.
    let local = line.local_modes.difference(LocalModes::PENDIN);
    let (input, output, control) = (line.input_modes, line.output_modes, line.control_modes);
    format!("{input:?} {output:?} {control:?} {local:?}")
}
