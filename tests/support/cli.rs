//! Command-line runs: the binary on pipes, in an empty house, and what it said.
//!
//! The environment is the one of [`Home`] and nothing else, so a run gives the same bytes on every machine. What
//! still differs (the home's path, ports, request ids) is normalised before a snapshot sees it.

use super::home::Home;
use super::patience;
use regex::Regex;
use rustix::process::{Pid, Signal, kill_process_group};
use std::fmt;
use std::io::{Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::spawn;

/// A house in which command lines are run, one after the other.
pub(crate) struct Cli {
    home: Home,
    variables: Vec<(String, String)>,
    /// How often the usual patience a run may take.
    patience: u32,
}

/// What a run said and how it ended.
#[must_use = "say how the run was expected to end"]
pub(crate) struct Said {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    status: ExitStatus,
    home: String,
}

impl Cli {
    pub(crate) fn new() -> Self {
        let home = Home::new();
        let mut variables = home.environment();
        // Help wraps at the width of the terminal, and there is none.
        variables.push(("COLUMNS".to_owned(), "100".to_owned()));
        Self {
            home,
            variables,
            patience: 1,
        }
    }

    pub(crate) fn env(mut self, variable: &str, value: &str) -> Self {
        self.variables.push((variable.to_owned(), value.to_owned()));
        self
    }

    /// For runs that take their time: so many times the usual patience.
    pub(crate) fn patient(mut self, times: u32) -> Self {
        self.patience = times;
        self
    }

    /// The home the runs share, to put files there or to look at what they wrote.
    pub(crate) fn home(&self) -> &Home {
        &self.home
    }

    /// Runs the binary with nothing on its standard input.
    #[track_caller]
    pub(crate) fn run<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_quarterdeck"));
        command.args(args);
        self.finish(command, "")
    }

    /// Runs a line of shell, in which `quarterdeck` is the binary: `quarterdeck stacks | head -n 1`.
    #[track_caller]
    pub(crate) fn shell(&self, line: &str) -> Said {
        self.shell_with(line, "")
    }

    /// Runs a line of shell with text on its standard input.
    #[track_caller]
    pub(crate) fn shell_with(&self, line: &str, input: &str) -> Said {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", line]);
        self.finish(command, input)
    }

    #[track_caller]
    fn finish(&self, mut command: Command, input: &str) -> Said {
        command
            .env_clear()
            .envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.current_dir(self.home.path());
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        // A group of its own, so that giving up on it reaches its children too.
        command.process_group(0);
        let mut child = command
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
        let group = i32::try_from(child.id())
            .ok()
            .and_then(Pid::from_raw)
            .expect("a child has a process id");
        let (stdout, stderr) = (all_of(child.stdout.take()), all_of(child.stderr.take()));
        let mut stdin = child.stdin.take().expect("standard input is a pipe");
        let input = input.to_owned();
        // It may end without reading any of it.
        spawn(move || drop(stdin.write_all(input.as_bytes())));
        let ended = end_of(child);
        let Ok(status) = ended.recv_timeout(patience() * self.patience) else {
            let _ = kill_process_group(group, Signal::KILL);
            let said = |pipe: &Receiver<String>| pipe.recv_timeout(patience()).unwrap_or_default();
            panic!(
                "{command:?} did not end in {:?}\n{}\n{}",
                patience(),
                said(&stdout),
                said(&stderr)
            );
        };
        let said = |pipe: &Receiver<String>| {
            pipe.recv_timeout(patience())
                .expect("no child keeps the pipe")
        };
        Said {
            stdout: said(&stdout),
            stderr: said(&stderr),
            status,
            home: self.home.path().display().to_string(),
        }
    }
}

fn all_of(pipe: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (sender, receiver) = channel();
    spawn(move || {
        let mut bytes = Vec::new();
        let mut pipe = pipe.expect("the output is a pipe");
        pipe.read_to_end(&mut bytes)
            .expect("a pipe can be read to its end");
        // The test may have given up already.
        let _ = sender.send(String::from_utf8_lossy(&bytes).into_owned());
    });
    receiver
}

fn end_of(mut child: Child) -> Receiver<ExitStatus> {
    let (sender, receiver) = channel();
    spawn(move || sender.send(child.wait().expect("our own child can be waited for")));
    receiver
}

impl Said {
    pub(crate) fn code(&self) -> Option<i32> {
        self.status.code()
    }

    #[track_caller]
    pub(crate) fn assert_code(self, code: i32) -> Self {
        assert_eq!(self.code(), Some(code), "{self}");
        self
    }

    /// The lines of standard output, each read as JSON.
    #[track_caller]
    pub(crate) fn json_lines(&self) -> Vec<serde_json::Value> {
        let lines = self.stdout.lines();
        lines
            .map(|line| {
                serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
            })
            .collect()
    }

    /// Standard output, without what differs from run to run.
    pub(crate) fn normalised_stdout(&self) -> String {
        normalised(&self.stdout, &self.home)
    }
}

/// For inline snapshots: how it ended, then both outputs, normalised.
impl fmt::Display for Said {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.status.code(), self.status.signal()) {
            (Some(code), _) => writeln!(out, "exit code {code}")?,
            (None, signal) => writeln!(out, "ended by signal {}", signal.unwrap_or(0))?,
        }
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                write!(out, "--- {name}\n{}", normalised(text, &self.home))?;
            }
        }
        Ok(())
    }
}

fn normalised(text: &str, home: &str) -> String {
    let text = text
        .replace(home, "$HOME")
        .replace(env!("CARGO_PKG_VERSION"), "[version]");
    let replacements = [
        (
            r"\b(127\.0\.0\.1|\[::1\]|localhost|sandbox\.test):\d+",
            "$1:[port]",
        ),
        (
            r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b",
            "[uuid]",
        ),
        (r"\x1b", "␛"),
    ];
    replacements.iter().fold(text, |text, (pattern, instead)| {
        let pattern = Regex::new(pattern).expect("the pattern is a constant");
        pattern.replace_all(&text, *instead).into_owned()
    })
}
