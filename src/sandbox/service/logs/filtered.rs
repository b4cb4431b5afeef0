//! `FilterLogEvents`: the events of a group in order of time, a page at a time.
//!
//! As with AWS, a page may be empty although more follow, and where the scenario says so an event may come
//! again on the next page.

use std::ops::Range;

use super::ask::{group, invalid, limit, missing, now, time};
use super::filter::Pattern;
use super::token::{Token, fingerprint};
use super::{Answer, Call};
use crate::sandbox::service::Refused;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::logs::{Group, LogEvent, Position, Streams};
use crate::sandbox::world::random::Dice;

const MOST_EVENTS: usize = 10_000;
/// Bytes of messages on one page.
const PAGE_BYTES: usize = 1_048_576;
/// How many events are looked at for one page: a rare word is not searched through a year in one request.
const MOST_SCANNED: usize = 40_000;
/// How far back a page looks for what it repeats, in milliseconds.
const REPEATED: i64 = 5_000;

/// What is asked for.
struct Search {
    window: Range<i64>,
    streams: Streams,
    pattern: Pattern,
    most: usize,
    order: Order,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    OldestFirst,
    /// `startFromHead` was sent, and false. A page then begins before its token's place.
    NewestFirst,
}

pub(super) fn filter(call: &Call<'_>) -> Answer {
    let group = group(call)?;
    let search = search(call, &group)?;
    let fingerprint = fingerprint(call);
    let first = match search.order {
        Order::OldestFirst => search.window.start,
        Order::NewestFirst => search.window.end,
    };
    let token = Token::of(call, fingerprint)?.unwrap_or(Token {
        from: Position::at(first),
        page: 0,
    });
    let (events, next) = match search.order {
        _ if is_empty(call, fingerprint, token) => (Vec::new(), Some(token.from)),
        Order::OldestFirst => page(call, &group, &search, token),
        Order::NewestFirst => page_back(call, &group, &search, token.from),
    };
    let next = next.map(|from| {
        let page = token.page + 1;
        Token { from, page }.written(fingerprint, now(call))
    });
    Ok(Map::new()
        .with("events", events.iter().map(described).collect::<Value>())
        .with("searchedLogStreams", Value::List(Vec::new()))
        .with_some("nextToken", next))
}

fn search(call: &Call<'_>, group: &Group) -> Result<Search, Refused> {
    let names = call.input.texts("logStreamNames");
    let prefix = call.input.text("logStreamNamePrefix");
    let streams = match (names.is_empty(), prefix) {
        (true, None) => Streams::All,
        (true, Some(prefix)) => Streams::Prefixed(prefix.into_owned()),
        (false, None) => Streams::Named(names),
        (false, Some(_)) => {
            return Err(invalid(
                "logStreamNames and logStreamNamePrefix are mutually exclusive parameters.",
            ));
        }
    };
    let start = time(call, "startTime")?.unwrap_or(0);
    // Unlike elsewhere, the end belongs to the range.
    let end = time(call, "endTime")?.map_or(i64::MAX, |end| end.saturating_add(1));
    if end <= start {
        return Err(invalid("The start time must not be after the end time."));
    }
    let pattern = call.input.text("filterPattern").unwrap_or_default();
    let (start, end) = within(call, group, &streams, (start, end))?;
    Ok(Search {
        window: start..end,
        streams,
        pattern: Pattern::parse(&pattern).map_err(invalid)?,
        most: limit(call, MOST_EVENTS)?,
        order: match call.input.get("startFromHead") {
            Some(Value::Bool(false)) => Order::NewestFirst,
            Some(_) | None => Order::OldestFirst,
        },
    })
}

/// The part of a window in which the streams asked for were written to.
fn within(
    call: &Call<'_>,
    group: &Group,
    streams: &Streams,
    (start, end): (i64, i64),
) -> Result<(i64, i64), Refused> {
    if *streams == Streams::All {
        return Ok((start, end));
    }
    let found = group.streams(streams, now(call));
    if let Streams::Named(names) = streams
        && found.len() < names.len()
    {
        return Err(missing("stream"));
    }
    let first = found.iter().map(|stream| stream.reach().start).min();
    let last = found.iter().map(|stream| stream.reach().end).max();
    Ok((
        start.max(first.unwrap_or(end)),
        end.min(last.unwrap_or(end)),
    ))
}

/// Whether this page is one of those that hold nothing; every fourth does hold something.
fn is_empty(call: &Call<'_>, fingerprint: u64, token: Token) -> bool {
    let share = call.world.logs.plan.empty_pages;
    let number = token.from.timestamp ^ i64::try_from(token.page).unwrap_or(0);
    token.page % 4 != 3 && Dice::numbered(fingerprint, number).falls_below(share)
}

/// The events of a page, and where the next one begins.
fn page(
    call: &Call<'_>,
    group: &Group,
    search: &Search,
    token: Token,
) -> (Vec<LogEvent>, Option<Position>) {
    let mut events = Vec::new();
    if token.page > 0 {
        repeat(call, group, search, token.from, &mut events);
    }
    let mut bytes = 0;
    let window = token.from.timestamp.max(search.window.start)..search.window.end;
    let readable = group.readable(window, search.streams.clone(), now(call));
    let ahead = readable.skip_while(|event| event.position() < token.from);
    for (scanned, event) in ahead.enumerate() {
        let place = event.position();
        if scanned >= MOST_SCANNED || events.len() >= search.most {
            return (events, Some(place));
        }
        if !search.pattern.matches(&event.message) {
            continue;
        }
        bytes += event.message.len();
        if bytes > PAGE_BYTES && bytes > event.message.len() {
            return (events, Some(place));
        }
        events.push(event);
    }
    (events, None)
}

/// The same from the newest on. Looked at in batches, as streams of events run one way only.
fn page_back(
    call: &Call<'_>,
    group: &Group,
    search: &Search,
    from: Position,
) -> (Vec<LogEvent>, Option<Position>) {
    const BATCH: usize = 1_000;
    let (mut events, mut bytes, mut place) = (Vec::new(), 0, from);
    for _ in 0..MOST_SCANNED / BATCH {
        let within = (search.window.start, now(call));
        let batch = group.readable_before(place, &search.streams, within, BATCH);
        let last = batch.len() < BATCH;
        for event in batch.into_iter().rev() {
            if events.len() >= search.most {
                return (events, Some(place));
            }
            if search.pattern.matches(&event.message) {
                bytes += event.message.len();
                if bytes > PAGE_BYTES && bytes > event.message.len() {
                    return (events, Some(place));
                }
                place = event.position();
                events.push(event);
            } else {
                place = event.position();
            }
        }
        if last {
            return (events, None);
        }
    }
    (events, Some(place))
}

/// Puts some of what earlier pages held onto this one again.
fn repeat(
    call: &Call<'_>,
    group: &Group,
    search: &Search,
    from: Position,
    events: &mut Vec<LogEvent>,
) {
    let share = call.world.logs.plan.duplicates;
    if share <= 0.0 {
        return;
    }
    let window =
        (from.timestamp - REPEATED).max(search.window.start)..from.timestamp.saturating_add(1);
    let earlier = group.readable(window, search.streams.clone(), now(call));
    let chosen = earlier
        .take_while(|event| event.position() < from)
        .filter(|event| Dice::numbered(event.key, 1).falls_below(share))
        .filter(|event| search.pattern.matches(&event.message));
    events.extend(chosen.take(search.most / 2));
}

fn described(event: &LogEvent) -> Map {
    Map::new()
        .with("logStreamName", event.stream.as_ref())
        .with("timestamp", event.timestamp)
        .with("message", event.message.as_ref())
        .with("ingestionTime", event.ingestion)
        .with("eventId", event.id())
}
