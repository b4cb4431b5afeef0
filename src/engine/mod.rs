//! The workers. Owns every task, every retry and every deadline.
//!
//! The doors say what they wish to know ([`Request::Watch`]); the engine keeps one poller per wish and reports every
//! attempt as an [`Update`]. Three rules hold: one question is never in flight twice, no failure ends a poller, and
//! nothing that happens in one account and region delays another.

pub mod audit;
mod books;
mod foreman;
mod gate;
mod governor;
mod invoke;
pub mod journal;
mod leave;
pub mod log;
pub mod message;
mod metrics;
mod operator;
mod pace;
mod poller;
mod renewal;
mod sleep;

use crate::aws::Cloud;
use crate::domain::{Clock, Fleet, Kind, Problem, Reach, Reading, Scope, Topic};
pub use books::Books;
use message::{Request, Update};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Updates that may wait for the screen; a full channel slows the pollers, never the keyboard.
pub const UPDATES: usize = 1_024;
/// Requests that may wait for the engine.
const REQUESTS: usize = 64;

/// The running engine.
#[derive(Debug)]
pub struct Engine {
    requests: mpsc::Sender<Request>,
    stop: CancellationToken,
    tasks: JoinSet<()>,
}

/// What every worker shares.
#[derive(Clone)]
struct Shop {
    cloud: Arc<Cloud>,
    clock: Arc<dyn Clock>,
    updates: mpsc::Sender<Update>,
    books: Books,
    governor: Arc<governor::Governor>,
    gates: Arc<gate::Gates>,
    stop: CancellationToken,
}

impl Engine {
    /// Starts the workers; nothing is asked of AWS before the first [`Request`].
    pub fn start(
        fleet: &Fleet,
        cloud: Arc<Cloud>,
        clock: Arc<dyn Clock>,
        books: Books,
    ) -> (Self, mpsc::Receiver<Update>) {
        let (requests, inbox) = mpsc::channel(REQUESTS);
        let (updates, outbox) = mpsc::channel(UPDATES);
        let stop = CancellationToken::new();
        let accounts: Vec<_> = fleet
            .accounts
            .iter()
            .map(|account| account.name.clone())
            .collect();
        let shop = Shop {
            cloud,
            clock,
            updates,
            books,
            governor: Arc::new(governor::Governor::default()),
            gates: Arc::new(gate::Gates::new(&accounts)),
            stop: stop.clone(),
        };
        let mut tasks = JoinSet::new();
        tasks.spawn(foreman::run(shop, inbox, fleet.clone()));
        (
            Self {
                requests,
                stop,
                tasks,
            },
            outbox,
        )
    }

    /// Asks for something. Dropped only when the engine has stopped.
    pub async fn submit(&self, request: Request) {
        // The foreman lives until `stop`; afterwards there is nobody to ask and nothing to say.
        let _ = self.requests.send(request).await;
    }

    /// A way to ask that can be handed on.
    pub fn requests(&self) -> mpsc::Sender<Request> {
        self.requests.clone()
    }

    /// Ends every worker and waits for them; answers that are on their way are dropped.
    pub async fn stop(mut self) {
        self.stop.cancel();
        while self.tasks.join_next().await.is_some() {}
    }
}

impl Shop {
    /// Asks once, within a deadline; says how many requests it took.
    async fn ask(
        &self,
        topic: &Topic,
        scope: &Scope,
        deadline: Duration,
    ) -> (Result<Reading, Problem>, u32) {
        let question = crate::aws::counted(async {
            match topic {
                // What is new depends on the time, which is the engine's to tell.
                Topic::LastErrors(group) => {
                    let now = self.clock.now();
                    log::last_errors(&self.cloud, scope, (group, now)).await
                }
                _ => self.cloud.read(topic, scope).await,
            }
        });
        tokio::time::timeout(deadline, question)
            .await
            .unwrap_or_else(|_elapsed| {
                let seconds = deadline.as_secs();
                let what = format!(
                    "Asking for {} of {scope} took longer than {seconds} s.",
                    topic.noun()
                );
                (
                    Err(Problem::new(Kind::Unreachable(Reach::TimedOut), what)),
                    1,
                )
            })
    }
}
