//! A run as it goes on: its journal, what has become of it so far, and whoever is told.
//!
//! The invariant: a record is on the disk before it is taken in or told, and records come one after the other. Once one
//! could not be written, none is any more, and the run stands still where it is.

use crate::domain::operation::{OperationId, Record, Run, Stamped, StepState};
use crate::domain::{Clock, Kind, Problem};
use crate::engine::journal::{Journal, Journals, unwritten};
use crate::engine::message::{Tidings, Update};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{mpsc, watch};

/// A member of a run, by its place.
pub(in crate::engine::operator) type Seat = (usize, usize);

/// A step of a member, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine::operator) struct Place {
    pub(in crate::engine::operator) wave: usize,
    pub(in crate::engine::operator) member: usize,
    pub(in crate::engine::operator) step: usize,
}

impl Place {
    pub(super) fn seat(self) -> Seat {
        (self.wave, self.member)
    }
}

/// Why a run cannot go on: it can no longer be written down.
#[derive(Clone, Debug)]
pub(in crate::engine::operator) struct Halt(pub(in crate::engine::operator) Problem);

/// What a run is told and tells.
pub(in crate::engine::operator) struct Ledger {
    journals: Journals,
    /// One record at a time; none once one has failed.
    journal: tokio::sync::Mutex<Result<Arc<Mutex<Journal>>, Problem>>,
    run: Mutex<Run>,
    clock: Arc<dyn Clock>,
    updates: mpsc::Sender<Update>,
    /// How many words were said to it; wakes whoever waits for one.
    words: watch::Sender<usize>,
    /// What was said last of a member's progress.
    said: Mutex<BTreeMap<Seat, String>>,
}

impl Ledger {
    pub(in crate::engine::operator) fn new(
        journals: Journals,
        journal: Journal,
        run: Run,
        (clock, updates): (Arc<dyn Clock>, mpsc::Sender<Update>),
    ) -> Self {
        Self {
            journals,
            journal: tokio::sync::Mutex::new(Ok(Arc::new(Mutex::new(journal)))),
            words: watch::Sender::new(run.decisions.len()),
            run: Mutex::new(run),
            clock,
            updates,
            said: Mutex::default(),
        }
    }

    /// Writes a record down, takes it in, and tells it.
    pub(in crate::engine::operator) async fn record(&self, record: Record) -> Result<(), Halt> {
        let mut journal = self.journal.lock().await;
        let file = journal.as_ref().map_err(|why| Halt(why.clone()))?;
        let file = Arc::clone(file);
        if self.run().is_over() {
            let what = format!("{} is over.", self.id());
            return Err(Halt(Problem::new(Kind::Invalid, what)));
        }
        let stamped = Stamped {
            number: self.run().records,
            at: self.clock.now(),
            record,
        };
        let line = stamped.clone();
        let append = move || locked(&file).append(&line);
        let written = match self.journals.off(append).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(unwritten(&error)),
            Err(problem) => Err(problem),
        };
        if let Err(problem) = written {
            *journal = Err(problem.clone());
            return Err(Halt(problem));
        }
        self.run().absorb(&stamped);
        self.tell(stamped).await;
        drop(journal);
        self.words.send_replace(self.run().decisions.len());
        Ok(())
    }

    /// Tells of a record that is on the disk. Whoever does not listen any more has left.
    pub(in crate::engine::operator) async fn tell(&self, stamped: Stamped) {
        let news = Tidings::Happened(self.id(), Box::new(stamped));
        let _ = self.updates.send(Update::Operation(news)).await;
    }

    /// Says how far a member is, if that is news.
    pub(super) async fn progress(&self, (wave, member): Seat, words: &str) {
        let before = locked(&self.said).insert((wave, member), words.to_owned());
        if before.as_deref() == Some(words) {
            return;
        }
        let news = Tidings::Progress {
            run: self.id(),
            wave,
            member,
            words: words.to_owned(),
        };
        let _ = self.updates.send(Update::Operation(news)).await;
    }

    /// How it stands. Held for a moment only.
    pub(in crate::engine::operator) fn run(&self) -> MutexGuard<'_, Run> {
        locked(&self.run)
    }

    pub(in crate::engine::operator) fn id(&self) -> OperationId {
        self.run().plan.id.clone()
    }

    /// The disk takes nothing more.
    #[cfg(test)]
    pub(super) async fn break_down(&self) {
        let full = Journal::on_a_full_disk();
        *self.journal.lock().await = Ok(Arc::new(Mutex::new(full)));
    }

    pub(super) fn state(&self, place: Place) -> StepState {
        let run = self.run();
        let step = run.step(place.wave, place.member, place.step);
        step.map_or(StepState::Waiting, |(_, state)| state.clone())
    }

    /// Has whoever waits for the journals' end wait for this work, too: it holds on to the journal.
    pub(super) fn track<F: Future>(&self, work: F) -> impl Future<Output = F::Output> + use<F> {
        self.journals.tracked(work)
    }

    /// Wakes up whenever somebody has said something to the run.
    pub(super) fn words(&self) -> watch::Receiver<usize> {
        self.words.subscribe()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
