//! The tails that run.

use super::ear::{Ear, Mouth};
use super::line::{Course, Line, Wire};
use super::live::{self, Listener};
use super::tailer::Tailer;
use super::{Manner, TailId, TailSpec};
use crate::domain::log::Millis;
use crate::domain::{Scope, Timestamp};
use crate::engine::Shop;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::{Notify, mpsc, watch};
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
    /// One for each source, by whatever manner it is tailed.
    ears: Vec<Arc<Ear>>,
    live: Option<Sessions>,
    stop: CancellationToken,
}

/// The Live Tail sessions of a tail.
struct Sessions {
    /// Sources that have one, from the first on.
    sources: usize,
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
            ears: Vec::new(),
            live: None,
            stop: self.shop.stop.child_token(),
        });
        let spec = Arc::new(spec);
        for (index, source) in spec.sources.iter().enumerate().skip(tail.nudges.len()) {
            let nudge = Arc::new(Notify::new());
            tail.nudges.push(Arc::clone(&nudge));
            let ear = Arc::new(Ear::default());
            tail.ears.push(Arc::clone(&ear));
            let line = Line::new(Wire {
                shop: self.shop.clone(),
                tail: spec.id,
                index,
                source: source.clone(),
                course,
                interval: spec.interval.to_std().unwrap_or_default(),
                crowd: Arc::clone(self.crowds.entry(source.scope.clone()).or_default()),
                nudge,
                ear,
                finish: tail.finish.subscribe(),
            });
            let tailer = Tailer::new(line, &spec);
            let stop = tail.stop.clone();
            tasks.spawn(async move {
                // Dropping the future drops the request.
                let _ = stop.run_until_cancelled(tailer.run()).await;
            });
        }
        match (spec.manner, course) {
            (Manner::Live, Course::Following) => tail.listen(&self.shop, tasks, &spec),
            (Manner::Polling, _) | (_, Course::Range) => tail.stop_listening(),
        }
    }

    /// Has a tail read what is readable up to `until`, and end.
    pub(in crate::engine) fn finish(&mut self, id: TailId, until: Timestamp) {
        if let Some(tail) = self.running.get_mut(&id) {
            tail.finish.send_replace(Some(until.timestamp_millis()));
            tail.stop_listening();
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

impl Running {
    /// Opens Live Tail sessions for the sources that have none yet.
    fn listen(&mut self, shop: &Shop, tasks: &mut JoinSet<()>, spec: &TailSpec) {
        let sessions = self.live.get_or_insert_with(|| Sessions {
            sources: 0,
            stop: self.stop.child_token(),
        });
        let mut listeners = Vec::new();
        for (index, source) in spec.sources.iter().enumerate().skip(sessions.sources) {
            let (feed, fed) = mpsc::channel(live::UPDATES);
            listeners.push(Listener {
                source: source.clone(),
                feed,
            });
            let mouth = Mouth {
                shop: shop.clone(),
                tail: spec.id,
                source: index,
                span: (
                    spec.from.timestamp_millis(),
                    spec.until.map(|until| until.timestamp_millis()),
                ),
                nudge: Arc::clone(&self.nudges[index]),
            };
            let (ear, stop) = (Arc::clone(&self.ears[index]), self.stop.clone());
            tasks.spawn(async move {
                let _ = stop.run_until_cancelled(ear.hear(mouth, fed)).await;
            });
        }
        sessions.sources = spec.sources.len();
        live::listen(shop, tasks, spec, listeners, &sessions.stop);
    }

    /// Ends the sessions, and with them what they cost; polls go on.
    fn stop_listening(&mut self) {
        if let Some(sessions) = self.live.take() {
            sessions.stop.cancel();
        }
    }
}
