//! What we know, how well we know it, and since when.
//!
//! The rule that everything else leans on: *a failure never erases knowledge*. A [`Slot`] keeps the last good
//! reading with its time, and beside it what has failed since. Screens show both.

use super::topic::Enabled;
use super::{
    Account, AccountName, ChangeSet, Identity, Kind, KnownRegion, Problem, Reading, Region,
    RegionChoice, ResourceDrift, Scope, Stack, StackEvent, StackResource, Template, Timestamp,
    Topic, VersionRule,
};
use chrono::TimeDelta;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// One answer: the last good one, and the failure since.
#[derive(Debug)]
pub struct Slot<T: ?Sized> {
    good: Option<Good<T>>,
    failing: Option<Failing>,
}

/// A reading that succeeded.
#[derive(Debug)]
pub struct Good<T: ?Sized> {
    pub at: Timestamp,
    /// How long AWS took to answer.
    pub took: TimeDelta,
    pub value: Box<T>,
}

/// A failure that has not been followed by a success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failing {
    pub since: Timestamp,
    pub times: u32,
    pub problem: Problem,
    /// When it will be tried again; `None` when somebody has to act first.
    pub retry: Option<Timestamp>,
}

/// How far a value can be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Nobody has answered yet.
    Unseen,
    Fresh,
    /// The last answer is older than twice its cadence.
    Stale(TimeDelta),
    /// The last attempt failed; the value, if there is one, is this old.
    Failing {
        age: Option<TimeDelta>,
    },
}

/// Whether anything that is drawn may look different now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    Yes,
    No,
}

impl<T: ?Sized> Default for Slot<T> {
    fn default() -> Self {
        Self {
            good: None,
            failing: None,
        }
    }
}

impl<T: ?Sized> Slot<T> {
    pub fn good(&self) -> Option<&Good<T>> {
        self.good.as_ref()
    }

    pub fn value(&self) -> Option<&T> {
        self.good.as_ref().map(|good| &*good.value)
    }

    pub fn failing(&self) -> Option<&Failing> {
        self.failing.as_ref()
    }

    /// How old the value is.
    pub fn age(&self, now: Timestamp) -> Option<TimeDelta> {
        self.good
            .as_ref()
            .map(|good| (now - good.at).max(TimeDelta::zero()))
    }

    /// `cadence` is how often the value is meant to be read.
    pub fn freshness(&self, now: Timestamp, cadence: TimeDelta) -> Freshness {
        let age = self.age(now);
        match (&self.failing, age) {
            (Some(_), age) => Freshness::Failing { age },
            (None, None) => Freshness::Unseen,
            (None, Some(age)) if age > cadence * 2 => Freshness::Stale(age),
            (None, Some(_)) => Freshness::Fresh,
        }
    }

    fn succeed(&mut self, good: Good<T>) {
        self.good = Some(good);
        self.failing = None;
    }

    fn fail(&mut self, at: Timestamp, problem: Problem, retry: Option<Timestamp>) {
        let (since, times) = self
            .failing
            .as_ref()
            .map_or((at, 0), |failing| (failing.since, failing.times));
        self.failing = Some(Failing {
            since,
            times: times + 1,
            problem,
            retry,
        });
    }
}

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
    change_sets: Shelf<(Scope, Topic), [ChangeSet]>,
    drift: Shelf<(Scope, Topic), [ResourceDrift]>,
}

impl Store {
    /// Takes in one attempt. The only way anything gets here.
    pub fn absorb(&mut self, attempt: Attempt) -> Changed {
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
        Changed::Yes
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
            Reading::Stacks(value) => self
                .stacks
                .entry(scope)
                .or_default()
                .succeed(good(at, took, value)),
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
            Reading::Template(value) => self
                .templates
                .entry((scope, topic))
                .or_default()
                .succeed(good(at, took, value)),
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
            // Discovery was refused: one region is better than none, and the problem is told beside it.
            None if slot.is_some_and(|slot| slot.failing().is_some()) => vec![account.home.clone()],
            None => Vec::new(),
        }
    }

    /// Forgets the details of every stack that `keep` does not name; a long session visits many.
    pub fn forget_details(&mut self, keep: impl Fn(&Scope, &Topic) -> bool) {
        self.events.retain(|(scope, topic), _| keep(scope, topic));
        self.resources
            .retain(|(scope, topic), _| keep(scope, topic));
        self.change_sets
            .retain(|(scope, topic), _| keep(scope, topic));
        self.drift.retain(|(scope, topic), _| keep(scope, topic));
        // A template is asked for once and tells a version: it stays while its stack does.
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
                let template = self
                    .template(scope, &Topic::Template(stack.id.clone()))?
                    .value()?;
                Some(Cow::Borrowed(&template.fingerprint))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Region;
    use chrono::{TimeZone, Utc};

    fn at(second: i64) -> Timestamp {
        Utc.with_ymd_and_hms(2026, 11, 20, 14, 0, 0).unwrap() + TimeDelta::seconds(second)
    }

    fn here() -> Scope {
        Scope::regional(&AccountName::new("prod"), &Region::new("eu-west-1"))
    }

    fn attempt(second: i64, result: Result<Reading, Problem>) -> Attempt {
        Attempt {
            topic: Topic::Stacks,
            scope: here(),
            at: at(second),
            took: TimeDelta::milliseconds(90),
            result,
            retry: None,
        }
    }

    #[test]
    fn a_failure_keeps_the_last_good_reading_and_a_success_ends_the_failure() {
        let mut store = Store::default();
        store.absorb(attempt(0, Ok(Reading::Stacks(vec![]))));
        store.absorb(attempt(
            15,
            Err(Problem::new(Kind::Throttled, "Slow down.")),
        ));
        store.absorb(attempt(
            30,
            Err(Problem::new(Kind::Throttled, "Slow down.")),
        ));
        let slot = store.stacks(&here()).unwrap();
        assert_eq!(slot.value().map(<[Stack]>::len), Some(0));
        assert_eq!(slot.age(at(31)), Some(TimeDelta::seconds(31)));
        let failing = slot.failing().unwrap();
        assert_eq!((failing.since, failing.times), (at(15), 2));

        store.absorb(attempt(45, Ok(Reading::Stacks(vec![]))));
        let slot = store.stacks(&here()).unwrap();
        assert_eq!(
            (slot.failing(), slot.age(at(45))),
            (None, Some(TimeDelta::zero()))
        );
    }

    #[test]
    fn freshness_has_four_faces() {
        let cadence = TimeDelta::seconds(15);
        let mut store = Store::default();
        assert_eq!(
            Slot::<[Stack]>::default().freshness(at(0), cadence),
            Freshness::Unseen
        );
        store.absorb(attempt(0, Ok(Reading::Stacks(vec![]))));
        assert_eq!(
            store.stacks(&here()).unwrap().freshness(at(30), cadence),
            Freshness::Fresh
        );
        assert_eq!(
            store.stacks(&here()).unwrap().freshness(at(31), cadence),
            Freshness::Stale(TimeDelta::seconds(31))
        );
        store.absorb(attempt(32, Err(Problem::new(Kind::Denied, "No."))));
        let age = Some(TimeDelta::seconds(33));
        assert_eq!(
            store.stacks(&here()).unwrap().freshness(at(33), cadence),
            Freshness::Failing { age }
        );
    }

    #[test]
    fn a_refused_token_means_not_enabled_only_where_the_account_works_elsewhere() {
        let mut store = Store::default();
        store.absorb(attempt(0, Err(Problem::new(Kind::NotRecognized, "Who?"))));
        assert!(!store.is_not_enabled(&here()));
        let identity = Identity {
            account_id: "123456789012".into(),
            arn: "arn".into(),
            expires: None,
        };
        store.absorb(Attempt {
            topic: Topic::Identity,
            scope: Scope::global(&AccountName::new("prod")),
            result: Ok(Reading::Identity(identity)),
            ..attempt(1, Ok(Reading::Stacks(vec![])))
        });
        assert!(store.is_not_enabled(&here()));
    }
}
