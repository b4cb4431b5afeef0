//! Reads a page of events out of its JSON: each text is copied once, into the page's own.
//!
//! Strings are read as bytes, because what a program logged need not be text: half of a surrogate pair (`\ud83d`) or
//! a stray byte becomes U+FFFD, and its line is there all the same. Where an event is broken beyond that, the others
//! are read one by one and it is counted.

use super::EventsPage;
use crate::domain::LogEvents;
use crate::domain::log::Millis;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// What every event has once; inside a text its quotes would be escaped.
const TIME: &[u8] = b"\"timestamp\"";

/// Reads a page; `None` when it is not one, or ends before its end.
pub(super) fn read(json: &[u8]) -> Option<EventsPage> {
    let mut page = EventsPage::default();
    // About half of the JSON is names and punctuation.
    page.events.reserve(json.len() / 300, json.len() * 3 / 4);
    let mut reader = serde_json::Deserializer::from_slice(json);
    match Whole(&mut page).deserialize(&mut reader) {
        Ok(has_events) if reader.end().is_ok() => has_events.then_some(page),
        Ok(_) | Err(_) => piecewise(json),
    }
}

/// The answer's object; tells whether it has events, be they none.
struct Whole<'p>(&'p mut EventsPage);

/// The array of events.
struct Events<'p>(&'p mut LogEvents, &'p mut Scratch);

/// One event.
struct Event<'p>(&'p mut LogEvents, &'p mut Scratch);

/// A text that need not be one, by itself.
#[derive(Debug, Default)]
pub(super) struct Lenient(pub(super) String);

/// A text that need not be one.
struct Text<'p>(&'p mut String);

/// The parts of an event, which come in any order; one allocation for all events.
#[derive(Default)]
struct Scratch {
    stream: String,
    message: String,
    id: String,
}

impl<'de> DeserializeSeed<'de> for Whole<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<bool, D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Whole<'_> {
    type Value = bool;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a page of events")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        let mut scratch = Scratch::default();
        let mut has_events = false;
        while let Some(name) = map.next_key::<Name>()? {
            match name {
                Name::Events => {
                    has_events = true;
                    map.next_value_seed(Events(&mut self.0.events, &mut scratch))?;
                }
                Name::NextToken => self.0.next = map.next_value()?,
                _ => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(has_events)
    }
}

impl<'de> DeserializeSeed<'de> for Events<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Events<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("events")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(Event(self.0, self.1))?.is_some() {}
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Event<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Event<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an event")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Event(events, scratch) = self;
        scratch.clear();
        let (mut time, mut ingested) = (None::<Millis>, None::<Millis>);
        while let Some(name) = map.next_key::<Name>()? {
            match name {
                Name::Timestamp => time = map.next_value()?,
                Name::IngestionTime => ingested = map.next_value()?,
                Name::Stream => map.next_value_seed(Text(&mut scratch.stream))?,
                Name::Message => map.next_value_seed(Text(&mut scratch.message))?,
                Name::EventId => map.next_value_seed(Text(&mut scratch.id))?,
                Name::Events | Name::NextToken | Name::Other => {
                    _ = map.next_value::<IgnoredAny>()?;
                }
            }
        }
        let time = time.ok_or_else(|| A::Error::missing_field("timestamp"))?;
        let times = (time, ingested.unwrap_or(time));
        events.push(&scratch.stream, times, &scratch.id, &scratch.message);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Text<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_bytes(self)
    }
}

impl Visitor<'_> for Text<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("text")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<(), E> {
        match std::str::from_utf8(bytes) {
            Ok(text) => self.0.push_str(text),
            // A half surrogate is three bytes, and would be three signs for one character.
            Err(_) => self.0.push_str(&mended(bytes)),
        }
        Ok(())
    }
}

impl<'de> serde::Deserialize<'de> for Lenient {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        let mut text = String::new();
        Text(&mut text).deserialize(json)?;
        Ok(Self(text))
    }
}

impl Scratch {
    fn clear(&mut self) {
        self.stream.clear();
        self.message.clear();
        self.id.clear();
    }
}

/// Text with U+FFFD for each thing that is none.
fn mended(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        let is_rest_of_surrogate = text.ends_with('\u{fffd}')
            && chunk.valid().is_empty()
            && matches!(chunk.invalid(), [0x80..=0xbf]);
        if !chunk.invalid().is_empty() && !is_rest_of_surrogate {
            text.push('\u{fffd}');
        }
    }
    text
}

/// The names of members that are looked at.
enum Name {
    Events,
    NextToken,
    Timestamp,
    IngestionTime,
    Stream,
    Message,
    EventId,
    Other,
}

impl<'de> serde::Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        struct Names;
        impl Visitor<'_> for Names {
            type Value = Name;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a name")
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<Name, E> {
                Ok(match name {
                    "events" => Name::Events,
                    "nextToken" => Name::NextToken,
                    "timestamp" => Name::Timestamp,
                    "ingestionTime" => Name::IngestionTime,
                    "logStreamName" => Name::Stream,
                    "message" => Name::Message,
                    "eventId" => Name::EventId,
                    _ => Name::Other,
                })
            }
        }
        json.deserialize_identifier(Names)
    }
}

/// Reads what can be read of a page that is broken somewhere inside; `None` when its end is not there.
fn piecewise(json: &[u8]) -> Option<EventsPage> {
    let mut page = EventsPage::default();
    let mut scratch = Scratch::default();
    // What is left of the answer without its events still has the token.
    let mut frame = Vec::new();
    let mut depth = 0_u32;
    let mut began = None;
    let mut at = 0;
    while let Some(&byte) = json.get(at) {
        let end = if byte == b'"' {
            end_of_string(json, at)?
        } else {
            at + 1
        };
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        match (byte, depth) {
            // An event begins inside the object and its array.
            (b'{', 3) => began = Some(at),
            (b'}', 2) => {
                let event = json.get(began.take()?..end)?;
                let mut reader = serde_json::Deserializer::from_slice(event);
                if Event(&mut page.events, &mut scratch)
                    .deserialize(&mut reader)
                    .is_err()
                {
                    // A string without its end swallows what follows, and a second one gives the rest back: that
                    // looks like one event and is many.
                    if memchr::memmem::find_iter(event, TIME).nth(1).is_some() {
                        return None;
                    }
                    page.unreadable.push(time_in(event));
                }
            }
            (b',', 2) => {}
            _ if began.is_none() => frame.extend_from_slice(json.get(at..end)?),
            _ => {}
        }
        at = end;
    }
    let frame: serde_json::Value = serde_json::from_slice(&frame).ok()?;
    page.next = frame
        .get("nextToken")
        .and_then(|token| token.as_str())
        .map(str::to_owned);
    frame.get("events").map(|_| page)
}

/// Behind the quote that ends the string which begins at `at`.
fn end_of_string(json: &[u8], at: usize) -> Option<usize> {
    let mut at = at + 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', json.get(at..)?)?;
        match json.get(at)? {
            b'"' => return Some(at + 1),
            _ => at += 2,
        }
    }
}

/// The time of an event that cannot be read, if that part of it can.
fn time_in(event: &[u8]) -> Option<Millis> {
    let at = memchr::memmem::find(event, TIME)? + TIME.len();
    let digits = event
        .get(at..)?
        .iter()
        .skip_while(|byte| matches!(byte, b' ' | b':'))
        .take_while(|byte| byte.is_ascii_digit());
    let digits: Vec<u8> = digits.copied().collect();
    std::str::from_utf8(&digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(page: &EventsPage) -> Vec<&str> {
        page.events.iter().map(|event| event.exact()).collect()
    }

    #[test]
    fn a_page_is_read_with_members_in_any_order() {
        let json = br#"{"searchedLogStreams":[{"logStreamName":"x","searchedCompletely":true}],"nextToken":"n",
            "events":[{"eventId":"7","message":"a\nb \"c\" \u00fc","logStreamName":"s","timestamp":5,"ingestionTime":6},
                      {"timestamp":7,"message":"second","new":{"deep":[1]},"logStreamName":"s","eventId":"8"}]}"#;
        let page = read(json).unwrap();
        assert_eq!(page.next.as_deref(), Some("n"));
        assert_eq!(messages(&page), ["a\nb \"c\" ü", "second"]);
        let first = page.events.get(0).unwrap();
        assert_eq!(
            (first.time, first.ingested, first.id, first.stream.exact()),
            (5, 6, "7", "s")
        );
        assert_eq!(page.events.get(1).unwrap().ingested, 7);
        assert!(page.unreadable.is_empty());
    }

    #[test]
    fn half_a_character_does_not_cost_the_page() {
        let json = b"{\"events\":[{\"timestamp\":1,\"message\":\"half \\ud83d!\"},{\"timestamp\":2,\"message\":\"raw \xff\"}]}";
        let page = read(json).unwrap();
        assert_eq!(messages(&page), ["half \u{fffd}!", "raw \u{fffd}"]);
    }

    #[test]
    fn one_broken_event_is_counted_and_the_others_are_read() {
        let json = br#"{"events":[{"timestamp":1,"message":"one"},{"timestamp": 22,"message":"bad \x"},{"message":"no time"},
            {"timestamp":4,"message":"four } ] \" {"}],"nextToken":"on"}"#;
        let page = read(json).unwrap();
        assert_eq!(messages(&page), ["one", "four } ] \" {"]);
        assert_eq!(page.unreadable, [Some(22), None]);
        assert_eq!(page.next.as_deref(), Some("on"));
    }

    #[test]
    fn two_broken_events_do_not_swallow_what_is_between_them() {
        let event = |number: u32, message: &str| {
            format!(r#"{{"eventId":"{number}","message":"{message}","timestamp":{number}}}"#)
        };
        for (broken, is_page) in [(r#"a " b"#, false), (r"a \x b", true)] {
            let events = [event(1, broken), event(2, "between"), event(3, broken)].join(",");
            let page = read(format!(r#"{{"events":[{events}]}}"#).as_bytes());
            assert_eq!(page.is_some(), is_page, "{broken}");
        }
    }

    #[test]
    fn a_page_without_its_end_is_no_page() {
        for json in [
            &br#"{"events":[{"timestamp":1,"message":"one"},{"timestamp":2,"mess"#[..],
            br#"{"events":[{"timestamp":1,"message":"one"}]"#,
            b"<html>",
            b"{}",
            b"",
        ] {
            assert_eq!(read(json), None, "{}", String::from_utf8_lossy(json));
        }
    }
}
