//! What an operator wants done, before anybody has looked whether it can be.

use super::{Gate, OnFailure, UndoPolicy};
use crate::domain::{AcceleratorArn, AccountName, Scope, StackId, Untrusted};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The kinds of operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    Deploy,
    Rollback,
    Stop,
    Start,
    Dial,
    Weigh,
    Drain,
    Restore,
}

/// A wish. Making a plan of it changes no resource.
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    /// Deploys what the fleet file says, or a template that somebody chose.
    Deploy(Box<Deployment>),
    /// The right way back for the state that each stack is in.
    RollBackStack {
        stacks: Vec<StackWish>,
        /// Resources to leave behind where a rollback is stuck.
        skip: Vec<String>,
    },
    /// Points the alias of a function at an earlier version.
    RollBackAlias {
        function: Untrusted,
        alias: String,
        scopes: Vec<Scope>,
        /// None: the next lower one that exists.
        version: Option<String>,
        pace: Pace,
    },
    /// Stops whatever of these stacks can be stopped.
    Stop {
        stacks: Vec<StackWish>,
    },
    /// Brings back what was stopped.
    Start {
        stacks: Vec<StackWish>,
    },
    Dial {
        group: GroupWish,
        percent: f64,
    },
    Weigh {
        group: GroupWish,
        endpoint: Untrusted,
        weight: u8,
    },
    /// Dials a region down to nothing, and waits until nothing comes any more.
    Drain {
        group: GroupWish,
        /// Seconds after which the dial is set back by itself.
        restore_after: Option<u32>,
    },
    /// Sets a dial back to what the last drain had found.
    Restore {
        group: GroupWish,
    },
}

/// A stack, by its name in a place; the id where it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StackWish {
    pub scope: Scope,
    pub name: Untrusted,
    pub id: Option<StackId>,
}

/// An endpoint group, in the account that has its accelerator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupWish {
    /// The account as a whole: accelerators are in no region.
    pub scope: Scope,
    pub group: AcceleratorArn,
    /// The region that its endpoints are in.
    pub region: Untrusted,
}

/// How fast traffic moves to another version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Pace {
    #[default]
    AtOnce,
    /// 1, 10, 50, 100 in a hundred, with a look at the errors between.
    Gradual,
}

/// What is deployed where.
#[derive(Clone, Debug, PartialEq)]
pub struct Deployment {
    /// The stack's name; `{region}` stands for the region's.
    pub stack: String,
    /// The twelve digits of the only account that it is for; none where it is for every place of its waves.
    pub account: Option<String>,
    pub source: Source,
    /// Parameters and tags for everywhere, then those of single regions, which win. A value of a list is joined by
    /// commas.
    pub parameters: Vec<Given>,
    pub tags: Vec<Given>,
    pub role: Option<String>,
    /// None leaves them as they are; an empty list takes all away.
    pub notifications: Option<Vec<String>>,
    /// Where templates go that are too large to be sent; `{region}` stands for the region's name.
    pub bucket: Option<String>,
    pub policy: Policy,
    /// Alarms of the stack's region that have CloudFormation roll back; at most five.
    pub alarms: Vec<String>,
    /// Which places together, then which.
    pub waves: Vec<Vec<Scope>>,
    /// Between waves and after the last.
    pub gates: Vec<Gate>,
    /// Seconds that alarms are watched after each wave.
    pub bake: u32,
    pub undo: UndoPolicy,
    pub failing: OnFailure,
}

/// A key and its value, everywhere or in the regions that a glob matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    pub key: String,
    pub value: String,
    pub region: Option<String>,
}

/// Where a template comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file.
    File(std::path::PathBuf),
    /// A command that prints one; it is told the region in `AWS_REGION`.
    Command(Vec<String>),
    /// The template that the stack has.
    Same,
}

/// What protects a stack's resources.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Policy {
    /// Set after the stack was made; none leaves it alone.
    pub body: Option<String>,
    /// For this one update only: everything is allowed, or what this says.
    pub during: Option<String>,
}

impl Operation {
    pub fn verb(&self) -> Verb {
        match self {
            Self::Deploy(_) => Verb::Deploy,
            Self::RollBackStack { .. } | Self::RollBackAlias { .. } => Verb::Rollback,
            Self::Stop { .. } => Verb::Stop,
            Self::Start { .. } => Verb::Start,
            Self::Dial { .. } => Verb::Dial,
            Self::Weigh { .. } => Verb::Weigh,
            Self::Drain { .. } => Verb::Drain,
            Self::Restore { .. } => Verb::Restore,
        }
    }

    /// The accounts that something would be done in.
    pub fn accounts(&self) -> BTreeSet<&AccountName> {
        match self {
            Self::Deploy(deployment) => {
                let scopes = deployment.waves.iter().flatten();
                scopes.map(|scope| &scope.account).collect()
            }
            Self::RollBackStack { stacks, .. } | Self::Stop { stacks } | Self::Start { stacks } => {
                stacks.iter().map(|it| &it.scope.account).collect()
            }
            Self::RollBackAlias { scopes, .. } => scopes.iter().map(|it| &it.account).collect(),
            Self::Dial { group, .. }
            | Self::Weigh { group, .. }
            | Self::Drain { group, .. }
            | Self::Restore { group } => BTreeSet::from([&group.scope.account]),
        }
    }
}
