//! The words of a scenario about accelerators: listeners, endpoint groups, endpoints, and who shares endpoints with
//! whom.
//!
//! An accelerator belongs to accounts and to no region. Where a stack made it, its ARNs are those of the stack's
//! resources, so that what CloudFormation lists and what Global Accelerator answers are one thing.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::balancer::AddressPlan;
use super::plan::Reach;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct AcceleratorPlan {
    pub(in crate::sandbox) name: String,
    /// Only the accounts count.
    #[serde(default)]
    pub(in crate::sandbox) on: Reach,
    pub(in crate::sandbox) stack: Option<String>,
    #[serde(default)]
    pub(in crate::sandbox) routing: RoutingPlan,
    #[serde(default)]
    pub(in crate::sandbox) address: AddressPlan,
    #[serde(default)]
    pub(in crate::sandbox) disabled: bool,
    /// Seconds that a change is `IN_PROGRESS`.
    #[serde(default = "half_a_minute")]
    pub(in crate::sandbox) deploys_in: i64,
    /// New flows per minute on an ordinary day, at an ordinary hour.
    #[serde(default)]
    pub(in crate::sandbox) flows: f64,
    /// `bucket/prefix`.
    pub(in crate::sandbox) flow_logs: Option<String>,
    #[serde(default)]
    pub(in crate::sandbox) tags: BTreeMap<String, String>,
    #[serde(default)]
    pub(in crate::sandbox) listener: Vec<ListenerPlan>,
    /// Dials that somebody turned, or is going to.
    #[serde(default)]
    pub(in crate::sandbox) dial: Vec<DialPlan>,
}

fn half_a_minute() -> i64 {
    30
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::sandbox) enum RoutingPlan {
    #[default]
    Standard,
    Custom,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct ListenerPlan {
    /// `[443]` or `[[8000, 8100]]`.
    pub(in crate::sandbox) ports: Vec<PortsPlan>,
    /// `TCP` or `UDP`.
    #[serde(default = "tcp")]
    pub(in crate::sandbox) protocol: String,
    /// `NONE` or `SOURCE_IP`.
    #[serde(default = "none")]
    pub(in crate::sandbox) affinity: String,
    #[serde(default)]
    pub(in crate::sandbox) group: Vec<EndpointGroupPlan>,
}

fn tcp() -> String {
    "TCP".to_owned()
}

fn none() -> String {
    "NONE".to_owned()
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(untagged)]
pub(in crate::sandbox) enum PortsPlan {
    One(i64),
    Range(i64, i64),
}

/// One endpoint group in each of some regions.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct EndpointGroupPlan {
    pub(in crate::sandbox) regions: Vec<String>,
    #[serde(default = "all")]
    pub(in crate::sandbox) dial: f64,
    #[serde(default)]
    pub(in crate::sandbox) check: GroupCheckPlan,
    /// Listener port and endpoint port.
    #[serde(default)]
    pub(in crate::sandbox) overrides: Vec<(i64, i64)>,
    #[serde(default)]
    pub(in crate::sandbox) endpoint: Vec<EndpointPlan>,
}

fn all() -> f64 {
    100.0
}

/// How Global Accelerator checks instances and addresses.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::sandbox) struct GroupCheckPlan {
    pub(in crate::sandbox) protocol: String,
    pub(in crate::sandbox) port: i64,
    pub(in crate::sandbox) path: String,
    /// 10 or 30 seconds.
    pub(in crate::sandbox) every: i64,
    pub(in crate::sandbox) threshold: i64,
}

impl Default for GroupCheckPlan {
    fn default() -> GroupCheckPlan {
        GroupCheckPlan {
            protocol: "TCP".to_owned(),
            port: 443,
            path: "/".to_owned(),
            every: 30,
            threshold: 3,
        }
    }
}

/// An endpoint by one of its names; `{region}` is the group's.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::sandbox) struct EndpointPlan {
    /// The stack whose balancer it is.
    pub(in crate::sandbox) stack: Option<String>,
    pub(in crate::sandbox) load_balancer: Option<String>,
    pub(in crate::sandbox) instance: Option<String>,
    pub(in crate::sandbox) elastic_ip: Option<String>,
    /// Custom routing knows nothing else.
    pub(in crate::sandbox) subnet: Option<String>,
    /// Whose it is, if it is not the accelerator's own account; and through which attachment.
    pub(in crate::sandbox) account: Option<String>,
    pub(in crate::sandbox) attachment: Option<String>,
    /// Where it is; only attachments have to say so.
    pub(in crate::sandbox) region: Option<String>,
    pub(in crate::sandbox) weight: Option<i64>,
    /// Whether clients' addresses are hidden from it, although it could see them.
    pub(in crate::sandbox) conceals_clients: bool,
}

/// A dial that is turned at some time.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct DialPlan {
    pub(in crate::sandbox) region: String,
    pub(in crate::sandbox) to: f64,
    /// Seconds from the world's start; negative for the past.
    pub(in crate::sandbox) at: i64,
}

/// Endpoints that an account lets others use.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct AttachmentPlan {
    pub(in crate::sandbox) name: String,
    /// The owner's account, by name.
    pub(in crate::sandbox) account: String,
    /// The accounts that may, by name.
    pub(in crate::sandbox) principals: Vec<String>,
    pub(in crate::sandbox) endpoint: Vec<EndpointPlan>,
}

/// A parameter of SSM that no stack made.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct ParameterPlan {
    /// May carry `{each}`, as the value may.
    pub(in crate::sandbox) name: String,
    #[serde(default)]
    pub(in crate::sandbox) on: Reach,
    /// One parameter for each of these.
    #[serde(default)]
    pub(in crate::sandbox) each: Vec<String>,
    /// `String`, `StringList` or `SecureString`.
    #[serde(default = "plain")]
    pub(in crate::sandbox) kind: String,
    #[serde(default)]
    pub(in crate::sandbox) value: String,
    /// Accelerator and region of the endpoint group whose ARN is the value.
    pub(in crate::sandbox) endpoint_group: Option<(String, String)>,
    /// Stack and region of the load balancer whose name in DNS is the value.
    pub(in crate::sandbox) host: Option<(String, String)>,
}

fn plain() -> String {
    "String".to_owned()
}
