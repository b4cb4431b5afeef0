//! Gives the terminal back as it was: one byte string, written from wherever the program ends.
//!
//! Idempotent, and it never waits for a lock that a dying thread may hold, because it runs in panic hooks, in `Drop`
//! and beside a dying task.
//! Writing it twice does no harm; not writing it leaves an operator with a dead shell at 3 a.m.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use tokio_util::sync::CancellationToken;

/// Everything that [`Screen`](super::screen::Screen) may have switched on, off again: synchronized update, mouse in
/// its four modes, focus reports, bracketed paste, colours, cursor, and last the alternate screen.
const UNDO: &[u8] = b"\x1b[?2026l\x1b[?1006l\x1b[?1015l\x1b[?1003l\x1b[?1002l\x1b[?1000l\x1b[?1004l\x1b[?2004l\x1b[0m\x1b[?25h\x1b[?1049l";

/// How the terminal was set before raw mode.
static BEFORE: Mutex<Option<rustix::termios::Termios>> = Mutex::new(None);

/// Remembers how the terminal is set, once.
pub(super) fn remember() {
    if let Ok(mut before) = BEFORE.lock()
        && before.is_none()
    {
        *before = rustix::termios::tcgetattr(rustix::stdio::stdin()).ok();
    }
}

/// Restores the terminal. Does nothing before the terminal was taken: there is nothing to undo.
pub fn restore() {
    // A lock held by a panicking thread is no reason to leave the terminal raw.
    let before = match BEFORE.try_lock() {
        Ok(mut before) => before.take(),
        Err(std::sync::TryLockError::Poisoned(poisoned)) => poisoned.into_inner().take(),
        Err(std::sync::TryLockError::WouldBlock) => None,
    };
    let Some(before) = before else { return };
    let mut out = std::io::stdout();
    // Nobody is left to tell if the terminal is gone.
    let _ = out.write_all(UNDO);
    let _ = out.flush();
    let _ = rustix::termios::tcsetattr(
        rustix::stdio::stdin(),
        rustix::termios::OptionalActions::Now,
        &before,
    );
    let _ = crossterm::terminal::disable_raw_mode();
}

/// Makes a panic anywhere restore the terminal before it says anything, and keeps what it says free of data.
///
/// A panic's own text may carry a value that came from AWS, so only the place is told, here and in the `report`.
/// `bug` is cancelled: a panic in a worker ends the program instead of leaving a screen that has quietly stopped
/// being true.
pub fn guard_panics(bug: CancellationToken, report: Option<PathBuf>) {
    std::panic::set_hook(Box::new(move |panic| {
        restore();
        let place = panic
            .location()
            .map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        let mut said = format!(
            "Quarterdeck has a bug: it stopped at {place}. Nothing in AWS was changed by this.\n\
             Please report the place and what you were doing."
        );
        if let Some(report) = &report
            && write_report(report, &place).is_ok()
        {
            said.push_str(" Both fit into ");
            said.push_str(&report.display().to_string());
            said.push('.');
        }
        let _ = writeln!(std::io::stderr(), "{said}");
        // Last: the loop that hears it ends the program, and with it this thread.
        bug.cancel();
    }));
}

/// Leaves a file that only the operator can read: version, thread and place, never a value.
fn write_report(report: &Path, place: &str) -> std::io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
    if let Some(folder) = report.parent() {
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    let mut file = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(report)?;
    let thread = std::thread::current();
    let thread = thread.name().unwrap_or("a worker");
    writeln!(
        file,
        "quarterdeck {}: panic in {thread} at {place}",
        env!("CARGO_PKG_VERSION")
    )
}
