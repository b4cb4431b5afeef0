//! `GetLogEvents`: one stream, read in either direction.
//!
//! A token says the direction and an event: `f/<id>/s` goes on after it, `b/<id>/s` before it. At an end the
//! token that was sent comes back; that is how a client knows.

use super::ask::{group, invalid, limit, missing, now, required, time};
use super::{Answer, Call};
use crate::sandbox::service::Refused;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::logs::{Group, LogEvent, Position, Streams};

const MOST_EVENTS: usize = 10_000;
/// Bytes of messages on one page.
const PAGE_BYTES: usize = 1_048_576;

/// Where a page is looked for.
#[derive(Clone, Copy)]
enum Way {
    After(Position),
    Before(Position),
}

pub(super) fn get(call: &Call<'_>) -> Answer {
    let group = group(call)?;
    let stream = required(call, "logStreamName")?;
    let now = now(call);
    let reach = group
        .stream(&stream, now)
        .ok_or_else(|| missing("stream"))?
        .reach();
    let start = time(call, "startTime")?.unwrap_or(0).max(reach.start);
    let end = time(call, "endTime")?.unwrap_or(i64::MAX).min(reach.end);
    let most = limit(call, MOST_EVENTS)?;
    let way = way(call, start, end)?;
    let streams = Streams::Named(vec![stream]);
    let events = match way {
        Way::After(place) => after(&group, place, streams, (end, now), most),
        Way::Before(place) => before(
            &group,
            place.min(Position::at(end)),
            &streams,
            (start, now),
            most,
        ),
    };
    let (forward, backward) = tokens(way, &events, now);
    let page = events.iter().map(|event| {
        Map::new()
            .with("timestamp", event.timestamp)
            .with("message", event.message.as_ref())
            .with("ingestionTime", event.ingestion)
    });
    Ok(Map::new()
        .with("events", page.collect::<Value>())
        .with("nextForwardToken", format!("f/{}/s", forward.id()))
        .with("nextBackwardToken", format!("b/{}/s", backward.id())))
}

fn way(call: &Call<'_>, start: i64, end: i64) -> Result<Way, Refused> {
    let Some(token) = call.input.text("nextToken") else {
        return Ok(if call.input.says("startFromHead") {
            Way::After(Position::at(start).before())
        } else {
            Way::Before(Position::at(end))
        });
    };
    let parts: Vec<&str> = token.split('/').collect();
    let way = match parts.as_slice() {
        ["f", id, "s"] => Position::of_id(id).map(Way::After),
        ["b", id, "s"] => Position::of_id(id).map(Way::Before),
        _ => None,
    };
    way.ok_or_else(|| invalid("The specified nextToken is invalid."))
}

fn after(
    group: &Group,
    place: Position,
    streams: Streams,
    (end, now): (i64, i64),
    most: usize,
) -> Vec<LogEvent> {
    let mut bytes = 0;
    group
        .readable(place.timestamp..end, streams, now)
        .filter(|event| event.position() > place)
        .take(most)
        .take_while(|event| fits(event, &mut bytes))
        .collect()
}

fn before(
    group: &Group,
    place: Position,
    streams: &Streams,
    within: (i64, i64),
    most: usize,
) -> Vec<LogEvent> {
    let mut events = group.readable_before(place, streams, within, most);
    let mut bytes = 0;
    let last = events
        .iter()
        .rev()
        .take_while(|event| fits(event, &mut bytes))
        .count();
    events.drain(..events.len() - last);
    events
}

/// Counts an event; a page takes a megabyte, or one event that is larger.
fn fits(event: &LogEvent, bytes: &mut usize) -> bool {
    *bytes += event.message.len();
    *bytes <= PAGE_BYTES || *bytes == event.message.len()
}

/// Where the next pages are, onwards and back.
fn tokens(way: Way, events: &[LogEvent], now: i64) -> (Position, Position) {
    match (events.first().zip(events.last()), way) {
        (Some((first, last)), _) => (last.position(), first.position()),
        (None, Way::After(place)) => (place, place.next()),
        // Nothing at all yet: what comes next comes after now.
        (None, Way::Before(place)) => (
            place.before().min(Position::at(now)),
            place.min(Position::at(now)),
        ),
    }
}
