//! A load balancer, and why what stands behind it is or is not healthy: the end of the chain of reasons.

use super::{HealthCheck, Untrusted};

/// A balancer of Elastic Load Balancing v2, with its target groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balancer {
    pub arn: Untrusted,
    pub name: Untrusted,
    /// AWS's word: `active`, `provisioning`, `active_impaired`, `failed`.
    pub state: Untrusted,
    pub reason: Option<Untrusted>,
    pub dns: Option<Untrusted>,
    pub groups: Vec<TargetGroup>,
}

/// Targets that are checked in one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetGroup {
    pub arn: Untrusted,
    pub name: Untrusted,
    /// AWS's word: `instance`, `ip`, `lambda`, `alb`.
    pub kind: Untrusted,
    /// The check that decides.
    pub check: HealthCheck,
    /// Which codes count as well: `200`, `200-299`.
    pub matcher: Option<Untrusted>,
    pub targets: Vec<Target>,
}

/// Whoever answers in the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// An instance's id, an address, a function's ARN, or a balancer's.
    pub id: Untrusted,
    pub port: Option<u16>,
    pub health: TargetHealth,
    /// AWS's code: `Target.ResponseCodeMismatch`, `Target.Timeout`, ….
    pub reason: Option<Untrusted>,
    /// AWS's sentence: `Health checks failed with these codes: [503]`.
    pub description: Option<Untrusted>,
}

/// AWS's `TargetHealth.State`, gravest first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TargetHealth {
    Unhealthy,
    Unavailable,
    Draining,
    Initial,
    Unused,
    Other(Untrusted),
    Healthy,
}

impl TargetHealth {
    pub fn parse(word: &str) -> Self {
        match word {
            "healthy" => Self::Healthy,
            "unhealthy" | "unhealthy.draining" => Self::Unhealthy,
            "unavailable" => Self::Unavailable,
            "draining" => Self::Draining,
            "initial" => Self::Initial,
            "unused" => Self::Unused,
            other => Self::Other(other.into()),
        }
    }

    /// AWS's own word.
    pub fn word(&self) -> std::borrow::Cow<'_, str> {
        match self {
            Self::Healthy => "healthy".into(),
            Self::Unhealthy => "unhealthy".into(),
            Self::Unavailable => "unavailable".into(),
            Self::Draining => "draining".into(),
            Self::Initial => "initial".into(),
            Self::Unused => "unused".into(),
            Self::Other(word) => word.safe(),
        }
    }
}

impl TargetGroup {
    /// Healthy targets, and all of them.
    pub fn counts(&self) -> (usize, usize) {
        let healthy = self
            .targets
            .iter()
            .filter(|target| target.health == TargetHealth::Healthy);
        (healthy.count(), self.targets.len())
    }

    /// Whether it is what makes a balancer unhealthy: it has targets, and none is healthy.
    pub fn is_down(&self) -> bool {
        let (healthy, all) = self.counts();
        all > 0 && healthy == 0
    }
}

impl Balancer {
    /// The target that tells best why: an unhealthy one of a group that is down, else any that is not healthy.
    pub fn culprit(&self) -> Option<(&TargetGroup, &Target)> {
        let all = self
            .groups
            .iter()
            .flat_map(|group| group.targets.iter().map(move |target| (group, target)));
        all.filter(|(_, target)| target.health != TargetHealth::Healthy)
            .min_by_key(|(group, target)| (!group.is_down(), target.health.clone()))
    }
}
