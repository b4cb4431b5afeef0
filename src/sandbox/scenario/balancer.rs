//! The words of a scenario about load balancers, what stands behind them, and when that fails its checks.
//!
//! Every load balancer of a stack is there without a word; a `[[load_balancer]]` says more about it, or makes one
//! that no stack has. An `[[outage]]` is a cause: who checks finds out when the checks have run, and no sooner.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::plan::Reach;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct LoadBalancerPlan {
    /// The stack that made it.
    pub(in crate::sandbox) stack: Option<String>,
    /// What it is called, if no stack made it.
    pub(in crate::sandbox) name: Option<String>,
    #[serde(default)]
    pub(in crate::sandbox) on: Reach,
    #[serde(default)]
    pub(in crate::sandbox) kind: BalancerKind,
    #[serde(default)]
    pub(in crate::sandbox) address: AddressPlan,
    #[serde(default)]
    pub(in crate::sandbox) tags: BTreeMap<String, String>,
    #[serde(default)]
    pub(in crate::sandbox) group: Vec<TargetGroupPlan>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::sandbox) enum BalancerKind {
    #[default]
    Application,
    Network,
}

/// Whether there are addresses of the sixth version beside those of the fourth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::sandbox) enum AddressPlan {
    #[default]
    Ipv4,
    DualStack,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::sandbox) struct TargetGroupPlan {
    /// The logical id in the balancer's stack.
    pub(in crate::sandbox) resource: Option<String>,
    /// What it is called, if the stack does not have it.
    pub(in crate::sandbox) name: Option<String>,
    /// Stack and logical id of the function that answers; left out, addresses do.
    pub(in crate::sandbox) function: Option<(String, String)>,
    /// How many addresses.
    pub(in crate::sandbox) targets: Option<usize>,
    pub(in crate::sandbox) port: Option<i64>,
    pub(in crate::sandbox) check: CheckPlan,
}

/// How a balancer checks; what is left out is as AWS has it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::sandbox) struct CheckPlan {
    pub(in crate::sandbox) path: Option<String>,
    /// Seconds from one check to the next.
    pub(in crate::sandbox) every: Option<i64>,
    pub(in crate::sandbox) timeout: Option<i64>,
    /// How many checks in a row it takes.
    pub(in crate::sandbox) healthy: Option<i64>,
    pub(in crate::sandbox) unhealthy: Option<i64>,
}

/// What stands behind a balancer, or an instance or address by itself, does not answer as it should.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct OutagePlan {
    /// The stack whose balancer it is behind.
    pub(in crate::sandbox) stack: Option<String>,
    pub(in crate::sandbox) load_balancer: Option<String>,
    pub(in crate::sandbox) instance: Option<String>,
    pub(in crate::sandbox) elastic_ip: Option<String>,
    #[serde(default)]
    pub(in crate::sandbox) on: Reach,
    /// The target group's name or logical id; all of them if left out.
    pub(in crate::sandbox) group: Option<String>,
    /// How many of the targets; all if left out.
    pub(in crate::sandbox) targets: Option<usize>,
    pub(in crate::sandbox) kind: OutageKind,
    /// What is answered, if anything.
    #[serde(default = "unavailable")]
    pub(in crate::sandbox) code: u16,
    /// Seconds from the world's start to the first; negative for the past.
    #[serde(default)]
    pub(in crate::sandbox) first: i64,
    /// How many seconds it lasts; for ever if left out.
    pub(in crate::sandbox) lasts: Option<i64>,
    /// Seconds from one to the next; only once if left out.
    pub(in crate::sandbox) every: Option<i64>,
}

fn unavailable() -> u16 {
    503
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::sandbox) enum OutageKind {
    /// The wrong status.
    Code,
    /// No answer in time.
    Timeout,
    /// Nobody there.
    Refused,
    /// What somebody does to a target, and no check finds out.
    Registering,
    Draining,
    Unused,
}
