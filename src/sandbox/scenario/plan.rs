//! The words of a scenario file.
//!
//! Every table that concerns stacks says where it reaches ([`Reach`], `on.regions = ["eu-west-1"]`): some
//! accounts, some regions, or, left out, all of them. A word that is not here is a mistake, and told. Texts may carry `{account}`, `{account_id}`, `{region}`, `{stack}`, `{service}`,
//! `{hex}`, `{version}` and, for the hostile, `{megabyte}`; outputs also
//! `{ref:LogicalId}` and `{dns:LogicalId}`, the physical id of a resource of the stack and the name it is found by.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::accelerator::{AcceleratorPlan, AttachmentPlan, ParameterPlan};
use super::balancer::{LoadBalancerPlan, OutagePlan};
use super::bucket::BucketPlan;
use super::failing::FailingPlan;
use super::logs::{LogGroupPlan, LogLinePlan, LogsPlan};
use super::watch::{AlarmPlan, CompositePlan, PacePlan, ReleasePlan};
use super::work::WorkPlan;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct Plan {
    pub(in crate::sandbox) seed: u64,
    #[serde(default)]
    pub(in crate::sandbox) pages: Pages,
    #[serde(default)]
    pub(in crate::sandbox) account: Vec<AccountPlan>,
    #[serde(default)]
    pub(in crate::sandbox) blueprint: BTreeMap<String, Blueprint>,
    #[serde(default)]
    pub(in crate::sandbox) stack: Vec<StackPlan>,
    #[serde(default)]
    pub(in crate::sandbox) version: Vec<VersionPlan>,
    #[serde(default, rename = "move")]
    pub(in crate::sandbox) moves: Vec<MovePlan>,
    #[serde(default)]
    pub(in crate::sandbox) trouble: Vec<TroublePlan>,
    #[serde(default)]
    pub(in crate::sandbox) failing: Vec<FailingPlan>,
    #[serde(default)]
    pub(in crate::sandbox) change_set: Vec<ChangeSetPlan>,
    #[serde(default)]
    pub(in crate::sandbox) drift: Vec<DriftPlan>,
    #[serde(default)]
    pub(in crate::sandbox) pace: PacePlan,
    #[serde(default)]
    pub(in crate::sandbox) alarm: Vec<AlarmPlan>,
    #[serde(default)]
    pub(in crate::sandbox) composite: Vec<CompositePlan>,
    #[serde(default)]
    pub(in crate::sandbox) release: Vec<ReleasePlan>,
    #[serde(default)]
    pub(in crate::sandbox) token: Vec<TokenPlan>,
    #[serde(default)]
    pub(in crate::sandbox) fault: Vec<FaultPlan>,
    #[serde(default)]
    pub(in crate::sandbox) logs: LogsPlan,
    #[serde(default)]
    pub(in crate::sandbox) log_group: Vec<LogGroupPlan>,
    #[serde(default)]
    pub(in crate::sandbox) log_line: Vec<LogLinePlan>,
    #[serde(default)]
    pub(in crate::sandbox) load_balancer: Vec<LoadBalancerPlan>,
    #[serde(default)]
    pub(in crate::sandbox) outage: Vec<OutagePlan>,
    #[serde(default)]
    pub(in crate::sandbox) accelerator: Vec<AcceleratorPlan>,
    #[serde(default)]
    pub(in crate::sandbox) attachment: Vec<AttachmentPlan>,
    #[serde(default)]
    pub(in crate::sandbox) parameter: Vec<ParameterPlan>,
    #[serde(default)]
    pub(in crate::sandbox) work: Vec<WorkPlan>,
    #[serde(default)]
    pub(in crate::sandbox) bucket: Vec<BucketPlan>,
}

/// How many things are in one page of an answer. AWS cuts stacks at a megabyte; a world may say a number.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::sandbox) struct Pages {
    pub(in crate::sandbox) stacks: usize,
    pub(in crate::sandbox) events: usize,
    pub(in crate::sandbox) resources: usize,
    pub(in crate::sandbox) changes: usize,
    pub(in crate::sandbox) exports: usize,
    /// Accelerators, their listeners, endpoint groups, and what is shared.
    pub(in crate::sandbox) accelerators: usize,
    /// Load balancers, their listeners, rules and target groups.
    pub(in crate::sandbox) balancers: usize,
}

impl Default for Pages {
    fn default() -> Pages {
        Pages {
            stacks: 50,
            events: 100,
            resources: 100,
            changes: 100,
            exports: 100,
            accelerators: 100,
            balancers: 400,
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct AccountPlan {
    pub(in crate::sandbox) id: String,
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) access_key: String,
    pub(in crate::sandbox) colour: String,
    pub(in crate::sandbox) guard: String,
    pub(in crate::sandbox) regions: Vec<String>,
    /// Opt-in regions that the account has turned on.
    #[serde(default)]
    pub(in crate::sandbox) opted_in: Vec<String>,
}

/// What stacks of one kind are made of.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::sandbox) struct Blueprint {
    pub(in crate::sandbox) description: String,
    pub(in crate::sandbox) capabilities: Vec<String>,
    pub(in crate::sandbox) transform: Option<String>,
    /// `"LogicalId AWS::Some::Type"`.
    pub(in crate::sandbox) resources: Vec<String>,
    pub(in crate::sandbox) parameters: BTreeMap<String, String>,
    /// Parameters that AWS never shows.
    pub(in crate::sandbox) secrets: Vec<String>,
    pub(in crate::sandbox) outputs: BTreeMap<String, String>,
    /// Output → export name.
    pub(in crate::sandbox) exports: BTreeMap<String, String>,
    pub(in crate::sandbox) imports: Vec<String>,
    /// Logical id → the blueprint of the nested stack.
    pub(in crate::sandbox) nested: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Blueprints {
    #[serde(default)]
    pub(super) blueprint: BTreeMap<String, Blueprint>,
}

/// The accounts (by name) and regions a table is about; none named means all.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::sandbox) struct Reach {
    pub(in crate::sandbox) accounts: Vec<String>,
    pub(in crate::sandbox) regions: Vec<String>,
}

impl Reach {
    pub(in crate::sandbox) fn covers(&self, account: &str, region: &str) -> bool {
        let has = |names: &[String], name: &str| {
            names.is_empty() || names.iter().any(|known| known == name)
        };
        has(&self.accounts, account) && has(&self.regions, region)
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::sandbox) struct StackPlan {
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) blueprint: String,
    pub(in crate::sandbox) version: String,
    pub(in crate::sandbox) on: Reach,
    pub(in crate::sandbox) tags: BTreeMap<String, String>,
    pub(in crate::sandbox) description: Option<String>,
    pub(in crate::sandbox) protected: bool,
    pub(in crate::sandbox) policy: Option<String>,
    /// How many days ago it was deleted, if it was.
    pub(in crate::sandbox) deleted_days_ago: Option<i64>,
}

/// A stack that runs another version than its plan says, in some places.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct VersionPlan {
    pub(in crate::sandbox) stack: String,
    pub(in crate::sandbox) version: String,
    #[serde(default)]
    pub(in crate::sandbox) on: Reach,
}

/// A stack that is updated over and over.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct MovePlan {
    pub(in crate::sandbox) stack: String,
    #[serde(default)]
    pub(in crate::sandbox) on: Reach,
    /// Seconds from the world's start to the first update.
    #[serde(default)]
    pub(in crate::sandbox) first: i64,
    /// Seconds from one update's start to the next one's.
    pub(in crate::sandbox) every: i64,
    /// Seconds between the starts of two resources.
    pub(in crate::sandbox) stride: f64,
    /// How the updates end, in turn.
    pub(in crate::sandbox) endings: Vec<EndingPlan>,
    /// The resource at which a failing one fails, and why.
    pub(in crate::sandbox) resource: Option<String>,
    pub(in crate::sandbox) reason: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::sandbox) enum EndingPlan {
    Succeeds,
    RollsBack,
    GetsStuck,
}

/// A stack whose last operation failed, perhaps deep inside its nested stacks.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct TroublePlan {
    pub(in crate::sandbox) stack: String,
    #[serde(default)]
    pub(in crate::sandbox) on: Reach,
    /// Logical ids of nested stacks, from the outside in.
    #[serde(default)]
    pub(in crate::sandbox) path: Vec<String>,
    pub(in crate::sandbox) resource: String,
    pub(in crate::sandbox) reason: String,
    /// Why the rollback failed as well, if it did.
    pub(in crate::sandbox) again: Option<String>,
    /// What the update was adding beside it: `"LogicalId AWS::Some::Type"`.
    #[serde(default)]
    pub(in crate::sandbox) adding: Vec<String>,
    pub(in crate::sandbox) minutes_ago: i64,
    pub(in crate::sandbox) version: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct ChangeSetPlan {
    pub(in crate::sandbox) stack: String,
    #[serde(default)]
    pub(in crate::sandbox) on: Reach,
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) description: String,
    pub(in crate::sandbox) minutes_ago: i64,
    pub(in crate::sandbox) version: String,
    /// Why it failed, if it did.
    pub(in crate::sandbox) failed: Option<String>,
    #[serde(default)]
    pub(in crate::sandbox) change: Vec<ChangePlan>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct ChangePlan {
    pub(in crate::sandbox) action: ActionPlan,
    pub(in crate::sandbox) resource: String,
    /// Only for what is added: the rest is looked up.
    #[serde(rename = "type")]
    pub(in crate::sandbox) kind: Option<String>,
    #[serde(default)]
    pub(in crate::sandbox) property: String,
    #[serde(default)]
    pub(in crate::sandbox) before: String,
    #[serde(default)]
    pub(in crate::sandbox) after: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::sandbox) enum ActionPlan {
    Add,
    Modify,
    Replace,
    Remove,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct DriftPlan {
    pub(in crate::sandbox) stack: String,
    #[serde(default)]
    pub(in crate::sandbox) on: Reach,
    pub(in crate::sandbox) resource: String,
    pub(in crate::sandbox) property: String,
    pub(in crate::sandbox) expected: String,
    pub(in crate::sandbox) actual: String,
    pub(in crate::sandbox) minutes_ago: i64,
}

/// A token of the SSO portal: whether it is good, and for which roles.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct TokenPlan {
    pub(in crate::sandbox) token: String,
    /// What it is renewed with, where it can be.
    pub(in crate::sandbox) refresh: Option<String>,
    pub(in crate::sandbox) roles: Vec<String>,
    /// Minutes from the world's start; a token without an end stays good.
    pub(in crate::sandbox) expires_in: Option<i64>,
}

/// A fault in force from the start. Empty names cover everything; `*` stands for any letters.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct FaultPlan {
    #[serde(default)]
    pub(in crate::sandbox) account: String,
    #[serde(default)]
    pub(in crate::sandbox) region: String,
    #[serde(default)]
    pub(in crate::sandbox) service: String,
    #[serde(default)]
    pub(in crate::sandbox) operation: String,
    /// Seconds from one onset to the next, and how long each lasts; left out, it never stops.
    pub(in crate::sandbox) every: Option<u64>,
    pub(in crate::sandbox) lasts: Option<u64>,
    pub(in crate::sandbox) kind: FaultKindPlan,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::sandbox) enum FaultKindPlan {
    Latency {
        millis: u64,
        #[serde(default)]
        jitter: u64,
    },
    Throttle {
        per_second: f64,
        burst: f64,
    },
    AccessDenied,
    Expired {
        /// Only credentials issued more than this many minutes before the world's start; all if left out.
        issued_before: Option<i64>,
    },
    Reset,
    Dark,
    Html,
    Redirect {
        location: String,
    },
    Truncated,
    SlowBody {
        millis: u64,
    },
    SlowClose {
        millis: u64,
    },
    ServerError {
        status: u16,
    },
    /// Cuts a stream off after so many updates.
    Severed {
        after: u32,
    },
    ClockSkew {
        seconds: i64,
    },
    Garbled {
        find: String,
        bytes: Vec<u8>,
    },
}
