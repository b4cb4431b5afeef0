//! Streams: made and listed.

use super::ask::{constraint, exists, group, invalid, limit, named, now, required};
use super::token::{Token, fingerprint};
use super::{Answer, Call};
use crate::sandbox::service::Refused;
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::logs::{Group, Position, Stream, Streams};

pub(super) fn create(call: &Call<'_>) -> Answer {
    let name = required(call, "logStreamName")?;
    check_name(&name)?;
    let group = named(call, &required(call, "logGroupName")?)?;
    if group.make_stream(&name, now(call)) {
        Ok(Map::new())
    } else {
        Err(exists("stream"))
    }
}

pub(super) fn check_name(name: &str) -> Result<(), Refused> {
    if name.contains([':', '*']) {
        let rule = "satisfy regular expression pattern: [^:*]*";
        return Err(constraint(&format!("'{name}'"), "logStreamName", rule));
    }
    Ok(())
}

pub(super) fn describe(call: &Call<'_>) -> Answer {
    let group = group(call)?;
    let most = limit(call, 50)?;
    let prefix = call.input.text("logStreamNamePrefix");
    let by_time = match call.input.text("orderBy").as_deref() {
        None | Some("LogStreamName") => false,
        Some("LastEventTime") => true,
        Some(other) => {
            let rule = "satisfy enum value set: [LogStreamName, LastEventTime]";
            return Err(constraint(&format!("'{other}'"), "orderBy", rule));
        }
    };
    if by_time && prefix.is_some() {
        return Err(invalid(
            "Cannot order by LastEventTime with a logStreamNamePrefix.",
        ));
    }
    let wanted = prefix.map_or(Streams::All, |prefix| {
        Streams::Prefixed(prefix.into_owned())
    });
    let mut streams = group.streams(&wanted, now(call));
    if by_time {
        streams.sort_by_key(|stream| stream.last_event);
    }
    if call.input.says("descending") {
        streams.reverse();
    }
    let fingerprint = fingerprint(call);
    let start = Token::of(call, fingerprint)?.map_or(0, |token| token.page);
    let start = usize::try_from(start).unwrap_or(0).min(streams.len());
    let end = streams.len().min(start + most);
    let next = (end < streams.len()).then(|| {
        let token = Token {
            from: Position::at(0),
            page: u64::try_from(end).unwrap_or(0),
        };
        token.written(fingerprint, now(call))
    });
    let page = streams[start..end]
        .iter()
        .map(|stream| described(&group, stream));
    Ok(Map::new()
        .with("logStreams", page.collect::<Value>())
        .with_some("nextToken", next))
}

fn described(group: &Group, stream: &Stream) -> Map {
    Map::new()
        .with("logStreamName", stream.name.as_ref())
        .with("creationTime", stream.created)
        .with_some("firstEventTimestamp", stream.first_event)
        .with_some("lastEventTimestamp", stream.last_event)
        .with_some("lastIngestionTime", stream.last_ingestion)
        .with("uploadSequenceToken", Position::at(stream.created).id())
        .with("arn", format!("{}:log-stream:{}", group.arn, stream.name))
        // AWS has said nothing of a stream's bytes since 2019.
        .with("storedBytes", 0_i64)
}
