//! Queries of Insights over regions, and what becomes of them that nobody wants any more.

use crate::support::world::{PROD, PROD_ID, World, account, scope};
use chrono::TimeDelta;
use quarterdeck::domain::{
    Kind, LogSource, QueryResults, QueryStatus, QueryTable, Scope, Untrusted,
};
use quarterdeck::engine::log::{QueryId, QueryNews, QuerySpec};
use quarterdeck::engine::message::{Request, Update};
use quarterdeck::sandbox::{Fault, FaultKind, LogLine, Place, Scenario};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

const QUERY: QueryId = QueryId(1);
const REGIONS: [&str; 3] = ["eu-west-1", "eu-west-2", "us-east-1"];

/// Somebody who asks, and what was answered.
struct Asker {
    world: World,
    results: BTreeMap<Scope, Arc<QueryResults>>,
    ended: BTreeMap<Scope, Result<(), Kind>>,
    failures: Vec<Kind>,
}

impl Asker {
    /// Two lines in each region.
    fn new() -> Self {
        let text = format!(
            r#"seed = 7
            [logs]
            rate = 0.0
            [[account]]
            id = "{PROD_ID}"
            name = "{PROD}"
            access_key = "{PROD_ID}"
            colour = "red"
            guard = "typed"
            regions = {REGIONS:?}
            "#
        );
        let scenario = Scenario::parse(&text).unwrap();
        let world = World::new(&scenario, vec![account(PROD, PROD_ID, &REGIONS)]);
        let now = world.clock.now().timestamp_millis();
        for (number, region) in (0_i64..).zip(REGIONS) {
            let line = |part: i64| LogLine {
                timestamp: now - 60_000 + part * 10_000 + number * 1_000,
                ingestion: now - 1_000,
                message: format!("{region} {part}"),
            };
            let lines: Vec<_> = (0..2).map(line).collect();
            world
                .gateway
                .put_log_events((PROD_ID, region), "/a", "stream", &lines);
        }
        Self {
            world,
            results: BTreeMap::new(),
            ended: BTreeMap::new(),
            failures: Vec::new(),
        }
    }

    async fn ask(&self, text: &str) {
        let now = self.world.clock.now();
        let source = |region: &&str| LogSource {
            scope: scope(PROD, region),
            group: Untrusted::from("/a"),
        };
        let spec = QuerySpec {
            id: QUERY,
            text: text.to_owned(),
            sources: REGIONS.iter().map(source).collect(),
            from: now - TimeDelta::minutes(5),
            until: now + TimeDelta::minutes(1),
        };
        self.world.engine.submit(Request::Query(spec)).await;
    }

    fn deny(
        &self,
        region: &str,
        operation: &str,
        kind: FaultKind,
    ) -> quarterdeck::sandbox::FaultId {
        let place = Place::region(region).service("logs").operation(operation);
        self.world.gateway.inject(Fault::new(place, kind))
    }

    async fn run(&mut self, span: Duration) {
        let until = Instant::now() + span;
        while let Some(update) = self.world.next(until).await {
            match update {
                Update::Query(QUERY, QueryNews::Results(scope, results)) => {
                    self.results.insert(scope, results);
                }
                Update::Query(QUERY, QueryNews::Failing(_, problem)) => {
                    self.failures.push(problem.kind);
                }
                Update::Query(QUERY, QueryNews::Ended(scope, outcome)) => {
                    let outcome = outcome.map_err(|problem| problem.kind);
                    assert_eq!(self.ended.insert(scope, outcome), None, "it ends once");
                }
                _ => {}
            }
        }
    }

    fn asked(&self, operation: &str) -> usize {
        asked(&self.world.gateway, operation)
    }
}

fn asked(gateway: &quarterdeck::sandbox::Gateway, operation: &str) -> usize {
    let requests = gateway.requests();
    let asked = requests.iter().filter(|asked| asked.operation == operation);
    asked.count()
}

#[tokio::test(start_paused = true)]
async fn regions_answer_each_for_itself_and_one_that_refuses_holds_up_none() {
    let mut asker = Asker::new();
    asker.deny("eu-west-2", "StartQuery", FaultKind::AccessDenied);
    let text = "fields @timestamp, @message";
    asker.ask(text).await;
    asker.run(Duration::from_secs(3)).await;
    let ends: Vec<_> = REGIONS
        .iter()
        .map(|region| asker.ended[&scope(PROD, region)])
        .collect();
    assert_eq!(ends, [Ok(()), Err(Kind::Denied), Ok(())]);

    let answers = asker
        .results
        .iter()
        .map(|(scope, results)| (scope, &**results));
    let table = QueryTable::merge(text, answers);
    let messages: Vec<_> = table
        .rows
        .iter()
        .map(|row| row.values[1].unwrap().exact())
        .collect();
    assert_eq!(
        messages,
        ["us-east-1 1", "eu-west-1 1", "us-east-1 0", "eu-west-1 0"],
        "the newest first, over both"
    );
    assert!(table.rows.iter().all(|row| row.pointer.is_some()));
    let results = &asker.results[&scope(PROD, "us-east-1")];
    assert_eq!(results.status, QueryStatus::Complete);
    assert!(results.statistics.records_matched >= 2.0);
    assert!(results.statistics.bytes_scanned > 0.0);
    assert_eq!(
        asker.asked("StopQuery"),
        0,
        "what is complete costs no more"
    );
}

#[tokio::test(start_paused = true)]
async fn a_query_that_cannot_be_looked_at_for_a_while_goes_on() {
    let mut asker = Asker::new();
    let kind = FaultKind::ServerError { status: 500 };
    let fault = asker.deny("eu-west-1", "GetQueryResults", kind);
    asker.ask("fields @message").await;
    asker.run(Duration::from_secs(5)).await;
    assert_eq!(asker.ended.len(), 2);
    assert_eq!(asker.failures[0], Kind::Server);
    asker.world.gateway.heal(fault);
    asker.run(Duration::from_secs(20)).await;
    assert_eq!(asker.ended[&scope(PROD, "eu-west-1")], Ok(()));
    assert_eq!(asker.asked("StartQuery"), 3, "none was started twice");
}

#[tokio::test(start_paused = true)]
async fn a_query_that_may_not_be_looked_at_is_stopped() {
    let mut asker = Asker::new();
    asker.deny("eu-west-1", "GetQueryResults", FaultKind::AccessDenied);
    asker.ask("fields @message").await;
    asker.run(Duration::from_secs(3)).await;
    assert_eq!(asker.ended[&scope(PROD, "eu-west-1")], Err(Kind::Denied));
    assert_eq!(asker.asked("StopQuery"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_query_that_nobody_wants_is_stopped_in_aws() {
    let mut asker = Asker::new();
    asker.ask("fields @message").await;
    asker.run(Duration::from_millis(50)).await;
    asker.world.engine.submit(Request::Unquery(QUERY)).await;
    asker.run(Duration::from_secs(5)).await;
    assert_eq!(asker.asked("StopQuery"), 3);
    assert_eq!(
        (asker.results.len(), asker.ended.len()),
        (0, 0),
        "and says nothing"
    );

    asker.ask("fields @message").await;
    asker.run(Duration::from_secs(3)).await;
    assert_eq!(asker.ended.len(), 3, "its name is free again");
}

#[tokio::test(start_paused = true)]
async fn leaving_the_house_stops_what_runs_in_aws() {
    let mut asker = Asker::new();
    asker.ask("fields @message").await;
    asker.run(Duration::from_millis(50)).await;
    let gateway = asker.world.gateway.clone();
    asker.world.engine.stop().await;
    assert_eq!(asked(&gateway, "StopQuery"), 3);
}

#[tokio::test(start_paused = true)]
async fn a_malformed_query_is_refused_in_every_region_in_words() {
    let mut asker = Asker::new();
    asker.ask("fieldz @message").await;
    asker.run(Duration::from_secs(3)).await;
    assert!(asker.ended.values().all(|end| *end == Err(Kind::Invalid)));
    assert_eq!(asker.ended.len(), 3);
}
