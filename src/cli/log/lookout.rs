//! What a tail looks out for: the operator, the clock, its reader, and the engine.
//!
//! In a flood the engine always has something to tell. So everything else is looked at before it: an interruption
//! waits for one page at most.

use super::super::events::GLANCE;
use super::sink::Sink;
use super::sources::CADENCE;
use crate::engine::message::Update;
use std::future::pending;
use std::io;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc::Receiver;
use tokio::time::{Instant, Interval, interval_at, sleep_until};

/// Everything that is looked out for from the beginning to the end.
#[derive(Debug)]
pub(super) struct Lookout {
    interrupt: Signal,
    asked: Signal,
    glance: Interval,
    recheck: Interval,
    /// When following is to end.
    deadline: Option<Instant>,
}

/// What happened.
#[derive(Debug)]
pub(super) enum Sight {
    Interrupted,
    /// Somebody wants to know how it stands.
    Asked,
    /// Time to end by itself; comes once.
    Deadline,
    /// Time to see whether anybody still reads.
    Glance,
    /// Time to look for new groups.
    Recheck,
    /// The lines are on their way, or nothing can be written any more.
    Written(io::Result<()>),
    /// What waits in the merge has waited enough.
    Due,
    /// Boxed, because it is larger than all else together. `None`: the engine has stopped.
    Told(Option<Box<Update>>),
}

impl Lookout {
    pub(super) fn new(deadline: Option<Instant>) -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            asked: signal(SignalKind::user_defined1())?,
            glance: every(GLANCE),
            recheck: every(CADENCE.to_std().unwrap_or(Duration::MAX)),
            deadline,
        })
    }

    /// Waits for what happens next. Lines are handed over as soon as there is room for them; without `updates` nothing
    /// is taken in.
    pub(super) async fn next(
        &mut self,
        (sink, lines): (&mut Sink, &mut Vec<u8>),
        due: Option<Instant>,
        updates: Option<&mut Receiver<Update>>,
    ) -> Sight {
        tokio::select! {
            biased;
            Some(()) = self.interrupt.recv() => Sight::Interrupted,
            Some(()) = self.asked.recv() => Sight::Asked,
            () = until(self.deadline) => {
                self.deadline = None;
                Sight::Deadline
            }
            _ = self.glance.tick() => Sight::Glance,
            _ = self.recheck.tick() => Sight::Recheck,
            written = sink.send(lines) => Sight::Written(written),
            () = until(due) => Sight::Due,
            update = receive(updates) => Sight::Told(update.map(Box::new)),
        }
    }
}

fn every(period: Duration) -> Interval {
    interval_at(Instant::now() + period, period)
}

async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => pending().await,
    }
}

async fn receive(updates: Option<&mut Receiver<Update>>) -> Option<Update> {
    match updates {
        Some(updates) => updates.recv().await,
        None => pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use tokio::sync::mpsc::channel;

    #[tokio::test(start_paused = true)]
    async fn an_engine_that_never_falls_silent_drowns_nothing_out() {
        let (sender, mut updates) = channel(2);
        for _ in 0..2 {
            sender.try_send(Update::Slept(TimeDelta::zero())).unwrap();
        }
        let mut lookout = Lookout::new(Some(Instant::now())).unwrap();
        let (mut sink, mut lines) = (Sink::open(), Vec::new());
        let mut seen = Vec::new();
        tokio::time::advance(GLANCE).await;
        for _ in 0..4 {
            let out = (&mut sink, &mut lines);
            let sight = lookout.next(out, None, Some(&mut updates)).await;
            seen.push(match sight {
                Sight::Deadline => "deadline",
                Sight::Glance => "glance",
                Sight::Told(Some(_)) => "told",
                other => panic!("{other:?}"),
            });
        }
        assert_eq!(seen, ["deadline", "glance", "told", "told"]);
    }
}
