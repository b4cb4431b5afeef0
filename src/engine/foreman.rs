//! Keeps the pollers in step with the wish list.

use super::log::{Queries, Sieves, Tails};
use super::message::{Request, Update, Wish};
use super::metrics::Surveys;
use super::operator::Operator;
use super::poller::{Handle, Poller};
use super::{Shop, invoke, renewal, sleep};
use crate::domain::{Fleet, Scope, Topic};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// After a sleep, the first questions are spread over this long.
const SPREAD: Duration = Duration::from_secs(5);

/// Runs until the engine stops; ends every task it started.
pub(super) async fn run(shop: Shop, mut inbox: mpsc::Receiver<Request>, fleet: Fleet) {
    let mut tasks = JoinSet::new();
    let mut pollers: BTreeMap<(Topic, Scope), Handle> = BTreeMap::new();
    for account in &fleet.accounts {
        tasks.spawn(renewal::run(shop.clone(), account.name.clone()));
    }
    let mut operator = Operator::new(shop.clone(), &fleet);
    let mut surveys = Surveys::new(shop.clone(), fleet.spending.0);
    let mut tails = Tails::new(shop.clone());
    let mut queries = Queries::new(shop.clone());
    let mut sieves = Sieves::new(shop.clone());
    let mut watch = sleep::Watch::new(shop.clock.as_ref());
    loop {
        tokio::select! {
            biased;
            () = shop.stop.cancelled() => break,
            request = inbox.recv() => match request {
                Some(Request::Watch(mut wishes)) => {
                    surveys.replace(&mut tasks, &mut wishes);
                    replace(&shop, &mut tasks, &mut pollers, wishes);
                }
                Some(Request::Refresh(scope)) => {
                    shop.gates.knock(|account| scope.as_ref().is_none_or(|scope| scope.account == *account));
                    nudge(&pollers, scope.as_ref());
                    surveys.nudge(scope.as_ref());
                }
                Some(Request::Tail(spec)) => tails.tail(&mut tasks, spec),
                Some(Request::Finish(id, until)) => tails.finish(id, until),
                Some(Request::Untail(id)) => tails.drop(id),
                Some(Request::Query(spec)) => queries.query(&mut tasks, spec),
                Some(Request::Unquery(id)) => queries.drop(id),
                Some(Request::Invoke(id, scope, asked)) => {
                    tasks.spawn(invoke::run(shop.clone(), id, scope, asked));
                }
                Some(Request::Sift(job)) => sieves.sift(&mut tasks, job),
                Some(Request::Operate(order)) => operator.handle(&mut tasks, order),
                None => break,
            },
            slept = watch.slept(shop.clock.as_ref()) => {
                let _ = shop.updates.send(Update::Slept(slept)).await;
                shop.cloud.reconnect().await;
                spread(&shop, &mut tasks, &pollers);
                surveys.nudge(None);
                tails.wake();
            }
            // Finished pollers are collected as they finish; a panic in one must not vanish.
            Some(ended) = tasks.join_next(), if !tasks.is_empty() => if let Err(error) = ended && error.is_panic() {
                std::panic::resume_unwind(error.into_panic());
            },
        }
    }
    queries.close().await;
    operator.close().await;
    tasks.shutdown().await;
    operator.settled().await;
}

/// Stops what is no longer wished for, starts what is new, tells the others their cadence.
fn replace(
    shop: &Shop,
    tasks: &mut JoinSet<()>,
    pollers: &mut BTreeMap<(Topic, Scope), Handle>,
    wishes: Vec<Wish>,
) {
    let mut wanted = BTreeMap::new();
    for wish in wishes {
        let key = (wish.topic.clone(), wish.scope.clone());
        let running = pollers
            .remove(&key)
            .filter(|handle| handle.serves(wish.cadence));
        let handle = if let Some(handle) = running {
            handle.cadence.send_if_modified(|cadence| {
                std::mem::replace(cadence, wish.cadence) != wish.cadence
            });
            handle
        } else {
            let (poller, handle) = Poller::new(shop.clone(), wish);
            tasks.spawn(poller.run());
            handle
        };
        wanted.insert(key, handle);
    }
    let unwanted = std::mem::replace(pollers, wanted);
    for handle in unwanted.values() {
        handle.stop.cancel();
    }
}

fn nudge(pollers: &BTreeMap<(Topic, Scope), Handle>, scope: Option<&Scope>) {
    let meant = pollers
        .iter()
        .filter(|((_, of), _)| scope.is_none_or(|scope| scope == of));
    meant.for_each(|(_, handle)| handle.nudge.notify_one());
}

/// Asks everything again soon, but not everything at once.
fn spread(shop: &Shop, tasks: &mut JoinSet<()>, pollers: &BTreeMap<(Topic, Scope), Handle>) {
    let step = SPREAD / u32::try_from(pollers.len().max(1)).unwrap_or(u32::MAX);
    let nudges: Vec<_> = pollers
        .values()
        .map(|handle| handle.nudge.clone())
        .collect();
    let stop = shop.stop.clone();
    tasks.spawn(async move {
        let nudging = async {
            for nudge in nudges {
                nudge.notify_one();
                tokio::time::sleep(step).await;
            }
        };
        let _ = stop.run_until_cancelled(nudging).await;
    });
}
