//! What clients and tests have put into a group, beside what is made up.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;
use std::vec;

use super::event::{LogEvent, Position};
use super::group::Stream;
use super::reading::Streams;

/// Events in order, found by time and by arrival; the streams they are in; what else clients can change.
#[derive(Debug, Default)]
pub(super) struct Kept {
    events: BTreeMap<Position, LogEvent>,
    /// Ingestion time and place of each: one second's arrivals must not cost a walk over all.
    arrivals: BTreeSet<(i64, Position)>,
    streams: BTreeMap<Arc<str>, KeptStream>,
    pub(super) retention: Option<i64>,
    pub(super) bytes: i64,
    count: u64,
}

/// Times are milliseconds since the epoch.
#[derive(Clone, Debug, Default)]
struct KeptStream {
    created: i64,
    /// The first and the last timestamp.
    span: Option<(i64, i64)>,
    last_ingestion: Option<i64>,
}

/// Above every key that is made up.
const PUT: u64 = 1 << 63;

impl Kept {
    /// Nothing yet, for so many days.
    pub(super) fn with_retention(retention: Option<i64>) -> Kept {
        Kept {
            retention,
            ..Kept::default()
        }
    }

    /// Adds an event. `salt` tells the keys of one group from another's.
    pub(super) fn add(&mut self, salt: u64, stream: &str, line: &LogLine) {
        let stream: Arc<str> = match self.streams.get_key_value(stream) {
            Some((name, _)) => Arc::clone(name),
            None => stream.into(),
        };
        let event = LogEvent {
            timestamp: line.timestamp,
            ingestion: line.ingestion,
            key: PUT | (salt & 0x7fff_ffff) << 32 | self.count,
            stream: Arc::clone(&stream),
            message: line.message.as_str().into(),
        };
        self.count += 1;
        let size = i64::try_from(line.message.len()).unwrap_or(0) + EVENT_OVERHEAD;
        self.bytes += size;
        let known = self.streams.entry(stream).or_insert_with(|| KeptStream {
            created: line.ingestion,
            ..KeptStream::default()
        });
        let (first, last) = known.span.unwrap_or((line.timestamp, line.timestamp));
        known.span = Some((first.min(line.timestamp), last.max(line.timestamp)));
        known.last_ingestion = known.last_ingestion.max(Some(line.ingestion));
        self.arrivals.insert((event.ingestion, event.position()));
        self.events.insert(event.position(), event);
    }

    pub(super) fn make_stream(&mut self, name: &str, now: i64) {
        let stream = KeptStream {
            created: now,
            ..KeptStream::default()
        };
        self.streams.insert(name.into(), stream);
    }

    pub(super) fn streams(&self, wanted: &Streams, now: i64) -> vec::IntoIter<Stream> {
        let found = self.streams.iter().filter(|(name, _)| wanted.include(name));
        let found: Vec<Stream> = found
            .map(|(name, kept)| Stream {
                name: Arc::clone(name),
                created: kept.created,
                first_event: kept.span.map(|(first, _)| first),
                last_event: kept.span.map(|(_, last)| last),
                last_ingestion: kept.last_ingestion.map(|last| last.min(now)),
            })
            .collect();
        found.into_iter()
    }

    /// Events with a timestamp in the window, in order, at most `most` and then the rest of the last
    /// one's millisecond.
    pub(super) fn within(&self, window: &Range<i64>, most: usize) -> Vec<LogEvent> {
        let mut events: Vec<LogEvent> = Vec::new();
        if window.is_empty() {
            return events;
        }
        for (place, event) in self
            .events
            .range(Position::at(window.start)..Position::at(window.end))
        {
            let full = events.len() >= most;
            if full
                && events
                    .last()
                    .is_some_and(|last| last.timestamp < place.timestamp)
            {
                break;
            }
            events.push(event.clone());
        }
        events
    }

    /// The first timestamp; nothing is before it.
    pub(super) fn first(&self) -> i64 {
        let first = self.events.first_key_value();
        first.map_or(i64::MAX, |(place, _)| place.timestamp)
    }

    /// Events that arrived in the window, in the order of arrival.
    pub(super) fn arrived(&self, window: &Range<i64>) -> Vec<LogEvent> {
        if window.is_empty() {
            return Vec::new();
        }
        let first = (window.start, Position::at(i64::MIN));
        let last = (window.end, Position::at(i64::MIN));
        self.arrivals
            .range(first..last)
            .filter_map(|(_, place)| self.events.get(place).cloned())
            .collect()
    }
}

/// What AWS adds to a message's bytes when it counts.
const EVENT_OVERHEAD: i64 = 26;

/// A line to be put into a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// When it happened, in milliseconds since the epoch.
    pub timestamp: i64,
    /// When it can first be read, in milliseconds since the epoch; may lie in the sandbox's future.
    pub ingestion: i64,
    pub message: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(timestamp: i64, ingestion: i64) -> LogLine {
        LogLine {
            timestamp,
            ingestion,
            message: format!("{timestamp}"),
        }
    }

    #[test]
    fn what_is_put_is_found_by_time_and_by_arrival() {
        let mut kept = Kept::default();
        for (timestamp, ingestion) in [(30, 31), (10, 90), (20, 21), (20, 22)] {
            kept.add(7, "s", &line(timestamp, ingestion));
        }
        let times = |events: &[LogEvent]| -> Vec<(i64, i64)> {
            events
                .iter()
                .map(|event| (event.timestamp, event.ingestion))
                .collect()
        };
        assert_eq!(
            times(&kept.within(&(10..30), 9)),
            [(10, 90), (20, 21), (20, 22)]
        );
        assert_eq!(
            times(&kept.within(&(0..99), 2)),
            [(10, 90), (20, 21), (20, 22)]
        );
        assert_eq!(
            times(&kept.arrived(&(22..91))),
            [(20, 22), (30, 31), (10, 90)]
        );
        assert_eq!(kept.streams["s"].span, Some((10, 30)));
    }
}
