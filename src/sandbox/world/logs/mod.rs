//! The log groups of the world.
//!
//! A group's lines have two sources: what its [`source`] makes up for whatever window is asked about, and
//! what was put into it. Both are read together, in order of time ([`group::Group::written`]); an event can
//! be read once its ingestion time has come ([`group::Group::readable`]). The groups of an account and
//! region are made when somebody first asks there, so a large world costs nothing that nobody looks at.

mod event;
mod found;
mod group;
mod kept;
mod reading;
mod source;
mod voice;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

pub use event::LogEvent;
pub(in crate::sandbox) use event::Position;
pub(in crate::sandbox) use group::{Group, Stream};
pub use kept::LogLine;
pub(in crate::sandbox) use reading::Streams;

use super::World;
use crate::sandbox::bucket::Bucket;
use crate::sandbox::failure::Refusal;
use crate::sandbox::scenario::{LogGroupPlan, LogLinePlan, LogsPlan, Plan};

/// The groups of one account in one region, by name.
type Shelf = BTreeMap<String, Arc<Group>>;

#[derive(Debug)]
pub(in crate::sandbox) struct Logs {
    pub(in crate::sandbox) plan: LogsPlan,
    groups: Vec<LogGroupPlan>,
    lines: Vec<LogLinePlan>,
    /// Account id → name, the busiest first.
    accounts: Vec<(String, String)>,
    /// When the world began, in milliseconds since the epoch.
    began: i64,
    shelves: Mutex<BTreeMap<(String, String), Shelf>>,
    /// By account, region and operation.
    buckets: Mutex<BTreeMap<[String; 3], Bucket>>,
}

impl Logs {
    pub(super) fn new(plan: &Plan, began: DateTime<Utc>) -> Logs {
        let accounts = plan.account.iter();
        Logs {
            plan: plan.logs,
            groups: plan.log_group.clone(),
            lines: plan.log_line.clone(),
            accounts: accounts
                .map(|account| (account.id.clone(), account.name.clone()))
                .collect(),
            began: began.timestamp_millis(),
            shelves: Mutex::default(),
            buckets: Mutex::default(),
        }
    }

    /// Whether one more request is within a rate; asking counts.
    pub(in crate::sandbox) fn take(
        &self,
        place: [String; 3],
        per_second: f64,
        now: DateTime<Utc>,
    ) -> bool {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets
            .entry(place)
            .or_insert_with(|| Bucket::full(per_second, now));
        bucket.take(per_second, per_second, now)
    }

    /// Whether the account is the scenario's first.
    pub(in crate::sandbox) fn is_first(&self, account: &str) -> bool {
        self.accounts.first().is_some_and(|(id, _)| id == account)
    }

    fn shelves(&self) -> MutexGuard<'_, BTreeMap<(String, String), Shelf>> {
        self.shelves.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl World {
    /// Does something with the groups of an account and region.
    fn with_shelf<T>(
        &self,
        account: &str,
        region: &str,
        act: impl FnOnce(&mut Shelf) -> T,
    ) -> Result<T, Refusal> {
        let estate = self.estate(account, region)?;
        let mut shelves = self.logs.shelves();
        let shelf = shelves
            .entry((account.to_owned(), region.to_owned()))
            .or_insert_with(|| found::shelf(self, estate, account, region));
        Ok(act(shelf))
    }

    /// All groups there, by name.
    pub(in crate::sandbox) fn log_groups(
        &self,
        account: &str,
        region: &str,
    ) -> Result<Vec<Arc<Group>>, Refusal> {
        self.with_shelf(account, region, |shelf| shelf.values().cloned().collect())
    }

    /// A group by its name or its ARN, with or without `:*`.
    pub(in crate::sandbox) fn log_group(
        &self,
        account: &str,
        region: &str,
        name: &str,
    ) -> Result<Option<Arc<Group>>, Refusal> {
        let name = if name.starts_with("arn:") {
            let prefix = group_arn(account, region, "");
            match name.strip_prefix(&prefix) {
                Some(name) => name.strip_suffix(":*").unwrap_or(name),
                None => return Ok(None),
            }
        } else {
            name
        };
        self.with_shelf(account, region, |shelf| shelf.get(name).cloned())
    }

    /// Makes an empty group, or returns the one of that name as the error.
    pub(in crate::sandbox) fn make_log_group(
        &self,
        (account, region): (&str, &str),
        name: &str,
        class: &str,
        now: i64,
    ) -> Result<Result<Arc<Group>, Arc<Group>>, Refusal> {
        let made = found::empty(self.seed, (account, region), name, class, now);
        self.with_shelf(account, region, |shelf| {
            if let Some(known) = shelf.get(name) {
                return Err(Arc::clone(known));
            }
            let group = Arc::new(made);
            shelf.insert(name.to_owned(), Arc::clone(&group));
            Ok(group)
        })
    }

    pub(in crate::sandbox) fn drop_log_group(
        &self,
        account: &str,
        region: &str,
        name: &str,
    ) -> Result<Option<Arc<Group>>, Refusal> {
        self.with_shelf(account, region, |shelf| shelf.remove(name))
    }
}

/// Without `:*`.
fn group_arn(account: &str, region: &str, name: &str) -> String {
    format!("arn:aws:logs:{region}:{account}:log-group:{name}")
}

#[cfg(test)]
mod tests;
