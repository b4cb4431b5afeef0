//! Gives alerts outside of the screen: the terminal's bell, its notification, a command of the operator's.
//!
//! The command runs on its own, away from the terminal, and is ended when it takes too long. Whatever becomes of it is
//! a sentence at most: an alert that fails must never be worse than none.

use crate::app::Alert;
use crate::config::Alerts;
use crate::domain::untrusted::sanitise;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// What a command has time for.
const PATIENCE: Duration = Duration::from_secs(10);
/// Between two looks at whether it has ended.
const GLANCE: Duration = Duration::from_millis(50);
/// Commands that run at once.
const RUNNING: usize = 10;
/// Letters of a notification; a desktop shows no more.
const NOTICE_AT_MOST: usize = 240;

/// How alerts are given, and the commands that are giving one.
#[derive(Debug, Default)]
pub struct Herald {
    alerts: Alerts,
    running: JoinSet<Result<(), String>>,
}

impl Herald {
    pub fn new(alerts: Alerts) -> Self {
        Self {
            alerts,
            running: JoinSet::new(),
        }
    }

    /// What has to be written to the terminal for an alert, and starts the command.
    pub(super) fn give(&mut self, alert: Alert) -> String {
        let mut signal = String::new();
        if self.alerts.notify {
            signal.push_str(&notification(&alert.text));
        }
        if self.alerts.bell {
            signal.push('\x07');
        }
        if let [program, arguments @ ..] = &self.alerts.command[..] {
            let mut command = Command::new(program);
            command.args(arguments);
            if self.running.len() < RUNNING {
                let program = sanitise(program).into_owned();
                self.running.spawn(run(command, program, alert.lines));
            }
        }
        signal
    }

    /// Waits for the next command that fails; forever where none does. What went wrong, as a sentence.
    pub(super) async fn complaint(&mut self) -> Option<String> {
        while let Some(ended) = self.running.join_next().await {
            if let Ok(Err(complaint)) = ended {
                return Some(complaint);
            }
        }
        None
    }
}

/// A desktop notification (OSC 9). It begins with our name, because what begins with a number is a command to some
/// terminals; the text is sanitised, so it cannot end the sequence.
fn notification(text: &str) -> String {
    let text: String = sanitise(text).chars().take(NOTICE_AT_MOST).collect();
    format!("\x1b]9;quarterdeck: {text}\x1b\\")
}

async fn run(mut command: Command, program: String, lines: String) -> Result<(), String> {
    let told = |why: String| format!("The command of [alarms] `{program}` {why}.");
    let began = tokio::task::spawn_blocking(move || {
        // A group of its own: what ends us, or is typed at us, is not meant for it.
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()?;
        // Less than a pipe holds, so this waits for nobody; who does not read it does not want it.
        if let Some(mut stdin) = child.stdin.take() {
            let _ = stdin.write_all(lines.as_bytes());
        }
        Ok::<Child, std::io::Error>(child)
    });
    let mut child = match began.await {
        Ok(Ok(child)) => child,
        Ok(Err(error)) => return Err(told(format!("could not be started: {error}"))),
        Err(_) => return Err(told("could not be started".to_owned())),
    };
    let until = Instant::now() + PATIENCE;
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => return Err(told(format!("failed: {status}"))),
            Ok(None) if Instant::now() < until => tokio::time::sleep(GLANCE).await,
            Ok(None) | Err(_) => {
                end(&mut child);
                let seconds = PATIENCE.as_secs();
                return Err(told(format!("was ended: it took more than {seconds} s")));
            }
        }
    }
}

/// Ends a command and everything that it started.
fn end(child: &mut Child) {
    let group = i32::try_from(child.id())
        .ok()
        .and_then(rustix::process::Pid::from_raw);
    if let Some(group) = group {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn herald(command: &[&str]) -> Herald {
        Herald::new(Alerts {
            bell: true,
            notify: true,
            command: command.iter().map(|word| (*word).to_owned()).collect(),
        })
    }

    fn alert() -> Alert {
        Alert {
            text: "a in eu-west-1 went into ALARM: \u{1b}]0;title\u{7}".to_owned(),
            lines: "{\"alarm\":\"a\"}\n".to_owned(),
        }
    }

    #[tokio::test]
    async fn the_terminal_is_told_in_text_that_cannot_act_on_it() {
        let told = herald(&[]).give(alert());
        assert_eq!(
            told,
            "\x1b]9;quarterdeck: a in eu-west-1 went into ALARM: ␛]0;title␇\x1b\\\x07"
        );
        assert_eq!(Herald::default().give(alert()), "");
    }

    #[tokio::test]
    async fn the_command_reads_the_transitions() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("told");
        let script = format!("cat > {}", file.display());
        let mut herald = herald(&["sh", "-c", &script]);
        herald.give(alert());
        assert_eq!(herald.complaint().await, None);
        assert_eq!(std::fs::read_to_string(file).unwrap(), alert().lines);
    }

    #[tokio::test]
    async fn a_command_that_fails_is_a_sentence() {
        for (command, words) in [
            (
                &["/no/such\u{7}program"][..],
                "The command of [alarms] `/no/such␇program` could not be started: No such file or directory (os error 2).",
            ),
            (
                &["sh", "-c", "exit 3"],
                "The command of [alarms] `sh` failed: exit status: 3.",
            ),
        ] {
            let mut herald = herald(command);
            herald.give(alert());
            assert_eq!(herald.complaint().await.as_deref(), Some(words));
        }
    }

    #[tokio::test]
    async fn a_command_that_does_not_read_holds_nobody_up() {
        let mut herald = herald(&["true"]);
        herald.give(Alert {
            lines: "x".repeat(60_000),
            ..alert()
        });
        assert_eq!(herald.complaint().await, None);
    }
}
