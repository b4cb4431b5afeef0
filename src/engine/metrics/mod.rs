//! Metrics: everything that is wished of a region goes into one request a minute.
//!
//! AWS charges for each metric in each request, and not for how far back it goes. So the wishes of a scope are gathered
//! ([`batch`]), asked for on a common beat ([`beat`]), and held against the operator's cap ([`ledger`]) before anything
//! is sent. Each wish is answered on its own, as by a poller.

mod batch;
mod beat;
mod ledger;
mod survey;

use super::Shop;
use super::message::{Cadence, Wish};
use crate::domain::{Dollars, Grain, Scope, Subject, Topic};
use ledger::Ledger;
use std::collections::BTreeMap;
use std::sync::Arc;
use survey::Survey;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

/// What is measured, and in which window.
type Item = (Subject, Grain);

/// Everything that is wished of one scope.
type Wishes = BTreeMap<Item, Cadence>;

/// The surveys that run, one for each scope that metrics are wished of.
pub(super) struct Surveys {
    shop: Shop,
    ledger: Arc<Ledger>,
    running: BTreeMap<Scope, Handle>,
}

/// What is kept of a survey.
struct Handle {
    wishes: watch::Sender<Wishes>,
    /// Asks for everything at once.
    nudge: Arc<Notify>,
}

impl Surveys {
    pub(super) fn new(shop: Shop, cap: Dollars) -> Self {
        Self {
            shop,
            ledger: Arc::new(Ledger::new(cap)),
            running: BTreeMap::new(),
        }
    }

    /// Takes the metrics out of a wish list, and keeps the surveys in step with them.
    pub(super) fn replace(&mut self, tasks: &mut JoinSet<()>, list: &mut Vec<Wish>) {
        let mut wanted: BTreeMap<Scope, Wishes> = BTreeMap::new();
        list.retain(|wish| {
            let Topic::Metrics(subject, grain) = &wish.topic else {
                return true;
            };
            let here = wanted.entry(wish.scope.clone()).or_default();
            here.insert((subject.clone(), *grain), wish.cadence);
            false
        });
        // Where nothing is wished any more, the survey remembers what was answered last, and rests.
        for scope in self.running.keys() {
            wanted.entry(scope.clone()).or_default();
        }
        for (scope, wishes) in wanted {
            match self.running.get(&scope) {
                Some(handle) => {
                    handle.wishes.send_if_modified(|current| {
                        let is_news = *current != wishes;
                        *current = wishes;
                        is_news
                    });
                }
                None => self.start(tasks, &scope, wishes),
            }
        }
    }

    fn start(&mut self, tasks: &mut JoinSet<()>, scope: &Scope, wishes: Wishes) {
        let (sender, receiver) = watch::channel(wishes);
        let handle = Handle {
            wishes: sender,
            nudge: Arc::new(Notify::new()),
        };
        let survey = Survey::new(
            self.shop.clone(),
            Arc::clone(&self.ledger),
            scope.clone(),
            receiver,
            Arc::clone(&handle.nudge),
        );
        let stop = self.shop.stop.clone();
        tasks.spawn(async move {
            // Dropping the future drops the request.
            let _ = stop.run_until_cancelled(survey.run()).await;
        });
        self.running.insert(scope.clone(), handle);
    }

    /// Asks for everything in a scope, or everywhere, without waiting for the beat.
    pub(super) fn nudge(&self, scope: Option<&Scope>) {
        let meant = self
            .running
            .iter()
            .filter(|(of, _)| scope.is_none_or(|scope| scope == *of));
        meant.for_each(|(_, handle)| handle.nudge.notify_one());
    }
}
