//! A log group: what it is called, where its lines come from, and how it looks at a given time.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::event::{LogEvent, Position};
use super::kept::{Kept, LogLine};
use super::reading::{Reading, Streams};
use super::source::{LATEST, Source};

const DAY: i64 = 86_400_000;
/// Clients may put lines so far into the future.
const FARTHEST: i64 = 2 * 3_600_000;
/// The longest that one stream is written to.
const LONGEST_STREAM: i64 = 27 * 3_600_000;

/// Times are milliseconds since the epoch throughout.
#[derive(Debug)]
pub(in crate::sandbox) struct Group {
    pub(in crate::sandbox) name: String,
    /// Without `:*`.
    pub(in crate::sandbox) arn: String,
    pub(in crate::sandbox) created: i64,
    pub(in crate::sandbox) class: String,
    /// Makes up lines without end; `None` for a group that has only what is put into it.
    pub(super) source: Option<Source>,
    /// Tells the ids of this group's events from other groups'.
    pub(super) salt: u64,
    pub(super) kept: Mutex<Kept>,
}

/// A stream as of some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sandbox) struct Stream {
    pub(in crate::sandbox) name: Arc<str>,
    pub(in crate::sandbox) created: i64,
    pub(in crate::sandbox) first_event: Option<i64>,
    /// As AWS says it: up to an hour behind.
    pub(in crate::sandbox) last_event: Option<i64>,
    pub(in crate::sandbox) last_ingestion: Option<i64>,
}

impl Stream {
    /// The times outside of which the stream has nothing; wider than it needs to be at its end, of which
    /// nobody is told in time.
    pub(in crate::sandbox) fn reach(&self) -> Range<i64> {
        let first = self.first_event.unwrap_or(self.created);
        let last = self.last_event.unwrap_or(first);
        first..last.saturating_add(LONGEST_STREAM)
    }
}

impl Group {
    pub(super) fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everything that is written into the group with a timestamp in `window`, in order of time, whether
    /// anybody can read it yet or not. Nothing is kept in memory beyond a few thousand events.
    pub(in crate::sandbox) fn written(&self, window: Range<i64>, streams: Streams) -> Reading<'_> {
        Reading::new(self, window, streams, i64::MAX)
    }

    /// The events that can be read at `now`, with a timestamp in `window`, in order of time.
    pub(in crate::sandbox) fn readable(
        &self,
        window: Range<i64>,
        streams: Streams,
        now: i64,
    ) -> impl Iterator<Item = LogEvent> + '_ {
        let oldest = self.oldest(now);
        // Nothing arrives before it happens; clients may still have put lines with times to come.
        Reading::new(self, window.start.max(oldest)..window.end, streams, now + 1)
            .filter(move |event| event.ingestion <= now)
    }

    /// The events that became readable in `window`, in the order of arrival: what Live Tail sends.
    pub(in crate::sandbox) fn arrived(&self, window: &Range<i64>) -> Vec<LogEvent> {
        let mut events: Vec<LogEvent> = match &self.source {
            Some(source) => source
                .lines(&(window.start - LATEST..window.end), &Streams::All)
                .into_iter()
                .filter(|event| window.contains(&event.ingestion))
                .collect(),
            None => Vec::new(),
        };
        events.extend(self.kept().arrived(window));
        events.sort_by_key(|event| (event.ingestion, event.position()));
        events
    }

    /// Events before a place, at most `most`, oldest first.
    pub(in crate::sandbox) fn readable_before(
        &self,
        end: Position,
        streams: &Streams,
        (floor, now): (i64, i64),
        most: usize,
    ) -> Vec<LogEvent> {
        let floor = floor.max(self.oldest(now));
        let mut events: Vec<LogEvent> = Vec::new();
        let mut until = end.timestamp.min(now + FARTHEST).saturating_add(1);
        let mut span = 60_000;
        while events.len() < most && until > floor {
            let from = until.saturating_sub(span).max(floor);
            let mut earlier: Vec<LogEvent> = self
                .readable(from..until, streams.clone(), now)
                .filter(|event| event.position() < end)
                .collect();
            earlier.append(&mut events);
            events = earlier;
            until = from;
            span = (span * 2).min(DAY);
        }
        events.drain(..events.len().saturating_sub(most));
        events
    }

    /// Before this everything is gone, or has not been.
    pub(in crate::sandbox) fn oldest(&self, now: i64) -> i64 {
        match self.retention() {
            Some(days) => now - days * DAY,
            None => i64::MIN,
        }
    }

    /// In days.
    pub(in crate::sandbox) fn retention(&self) -> Option<i64> {
        self.kept().retention
    }

    pub(in crate::sandbox) fn keep_for(&self, days: i64) {
        self.kept().retention = Some(days);
    }

    pub(in crate::sandbox) fn stored_bytes(&self, now: i64) -> i64 {
        let kept = self.kept().bytes;
        let from = self.created.max(self.oldest(now));
        kept + self
            .source
            .as_ref()
            .map_or(0, |source| source.bytes(from, now))
    }

    /// Puts lines into a stream, which is made if it is not there.
    pub(in crate::sandbox) fn put(&self, stream: &str, lines: &[LogLine]) {
        let mut kept = self.kept();
        for line in lines {
            kept.add(self.salt, stream, line);
        }
    }

    /// Makes an empty stream; `false` if there is one of that name.
    pub(in crate::sandbox) fn make_stream(&self, name: &str, now: i64) -> bool {
        if self.stream(name, now).is_some() {
            return false;
        }
        self.kept().make_stream(name, now);
        true
    }

    /// The streams as they look now, by name; of those that are made up, the last two weeks'.
    pub(in crate::sandbox) fn streams(&self, wanted: &Streams, now: i64) -> Vec<Stream> {
        let put = self.kept().streams(wanted, now);
        let mut streams: BTreeMap<Arc<str>, Stream> = match &self.source {
            Some(source) => {
                let from = self.created.max(self.oldest(now));
                let made_up = source.streams(from, now, wanted);
                made_up
                    .map(|stream| (Arc::clone(&stream.name), stream))
                    .collect()
            }
            None => BTreeMap::new(),
        };
        streams.extend(put.map(|stream| (Arc::clone(&stream.name), stream)));
        streams.into_values().collect()
    }

    /// One stream as it looks now.
    pub(in crate::sandbox) fn stream(&self, name: &str, now: i64) -> Option<Stream> {
        self.streams(&Streams::Named(vec![name.to_owned()]), now)
            .pop()
    }
}
