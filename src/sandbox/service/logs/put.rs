//! `PutLogEvents`: what a client may put into a stream, and what is turned away.

use super::ask::{constraint, invalid, missing, named, now, required};
use super::{Answer, Call};
use crate::sandbox::service::Refused;
use crate::sandbox::value::Map;
use crate::sandbox::world::logs::{LogLine, Position};

const LARGEST_BATCH: usize = 1_048_576;
/// What AWS adds to a message's bytes when it counts.
const OVERHEAD: usize = 26;
const MOST_EVENTS: usize = 10_000;
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

pub(super) fn put(call: &Call<'_>) -> Answer {
    let group = named(call, &required(call, "logGroupName")?)?;
    let stream = required(call, "logStreamName")?;
    let now = now(call);
    if group.stream(&stream, now).is_none() {
        return Err(missing("stream"));
    }
    let lines = lines(call, now)?;
    let (too_new, too_old) = (now + 2 * HOUR, now - 14 * DAY);
    let expired = group.oldest(now);
    let first_new = lines.iter().position(|line| line.timestamp > too_new);
    let old = lines.iter().filter(|line| line.timestamp < too_old).count();
    let gone = lines.iter().filter(|line| line.timestamp < expired).count();
    let kept: Vec<LogLine> = lines
        .into_iter()
        .filter(|line| (too_old.max(expired)..=too_new).contains(&line.timestamp))
        .collect();
    group.put(&stream, &kept);
    let mut rejected = Map::new();
    for (member, index) in [
        ("tooNewLogEventStartIndex", first_new),
        ("tooOldLogEventEndIndex", Some(old).filter(|old| *old > 0)),
        (
            "expiredLogEventEndIndex",
            Some(gone).filter(|gone| *gone > 0),
        ),
    ] {
        if let Some(index) = index {
            rejected.set(member, i64::try_from(index).unwrap_or(i64::MAX));
        }
    }
    let any = rejected.iter().len() > 0;
    let rejected = any.then_some(rejected);
    Ok(Map::new()
        .with("nextSequenceToken", Position::at(now).id())
        .with_some("rejectedLogEventsInfo", rejected))
}

fn lines(call: &Call<'_>, now: i64) -> Result<Vec<LogLine>, Refused> {
    let events = call.input.list("logEvents");
    if events.is_empty() {
        return Err(constraint(
            "'[]'",
            "logEvents",
            "have length greater than or equal to 1",
        ));
    }
    if events.len() > MOST_EVENTS {
        let rule = format!("have length less than or equal to {MOST_EVENTS}");
        return Err(constraint("'[...]'", "logEvents", &rule));
    }
    let mut lines = Vec::with_capacity(events.len());
    for (place, event) in events.iter().enumerate() {
        let member = |name: &str| format!("logEvents.{}.member.{name}", place + 1);
        let event = event.map();
        let message = event.and_then(|event| event.text("message"));
        let Some(message) = message else {
            return Err(constraint(
                "''",
                &member("message"),
                "have length greater than or equal to 1",
            ));
        };
        let Some(timestamp) = event.and_then(|event| event.integer("timestamp")) else {
            return Err(constraint("null", &member("timestamp"), "not be null"));
        };
        lines.push(LogLine {
            timestamp,
            ingestion: now,
            message: message.into_owned(),
        });
    }
    let size: usize = lines.iter().map(|line| line.message.len() + OVERHEAD).sum();
    if size > LARGEST_BATCH {
        return Err(invalid(format!(
            "Upload too large: {size} bytes exceeds limit of {LARGEST_BATCH}"
        )));
    }
    if !lines.is_sorted_by_key(|line| line.timestamp) {
        return Err(invalid(
            "Log events in a single PutLogEvents request must be in chronological order.",
        ));
    }
    let span = lines
        .first()
        .zip(lines.last())
        .map(|(first, last)| last.timestamp - first.timestamp);
    if span.is_some_and(|span| span > DAY) {
        return Err(invalid(
            "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.",
        ));
    }
    Ok(lines)
}
