//! Since when an endpoint is in its health, and how often that changed since the program began.
//!
//! Global Accelerator tells only how it is now, so whatever can be known of before is what was seen here. *A failure
//! takes nothing away*: only a reading changes what is known, and only a reading in which an endpoint is no longer
//! there lets it go.

use super::{AcceleratorArn, Health, Listener, Scope, Timestamp, Untrusted};
use std::collections::{BTreeMap, VecDeque};

/// How many changes of one endpoint are remembered.
const KEPT: usize = 32;

/// Every endpoint that has been seen.
#[derive(Debug, Default)]
pub struct Vigil {
    /// By account, endpoint group, and the endpoint's id.
    seen: BTreeMap<Scope, BTreeMap<AcceleratorArn, BTreeMap<Untrusted, Sighting>>>,
    /// When each accelerator was last read.
    read: BTreeMap<Scope, BTreeMap<AcceleratorArn, Timestamp>>,
}

/// What has been seen of one endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    pub health: Health,
    pub since: Since,
    /// When it was last read.
    pub seen: Timestamp,
    /// How often its health has changed, those forgotten too.
    pub changes: u32,
    /// Oldest first, the last few.
    turns: VecDeque<Turn>,
}

/// Since when something is as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// It was so when it was first seen: at least since then.
    AtLeast(Timestamp),
    /// It became so then, as far as it was looked at.
    Seen(Timestamp),
}

/// A change of health.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// When it was last seen as before.
    pub after: Timestamp,
    /// When it was first seen as it became.
    pub at: Timestamp,
    pub from: Health,
    pub to: Health,
}

impl Since {
    pub fn at(self) -> Timestamp {
        match self {
            Self::AtLeast(at) | Self::Seen(at) => at,
        }
    }
}

impl Sighting {
    /// Oldest first, the last few.
    pub fn turns(&self) -> impl DoubleEndedIterator<Item = &Turn> + ExactSizeIterator {
        self.turns.iter()
    }

    fn first(health: Health, since: Since, at: Timestamp) -> Self {
        Self {
            health,
            since,
            seen: at,
            changes: 0,
            turns: VecDeque::new(),
        }
    }

    fn look(&mut self, health: &Health, at: Timestamp) {
        let after = std::mem::replace(&mut self.seen, at);
        if self.health == *health {
            return;
        }
        let from = std::mem::replace(&mut self.health, health.clone());
        self.since = Since::Seen(at);
        self.changes = self.changes.saturating_add(1);
        if self.turns.len() == KEPT {
            self.turns.pop_front();
        }
        self.turns.push_back(Turn {
            after,
            at,
            from,
            to: health.clone(),
        });
    }
}

impl Vigil {
    /// What has been seen of an endpoint of a group.
    pub fn of(
        &self,
        scope: &Scope,
        group: &AcceleratorArn,
        endpoint: &Untrusted,
    ) -> Option<&Sighting> {
        self.seen.get(scope)?.get(group)?.get(endpoint)
    }

    /// Takes in what hangs on an accelerator as it was at a moment.
    pub(super) fn look(
        &mut self,
        scope: &Scope,
        accelerator: &AcceleratorArn,
        listeners: &[Listener],
        at: Timestamp,
    ) {
        let read = self.read.entry(scope.clone()).or_default();
        let before = read.insert(accelerator.clone(), at);
        // What was not there the last time has begun since.
        let since = before.map_or(Since::AtLeast(at), |_| Since::Seen(at));
        let seen = self.seen.entry(scope.clone()).or_default();
        let groups = listeners.iter().flat_map(|listener| &listener.groups);
        for group in groups {
            let endpoints = seen.entry(group.arn.clone()).or_default();
            for endpoint in &group.endpoints {
                endpoints
                    .entry(endpoint.id.clone())
                    .and_modify(|sighting| sighting.look(&endpoint.health, at))
                    .or_insert_with(|| Sighting::first(endpoint.health.clone(), since, at));
            }
            endpoints.retain(|_, sighting| sighting.seen == at);
        }
        let is_there = |arn: &AcceleratorArn| {
            let mut groups = listeners.iter().flat_map(|listener| &listener.groups);
            groups.any(|group| group.arn == *arn)
        };
        seen.retain(|group, _| group.accelerator() != accelerator.exact() || is_there(group));
    }

    /// Lets go of accelerators that an account no longer has.
    pub(super) fn keep(&mut self, scope: &Scope, is_listed: impl Fn(&str) -> bool) {
        if let Some(read) = self.read.get_mut(scope) {
            read.retain(|accelerator, _| is_listed(accelerator.exact()));
        }
        if let Some(seen) = self.seen.get_mut(scope) {
            seen.retain(|group, _| is_listed(group.accelerator()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AccountName, Endpoint, EndpointGroup, EndpointKind};

    const GROUP: &str = "arn:accelerator/a/listener/l/endpoint-group/g";

    fn at(second: i64) -> Timestamp {
        Timestamp::from_timestamp(1_795_000_000 + second, 0).unwrap()
    }

    fn here() -> Scope {
        Scope::global(&AccountName::new("prod"))
    }

    fn listeners(endpoints: &[(&str, &str)]) -> Vec<Listener> {
        let endpoints = endpoints.iter().map(|(id, health)| Endpoint {
            id: (*id).into(),
            kind: EndpointKind::Instance,
            weight: Some(128),
            health: Health::parse(health),
            preserves_client_ip: None,
        });
        vec![Listener {
            arn: AcceleratorArn::new("arn:accelerator/a/listener/l"),
            protocol: None,
            ports: Vec::new(),
            affinity: None,
            groups: vec![EndpointGroup {
                arn: AcceleratorArn::new(GROUP),
                region: "eu-west-1".into(),
                dial: 100.0,
                check: None,
                overrides: Vec::new(),
                endpoints: endpoints.collect(),
            }],
        }]
    }

    fn look(vigil: &mut Vigil, second: i64, endpoints: &[(&str, &str)]) {
        let accelerator = AcceleratorArn::new("arn:accelerator/a");
        vigil.look(&here(), &accelerator, &listeners(endpoints), at(second));
    }

    fn of<'v>(vigil: &'v Vigil, id: &str) -> Option<&'v Sighting> {
        vigil.of(&here(), &AcceleratorArn::new(GROUP), &id.into())
    }

    #[test]
    fn the_first_sight_is_at_least_and_a_change_is_seen() {
        let mut vigil = Vigil::default();
        look(&mut vigil, 0, &[("i-1", "HEALTHY")]);
        look(&mut vigil, 15, &[("i-1", "HEALTHY"), ("i-2", "INITIAL")]);
        let first = of(&vigil, "i-1").unwrap();
        assert_eq!((first.since, first.seen), (Since::AtLeast(at(0)), at(15)));
        assert_eq!(first.turns().len(), 0);
        assert_eq!(of(&vigil, "i-2").unwrap().since, Since::Seen(at(15)));

        look(&mut vigil, 30, &[("i-1", "UNHEALTHY"), ("i-2", "HEALTHY")]);
        let first = of(&vigil, "i-1").unwrap();
        assert_eq!((first.since, first.changes), (Since::Seen(at(30)), 1));
        let turn = Turn {
            after: at(15),
            at: at(30),
            from: Health::Healthy,
            to: Health::Unhealthy,
        };
        assert_eq!(first.turns().collect::<Vec<_>>(), [&turn]);
    }

    #[test]
    fn what_is_gone_is_let_go_and_begins_anew() {
        let mut vigil = Vigil::default();
        look(&mut vigil, 0, &[("i-1", "HEALTHY"), ("i-2", "HEALTHY")]);
        look(&mut vigil, 15, &[("i-2", "HEALTHY")]);
        assert_eq!(of(&vigil, "i-1"), None);
        look(&mut vigil, 30, &[("i-1", "INITIAL"), ("i-2", "HEALTHY")]);
        assert_eq!(of(&vigil, "i-1").unwrap().since, Since::Seen(at(30)));
        let accelerator = AcceleratorArn::new("arn:accelerator/a");
        vigil.look(&here(), &accelerator, &[], at(45));
        assert_eq!(of(&vigil, "i-2"), None);

        look(&mut vigil, 60, &[("i-2", "HEALTHY")]);
        vigil.keep(&here(), |arn| arn == "arn:accelerator/a");
        assert!(of(&vigil, "i-2").is_some());
        vigil.keep(&here(), |_| false);
        assert_eq!(of(&vigil, "i-2"), None);
        look(&mut vigil, 75, &[("i-2", "HEALTHY")]);
        assert_eq!(of(&vigil, "i-2").unwrap().since, Since::AtLeast(at(75)));
    }

    #[test]
    fn only_the_last_changes_are_kept_but_all_are_counted() {
        let mut vigil = Vigil::default();
        for second in 0..100 {
            let health = ["HEALTHY", "UNHEALTHY"][usize::try_from(second % 2).unwrap()];
            look(&mut vigil, second, &[("i-1", health)]);
        }
        let sighting = of(&vigil, "i-1").unwrap();
        assert_eq!((sighting.changes, sighting.turns().len()), (99, KEPT));
        assert_eq!(sighting.turns().next_back().unwrap().at, at(99));
    }
}
