//! A program in a pseudo-terminal, and a person in front of it.
//!
//! ```text
//!   test ── keys, resize, signal ──►  master │ slave  ──► program
//!     ▲                                 │
//!     └── wait_until(predicate) ◄── Terminal ◄── listening thread ── answers queries
//! ```
//!
//! Nothing sleeps: every wait is for a predicate, woken by the program's own output. On failure the screen and the
//! last bytes are printed. A program that still runs when its screen is dropped is killed, with its children.

use super::ended::Ended;
use super::home::Home;
use super::keys::bytes_of;
use super::line::{FarEnd, Line, Shared, State};
use super::patience;
pub(crate) use super::program::Program;
use super::terminal::{Seen, Size};
pub(crate) use rustix::process::Signal;
use rustix::process::{Pid, kill_process, kill_process_group};
use rustix::termios::Termios;
use std::sync::{Arc, MutexGuard};
use std::time::{Duration, Instant};

/// A terminal that shows nothing new for so long shows nothing new.
const MOMENT: Duration = Duration::from_millis(250);

/// A running program and the terminal it draws on.
pub(crate) struct Screen {
    home: Arc<Home>,
    program: String,
    shared: Arc<Shared>,
    pid: Pid,
    /// The line's modes before the program could change them.
    before: Termios,
    far: Option<FarEnd>,
    /// Gone after [`Screen::hang_up`].
    line: Option<Line>,
}

impl Screen {
    pub(super) fn start(program: Program) -> Self {
        let Program {
            command,
            home,
            size,
        } = program;
        let name = command.get_argv()[0].to_string_lossy().into_owned();
        let (line, far, shared, slave) = Line::open(size);
        let before = far.modes();
        let mut child = slave
            .spawn_command(command)
            .unwrap_or_else(|error| panic!("`{name}` does not start: {error}"));
        let pid = child.process_id().and_then(|pid| i32::try_from(pid).ok());
        let pid = pid
            .and_then(Pid::from_raw)
            .expect("a child has a process id");
        std::thread::spawn({
            let shared = Arc::clone(&shared);
            move || {
                let status = child.wait().expect("our own child can be waited for");
                shared.change(|state| state.ended = Some(status));
            }
        });
        Self {
            home: Arc::new(home),
            program: name,
            shared,
            pid,
            before,
            far: Some(far),
            line: Some(line),
        }
    }

    pub(crate) fn home(&self) -> &Home {
        &self.home
    }

    /// The program's process id, to ask the system what it costs.
    pub(crate) fn pid(&self) -> i32 {
        self.pid.as_raw_nonzero().get()
    }

    /// What is on the screen now.
    pub(crate) fn seen(&self) -> Seen {
        self.shared.lock().terminal.seen()
    }

    /// Every byte the program has written so far.
    pub(crate) fn output(&self) -> Vec<u8> {
        self.shared.lock().output.clone()
    }

    /// Waits until `predicate` holds on a whole frame; `what` says in words what is waited for.
    #[track_caller]
    pub(crate) fn wait_until(&self, what: &str, predicate: impl Fn(&Seen) -> bool) -> Seen {
        let holds =
            |state: &State| !state.terminal.is_mid_frame() && predicate(&state.terminal.seen());
        let mut state = self.wait(|state| holds(state) || state.ended.is_some());
        if !holds(&state) && state.ended.is_some() {
            // Its last words may still be on their way.
            state = self.shared.wait(state, MOMENT, holds);
        }
        if !holds(&state) {
            self.fail(&state, what);
        }
        state.terminal.seen()
    }

    /// As [`Screen::wait_until`], and no longer than half of all patience: five seconds on an idle machine, which is
    /// what the scorecard allows a banner or a recovery.
    #[track_caller]
    pub(crate) fn soon(&self, what: &str, predicate: impl Fn(&Seen) -> bool) -> Duration {
        let asked = now();
        let seen = self.wait_until(what, predicate);
        let took = asked.elapsed();
        assert!(took <= patience() / 2, "{what} took {took:?}\n{seen}");
        took
    }

    #[track_caller]
    pub(crate) fn wait_for_text(&self, text: &str) -> Seen {
        self.wait_until(&format!("`{text}` on the screen"), |seen| {
            seen.contains(text)
        })
    }

    #[track_caller]
    pub(crate) fn wait_for_absence(&self, text: &str) -> Seen {
        self.wait_until(&format!("`{text}` gone from the screen"), |seen| {
            !seen.contains(text)
        })
    }

    /// Waits until the program has drawn nothing for a moment: for pictures, where no text says "done".
    #[track_caller]
    pub(crate) fn wait_until_still(&self) -> Seen {
        let asked = now();
        let mut state = self.shared.lock();
        while asked.elapsed() < patience() {
            let drawn = state.output.len();
            state = self
                .shared
                .wait(state, MOMENT, |state| state.output.len() != drawn);
            if state.output.len() == drawn && !state.terminal.is_mid_frame() {
                return state.terminal.seen();
            }
        }
        self.fail(&state, "a moment without drawing")
    }

    /// Waits until the program has drawn so many frames more, changed or not: with each tick of its clock it draws one.
    #[track_caller]
    pub(crate) fn wait_for_frames(&self, count: usize) {
        const BEGINS: &[u8] = b"\x1b[?2026h";
        let drawn = |state: &State| {
            let frames = state.output.windows(BEGINS.len());
            frames.filter(|it| *it == BEGINS).count()
        };
        let wanted = drawn(&self.shared.lock()) + count;
        let state = self.wait(|state| drawn(state) >= wanted || state.ended.is_some());
        if drawn(&state) < wanted {
            self.fail(&state, "a few frames more");
        }
    }

    /// Presses keys by their names, `"j j enter ctrl-d"`, each after the one before has been read.
    ///
    /// So that `esc j` is two keys: read together, their bytes are `alt-j`.
    #[track_caller]
    pub(crate) fn keys(&mut self, keys: &str) {
        for bytes in bytes_of(keys) {
            self.send(&bytes);
            self.wait_until_read(keys);
        }
    }

    /// Types text as it is, one letter after the other.
    #[track_caller]
    pub(crate) fn type_text(&mut self, text: &str) {
        for letter in text.chars() {
            self.send(letter.to_string().as_bytes());
            self.wait_until_read(text);
        }
    }

    /// Pastes text the way a terminal with bracketed paste does.
    #[track_caller]
    pub(crate) fn paste(&mut self, text: &str) {
        self.send(format!("\x1b[200~{text}\x1b[201~").as_bytes());
    }

    /// Clicks the left button on a cell, counted from zero.
    #[track_caller]
    pub(crate) fn click(&mut self, column: u16, row: u16) {
        let (column, row) = (column + 1, row + 1);
        self.send(format!("\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m").as_bytes());
    }

    /// Writes bytes to the program's input and waits for nothing.
    #[track_caller]
    pub(crate) fn send(&mut self, bytes: &[u8]) {
        let line = self
            .line
            .as_mut()
            .expect("the terminal has not been hung up");
        line.write(bytes);
    }

    #[track_caller]
    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        let size = Size::new(columns, rows);
        // The emulator first: what the program draws for the new size must not meet the old one.
        self.shared.change(|state| state.terminal.resize(size));
        let line = self
            .line
            .as_ref()
            .expect("the terminal has not been hung up");
        line.resize(size);
    }

    #[track_caller]
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid, signal).expect("the program is there to be signalled");
    }

    /// Waits until the program stands still, as after Ctrl-Z.
    #[track_caller]
    pub(crate) fn wait_until_stopped(&self) {
        let asked = now();
        loop {
            let ps = std::process::Command::new("ps")
                .args(["-o", "state=", "-p", &self.pid().to_string()])
                .output();
            if ps.is_ok_and(|ps| ps.stdout.starts_with(b"T")) {
                return;
            }
            if asked.elapsed() > patience() {
                self.fail(&self.shared.lock(), "the program to stop");
            }
        }
    }

    /// Closes the terminal under the program, as a dropped connection does.
    #[track_caller]
    pub(crate) fn hang_up(&mut self) {
        let line = self.line.take().expect("the terminal is hung up only once");
        line.hang_up();
        self.far = None;
        self.shared.change(|state| state.is_silent = true);
    }

    /// Waits for the program's end, and for its children's: nothing may hold the terminal afterwards.
    #[track_caller]
    pub(crate) fn exit(mut self) -> Ended {
        let asked = now();
        let status = {
            let state = self.wait(|state| state.ended.is_some());
            let ended = state.ended.clone();
            ended.unwrap_or_else(|| self.fail(&state, "the end of the program"))
        };
        let took = asked.elapsed();
        let after = self.far.take().map(|far| far.modes());
        let state = self.wait(|state| state.is_silent);
        if !state.is_silent {
            self.fail(
                &state,
                "every child of the program to let go of the terminal",
            );
        }
        Ended {
            seen: state.terminal.seen(),
            home: Arc::clone(&self.home),
            output: state.output.clone(),
            took,
            status,
            before: self.before.clone(),
            after,
        }
    }

    fn wait(&self, enough: impl Fn(&State) -> bool) -> MutexGuard<'_, State> {
        self.shared.wait(self.shared.lock(), patience(), enough)
    }

    /// Waits until the program has read everything that was sent.
    ///
    /// The kernel carries input over in its own time, so an empty queue may mean "not yet" as well as "done": the
    /// input has first to be seen arriving, or to be answered by output. Nobody tells us, so this looks every
    /// millisecond.
    #[track_caller]
    fn wait_until_read(&self, keys: &str) {
        const LOOK: Duration = Duration::from_millis(1);
        const ARRIVAL: Duration = Duration::from_millis(20);
        let sent = now();
        let mut state = self.shared.lock();
        let (drawn, mut has_arrived) = (state.output.len(), false);
        while state.ended.is_none() {
            let has_unread = self.far.as_ref().is_some_and(FarEnd::has_unread);
            has_arrived |= has_unread || state.output.len() > drawn || sent.elapsed() > ARRIVAL;
            if has_arrived && !has_unread {
                return;
            }
            if sent.elapsed() > patience() {
                self.fail(&state, &format!("the program to read `{keys}`"));
            }
            state = self.shared.wait(state, LOOK, |_| false);
        }
    }

    #[track_caller]
    fn fail(&self, state: &State, waited_for: &str) -> ! {
        let end = match &state.ended {
            Some(status) => format!("it ended first: {status}"),
            None => format!("{:?} went by", patience()),
        };
        let tail = state.output.len().saturating_sub(200);
        let tail = state.output[tail..].escape_ascii();
        let (program, seen) = (&self.program, state.terminal.seen());
        panic!("`{program}`: waited for {waited_for}; {end}\n{seen}  last bytes: {tail}\n");
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        if self.shared.lock().ended.is_none() {
            // It leads its own session, so its children are in its group. It may be gone this very moment.
            let _ = kill_process_group(self.pid, Signal::KILL);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a test's patience is real time")]
fn now() -> Instant {
    Instant::now()
}
