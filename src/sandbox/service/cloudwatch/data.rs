//! `GetMetricData`: up to 500 metrics and expressions, 100,800 points a page.

use std::collections::{BTreeMap, BTreeSet};

use chrono::DateTime;

use super::super::{Answer, Call, Refused};
use super::ask::{self, constraint, invalid, invalid_token};
use super::math::{self, Known, Series};
use crate::sandbox::value::{Map, Value};
use crate::sandbox::world::metrics::{Board, Metric, Statistic};

const MOST_QUERIES: usize = 500;
const MOST_POINTS: i64 = 100_800;
/// So many statistics of one metric are charged as one metric.
const STATISTICS_AT_ONCE: u64 = 5;

/// One `MetricDataQuery`.
#[derive(Debug)]
pub(super) struct Query {
    pub(super) id: String,
    pub(super) label: Option<String>,
    pub(super) returned: bool,
    pub(super) period: Option<i64>,
    pub(super) what: What,
}

#[derive(Debug)]
pub(super) enum What {
    Stat(Stat),
    Expression(String),
}

#[derive(Debug)]
pub(super) struct Stat {
    pub(super) metric: Metric,
    pub(super) statistic: Statistic,
    pub(super) name: String,
    /// In seconds.
    pub(super) period: i64,
    pub(super) unit: Option<String>,
}

/// A `MetricDataResult` before it is cut into pages.
struct Found {
    id: String,
    label: String,
    points: Vec<(i64, f64)>,
    messages: Vec<Map>,
}

/// The answer, and how many metrics it is charged as.
pub(super) fn get(call: &Call<'_>) -> Result<(Map, u64), Refused> {
    let queries = queries(call)?;
    let (start, end) = (ask::time(call, "StartTime")?, ask::time(call, "EndTime")?);
    if start >= end {
        return Err(invalid(
            "The parameter EndTime must be greater than StartTime",
        ));
    }
    let most = most_points(call)?;
    let ascending = match call.input.text("ScanBy").as_deref() {
        None | Some("TimestampDescending") => false,
        Some("TimestampAscending") => true,
        Some(other) => {
            return Err(constraint(
                &format!("'{other}'"),
                "scanBy",
                "satisfy enum value set: [TimestampDescending, TimestampAscending]",
            ));
        }
    };
    let board = call.board()?;
    let now = call.now.timestamp();
    let window = ask::rounded(start..end, now);
    let mut known = Known::new(&queries, &board, window, now);
    let mut found = Vec::new();
    for query in queries.iter().filter(|query| query.returned) {
        let series = known.result(query)?;
        let alone = series.len() == 1;
        let messages: Vec<Map> = known.messages(&query.id).map(message).collect();
        for Series { label, points, .. } in series {
            let own = query.label.clone().filter(|_| alone);
            found.push(Found {
                id: query.id.clone(),
                label: own.unwrap_or(label),
                points: if ascending {
                    points
                } else {
                    points.into_iter().rev().collect()
                },
                messages: messages.clone(),
            });
        }
    }
    let charged = charged(&queries) + known.searched();
    Ok((paged(call, &found, most)?, charged))
}

fn queries(call: &Call<'_>) -> Result<Vec<Query>, Refused> {
    let asked = call.input.list("MetricDataQueries");
    if asked.is_empty() {
        return Err(invalid("The parameter MetricDataQueries is required."));
    }
    if asked.len() > MOST_QUERIES {
        return Err(invalid(format!(
            "The collection MetricDataQueries must not have a size greater than {MOST_QUERIES}."
        )));
    }
    let queries: Vec<Query> = asked
        .iter()
        .map(|query| query.map().map_or_else(|| Err(no_id("")), query_of))
        .collect::<Result<_, _>>()?;
    let mut ids = BTreeSet::new();
    for query in &queries {
        if !ids.insert(query.id.as_str()) {
            return Err(invalid(format!(
                "The values for parameter id in parameter MetricDataQueries are not unique: {}.",
                query.id
            )));
        }
    }
    if !queries.iter().any(|query| query.returned) {
        return Err(invalid(
            "At least one of the MetricDataQueries must have ReturnData set to true.",
        ));
    }
    Ok(queries)
}

fn no_id(id: &str) -> Refused {
    invalid(format!(
        "The value '{id}' for parameter id in parameter MetricDataQueries is not a valid id: it must begin \
         with a lower-case letter and have only letters, digits and underscores."
    ))
}

fn query_of(input: &Map) -> Result<Query, Refused> {
    let id = input.text("Id").unwrap_or_default().into_owned();
    let letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    if !id.starts_with(|first: char| first.is_ascii_lowercase()) || !id.chars().all(letter) {
        return Err(no_id(&id));
    }
    let stat = input.get("MetricStat").and_then(Value::map);
    let what = match (stat, input.text("Expression")) {
        (Some(stat), None) => What::Stat(stat_of(&id, stat)?),
        (None, Some(expression)) => What::Expression(expression.into_owned()),
        (Some(_), Some(_)) | (None, None) => {
            return Err(invalid(format!(
                "The MetricDataQuery with the id '{id}' must have either MetricStat or Expression."
            )));
        }
    };
    Ok(Query {
        label: input.text("Label").map(std::borrow::Cow::into_owned),
        returned: input.get("ReturnData").is_none() || input.says("ReturnData"),
        period: input.integer("Period"),
        id,
        what,
    })
}

fn stat_of(id: &str, input: &Map) -> Result<Stat, Refused> {
    let empty = Map::new();
    let metric = input.get("Metric").and_then(Value::map).unwrap_or(&empty);
    let name = input.text("Stat").unwrap_or_default().into_owned();
    let Some(statistic) = Statistic::parse(&name) else {
        return Err(invalid(format!(
            "The value '{name}' for parameter Stat of the MetricDataQuery with the id '{id}' is not supported."
        )));
    };
    let period = input.integer("Period").unwrap_or(0);
    if !ask::is_period(period) {
        return Err(invalid(format!(
            "The value '{period}' for parameter Period of the MetricDataQuery with the id '{id}' is not valid: \
             it must be 1, 5, 10, 20, 30 or a multiple of 60."
        )));
    }
    Ok(Stat {
        metric: ask::metric(metric),
        statistic,
        name,
        period,
        unit: input.text("Unit").map(std::borrow::Cow::into_owned),
    })
}

impl Stat {
    pub(super) fn points(&self, board: &Board, window: &std::ops::Range<i64>) -> Vec<(i64, f64)> {
        let unit = Board::unit(&self.metric);
        if self.unit.as_deref().is_some_and(|wanted| wanted != unit) {
            return Vec::new();
        }
        let spread = self.statistic.needs_spread();
        let points = board.points(&self.metric, window, self.period, spread);
        let values = points
            .into_iter()
            .filter_map(|(at, tally)| Some((at, tally.statistic(self.statistic)?)));
        values.collect()
    }
}

fn most_points(call: &Call<'_>) -> Result<usize, Refused> {
    let asked = call.input.integer("MaxDatapoints").unwrap_or(MOST_POINTS);
    let bound = match asked {
        ..1 => "greater than or equal to 1",
        1..=MOST_POINTS => return Ok(usize::try_from(asked).unwrap_or(1)),
        _ => "less than or equal to 100800",
    };
    Err(constraint(
        &format!("'{asked}'"),
        "maxDatapoints",
        &format!("have value {bound}"),
    ))
}

/// Metrics as the bill counts them.
fn charged(queries: &[Query]) -> u64 {
    let mut statistics: BTreeMap<&Metric, BTreeSet<&str>> = BTreeMap::new();
    for query in queries {
        if let What::Stat(stat) = &query.what {
            statistics
                .entry(&stat.metric)
                .or_default()
                .insert(&stat.name);
        }
    }
    let counts = statistics.values().map(BTreeSet::len);
    counts
        .map(|count| {
            u64::try_from(count)
                .unwrap_or(u64::MAX)
                .div_ceil(STATISTICS_AT_ONCE)
        })
        .sum()
}

fn message(message: &math::Message) -> Map {
    Map::new()
        .with("Code", message.code)
        .with("Value", message.value.as_str())
}

/// Cuts the results after so many points. A token names the result and the time of the last point shown:
/// what is published between two pages moves nothing.
fn paged(call: &Call<'_>, found: &[Found], most: usize) -> Answer {
    let (mut place, mut after) = match call.input.text("NextToken") {
        None => (0, None),
        Some(token) => {
            let (place, after) = read_token(&token).ok_or_else(invalid_token)?;
            (place, Some(after))
        }
    };
    if place > found.len() {
        return Err(invalid_token());
    }
    let mut room = most;
    let mut results = Vec::new();
    let mut next = None;
    while let Some(result) = found.get(place) {
        let shown = after
            .take()
            .and_then(|after| result.points.iter().position(|(at, _)| *at == after))
            .map_or(0, |last| last + 1);
        let rest = result.points.get(shown..).unwrap_or_default();
        let page = rest.get(..room.min(rest.len())).unwrap_or_default();
        room -= page.len();
        let whole = page.len() == rest.len();
        results.push(written(result, page, whole));
        if !whole {
            next = page.last().map(|(at, _)| format!("page-{place}-{at}"));
            break;
        }
        place += 1;
        let more = found
            .get(place..)
            .unwrap_or_default()
            .iter()
            .any(|later| !later.points.is_empty());
        if room == 0 && more {
            next = Some(format!("page-{place}-start"));
            break;
        }
    }
    Ok(Map::new()
        .with("MetricDataResults", Value::from(results))
        .with_some("NextToken", next)
        .with("Messages", Value::List(Vec::new())))
}

fn read_token(token: &str) -> Option<(usize, i64)> {
    let (place, after) = token.strip_prefix("page-")?.split_once('-')?;
    let after = if after == "start" {
        i64::MIN
    } else {
        after.parse().ok()?
    };
    Some((place.parse().ok()?, after))
}

fn written(result: &Found, points: &[(i64, f64)], whole: bool) -> Map {
    let times = points
        .iter()
        .map(|(at, _)| DateTime::from_timestamp(*at, 0).unwrap_or_default());
    let partial = !whole || !result.messages.is_empty();
    let mut written = Map::new()
        .with("Id", &result.id)
        .with("Label", &result.label)
        .with("Timestamps", times.collect::<Value>())
        .with(
            "Values",
            points.iter().map(|(_, value)| *value).collect::<Value>(),
        )
        .with(
            "StatusCode",
            if partial { "PartialData" } else { "Complete" },
        );
    if !result.messages.is_empty() {
        written.set("Messages", result.messages.clone());
    }
    written
}
