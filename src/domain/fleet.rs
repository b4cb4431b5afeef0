//! The fleet: which accounts, in which regions, reached how, and guarded how.
//!
//! A value made by `config` out of files, flags and the environment. Regions keep the order in which they were
//! written: that is the order of every column on screen.

use super::operation::Deployment;
use super::{AccountName, Dollars, Region, VersionRule};

/// Everything Quarterdeck looks at.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Fleet {
    pub accounts: Vec<Account>,
    /// What tells one release of a stack from another.
    pub version: VersionRule,
    pub lambda: LambdaRules,
    pub spending: SpendingCap,
    /// What the fleet file says how to deploy, by the name that it is asked for.
    pub deployments: Vec<(String, Deployment)>,
    pub hooks: Vec<Hook>,
    /// Stacks, by globs of their names, that are not stopped.
    pub unstoppable: Vec<String>,
}

/// Something that is told of an operation. Its failure never touches the operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// `plan`, `start`, `wave`, `failure`, `end`: none for all.
    pub at: Vec<Occasion>,
    pub told: Told,
}

/// When a hook is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Occasion {
    Plan,
    Start,
    Wave,
    Failure,
    End,
}

/// How a hook is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// A command that reads the operation as JSON.
    Command(Vec<String>),
    /// A Slack-style webhook, which is sent a sentence.
    Webhook(String),
}

/// How the fleet uses Lambda.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LambdaRules {
    /// The alias that callers use, and whose version is the one in force.
    pub alias: String,
    /// The payload of a ping: JSON.
    pub ping: String,
}

/// What an hour of metrics may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpendingCap(pub Dollars);

impl Default for LambdaRules {
    fn default() -> Self {
        Self {
            alias: "ACTIVE".to_owned(),
            ping: r#"{"ramuda_action":"ping"}"#.to_owned(),
        }
    }
}

impl Default for SpendingCap {
    fn default() -> Self {
        Self(Dollars::millionths(500_000))
    }
}

/// One AWS account as the operator names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub name: AccountName,
    /// A colour name or `#rrggbb` for the account's badge.
    pub colour: Option<String>,
    pub guard: Guard,
    pub access: Access,
    pub regions: RegionChoice,
    /// Where account-wide calls (STS, region discovery) are sent.
    pub home: Region,
    pub credentials: Credentials,
}

/// How deliberate a change in this account has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Guard {
    /// A key press is enough.
    None,
    /// A question has to be answered.
    Confirm,
    /// The target's name has to be typed. What nobody has said how to guard is guarded like this.
    #[default]
    Typed,
}

/// Whether requests that change something may leave at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Access {
    /// Never.
    ReadOnly,
    /// For a while, once somebody has armed the account.
    #[default]
    OnceArmed,
    /// At any time.
    Operate,
}

/// Which regions of an account are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegionChoice {
    /// Exactly these, in this order.
    Listed(Vec<Region>),
    /// Whatever the account has enabled, narrowed by the globs (empty: all).
    Enabled { matching: Vec<String> },
}

/// Where an account's credentials come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// The environment's own chain: variables, default profile, container, instance.
    Environment,
    /// A profile of the AWS configuration files, with everything that a profile may say.
    Profile(String),
    /// A role assumed with the credentials of another source.
    Role {
        source: Box<Credentials>,
        arn: String,
        external_id: Option<String>,
    },
    /// A key of the sandbox's world; the sandbox checks no signature, so there is no secret to keep.
    Sandbox { access_key: String },
}

impl Credentials {
    /// The profile at the root of the source, when there is one: what `aws sso login` has to be told.
    pub fn profile(&self) -> Option<&str> {
        match self {
            Self::Profile(name) => Some(name),
            Self::Role { source, .. } => source.profile(),
            Self::Environment | Self::Sandbox { .. } => None,
        }
    }
}

impl Fleet {
    pub fn account(&self, name: &AccountName) -> Option<&Account> {
        self.accounts.iter().find(|account| account.name == *name)
    }
}
