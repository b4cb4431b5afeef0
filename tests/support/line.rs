//! The two ends of a pseudo-terminal, and the thread that listens on ours.

use super::terminal::{Size, Terminal};
use filedescriptor::{FileDescriptor, POLLIN, pollfd};
use portable_pty::{ExitStatus, MasterPty, PtySize, SlavePty, native_pty_system};
use rustix::termios::{Termios, tcgetattr};
use std::fs::{File, OpenOptions};
use std::io::{PipeReader, PipeWriter, Read, Write};
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::fs::OpenOptionsExt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Our end.
pub(super) struct Line {
    master: Box<dyn MasterPty + Send>,
    file: File,
    reader: JoinHandle<()>,
    /// Wakes the reader when dropped.
    wake: PipeWriter,
}

/// The program's end, held open so that its modes can be read after the program is gone.
pub(super) struct FarEnd(File);

/// What the listening thread and the test both know.
pub(super) struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

pub(super) struct State {
    pub(super) terminal: Terminal,
    pub(super) output: Vec<u8>,
    pub(super) ended: Option<ExitStatus>,
    /// Nobody holds the program's end any more: there will be no more output.
    pub(super) is_silent: bool,
}

impl Line {
    /// Makes a pseudo-terminal and listens on it; the last answer is what a program is spawned on.
    pub(super) fn open(size: Size) -> (Self, FarEnd, Arc<Shared>, Box<dyn SlavePty + Send>) {
        let pair = native_pty_system()
            .openpty(cells(size))
            .expect("the system has pseudo-terminals");
        let path = pair
            .master
            .tty_name()
            .expect("a pseudo-terminal has a name");
        // Without NOCTTY it would become the terminal of a test run that has none.
        let far = OpenOptions::new()
            .read(true)
            .write(true)
            .custom_flags(libc::O_NOCTTY)
            .open(path);
        let far = FarEnd(far.expect("our own terminal can be opened"));
        let shared = Arc::new(Shared::new(size));
        let (sleeping, wake) = std::io::pipe().expect("a pipe can be made");
        let file = second_handle(pair.master.as_ref());
        let reader = std::thread::spawn({
            let file = file.try_clone().expect("a handle can be copied");
            let shared = Arc::clone(&shared);
            move || shared.listen(&file, &sleeping)
        });
        let line = Self {
            master: pair.master,
            file,
            reader,
            wake,
        };
        (line, far, shared, pair.slave)
    }

    pub(super) fn write(&mut self, bytes: &[u8]) {
        self.file
            .write_all(bytes)
            .expect("the program's input takes bytes");
    }

    pub(super) fn resize(&self, size: Size) {
        let resized = self.master.resize(cells(size));
        resized.expect("a pseudo-terminal can be resized");
    }

    /// Closes every handle of ours.
    pub(super) fn hang_up(self) {
        drop(self.wake);
        self.reader
            .join()
            .expect("the listening thread does not panic");
    }
}

impl FarEnd {
    pub(super) fn modes(&self) -> Termios {
        tcgetattr(&self.0).expect("a terminal has modes")
    }

    /// Whether input waits that nobody has read.
    pub(super) fn has_unread(&self) -> bool {
        rustix::io::ioctl_fionread(&self.0).is_ok_and(|bytes| bytes > 0)
    }
}

impl Shared {
    fn new(size: Size) -> Self {
        let terminal = Terminal::new(size);
        let state = State {
            terminal,
            output: Vec::new(),
            ended: None,
            is_silent: false,
        };
        Self {
            state: Mutex::new(state),
            changed: Condvar::new(),
        }
    }

    /// A failed assertion may have poisoned the lock; the state is whole all the same.
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }

    /// Waits until `enough`, or until `limit` has gone by: the caller looks which.
    pub(super) fn wait<'a>(
        &self,
        state: MutexGuard<'a, State>,
        limit: Duration,
        enough: impl Fn(&State) -> bool,
    ) -> MutexGuard<'a, State> {
        let waited = self
            .changed
            .wait_timeout_while(state, limit, |state| !enough(state));
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// Feeds the terminal until the program's end is closed, or until `wake` is.
    fn listen(&self, mut file: &File, wake: &PipeReader) {
        let mut buffer = vec![0; 16 * 1024];
        loop {
            let wait_for = |fd: RawFd| pollfd {
                fd,
                events: POLLIN,
                revents: 0,
            };
            let mut waiting = [wait_for(file.as_raw_fd()), wait_for(wake.as_raw_fd())];
            filedescriptor::poll(&mut waiting, None).expect("open files can be waited for");
            if waiting[1].revents != 0 {
                return;
            }
            // Where others say end of file, Linux says EIO.
            let length = file.read(&mut buffer).unwrap_or(0);
            if length == 0 {
                return self.change(|state| state.is_silent = true);
            }
            let mut replies = Vec::new();
            self.change(|state| {
                state.output.extend_from_slice(&buffer[..length]);
                replies = state.terminal.feed(&buffer[..length]);
            });
            // The program may be gone before it hears the answer.
            let _ = file.write_all(&replies);
        }
    }
}

fn cells(size: Size) -> PtySize {
    PtySize {
        rows: size.rows,
        cols: size.columns,
        pixel_width: 0,
        pixel_height: 0,
    }
}

/// A handle of our own on the master's side: the library lends its handle only, and its writer types an end of
/// file when it is dropped.
fn second_handle(master: &dyn MasterPty) -> File {
    struct Lent(RawFd);
    impl AsRawFd for Lent {
        fn as_raw_fd(&self) -> RawFd {
            self.0
        }
    }
    let lent = Lent(
        master
            .as_raw_fd()
            .expect("a pseudo-terminal has a descriptor"),
    );
    let file = FileDescriptor::dup(&lent).and_then(|handle| handle.as_file());
    file.expect("a descriptor can be copied")
}
