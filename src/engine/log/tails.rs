//! The tails that run.

use super::line::{Course, Line, Wire};
use super::tailer::Tailer;
use super::{TailId, TailSpec};
use crate::domain::log::Millis;
use crate::domain::{Scope, Timestamp};
use crate::engine::Shop;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Every tail, and what its sources are told.
pub(in crate::engine) struct Tails {
    shop: Shop,
    running: HashMap<TailId, Running>,
    /// One clone for each source that reads there: they share a quota.
    crowds: HashMap<Scope, Arc<()>>,
}

/// A tail with tasks.
struct Running {
    finish: watch::Sender<Option<Millis>>,
    nudges: Vec<Arc<Notify>>,
    stop: CancellationToken,
}

impl Tails {
    pub(in crate::engine) fn new(shop: Shop) -> Self {
        Self {
            shop,
            running: HashMap::new(),
            crowds: HashMap::new(),
        }
    }

    /// Starts a tail, or gives one that runs its new list.
    pub(in crate::engine) fn tail(&mut self, tasks: &mut JoinSet<()>, spec: TailSpec) {
        let course = match spec.until {
            Some(until) if until <= self.shop.clock.now() => Course::Range,
            _ => Course::Following,
        };
        // One whose sources have all ended may begin anew.
        self.running
            .retain(|id, tail| *id != spec.id || !tail.finish.is_closed());
        let tail = self.running.entry(spec.id).or_insert_with(|| Running {
            finish: watch::Sender::new(None),
            nudges: Vec::new(),
            stop: self.shop.stop.child_token(),
        });
        let spec = Arc::new(spec);
        for (index, source) in spec.sources.iter().enumerate().skip(tail.nudges.len()) {
            let nudge = Arc::new(Notify::new());
            tail.nudges.push(Arc::clone(&nudge));
            let line = Line::new(Wire {
                shop: self.shop.clone(),
                tail: spec.id,
                index,
                source: source.clone(),
                course,
                interval: spec.interval.to_std().unwrap_or_default(),
                crowd: Arc::clone(self.crowds.entry(source.scope.clone()).or_default()),
                nudge,
                finish: tail.finish.subscribe(),
            });
            let tailer = Tailer::new(line, &spec);
            let stop = tail.stop.clone();
            tasks.spawn(async move {
                // Dropping the future drops the request.
                let _ = stop.run_until_cancelled(tailer.run()).await;
            });
        }
    }

    /// Has a tail read up to `until`, late arrivals included, and end.
    pub(in crate::engine) fn finish(&mut self, id: TailId, until: Timestamp) {
        if let Some(tail) = self.running.get(&id) {
            tail.finish.send_replace(Some(until.timestamp_millis()));
        }
    }

    /// Ends a tail at once.
    pub(in crate::engine) fn drop(&mut self, id: TailId) {
        if let Some(tail) = self.running.remove(&id) {
            tail.stop.cancel();
        }
    }

    /// After a sleep: every source is asked again soon.
    pub(in crate::engine) fn wake(&mut self) {
        let tails = self.running.values();
        tails
            .flat_map(|tail| &tail.nudges)
            .for_each(|nudge| nudge.notify_one());
    }
}
