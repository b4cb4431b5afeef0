//! Insights queries: started, stopped, listed. What they find is in `results.rs`.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use tokio::time::Instant;

use super::ask::{constraint, invalid, limit, required};
use super::insights::{MOST_ROWS, Malformed, Query};
use crate::sandbox::failure::Failure;
use crate::sandbox::service::{Answer, Call, Refused};
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::logs::Group;
use crate::sandbox::world::query::StartedQuery;
use crate::sandbox::world::random::Dice;

/// Queries of one account in one region at work at the same time.
const MOST_QUERIES: usize = 100;
const MOST_GROUPS: usize = 50;
/// Rows, if neither the query nor the caller says how many.
const ROWS: usize = 10_000;
const SECOND: i64 = 1_000;

pub(super) fn start(call: &Call<'_>) -> Answer {
    let text = required(call, "queryString")?;
    let groups = groups(call)?;
    let (start, end) = (seconds(call, "startTime")?, seconds(call, "endTime")?);
    if start > end {
        return Err(invalid("startTime must not be after endTime."));
    }
    let limit = match call.input.integer("limit") {
        None => ROWS,
        Some(_) => limit(call, MOST_ROWS)?,
    };
    if let Some(language) = call
        .input
        .text("queryLanguage")
        .filter(|name| name != "CWLI")
    {
        return Err(invalid(format!(
            "The sandbox does not know the query language {language}."
        )));
    }
    Query::parse(&text).map_err(|malformed| refusal(&malformed))?;
    if groups.iter().all(|group| end * SECOND < group.created) {
        let message = format!(
            "end date and time is either before the log groups creation time or exceeds the log groups log \
             retention settings ([{start},{end}])"
        );
        return Err(Failure::new(400, "MalformedQueryException", message).into());
    }
    let id = Dice::named(call.world.seed, &format!("query/{}", call.id)).uuid();
    let query = StartedQuery {
        id: id.clone(),
        account: call.caller.account.clone(),
        region: call.region.to_owned(),
        text,
        groups: groups.iter().map(|group| group.name.clone()).collect(),
        // Both ends are in it.
        window: start * SECOND..(end + 1) * SECOND,
        limit,
        created: call.now.timestamp_millis(),
        began: Instant::now(),
        stopped: OnceLock::new(),
        findings: OnceLock::new(),
    };
    if !call.world.queries.start(query, MOST_QUERIES) {
        return Err(Failure::new(
            400,
            "LimitExceededException",
            format!("Account maximum query concurrency limit of [{MOST_QUERIES}] reached."),
        )
        .into());
    }
    Ok(Map::new().with("queryId", id))
}

pub(super) fn stop(call: &Call<'_>) -> Answer {
    let query = started(call)?;
    if !query.is_at_work() || query.stopped.set(Instant::now()).is_err() {
        return Err(invalid("The specified query is not running."));
    }
    Ok(Map::new().with("success", true))
}

pub(super) fn describe(call: &Call<'_>) -> Answer {
    let (group, status) = (call.input.text("logGroupName"), call.input.text("status"));
    let most = page(call, "maxResults", 1_000)?;
    let fits = |query: &Arc<StartedQuery>| {
        let in_group = |name: &Cow<'_, str>| query.groups.iter().any(|group| *group == **name);
        group.as_ref().is_none_or(in_group)
            && status
                .as_ref()
                .is_none_or(|status| query.status().name() == status.as_ref())
    };
    let queries: Vec<Arc<StartedQuery>> = call
        .world
        .queries
        .of(&call.caller.account, call.region)
        .into_iter()
        .filter(fits)
        .collect();
    let start = match call.input.text("nextToken") {
        None => 0,
        Some(token) => queries
            .iter()
            .position(|query| query.id == token)
            .ok_or_else(|| invalid("The specified nextToken is invalid."))?,
    };
    let rest = queries.iter().skip(start);
    let page = rest.clone().take(most).map(|query| described(query));
    let next = rest.clone().nth(most).map(|query| query.id.clone());
    Ok(Map::new()
        .with("queries", page.collect::<Value>())
        .with_some("nextToken", next))
}

fn described(query: &StartedQuery) -> Map {
    let duration = i64::try_from(query.duration().as_millis()).unwrap_or(i64::MAX);
    Map::new()
        .with("queryLanguage", "CWLI")
        .with("queryId", &query.id)
        .with("queryString", &query.text)
        .with("status", query.status().name())
        .with("createTime", query.created)
        .with_some("logGroupName", query.groups.first())
        .with("queryDuration", duration)
}

/// The query that the call names.
pub(super) fn started(call: &Call<'_>) -> Result<Arc<StartedQuery>, Refused> {
    let id = required(call, "queryId")?;
    let theirs = call.world.queries.of(&call.caller.account, call.region);
    let query = theirs.into_iter().find(|query| query.id == id);
    query.ok_or_else(|| {
        Failure::new(
            400,
            "ResourceNotFoundException",
            format!("Query {id} does not exist."),
        )
        .into()
    })
}

/// The groups to search, named in exactly one of three ways.
fn groups(call: &Call<'_>) -> Result<Vec<Arc<Group>>, Refused> {
    let one: Vec<String> = call
        .input
        .text("logGroupName")
        .map(Cow::into_owned)
        .into_iter()
        .collect();
    let ways = [
        one,
        call.input.texts("logGroupNames"),
        call.input.texts("logGroupIdentifiers"),
    ];
    let mut said = ways.into_iter().filter(|names| !names.is_empty());
    let (Some(names), None) = (said.next(), said.next()) else {
        return Err(invalid(
            "Exactly one of logGroupName, logGroupNames and logGroupIdentifiers must be specified.",
        ));
    };
    if names.len() > MOST_GROUPS {
        return Err(invalid(format!(
            "A query can search {MOST_GROUPS} log groups at most."
        )));
    }
    let found = names.iter().map(|name| {
        if name.contains('*') {
            let rule = r"satisfy regular expression pattern: [\w#+=/:,.@-]*";
            let value = format!("'[{name}]'");
            return Err(constraint(&value, "logGroupIdentifiers", rule));
        }
        let account = &call.caller.account;
        let group = call.world.log_group(account, call.region, name)?;
        group.ok_or_else(|| {
            let message = format!("Log group '{name}' does not exist for account ID '{account}'");
            Failure::new(400, "ResourceNotFoundException", message).into()
        })
    });
    found.collect()
}

/// A time in seconds since the epoch. In milliseconds it would be thousands of years away.
fn seconds(call: &Call<'_>, member: &str) -> Result<i64, Refused> {
    let asked = required(call, member)?;
    match asked.parse() {
        Ok(seconds @ 0..=99_999_999_999) => Ok(seconds),
        _ => Err(invalid(format!(
            "{member} {asked} is not a time in seconds since the epoch."
        ))),
    }
}

/// How many of a page are asked for.
pub(super) fn page(call: &Call<'_>, member: &str, most: usize) -> Result<usize, Refused> {
    let Some(asked) = call.input.integer(member) else {
        return Ok(most);
    };
    match usize::try_from(asked) {
        Ok(size) if (1..=most).contains(&size) => Ok(size),
        _ => {
            let rule = format!("have value between 1 and {most}");
            Err(constraint(&format!("'{asked}'"), member, &rule))
        }
    }
}

fn refusal(malformed: &Malformed) -> Refused {
    let offset = |place: usize| i64::try_from(place).unwrap_or(i64::MAX);
    let location = Map::new()
        .with("startCharOffset", offset(malformed.start))
        .with("endCharOffset", offset(malformed.end));
    let error = Map::new()
        .with("location", location)
        .with("message", &malformed.message);
    Failure {
        members: Map::new().with("queryCompileError", error),
        ..Failure::new(400, "MalformedQueryException", &malformed.message)
    }
    .into()
}
