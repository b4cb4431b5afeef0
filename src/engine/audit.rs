//! The audit: one line of JSON for each step of whatever may change something in AWS, for people and for other tools.
//!
//! The rule: a line that says what is about to happen is on the disk before the request leaves, and what could not be
//! written down is not done. Nothing of a payload is written but its length and its fingerprint: it may hold secrets.

mod deed;

pub(super) use deed::{Deed, Stage};

use crate::domain::json;
use crate::domain::untrusted::sanitise;
use crate::domain::{Invocation, Invoked, Kind, Problem, Scope, Timestamp};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where the audit is written, and in whose name.
#[derive(Clone, Debug)]
pub struct Audit {
    file: Option<Arc<Path>>,
    who: Arc<str>,
}

/// What is told of one step.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step<'a> {
    /// It is about to be done.
    Intent,
    /// It was done, or tried.
    Outcome(Result<&'a Invoked, &'a Problem>),
    /// The house was left before there was an answer; what was sent goes on.
    Detached,
}

impl Audit {
    /// `who` is the operator as this machine knows him.
    pub fn at(file: PathBuf, who: &str) -> Self {
        Self {
            file: Some(file.into()),
            who: sanitise(who).into(),
        }
    }

    /// No audit, and so nothing can be changed: for where there is no directory to keep it in.
    pub fn nowhere() -> Self {
        Self {
            file: None,
            who: "".into(),
        }
    }

    /// Writes one step down, on the disk when this returns.
    pub(super) async fn write(
        &self,
        at: Timestamp,
        scope: &Scope,
        asked: &Invocation,
        step: Step<'_>,
    ) -> Result<(), Problem> {
        let Some(file) = self.file.clone() else {
            return Err(unwritten("there is no directory to keep it in"));
        };
        let line = self.line(at, scope, asked, step);
        let written = tokio::task::spawn_blocking(move || append(&file, &line)).await;
        match written {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(unwritten(&error.to_string())),
            Err(_) => Err(unwritten("the writer broke down")),
        }
    }

    /// The same at once, for where nobody can wait any more; what cannot be written is lost.
    pub(super) fn write_at_once(
        &self,
        at: Timestamp,
        scope: &Scope,
        asked: &Invocation,
        step: Step<'_>,
    ) {
        let Some(file) = &self.file else { return };
        if let Err(error) = append(file, &self.line(at, scope, asked, step)) {
            tracing::warn!(%error, "the end of a call was not written down");
        }
    }

    fn line(&self, at: Timestamp, scope: &Scope, asked: &Invocation, step: Step<'_>) -> String {
        let fingerprint = fingerprint(&asked.payload);
        let (phase, outcome) = match step {
            Step::Intent => ("intent", None),
            // A function that raised has failed, although it was called.
            Step::Outcome(Ok(Invoked { error: None, .. })) => ("outcome", Some("succeeded")),
            Step::Outcome(Ok(_) | Err(_)) => ("outcome", Some("failed")),
            Step::Detached => ("outcome", Some("detached")),
        };
        let (answer, problem) = match step {
            Step::Outcome(Ok(invoked)) => (Some(invoked), None),
            Step::Outcome(Err(problem)) => (None, Some(problem)),
            Step::Intent | Step::Detached => (None, None),
        };
        let raised = answer.and_then(|invoked| Some(invoked.error.as_ref()?.safe()));
        let sentence = problem.map(|problem| problem.what.as_str().into());
        let line: Value = json!({
            "at": at.to_rfc3339(),
            "who": &*self.who,
            "account": scope.account.as_str(),
            "region": scope.region().map(crate::domain::Region::as_str),
            "call": "lambda:Invoke",
            "target": asked.target(),
            "payload": { "bytes": asked.payload.len(), "sha256": fingerprint },
            "phase": phase,
            "outcome": outcome,
            "version": answer.and_then(|invoked| Some(invoked.version.as_ref()?.safe())),
            "problem": raised.or(sentence),
            "request": problem.and_then(|problem| problem.request.as_deref()),
        });
        format!("{}\n", json::text(&line))
    }
}

/// The SHA-256 of a text, in hexadecimal.
fn fingerprint(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// One write of a whole line, so that two programs that append do not mix theirs.
fn append(file: &Path, line: &str) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(file)?;
    file.write_all(line.as_bytes())?;
    file.sync_data()
}

fn unwritten(why: &str) -> Problem {
    let why = sanitise(why);
    let what = format!("The audit cannot be written, so nothing was sent: {why}.");
    Problem::new(Kind::Invalid, what).hint("Make the state directory writable, and try again.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AccountName, Region};

    fn place() -> Scope {
        Scope::regional(&AccountName::new("prod"), &Region::new("eu-west-1"))
    }

    fn asked() -> Invocation {
        Invocation {
            function: "checkout".into(),
            qualifier: Some("ACTIVE".into()),
            payload: r#"{"password":"hunter2"}"#.to_owned(),
        }
    }

    #[tokio::test]
    async fn a_line_says_who_did_what_and_holds_no_payload() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("state").join("audit.jsonl");
        let audit = Audit::at(file.clone(), "ann\u{1b}[2J");
        let at = Timestamp::from_timestamp(1_795_000_000, 0).unwrap();
        let problem = Problem::new(Kind::Denied, "Not allowed.");
        let answered = |error: Option<&str>| Invoked {
            version: Some("19".into()),
            error: error.map(Into::into),
            payload: "".into(),
            log: "".into(),
        };
        let (well, raised) = (answered(None), answered(Some("Unhandled")));
        for step in [
            Step::Intent,
            Step::Outcome(Ok(&well)),
            Step::Outcome(Err(&problem)),
            Step::Outcome(Ok(&raised)),
        ] {
            audit.write(at, &place(), &asked(), step).await.unwrap();
        }
        audit.write_at_once(at, &place(), &asked(), Step::Detached);
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(!text.contains("hunter2") && !text.contains('\u{1b}'));
        let lines: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines.len(), 5);
        assert_eq!(lines[0]["phase"], "intent");
        assert_eq!(lines[0]["target"], "checkout:ACTIVE");
        assert_eq!(lines[1]["outcome"], "succeeded");
        assert_eq!(lines[1]["version"], "19");
        assert_eq!(lines[2]["problem"], "Not allowed.");
        assert_eq!(lines[3]["outcome"], "failed");
        assert_eq!(lines[3]["problem"], "Unhandled");
        assert_eq!(lines[4]["outcome"], "detached");
        let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata().unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_line_harms_no_terminal_and_is_still_exact() {
        let account = AccountName::new("a\u{9b}31m\u{202e}");
        let hostile = Scope::regional(&account, &Region::new("eu-west-1"));
        let line = Audit::nowhere().line(Timestamp::default(), &hostile, &asked(), Step::Intent);
        assert!(line.contains(r#""account":"a\u009b31m\u202e""#), "{line}");
    }

    #[tokio::test]
    async fn what_cannot_be_written_is_said() {
        let at = Timestamp::default();
        let nowhere = Audit::nowhere();
        let refused = nowhere.write(at, &place(), &asked(), Step::Intent).await;
        assert!(refused.unwrap_err().what.contains("nothing was sent"));
        // A file where a directory would have to be.
        let file = tempfile::NamedTempFile::new().unwrap();
        let beneath = Audit::at(file.path().join("audit.jsonl"), "ann");
        let refused = beneath.write(at, &place(), &asked(), Step::Intent).await;
        assert_eq!(refused.unwrap_err().kind, Kind::Invalid);
    }
}
