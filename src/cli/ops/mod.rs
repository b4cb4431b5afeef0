//! `quarterdeck ops`: operations that go on, were left behind, or are over.
//!
//! All of it is told from the journals on this machine, by the same fold that the engine and the screen have; what it does
//! to a run it does through the engine, or through the mailbox of the process that runs it.

mod arguments;
mod list;
mod show;
mod stats;
mod steer;

pub use arguments::Ops;
pub(super) use arguments::{by_verb, verb};

use super::operate::refused;
use super::output::{self, Format};
use super::{Exit, Session};
use crate::domain::operation::{OperationId, Run};
use crate::domain::untrusted::sanitise;
use crate::engine::message::{Keeper, Order, Request, Tidings, Update};
use arguments::Action;
use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

/// How long it is waited for a word about who keeps a run; a run of which none comes is nobody's.
const PATIENCE: Duration = Duration::from_secs(2);

/// What this machine knows.
struct Known {
    /// Newest first.
    runs: Vec<Run>,
    /// Of those that have not ended.
    keepers: BTreeMap<OperationId, Keeper>,
}

pub(super) async fn run(session: &mut Session, asked: &Ops, format: Format) -> io::Result<Exit> {
    let known = match known(session).await {
        Ok(known) => known,
        Err(exit) => return Ok(exit),
    };
    match asked.action {
        Action::List => list::print(session, &known, format),
        Action::Stats => stats::print(session, &known, format),
        Action::Show => match found(&known, asked.id.as_deref()) {
            Ok(run) => show::print(session, &known, run, format),
            Err(exit) => Ok(exit),
        },
        Action::Resume
        | Action::Reverse
        | Action::Abandon
        | Action::Approve
        | Action::Reject
        | Action::Cancel
        | Action::SkipBake => match found(&known, asked.id.as_deref()) {
            Ok(run) => {
                let run = run.clone();
                steer::run(session, asked, (run, &known), format).await
            }
            Err(exit) => Ok(exit),
        },
    }
}

/// Asks for every run.
async fn known(session: &mut Session) -> Result<Known, Exit> {
    session.engine.submit(Request::Operate(Order::Runs)).await;
    let runs = loop {
        match session.updates.recv().await {
            Some(Update::Operation(Tidings::Runs(Ok(runs)))) => break runs,
            Some(Update::Operation(Tidings::Runs(Err(problem)))) => return Err(refused(&problem, Exit::Failed)),
            Some(_) => {}
            None => return Err(Exit::Failed),
        }
    };
    let mut keepers = BTreeMap::new();
    let unfinished = runs.iter().filter(|run| !run.is_over()).count();
    let all = async {
        while keepers.len() < unfinished {
            match session.updates.recv().await {
                Some(Update::Operation(Tidings::Kept(id, keeper))) => {
                    keepers.insert(id, keeper);
                }
                Some(_) => {}
                None => break,
            }
        }
    };
    // Without a word, it is nobody's.
    let _ = tokio::time::timeout(PATIENCE, all).await;
    Ok(Known { runs, keepers })
}

/// The run of an id or of the beginning or the end of one; without one, the newest.
fn found<'k>(known: &'k Known, id: Option<&str>) -> Result<&'k Run, Exit> {
    let is_meant = |run: &&Run| {
        id.is_none_or(|id| {
            let known = run.plan.id.as_str();
            known == id || known.starts_with(id) || known.ends_with(id)
        })
    };
    let mut meant = known.runs.iter().filter(is_meant);
    let first = meant.next();
    let exact = known
        .runs
        .iter()
        .find(|run| Some(run.plan.id.as_str()) == id);
    if let Some(run) = exact {
        return Ok(run);
    }
    match (first, id) {
        (Some(run), None) => Ok(run),
        (Some(run), Some(_)) if meant.next().is_none() => Ok(run),
        (Some(_), Some(id)) => {
            let id = sanitise(id);
            output::say(&format!(
                "More than one operation is called like `{id}`; `quarterdeck ops list` has all of them."
            ));
            Err(Exit::Usage)
        }
        (None, Some(id)) => {
            let id = sanitise(id);
            output::say(&format!(
                "This machine knows no operation `{id}`; `quarterdeck ops list` has all of them."
            ));
            Err(Exit::Usage)
        }
        (None, None) => {
            output::say("This machine knows no operation yet.");
            Err(Exit::Usage)
        }
    }
}

impl Known {
    /// Who goes on with a run, if it has not ended.
    fn keeper(&self, run: &Run) -> Option<Keeper> {
        let keeper = self.keepers.get(&run.plan.id).copied();
        (!run.is_over()).then_some(keeper.unwrap_or(Keeper::Nobody))
    }
}
