//! Everything the sandbox knows: accounts, their regions, and the stacks in them.
//!
//! A world is built once from a scenario, a seed and a starting time, and is then read: what changes is the
//! time it is asked about. Two worlds built alike answer alike, byte for byte.

pub(super) mod accelerator;
mod ailment;
mod alarm;
pub(super) mod balancer;
mod build;
pub(super) mod deploy;
mod failing;
pub(super) mod function;
pub(super) mod health;
pub(super) mod lambda;
pub(super) mod ledger;
pub(super) mod logs;
pub(super) mod metrics;
pub(super) mod parameter;
mod physical;
mod play;
pub(super) mod query;
pub(super) mod random;
pub(super) mod region;
mod seat;
pub(super) mod shelf;
pub(super) mod stack;
pub(super) mod traffic;
mod watch;
pub(super) mod work;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

use accelerator::{Accelerator, Attachment};
use alarm::Track;
pub(super) use alarm::{Alarm, AlarmKind};
use balancer::Balancer;
pub use failing::FailingUpdate;
use failing::Failings;
use health::Spell;
use lambda::{Lambda, Release};
use ledger::Ledger;
use logs::Logs;
pub use logs::{LogEvent, LogLine};
use parameter::Parameter;
use query::Queries;
use region::OptIn;
pub(super) use seat::Seat;
use seat::Seats;
use shelf::Bucket;
use stack::Stack;
use work::Works;

use super::credential::{Credential, Session};
use super::failure::Refusal;
use super::meter::Meter;
use super::scenario::{PacePlan, Pages, Scenario, WorkPlan};

#[derive(Debug)]
pub(super) struct World {
    pub(super) seed: u64,
    pub(super) began: DateTime<Utc>,
    pub(super) pages: Pages,
    pace: PacePlan,
    pub(super) accounts: BTreeMap<String, Account>,
    /// What is wrong with instances and addresses, by their ids.
    hosts: BTreeMap<String, Vec<Spell>>,
    pub(super) attachments: Vec<Attachment>,
    pub(super) tokens: Vec<Token>,
    /// Live Tail sessions that are going on.
    pub(super) live_tails: Seats,
    /// Insights queries that clients have started.
    pub(super) queries: Queries,
    /// When drift detections that clients asked for are done, by stack. This, stacks, logs, functions, accelerators,
    /// what can be stopped and the states of alarms are what a client can change.
    checks: Mutex<BTreeMap<String, Vec<DateTime<Utc>>>>,
    /// Held by who changes stacks: what is read before a change is still so when it is written.
    writing: Mutex<()>,
    pub(super) failings: Failings,
    pub(super) logs: Logs,
    /// What clients change about functions, by account, region and name.
    lambdas: Mutex<BTreeMap<[String; 3], Arc<Lambda>>>,
    works: Works,
    /// By name, which is nobody else's in the world.
    pub(super) buckets: BTreeMap<String, Bucket>,
    /// What alarms went through, by ARN.
    tracks: Mutex<BTreeMap<String, Track>>,
    pub(super) meter: Meter,
}

#[derive(Debug)]
pub(super) struct Account {
    pub(super) id: String,
    pub(super) access_key: String,
    pub(super) opted_in: Vec<String>,
    pub(super) regions: BTreeMap<String, Estate>,
    /// Regions that the account has enabled and the scenario put nothing into.
    pub(super) elsewhere: BTreeMap<String, Estate>,
    /// They are in no region.
    pub(super) accelerators: Vec<Accelerator>,
}

/// What one account has in one region.
#[derive(Debug, Default)]
pub(super) struct Estate {
    pub(super) stacks: Ledger<Stack>,
    pub(super) alarms: Vec<Alarm>,
    pub(super) releases: Vec<Release>,
    pub(super) balancers: Vec<Balancer>,
    /// By name.
    pub(super) parameters: BTreeMap<String, Parameter>,
    /// What the scenario says of things that can be stopped, by physical id.
    words: BTreeMap<String, WorkPlan>,
}

/// A token of the SSO portal.
#[derive(Debug)]
pub(super) struct Token {
    pub(super) secret: String,
    /// What it is renewed with.
    pub(super) refresh: Option<String>,
    pub(super) roles: Vec<String>,
    pub(super) expires: Option<DateTime<Utc>>,
}

/// Who is calling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Caller {
    pub(super) account: String,
    pub(super) arn: String,
    pub(super) user_id: String,
    /// `None` for a key that was never issued by anybody, such as the ones in a scenario.
    pub(super) issued: Option<DateTime<Utc>>,
}

impl Caller {
    /// Somebody with a token instead of a signature; the service judges the token.
    pub(super) fn bearing_a_token(account: &str) -> Caller {
        Caller {
            account: account.to_owned(),
            arn: "anonymous".to_owned(),
            user_id: String::new(),
            issued: None,
        }
    }
}

impl World {
    pub(super) fn build(scenario: &Scenario, began: DateTime<Utc>) -> World {
        build::world(scenario.plan(), began)
    }

    /// The account behind a key, and the name it goes by.
    pub(super) fn caller(
        &self,
        credential: &Credential,
        now: DateTime<Utc>,
    ) -> Result<Caller, Refusal> {
        if let Some(session) =
            Session::of(&credential.access_key, credential.session_token.as_deref())
        {
            if !self.accounts.contains_key(&session.account) {
                return Err(Refusal::UnknownKey);
            }
            if session.expires <= now {
                return Err(Refusal::Expired);
            }
            return Ok(Caller {
                arn: format!(
                    "arn:aws:sts::{}:assumed-role/{}/{}",
                    session.account, session.role, session.name
                ),
                user_id: format!("AROASANDBOX{}:{}", self.role_suffix(&session), session.name),
                issued: Some(session.issued),
                account: session.account,
            });
        }
        let account = self
            .accounts
            .values()
            .find(|account| {
                account.access_key == credential.access_key || account.id == credential.access_key
            })
            .ok_or(Refusal::UnknownKey)?;
        Ok(Caller {
            account: account.id.clone(),
            arn: format!("arn:aws:iam::{}:user/operator", account.id),
            user_id: "AIDASANDBOXOPERATOR01".to_owned(),
            issued: None,
        })
    }

    pub(super) fn role_suffix(&self, session: &Session) -> String {
        random::Dice::named(self.seed, &format!("{}/{}", session.account, session.role)).suffix(10)
    }

    /// Remembers that a drift detection begun `now` will be done at `done`.
    pub(super) fn check_drift(&self, stack: &str, now: DateTime<Utc>, done: DateTime<Utc>) {
        let mut checks = self.checks.lock().unwrap_or_else(PoisonError::into_inner);
        let known = checks.entry(stack.to_owned()).or_default();
        // Of what is done, only the last is ever told.
        let last = known.iter().copied().filter(|done| *done <= now).max();
        known.retain(|done| *done > now || Some(*done) == last);
        known.push(done);
    }

    /// When the stack was last checked for drift, by a client or before the world began.
    pub(super) fn drift_checked(&self, stack: &Stack, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let checks = self.checks.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = checks.get(&stack.id).into_iter().flatten().copied();
        let planned = stack.drift.as_ref().map(|drift| drift.checked);
        asked.chain(planned).filter(|done| *done <= now).max()
    }

    /// Waits for whoever is changing stacks, and keeps others from it until the guard is dropped.
    pub(super) fn writing(&self) -> MutexGuard<'_, ()> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the account has there. Refused, as AWS does, in a region it has not opted into; the
    /// regions it has, but nothing in, are empty.
    pub(super) fn estate(&self, account: &str, region: &str) -> Result<&Estate, Refusal> {
        let account = self.accounts.get(account).ok_or(Refusal::UnknownKey)?;
        if !account.has_enabled(region) {
            return Err(Refusal::UnknownKey);
        }
        let there = account.regions.get(region);
        let there = there.or_else(|| account.elsewhere.get(region));
        there.ok_or(Refusal::UnknownKey)
    }
}

impl Account {
    pub(super) fn has_enabled(&self, region: &str) -> bool {
        region::find(region).is_some_and(|region| {
            region.opt_in == OptIn::NotRequired
                || self.opted_in.iter().any(|name| name == region.name)
        })
    }
}
