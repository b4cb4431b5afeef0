//! A window of a group, read in order of time.
//!
//! What is made up and what was put are merged a chunk at a time, so that a window of a year costs no more
//! than what is taken from it.

use std::ops::Range;
use std::vec;

use super::event::LogEvent;
use super::group::Group;

/// Which streams of a group are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Streams {
    All,
    Named(Vec<String>),
    Prefixed(String),
}

impl Streams {
    pub(in crate::sandbox) fn include(&self, name: &str) -> bool {
        match self {
            Streams::All => true,
            Streams::Named(names) => names.iter().any(|known| known == name),
            Streams::Prefixed(prefix) => name.starts_with(prefix.as_str()),
        }
    }
}

/// About how many events are made at once.
pub(super) const CHUNK: usize = 4_096;

/// Events in order of time; ends with its window.
#[derive(Debug)]
pub(in crate::sandbox) struct Reading<'g> {
    group: &'g Group,
    /// What has not been read.
    rest: Range<i64>,
    streams: Streams,
    /// From here on nothing needs to be made up.
    until: i64,
    ready: vec::IntoIter<LogEvent>,
}

impl<'g> Reading<'g> {
    pub(super) fn new(
        group: &'g Group,
        window: Range<i64>,
        streams: Streams,
        until: i64,
    ) -> Reading<'g> {
        let start = match &group.source {
            Some(source) => window.start.max(source.began().min(group.kept().first())),
            None => window.start.max(group.kept().first()),
        };
        Reading {
            group,
            rest: start..window.end,
            streams,
            until,
            ready: Vec::new().into_iter(),
        }
    }

    /// Reads the next chunk; the window shrinks by at least a millisecond.
    fn refill(&mut self) {
        let start = self.rest.start;
        let source = self.group.source.as_ref().filter(|_| start < self.until);
        let mut end = self.rest.end;
        if let Some(source) = source {
            let chunk = start.saturating_add(source.span_of(CHUNK));
            end = end.min(chunk).min(self.until);
        }
        let mut events = self.group.kept().within(&(start..end), CHUNK);
        if events.len() >= CHUNK {
            let last = events.last().map_or(end, |event| event.timestamp + 1);
            end = end.min(last);
        }
        events.retain(|event| self.streams.include(&event.stream));
        if let Some(source) = source {
            events.extend(source.lines(&(start..end), &self.streams));
            events.sort_by_key(LogEvent::position);
        }
        self.rest.start = end;
        self.ready = events.into_iter();
    }
}

impl Iterator for Reading<'_> {
    type Item = LogEvent;

    fn next(&mut self) -> Option<LogEvent> {
        loop {
            if let Some(event) = self.ready.next() {
                return Some(event);
            }
            if self.rest.is_empty() {
                return None;
            }
            self.refill();
        }
    }
}
