//! `GetQueryResults`: how far a query is, and what it has found by then.
//!
//! A query reads what could be read when it was started. While it runs it has seen the newest third of its
//! window; when it is done, its results stay as they are and are handed out in pages.

use std::ops::Range;

use super::ask::invalid;
use super::insights::{Query, Record};
use super::queries::{page, started};
use crate::sandbox::service::{Answer, Call, Refused};
use crate::sandbox::value::{Map, Value};
use crate::sandbox::wire::base64;
use crate::sandbox::world::logs::Streams;
use crate::sandbox::world::query::{Findings, QueryStatus, StartedQuery};

/// Rows of one answer.
const PAGE: usize = 10_000;

pub(super) fn get(call: &Call<'_>) -> Answer {
    let query = started(call)?;
    let most = match call.input.integer("maxItems") {
        Some(0) => PAGE,
        _ => page(call, "maxItems", PAGE)?,
    };
    let status = query.status();
    let window = query.window.clone();
    let partial;
    let findings = match status {
        QueryStatus::Scheduled | QueryStatus::Cancelled => {
            partial = Findings {
                rows: Vec::new(),
                statistics: statistics([0; 4]),
            };
            &partial
        }
        QueryStatus::Running => {
            let newest = window.end.min(query.created) - (window.end - window.start) / 3;
            partial = search(call, &query, newest.max(window.start)..window.end)?;
            &partial
        }
        QueryStatus::Complete => {
            if query.findings.get().is_none() {
                // Whoever else was as quick has found the same.
                let _ = query.findings.set(search(call, &query, window)?);
            }
            query.findings.get_or_init(Findings::default)
        }
    };
    let start = match call.input.text("nextToken") {
        None => 0,
        Some(token) => token
            .strip_prefix("after-")
            .and_then(|place| place.parse().ok())
            .filter(|start| *start < findings.rows.len())
            .ok_or_else(|| invalid("The specified nextToken is invalid."))?,
    };
    let end = findings.rows.len().min(start + most);
    let next = (end < findings.rows.len()).then(|| format!("after-{end}"));
    Ok(Map::new()
        .with("queryLanguage", "CWLI")
        .with("results", findings.rows[start..end].to_vec())
        .with("statistics", findings.statistics.clone())
        .with("status", status.name())
        .with_some("nextToken", next))
}

fn search(call: &Call<'_>, query: &StartedQuery, window: Range<i64>) -> Result<Findings, Refused> {
    // It was understood when it was started.
    let Ok(parsed) = Query::parse(&query.text) else {
        return Ok(Findings::default());
    };
    let mut records = Vec::new();
    let mut groups = 0;
    for name in &query.groups {
        let Some(group) = call.world.log_group(&query.account, &query.region, name)? else {
            continue;
        };
        groups += 1;
        let log = format!("{}:{name}", query.account);
        let readable = group.readable(window.clone(), Streams::All, query.created);
        records.extend(readable.map(|event| Record {
            timestamp: event.timestamp,
            ingestion_time: event.ingestion,
            message: event.message.to_string(),
            log_stream: event.stream.to_string(),
            log: log.clone(),
            ptr: base64(format!("{log}/{}", event.id()).as_bytes()),
            ..Record::default()
        }));
    }
    let table = parsed.run(&records, query.limit);
    let rows = table.rows.into_iter().map(|row| {
        let fields = row.into_iter();
        fields
            .map(|(field, value)| Map::new().with("field", field).with("value", value))
            .collect::<Value>()
    });
    Ok(Findings {
        rows: rows.collect(),
        statistics: statistics([table.matched, table.scanned, table.bytes, groups]),
    })
}

/// AWS counts in floating point.
fn statistics(counts: [usize; 4]) -> Map {
    let exact = |count| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    let [matched, scanned, bytes, groups] = counts.map(exact);
    Map::new()
        .with("recordsMatched", matched)
        .with("recordsScanned", scanned)
        .with("estimatedRecordsSkipped", 0.0)
        .with("bytesScanned", bytes)
        .with("estimatedBytesSkipped", 0.0)
        .with("logGroupsScanned", groups)
}
