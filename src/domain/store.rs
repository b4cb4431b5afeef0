//! What we know, how well we know it, and since when.
//!
//! The rule that everything else leans on: *a failure never erases knowledge*. A [`Slot`] keeps the last good
//! reading with its time, and beside it what has failed since. Screens show both.

#[cfg(test)]
mod tests;

use super::slot::{Good, Slot};
use super::topic::Enabled;
use super::{
    Accelerator, AcceleratorArn, Account, AccountName, Alarm, AlarmTransition, Alias, Attachment,
    Balancer, ChangeSet, Concurrency, EventSource, Function, FunctionVersion, Identity, Kind,
    KnownRegion, LambdaLimits, LastErrors, Listener, LogGroup, Metrics, Problem, Reading, Region,
    RegionChoice, ResourceDrift, Scope, Sighting, SsmParameter, Stack, StackEvent, StackId,
    StackResource, Template, Timestamp, Topic, Untrusted, VersionRule, Vigil,
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
    functions: Shelf<Scope, [Function]>,
    configurations: Shelf<(Scope, Topic), Function>,
    versions: Shelf<(Scope, Topic), [FunctionVersion]>,
    aliases: Shelf<(Scope, Topic), [Alias]>,
    event_sources: Shelf<(Scope, Topic), [EventSource]>,
    concurrency: Shelf<(Scope, Topic), Concurrency>,
    lambda_limits: Shelf<Scope, LambdaLimits>,
    owners: Shelf<(Scope, Topic), Option<StackId>>,
    metrics: Shelf<(Scope, Topic), Metrics>,
    alarms: Shelf<Scope, [Alarm]>,
    alarm_histories: Shelf<(Scope, Topic), [AlarmTransition]>,
    accelerators: Shelf<AccountName, [Accelerator]>,
    listeners: Shelf<(Scope, Topic), [Listener]>,
    attachments: Shelf<AccountName, [Attachment]>,
    balancers: Shelf<(Scope, Topic), Option<Balancer>>,
    parameters: Shelf<(Scope, Topic), [SsmParameter]>,
    last_errors: Shelf<(Scope, Topic), LastErrors>,
    /// What was seen of endpoints stays when nobody reads them any more.
    vigil: Vigil,
}

/// The answers that are kept for a topic of their own, as long as somebody wants them.
macro_rules! of_topic {
    ($($shelf:ident $(as $name:ident)?: $kind:ty;)+) => {
        $(of_topic!(@read $shelf $($name)?, $kind);)+

        /// Forgets every answer to a question of its own that `keep` does not name; a long session puts many, and a
        /// template may be a megabyte.
        pub fn forget_details(&mut self, keep: impl Fn(&Scope, &Topic) -> bool) {
            $(self.$shelf.retain(|(scope, topic), _| keep(scope, topic));)+
        }
    };
    (@read $shelf:ident, $kind:ty) => { of_topic!(@read $shelf $shelf, $kind); };
    (@read $shelf:ident $name:ident, $kind:ty) => {
        pub fn $name(&self, scope: &Scope, topic: &Topic) -> Option<&Slot<$kind>> {
            self.$shelf.get(&(scope.clone(), topic.clone()))
        }
    };
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
        /// Puts a good reading into its slot.
        macro_rules! keep {
            ($shelf:ident, $key:expr, $value:expr) => {
                self.$shelf
                    .entry($key)
                    .or_default()
                    .succeed(good(at, took, $value))
            };
        }
        match reading {
            Reading::Identity(value) => keep!(identity, scope.account, value),
            Reading::Regions(value) => keep!(regions, scope.account, value),
            Reading::Stacks(value) => {
                if let Some(fingerprints) = self.fingerprints.get_mut(&scope) {
                    let listed: BTreeSet<&StackId> = value.iter().map(|stack| &stack.id).collect();
                    fingerprints.retain(|id, _| listed.contains(id));
                }
                keep!(stacks, scope, value);
            }
            Reading::Events(value) => keep!(events, (scope, topic), value),
            Reading::Resources(value) => keep!(resources, (scope, topic), value),
            Reading::Template(value) => {
                if let Some(id) = topic.stack() {
                    let here = self.fingerprints.entry(scope.clone()).or_default();
                    here.insert(id.clone(), value.fingerprint.clone());
                }
                keep!(templates, (scope, topic), value);
            }
            Reading::ChangeSets(value) => keep!(change_sets, (scope, topic), value),
            Reading::Drift(value) => keep!(drift, (scope, topic), value),
            Reading::LogGroups(value) => keep!(log_groups, (scope, topic), value),
            Reading::FunctionLog(value) => keep!(function_logs, (scope, topic), value),
            Reading::Functions(value) => keep!(functions, scope, value),
            Reading::Function(value) => keep!(configurations, (scope, topic), value),
            Reading::Versions(value) => keep!(versions, (scope, topic), value),
            Reading::Aliases(value) => keep!(aliases, (scope, topic), value),
            Reading::EventSources(value) => keep!(event_sources, (scope, topic), value),
            Reading::Concurrency(value) => keep!(concurrency, (scope, topic), value),
            Reading::LambdaLimits(value) => keep!(lambda_limits, scope, value),
            Reading::Owner(value) => keep!(owners, (scope, topic), value),
            Reading::Metrics(newer) => {
                let slot = self.metrics.entry((scope, topic)).or_default();
                let metrics = match slot.take_value() {
                    // What CloudWatch could not give again is still known.
                    Some(mut known) => {
                        known.merge(newer);
                        known
                    }
                    None => Box::new(newer),
                };
                slot.succeed(good(at, took, metrics));
            }
            Reading::Alarms(value) => keep!(alarms, scope, value),
            Reading::AlarmHistory(value) => keep!(alarm_histories, (scope, topic), value),
            Reading::LastErrors(value) => keep!(last_errors, (scope, topic), value),
            Reading::Accelerators(value) => {
                self.vigil.keep(&scope, |arn| {
                    value.iter().any(|known| known.arn.exact() == arn)
                });
                keep!(accelerators, scope.account, value);
            }
            Reading::Listeners(value) => {
                if let Topic::Listeners(accelerator, _) = &topic {
                    self.vigil.look(&scope, accelerator, &value, at);
                }
                keep!(listeners, (scope, topic), value);
            }
            Reading::Attachments(value) => keep!(attachments, scope.account, value),
            Reading::Balancer(value) => keep!(balancers, (scope, topic), value),
            Reading::Parameters(value) => keep!(parameters, (scope, topic), value),
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
        /// Notes a failure in its slot.
        macro_rules! regret {
            ($shelf:ident, $key:expr) => {
                self.$shelf
                    .entry($key)
                    .or_default()
                    .fail(at, problem, retry)
            };
        }
        match topic {
            Topic::Identity => regret!(identity, scope.account),
            Topic::Regions => regret!(regions, scope.account),
            Topic::Stacks => regret!(stacks, scope),
            Topic::Events(_) => regret!(events, (scope, topic)),
            Topic::Resources(_) => regret!(resources, (scope, topic)),
            Topic::Template(_) => regret!(templates, (scope, topic)),
            Topic::ChangeSets(_) => regret!(change_sets, (scope, topic)),
            Topic::Drift(_) => regret!(drift, (scope, topic)),
            Topic::LogGroups(_) => regret!(log_groups, (scope, topic)),
            Topic::FunctionLog(_) => regret!(function_logs, (scope, topic)),
            Topic::Functions => regret!(functions, scope),
            Topic::Function(_) => regret!(configurations, (scope, topic)),
            Topic::Versions(_) => regret!(versions, (scope, topic)),
            Topic::Aliases(_) => regret!(aliases, (scope, topic)),
            Topic::EventSources(_) => regret!(event_sources, (scope, topic)),
            Topic::Concurrency(_) => regret!(concurrency, (scope, topic)),
            Topic::LambdaLimits => regret!(lambda_limits, scope),
            Topic::Owner(_) => regret!(owners, (scope, topic)),
            Topic::Metrics(_, _) => regret!(metrics, (scope, topic)),
            Topic::Alarms => regret!(alarms, scope),
            Topic::AlarmHistory(_) => regret!(alarm_histories, (scope, topic)),
            Topic::Accelerators => regret!(accelerators, scope.account),
            Topic::Listeners(_, _) => regret!(listeners, (scope, topic)),
            Topic::Attachments => regret!(attachments, scope.account),
            Topic::Balancer(_) => regret!(balancers, (scope, topic)),
            Topic::Parameters(_) => regret!(parameters, (scope, topic)),
            Topic::LastErrors(_) => regret!(last_errors, (scope, topic)),
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

    pub fn functions(&self, scope: &Scope) -> Option<&Slot<[Function]>> {
        self.functions.get(scope)
    }

    pub fn lambda_limits(&self, scope: &Scope) -> Option<&Slot<LambdaLimits>> {
        self.lambda_limits.get(scope)
    }

    pub fn alarms(&self, scope: &Scope) -> Option<&Slot<[Alarm]>> {
        self.alarms.get(scope)
    }

    pub fn accelerators(&self, account: &AccountName) -> Option<&Slot<[Accelerator]>> {
        self.accelerators.get(account)
    }

    /// What every account of ours shares, or is given.
    pub fn all_attachments(&self) -> impl Iterator<Item = &Attachment> {
        self.attachments.values().filter_map(Slot::value).flatten()
    }

    pub fn attachments(&self, account: &AccountName) -> Option<&Slot<[Attachment]>> {
        self.attachments.get(account)
    }

    /// What was seen of an endpoint of a group since the program began.
    pub fn sighting(
        &self,
        scope: &Scope,
        group: &AcceleratorArn,
        endpoint: &Untrusted,
    ) -> Option<&Sighting> {
        self.vigil.of(scope, group, endpoint)
    }

    /// Every question about a metric, or about what made something, that has been put.
    pub fn metrics_and_owners(&self) -> impl Iterator<Item = &(Scope, Topic)> {
        self.metrics.keys().chain(self.owners.keys())
    }

    of_topic! {
        events: [StackEvent];
        resources: [StackResource];
        templates as template: Template;
        change_sets: [ChangeSet];
        drift: [ResourceDrift];
        log_groups: [LogGroup];
        function_logs as function_log: Untrusted;
        configurations as configuration: Function;
        versions: [FunctionVersion];
        aliases: [Alias];
        event_sources: [EventSource];
        concurrency: Concurrency;
        owners as owner: Option<StackId>;
        metrics: Metrics;
        alarm_histories as alarm_history: [AlarmTransition];
        listeners: [Listener];
        balancers as balancer: Option<Balancer>;
        parameters: [SsmParameter];
        last_errors: LastErrors;
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
