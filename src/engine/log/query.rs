//! One query in one region: started, looked at every second, and stopped in AWS when nobody wants it any more.
//!
//! A query goes on, and costs, whether anybody looks at it or not. So nothing cuts its start short, and every way out
//! but its own end leads through `StopQuery`.

use super::{QueryId, QueryNews};
use crate::aws::{QueryQuestion, counted};
use crate::domain::{Kind, Problem, QueryStatus, Reach, Scope};
use crate::engine::governor::{Service, Urgency};
use crate::engine::leave::Leave;
use crate::engine::message::{Cadence, Update};
use crate::engine::{Shop, pace};
use chrono::TimeDelta;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Between two looks.
const LOOK: Cadence = Cadence::Focused(TimeDelta::seconds(1));
/// How long stopping may take; then the query is left to its own end.
const STOPPING: Duration = Duration::from_secs(3);

/// A query about to run in one region.
pub(super) struct Query {
    pub(super) shop: Shop,
    pub(super) id: QueryId,
    pub(super) scope: Scope,
    pub(super) question: QueryQuestion,
    pub(super) stop: CancellationToken,
}

impl Query {
    pub(super) async fn run(self) {
        let stop = self.stop.clone();
        let leave = Leave::to_call(
            &self.shop,
            Service::LogQueries,
            &self.scope,
            Urgency::Focused,
        );
        let Some(leave) = stop.run_until_cancelled(leave).await else {
            return;
        };
        // Not cut short: a query that has started without our learning its id could not be stopped.
        let started = counted(self.shop.cloud.start_query(&self.scope, &self.question));
        let (started, requests) = started.await;
        leave.settle(
            &self.shop,
            &self.scope,
            started.as_ref().map(|_| ()),
            requests,
        );
        let outcome = match started {
            Ok(query) => {
                let followed = stop.run_until_cancelled(self.follow(&query)).await;
                if !matches!(followed, Some(Ok(()))) {
                    self.stop(&query).await;
                }
                followed.unwrap_or(Ok(()))
            }
            Err(problem) => Err(problem),
        };
        let news = QueryNews::Ended(self.scope.clone(), outcome);
        let _ = stop.run_until_cancelled(self.tell(news)).await;
    }

    /// Looks until the query is complete; fails when it goes wrong there, or can no longer be looked at from here.
    async fn follow(&self, query: &str) -> Result<(), Problem> {
        let mut failed: Option<Problem> = None;
        let mut failures = 0;
        loop {
            let outcome = failed.as_ref().map_or(Ok(()), Err);
            tokio::time::sleep(pace::delay(LOOK, outcome, failures).unwrap_or_default()).await;
            let leave = Leave::to_call(
                &self.shop,
                Service::LogQueries,
                &self.scope,
                Urgency::Focused,
            )
            .await;
            let (looked, requests) =
                counted(self.shop.cloud.query_results(&self.scope, query)).await;
            leave.settle(
                &self.shop,
                &self.scope,
                looked.as_ref().map(|_| ()),
                requests,
            );
            match looked {
                Ok(results) => {
                    (failed, failures) = (None, 0);
                    let status = results.status;
                    self.tell(QueryNews::Results(self.scope.clone(), Arc::new(results)))
                        .await;
                    match self.end(status) {
                        Some(Ok(())) => return Ok(()),
                        Some(Err(problem)) => return Err(problem),
                        None => {}
                    }
                }
                Err(problem) if is_final(&problem) => return Err(problem),
                Err(problem) => {
                    self.tell(QueryNews::Failing(self.scope.clone(), problem.clone()))
                        .await;
                    failed = Some(problem);
                    failures += 1;
                }
            }
        }
    }

    /// What became of a query of this status, if it has ended.
    fn end(&self, status: QueryStatus) -> Option<Result<(), Problem>> {
        let (kind, what) = match status {
            QueryStatus::Scheduled | QueryStatus::Running | QueryStatus::Unknown => return None,
            QueryStatus::Complete => return Some(Ok(())),
            QueryStatus::Failed => (Kind::Server, "failed"),
            QueryStatus::Cancelled => (Kind::Invalid, "was stopped by somebody else"),
            QueryStatus::Timeout => (
                Kind::Unreachable(Reach::TimedOut),
                "took an hour, and AWS gave up",
            ),
        };
        let problem = Problem::new(kind, format!("The query of {} {what}.", self.scope));
        Some(Err(problem))
    }

    async fn stop(&self, query: &str) {
        let stopping = self.shop.cloud.stop_query(&self.scope, query);
        match tokio::time::timeout(STOPPING, stopping).await {
            Ok(Ok(())) => {}
            Ok(Err(problem)) => tracing::warn!(%problem, "a query was not stopped"),
            Err(_elapsed) => tracing::warn!("a query was not stopped in time"),
        }
    }

    async fn tell(&self, news: QueryNews) {
        // Nobody listens any more only when the house is being left.
        let _ = self.shop.updates.send(Update::Query(self.id, news)).await;
    }
}

/// Whether asking again would bring the same.
fn is_final(problem: &Problem) -> bool {
    match problem.kind {
        Kind::Denied | Kind::Missing | Kind::Invalid | Kind::NotRecognized | Kind::Bug => true,
        Kind::Expired
        | Kind::Throttled
        | Kind::ClockSkew
        | Kind::Capped
        | Kind::Unreachable(_)
        | Kind::Garbled
        | Kind::Server => false,
    }
}
