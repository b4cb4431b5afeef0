//! Signals, and a terminal that goes away.
//!
//! The terminal library cannot be trusted to notice a closed terminal: its reader spins on the end of file. So a
//! thread of our own waits in `poll` for the hang-up, which costs nothing until it comes.

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Signal as Number, kill_current_process_group};
use std::io;
use tokio::signal::unix::{Signal as Stream, SignalKind, signal};
use tokio::sync::mpsc;

/// SIGHUP's number: what a closed terminal counts as.
pub(super) const HANG_UP: i32 = 1;

/// What the outside wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signal {
    /// Leave within a second.
    End(i32),
    /// Somebody stopped us and let us go on.
    Continued,
    /// Somebody else asks us to stop for a while.
    Suspend,
}

pub(super) struct Signals {
    interrupt: Stream,
    terminate: Stream,
    hang_up: Stream,
    stop: Stream,
    go_on: Stream,
    closed: mpsc::Receiver<()>,
}

impl Signals {
    pub(super) fn listen() -> io::Result<Self> {
        let (closing, closed) = mpsc::channel(1);
        std::thread::Builder::new()
            .name("terminal".into())
            .spawn(move || await_hang_up(&closing))?;
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
            stop: signal(SignalKind::from_raw(Number::TSTP.as_raw()))?,
            go_on: signal(SignalKind::from_raw(Number::CONT.as_raw()))?,
            closed,
        })
    }

    /// The next of them. Safe to drop at any time.
    pub(super) async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::End(Number::INT.as_raw()),
            _ = self.terminate.recv() => Signal::End(Number::TERM.as_raw()),
            _ = self.hang_up.recv() => Signal::End(HANG_UP),
            _ = self.closed.recv() => Signal::End(HANG_UP),
            _ = self.stop.recv() => Signal::Suspend,
            _ = self.go_on.recv() => Signal::Continued,
        }
    }
}

/// Stops this process and whatever runs with it in the foreground, as Ctrl-Z does; returns when it may go on.
///
/// The whole group, because a wrapper such as `cargo run` or `aws-vault exec` waits for us and would keep the
/// terminal while we stand still.
pub(super) fn stop_the_process_group() {
    // Refused only where nobody could continue us (an orphaned group): then going on at once is right.
    let _ = kill_current_process_group(Number::STOP);
}

/// Waits until the terminal on standard input hangs up, then says so once.
fn await_hang_up(closing: &mpsc::Sender<()>) {
    let input = rustix::stdio::stdin();
    loop {
        let mut watched = [PollFd::new(&input, PollFlags::empty())];
        match poll(&mut watched, None) {
            Ok(_)
                if watched[0]
                    .revents()
                    .intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) =>
            {
                break;
            }
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(_) => return,
        }
    }
    // The loop may have ended on its own meanwhile.
    let _ = closing.blocking_send(());
}
