//! Live Tail sessions: they make events come sooner, and are never what makes a tail complete.
//!
//! A session tells what is ingested while it listens, without ids, leaves things out above 500 events/s, and ends after
//! three hours, with its connection, or when half a character is logged. So sources go on polling beneath it, seldom
//! while it tells everything and as ever while it does not: whatever a session did not say, at its beginning, at its
//! end or in between, the next poll does, and [`Twins`](super::twins::Twins) keeps either from repeating the other.

use super::{Live, TailSpec};
use crate::aws::{LIVE_GROUPS, LiveQuestion, LiveTail, LiveUpdate};
use crate::domain::{Kind, LogEvents, LogSource, Problem, Reach, Scope, Timestamp};
use crate::engine::governor::{Service, Urgency};
use crate::engine::leave::Leave;
use crate::engine::message::Cadence;
use crate::engine::{Shop, pace};
use chrono::TimeDelta;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Updates that may wait for a source. It polls what it had no time for.
pub(super) const UPDATES: usize = 8;
/// AWS says something every second, events or not.
const SILENCE: Duration = Duration::from_secs(5);
/// How long a session may take to open, asking who we are included.
const OPENING: Duration = Duration::from_secs(15);
/// AWS ends a session after three hours, and we a minute before: then it is we who choose the moment.
const LENGTH: Duration = Duration::from_secs(3 * 60 * 60 - 60);
/// A session that lasted this long was a good one, whatever ended it.
const GOOD: Duration = Duration::from_secs(60);
/// What the waits between failing sessions are made of.
const PATIENCE: Cadence = Cadence::Focused(TimeDelta::seconds(2));

/// What a session tells a source.
#[derive(Clone, Debug)]
pub(super) enum Fed {
    /// It listens from here on: what was ingested before is for a poll to read.
    Began(Live),
    /// What came in one second, be it nothing.
    Heard {
        events: LogEvents,
        /// Nothing was left out, neither by the service nor by us.
        is_whole: bool,
        live: Live,
    },
    /// It does not listen any more: why, unless it ended as sessions do.
    Ended(Option<Problem>),
}

/// A source, as a session sees it.
#[derive(Clone, Debug)]
pub(super) struct Listener {
    pub(super) source: LogSource,
    pub(super) feed: mpsc::Sender<Fed>,
}

/// Starts as many sessions as the listeners need, ten groups to each. They end when `stop` is cancelled.
pub(super) fn listen(
    shop: &Shop,
    tasks: &mut JoinSet<()>,
    spec: &TailSpec,
    listeners: Vec<Listener>,
    stop: &CancellationToken,
) {
    let mut scopes: BTreeMap<Scope, Vec<Listener>> = BTreeMap::new();
    for listener in listeners {
        let scope = listener.source.scope.clone();
        scopes.entry(scope).or_default().push(listener);
    }
    for (scope, listeners) in scopes {
        for listeners in listeners.chunks(LIVE_GROUPS) {
            let session = Session {
                shop: shop.clone(),
                scope: scope.clone(),
                pattern: spec.pattern.clone(),
                listeners: listeners.to_vec(),
                spent: TimeDelta::zero(),
            };
            let stop = stop.clone();
            tasks.spawn(session.run(stop));
        }
    }
}

/// What keeps a session open over some groups of one region.
struct Session {
    shop: Shop,
    scope: Scope,
    pattern: Option<String>,
    listeners: Vec<Listener>,
    /// How long sessions were open before the one that is.
    spent: TimeDelta,
}

/// How a session went.
struct Course {
    lasted: Duration,
    ended: Result<(), Problem>,
}

impl Session {
    async fn run(mut self, stop: CancellationToken) {
        let feeds: Vec<_> = self.listeners.clone();
        // Dropping the future closes the connection, and with it what the session costs.
        let _ = stop.run_until_cancelled(self.keep()).await;
        for listener in feeds {
            // A source whose feed is full is gone or learns it from the next poll's state.
            let _ = tokio::time::timeout(SILENCE, listener.feed.send(Fed::Ended(None))).await;
        }
    }

    /// Opens sessions one after the other. A failure ends none of it.
    async fn keep(&mut self) {
        let mut failures = 0;
        for turn in 0.. {
            if self.is_unheard() {
                return;
            }
            let problem = match self.open().await {
                Ok(tail) => {
                    let course = self.hear(tail).await;
                    if course.lasted >= GOOD {
                        failures = 0;
                    }
                    let good_end = course.ended.is_ok() && course.lasted >= GOOD;
                    // Who misses it hears the same of the next session: that it began, or that there is none.
                    self.tell_all(&Fed::Ended(course.ended.clone().err()));
                    if good_end {
                        continue;
                    }
                    course.ended.err().unwrap_or_else(|| self.short())
                }
                Err(problem) => {
                    self.tell_all(&Fed::Ended(Some(problem.clone())));
                    if self.listeners.len() > 1 && is_of_a_group(&problem) {
                        return self.keep_apart().await;
                    }
                    problem
                }
            };
            failures += 1;
            let delay = pace::delay(PATIENCE, Err(&problem), failures).unwrap_or(GOOD);
            tokio::time::sleep(pace::jittered(delay, &self.scope, turn)).await;
        }
    }

    /// One group that does not exist, or may not be read, takes a whole session with it: so it leaves the others, which
    /// share one session as before.
    async fn keep_apart(&mut self) {
        let (good, bad) = self.tell_apart().await;
        self.listeners = good;
        let bad = self.of(bad);
        tokio::join!(Box::pin(self.keep()), Box::pin(bad.keep_each()));
    }

    /// Keeps a session for each.
    async fn keep_each(mut self) {
        if let Some(last) = self.listeners.pop() {
            let mut one = self.of(vec![last]);
            tokio::join!(Box::pin(one.keep()), Box::pin(self.keep_each()));
        }
    }

    /// Finds who makes this session impossible, by halves: a session that opens over some is closed at once.
    async fn tell_apart(&self) -> (Vec<Listener>, Vec<Listener>) {
        let (mut good, mut bad) = (Vec::new(), Vec::new());
        // Each of them holds somebody with whom no session opens.
        let mut mixed = vec![self.listeners.clone()];
        while let Some(mut left) = mixed.pop() {
            if left.len() <= 1 {
                bad.append(&mut left);
                continue;
            }
            let mut right = left.split_off(left.len() / 2);
            if self.of(left.clone()).is_possible().await {
                good.append(&mut left);
                mixed.push(right);
            } else if self.of(right.clone()).is_possible().await {
                good.append(&mut right);
                mixed.push(left);
            } else {
                mixed.extend([left, right]);
            }
        }
        (good, bad)
    }

    /// Whether no group stands in the way of a session.
    async fn is_possible(&self) -> bool {
        let opened = self.open().await;
        opened.err().is_none_or(|problem| !is_of_a_group(&problem))
    }

    /// The same for others, which have spent nothing yet.
    fn of(&self, listeners: Vec<Listener>) -> Self {
        Self {
            shop: self.shop.clone(),
            scope: self.scope.clone(),
            pattern: self.pattern.clone(),
            listeners,
            spent: TimeDelta::zero(),
        }
    }

    async fn open(&self) -> Result<LiveTail, Problem> {
        let leave =
            Leave::to_call(&self.shop, Service::LiveTail, &self.scope, Urgency::Focused).await;
        let groups = self.listeners.iter();
        let question = LiveQuestion {
            groups: groups
                .map(|listener| listener.source.group.clone())
                .collect(),
            pattern: self.pattern.clone(),
        };
        let opening = self.shop.cloud.live_tail(&self.scope, &question);
        let opened = tokio::time::timeout(OPENING, opening)
            .await
            .unwrap_or_else(|_elapsed| Err(self.silent(OPENING)));
        leave.settle(&self.shop, &self.scope, opened.as_ref().map(|_| ()), 1);
        opened
    }

    /// Passes on what a session tells until it ends.
    async fn hear(&mut self, mut tail: LiveTail) -> Course {
        let began = Instant::now();
        let mut live = Live {
            since: self.shop.clock.now(),
            spent: self.spent,
            sharing: u32::try_from(self.listeners.len()).unwrap_or(u32::MAX),
            is_sampled: false,
        };
        let mut missed = self.tell_all(&Fed::Began(live));
        let ended = loop {
            let next = tokio::time::timeout(SILENCE, tail.next());
            let next = tokio::select! {
                next = next => next,
                () = tokio::time::sleep_until(began + LENGTH) => break Ok(()),
            };
            match next {
                Ok(Ok(Some(update))) => {
                    live.is_sampled = update.is_sampled;
                    self.pass(update, live, &mut missed);
                    if self.is_unheard() {
                        break Ok(());
                    }
                }
                Ok(Ok(None)) => break Ok(()),
                Ok(Err(problem)) => break Err(problem),
                Err(_elapsed) => break Err(self.silent(SILENCE)),
            }
        };
        self.spent = live.open(self.shop.clock.now());
        Course {
            lasted: began.elapsed(),
            ended,
        }
    }

    /// Gives each source its events. None is waited for: one that is slow must not make the others deaf.
    fn pass(&self, update: LiveUpdate, live: Live, missed: &mut [bool]) {
        let mut by_group: Vec<LogEvents> = Vec::new();
        by_group.resize_with(self.listeners.len(), LogEvents::default);
        for (group, events) in update.events {
            by_group[group] = events;
        }
        for ((listener, events), missed) in self.listeners.iter().zip(by_group).zip(missed) {
            let heard = Fed::Heard {
                events,
                is_whole: !live.is_sampled && !*missed,
                live,
            };
            *missed = listener.feed.try_send(heard).is_err();
        }
    }

    /// Whether nobody listens any more.
    fn is_unheard(&self) -> bool {
        self.listeners
            .iter()
            .all(|listener| listener.feed.is_closed())
    }

    /// Says something to every source, and who was too busy to hear it.
    fn tell_all(&self, fed: &Fed) -> Vec<bool> {
        let listeners = self.listeners.iter();
        listeners
            .map(|listener| listener.feed.try_send(fed.clone()).is_err())
            .collect()
    }

    fn silent(&self, span: Duration) -> Problem {
        let seconds = span.as_secs();
        let what = format!(
            "The Live Tail session of {} said nothing for {seconds} s.",
            self.scope
        );
        Problem::new(Kind::Unreachable(Reach::TimedOut), what)
    }

    fn short(&self) -> Problem {
        let what = format!("AWS ended the Live Tail session of {} at once.", self.scope);
        Problem::new(Kind::Server, what)
    }
}

/// Whether a session is refused for one of its groups.
fn is_of_a_group(problem: &Problem) -> bool {
    matches!(problem.kind, Kind::Missing | Kind::Denied)
}

impl Live {
    /// How long sessions have been open for this source.
    pub fn open(&self, now: Timestamp) -> TimeDelta {
        self.spent + (now - self.since).max(TimeDelta::zero())
    }

    /// About what this source has cost so far, in dollars: its share of the session that it is in.
    pub fn dollars(&self, now: Timestamp) -> f64 {
        self.open(now).as_seconds_f64() / 60.0 * super::LIVE_DOLLARS_PER_MINUTE
            / f64::from(self.sharing.max(1))
    }
}
