//! The queries that run, each in as many regions as its groups are in.

use super::query::Query;
use super::{QueryId, QueryNews, QuerySpec};
use crate::aws::{QUERY_GROUPS, QueryQuestion};
use crate::domain::{Kind, Problem, Scope, Untrusted};
use crate::engine::Shop;
use crate::engine::message::Update;
use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long the house waits, when it is left, for queries to be stopped in AWS.
const FAREWELL: Duration = Duration::from_secs(3);

/// Every query, and how it is stopped.
pub(in crate::engine) struct Queries {
    shop: Shop,
    running: BTreeMap<QueryId, Running>,
    tracker: TaskTracker,
}

/// A query, in however many regions.
struct Running {
    stop: CancellationToken,
    /// Gone when every region has ended.
    alive: Weak<()>,
}

impl Queries {
    pub(in crate::engine) fn new(shop: Shop) -> Self {
        Self {
            shop,
            running: BTreeMap::new(),
            tracker: TaskTracker::new(),
        }
    }

    /// Starts a query; one of the same id that runs is stopped.
    pub(in crate::engine) fn query(&mut self, tasks: &mut JoinSet<()>, spec: QuerySpec) {
        self.drop(spec.id);
        self.running
            .retain(|_, running| running.alive.strong_count() > 0);
        let (stop, alive) = (CancellationToken::new(), Arc::new(()));
        let mut scopes: BTreeMap<Scope, Vec<Untrusted>> = BTreeMap::new();
        for source in spec.sources {
            scopes.entry(source.scope).or_default().push(source.group);
        }
        for (scope, groups) in scopes {
            if groups.len() > QUERY_GROUPS {
                let problem = too_many(&scope, groups.len());
                let news = Update::Query(spec.id, QueryNews::Ended(scope, Err(problem)));
                let updates = self.shop.updates.clone();
                tasks.spawn(async move {
                    let _ = updates.send(news).await;
                });
                continue;
            }
            let query = Query {
                shop: self.shop.clone(),
                id: spec.id,
                scope,
                question: QueryQuestion {
                    groups,
                    text: spec.text.clone(),
                    from: spec.from.timestamp_millis(),
                    until: spec.until.timestamp_millis(),
                },
                stop: stop.clone(),
            };
            let alive = Arc::clone(&alive);
            tasks.spawn(self.tracker.track_future(async move {
                query.run().await;
                drop(alive);
            }));
        }
        let alive = Arc::downgrade(&alive);
        self.running.insert(spec.id, Running { stop, alive });
    }

    /// Stops a query, here and in AWS.
    pub(in crate::engine) fn drop(&mut self, id: QueryId) {
        if let Some(running) = self.running.remove(&id) {
            running.stop.cancel();
        }
    }

    /// Stops everything, and waits until AWS knows: what runs on there costs money.
    pub(in crate::engine) async fn close(self) {
        for running in self.running.values() {
            running.stop.cancel();
        }
        self.tracker.close();
        // Who cannot be told in time ends by itself, within the hour that AWS allows.
        let _ = tokio::time::timeout(FAREWELL, self.tracker.wait()).await;
    }
}

fn too_many(scope: &Scope, groups: usize) -> Problem {
    Problem::new(
        Kind::Invalid,
        format!(
            "Insights reads {QUERY_GROUPS} log groups at once, and these are {groups} of {scope}."
        ),
    )
    .hint("Choose fewer groups.")
}
