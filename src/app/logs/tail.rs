//! Which sources are tailed, and how each of them stands.
//!
//! What is wanted is worked out from the chosen names and what the regions have said; what the engine was asked last
//! is kept beside it, and the difference becomes a request. Sources are numbered by their place in the list, so a list
//! only ever grows; anything else is another tail.

use crate::domain::log::Millis;
use crate::domain::{LogSource, Problem, Region, Scope, Timestamp};
use crate::engine::message::{LIVE_GROUPS, Live, Manner, Request, SourceState, TailId, TailSpec};

use chrono::TimeDelta;
use std::collections::BTreeMap;

/// Between two polls of a source.
pub const INTERVAL: TimeDelta = TimeDelta::seconds(2);
/// How far back a tail begins when nobody says otherwise.
pub(super) const SINCE: TimeDelta = TimeDelta::minutes(5);

/// One group in one region, as the tail has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    pub at: LogSource,
    pub state: SourceState,
    /// Spans that will not come any more.
    pub holes: u64,
    /// Why it ended, if it has.
    pub ended: Option<Result<(), Problem>>,
}

/// A tail that was asked for.
#[derive(Clone, Debug)]
pub struct Tail {
    pub(super) id: TailId,
    sources: Vec<Source>,
    from: Timestamp,
    manner: Manner,
    /// What the engine has been asked: how many sources, and in which manner.
    asked: Option<(usize, Manner)>,
}

/// How the sources of a region stand together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chip<'t> {
    /// The time of the newest event.
    pub newest: Option<Millis>,
    /// The oldest of the last answers.
    pub polled: Option<Timestamp>,
    /// What fails, and in which account.
    pub failing: Option<(&'t Scope, &'t Problem)>,
    pub retry: Option<Timestamp>,
    /// Calls per second that the region's sources may make together.
    pub share: f64,
    pub live: Option<Live>,
    pub holes: u64,
}

impl Tail {
    pub(super) fn new(id: TailId, sources: Vec<LogSource>, from: Timestamp) -> Self {
        let mut tail = Self {
            id,
            sources: Vec::new(),
            from,
            manner: Manner::Polling,
            asked: None,
        };
        tail.grow(sources);
        tail
    }

    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The first moment of interest.
    pub fn from(&self) -> Timestamp {
        self.from
    }

    pub fn is_live(&self) -> bool {
        self.manner == Manner::Live
    }

    /// Whether the service leaves lines out somewhere.
    pub fn is_sampled(&self) -> bool {
        let mut live = self.sources.iter().filter_map(|source| source.state.live);
        self.is_live() && live.any(|live| live.is_sampled)
    }

    /// Whether some source has not answered yet.
    pub fn is_asking(&self) -> bool {
        let silent = |source: &Source| {
            source.state.polled.is_none()
                && source.state.failing.is_none()
                && source.ended.is_none()
        };
        self.sources.iter().any(silent)
    }

    /// Whether the engine knows of it.
    pub(super) fn is_asked(&self) -> bool {
        self.asked.is_some()
    }

    /// From now on AWS sends new lines at once.
    pub(super) fn live(&mut self) {
        self.manner = Manner::Live;
    }

    /// From now on we ask again and again.
    pub(super) fn poll(&mut self) {
        self.manner = Manner::Polling;
        for source in &mut self.sources {
            source.state.live = None;
        }
    }

    /// Goes on later, under another name, from this moment.
    pub(super) fn rest(&mut self, id: TailId, from: Timestamp) {
        self.poll();
        (self.id, self.from, self.asked) = (id, from, None);
    }

    /// Adds the sources that it does not have yet; tells whether there were any.
    pub(super) fn grow(&mut self, wanted: Vec<LogSource>) -> bool {
        let before = self.sources.len();
        for at in wanted {
            if !self.sources.iter().any(|source| source.at == at) {
                self.sources.push(Source {
                    at,
                    state: SourceState::default(),
                    holes: 0,
                    ended: None,
                });
            }
        }
        self.sources.len() > before
    }

    /// Asks the engine for what it has not been asked for.
    pub(super) fn ask(&mut self) -> Option<Request> {
        let now = (self.sources.len(), self.manner);
        if self.asked == Some(now) || self.sources.is_empty() {
            return None;
        }
        self.asked = Some(now);
        Some(Request::Tail(TailSpec {
            id: self.id,
            sources: self.sources.iter().map(|it| it.at.clone()).collect(),
            pattern: None,
            from: self.from,
            until: None,
            manner: self.manner,
            interval: INTERVAL,
        }))
    }

    pub(super) fn state(&mut self, source: usize, state: SourceState) {
        if let Some(source) = self.sources.get_mut(source) {
            source.state = state;
            source.ended = None;
        }
    }

    pub(super) fn hole(&mut self, source: usize) {
        if let Some(source) = self.sources.get_mut(source) {
            source.holes += 1;
        }
    }

    pub(super) fn ended(&mut self, source: usize, result: Result<(), Problem>) {
        if let Some(source) = self.sources.get_mut(source) {
            source.ended = Some(result);
        }
    }

    /// The regions of its sources, each once.
    pub fn regions(&self) -> Vec<&Region> {
        let mut regions: Vec<&Region> = Vec::new();
        for region in self
            .sources
            .iter()
            .filter_map(|source| source.at.scope.region())
        {
            if !regions.contains(&region) {
                regions.push(region);
            }
        }
        regions
    }

    /// How a region stands: the worst of its sources, whichever account they are of.
    pub fn chip(&self, region: &Region) -> Chip<'_> {
        let mut chip = Chip::default();
        let here = self
            .sources
            .iter()
            .filter(|it| it.at.scope.region() == Some(region));
        for source in here {
            let state = &source.state;
            chip.newest = chip.newest.max(state.newest);
            chip.polled = match (chip.polled, state.polled) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
            let ended = source.ended.as_ref().and_then(|it| it.as_ref().err());
            if let (None, Some(problem)) = (chip.failing, ended.or(state.failing.as_ref())) {
                chip.failing = Some((&source.at.scope, problem));
            }
            chip.retry = chip.retry.max(state.retry);
            chip.share += state.share;
            chip.holes += source.holes;
            chip.live = match (chip.live, state.live) {
                (Some(a), Some(b)) => Some(Live {
                    is_sampled: a.is_sampled || b.is_sampled,
                    ..a
                }),
                (a, b) => a.or(b),
            };
        }
        chip
    }

    /// Live Tail sessions that it takes: one for each ten groups of a region.
    pub fn sessions(&self) -> usize {
        let mut groups: BTreeMap<&Scope, usize> = BTreeMap::new();
        for source in &self.sources {
            *groups.entry(&source.at.scope).or_default() += 1;
        }
        groups
            .values()
            .map(|groups| groups.div_ceil(LIVE_GROUPS))
            .sum()
    }

    /// How long Live Tail has fed it, and about what that has cost, in dollars.
    pub fn bill(&self, now: Timestamp) -> (TimeDelta, f64) {
        let live = || self.sources.iter().filter_map(|source| source.state.live);
        let open = live().map(|live| live.open(now)).max();
        (
            open.unwrap_or_default(),
            live().map(|live| live.dollars(now)).sum(),
        )
    }
}
