//! The journals: one append-only file for each operation, the snapshots of stacks, and the locks of targets.
//!
//! The rule: what is about to be done is on the disk before the request leaves, and what could not be written down is
//! not done.

use crate::domain::operation::{Run, Snapshot};
use crate::domain::{Kind, Problem, Scope};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The directory of the journals, and in whose name they are written.
#[derive(Clone, Debug)]
pub struct Journals {
    folder: Option<Arc<Path>>,
    who: Arc<str>,
}

impl Journals {
    /// `who` is the operator as this machine knows him.
    pub fn at(folder: PathBuf, who: &str) -> Self {
        Self {
            folder: Some(folder.into()),
            who: crate::domain::untrusted::sanitise(who).into(),
        }
    }

    /// No journals, and so nothing can be changed: for where there is no directory to keep them in.
    pub fn nowhere() -> Self {
        Self {
            folder: None,
            who: "".into(),
        }
    }

    /// The operator, as this machine knows him.
    pub fn who(&self) -> &str {
        &self.who
    }

    /// Every run that this machine knows, newest first. What cannot be read is left out and told to the log.
    pub async fn runs(&self) -> Result<Vec<Run>, Problem> {
        let _ = &self.folder;
        Ok(Vec::new())
    }

    /// Keeps a snapshot, on the disk when this returns, and tells its name.
    pub async fn keep(&self, _snapshot: &Snapshot) -> Result<String, Problem> {
        Err(Problem::new(Kind::Bug, "This is not built yet."))
    }

    /// A snapshot by its name.
    pub async fn snapshot(&self, _name: &str) -> Result<Snapshot, Problem> {
        Err(Problem::new(Kind::Bug, "This is not built yet."))
    }

    /// The newest snapshot of a stack that some run was begun with and that is not how the stack stands now; with its
    /// name.
    pub async fn latest(
        &self,
        _scope: &Scope,
        _stack: &str,
    ) -> Result<Option<(String, Snapshot)>, Problem> {
        Ok(None)
    }
}
