//! Tailing by polling, against a sandbox that knows what it holds.

mod complete;
mod end;
mod failures;
mod poison;
mod quota;
mod range;
mod trouble;

use crate::support::world::{PROD, PROD_ID, World, account, scope};
use chrono::TimeDelta;
use quarterdeck::domain::log::{Millis, timestamp};
use quarterdeck::domain::{Hole, Kind, LogSource, Untrusted};
use quarterdeck::engine::log::{Manner, News, Page, SourceState, TailId, TailSpec};
use quarterdeck::engine::message::{Request, Update};
use quarterdeck::sandbox::{Fault, FaultKind, LogEvent, LogLine, Place, Scenario};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

const TAIL: TailId = TailId(1);
const GROUP: &str = "/test/lines";
/// By so much the sandbox's clock is ahead of ours at most.
const STEP: Duration = Duration::from_millis(20);

/// One event as it was told.
struct Told {
    source: usize,
    id: String,
    time: Millis,
    ingested: Millis,
    /// When, by the sandbox's clock.
    at: Millis,
}

/// A world in which somebody reads logs and writes down what is told.
struct Reader {
    world: World,
    sources: Vec<(String, String)>,
    told: Vec<Told>,
    states: BTreeMap<usize, SourceState>,
    holes: Vec<(usize, Hole)>,
    ended: BTreeMap<usize, Result<(), Kind>>,
    repeated: u64,
    /// Does not give pages back: a door that is slow.
    keeps: Option<Vec<Arc<Page>>>,
}

impl Reader {
    /// Nobody writes but the test; `logs` is what the scenario says about logs.
    fn new(logs: &str, regions: &[&str]) -> Self {
        let text = format!(
            r#"seed = 7
            [logs]
            rate = 0.0
            {logs}
            [[account]]
            id = "{PROD_ID}"
            name = "{PROD}"
            access_key = "{PROD_ID}"
            colour = "red"
            guard = "typed"
            regions = {regions:?}
            "#
        );
        let scenario = Scenario::parse(&text).unwrap();
        Self {
            world: World::new(&scenario, vec![account(PROD, PROD_ID, regions)]),
            sources: Vec::new(),
            told: Vec::new(),
            states: BTreeMap::new(),
            holes: Vec::new(),
            ended: BTreeMap::new(),
            repeated: 0,
            keeps: None,
        }
    }

    /// Now, by the sandbox's clock.
    fn now(&self) -> Millis {
        self.world.clock.now().timestamp_millis()
    }

    /// Puts lines with these times of happening and of becoming readable.
    fn put(&self, region: &str, group: &str, times: impl IntoIterator<Item = (Millis, Millis)>) {
        let lines: Vec<LogLine> = times
            .into_iter()
            .enumerate()
            .map(|(number, (timestamp, ingestion))| LogLine {
                timestamp,
                ingestion,
                message: format!("line {}", number % 7),
            })
            .collect();
        self.world
            .gateway
            .put_log_events((PROD_ID, region), group, "stream", &lines);
    }

    /// Tails these groups from `ago` on.
    async fn tail(&mut self, sources: &[(&str, &str)], ago: Duration, until: Option<Millis>) {
        self.sources = sources
            .iter()
            .map(|(region, group)| ((*region).to_owned(), (*group).to_owned()))
            .collect();
        let source = |(region, group): &(&str, &str)| LogSource {
            scope: scope(PROD, region),
            group: Untrusted::from(*group),
        };
        let spec = TailSpec {
            id: TAIL,
            sources: sources.iter().map(source).collect(),
            pattern: None,
            from: self.world.clock.now() - TimeDelta::from_std(ago).unwrap(),
            until: until.map(timestamp),
            manner: Manner::Polling,
            interval: TimeDelta::seconds(2),
        };
        self.world.engine.submit(Request::Tail(spec)).await;
    }

    async fn finish(&self, until: Millis) {
        let finish = Request::Finish(TAIL, timestamp(until));
        self.world.engine.submit(finish).await;
    }

    /// Lets time pass, both ours and the sandbox's.
    async fn run(&mut self, span: Duration) {
        self.run_until(span, |_| false).await;
    }

    /// Lets time pass until something is so; says whether it came to be.
    async fn run_until(&mut self, span: Duration, is_so: impl Fn(&Self) -> bool) -> bool {
        let end = Instant::now() + span;
        while Instant::now() < end {
            self.world.clock.advance(STEP);
            let until = Instant::now() + STEP;
            while let Some(update) = self.world.next(until).await {
                self.take(update);
            }
            // An engine that has panicked says nothing more, and time would stand still.
            tokio::time::sleep_until(until).await;
            if is_so(self) {
                return true;
            }
        }
        false
    }

    fn take(&mut self, update: Update) {
        let Update::Log(TAIL, news) = update else {
            return;
        };
        match news {
            News::Page(page) => {
                let at = self.now();
                self.repeated += page.repeated;
                self.told.extend(page.events.iter().map(|event| Told {
                    source: page.source,
                    id: event.id.to_owned(),
                    time: event.time,
                    ingested: event.ingested,
                    at,
                }));
                if let Some(kept) = &mut self.keeps {
                    kept.push(page);
                }
            }
            News::State(source, state) => _ = self.states.insert(source, *state),
            News::Hole(source, hole) => self.holes.push((source, hole)),
            News::Ended(source, outcome) => {
                let outcome = outcome.map_err(|problem| problem.kind);
                assert_eq!(
                    self.ended.insert(source, outcome),
                    None,
                    "a source ends once"
                );
            }
        }
    }

    fn has_ended(&self) -> bool {
        self.ended.len() == self.sources.len()
    }

    fn break_logs(&self, region: &str, kind: FaultKind) -> quarterdeck::sandbox::FaultId {
        let place = Place::region(region).service("logs");
        self.world.gateway.inject(Fault::new(place, kind))
    }

    /// What a source held between two moments.
    fn truth(&self, source: usize, from: Millis, until: Millis) -> Vec<LogEvent> {
        let (region, group) = &self.sources[source];
        self.world
            .gateway
            .log_truth((PROD_ID, region), group, from..until)
    }

    /// Fails unless every event between two moments was told exactly once, but those at `except`.
    fn assert_complete(&self, from: Millis, until: Millis, except: &[Millis]) {
        for source in 0..self.sources.len() {
            let mut told: HashMap<&str, u32> = HashMap::new();
            for event in self.told.iter().filter(|told| told.source == source) {
                *told.entry(&event.id).or_default() += 1;
            }
            let truth = self.truth(source, from, until);
            let expected = truth
                .iter()
                .filter(|event| !except.contains(&event.timestamp));
            let missing: Vec<_> = expected
                .filter(|event| !told.contains_key(event.id().as_str()))
                .map(|event| (event.timestamp, event.ingestion - event.timestamp))
                .collect();
            let repeated = told.values().filter(|times| **times > 1).count();
            assert!(
                missing.is_empty() && repeated == 0,
                "of {} events of {:?}, {} are missing (time, lateness: {:?}), {repeated} repeated",
                truth.len(),
                self.sources[source],
                missing.len(),
                &missing[..missing.len().min(5)],
            );
        }
    }

    /// The statuses of the pages asked for so far, and of which group.
    fn asked(&self) -> Vec<(Option<u16>, String, Duration)> {
        let began = self.world.gateway.requests()[0].at;
        let requests = self.world.gateway.requests().into_iter();
        requests
            .filter(|request| request.operation == "FilterLogEvents")
            .map(|request| {
                let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
                (
                    request.status,
                    body["logGroupName"].as_str().unwrap().to_owned(),
                    (request.at - began).to_std().unwrap_or_default(),
                )
            })
            .collect()
    }
}

/// Numbers without pattern, the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: i64) -> i64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap() % bound
    }
}
