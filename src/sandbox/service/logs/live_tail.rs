//! `StartLiveTail`: what arrives in log groups, told every second for three hours.
//!
//! An update has what was *ingested* since the one before, whenever it happened. More than five hundred events are
//! told as a sample, and the update says so. A session ends when the client leaves; nothing is ever told twice.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::ask::{constraint, invalid, missing};
use super::filter::Pattern;
use crate::sandbox::failure::Failure;
use crate::sandbox::service::{Call, Refused};
use crate::sandbox::stream::{Said, Stream};
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::Seat;
use crate::sandbox::world::logs::{Group, LogEvent, Streams};

/// Sessions of one account in one region at the same time.
const MOST_SESSIONS: usize = 15;
const MOST_GROUPS: usize = 10;
const MOST_STREAMS: usize = 100;
/// Events of one update.
const MOST_EVENTS: usize = 500;
const LASTS: Duration = Duration::from_hours(3);

pub(super) fn start(call: &Call<'_>) -> Result<Box<dyn Stream>, Refused> {
    let identifiers = call.input.texts("logGroupIdentifiers");
    counted("logGroupIdentifiers", &identifiers, MOST_GROUPS)?;
    let names = listed(call, "logStreamNames")?;
    let prefixes = listed(call, "logStreamNamePrefixes")?;
    let streams = match (names.as_slice(), prefixes.as_slice()) {
        ([], []) => vec![Streams::All],
        (_, []) => vec![Streams::Named(names)],
        ([], _) => prefixes.into_iter().map(Streams::Prefixed).collect(),
        _ => {
            return Err(invalid(
                "logStreamNames and logStreamNamePrefixes cannot be specified together.",
            ));
        }
    };
    if streams != [Streams::All] && identifiers.len() > 1 {
        return Err(invalid(
            "logStreamNames and logStreamNamePrefixes can be specified with one log group only.",
        ));
    }
    let mut groups: Vec<Arc<Group>> = Vec::new();
    for identifier in &identifiers {
        let group = found(call, identifier)?;
        // Named twice is told once.
        if groups.iter().all(|known| known.name != group.name) {
            groups.push(group);
        }
    }
    let text = call.input.text("logEventFilterPattern").unwrap_or_default();
    let pattern = Pattern::parse(&text).map_err(invalid)?;
    let seats = &call.world.live_tails;
    let Some(seat) = seats.take(&call.caller.account, call.region, MOST_SESSIONS) else {
        return Err(Failure::new(
            400,
            "LimitExceededException",
            format!("Reached the limit of {MOST_SESSIONS} concurrent Live Tail sessions."),
        )
        .into());
    };
    Ok(Box::new(Session {
        start: started(call),
        account: call.caller.account.clone(),
        groups,
        streams,
        pattern,
        began: call.now,
        told: call.now.timestamp_millis(),
        _seat: seat,
    }))
}

/// The names or prefixes of streams; AWS takes no empty list.
fn listed(call: &Call<'_>, member: &str) -> Result<Vec<String>, Refused> {
    let names = call.input.texts(member);
    if call
        .input
        .get(member)
        .is_some_and(|list| *list != Value::Null)
    {
        counted(member, &names, MOST_STREAMS)?;
    }
    Ok(names)
}

/// One name at least, and no more than `most`.
fn counted(member: &str, names: &[String], most: usize) -> Result<(), Refused> {
    let value = format!("'[{}]'", names.join(", "));
    if names.is_empty() {
        let rule = "have length greater than or equal to 1";
        return Err(constraint(&value, member, rule));
    }
    if names.len() > most {
        let rule = format!("have length less than or equal to {most}");
        return Err(constraint(&value, member, &rule));
    }
    Ok(())
}

/// The group of an ARN.
fn found(call: &Call<'_>, identifier: &str) -> Result<Arc<Group>, Refused> {
    if identifier.contains('*') {
        let rule = r"satisfy constraint: [Member must have length less than or equal to 2048, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [\w#+=/:,.@-]*]";
        let value = format!("'[{identifier}]'");
        return Err(constraint(&value, "logGroupIdentifiers", rule));
    }
    if !identifier.starts_with("arn:") {
        return Err(invalid(format!(
            "The log group identifier '{identifier}' is not an ARN."
        )));
    }
    let group = call
        .world
        .log_group(&call.caller.account, call.region, identifier)?;
    let group = group.ok_or_else(|| missing("group"))?;
    if group.class == "INFREQUENT_ACCESS" {
        return Err(Failure::new(
            400,
            "InvalidOperationException",
            "The operation is not valid on the specified resource.",
        )
        .into());
    }
    Ok(group)
}

/// The session as it was asked for.
fn started(call: &Call<'_>) -> Map {
    let asked = [
        "logGroupIdentifiers",
        "logStreamNames",
        "logStreamNamePrefixes",
        "logEventFilterPattern",
    ];
    let start = Map::new()
        .with("requestId", call.id)
        .with("sessionId", format!("live-{}", call.id));
    asked.into_iter().fold(start, |start, member| {
        start.with_some(member, call.input.get(member).cloned())
    })
}

#[derive(Debug)]
struct Session {
    start: Map,
    account: String,
    groups: Vec<Arc<Group>>,
    /// An event is told if any of them has its stream.
    streams: Vec<Streams>,
    pattern: Pattern,
    began: DateTime<Utc>,
    /// What had arrived by then is told, in milliseconds since the epoch.
    told: i64,
    /// Given up with the session.
    _seat: Seat,
}

impl Session {
    /// What has arrived since the last time, in the order of arrival.
    fn arrived(&mut self, now: i64) -> Vec<Map> {
        let window = self.told + 1..now + 1;
        self.told = self.told.max(now);
        let mut events: Vec<(LogEvent, &Group)> = Vec::new();
        for group in &self.groups {
            let fits = |event: &LogEvent| {
                let mut streams = self.streams.iter();
                streams.any(|streams| streams.include(&event.stream))
                    && self.pattern.matches(&event.message)
            };
            let arrived = group.arrived(&window).into_iter().filter(fits);
            events.extend(arrived.map(|event| (event, &**group)));
        }
        // Stable: within a millisecond the groups keep the order in which they were named.
        events.sort_by_key(|(event, _)| event.ingestion);
        let told = events.iter().map(|(event, group)| {
            Map::new()
                .with("logStreamName", &*event.stream)
                .with(
                    "logGroupIdentifier",
                    format!("{}:{}", self.account, group.name),
                )
                .with("message", &*event.message)
                .with("timestamp", event.timestamp)
                .with("ingestionTime", event.ingestion)
        });
        told.collect()
    }
}

impl Stream for Session {
    fn opening(&mut self) -> Said {
        Said::Event("sessionStart", self.start.clone())
    }

    fn update(&mut self, now: DateTime<Utc>, elapsed: Duration) -> Said {
        let lasted = elapsed.max((now - self.began).to_std().unwrap_or_default());
        if lasted >= LASTS {
            return Said::Exception(
                "SessionTimeoutException",
                "The Live Tail session has reached its limit of three hours.".to_owned(),
            );
        }
        let events = self.arrived(now.timestamp_millis());
        let sampled = events.len() > MOST_EVENTS;
        Said::Event(
            "sessionUpdate",
            Map::new()
                .with("sessionMetadata", Map::new().with("sampled", sampled))
                .with("sessionResults", sample(events, MOST_EVENTS)),
        )
    }

    fn breakdown(&self) -> Said {
        Said::Exception(
            "SessionStreamingException",
            "The Live Tail session has been interrupted by an internal error.".to_owned(),
        )
    }
}

/// So many at the most, evenly spread over all.
fn sample(events: Vec<Map>, most: usize) -> Vec<Map> {
    let all = events.len();
    if all <= most {
        return events;
    }
    let numbered = events.into_iter().enumerate();
    // The first event of each of `most` equal parts.
    let first = |place: usize| place == 0 || place * most / all != (place - 1) * most / all;
    numbered
        .filter(|(place, _)| first(*place))
        .map(|(_, event)| event)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_spread_over_everything_and_has_the_size_asked() {
        let events = |count: i64| (0..count).map(|n| Map::new().with("n", n)).collect();
        for (all, most, expected) in [
            (3, 500, 3),
            (500, 500, 500),
            (501, 500, 500),
            (9_999, 500, 500),
        ] {
            let sample = sample(events(all), most);
            assert_eq!(sample.len(), expected);
            let last = sample.last().and_then(|event| event.integer("n")).unwrap();
            assert!(last >= all - 1 - all / 500, "{last} of {all}");
        }
    }
}
