//! Where flows go, minute by minute.
//!
//! Every client has a closest group. A group's dial says how much of what comes to it it takes; the rest goes to the
//! others. A group without a healthy endpoint of some weight takes nothing, and then dials are ignored; where no
//! group is healthy, flows stay with the closest (Global Accelerator fails open).

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Accelerator, EndpointHealth, GroupSetup, Pulse, Setup, last_part};
use crate::sandbox::scenario::RoutingPlan;
use crate::sandbox::world::World;
use crate::sandbox::world::random::Dice;
use crate::sandbox::world::traffic::{LOAD, real, whole};

/// A metric of the namespace `AWS/GlobalAccelerator`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Quantity {
    NewFlows,
    BytesIn,
    BytesOut,
    HealthyEndpoints,
    UnhealthyEndpoints,
}

impl Quantity {
    pub(in crate::sandbox) const ALL: [Quantity; 5] = [
        Quantity::NewFlows,
        Quantity::BytesIn,
        Quantity::BytesOut,
        Quantity::HealthyEndpoints,
        Quantity::UnhealthyEndpoints,
    ];

    pub(in crate::sandbox) fn name(self) -> &'static str {
        match self {
            Quantity::NewFlows => "NewFlowCount",
            Quantity::BytesIn => "ProcessedBytesIn",
            Quantity::BytesOut => "ProcessedBytesOut",
            Quantity::HealthyEndpoints => "HealthyEndpointCount",
            Quantity::UnhealthyEndpoints => "UnhealthyEndpointCount",
        }
    }

    pub(in crate::sandbox) fn parse(name: &str) -> Option<Quantity> {
        Quantity::ALL
            .into_iter()
            .find(|quantity| quantity.name() == name)
    }
}

/// An accelerator, ready to be asked about any minute.
#[derive(Debug)]
pub(in crate::sandbox) struct Lane {
    pub(in crate::sandbox) id: String,
    listeners: Vec<Way>,
    pulses: BTreeMap<String, Pulse>,
    deployed: Vec<(i64, Arc<Setup>)>,
    flows: f64,
    seed: u64,
    /// The first minute since the epoch.
    since: i64,
    /// What is in a minute of a listener, by group; many are asked about one after the other.
    known: RefCell<Known>,
}

/// By listener and minute.
type Known = BTreeMap<(usize, i64), Arc<[Part]>>;

/// A part of an accelerator: all of it, a listener by its id, or a listener's group by its region.
#[derive(Clone, Copy, Debug)]
pub(in crate::sandbox) struct Section<'s> {
    pub(in crate::sandbox) listener: Option<&'s str>,
    pub(in crate::sandbox) region: Option<&'s str>,
}

/// A listener's id, and the regions of its groups with their shares of the clients.
#[derive(Debug)]
struct Way {
    id: String,
    groups: Vec<(String, f64)>,
}

/// A group's part in a minute.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    flows: f64,
    healthy: f64,
    unhealthy: f64,
}

impl World {
    /// The lanes of an account's accelerators.
    pub(in crate::sandbox) fn lanes(&self, account: &str, now: i64) -> Vec<Lane> {
        let known = self.accounts.get(account);
        let accelerators = known.iter().flat_map(|account| &account.accelerators);
        let standard =
            accelerators.filter(|accelerator| accelerator.routing == RoutingPlan::Standard);
        standard
            .map(|accelerator| self.lane(accelerator, now))
            .collect()
    }

    fn lane(&self, accelerator: &Accelerator, now: i64) -> Lane {
        let deployed = accelerator.deployed();
        let setups = deployed.iter().map(|(_, setup)| setup);
        let groups = setups.flat_map(|setup| setup.groups.iter().flatten());
        let mut pulses = BTreeMap::new();
        for endpoint in groups.flat_map(|group| &group.endpoints) {
            if !pulses.contains_key(&endpoint.id) {
                pulses.insert(endpoint.id.clone(), self.pulse(&endpoint.id, now));
            }
        }
        let listeners = accelerator.listeners.iter().map(|listener| Way {
            id: last_part(&listener.arn).to_owned(),
            groups: listener
                .groups
                .iter()
                .map(|group| (group.region.clone(), group.share))
                .collect(),
        });
        Lane {
            id: accelerator.id().to_owned(),
            listeners: listeners.collect(),
            pulses,
            deployed,
            flows: accelerator.flows,
            seed: accelerator.seed,
            since: accelerator.created.div_euclid(60_000),
            known: RefCell::default(),
        }
    }
}

impl Lane {
    /// Whether it ever has anything to say.
    pub(in crate::sandbox) fn is_used(&self) -> bool {
        self.flows > 0.0
    }

    /// All of it, every listener, and every listener's groups.
    pub(in crate::sandbox) fn sections(&self) -> Vec<Section<'_>> {
        let whole = Section {
            listener: None,
            region: None,
        };
        let listeners = self.listeners.iter().flat_map(|way| {
            let of_way = Section {
                listener: Some(way.id.as_str()),
                region: None,
            };
            let groups = way.groups.iter().map(move |(region, _)| Section {
                region: Some(region),
                ..of_way
            });
            std::iter::once(of_way).chain(groups)
        });
        std::iter::once(whole).chain(listeners).collect()
    }

    /// What a minute says of a section. Nothing is published of a minute
    /// without flows.
    pub(in crate::sandbox) fn value(
        &self,
        quantity: Quantity,
        section: Section<'_>,
        minute: i64,
    ) -> Option<f64> {
        let mut sum = Part::default();
        for (place, way) in self.listeners.iter().enumerate() {
            if section.listener.is_some_and(|wanted| wanted != way.id) {
                continue;
            }
            for (part, (own, _)) in self.parts(place, minute).iter().zip(&way.groups) {
                if section.region.is_none_or(|wanted| wanted == own) {
                    sum.flows += part.flows;
                    sum.healthy += part.healthy;
                    sum.unhealthy += part.unhealthy;
                }
            }
        }
        let mut dice = Dice::numbered(self.seed ^ 0xb7_7e5, minute);
        let bytes = |each: f64, part: f64| (sum.flows * each * (0.8 + 0.4 * part)).round();
        match quantity {
            Quantity::HealthyEndpoints | Quantity::UnhealthyEndpoints
                if !self.is_used() || minute < self.since =>
            {
                None
            }
            Quantity::HealthyEndpoints => Some(sum.healthy),
            Quantity::UnhealthyEndpoints => Some(sum.unhealthy),
            Quantity::NewFlows | Quantity::BytesIn | Quantity::BytesOut if sum.flows < 1.0 => None,
            Quantity::NewFlows => Some(sum.flows),
            Quantity::BytesIn => Some(bytes(4_100.0, dice.fraction())),
            Quantity::BytesOut => {
                dice.roll();
                Some(bytes(38_000.0, dice.fraction()))
            }
        }
    }

    fn parts(&self, listener: usize, minute: i64) -> Arc<[Part]> {
        if let Some(known) = self.known.borrow().get(&(listener, minute)) {
            return Arc::clone(known);
        }
        let parts: Arc<[Part]> = self.counted(listener, minute).into();
        let mut known = self.known.borrow_mut();
        known.insert((listener, minute), Arc::clone(&parts));
        parts
    }

    fn counted(&self, listener: usize, minute: i64) -> Vec<Part> {
        let at = minute * 60_000 + 59_000;
        let Some(way) = self.listeners.get(listener) else {
            return Vec::new();
        };
        let later = self.deployed.partition_point(|(since, _)| *since <= at);
        let setup = self.deployed.get(later.saturating_sub(1));
        let groups = setup.and_then(|(_, setup)| setup.groups.get(listener));
        let Some(((_, setup), groups)) = setup.zip(groups) else {
            return vec![Part::default(); way.groups.len()];
        };
        let mut parts: Vec<Part> = groups.iter().map(|group| self.health(group, at)).collect();
        if minute < self.since || !setup.is_enabled {
            return parts;
        }
        let mut dice = Dice::numbered(self.seed ^ u64::try_from(listener).unwrap_or(0), minute);
        let load = LOAD[usize::try_from(minute.div_euclid(60).rem_euclid(24)).unwrap_or(0)];
        let listeners = real(i64::try_from(self.listeners.len()).unwrap_or(1).max(1));
        let asked = self.flows * real(load) / 100.0 / listeners * (0.85 + 0.3 * dice.fraction());
        let shares: Vec<f64> = way
            .groups
            .iter()
            .map(|(_, share)| share * (0.92 + 0.16 * dice.fraction()))
            .collect();
        for (part, share) in parts
            .iter_mut()
            .zip(divided(&shares, groups, |group| self.can_take(group, at)))
        {
            part.flows = real(whole(asked * share));
        }
        parts
    }

    fn health(&self, group: &GroupSetup, at: i64) -> Part {
        let mut part = Part::default();
        for endpoint in &group.endpoints {
            let Some(pulse) = self.pulses.get(&endpoint.id) else {
                continue;
            };
            match pulse.health(endpoint, &group.check, at) {
                EndpointHealth::Healthy => part.healthy += 1.0,
                EndpointHealth::Unhealthy | EndpointHealth::Initial => part.unhealthy += 1.0,
            }
        }
        part
    }

    fn can_take(&self, group: &GroupSetup, at: i64) -> bool {
        group.endpoints.iter().any(|endpoint| {
            let pulse = self.pulses.get(&endpoint.id);
            let health = pulse.map(|pulse| pulse.health(endpoint, &group.check, at));
            endpoint.weight > 0 && health == Some(EndpointHealth::Healthy)
        })
    }
}

/// What share of all flows each group gets, if `shares` are those of the clients that are closest to it.
fn divided(
    shares: &[f64],
    groups: &[GroupSetup],
    can_take: impl Fn(&GroupSetup) -> bool,
) -> Vec<f64> {
    let all: f64 = shares.iter().sum();
    let able: Vec<bool> = groups.iter().map(can_take).collect();
    let mut got = vec![0.0; groups.len()];
    if all <= 0.0 {
        return got;
    }
    for (place, share) in shares.iter().enumerate().take(groups.len()) {
        let share = share / all;
        let kept = if able[place] {
            share * groups[place].dial / 100.0
        } else {
            0.0
        };
        got[place] += kept;
        // Flows of a group that fails go on although dials say no.
        let weigh = |other: usize| match (other == place || !able[other], able[place]) {
            (true, _) => 0.0,
            (false, true) => shares[other] * groups[other].dial,
            (false, false) => shares[other],
        };
        let weights: Vec<f64> = (0..groups.len()).map(weigh).collect();
        let total: f64 = weights.iter().sum();
        let moved = share - kept;
        if total > 0.0 {
            for (other, weight) in weights.iter().enumerate() {
                got[other] += moved * weight / total;
            }
        } else if !able[place] {
            got[place] += moved;
        }
    }
    got
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::world::accelerator::GroupCheck;

    /// Groups by their dials, of clients that are divided evenly; a negative dial is of a group that is ill.
    fn shares(dials: &[f64]) -> Vec<f64> {
        let setups = dials.iter().map(|dial| GroupSetup {
            dial: dial.abs(),
            check: GroupCheck {
                protocol: "TCP".to_owned(),
                port: 443,
                path: "/".to_owned(),
                every: 30,
                // Whether it is well, for this test.
                threshold: i64::from(dial.is_sign_positive()),
            },
            overrides: Vec::new(),
            endpoints: Vec::new(),
        });
        let setups: Vec<GroupSetup> = setups.collect();
        let even = vec![1.0; dials.len()];
        let got = divided(&even, &setups, |group| group.check.threshold == 1);
        got.iter().map(|share| (share * 100.0).round()).collect()
    }

    #[test]
    fn a_dial_sends_away_and_illness_does_so_whatever_the_dials_say() {
        assert_eq!(shares(&[100.0, 100.0]), [50.0, 50.0]);
        assert_eq!(shares(&[100.0, 0.0]), [100.0, 0.0]);
        assert_eq!(shares(&[50.0, 100.0]), [25.0, 75.0]);
        assert_eq!(shares(&[-100.0, 100.0]), [0.0, 100.0]);
        assert_eq!(
            shares(&[-100.0, 0.0]),
            [0.0, 50.0],
            "its own clients stay dialled out"
        );
        assert_eq!(shares(&[-100.0, -100.0]), [50.0, 50.0], "fails open");
        assert_eq!(shares(&[-100.0, 0.0, 100.0]), [0.0, 17.0, 83.0]);
    }
}
