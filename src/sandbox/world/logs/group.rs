//! A log group: what it is called, where its lines come from, and how it looks at a given time.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::event::{LogEvent, Position};
use super::kept::{EVENT_OVERHEAD, Kept, KeptStream, LogLine};
use super::reading::{Reading, Streams};
use super::source::Source;

const DAY: i64 = 86_400_000;

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

impl Group {
    pub(super) fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everything that is written into the group with a timestamp in `window`, in order of time, whether
    /// anybody can read it yet or not. Nothing is kept in memory beyond a few thousand events.
    pub(in crate::sandbox) fn written(&self, window: Range<i64>, streams: Streams) -> Reading<'_> {
        Reading::new(self, window, streams)
    }

    /// The events that can be read at `now`, with a timestamp in `window`, in order of time.
    pub(in crate::sandbox) fn readable(
        &self,
        window: Range<i64>,
        streams: Streams,
        now: i64,
    ) -> impl Iterator<Item = LogEvent> + '_ {
        let oldest = self.oldest(now);
        self.written(window.start.max(oldest)..window.end, streams)
            .filter(move |event| event.ingestion <= now)
    }

    /// The events that became readable in `window`, in the order of arrival: what Live Tail sends.
    pub(in crate::sandbox) fn arrived(&self, window: &Range<i64>) -> Vec<LogEvent> {
        let mut events: Vec<LogEvent> = match &self.source {
            Some(source) => source
                .lines(&(window.start - source.latest()..window.end), &Streams::All)
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
        let mut until = end.timestamp.min(now).saturating_add(1);
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
        let stream = KeptStream {
            created: now,
            ..KeptStream::default()
        };
        self.kept().streams.insert(name.into(), stream);
        true
    }

    /// The names of all streams, from the newest month; asking for one costs more than its name.
    pub(in crate::sandbox) fn stream_names(&self, now: i64) -> BTreeSet<Arc<str>> {
        let mut names: BTreeSet<Arc<str>> = self.kept().streams.keys().cloned().collect();
        if let Some(source) = &self.source {
            let from = self.created.max(self.oldest(now));
            names.extend(source.stream_names(from, now));
        }
        names
    }

    /// One stream as it looks now.
    pub(in crate::sandbox) fn stream(&self, name: &str, now: i64) -> Option<Stream> {
        let put = self
            .kept()
            .streams
            .get_key_value(name)
            .map(|(name, kept)| Stream {
                name: Arc::clone(name),
                created: kept.created,
                first_event: kept.span.map(|(first, _)| first),
                last_event: kept.span.map(|(_, last)| last),
                last_ingestion: kept.last_ingestion.map(|last| last.min(now)),
            });
        put.or_else(|| self.source.as_ref()?.stream(name, now))
    }

    /// About how many bytes an event takes with its times.
    pub(in crate::sandbox) fn weight(event: &LogEvent) -> i64 {
        i64::try_from(event.message.len()).unwrap_or(0) + EVENT_OVERHEAD
    }
}
