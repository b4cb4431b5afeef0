//! Queries of Logs Insights: started, looked at, stopped.
//!
//! Results are read by us and not by the SDK, for the reason that events are: see [`super`].

use super::LOGS;
use super::reader::Lenient;
use crate::aws::page::Page;
use crate::aws::problem::{Failure, Subject};
use crate::aws::raw::{self, Call};
use crate::aws::session::Session;
use crate::aws::{Cloud, answering};
use crate::domain::log::Millis;
use crate::domain::{
    Problem, QueryResults, QueryStatistics, QueryStatus, Region, Scope, Untrusted,
};
use aws_sdk_cloudwatchlogs::operation::stop_query::StopQueryError;
use serde::Deserialize;
use std::sync::Arc;

/// Groups that one query reads, at most.
pub const QUERY_GROUPS: usize = 50;

/// What to ask in one region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryQuestion {
    /// The groups' names, at most [`QUERY_GROUPS`].
    pub groups: Vec<Untrusted>,
    /// In the language of Logs Insights.
    pub text: String,
    /// The first millisecond of interest; the service counts in seconds.
    pub from: Millis,
    /// The first one that is of none.
    pub until: Millis,
}

impl Cloud {
    /// Starts a query, which costs money from here on, and gives its id. It goes on in AWS whether anybody looks at
    /// it or not: see [`Cloud::stop_query`].
    pub async fn start_query(
        &self,
        scope: &Scope,
        question: &QueryQuestion,
    ) -> Result<String, Problem> {
        let account = self.account(&scope.account)?;
        let place = scope.region().unwrap_or(&account.plan().home);
        let start = |session: Arc<Session>| {
            answering(async move { start(&session, place, question).await })
        };
        self.put(account, scope, Subject::Query, start).await
    }

    /// How far a query has come. While it runs, as many rows as one answer holds; all of them when it is complete.
    pub async fn query_results(&self, scope: &Scope, id: &str) -> Result<QueryResults, Problem> {
        let account = self.account(&scope.account)?;
        let place = scope.region().unwrap_or(&account.plan().home);
        let look =
            |session: Arc<Session>| answering(async move { results(&session, place, id).await });
        self.put(account, scope, Subject::Query, look).await
    }

    /// Ends a query in AWS. One that has ended already is no problem.
    pub async fn stop_query(&self, scope: &Scope, id: &str) -> Result<(), Problem> {
        let account = self.account(&scope.account)?;
        let place = scope.region().unwrap_or(&account.plan().home);
        let stop = |session: Arc<Session>| {
            answering(async move {
                let stop = session.logs(place).stop_query().query_id(id).send().await;
                match stop {
                    Ok(_) => Ok(()),
                    Err(error)
                        if error
                            .as_service_error()
                            .is_some_and(StopQueryError::is_invalid_parameter_exception) =>
                    {
                        Ok(())
                    }
                    Err(error) => Err(error.into()),
                }
            })
        };
        self.put(account, scope, Subject::Query, stop).await
    }
}

async fn start(
    session: &Session,
    place: &Region,
    question: &QueryQuestion,
) -> Result<String, Failure> {
    let groups = question.groups.iter().map(|group| group.exact().to_owned());
    let answer = session
        .logs(place)
        .start_query()
        .set_log_group_names(Some(groups.collect()))
        .query_string(&question.text)
        // Both ends are seconds that belong to the span.
        .start_time(question.from.div_euclid(1_000))
        .end_time((question.until - 1).div_euclid(1_000))
        .send()
        .await?;
    answer.query_id.ok_or_else(Failure::senseless)
}

async fn results(session: &Session, place: &Region, id: &str) -> Result<QueryResults, Failure> {
    let mut read = QueryResults::default();
    let mut page = Some(Page::First);
    while let Some(at) = page {
        let mut body = serde_json::json!({ "queryId": id });
        if let Some(token) = at.token() {
            body["nextToken"] = token.into();
        }
        let call = Call::json("Logs_20140328", "GetQueryResults", body.to_string());
        let answer = raw::send(session, LOGS, place, call).await?.body;
        let answer: Answer =
            serde_json::from_slice(&answer).map_err(|_senseless| Failure::senseless())?;
        read.status = QueryStatus::parse(&answer.status);
        if let Some(statistics) = answer.statistics {
            read.statistics = statistics.into();
        }
        read.rows.extend(answer.results.into_iter().map(row));
        page = at
            .next(answer.next_token)
            .filter(|_| read.status == QueryStatus::Complete);
    }
    Ok(read)
}

fn row(fields: Vec<Field>) -> Vec<(Untrusted, Untrusted)> {
    let text = |text: Lenient| Untrusted::new(text.0);
    let pair = |field: Field| (text(field.field), text(field.value));
    fields.into_iter().map(pair).collect()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    #[serde(default)]
    status: String,
    #[serde(default)]
    results: Vec<Vec<Field>>,
    statistics: Option<Statistics>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
struct Field {
    #[serde(default)]
    field: Lenient,
    #[serde(default)]
    value: Lenient,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct Statistics {
    records_matched: f64,
    records_scanned: f64,
    bytes_scanned: f64,
}

impl From<Statistics> for QueryStatistics {
    fn from(shape: Statistics) -> Self {
        Self {
            records_matched: shape.records_matched,
            records_scanned: shape.records_scanned,
            bytes_scanned: shape.bytes_scanned,
        }
    }
}
