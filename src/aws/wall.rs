//! The wall: whatever is not known to read leaves only under a [`Warrant`](super::Warrant) for its account.
//!
//! It stands in the transport, not in a key binding: an interceptor on every client looks the operation up in a
//! closed table before anything is serialised. An operation that is not in the table is refused everywhere, so
//! a new call cannot be added without saying what it does. Whether an account may be changed at all was decided where
//! the warrant was made.

use super::warrant;
use crate::domain::{AccountName, Kind, Problem};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeSerializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use std::fmt;

/// What an operation does to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Nothing.
    Read,
    /// Leaves something behind in AWS, but touches no resource: a change set, a template in a bucket.
    Draft,
    /// Changes, makes or deletes resources.
    Mutate,
}

/// Every operation the house may send, under the names that the SDK gives service and operation.
pub(super) const OPERATIONS: &[(&str, Effect, &[&str])] = &[
    ("STS", Effect::Read, &["GetCallerIdentity"]),
    ("Account", Effect::Read, &["ListRegions"]),
    (
        "CloudFormation",
        Effect::Read,
        &[
            "DescribeStacks",
            "DescribeStackEvents",
            "DescribeStackResources",
            "ListStackResources",
            "GetTemplate",
            "GetTemplateSummary",
            "GetStackPolicy",
            "ListChangeSets",
            "DescribeChangeSet",
            "DescribeStackResourceDrifts",
            "ListImports",
        ],
    ),
    (
        "CloudFormation",
        Effect::Draft,
        &["CreateChangeSet", "DeleteChangeSet"],
    ),
    (
        "CloudFormation",
        Effect::Mutate,
        &[
            "ExecuteChangeSet",
            "UpdateStack",
            "CancelUpdateStack",
            "RollbackStack",
            "ContinueUpdateRollback",
            "SetStackPolicy",
            // Only of a stack that consists of nothing but a change set of ours: `operate::draft`.
            "DeleteStack",
        ],
    ),
    ("S3", Effect::Draft, &["PutObject"]),
    (
        "CloudWatch Logs",
        Effect::Read,
        &[
            "DescribeLogGroups",
            "FilterLogEvents",
            "StartLiveTail",
            "StartQuery",
            "GetQueryResults",
            "StopQuery",
        ],
    ),
    (
        "CloudWatch",
        Effect::Read,
        &["GetMetricData", "DescribeAlarms", "DescribeAlarmHistory"],
    ),
    (
        "Global Accelerator",
        Effect::Read,
        &[
            "ListAccelerators",
            "ListCustomRoutingAccelerators",
            "DescribeAccelerator",
            "ListListeners",
            "ListCustomRoutingListeners",
            "ListEndpointGroups",
            "ListCustomRoutingEndpointGroups",
            "DescribeEndpointGroup",
            "ListCrossAccountAttachments",
        ],
    ),
    (
        "Global Accelerator",
        Effect::Mutate,
        &["UpdateEndpointGroup"],
    ),
    (
        "Elastic Load Balancing v2",
        Effect::Read,
        &[
            "DescribeLoadBalancers",
            "DescribeTargetGroups",
            "DescribeTargetHealth",
        ],
    ),
    ("SSM", Effect::Read, &["GetParametersByPath"]),
    (
        "Lambda",
        Effect::Read,
        &[
            "GetFunctionConfiguration",
            "ListFunctions",
            "ListVersionsByFunction",
            "ListAliases",
            "GetAlias",
            "ListEventSourceMappings",
            "GetFunctionConcurrency",
            "ListProvisionedConcurrencyConfigs",
            "GetAccountSettings",
        ],
    ),
    // An invocation does whatever the function does.
    ("Lambda", Effect::Mutate, &["UpdateAlias", "Invoke"]),
    ("Auto Scaling", Effect::Read, &["DescribeAutoScalingGroups"]),
    (
        "Auto Scaling",
        Effect::Mutate,
        &[
            "UpdateAutoScalingGroup",
            "SuspendProcesses",
            "ResumeProcesses",
            "CreateOrUpdateTags",
            "DeleteTags",
        ],
    ),
    ("ECS", Effect::Read, &["DescribeServices"]),
    (
        "ECS",
        Effect::Mutate,
        &["UpdateService", "TagResource", "UntagResource"],
    ),
    (
        "Application Auto Scaling",
        Effect::Read,
        &["DescribeScalableTargets"],
    ),
    (
        "Application Auto Scaling",
        Effect::Mutate,
        &["RegisterScalableTarget"],
    ),
    (
        "EC2",
        Effect::Read,
        &["DescribeRegions", "DescribeInstances"],
    ),
    (
        "EC2",
        Effect::Mutate,
        &[
            "StopInstances",
            "StartInstances",
            "CreateTags",
            "DeleteTags",
        ],
    ),
    (
        "RDS",
        Effect::Read,
        &["DescribeDBInstances", "DescribeDBClusters"],
    ),
    (
        "RDS",
        Effect::Mutate,
        &[
            "StopDBInstance",
            "StartDBInstance",
            "StopDBCluster",
            "StartDBCluster",
            "AddTagsToResource",
            "RemoveTagsFromResource",
        ],
    ),
];

/// The operations that only read, by service.
pub(super) fn reads() -> impl Iterator<Item = (&'static str, &'static str)> {
    let read = OPERATIONS
        .iter()
        .filter(|(_, effect, _)| *effect == Effect::Read);
    read.flat_map(|(service, _, names)| names.iter().map(|name| (*service, *name)))
}

fn effect(service: &str, operation: &str) -> Option<Effect> {
    OPERATIONS
        .iter()
        .find(|(its_service, _, names)| *its_service == service && names.contains(&operation))
        .map(|(_, effect, _)| *effect)
}

/// The interceptor that stands before an account.
#[derive(Clone, Debug)]
pub(super) struct Wall {
    account: AccountName,
}

impl Wall {
    pub(super) fn new(account: AccountName) -> Self {
        Self { account }
    }

    pub(super) fn pass(&self, service: &str, operation: &str) -> Result<(), Refused> {
        let reason = match effect(service, operation) {
            Some(Effect::Read) => return Ok(()),
            Some(Effect::Draft | Effect::Mutate) if warrant::is_held(&self.account) => {
                return Ok(());
            }
            Some(Effect::Draft | Effect::Mutate) => Reason::NoWarrant,
            None => Reason::Unclassified,
        };
        Err(Refused {
            operation: format!("{service}:{operation}"),
            reason,
        })
    }
}

#[dyn_dispatch_hint]
impl Intercept for Wall {
    fn name(&self) -> &'static str {
        "Wall"
    }

    // Not `read_before_execution`: there, the SDK has not yet said which operation it is.
    fn read_before_serialization(
        &self,
        _context: &BeforeSerializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        // Without its metadata an operation cannot be told from any other.
        let (service, operation) = bag
            .load::<Metadata>()
            .map_or(("?", "?"), |call| (call.service(), call.name()));
        self.pass(service, operation).map_err(BoxError::from)
    }
}

/// A request that was stopped at the wall.
#[derive(Clone, Debug)]
pub(super) struct Refused {
    operation: String,
    reason: Reason,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    NoWarrant,
    Unclassified,
}

impl Refused {
    pub(super) fn problem(&self, account: &str) -> Problem {
        match self.reason {
            Reason::NoWarrant => Problem::new(
                Kind::Denied,
                format!(
                    "Nobody gave leave to change something in {account}, so {} was not sent.",
                    self.operation
                ),
            )
            .hint("Arm the account with `A`, and plan it again."),
            Reason::Unclassified => Problem::new(
                Kind::Bug,
                format!(
                    "{} is not classified as reading or changing, so it was not sent to {account}.",
                    self.operation
                ),
            ),
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} was stopped at the wall", self.operation)
    }
}

impl std::error::Error for Refused {}
