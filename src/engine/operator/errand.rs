//! Runs a command of the operator's: away from the terminal, with something to read, and ended when it takes too long.

use crate::domain::untrusted::sanitise;
use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tokio::time::Instant;

/// Between two looks at whether it has ended.
const GLANCE: Duration = Duration::from_millis(50);

/// Runs a command to its end. Why it was of no use, as the rest of a sentence that begins with its name.
pub(super) async fn run(line: &[String], input: String, patience: Duration) -> Result<(), String> {
    let [program, arguments @ ..] = line else {
        return Err("has no name".to_owned());
    };
    let mut command = Command::new(program);
    command.args(arguments);
    let began = tokio::task::spawn_blocking(move || {
        // A group of its own: what ends us, or is typed at us, is not meant for it.
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()?;
        let stdin = child.stdin.take();
        Ok::<_, std::io::Error>((Group(child), stdin))
    });
    let (mut child, stdin) = match began.await {
        Ok(Ok(begun)) => begun,
        Ok(Err(error)) => {
            return Err(format!(
                "could not be started: {}",
                sanitise(&error.to_string())
            ));
        }
        Err(_) => return Err("could not be started".to_owned()),
    };
    // More than a pipe holds may wait for the command, and ends with it. Who does not read it does not want it.
    let _writing = stdin.map(|mut stdin| {
        tokio::task::spawn_blocking(move || {
            let _ = stdin.write_all(input.as_bytes());
        })
    });
    let until = Instant::now() + patience;
    loop {
        match child.0.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => return Err(format!("failed: {status}")),
            Ok(None) if Instant::now() < until => tokio::time::sleep(GLANCE).await,
            Ok(None) | Err(_) => {
                let seconds = patience.as_secs();
                return Err(format!("was ended: it took more than {seconds} s"));
            }
        }
    }
}

/// A command and everything that it started; ended when nobody waits for it any more.
struct Group(Child);

impl Drop for Group {
    fn drop(&mut self) {
        if matches!(self.0.try_wait(), Ok(Some(_))) {
            return;
        }
        let group = i32::try_from(self.0.id()).ok();
        if let Some(group) = group.and_then(rustix::process::Pid::from_raw) {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[tokio::test]
    async fn a_command_reads_what_it_is_given_however_much() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("read");
        let script = format!("cat > {}", file.display());
        let input = "x".repeat(200_000);
        let line = line(&["sh", "-c", &script]);
        let ended = run(&line, input.clone(), Duration::from_secs(10));
        assert_eq!(ended.await, Ok(()));
        assert_eq!(std::fs::read_to_string(file).unwrap(), input);
    }

    #[tokio::test]
    async fn a_command_that_fails_or_never_ends_is_half_a_sentence() {
        let brief = Duration::from_millis(300);
        for (command, words) in [
            (&["sh", "-c", "exit 3"][..], "failed: exit status: 3"),
            (
                &["/no/such"],
                "could not be started: No such file or directory (os error 2)",
            ),
            (
                &["sh", "-c", "sleep 60 & wait"],
                "was ended: it took more than 0 s",
            ),
            (&[], "has no name"),
        ] {
            let ended = run(&line(command), "x".repeat(200_000), brief).await;
            assert_eq!(ended.as_ref().map_err(String::as_str), Err(words));
        }
    }
}
