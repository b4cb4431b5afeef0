//! Accelerators: their listeners, endpoint groups and endpoints, and what clients change about them.
//!
//! What never changes is in [`Accelerator`]; what does is in a [`Setup`], and a setup is the first one with every
//! change made by the time that is asked about. A change is `IN_PROGRESS` for a while, and flows move only when it is
//! deployed. The past of setups is kept, because metrics are asked about the past.

mod build;
mod health;
mod lane;

use std::sync::{Arc, Mutex, PoisonError};

use super::physical::accelerator_dns;
use crate::sandbox::scenario::{AddressPlan, RoutingPlan};

pub(super) use build::Builder;
pub(in crate::sandbox) use health::{EndpointHealth, Pulse};
pub(in crate::sandbox) use lane::{Lane, Quantity, Section};

/// Where Global Accelerator lives, whatever the region of what stands behind it.
pub(in crate::sandbox) const HOME: &str = "us-west-2";

#[derive(Debug)]
pub(in crate::sandbox) struct Accelerator {
    pub(in crate::sandbox) arn: String,
    pub(in crate::sandbox) routing: RoutingPlan,
    /// Milliseconds since the epoch.
    pub(in crate::sandbox) created: i64,
    pub(in crate::sandbox) addresses: [String; 2],
    pub(in crate::sandbox) sixth_version: [String; 2],
    pub(in crate::sandbox) listeners: Vec<Listener>,
    /// Bucket and prefix.
    pub(in crate::sandbox) flow_logs: Option<(String, String)>,
    pub(in crate::sandbox) tags: Vec<(String, String)>,
    /// How long a change is in progress, in milliseconds.
    deploys_in: i64,
    /// New flows per minute.
    flows: f64,
    seed: u64,
    first: Setup,
    turns: Mutex<Vec<Turn>>,
}

#[derive(Debug)]
pub(in crate::sandbox) struct Listener {
    pub(in crate::sandbox) arn: String,
    /// From and to.
    pub(in crate::sandbox) ports: Vec<(i64, i64)>,
    pub(in crate::sandbox) protocol: String,
    pub(in crate::sandbox) affinity: String,
    pub(in crate::sandbox) groups: Vec<Group>,
}

#[derive(Debug)]
pub(in crate::sandbox) struct Group {
    pub(in crate::sandbox) arn: String,
    pub(in crate::sandbox) region: String,
    /// The clients that are closest to it, as a weight among its listener's groups.
    share: f64,
}

/// A listener's place, and a group's among the listener's.
pub(in crate::sandbox) type Place = (usize, usize);

/// What can change.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::sandbox) struct Setup {
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) address: AddressPlan,
    pub(in crate::sandbox) is_enabled: bool,
    /// By listener.
    pub(in crate::sandbox) groups: Vec<Vec<GroupSetup>>,
}

#[derive(Clone, Debug, PartialEq)]
pub(in crate::sandbox) struct GroupSetup {
    /// Per cent.
    pub(in crate::sandbox) dial: f64,
    pub(in crate::sandbox) check: GroupCheck,
    /// Listener port and endpoint port.
    pub(in crate::sandbox) overrides: Vec<(i64, i64)>,
    pub(in crate::sandbox) endpoints: Vec<Endpoint>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sandbox) struct GroupCheck {
    pub(in crate::sandbox) protocol: String,
    pub(in crate::sandbox) port: i64,
    pub(in crate::sandbox) path: String,
    /// In seconds.
    pub(in crate::sandbox) every: i64,
    pub(in crate::sandbox) threshold: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sandbox) struct Endpoint {
    /// An ARN, or the id of an instance, an address or a subnet.
    pub(in crate::sandbox) id: String,
    pub(in crate::sandbox) weight: i64,
    pub(in crate::sandbox) shows_clients: bool,
    /// Milliseconds since the epoch.
    pub(in crate::sandbox) added: i64,
    pub(in crate::sandbox) attachment: Option<String>,
}

/// A change, and when it was made.
#[derive(Clone, Debug)]
struct Turn {
    at: i64,
    change: Change,
}

#[derive(Clone, Debug)]
pub(in crate::sandbox) enum Change {
    Name(String),
    Address(AddressPlan),
    Enabled(bool),
    Dial(Place, f64),
    Group(Place, Box<GroupSetup>),
}

/// Endpoints that an account shares.
#[derive(Debug)]
pub(in crate::sandbox) struct Attachment {
    pub(in crate::sandbox) arn: String,
    pub(in crate::sandbox) owner: String,
    pub(in crate::sandbox) name: String,
    /// Ids of accounts.
    pub(in crate::sandbox) principals: Vec<String>,
    /// Endpoints, each with its region.
    pub(in crate::sandbox) resources: Vec<(String, String)>,
    /// Milliseconds since the epoch.
    pub(in crate::sandbox) created: i64,
}

/// Somebody else's change is not deployed yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) struct InProgress;

impl Change {
    fn make(&self, setup: &mut Setup) {
        let group =
            |setup: &mut Setup, (listener, group): Place, then: &dyn Fn(&mut GroupSetup)| {
                let groups = setup.groups.get_mut(listener);
                if let Some(found) = groups.and_then(|groups| groups.get_mut(group)) {
                    then(found);
                }
            };
        match self {
            Change::Name(name) => setup.name.clone_from(name),
            Change::Address(address) => setup.address = *address,
            Change::Enabled(is_enabled) => setup.is_enabled = *is_enabled,
            Change::Dial(place, dial) => group(setup, *place, &|found| found.dial = *dial),
            Change::Group(place, to) => group(setup, *place, &|found| found.clone_from(to)),
        }
    }

    /// What the accelerator's history says of it; changes of groups are not in there.
    fn event(&self) -> Option<String> {
        match self {
            Change::Name(name) => Some(format!("Changed the name to {name}")),
            Change::Address(AddressPlan::DualStack) => {
                Some("Changed the IP address type to DUAL_STACK".to_owned())
            }
            Change::Address(AddressPlan::Ipv4) => {
                Some("Changed the IP address type to IPV4".to_owned())
            }
            Change::Enabled(true) => Some("Enabled the accelerator".to_owned()),
            Change::Enabled(false) => Some("Disabled the accelerator".to_owned()),
            Change::Dial(..) | Change::Group(..) => None,
        }
    }
}

impl Accelerator {
    /// The last part of its ARN, which is what metrics call it.
    pub(in crate::sandbox) fn id(&self) -> &str {
        last_part(&self.arn)
    }

    pub(in crate::sandbox) fn dns(&self) -> String {
        accelerator_dns(&self.arn, "")
    }

    pub(in crate::sandbox) fn dual_stack_dns(&self) -> String {
        accelerator_dns(&self.arn, "dualstack.")
    }

    fn turns(&self) -> Vec<Turn> {
        let turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        turns.clone()
    }

    /// How it is set up at a time, deployed or not.
    pub(in crate::sandbox) fn setup(&self, at: i64) -> Setup {
        let mut setup = self.first.clone();
        for turn in self.turns().iter().filter(|turn| turn.at <= at) {
            turn.change.make(&mut setup);
        }
        setup
    }

    /// Every setup that flows ever followed, and since when.
    fn deployed(&self) -> Vec<(i64, Arc<Setup>)> {
        let mut setup = self.first.clone();
        let mut deployed = vec![(i64::MIN, Arc::new(setup.clone()))];
        for turn in self.turns() {
            turn.change.make(&mut setup);
            deployed.push((turn.at + self.deploys_in, Arc::new(setup.clone())));
        }
        deployed
    }

    pub(in crate::sandbox) fn is_in_progress(&self, at: i64) -> bool {
        let turns = self.turns();
        turns
            .iter()
            .any(|turn| turn.at <= at && at < turn.at + self.deploys_in)
    }

    pub(in crate::sandbox) fn modified(&self, at: i64) -> i64 {
        let turns = self.turns();
        let last = turns.iter().rfind(|turn| turn.at <= at);
        last.map_or(self.created, |turn| turn.at)
    }

    /// What was changed about the accelerator itself, oldest first.
    pub(in crate::sandbox) fn events(&self, at: i64) -> Vec<(i64, String)> {
        let turns = self.turns();
        let past = turns.iter().filter(|turn| turn.at <= at);
        past.filter_map(|turn| Some((turn.at, turn.change.event()?)))
            .collect()
    }

    /// Makes changes, all of them at once.
    pub(in crate::sandbox) fn change(
        &self,
        at: i64,
        changes: Vec<Change>,
    ) -> Result<(), InProgress> {
        if self.is_in_progress(at) {
            return Err(InProgress);
        }
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        turns.extend(changes.into_iter().map(|change| Turn { at, change }));
        turns.sort_by_key(|turn| turn.at);
        Ok(())
    }
}

/// What stands behind the last slash.
pub(in crate::sandbox) fn last_part(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or_default()
}
