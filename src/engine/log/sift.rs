//! Sifts the lines that a pane holds, on threads of their own.
//!
//! The blocks are shared, not copied, and do not change meanwhile. A few blocks are done at a time, and told at once,
//! so that a long search shows what it has; between them it can be told to stop.

use crate::domain::log::{Block, SieveName, SiftJob, Sifted, Sifter};
use crate::engine::Shop;
use crate::engine::message::Update;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Threads that work on one job.
const LANES: usize = 2;
/// Blocks that are told together: some milliseconds of work.
const TOGETHER: usize = 8;

/// The sieves that are at work.
pub(in crate::engine) struct Sieves {
    shop: Shop,
    /// The newest turn of each name, and what stops it.
    turns: BTreeMap<u64, (u64, CancellationToken)>,
}

/// What is left of a job; both lanes take from it.
struct Work {
    name: SieveName,
    sifter: Sifter,
    left: Mutex<std::vec::IntoIter<(Arc<Block>, usize)>>,
}

impl Sieves {
    pub(in crate::engine) fn new(shop: Shop) -> Self {
        Self {
            shop,
            turns: BTreeMap::new(),
        }
    }

    /// Starts a job. One of the same turn goes on beside it; one of an older turn ends.
    pub(in crate::engine) fn sift(&mut self, tasks: &mut JoinSet<()>, job: SiftJob) {
        let fresh = || (job.name.turn, self.shop.stop.child_token());
        let (turn, stop) = self.turns.entry(job.name.name).or_insert_with(fresh);
        if *turn > job.name.turn {
            return;
        }
        if *turn < job.name.turn {
            stop.cancel();
            (*turn, *stop) = (job.name.turn, self.shop.stop.child_token());
        }
        let lanes = LANES.min(job.parts.len().div_ceil(TOGETHER));
        let work = Arc::new(Work {
            name: job.name,
            sifter: Sifter::new(&job.filter, &job.sources),
            left: Mutex::new(job.parts.into_iter()),
        });
        for _ in 0..lanes {
            let (shop, work, stop) = (self.shop.clone(), Arc::clone(&work), stop.clone());
            tasks.spawn(async move {
                let _ = stop.run_until_cancelled(lane(shop, work)).await;
            });
        }
    }
}

/// Takes, sifts and tells until nothing is left.
async fn lane(shop: Shop, work: Arc<Work>) {
    loop {
        let parts = work.take();
        if parts.is_empty() {
            return;
        }
        let at_work = Arc::clone(&work);
        let sifted = match tokio::task::spawn_blocking(move || at_work.sift(&parts)).await {
            Ok(sifted) => sifted,
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_stopped) => return,
        };
        if shop.updates.send(Update::Sifted(sifted)).await.is_err() {
            return;
        }
    }
}

impl Work {
    fn take(&self) -> Vec<(Arc<Block>, usize)> {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        left.by_ref().take(TOGETHER).collect()
    }

    fn sift(&self, parts: &[(Arc<Block>, usize)]) -> Vec<Sifted> {
        let parts = parts.iter().map(|(block, from)| Sifted {
            name: self.name,
            block: block.id(),
            from: *from,
            upto: block.len(),
            lines: self.sifter.sift(block, *from),
        });
        parts.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::{Cloud, Link};
    use crate::domain::log::{Filter, LogBook, LogEvents, Sieve, View};
    use crate::domain::{Clock, Fleet, Timestamp, VersionRule};
    use crate::engine::Books;
    use crate::engine::Engine;
    use crate::engine::message::Request;
    use tokio::sync::mpsc;

    struct Still;

    impl Clock for Still {
        fn now(&self) -> Timestamp {
            Timestamp::UNIX_EPOCH
        }
    }

    fn engine() -> (Engine, mpsc::Receiver<Update>) {
        let fleet = Fleet {
            accounts: Vec::new(),
            version: VersionRule::Tag("version".into()),
            ..Fleet::default()
        };
        let cloud = Cloud::new(&fleet, Link::default());
        Engine::start(&fleet, Arc::new(cloud), Arc::new(Still), Books::nowhere())
    }

    fn book(lines: i64) -> LogBook {
        let mut events = LogEvents::default();
        for time in 0..lines {
            events.push("s", (time, time), "", &format!("line {time}"));
        }
        let mut book = LogBook::default();
        book.absorb(0, &events, lines);
        book
    }

    fn sieve(turn: u64) -> Sieve {
        let filter = Filter::parse("~7$").unwrap();
        Sieve::new(SieveName { name: 1, turn }, Arc::new(filter))
    }

    async fn sifted(updates: &mut mpsc::Receiver<Update>) -> Option<Vec<Sifted>> {
        loop {
            if let Update::Sifted(sifted) = updates.recv().await? {
                return Some(sifted);
            }
        }
    }

    /// A job that has far more to tell than may wait.
    fn endless(book: &LogBook) -> SiftJob {
        let mut job = sieve(1).settle(book, 0).unwrap();
        job.parts = vec![job.parts[0].clone(); 20_000];
        job
    }

    #[tokio::test]
    async fn what_the_worker_tells_makes_the_sieve_whole() {
        let (engine, mut updates) = engine();
        let (book, mut sieve) = (book(100_000), sieve(1));
        engine
            .submit(Request::Sift(sieve.settle(&book, 0).unwrap()))
            .await;
        while sieve.pending() > 0 {
            for sifted in sifted(&mut updates).await.unwrap() {
                sieve.accept(&book, &sifted);
            }
        }
        let view = View::new(&book, Some(&sieve));
        assert_eq!(view.len(), 10_000);
        assert_eq!(view.last().unwrap().exact(), "line 99997");
        engine.stop().await;
    }

    #[tokio::test]
    async fn a_newer_turn_ends_the_older_one() {
        let (engine, mut updates) = engine();
        let book = book(10);
        engine.submit(Request::Sift(endless(&book))).await;
        let newer = sieve(2).settle(&book, 0).unwrap();
        engine.submit(Request::Sift(newer)).await;
        let mut older = 0;
        while let Some(sifted) = sifted(&mut updates).await {
            if sifted[0].name.turn == 2 {
                break;
            }
            older += sifted.len();
        }
        engine.stop().await;
        while let Some(sifted) = sifted(&mut updates).await {
            older += sifted.len();
        }
        assert!(older < 20_000, "{older}");
    }

    #[tokio::test]
    async fn the_engine_stops_while_nobody_listens_to_a_search() {
        let (engine, _updates) = engine();
        engine.submit(Request::Sift(endless(&book(10)))).await;
        engine.stop().await;
    }
}
