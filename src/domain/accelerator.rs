//! Global Accelerator: accelerators, their listeners, the endpoint groups of the regions, and the health of what stands
//! in them.
//!
//! Its control plane is one for all regions. When that does not answer, traffic goes on; nothing here may then be shown
//! as unhealthy, only as old.

#[cfg(test)]
mod tests;

use super::{Timestamp, Untrusted};
use std::fmt;
use std::sync::Arc;

/// The ARN of an accelerator, a listener or an endpoint group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AcceleratorArn(Arc<str>);

/// One accelerator, without what hangs on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accelerator {
    pub arn: AcceleratorArn,
    pub name: Untrusted,
    pub routing: Routing,
    pub status: AcceleratorStatus,
    pub switch: Switch,
    /// The static addresses, of both families where it is dual-stack.
    pub addresses: Vec<Untrusted>,
    pub dns: Option<Untrusted>,
    pub dual_stack_dns: Option<Untrusted>,
    pub created: Option<Timestamp>,
    pub modified: Option<Timestamp>,
}

/// How an accelerator finds where a connection goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Routing {
    /// By distance, health, dials and weights.
    Standard,
    /// By port, to addresses of subnets; it has no health.
    Custom,
}

/// Whether the last change has reached every edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AcceleratorStatus {
    Deployed,
    InProgress,
    Other(Untrusted),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    Enabled,
    Disabled,
}

/// What an accelerator listens to, and where that goes.
#[derive(Clone, Debug, PartialEq)]
pub struct Listener {
    pub arn: AcceleratorArn,
    /// `TCP` or `UDP`; none for custom routing.
    pub protocol: Option<Untrusted>,
    /// From and to, both included.
    pub ports: Vec<(u16, u16)>,
    /// AWS's word: `NONE` or `SOURCE_IP`.
    pub affinity: Option<Untrusted>,
    /// By region.
    pub groups: Vec<EndpointGroup>,
}

/// What stands in one region.
#[derive(Clone, Debug, PartialEq)]
pub struct EndpointGroup {
    pub arn: AcceleratorArn,
    /// The region's name as AWS writes it, which we may not know.
    pub region: Untrusted,
    /// Which part of the traffic that would come here does, in hundredths: 100 is all of it.
    pub dial: f64,
    /// The group's own check, which custom routing has none of. It decides over instances and addresses; balancers are
    /// judged by their own.
    pub check: Option<HealthCheck>,
    /// Port of the listener, port of the endpoint.
    pub overrides: Vec<(u16, u16)>,
    pub endpoints: Vec<Endpoint>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HealthCheck {
    /// `TCP`, `HTTP` or `HTTPS`.
    pub protocol: Untrusted,
    pub port: Option<u16>,
    pub path: Option<Untrusted>,
    /// Seconds between two checks.
    pub interval: u32,
    /// Checks in a row that change the verdict.
    pub threshold: u32,
}

/// One thing that answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The balancer's ARN, the instance's id, the address's allocation id, or a subnet's.
    pub id: Untrusted,
    pub kind: EndpointKind,
    /// Its share among those of its group, of 0 to 255; none for a subnet.
    pub weight: Option<u8>,
    pub health: Health,
    pub preserves_client_ip: Option<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EndpointKind {
    ApplicationBalancer,
    NetworkBalancer,
    Instance,
    ElasticIp,
    Subnet,
    Other,
}

/// AWS's `HealthState`, gravest first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Health {
    Unhealthy,
    /// Checked for the first time.
    Initial,
    Other(Untrusted),
    Healthy,
    /// Custom routing checks nothing.
    Unchecked,
}

/// What another account lets an accelerator of ours use, or ours another's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    pub arn: AcceleratorArn,
    pub name: Untrusted,
    /// Accounts, or ARNs of accelerators, that may use it.
    pub principals: Vec<Untrusted>,
    /// What they may use: balancers, addresses, address ranges.
    pub resources: Vec<Untrusted>,
}

/// How a group stands as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroupHealth {
    /// Nothing with a weight is healthy.
    Down,
    /// Nobody ever put anything in it.
    Empty,
    /// Some of it is unhealthy.
    Degraded,
    /// It is being checked for the first time.
    Starting,
    Healthy,
    /// Custom routing checks nothing.
    Unchecked,
}

impl AcceleratorArn {
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// For requests and for comparing; for eyes it passes the sanitiser.
    pub fn exact(&self) -> &str {
        &self.0
    }

    /// What stands behind the last slash: for an accelerator, its name in CloudWatch's dimensions.
    pub fn id(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// The accelerator that a listener or a group belongs to.
    pub fn accelerator(&self) -> &str {
        self.0
            .split_once("/listener/")
            .map_or(&*self.0, |(accelerator, _)| accelerator)
    }
}

impl fmt::Display for AcceleratorArn {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&super::untrusted::sanitise(&self.0))
    }
}

impl AcceleratorStatus {
    pub fn parse(word: &str) -> Self {
        match word {
            "DEPLOYED" => Self::Deployed,
            "IN_PROGRESS" => Self::InProgress,
            other => Self::Other(other.into()),
        }
    }

    /// AWS's own word.
    pub fn word(&self) -> std::borrow::Cow<'_, str> {
        match self {
            Self::Deployed => "DEPLOYED".into(),
            Self::InProgress => "IN_PROGRESS".into(),
            Self::Other(word) => word.safe(),
        }
    }
}

impl Health {
    pub fn parse(word: &str) -> Self {
        match word {
            "HEALTHY" => Self::Healthy,
            "UNHEALTHY" => Self::Unhealthy,
            "INITIAL" => Self::Initial,
            other => Self::Other(other.into()),
        }
    }

    /// AWS's own word.
    pub fn word(&self) -> std::borrow::Cow<'_, str> {
        match self {
            Self::Healthy => "HEALTHY".into(),
            Self::Unhealthy => "UNHEALTHY".into(),
            Self::Initial => "INITIAL".into(),
            Self::Unchecked => "not checked".into(),
            Self::Other(word) => word.safe(),
        }
    }
}

impl EndpointKind {
    /// Tells what an endpoint is by its id.
    pub fn of(id: &str) -> Self {
        if id.contains(":loadbalancer/app/") {
            Self::ApplicationBalancer
        } else if id.contains(":loadbalancer/net/") {
            Self::NetworkBalancer
        } else if id.starts_with("i-") {
            Self::Instance
        } else if id.starts_with("eipalloc-") {
            Self::ElasticIp
        } else if id.starts_with("subnet-") {
            Self::Subnet
        } else {
            Self::Other
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Self::ApplicationBalancer => "ALB",
            Self::NetworkBalancer => "NLB",
            Self::Instance => "EC2",
            Self::ElasticIp => "EIP",
            Self::Subnet => "subnet",
            Self::Other => "endpoint",
        }
    }

    /// Whether the checks of a balancer decide over it, and not the group's.
    pub fn is_balancer(self) -> bool {
        matches!(self, Self::ApplicationBalancer | Self::NetworkBalancer)
    }
}

impl Endpoint {
    /// Whether Global Accelerator would send it anything while it is healthy.
    pub fn is_weighted(&self) -> bool {
        self.weight != Some(0)
    }

    /// What to call it: a balancer's own name, else its id.
    pub fn name(&self) -> Untrusted {
        let id = self.id.exact();
        let name = id
            .split_once(":loadbalancer/")
            .and_then(|(_, behind)| behind.split('/').nth(1));
        name.map_or_else(|| self.id.clone(), Untrusted::new)
    }

    /// The twelve digits of the account that a balancer stands in, as its ARN has them.
    pub fn account(&self) -> Option<&str> {
        self.part(4)
    }

    /// The region that a balancer stands in, as its ARN has it.
    pub fn region(&self) -> Option<&str> {
        self.part(3)
    }

    fn part(&self, index: usize) -> Option<&str> {
        let id = self.id.exact();
        id.starts_with("arn:")
            .then(|| id.split(':').nth(index))
            .flatten()
            .filter(|part| !part.is_empty())
    }
}

impl EndpointGroup {
    /// How it stands as a whole: an endpoint without a weight gets nothing, and counts for nothing.
    pub fn health(&self) -> GroupHealth {
        if self.endpoints.is_empty() {
            return GroupHealth::Empty;
        }
        if self
            .endpoints
            .iter()
            .all(|it| it.health == Health::Unchecked)
        {
            return GroupHealth::Unchecked;
        }
        let weighted = || {
            self.endpoints
                .iter()
                .filter(|endpoint| endpoint.is_weighted())
        };
        let count = |health: &Health| weighted().filter(|it| it.health == *health).count();
        let (all, healthy) = (weighted().count(), count(&Health::Healthy));
        if healthy == 0 {
            if count(&Health::Initial) > 0 {
                GroupHealth::Starting
            } else {
                GroupHealth::Down
            }
        } else if healthy < all {
            GroupHealth::Degraded
        } else {
            GroupHealth::Healthy
        }
    }

    /// Healthy endpoints, and all of them.
    pub fn counts(&self) -> (usize, usize) {
        let healthy = self
            .endpoints
            .iter()
            .filter(|endpoint| endpoint.health == Health::Healthy);
        (healthy.count(), self.endpoints.len())
    }

    /// What part of the group's traffic an endpoint gets, in hundredths, by weight among the healthy ones; where none
    /// is healthy Global Accelerator fails open, and nobody can tell.
    pub fn share(&self, endpoint: &Endpoint) -> Option<f64> {
        let weight = |endpoint: &Endpoint| f64::from(endpoint.weight.unwrap_or_default());
        let takes = |endpoint: &&Endpoint| endpoint.health == Health::Healthy;
        let all: f64 = self.endpoints.iter().filter(takes).map(weight).sum();
        let own = if takes(&endpoint) {
            weight(endpoint)
        } else {
            0.0
        };
        (all > 0.0).then(|| own / all * 100.0)
    }
}

impl Listener {
    /// `TCP 80,443,8000-8100`
    pub fn words(&self) -> String {
        let ports: Vec<String> = self
            .ports
            .iter()
            .map(|(from, to)| {
                if from == to {
                    from.to_string()
                } else {
                    format!("{from}-{to}")
                }
            })
            .collect();
        let ports = ports.join(",");
        match &self.protocol {
            Some(protocol) => format!("{} {ports}", protocol.safe()),
            None => ports,
        }
    }

    /// Whether nothing that has a weight is healthy in any group that may be reached: then Global Accelerator sends
    /// traffic to all of it, in the hope that the checks are wrong.
    pub fn fails_open(&self) -> bool {
        let mut asked = self
            .groups
            .iter()
            .filter(|group| group.health() != GroupHealth::Empty)
            .peekable();
        asked.peek().is_some() && asked.all(|group| group.health() == GroupHealth::Down)
    }

    /// Whether traffic would come to a group although its dial is at nought: another one is down, and failover looks at
    /// no dial.
    pub fn ignores_dial(&self, group: &EndpointGroup) -> bool {
        let is_needed = |other: &EndpointGroup| {
            other.arn != group.arn && other.dial > 0.0 && other.health() == GroupHealth::Down
        };
        group.dial < 100.0
            && matches!(group.health(), GroupHealth::Healthy | GroupHealth::Degraded)
            && self.groups.iter().any(is_needed)
    }
}
