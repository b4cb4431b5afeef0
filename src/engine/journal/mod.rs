//! The journals: one append-only file for each operation, the snapshots of stacks, and the locks of targets.
//!
//! The rule: what is about to be done is on the disk before the request leaves, and what could not be written down is
//! not done. Nothing here is cleverer than a file: `ID.jsonl`, `ID.steer.jsonl`, `snapshots/`, `locks/`, all for the
//! operator alone. Everything waits for the disk on a thread of its own.

mod file;
mod line;
mod locks;
mod mailbox;
mod snapshots;
#[cfg(test)]
mod tests;

pub(in crate::engine) use file::{Journal, Tail};
pub(in crate::engine) use locks::{Held, Target};

use crate::domain::operation::{Decision, MemberState, OperationId, Run, Snapshot, Stamped, Verb};
use crate::domain::untrusted::sanitise;
use crate::domain::{Kind, Problem, Scope, StackId, Timestamp};
use file::Unreadable;
pub(in crate::engine) use line::fingerprint;
use locks::Taken;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio_util::task::TaskTracker;

/// The directory of the journals, and in whose name they are written.
#[derive(Clone, Debug)]
pub struct Journals {
    folder: Option<Arc<Path>>,
    who: Arc<str>,
    dice: Dice,
    /// What is being written at this moment, which outlives whoever wanted it.
    writers: TaskTracker,
}

/// Where the last digits of names come from.
#[derive(Clone, Debug)]
enum Dice {
    System,
    Counted(Arc<AtomicU64>),
}

impl Journals {
    /// `who` is the operator as this machine knows him.
    pub fn at(folder: PathBuf, who: &str) -> Self {
        Self {
            folder: Some(folder.into()),
            who: sanitise(who).into(),
            dice: Dice::System,
            writers: TaskTracker::new(),
        }
    }

    /// No journals, and so nothing can be changed: for where there is no directory to keep them in.
    pub fn nowhere() -> Self {
        Self {
            folder: None,
            who: "".into(),
            dice: Dice::System,
            writers: TaskTracker::new(),
        }
    }

    /// The same with names that count up from here instead of random ones, so that a test or a picture comes out the
    /// same twice.
    #[must_use]
    pub fn counted(mut self, from: u64) -> Self {
        self.dice = Dice::Counted(Arc::new(from.into()));
        self
    }

    /// The operator, as this machine knows him.
    pub fn who(&self) -> &str {
        &self.who
    }

    /// A name that no other operation has.
    pub(in crate::engine) fn name(&self, verb: Verb, now: Timestamp) -> OperationId {
        let digits = match &self.dice {
            Dice::System => {
                getrandom::u64().unwrap_or_else(|_| u64::from(now.timestamp_subsec_nanos()))
            }
            Dice::Counted(next) => next.fetch_add(1, Ordering::Relaxed),
        };
        let at = now.format("%Y%m%dt%H%M%Sz");
        OperationId::new(format!("{at}-{}-{:04x}", verb.name(), digits & 0xffff))
    }

    /// Every run that this machine knows, newest first. What cannot be read is left out and told to the log.
    pub async fn runs(&self) -> Result<Vec<Run>, Problem> {
        let Some(folder) = self.folder.clone() else {
            return Ok(Vec::new());
        };
        let told = |error: io::Error| unreadable("The journals", &error);
        self.off(move || runs(&folder)).await?.map_err(told)
    }

    /// Keeps a snapshot, on the disk when this returns, and tells its name.
    pub async fn keep(&self, snapshot: &Snapshot) -> Result<String, Problem> {
        let (folder, snapshot) = (self.folder()?.join(SNAPSHOTS), snapshot.clone());
        self.off(move || snapshots::keep(&folder, &snapshot))
            .await?
            .map_err(|error| unwritten(&error))
    }

    /// A snapshot by its name.
    pub async fn snapshot(&self, name: &str) -> Result<Snapshot, Problem> {
        let (folder, name) = (self.folder()?.join(SNAPSHOTS), name.to_owned());
        let told = unreadable_snapshot(&name);
        self.off(move || snapshots::read(&folder, &name))
            .await?
            .map_err(told)
    }

    /// What to go back to: the snapshot that was taken before the last deployment of ours that this stack has kept. With
    /// its name.
    ///
    /// Only deployments count, and only where they have succeeded and were not taken back. So going back twice does not
    /// go forward again. The stack is named by its id: another one of the same name has another past.
    pub async fn latest(
        &self,
        scope: &Scope,
        stack: &StackId,
    ) -> Result<Option<(String, Snapshot)>, Problem> {
        for run in self.runs().await? {
            let names = run
                .members()
                .filter(|(member, state)| {
                    run.plan.verb == Verb::Deploy
                        && member.scope == *scope
                        && state.state == MemberState::Succeeded
                })
                .filter_map(|(member, _)| member.snapshot.as_deref());
            for name in names {
                let snapshot = self.snapshot(name).await?;
                if snapshot.stack == *stack {
                    return Ok(Some((name.to_owned(), snapshot)));
                }
            }
        }
        Ok(None)
    }

    /// Begins a journal with its first record.
    pub(in crate::engine) async fn begin(
        &self,
        id: &OperationId,
        first: &Stamped,
    ) -> Result<Journal, Problem> {
        let (root, first) = (self.folder()?, first.clone());
        let path = self.path(id)?;
        self.off(move || {
            file::folder(&root)?;
            Journal::create(&path, &first)
        })
        .await?
        .map_err(|error| unwritten(&error))
    }

    /// Takes up a journal that nobody writes, with what it tells.
    pub(in crate::engine) async fn take_up(
        &self,
        id: &OperationId,
    ) -> Result<(Journal, Run, Tail), Problem> {
        let path = self.path(id)?;
        let mut attempts = 0;
        loop {
            let path = path.clone();
            match self.off(move || Journal::take_up(&path)).await? {
                // A command that somebody is just starting holds a copy of every lock, for a moment.
                Err(Unreadable::Held) if attempts < PATIENCE.0 => attempts += 1,
                taken => return taken.map_err(|why| why.problem(id)),
            }
            tokio::time::sleep(PATIENCE.1).await;
        }
    }

    /// Takes the locks of targets, all or none.
    pub(in crate::engine) async fn hold(
        &self,
        targets: BTreeSet<Target>,
        id: &OperationId,
    ) -> Result<Held, Problem> {
        let folder = self.folder()?.join("locks");
        let mut attempts = 0;
        let held = loop {
            let (folder, targets, id) = (folder.clone(), targets.clone(), id.clone());
            match self
                .off(move || locks::hold(&folder, &targets, &id))
                .await?
            {
                Err(Taken::By(..)) if attempts < PATIENCE.0 => attempts += 1,
                held => break held,
            }
            tokio::time::sleep(PATIENCE.1).await;
        };
        held.map_err(|taken| match taken {
            Taken::Io(error) => unwritten(&error),
            Taken::By(target, by) => {
                let by = if by.is_empty() {
                    "Another operation".to_owned()
                } else {
                    sanitise(&by).into_owned()
                };
                let what = format!(
                    "{by} works on {} already, so nothing was sent.",
                    target.words()
                );
                Problem::new(Kind::Denied, what).hint("Wait for its end, and plan again.")
            }
        })
    }

    /// Puts a word into the mailbox of a run that some process runs.
    pub(in crate::engine) async fn post(
        &self,
        id: &OperationId,
        decision: Decision,
    ) -> Result<(), Problem> {
        let (journal, mailbox) = (self.path(id)?, self.mailbox(id)?);
        let posted = self.off(move || {
            if !file::is_held(&journal)? {
                return Ok(false);
            }
            mailbox::post(&mailbox, &decision).map(|()| true)
        });
        match posted.await? {
            Ok(true) => Ok(()),
            Ok(false) => {
                let what = format!("Nobody runs {id} at present.");
                Err(Problem::new(Kind::Invalid, what).hint("Take it up first."))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(unknown(id)),
            Err(error) => Err(unreadable(&format!("The journal of {id}"), &error)),
        }
    }

    /// Whether some process goes on with a run at this moment.
    pub(in crate::engine) async fn is_held(&self, id: &OperationId) -> Result<bool, Problem> {
        let journal = self.path(id)?;
        let held = self.off(move || file::is_held(&journal)).await?;
        held.map_err(|error| unreadable(&format!("The journal of {id}"), &error))
    }

    /// All that was ever put into a mailbox.
    pub(in crate::engine) async fn mail(&self, id: &OperationId) -> Result<Vec<Decision>, Problem> {
        let mailbox = self.mailbox(id)?;
        self.off(move || mailbox::read(&mailbox))
            .await?
            .map_err(|error| unreadable(&format!("The mailbox of {id}"), &error))
    }

    /// Waits for whatever is still at work on a journal although nobody waits for it any more.
    pub(in crate::engine) async fn settled(&self) {
        self.writers.close();
        self.writers.wait().await;
        self.writers.reopen();
    }

    /// Has [`Journals::settled`] wait for this work, too.
    pub(in crate::engine) fn tracked<F: Future>(
        &self,
        work: F,
    ) -> impl Future<Output = F::Output> + use<F> {
        self.writers.track_future(work)
    }

    /// Does something on a thread that may wait for the disk.
    pub(in crate::engine) async fn off<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let done = self.writers.spawn_blocking(work).await;
        done.map_err(|_broken| unwritten(&io::Error::other("the writer broke down")))
    }

    fn folder(&self) -> Result<Arc<Path>, Problem> {
        let none = || unwritten(&io::Error::other("there is no directory to keep it in"));
        self.folder.clone().ok_or_else(none)
    }

    fn path(&self, id: &OperationId) -> Result<PathBuf, Problem> {
        self.beside(id, ".jsonl")
    }

    fn mailbox(&self, id: &OperationId) -> Result<PathBuf, Problem> {
        self.beside(id, STEER)
    }

    /// A name comes from the command line, too: one that is none of ours leads nowhere.
    fn beside(&self, id: &OperationId, end: &str) -> Result<PathBuf, Problem> {
        let is_ours = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if id.as_str().is_empty() || !id.as_str().bytes().all(is_ours) {
            return Err(unknown(id));
        }
        Ok(self.folder()?.join(format!("{}{end}", id.as_str())))
    }
}

/// How often a lock is tried again, and how long after.
const PATIENCE: (u32, Duration) = (20, Duration::from_millis(20));
const SNAPSHOTS: &str = "snapshots";
const STEER: &str = ".steer.jsonl";

fn runs(folder: &Path) -> io::Result<Vec<Run>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry?.file_name();
        let Some(name) = name.to_str() else { continue };
        // Ours are written in lower case, and whatever else lies here is none.
        let is_journal = name.strip_suffix(".jsonl").is_some();
        if is_journal && !name.ends_with(STEER) {
            names.push(name.to_owned());
        }
    }
    // Names begin with the time.
    names.sort_unstable_by(|one, other| other.cmp(one));
    let read = |name: &String| match file::look(&folder.join(name)) {
        Ok(contents) => Some(contents.run),
        Err(why) => {
            tracing::warn!(journal = %sanitise(name), ?why, "a journal cannot be read");
            None
        }
    };
    Ok(names.iter().filter_map(read).collect())
}

impl Unreadable {
    fn problem(&self, id: &OperationId) -> Problem {
        match self {
            Self::Io(error) if error.kind() == io::ErrorKind::NotFound => unknown(id),
            Self::Io(error) => unreadable(&format!("The journal of {id}"), error),
            Self::Held => {
                let what = format!("Another process runs {id} at present.");
                Problem::new(Kind::Invalid, what).hint("Wait for its end, or end that process.")
            }
            Self::Unbegun => {
                let what = format!("The journal of {id} has no whole plan, so nothing was done.");
                Problem::new(Kind::Invalid, what).hint("Plan it again.")
            }
            Self::Damaged(line) => {
                let what = format!(
                    "The journal of {id} is damaged in line {line}, so it cannot be gone on with."
                );
                Problem::new(Kind::Invalid, what)
                    .hint("Look at AWS, and set right by hand what is not as it should be.")
            }
        }
    }
}

fn unknown(id: &OperationId) -> Problem {
    let what = format!("This machine knows no operation {id}.");
    Problem::new(Kind::Missing, what).hint("`quarterdeck ops list` says which there are.")
}

pub(in crate::engine) fn unwritten(error: &io::Error) -> Problem {
    let why = sanitise(&error.to_string()).into_owned();
    let what = format!("The journal cannot be written, so nothing was sent: {why}.");
    Problem::new(Kind::Invalid, what).hint("Make the state directory writable, and try again.")
}

fn unreadable(what: &str, error: &io::Error) -> Problem {
    let why = sanitise(&error.to_string()).into_owned();
    Problem::new(Kind::Invalid, format!("{what} cannot be read: {why}."))
        .hint("Make the state directory readable, and try again.")
}

fn unreadable_snapshot(name: &str) -> impl FnOnce(io::Error) -> Problem + use<> {
    let what = format!("The snapshot {}", sanitise(name));
    move |error| unreadable(&what, &error)
}
