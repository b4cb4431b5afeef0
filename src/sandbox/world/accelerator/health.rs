//! How endpoints stand.
//!
//! A balancer's health is what its own checks have found out: it is unhealthy while one of its target groups has no
//! healthy target, and the endpoint group's check does not apply. Instances and addresses are checked by the group.

use super::{Endpoint, GroupCheck};
use crate::sandbox::world::World;
use crate::sandbox::world::balancer::Checked;
use crate::sandbox::world::health::{Cause, Health, Rhythm};
use crate::sandbox::world::random::Dice;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum EndpointHealth {
    Initial,
    Healthy,
    Unhealthy,
}

impl EndpointHealth {
    pub(in crate::sandbox) fn name(self) -> &'static str {
        match self {
            EndpointHealth::Initial => "INITIAL",
            EndpointHealth::Healthy => "HEALTHY",
            EndpointHealth::Unhealthy => "UNHEALTHY",
        }
    }
}

/// All that it takes to say how an endpoint stands.
#[derive(Debug)]
pub(in crate::sandbox) enum Pulse {
    /// The targets of its groups.
    Balancer(Vec<Vec<Checked>>),
    /// Something that the group checks: the cause, and when it is looked at.
    Own(Cause, i64),
    /// There is no such balancer.
    Gone,
}

/// How often Global Accelerator asks how a balancer stands, and how long a new one is not known. Milliseconds.
const ASKED_EVERY: i64 = 10_000;
const UNKNOWN: i64 = 30_000;

impl Pulse {
    pub(in crate::sandbox) fn health(
        &self,
        endpoint: &Endpoint,
        check: &GroupCheck,
        at: i64,
    ) -> EndpointHealth {
        match self {
            Pulse::Balancer(_) | Pulse::Gone if at < endpoint.added + UNKNOWN => {
                EndpointHealth::Initial
            }
            Pulse::Gone => EndpointHealth::Unhealthy,
            Pulse::Balancer(groups) => {
                let asked = at - at.rem_euclid(ASKED_EVERY);
                let answers = |targets: &Vec<Checked>| {
                    let mut targets = targets.iter();
                    targets.any(|target| target.health(asked) == Health::Healthy)
                };
                if groups.iter().all(answers) {
                    EndpointHealth::Healthy
                } else {
                    EndpointHealth::Unhealthy
                }
            }
            Pulse::Own(cause, phase) => {
                let every = check.every.max(1) * 1_000;
                let rhythm = Rhythm {
                    every,
                    healthy: check.threshold.max(1),
                    unhealthy: check.threshold.max(1),
                    phase: phase % every,
                };
                match rhythm.health(cause, endpoint.added, at) {
                    Health::Healthy => EndpointHealth::Healthy,
                    Health::Initial | Health::Registering => EndpointHealth::Initial,
                    Health::Unhealthy(_) | Health::Draining | Health::Unused => {
                        EndpointHealth::Unhealthy
                    }
                }
            }
        }
    }
}

impl World {
    pub(in crate::sandbox) fn pulse(&self, endpoint: &str, now: i64) -> Pulse {
        if !endpoint.starts_with("arn:aws:elasticloadbalancing:") {
            let phase = Dice::named(self.seed, endpoint).between(0, 30_000);
            let spells = self.hosts.get(endpoint).cloned().unwrap_or_default();
            let cause = Cause {
                spells,
                function: None,
            };
            return Pulse::Own(cause, phase);
        }
        let Some(balancer) = self.balancer(endpoint, now) else {
            return Pulse::Gone;
        };
        let mut parts = endpoint.split(':').skip(3);
        let region = parts.next().unwrap_or_default();
        let account = parts.next().unwrap_or_default();
        let groups = balancer.groups.iter();
        Pulse::Balancer(
            groups
                .map(|group| self.checked((account, region), group))
                .collect(),
        )
    }
}
