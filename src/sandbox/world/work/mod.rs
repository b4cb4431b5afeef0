//! What can be stopped and started: groups of instances, services of containers, instances, databases.
//!
//! They are what stacks made, and go by the physical ids that the stacks tell. How one was found is the scenario's word;
//! what clients and time make of it since is kept here, by account, region and id. Asking changes nothing: what
//! happens by itself happens at a time that was certain before anybody asked.

mod database;
mod group;
mod instance;
mod service;
mod switch;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};

pub(in crate::sandbox) use database::Database;
pub(in crate::sandbox) use group::{
    Activity, Group, GroupTag, Lifecycle, Member, PROCESSES, Sizes,
};
pub(in crate::sandbox) use instance::Instance;
pub(in crate::sandbox) use service::{Service, Target};
pub(in crate::sandbox) use switch::{Phase, Switch};

use super::World;
use super::build::Ground;
use super::random::Dice;
use super::stack::Stack;
use crate::sandbox::scenario::WorkPlan;

pub(in crate::sandbox) const GROUP: &str = "AWS::AutoScaling::AutoScalingGroup";
pub(in crate::sandbox) const SERVICE: &str = "AWS::ECS::Service";
pub(in crate::sandbox) const INSTANCE: &str = "AWS::EC2::Instance";
pub(in crate::sandbox) const DATABASE: &str = "AWS::RDS::DBInstance";
pub(in crate::sandbox) const CLUSTER: &str = "AWS::RDS::DBCluster";
const SCALABLE_TARGET: &str = "AWS::ApplicationAutoScaling::ScalableTarget";

/// Tags, by key.
pub(in crate::sandbox) type Tags = BTreeMap<String, String>;

/// Account, region and id.
type Place = [String; 3];

/// A resource of a stack that is there.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Made {
    pub(in crate::sandbox) stack: String,
    pub(in crate::sandbox) logical: String,
    pub(in crate::sandbox) physical: String,
    pub(in crate::sandbox) tags: Tags,
    /// Milliseconds since the epoch.
    pub(in crate::sandbox) born: i64,
    /// The first cluster of databases of its stack, which instances beside it belong to.
    cluster: Option<String>,
    /// Whether its stack scales services.
    scales: bool,
}

/// Things of one kind, as they are now.
#[derive(Debug)]
struct Kept<T>(Mutex<BTreeMap<Place, T>>);

impl<T> Default for Kept<T> {
    fn default() -> Kept<T> {
        Kept(Mutex::default())
    }
}

impl<T> Kept<T> {
    /// Looks at a thing or changes it; one that nobody has touched is as it was `found`.
    fn with<R>(
        &self,
        place: Place,
        found: impl FnOnce() -> T,
        then: impl FnOnce(&mut T) -> R,
    ) -> R {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        then(kept.entry(place).or_insert_with(found))
    }
}

#[derive(Debug, Default)]
pub(in crate::sandbox) struct Works {
    groups: Kept<Group>,
    services: Kept<Service>,
    instances: Kept<Instance>,
    /// Clusters as well.
    databases: Kept<Database>,
}

/// Where somebody asks, and when.
#[derive(Clone, Copy, Debug)]
pub(in crate::sandbox) struct Spot<'s> {
    pub(in crate::sandbox) account: &'s str,
    pub(in crate::sandbox) region: &'s str,
    pub(in crate::sandbox) now: DateTime<Utc>,
}

impl Spot<'_> {
    pub(in crate::sandbox) fn at(&self) -> i64 {
        self.now.timestamp_millis()
    }

    fn place(&self, id: &str) -> Place {
        [self.account, self.region, id].map(str::to_owned)
    }
}

impl World {
    /// What stacks made of a kind, and did not delete again; by physical id.
    pub(in crate::sandbox) fn made(&self, spot: Spot<'_>, kind: &str) -> Vec<Made> {
        let estate = self.estate(spot.account, spot.region).ok();
        let stacks = estate.iter().flat_map(|estate| &estate.stacks);
        let mut all: Vec<Made> = stacks.flat_map(|stack| of(stack, kind, spot.now)).collect();
        all.sort_by(|left, right| left.physical.cmp(&right.physical));
        all
    }

    /// What the scenario says of a resource.
    fn words(&self, spot: Spot<'_>, made: &Made) -> WorkPlan {
        let estate = self.estate(spot.account, spot.region).ok();
        let words = estate.and_then(|estate| estate.words.get(&made.physical));
        words.cloned().unwrap_or_default()
    }

    /// The dice of a thing, for what it has that nobody wrote down.
    pub(in crate::sandbox) fn id_of(&self, spot: Spot<'_>, made: &Made) -> Dice {
        let name = format!("{}/{}/{}", spot.account, spot.region, made.physical);
        Dice::named(self.seed, &name)
    }

    pub(in crate::sandbox) fn group<R>(
        &self,
        spot: Spot<'_>,
        made: &Made,
        then: impl FnOnce(&mut Group) -> R,
    ) -> R {
        let found = || Group::found(made, &self.words(spot, made), self.id_of(spot, made));
        let place = spot.place(&made.physical);
        self.works.groups.with(place, found, then)
    }

    pub(in crate::sandbox) fn service<R>(
        &self,
        spot: Spot<'_>,
        made: &Made,
        then: impl FnOnce(&mut Service) -> R,
    ) -> R {
        let found = || Service::found(made, &self.words(spot, made));
        let place = spot.place(&made.physical);
        self.works.services.with(place, found, |service| {
            service.settle(spot.at());
            then(service)
        })
    }

    pub(in crate::sandbox) fn instance<R>(
        &self,
        spot: Spot<'_>,
        made: &Made,
        then: impl FnOnce(&mut Instance) -> R,
    ) -> R {
        let found = || Instance::found(made, &self.words(spot, made), self.id_of(spot, made));
        let place = spot.place(&made.physical);
        self.works.instances.with(place, found, then)
    }

    pub(in crate::sandbox) fn database<R>(
        &self,
        spot: Spot<'_>,
        made: &Made,
        then: impl FnOnce(&mut Database) -> R,
    ) -> R {
        let found = || Database::found(made, &self.words(spot, made), self.began);
        let place = spot.place(&made.physical);
        self.works.databases.with(place, found, then)
    }

    /// The cluster that a database belongs to.
    pub(in crate::sandbox) fn cluster_of(&self, spot: Spot<'_>, made: &Made) -> Option<String> {
        let belongs = !self.words(spot, made).alone;
        made.cluster.clone().filter(|_| belongs)
    }
}

fn of(stack: &Stack, kind: &str, now: DateTime<Utc>) -> Vec<Made> {
    let is_gone = stack
        .standing(now)
        .is_none_or(|standing| standing.deleted.is_some());
    if is_gone || !stack.resources.iter().any(|known| known.kind == kind) {
        return Vec::new();
    }
    let mut first = stack.resources.iter();
    let cluster = first.find(|known| known.kind == CLUSTER);
    let mut others = stack.resources.iter();
    let scales = others.any(|known| known.kind == SCALABLE_TARGET);
    let born = stack.past.first().map(|episode| episode.started);
    let standings = stack.resources(now).into_iter();
    let there = standings.filter(|standing| standing.resource.kind == kind);
    there
        .map(|standing| Made {
            stack: stack.name.clone(),
            logical: standing.resource.logical.clone(),
            physical: standing.resource.physical.clone(),
            tags: tags_of(stack, &standing.resource.logical),
            born: born.map_or(0, |born| born.timestamp_millis()),
            cluster: cluster.map(|known| known.physical.clone()),
            scales,
        })
        .collect()
}

/// A stack's tags, and those that CloudFormation adds to what it makes.
fn tags_of(stack: &Stack, logical: &str) -> Tags {
    let own = stack.born.tags.iter();
    let own = own.filter(|(_, value)| !value.contains("{version}"));
    let added = [
        ("aws:cloudformation:stack-name", stack.name.as_str()),
        ("aws:cloudformation:stack-id", stack.id.as_str()),
        ("aws:cloudformation:logical-id", logical),
    ];
    let added = added.map(|(key, value)| (key.to_owned(), value.to_owned()));
    own.cloned().chain(added).collect()
}

impl Ground<'_> {
    /// The scenario's words, by the physical ids that they are about.
    pub(super) fn words(&self, stacks: &[Stack]) -> BTreeMap<String, WorkPlan> {
        let mut words = BTreeMap::new();
        let plans = self.plan.work.iter();
        for plan in plans.filter(|plan| self.reached(&plan.on)) {
            let name = self.fill(&plan.stack, &plan.stack, "");
            let root = stacks.iter().find(|stack| stack.name == name);
            let id = root.map(|root| root.id.as_str());
            let tree = stacks.iter().filter(|stack| {
                id.is_some() && [Some(stack.id.as_str()), stack.root.as_deref()].contains(&id)
            });
            let resources = tree.flat_map(|stack| &stack.resources);
            for resource in resources.filter(|known| known.logical == plan.resource) {
                words.insert(resource.physical.clone(), plan.clone());
            }
        }
        words
    }
}
