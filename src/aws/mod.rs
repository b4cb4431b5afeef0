//! The adapters: SDK shapes in, nouns of [`domain`](crate::domain) out, and nothing else.
//!
//! This is the only room that names an AWS crate. [`Cloud`] is its one door: a question ([`Topic`]) and a place
//! ([`Scope`]) go in, a [`Reading`] or a [`Problem`] in an operator's words comes out. It decides nothing about
//! when to ask, how often, or what to do about a failure; that is the engine's.

mod accelerator;
mod account;
mod balancers;
mod ca_bundle;
mod change_sets;
mod cloudwatch;
mod drift;
mod endpoint;
mod events;
mod http;
mod identity;
mod lambda;
mod link;
mod logs;
mod mend;
mod operate;
mod outside;
mod owner;
mod page;
mod parameters;
mod policy;
mod problem;
mod profile;
mod query;
mod raw;
mod regions;
mod resources;
mod session;
mod shape;
mod source;
mod stacks;
mod switch;
mod tally;
mod template;
mod wall;
mod wallet;
mod warrant;
mod whole;

pub use crate::domain::operation::{Echo, Standing, TemplateNeeds, TemplateParameter};
pub use cloudwatch::{METRICS_AT_MOST, MetricsAnswer, MetricsQuestion, POINTS_AT_MOST};
pub use link::Link;
pub use logs::{EventsPage, EventsQuestion, QUERY_GROUPS, QueryQuestion};
pub use logs::{LIVE_GROUPS, LiveQuestion, LiveTail, LiveUpdate};
pub use operate::{Draft, Drafted, Miscarriage};
pub use outside::Outside;
pub use policy::reading_policy;
pub use tally::counted;
pub use warrant::Warrant;

use crate::domain::{
    AccountName, Fleet, Invocation, Invoked, Kind, Problem, Reading, Region, Scope, Topic,
};
use account::Account;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use problem::{Asking, Failure, Subject};
use session::Session;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use switch::Switch;
use tokio::sync::OnceCell;

/// The fleet's accounts, reachable.
///
/// Share it as an `Arc`: every method takes `&self`, may be called from many tasks at once, and a slow account
/// never holds up another one.
#[derive(Debug)]
pub struct Cloud {
    accounts: BTreeMap<AccountName, Account>,
    link: Link,
    /// Made by the first question: loading certificates takes a third of a second on some systems.
    http: OnceCell<Switch>,
    /// The same for connections that stay open.
    streams: OnceCell<Switch>,
}

impl Cloud {
    /// Cheap and without I/O: files, sockets and credentials are touched by the first question about an account.
    pub fn new(fleet: &Fleet, link: Link) -> Self {
        let account =
            |plan: &crate::domain::Account| (plan.name.clone(), Account::new(plan.clone()));
        Self {
            accounts: fleet.accounts.iter().map(account).collect(),
            link,
            http: OnceCell::new(),
            streams: OnceCell::new(),
        }
    }

    /// Asks AWS once.
    ///
    /// A first page gets one attempt, since whoever polls comes back anyway; later pages get three. Credentials that
    /// worked and are refused are fetched anew, and the question is put once more: nothing but questions comes this
    /// way. Dropping the future cancels the question.
    pub async fn read(&self, topic: &Topic, scope: &Scope) -> Result<Reading, Problem> {
        let account = self.account(&scope.account)?;
        let place = scope.region().unwrap_or(&account.plan().home);
        let question = |session| answering(read(session, topic, place));
        self.put(account, scope, Subject::Topic(topic), question)
            .await
    }

    /// One page of a group's events.
    pub async fn log_events(
        &self,
        scope: &Scope,
        question: &EventsQuestion,
    ) -> Result<EventsPage, Problem> {
        let account = self.account(&scope.account)?;
        let place = scope.region().unwrap_or(&account.plan().home);
        let subject = Subject::LogEvents(&question.group);
        let question = |session| answering(logs::events(session, place, question));
        self.put(account, scope, subject, question).await
    }

    /// Everything that is wanted of a region's metrics in one window, which costs by the metric.
    pub async fn metrics(
        &self,
        scope: &Scope,
        question: &MetricsQuestion,
    ) -> Result<MetricsAnswer, Problem> {
        let account = self.account(&scope.account)?;
        let place = scope.region().unwrap_or(&account.plan().home);
        let question = |session: Arc<Session>| {
            answering(
                async move { cloudwatch::metrics(&session.cloudwatch(place), question).await },
            )
        };
        self.put(account, scope, Subject::Metrics, question).await
    }

    /// Calls a function and waits for its answer. May change whatever the function changes, so it is sent once.
    pub async fn invoke(
        &self,
        warrant: &Warrant,
        scope: &Scope,
        asked: &Invocation,
    ) -> Result<Invoked, Problem> {
        let subject = Subject::Invocation(asked);
        self.under(warrant, scope, subject, |session, place| {
            let client = session.lambda(place);
            Box::pin(async move {
                let invoked = lambda::invoke(&client, asked).await;
                invoked.map_err(operate::Mishap::Sending)
            })
        })
        .await
        .map_err(Miscarriage::into_problem)
    }

    /// Puts a question that changes nothing, once more if the credentials were refused that had worked.
    async fn put<'q, T>(
        &self,
        account: &Account,
        scope: &Scope,
        subject: Subject<'_>,
        question: impl Fn(Arc<Session>) -> Answering<'q, T>,
    ) -> Result<T, Problem> {
        let mut session = self.session(account).await?;
        let mut asked = ask(&session, &question).await;
        if asked.as_ref().is_err_and(Failure::is_lapse) && session.has_worked() {
            account.forget_this(&session);
            session = self.session(account).await?;
            asked = ask(&session, &question).await;
        }
        let problem = match asked {
            Ok(answer) => {
                session.works();
                return Ok(answer);
            }
            Err(failure) => Asking {
                subject,
                scope,
                renewal: session.wallet().renewal(),
            }
            .problem(&failure),
        };
        if problem.kind == Kind::Expired {
            // Providers remember what they have read from disk; only a new session reads it again.
            account.forget_this(&session);
        }
        Err(problem)
    }

    /// Makes sure that an account's session is open and its credentials are at hand, and asks AWS nothing else.
    ///
    /// May take a minute when a program waits for a person. A failure is that of whoever issues the credentials, not
    /// of a region.
    pub async fn ready(&self, account: &AccountName) -> Result<(), Problem> {
        let account = self.account(account)?;
        let session = self.session(account).await?;
        let Err(problem) = session.wallet().credentials().await else {
            return Ok(());
        };
        if problem.kind == Kind::Expired {
            // As in `read`.
            account.forget_this(&session);
        }
        Err(problem)
    }

    /// Forgets an account's credentials and everything made with them, and reads its configuration anew. What is
    /// being asked meanwhile ends with the old ones.
    pub async fn renew(&self, account: &AccountName) {
        if let Some(account) = self.accounts.get(account) {
            account.forget();
            // A failure is told to the next question, which meets it again.
            let _ = self.session(account).await;
        }
    }

    /// Leaves every idle connection behind: whoever was at their other ends has forgotten them while the machine
    /// slept. The next question is put on a fresh one; sessions and credentials stay.
    pub async fn reconnect(&self) {
        for (switch, connections) in [
            (&self.http, http::QUESTIONS),
            (&self.streams, http::STREAMS),
        ] {
            let Some(switch) = switch.get() else {
                continue;
            };
            let link = self.link.clone();
            // Reads certificates from disk. If they became unreadable, what there is has to do.
            let connecting = tokio::task::spawn_blocking(move || link.connector(connections));
            if let Ok(Ok(client)) = connecting.await {
                switch.turn(mend::around(client));
            }
        }
    }

    /// The files and directories whose change means that an account may have new credentials.
    pub fn credential_files(&self, account: &AccountName) -> Vec<PathBuf> {
        self.accounts
            .get(account)
            .map(Account::files)
            .unwrap_or_default()
    }

    async fn session(&self, account: &Account) -> Result<Arc<Session>, Problem> {
        let http = self.connected(&self.http, http::QUESTIONS).await?;
        Ok(Box::pin(account.session(&self.link, &http)).await)
    }

    /// What connections that stay open are made with.
    async fn streams(&self) -> Result<SharedHttpClient, Problem> {
        self.connected(&self.streams, http::STREAMS).await
    }

    async fn connected(
        &self,
        switch: &OnceCell<Switch>,
        connections: usize,
    ) -> Result<SharedHttpClient, Problem> {
        let connect = async || {
            let client = self.link.connector(connections).map(mend::around)?;
            Ok(Switch::new(client))
        };
        Ok(switch.get_or_try_init(connect).await?.client())
    }

    fn account(&self, name: &AccountName) -> Result<&Account, Problem> {
        self.accounts.get(name).ok_or_else(|| {
            Problem::new(Kind::Bug, format!("The fleet has no account named {name}."))
        })
    }
}

/// An answer on its way. Boxed, because the SDK's futures take kilobytes that every caller would carry.
type Answering<'q, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send + 'q>>;

fn answering<'q, T>(
    answer: impl Future<Output = Result<T, Failure>> + Send + 'q,
) -> Answering<'q, T> {
    Box::pin(answer)
}

/// Loads the session's credentials and puts the question.
async fn ask<'q, T>(
    session: &Arc<Session>,
    question: &impl Fn(Arc<Session>) -> Answering<'q, T>,
) -> Result<T, Failure> {
    session
        .wallet()
        .credentials()
        .await
        .map_err(Failure::Worded)?;
    question(Arc::clone(session)).await
}

async fn read(session: Arc<Session>, topic: &Topic, place: &Region) -> Result<Reading, Failure> {
    let session = &*session;
    let stacks = || session.cloudformation(place);
    let lambda = || session.lambda(place);
    let cloudwatch = || session.cloudwatch(place);
    Ok(match topic {
        Topic::Identity => Reading::Identity(identity::get(session, place).await?),
        Topic::Regions => Reading::Regions(regions::list(session, place).await?),
        Topic::Stacks => Reading::Stacks(stacks::describe(&stacks()).await?),
        Topic::Events(id) => Reading::Events(events::describe(&stacks(), id).await?),
        Topic::Resources(id) => Reading::Resources(resources::list(&stacks(), id).await?),
        Topic::Template(id) => Reading::Template(template::get(&stacks(), id).await?),
        Topic::ChangeSets(id) => Reading::ChangeSets(change_sets::describe(&stacks(), id).await?),
        Topic::Drift(id) => Reading::Drift(drift::describe(&stacks(), id).await?),
        Topic::LogGroups(prefix) => {
            Reading::LogGroups(logs::groups(&session.logs(place), prefix).await?)
        }
        Topic::FunctionLog(name) => Reading::FunctionLog(lambda::log_group(&lambda(), name).await?),
        Topic::Functions => Reading::Functions(lambda::functions(&lambda()).await?),
        Topic::Function(name) => Reading::Function(lambda::function(&lambda(), name).await?.into()),
        Topic::Versions(name) => Reading::Versions(lambda::versions(&lambda(), name).await?),
        Topic::Aliases(name) => Reading::Aliases(lambda::aliases(&lambda(), name).await?),
        Topic::EventSources(name) => {
            Reading::EventSources(lambda::event_sources(&lambda(), name).await?)
        }
        Topic::Concurrency(name) => {
            Reading::Concurrency(lambda::concurrency(&lambda(), name).await?)
        }
        Topic::LambdaLimits => Reading::LambdaLimits(lambda::limits(&lambda()).await?),
        Topic::Owner(physical) => Reading::Owner(owner::find(&stacks(), physical).await?),
        Topic::Alarms => Reading::Alarms(cloudwatch::alarms(&cloudwatch()).await?),
        Topic::AlarmHistory(name) => {
            Reading::AlarmHistory(cloudwatch::history(&cloudwatch(), name).await?)
        }
        Topic::Accelerators => {
            Reading::Accelerators(accelerator::accelerators(&session.accelerator()).await?)
        }
        Topic::Listeners(arn, routing) => {
            let client = session.accelerator();
            Reading::Listeners(accelerator::listeners(&client, arn, *routing).await?)
        }
        Topic::Attachments => {
            Reading::Attachments(accelerator::attachments(&session.accelerator()).await?)
        }
        Topic::Balancer(arn) => {
            Reading::Balancer(Box::new(balancers::describe(session, place, arn).await?))
        }
        Topic::Parameters(path) => {
            Reading::Parameters(parameters::list(session, place, path).await?)
        }
        Topic::Metrics(_, _) => {
            let what = "Metrics are asked for with their window, many at once.";
            return Err(Failure::Worded(Problem::new(Kind::Bug, what)));
        }
        Topic::LastErrors(_) => {
            let what = "Log lines are asked for with the moments that they lie between.";
            return Err(Failure::Worded(Problem::new(Kind::Bug, what)));
        }
    })
}

#[cfg(test)]
mod tests;
