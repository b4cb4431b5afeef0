//! The locks of targets: nothing is worked on by two runs of this machine at once.
//!
//! A lock is a lock of the system's on a small file that says who has it. It goes with the process; the file stays, for
//! whoever deleted it could delete one that somebody else has just locked.

use super::file::{folder, private};
use super::line::fingerprint;
use crate::domain::Scope;
use crate::domain::operation::{Member, OperationId, Run};
use std::collections::BTreeSet;
use std::fs::{File, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::Path;

/// Letters of the readable part of a file's name.
const READABLE: usize = 60;

/// What a run works on, held for as long as this lives.
#[derive(Debug)]
pub(in crate::engine) struct Held {
    _files: Vec<File>,
}

/// One thing in one place of one account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine) struct Target {
    /// Twelve digits: two names of one account are one account.
    account: String,
    scope: Scope,
    /// As the plan names it: `stack/checkout-api`.
    what: String,
}

/// Why a target could not be had.
#[derive(Debug)]
pub(super) enum Taken {
    Io(io::Error),
    /// By which run, where that can be told.
    By(Target, String),
}

impl From<io::Error> for Taken {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Target {
    /// All that a run works on, in one order, so that two runs never wait for each other in a circle.
    pub(in crate::engine) fn of(run: &Run) -> BTreeSet<Self> {
        let busy = run.plan.members().filter(|member| member.idle.is_none());
        busy.map(Self::of_member).collect()
    }

    fn of_member(member: &Member) -> Self {
        Self {
            account: member.account.exact().to_owned(),
            scope: member.scope.clone(),
            what: member.target.exact().to_owned(),
        }
    }

    /// `123456789012-eu-west-1-stack-checkout-api-…`; the digits at its end tell apart what reads the same.
    fn file(&self) -> String {
        let region = self.scope.region().map_or("global", |it| it.as_str());
        let exact = format!("{}/{region}/{}", self.account, self.what);
        let plain = |letter: char| {
            if letter.is_ascii_alphanumeric() {
                letter
            } else {
                '-'
            }
        };
        let readable: String = exact.chars().map(plain).take(READABLE).collect();
        format!("{readable}-{}.lock", fingerprint(exact.as_bytes(), 16))
    }

    /// `stack/checkout-api in prod eu-west-1`.
    pub(super) fn words(&self) -> String {
        let target = crate::domain::untrusted::sanitise(&self.what);
        format!("{target} of {}", self.scope)
    }
}

/// Takes all of them, or none.
pub(super) fn hold(
    locks: &Path,
    targets: &BTreeSet<Target>,
    run: &OperationId,
) -> Result<Held, Taken> {
    folder(locks)?;
    let mut held = Vec::new();
    for target in targets {
        let path = locks.join(target.file());
        let mut file = private()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut by = String::new();
                let _ = file.read_to_string(&mut by);
                return Err(Taken::By(target.clone(), by));
            }
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        file.set_len(0)?;
        file.rewind()?;
        file.write_all(run.as_str().as_bytes())?;
        held.push(file);
    }
    Ok(Held { _files: held })
}
