//! What we know, how well we know it, and since when.
//!
//! The rule that everything else leans on: *a failure never erases knowledge*. A [`Slot`] keeps the last good
//! reading with its time, and beside it what has failed since. Screens show both.

#[cfg(test)]
mod tests;

use super::slot::{Good, Slot};
use super::topic::Enabled;
use super::{
    Account, AccountName, ChangeSet, Identity, Kind, KnownRegion, LogGroup, Problem, Reading,
    Region, RegionChoice, ResourceDrift, Scope, Stack, StackEvent, StackId, StackResource,
    Template, Timestamp, Topic, Untrusted, VersionRule,
};
use chrono::TimeDelta;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// One attempt to answer a topic in a scope, as the engine reports it.
#[derive(Clone, Debug)]
pub struct Attempt {
    pub topic: Topic,
    pub scope: Scope,
    pub at: Timestamp,
    pub took: TimeDelta,
    pub result: Result<Reading, Problem>,
    /// When the next attempt is due after a failure.
    pub retry: Option<Timestamp>,
}

type Shelf<K, T> = BTreeMap<K, Slot<T>>;

/// Everything the house knows about the fleet.
#[derive(Debug, Default)]
pub struct Store {
    identity: Shelf<AccountName, Identity>,
    regions: Shelf<AccountName, [KnownRegion]>,
    stacks: Shelf<Scope, [Stack]>,
    events: Shelf<(Scope, Topic), [StackEvent]>,
    resources: Shelf<(Scope, Topic), [StackResource]>,
    templates: Shelf<(Scope, Topic), Template>,
    /// What is left of a template when nobody reads it any more: what tells its version.
    fingerprints: BTreeMap<Scope, BTreeMap<StackId, String>>,
    change_sets: Shelf<(Scope, Topic), [ChangeSet]>,
    drift: Shelf<(Scope, Topic), [ResourceDrift]>,
    log_groups: Shelf<(Scope, Topic), [LogGroup]>,
    function_logs: Shelf<(Scope, Topic), Untrusted>,
}

impl Store {
    /// Takes in one attempt. The only way anything gets here.
    pub fn absorb(&mut self, attempt: Attempt) {
        let Attempt {
            topic,
            scope,
            at,
            took,
            result,
            retry,
        } = attempt;
        match result {
            Ok(reading) => self.keep(topic, scope, at, took, reading),
            Err(problem) => self.regret(topic, scope, at, problem, retry),
        }
    }

    fn keep(
        &mut self,
        topic: Topic,
        scope: Scope,
        at: Timestamp,
        took: TimeDelta,
        reading: Reading,
    ) {
        fn good<T: ?Sized>(at: Timestamp, took: TimeDelta, value: impl Into<Box<T>>) -> Good<T> {
            Good {
                at,
                took,
                value: value.into(),
            }
        }
        match reading {
            Reading::Identity(value) => self
                .identity
                .entry(scope.account)
                .or_default()
                .succeed(good(at, took, value)),
            Reading::Regions(value) => self
                .regions
                .entry(scope.account)
                .or_default()
                .succeed(good(at, took, value)),
            Reading::Stacks(value) => {
                if let Some(fingerprints) = self.fingerprints.get_mut(&scope) {
                    let listed: BTreeSet<&StackId> = value.iter().map(|stack| &stack.id).collect();
                    fingerprints.retain(|id, _| listed.contains(id));
                }
                self.stacks
                    .entry(scope)
                    .or_default()
                    .succeed(good(at, took, value));
            }
            Reading::Events(value) => self
                .events
                .entry((scope, topic))
                .or_default()
                .succeed(good(at, took, value)),
            Reading::Resources(value) => self
                .resources
                .entry((scope, topic))
                .or_default()
                .succeed(good(at, took, value)),
            Reading::Template(value) => {
                if let Some(id) = topic.stack() {
                    let here = self.fingerprints.entry(scope.clone()).or_default();
                    here.insert(id.clone(), value.fingerprint.clone());
                }
                self.templates
                    .entry((scope, topic))
                    .or_default()
                    .succeed(good(at, took, value));
            }
            Reading::ChangeSets(value) => self
                .change_sets
                .entry((scope, topic))
                .or_default()
                .succeed(good(at, took, value)),
            Reading::Drift(value) => self
                .drift
                .entry((scope, topic))
                .or_default()
                .succeed(good(at, took, value)),
            Reading::LogGroups(value) => self
                .log_groups
                .entry((scope, topic))
                .or_default()
                .succeed(good(at, took, value)),
            Reading::FunctionLog(value) => self
                .function_logs
                .entry((scope, topic))
                .or_default()
                .succeed(good(at, took, value)),
        }
    }

    fn regret(
        &mut self,
        topic: Topic,
        scope: Scope,
        at: Timestamp,
        problem: Problem,
        retry: Option<Timestamp>,
    ) {
        match topic {
            Topic::Identity => self
                .identity
                .entry(scope.account)
                .or_default()
                .fail(at, problem, retry),
            Topic::Regions => self
                .regions
                .entry(scope.account)
                .or_default()
                .fail(at, problem, retry),
            Topic::Stacks => self
                .stacks
                .entry(scope)
                .or_default()
                .fail(at, problem, retry),
            Topic::Events(_) => self
                .events
                .entry((scope, topic))
                .or_default()
                .fail(at, problem, retry),
            Topic::Resources(_) => self
                .resources
                .entry((scope, topic))
                .or_default()
                .fail(at, problem, retry),
            Topic::Template(_) => self
                .templates
                .entry((scope, topic))
                .or_default()
                .fail(at, problem, retry),
            Topic::ChangeSets(_) => self
                .change_sets
                .entry((scope, topic))
                .or_default()
                .fail(at, problem, retry),
            Topic::Drift(_) => self
                .drift
                .entry((scope, topic))
                .or_default()
                .fail(at, problem, retry),
            Topic::LogGroups(_) => self
                .log_groups
                .entry((scope, topic))
                .or_default()
                .fail(at, problem, retry),
            Topic::FunctionLog(_) => self
                .function_logs
                .entry((scope, topic))
                .or_default()
                .fail(at, problem, retry),
        }
    }

    pub fn identity(&self, account: &AccountName) -> Option<&Slot<Identity>> {
        self.identity.get(account)
    }

    pub fn regions(&self, account: &AccountName) -> Option<&Slot<[KnownRegion]>> {
        self.regions.get(account)
    }

    pub fn stacks(&self, scope: &Scope) -> Option<&Slot<[Stack]>> {
        self.stacks.get(scope)
    }

    /// Every scope whose stacks have been asked for.
    pub fn all_stacks(&self) -> impl Iterator<Item = (&Scope, &Slot<[Stack]>)> {
        self.stacks.iter()
    }

    pub fn events(&self, scope: &Scope, topic: &Topic) -> Option<&Slot<[StackEvent]>> {
        self.events.get(&(scope.clone(), topic.clone()))
    }

    pub fn resources(&self, scope: &Scope, topic: &Topic) -> Option<&Slot<[StackResource]>> {
        self.resources.get(&(scope.clone(), topic.clone()))
    }

    pub fn template(&self, scope: &Scope, topic: &Topic) -> Option<&Slot<Template>> {
        self.templates.get(&(scope.clone(), topic.clone()))
    }

    pub fn change_sets(&self, scope: &Scope, topic: &Topic) -> Option<&Slot<[ChangeSet]>> {
        self.change_sets.get(&(scope.clone(), topic.clone()))
    }

    pub fn drift(&self, scope: &Scope, topic: &Topic) -> Option<&Slot<[ResourceDrift]>> {
        self.drift.get(&(scope.clone(), topic.clone()))
    }

    pub fn log_groups(&self, scope: &Scope, topic: &Topic) -> Option<&Slot<[LogGroup]>> {
        self.log_groups.get(&(scope.clone(), topic.clone()))
    }

    pub fn function_log(&self, scope: &Scope, topic: &Topic) -> Option<&Slot<Untrusted>> {
        self.function_logs.get(&(scope.clone(), topic.clone()))
    }

    /// The regions of an account, as far as they are known.
    pub fn regions_of(&self, account: &Account) -> Vec<Region> {
        let matching = match &account.regions {
            RegionChoice::Listed(regions) => return regions.clone(),
            RegionChoice::Enabled { matching } => matching,
        };
        let slot = self.regions(&account.name);
        match slot.and_then(Slot::value) {
            Some(known) => {
                let enabled = known.iter().filter(|known| known.enabled == Enabled::Yes);
                enabled
                    .map(|known| known.region.clone())
                    .filter(|region| region.is_among(matching))
                    .collect()
            }
            // Discovery was refused: what was asked for by name, or the home region, is better than nothing, and the
            // problem is told beside it.
            None if slot.is_some_and(|slot| slot.failing().is_some()) => {
                let named = matching.iter().filter(|name| Region::is_plausible(name));
                let named: Vec<Region> = named.map(|name| Region::new(name.as_str())).collect();
                let home = Some(account.home.clone()).filter(|home| home.is_among(matching));
                if named.is_empty() {
                    home.into_iter().collect()
                } else {
                    named
                }
            }
            None => Vec::new(),
        }
    }

    /// Forgets the details of every stack that `keep` does not name; a long session visits many, and a template may
    /// be a megabyte.
    pub fn forget_details(&mut self, keep: impl Fn(&Scope, &Topic) -> bool) {
        self.events.retain(|(scope, topic), _| keep(scope, topic));
        self.resources
            .retain(|(scope, topic), _| keep(scope, topic));
        self.templates
            .retain(|(scope, topic), _| keep(scope, topic));
        self.change_sets
            .retain(|(scope, topic), _| keep(scope, topic));
        self.drift.retain(|(scope, topic), _| keep(scope, topic));
        self.log_groups
            .retain(|(scope, topic), _| keep(scope, topic));
        self.function_logs
            .retain(|(scope, topic), _| keep(scope, topic));
    }

    /// Forgets which regions did not know us, so that they are asked again.
    pub fn forget_refusals(&mut self) {
        self.stacks.retain(|_, slot| {
            slot.failing()
                .is_none_or(|failing| failing.problem.kind != Kind::NotRecognized)
        });
    }

    /// The version that a stack carries, sanitised, as far as it is known.
    pub fn version_of<'s>(
        &'s self,
        scope: &Scope,
        stack: &'s Stack,
        rule: &VersionRule,
    ) -> Option<Cow<'s, str>> {
        match rule {
            VersionRule::Template => {
                let fingerprint = self.fingerprints.get(scope)?.get(&stack.id)?;
                Some(Cow::Borrowed(fingerprint))
            }
            VersionRule::Tag(_) | VersionRule::Parameter(_) | VersionRule::Output(_) => {
                rule.of(stack)
            }
        }
    }

    /// Whether the account is known to work, so that a refused token in one region is that region's doing.
    pub fn is_known_good(&self, account: &AccountName) -> bool {
        self.identity(account)
            .is_some_and(|slot| slot.good().is_some() && slot.failing().is_none())
    }

    /// Whether the region turned out not to be enabled for the account: nothing to show and nothing to ask.
    pub fn is_not_enabled(&self, scope: &Scope) -> bool {
        self.is_known_good(&scope.account)
            && self
                .stacks(scope)
                .and_then(Slot::failing)
                .is_some_and(|failing| failing.problem.kind == Kind::NotRecognized)
    }
}
