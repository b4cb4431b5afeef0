//! Many events in few allocations.
//!
//! A page of ten thousand events is one string and one list. Nothing is allocated per event, and an event is looked
//! at where it lies.

use super::Millis;
use crate::domain::Untrusted;
use crate::domain::untrusted::sanitise;
use std::borrow::Cow;

/// Events of one source, in the order in which they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogEvents {
    /// Id and message of each event, end to end.
    text: String,
    entries: Vec<Entry>,
    /// The streams that the entries count.
    streams: Vec<Untrusted>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    time: Millis,
    ingested: Millis,
    at: u32,
    id: u32,
    message: u32,
    stream: u32,
}

/// One event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogEvent<'a> {
    /// When it happened, as its writer says.
    pub time: Millis,
    /// When CloudWatch took it in.
    pub ingested: Millis,
    pub stream: &'a Untrusted,
    /// CloudWatch's id, unique in a group; empty where it gives none (Live Tail).
    pub id: &'a str,
    message: &'a str,
}

impl<'a> LogEvent<'a> {
    /// The message, byte for byte as AWS sent it: for filters and for JSON, never for a terminal.
    pub fn exact(&self) -> &'a str {
        self.message
    }

    /// The message on one line, harmless to a terminal.
    pub fn safe(&self) -> Cow<'a, str> {
        sanitise(self.message)
    }
}

impl LogEvents {
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Bytes of text, ids included.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    /// The event at `index`.
    pub fn get(&self, index: usize) -> Option<LogEvent<'_>> {
        self.entries.get(index).map(|entry| self.event(entry))
    }

    /// The events in their order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = LogEvent<'_>> + ExactSizeIterator {
        self.entries.iter().map(|entry| self.event(entry))
    }

    /// Makes room for a page whose texts take this many bytes.
    pub fn reserve(&mut self, events: usize, bytes: usize) {
        self.entries.reserve(events);
        self.text.reserve(bytes);
    }

    /// Adds an event at the end. Texts beyond 4 GiB have no place in one page and are left out.
    pub fn push(&mut self, stream: &str, times: (Millis, Millis), id: &str, message: &str) {
        let (Ok(at), Ok(id_length), Ok(length)) = (
            u32::try_from(self.text.len()),
            u32::try_from(id.len()),
            u32::try_from(message.len()),
        ) else {
            return;
        };
        let stream = self.stream(stream);
        self.text.push_str(id);
        self.text.push_str(message);
        self.entries.push(Entry {
            time: times.0,
            ingested: times.1,
            at,
            id: id_length,
            message: length,
            stream,
        });
    }

    /// Keeps the events that fit; the text of the others stays until all go.
    pub fn retain(&mut self, mut fits: impl FnMut(LogEvent<'_>) -> bool) {
        let mut entries = std::mem::take(&mut self.entries);
        entries.retain(|entry| fits(self.event(entry)));
        self.entries = entries;
    }

    /// Puts the events in the order of their times; those of one time stay as they came.
    pub fn sort(&mut self) {
        if !self.entries.is_sorted_by_key(|entry| entry.time) {
            self.entries.sort_by_key(|entry| entry.time);
        }
    }

    /// Neighbours are mostly of one stream, so the last is looked at first.
    fn stream(&mut self, name: &str) -> u32 {
        let known = self
            .streams
            .iter()
            .rposition(|stream| stream.exact() == name);
        let index = known.unwrap_or_else(|| {
            self.streams.push(Untrusted::from(name));
            self.streams.len() - 1
        });
        u32::try_from(index).unwrap_or(u32::MAX)
    }

    fn event(&self, entry: &Entry) -> LogEvent<'_> {
        let at = entry.at as usize;
        let (id, end) = (
            at + entry.id as usize,
            at + entry.id as usize + entry.message as usize,
        );
        LogEvent {
            time: entry.time,
            ingested: entry.ingested,
            stream: &self.streams[entry.stream as usize],
            id: self.text.get(at..id).unwrap_or_default(),
            message: self.text.get(id..end).unwrap_or_default(),
        }
    }
}

impl AsRef<LogEvents> for LogEvents {
    fn as_ref(&self) -> &LogEvents {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_back_as_they_were_put() {
        let mut events = LogEvents::default();
        events.push("a", (2, 20), "1", "zwei \u{1b}[2J");
        events.push("b", (1, 10), "", "eins");
        events.push("a", (2, 21), "3", "");
        events.sort();
        let seen: Vec<_> = events
            .iter()
            .map(|event| (event.time, event.stream.exact(), event.id, event.exact()))
            .collect();
        assert_eq!(
            seen,
            [
                (1, "b", "", "eins"),
                (2, "a", "1", "zwei \u{1b}[2J"),
                (2, "a", "3", "")
            ]
        );
        assert_eq!(events.get(1).unwrap().safe(), "zwei ␛[2J");
        events.retain(|event| event.id != "1");
        assert_eq!(events.len(), 2);
    }
}
