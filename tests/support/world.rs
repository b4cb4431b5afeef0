//! The engine on a sandbox without sockets, in a time that tests move.
//!
//! Paused time and sockets do not mix: tokio leaps whenever every task waits, also while bytes are on their way, and
//! every timeout would fire for nothing. Here a request is a function call.

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use quarterdeck::aws::{Cloud, Link};
use quarterdeck::domain::fleet::Access;
use quarterdeck::domain::store::Attempt;
use quarterdeck::domain::{
    Account, AccountName, Bill, Clock, Credentials, Fleet, Guard, Kind, Region, RegionChoice,
    Scope, Store, Timestamp, Topic, VersionRule,
};
use quarterdeck::engine::message::{Cadence, Request, Update, Wish};
use quarterdeck::engine::{Books, Engine};
use quarterdeck::sandbox::{self, Body, Gateway, Sandbox, Scenario};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// A fleet, its AWS, and an engine between the two.
pub(crate) struct World {
    pub(crate) gateway: Gateway,
    pub(crate) clock: sandbox::Clock,
    pub(crate) fleet: Fleet,
    pub(crate) engine: Engine,
    pub(crate) store: Store,
    /// Every attempt so far, with the time since the start.
    pub(crate) attempts: Vec<Seen>,
    /// What the engine said last of what metrics cost.
    pub(crate) bill: Bill,
    updates: mpsc::Receiver<Update>,
    began: Instant,
    /// Milliseconds that the house's clock has leapt over.
    leapt: Arc<AtomicI64>,
}

/// One attempt as the engine reported it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) after: Duration,
    pub(crate) topic: Topic,
    pub(crate) scope: Scope,
    /// What went wrong, if anything did.
    pub(crate) failure: Option<Kind>,
}

/// The account of the worlds that need only one.
pub(crate) const PROD: &str = "prod";
/// Its twelve digits, which are its access key as well.
pub(crate) const PROD_ID: &str = "123456789012";

/// An account of a sandbox, in these regions.
pub(crate) fn account(name: &str, access_key: &str, regions: &[&str]) -> Account {
    let regions: Vec<Region> = regions.iter().map(|region| Region::new(*region)).collect();
    Account {
        name: AccountName::new(name),
        colour: None,
        guard: Guard::Confirm,
        access: Access::ReadOnly,
        home: regions[0].clone(),
        regions: RegionChoice::Listed(regions),
        credentials: Credentials::Sandbox {
            access_key: access_key.to_owned(),
        },
    }
}

/// A fleet of these accounts.
pub(crate) fn fleet(accounts: Vec<Account>) -> Fleet {
    Fleet {
        accounts,
        version: VersionRule::Tag("version".into()),
        ..Fleet::default()
    }
}

/// When every world begins.
fn start() -> DateTime<Utc> {
    "2026-11-20T14:00:00Z".parse().expect("a time")
}

pub(crate) fn scope(account: &str, region: &str) -> Scope {
    Scope::regional(&AccountName::new(account), &Region::new(region))
}

/// A small AWS whose time goes on with the test's, and our client for it, without an engine.
pub(crate) fn alone(scenario: &Scenario, fleet: &Fleet) -> (Gateway, Cloud) {
    let gateway = Sandbox::without_socket(scenario, &sandbox::Clock::paced(start()));
    let cloud = within(&gateway, fleet);
    (gateway, cloud)
}

/// The accounts of a fleet, reached through a function call.
fn within(gateway: &Gateway, fleet: &Fleet) -> Cloud {
    let link = Link {
        endpoint: Some("http://sandbox.test:1".into()),
        http: Some(SharedHttpClient::new(InProcess(gateway.clone()))),
    };
    Cloud::new(fleet, link)
}

impl World {
    /// The world of a scenario, seen by these accounts. Nothing has been asked yet.
    pub(crate) fn new(scenario: &Scenario, accounts: Vec<Account>) -> Self {
        let clock = sandbox::Clock::manual(start());
        Self::build(scenario, fleet(accounts), clock, Books::nowhere())
    }

    /// The same, in a sandbox whose time goes on with the house's.
    pub(crate) fn in_step(scenario: &Scenario, fleet: Fleet) -> Self {
        let clock = sandbox::Clock::paced(start());
        Self::build(scenario, fleet, clock, Books::nowhere())
    }

    /// One that writes down what it does.
    pub(crate) fn audited(scenario: &Scenario, fleet: Fleet, books: Books) -> Self {
        Self::build(scenario, fleet, sandbox::Clock::manual(start()), books)
    }

    /// The same, in a sandbox whose time goes on with the house's.
    pub(crate) fn booked(scenario: &Scenario, fleet: Fleet, books: Books) -> Self {
        Self::build(scenario, fleet, sandbox::Clock::paced(start()), books)
    }

    /// Another engine that looks at the same AWS in the same time, as a second process would, or a later one.
    pub(crate) fn beside(&self, books: Books) -> Self {
        let of = (self.gateway.clone(), self.clock.clone(), self.began);
        Self::around(of, self.fleet.clone(), books)
    }

    fn build(scenario: &Scenario, fleet: Fleet, clock: sandbox::Clock, books: Books) -> Self {
        let gateway = Sandbox::without_socket(scenario, &clock);
        Self::around((gateway, clock, Instant::now()), fleet, books)
    }

    fn around(
        (gateway, clock, began): (Gateway, sandbox::Clock, Instant),
        fleet: Fleet,
        books: Books,
    ) -> Self {
        let start = start();
        let cloud = Arc::new(within(&gateway, &fleet));
        let leapt = Arc::<AtomicI64>::default();
        let house = VirtualClock {
            start,
            began,
            leapt: Arc::clone(&leapt),
        };
        let (engine, updates) = Engine::start(&fleet, cloud, Arc::new(house), books);
        Self {
            gateway,
            clock,
            fleet,
            engine,
            store: Store::default(),
            attempts: Vec::new(),
            bill: Bill::default(),
            updates,
            began,
            leapt,
        }
    }

    /// Has the house's clock leap, while everything else stands still.
    pub(crate) fn leap(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).expect("a short time");
        self.leapt.fetch_add(by, Ordering::Relaxed);
    }

    /// Watches who every account is, and the stacks of every scope of the fleet.
    pub(crate) async fn watch_stacks(&self, cadence: Duration) {
        let cadence = Cadence::Focused(TimeDelta::from_std(cadence).expect("a short time"));
        let mut wishes = Vec::new();
        for account in &self.fleet.accounts {
            let (topic, scope) = (Topic::Identity, Scope::global(&account.name));
            wishes.push(Wish {
                topic,
                scope,
                cadence: Cadence::Background(TimeDelta::hours(1)),
            });
            for region in self.store.regions_of(account) {
                let (topic, scope) = (Topic::Stacks, Scope::regional(&account.name, &region));
                wishes.push(Wish {
                    topic,
                    scope,
                    cadence,
                });
            }
        }
        self.watch(wishes).await;
    }

    pub(crate) async fn watch(&self, wishes: Vec<Wish>) {
        self.engine.submit(Request::Watch(wishes)).await;
    }

    /// Lets virtual time pass, taking in what the engine says.
    pub(crate) async fn run(&mut self, span: Duration) {
        let until = Instant::now() + span;
        while let Ok(Some(update)) = tokio::time::timeout_at(until, self.updates.recv()).await {
            match update {
                Update::Spent(bill) => self.bill = bill,
                update => update
                    .attempts()
                    .into_iter()
                    .for_each(|it| _ = self.take(it)),
            }
        }
    }

    /// The next thing that the engine says, if it says one before that moment.
    pub(crate) async fn next(&mut self, until: Instant) -> Option<Update> {
        tokio::time::timeout_at(until, self.updates.recv())
            .await
            .ok()
            .flatten()
    }

    /// Runs until an attempt fits, and fails the test if none does within `span` of virtual time.
    pub(crate) async fn run_until(
        &mut self,
        span: Duration,
        mut fits: impl FnMut(&Seen) -> bool,
    ) -> Seen {
        let until = Instant::now() + span;
        while let Ok(Some(update)) = tokio::time::timeout_at(until, self.updates.recv()).await {
            for attempt in update.attempts() {
                let seen = self.take(attempt);
                if fits(&seen) {
                    return seen;
                }
            }
        }
        panic!(
            "Nothing of the kind happened within {span:?}; seen: {:#?}",
            self.attempts
        );
    }

    /// The attempts on one scope's stacks after a moment.
    pub(crate) fn of<'a>(
        &'a self,
        scope: &'a Scope,
        since: Duration,
    ) -> impl Iterator<Item = &'a Seen> {
        self.attempts.iter().filter(move |seen| {
            seen.scope == *scope && seen.topic == Topic::Stacks && seen.after >= since
        })
    }

    pub(crate) fn now(&self) -> Duration {
        self.began.elapsed()
    }

    fn take(&mut self, attempt: Attempt) -> Seen {
        let seen = Seen {
            after: self.began.elapsed(),
            topic: attempt.topic.clone(),
            scope: attempt.scope.clone(),
            failure: attempt.result.as_ref().err().map(|problem| problem.kind),
        };
        self.attempts.push(seen.clone());
        self.store.absorb(attempt);
        seen
    }
}

/// The house's clock, moving with tokio's.
struct VirtualClock {
    start: Timestamp,
    began: Instant,
    leapt: Arc<AtomicI64>,
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        let leapt = TimeDelta::milliseconds(self.leapt.load(Ordering::Relaxed));
        self.start + TimeDelta::from_std(self.began.elapsed()).expect("a short time") + leapt
    }
}

/// What is whole is handed over whole; a stream is read as it comes.
fn sdk_body(body: Body) -> SdkBody {
    match body.whole() {
        Some(bytes) => SdkBody::from(bytes.clone()),
        None => SdkBody::from_body_1_x(body),
    }
}

/// The SDK's connector that calls the sandbox instead of a socket.
#[derive(Clone, Debug)]
struct InProcess(Gateway);

impl HttpClient for InProcess {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for InProcess {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let gateway = self.0.clone();
        HttpConnectorFuture::new(async move {
            let request = request
                .try_into_http1x()
                .map_err(|error| ConnectorError::user(error.into()))?;
            let request =
                request.map(|body| Bytes::copy_from_slice(body.bytes().unwrap_or_default()));
            match gateway.respond(request).await {
                Ok(response) => HttpResponse::try_from(response.map(sdk_body))
                    .map_err(|error| ConnectorError::other(error.into(), None)),
                Err(broken) => {
                    let reset = std::io::Error::new(std::io::ErrorKind::ConnectionReset, broken);
                    Err(ConnectorError::io(reset.into()))
                }
            }
        })
    }
}
