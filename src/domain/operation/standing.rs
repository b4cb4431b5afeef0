//! How something that can be stopped stands, and what a template asks of whoever deploys it: what a plan is made of.

use super::{PowerState, Sizes};
use crate::domain::{Timestamp, Untrusted};

/// How a thing that can be stopped stands now.
#[derive(Clone, Debug, PartialEq)]
pub enum Standing {
    Group {
        sizes: Sizes,
        instances: u32,
        suspended: Vec<String>,
        memory: Option<String>,
    },
    Service {
        wanted: u32,
        running: u32,
        /// Between which numbers it is scaled, where it is.
        limits: Option<(u32, u32)>,
        memory: Option<String>,
    },
    Machine {
        power: PowerState,
        memory: Option<String>,
        /// Why it cannot be stopped, as a sentence, where it cannot: an instance store, a member of a cluster.
        fixed: Option<String>,
        /// When a stopped database starts by itself.
        restarts: Option<Timestamp>,
    },
    /// It does not exist.
    Gone,
}

/// What a template asks of whoever deploys it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct TemplateNeeds {
    pub capabilities: Vec<String>,
    pub parameters: Vec<TemplateParameter>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateParameter {
    pub key: Untrusted,
    pub default: Option<Untrusted>,
    pub echo: Echo,
}

/// Whether AWS tells a parameter's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Echo {
    Shown,
    Secret,
}

impl Standing {
    /// What the tag that keeps it says.
    pub fn memory(&self) -> Option<&str> {
        match self {
            Self::Group { memory, .. }
            | Self::Service { memory, .. }
            | Self::Machine { memory, .. } => memory.as_deref(),
            Self::Gone => None,
        }
    }
}
