//! The other door: the same engine, no screen.
//!
//! The verbs and their help are read from [`command`](crate::command); what a verb does stands in a file of its own.
//! Data goes to stdout, everything said about it to stderr, and a closed pipe is no error.

mod accelerators;
mod alarms;
mod arguments;
mod endpoints;
mod events;
mod exit;
mod fetch;
mod functions;
mod health;
mod log;
mod manual;
mod metrics;
mod operate;
mod ops;
mod output;
mod stacks;

pub use accelerators::WantedAccelerators;
pub use alarms::WantedAlarms;
pub use arguments::{Arguments, Door, Print, Verb, command_line, parse};
pub use exit::Exit;
pub use functions::WantedFunctions;
pub use health::WantedHealth;
pub use log::{Following, Form, Logs, Rawness, Zone};
pub use manual::manual;
pub use metrics::WantedMetrics;
pub use operate::Operate;
pub use ops::Ops;
pub use output::{Format, Output, Styling};

use crate::domain::{Clock, Fleet};
use crate::engine::Engine;
use crate::engine::message::Update;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// What a verb works with.
pub struct Session {
    pub fleet: Fleet,
    pub engine: Engine,
    pub updates: mpsc::Receiver<Update>,
    pub clock: Arc<dyn Clock>,
    pub output: Output,
    /// Where operations are written down, to be told of.
    pub journals: Option<PathBuf>,
}

/// How long the engine has to stop when somebody has interrupted.
const LEAVING: Duration = Duration::from_millis(800);

/// Runs a verb to its end.
pub async fn run(verb: &Verb, mut session: Session) -> io::Result<Exit> {
    let exit = match verb {
        Verb::Stacks {
            statuses,
            nested,
            fingerprints,
            format,
        } => {
            stacks::run(
                &mut session,
                &stacks::Wanted {
                    statuses,
                    nested: *nested,
                    fingerprints: *fingerprints,
                },
                *format,
            )
            .await
        }
        Verb::Events {
            stack,
            follow,
            format,
        } => events::run(&mut session, stack, *follow, *format).await,
        Verb::Functions { wanted, format } => functions::run(&mut session, wanted, *format).await,
        Verb::Metrics { wanted, format } => metrics::run(&mut session, wanted, *format).await,
        Verb::Alarms { wanted, format } => alarms::run(&mut session, wanted, *format).await,
        Verb::Accelerators { wanted, format } => {
            accelerators::run(&mut session, wanted, *format).await
        }
        Verb::Health { wanted, format } => health::run(&mut session, wanted, *format).await,
        Verb::Operate { asked, format } => operate::run(&mut session, asked, *format).await,
        Verb::Ops { asked, format } => ops::run(&mut session, asked, *format).await,
        Verb::Logs(asked) => log::run(&mut session, asked).await,
    };
    let stopped = session.engine.stop();
    match &exit {
        // Whoever has interrupted twice is let go; what is on its way is in the journal.
        Ok(Exit::Interrupted) => _ = tokio::time::timeout(LEAVING, stopped).await,
        Ok(_) | Err(_) => stopped.await,
    }
    ended(exit)
}

/// Writes a text that is ready to standard output: completions, the man page, our vocabulary.
pub fn print(text: &[u8]) -> io::Result<Exit> {
    ended(output::whole(text).map(|()| Exit::Done))
}

/// What the outcome of writing means.
fn ended(exit: io::Result<Exit>) -> io::Result<Exit> {
    match exit {
        // `| head` has seen enough: that is its right.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Exit::Done),
        Err(error) => Err(io::Error::new(
            error.kind(),
            format!("Standard output cannot be written: {error}."),
        )),
        Ok(exit) => Ok(exit),
    }
}
