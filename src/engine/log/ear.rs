//! What a source hears of Live Tail: it tells what is new at once, and knows whether polls have to fill a gap.
//!
//! A task of its own, because a poll may wait for minutes (throttled, denied, without credentials) while the session
//! goes on. It shares with the polls what either has told, and nothing else.

use super::depths::LATENESS_AT_MOST;
use super::live::Fed;
use super::twins::Twins;
use super::{Live, News, Page, SourceState, TailId};
use crate::domain::log::Millis;
use crate::domain::{LogEvent, LogEvents, Problem};
use crate::engine::Shop;
use crate::engine::message::Update;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, Semaphore, mpsc};
use tokio_util::sync::CancellationToken;

/// Pages that an ear may be ahead of its reader.
const CREDIT: usize = 2;
/// What happened this long before an update is in it, or in none.
const BEHIND: Millis = 1_000;

/// Between two polls beneath a session that tells everything: to find what came late, or was not said after all.
const SWEEP: Duration = Duration::from_secs(10);

/// What a source and its ear both look at.
#[derive(Debug, Default)]
pub(super) struct Ear {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// How often it was opened; what an earlier opening hears does not count.
    opening: u64,
    open: Option<Open>,
    live: Option<Live>,
    not_live: Option<Problem>,
    twins: Twins,
    /// When something may have gone unsaid last. A poll that begins later has read it.
    gap: Option<Millis>,
    newest: Option<Millis>,
    reached: Option<Millis>,
    /// By so much our clock is ahead of CloudWatch's.
    ahead: Millis,
}

/// An ear that is open.
#[derive(Clone, Debug, Default)]
struct Open {
    /// Cancelled when it is to hear no more.
    close: CancellationToken,
    /// Cancelled when it has said its last.
    closed: CancellationToken,
}

/// Where an ear tells.
pub(super) struct Mouth {
    pub(super) shop: Shop,
    pub(super) tail: TailId,
    pub(super) source: usize,
    /// The first moment of interest, and the first one that is of none.
    pub(super) span: (Millis, Option<Millis>),
    /// Has the source poll at once.
    pub(super) nudge: Arc<Notify>,
}

impl Ear {
    /// Hears what a session feeds, until the session or the ear is closed.
    pub(super) async fn hear(self: Arc<Self>, mouth: Mouth, mut feed: mpsc::Receiver<Fed>) {
        let open = Open::default();
        let opening = self.open(&open);
        let credits = Arc::new(Semaphore::new(CREDIT));
        while let Some(Some(fed)) = open.close.run_until_cancelled(feed.recv()).await {
            let now = mouth.shop.clock.now().timestamp_millis();
            let (page, is_change) = self.take(fed, &mouth, now);
            if is_change {
                mouth.nudge.notify_one();
            }
            if let Some(page) = page {
                // Not cut short when the ear is closed: no poll will tell what counts as told.
                let credit = if page.events.is_empty() {
                    None
                } else {
                    Arc::clone(&credits).acquire_owned().await.ok()
                };
                let page = Page {
                    _credit: credit,
                    ..page
                };
                let news = News::Page(Arc::new(page));
                let _ = mouth.shop.updates.send(Update::Log(mouth.tail, news)).await;
            }
        }
        self.shut(opening);
        open.closed.cancel();
    }

    /// Hears no more, and waits until it has said its last. What was not heard is for polls.
    pub(super) async fn close(&self) {
        let open = self.state().open.clone();
        if let Some(open) = open {
            open.close.cancel();
            open.closed.cancelled().await;
        }
    }

    /// Between two polls, for one who would poll at this interval: while a session tells everything there is no hurry.
    pub(super) fn interval(&self, interval: Duration) -> Duration {
        let state = self.state();
        let is_whole = state.gap.is_none() && state.live.is_some_and(|live| !live.is_sampled);
        if is_whole {
            interval.max(SWEEP)
        } else {
            interval
        }
    }

    /// Leaves out of what a poll reads what the session has told.
    pub(super) fn polls(&self, now: Millis) -> Polls<'_> {
        Polls {
            state: self.state(),
            now,
        }
    }

    /// A poll that began at `began` is through; nothing before `settled` is read again.
    pub(super) fn polled(&self, began: Millis, settled: Millis, now: Millis) {
        let mut state = self.state();
        if state.gap.is_some_and(|gap| gap <= began) {
            state.gap = None;
        }
        state.twins.forget(settled, now);
    }

    /// Adds what it knows to how the source stands.
    pub(super) fn describe(&self, source: &mut SourceState) {
        let state = self.state();
        source.live = state.live;
        source.not_live.clone_from(&state.not_live);
        source.newest = source.newest.max(state.newest);
        source.reached = source.reached.max(state.reached);
    }

    fn open(&self, open: &Open) -> u64 {
        let mut state = self.state();
        if let Some(earlier) = state.open.replace(open.clone()) {
            earlier.close.cancel();
        }
        state.opening += 1;
        state.opening
    }

    fn shut(&self, opening: u64) {
        let mut state = self.state();
        if state.opening == opening {
            (state.live, state.not_live, state.open) = (None, None, None);
        }
    }

    /// By so much our clock is ahead of CloudWatch's, as polls have found.
    pub(super) fn set_ahead(&self, ahead: Millis) {
        let mut state = self.state();
        let change = ahead - state.ahead;
        state.ahead = ahead;
        state.gap = state.gap.map(|gap| gap - change);
    }

    /// Takes in what a session says: what is to be told, and whether the source should poll at once. `now` is by our
    /// clock.
    fn take(&self, fed: Fed, mouth: &Mouth, now: Millis) -> (Option<Page>, bool) {
        let mut state = self.state();
        let now = now - state.ahead;
        // Also where polls fail, and nothing else is ever forgotten.
        state.twins.forget_told(now - LATENESS_AT_MOST);
        match fed {
            Fed::Began(live) => {
                (state.live, state.not_live, state.gap) = (Some(live), None, Some(now));
                (None, true)
            }
            Fed::Ended(problem) => {
                (state.live, state.not_live, state.gap) = (None, problem, Some(now));
                (None, true)
            }
            Fed::Heard {
                events,
                is_whole,
                live,
            } => {
                let is_change = state
                    .live
                    .is_none_or(|old| old.is_sampled != live.is_sampled);
                state.live = Some(live);
                if !is_whole {
                    state.gap = Some(now);
                }
                (state.page(events, mouth, now), is_change)
            }
        }
    }

    /// Counts can be off by one after a panic elsewhere, and no worse.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// What is new; nothing when there is neither an event nor a later moment to tell of.
    fn page(&mut self, mut events: LogEvents, mouth: &Mouth, now: Millis) -> Option<Page> {
        let heard = events.len();
        let (first, end) = mouth.span;
        events.retain(|event| {
            let is_asked_for = event.time >= first && end.is_none_or(|end| event.time < end);
            is_asked_for && self.twins.is_new_live(&event, now)
        });
        events.sort();
        self.newest = self.newest.max(events.iter().map(|event| event.time).max());
        let is_further = self.gap.is_none();
        if is_further {
            self.reached = self.reached.max(Some(now - BEHIND));
        }
        (is_further || !events.is_empty()).then(|| Page {
            source: mouth.source,
            repeated: (heard - events.len()) as u64,
            events,
            reached: self.reached.unwrap_or(first),
            _credit: None,
        })
    }
}

/// The events of a page that was polled, one by one.
pub(super) struct Polls<'e> {
    state: MutexGuard<'e, State>,
    now: Millis,
}

impl Polls<'_> {
    /// Whether the session has not told an event that is read for the first time.
    pub(super) fn is_new(&mut self, event: &LogEvent<'_>) -> bool {
        self.state.opening == 0 || self.state.twins.is_new_polled(event, self.now)
    }
}
