//! Load balancers, their target groups, and the targets behind them.
//!
//! A balancer of a stack goes by the ARNs that the stack lists. How a target stands is never stored: it is what the
//! checks of its group have found out of its cause by the time that is asked about.

mod build;

use std::ops::Range;

use super::World;
use super::function;
use super::health::{Cause, Health, Rhythm, Spell};
use crate::sandbox::scenario::{AddressPlan, BalancerKind};

pub(super) use build::spells;

#[derive(Debug)]
pub(in crate::sandbox) struct Balancer {
    pub(in crate::sandbox) arn: String,
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) kind: BalancerKind,
    pub(in crate::sandbox) address: AddressPlan,
    pub(in crate::sandbox) dns: String,
    pub(in crate::sandbox) vpc: String,
    /// Availability zones, each with its subnet.
    pub(in crate::sandbox) zones: Vec<(String, String)>,
    pub(in crate::sandbox) security_group: String,
    pub(in crate::sandbox) doors: Vec<Door>,
    pub(in crate::sandbox) groups: Vec<TargetGroup>,
    pub(in crate::sandbox) tags: Vec<(String, String)>,
    /// The stack that made it, by name.
    pub(in crate::sandbox) stack: Option<String>,
    /// Milliseconds since the epoch.
    pub(in crate::sandbox) life: Range<i64>,
}

/// A listener: where a balancer takes requests, and the group that it gives them to.
#[derive(Debug)]
pub(in crate::sandbox) struct Door {
    pub(in crate::sandbox) arn: String,
    pub(in crate::sandbox) port: i64,
    pub(in crate::sandbox) protocol: &'static str,
    pub(in crate::sandbox) certificate: Option<String>,
    /// Paths that go to other groups, each with the group's place.
    pub(in crate::sandbox) rules: Vec<(String, usize)>,
}

#[derive(Debug)]
pub(in crate::sandbox) struct TargetGroup {
    pub(in crate::sandbox) arn: String,
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) kind: TargetKind,
    pub(in crate::sandbox) protocol: &'static str,
    pub(in crate::sandbox) port: i64,
    /// What is asked for; `None` where it is enough that somebody listens.
    pub(in crate::sandbox) path: Option<String>,
    pub(in crate::sandbox) rhythm: Rhythm,
    /// In seconds.
    pub(in crate::sandbox) timeout: i64,
    pub(in crate::sandbox) targets: Vec<Target>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum TargetKind {
    Address,
    Function,
}

#[derive(Debug)]
pub(in crate::sandbox) struct Target {
    /// An address, or the ARN of a function's alias.
    pub(in crate::sandbox) id: String,
    pub(in crate::sandbox) zone: String,
    pub(in crate::sandbox) registered: i64,
    /// When in its group's rhythm it is looked at, in milliseconds.
    phase: i64,
    spells: Vec<Spell>,
    /// The function's name.
    function: Option<String>,
}

impl Balancer {
    /// What is wrong with what stands behind it, by the words of the scenario.
    pub(super) fn spells(&self) -> impl Iterator<Item = &Spell> {
        let targets = self.groups.iter().flat_map(|group| &group.targets);
        targets.flat_map(|target| &target.spells)
    }
}

/// A target as it is checked, with all that it takes to say how it stands.
#[derive(Debug)]
pub(in crate::sandbox) struct Checked {
    rhythm: Rhythm,
    registered: i64,
    cause: Cause,
}

impl Checked {
    pub(in crate::sandbox) fn health(&self, at: i64) -> Health {
        self.rhythm.health(&self.cause, self.registered, at)
    }
}

impl World {
    /// The balancer of an ARN, whoever has it, if it is there at a time.
    pub(in crate::sandbox) fn balancer(&self, arn: &str, at: i64) -> Option<&Balancer> {
        let mut parts = arn.split(':').skip(3);
        let (region, account) = (parts.next()?, parts.next()?);
        let estate = self.accounts.get(account)?.regions.get(region)?;
        let mut found = estate.balancers.iter();
        found.find(|balancer| balancer.arn == arn && balancer.life.contains(&at))
    }

    /// The targets of a group that is in an account and region, ready to be asked how they stand.
    pub(in crate::sandbox) fn checked(
        &self,
        (account, region): (&str, &str),
        group: &TargetGroup,
    ) -> Vec<Checked> {
        let targets = group.targets.iter();
        let checked = targets.map(|target| Checked {
            rhythm: Rhythm {
                phase: target.phase,
                ..group.rhythm
            },
            registered: target.registered,
            cause: Cause {
                spells: target.spells.clone(),
                function: target.function.as_deref().and_then(|name| {
                    let estate = self.estate(account, region).ok()?;
                    let mut known = function::functions(self.seed, &estate.stacks);
                    let function = known.find(|known| known.resource.physical == name)?;
                    Some(self.lambda(account, region, &function))
                }),
            },
        });
        checked.collect()
    }
}
