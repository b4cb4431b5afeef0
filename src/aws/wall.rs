//! The read-only wall: no request that changes something leaves a read-only account.
//!
//! It stands in the transport, not in a key binding: an interceptor on every client looks the operation up in a
//! closed table before anything is serialised. An operation that is not in the table is refused everywhere, so
//! a new call cannot be added without saying what it does.

use crate::domain::{Access, Kind, Problem};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeSerializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use std::fmt;

/// What an operation does to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    /// Nothing.
    Read,
    /// Leaves something behind in AWS, but touches no resource: a change set, a drift detection.
    Draft,
    /// Changes, makes or deletes resources.
    Mutate,
}

/// Every operation the house may send, under the names that the SDK gives service and operation.
const OPERATIONS: &[(&str, &str, Effect)] = &[
    ("STS", "GetCallerIdentity", Effect::Read),
    ("Account", "ListRegions", Effect::Read),
    ("EC2", "DescribeRegions", Effect::Read),
    ("CloudFormation", "DescribeStacks", Effect::Read),
    ("CloudFormation", "DescribeStackEvents", Effect::Read),
    ("CloudFormation", "ListStackResources", Effect::Read),
    ("CloudFormation", "GetTemplate", Effect::Read),
    ("CloudFormation", "ListChangeSets", Effect::Read),
    ("CloudFormation", "DescribeChangeSet", Effect::Read),
    (
        "CloudFormation",
        "DescribeStackResourceDrifts",
        Effect::Read,
    ),
    ("CloudWatch Logs", "DescribeLogGroups", Effect::Read),
    ("CloudWatch Logs", "FilterLogEvents", Effect::Read),
    ("CloudWatch Logs", "StartLiveTail", Effect::Read),
    ("CloudWatch Logs", "StartQuery", Effect::Read),
    ("CloudWatch Logs", "GetQueryResults", Effect::Read),
    ("CloudWatch Logs", "StopQuery", Effect::Read),
    ("CloudFormation", "DescribeStackResources", Effect::Read),
    ("CloudWatch", "GetMetricData", Effect::Read),
    ("CloudWatch", "DescribeAlarms", Effect::Read),
    ("CloudWatch", "DescribeAlarmHistory", Effect::Read),
    ("Global Accelerator", "ListAccelerators", Effect::Read),
    (
        "Global Accelerator",
        "ListCustomRoutingAccelerators",
        Effect::Read,
    ),
    ("Global Accelerator", "ListListeners", Effect::Read),
    (
        "Global Accelerator",
        "ListCustomRoutingListeners",
        Effect::Read,
    ),
    ("Global Accelerator", "ListEndpointGroups", Effect::Read),
    (
        "Global Accelerator",
        "ListCustomRoutingEndpointGroups",
        Effect::Read,
    ),
    (
        "Global Accelerator",
        "ListCrossAccountAttachments",
        Effect::Read,
    ),
    (
        "Elastic Load Balancing v2",
        "DescribeLoadBalancers",
        Effect::Read,
    ),
    (
        "Elastic Load Balancing v2",
        "DescribeTargetGroups",
        Effect::Read,
    ),
    (
        "Elastic Load Balancing v2",
        "DescribeTargetHealth",
        Effect::Read,
    ),
    ("SSM", "GetParametersByPath", Effect::Read),
    ("Lambda", "GetFunctionConfiguration", Effect::Read),
    ("Lambda", "ListFunctions", Effect::Read),
    ("Lambda", "ListVersionsByFunction", Effect::Read),
    ("Lambda", "ListAliases", Effect::Read),
    ("Lambda", "ListEventSourceMappings", Effect::Read),
    ("Lambda", "GetFunctionConcurrency", Effect::Read),
    ("Lambda", "ListProvisionedConcurrencyConfigs", Effect::Read),
    ("Lambda", "GetAccountSettings", Effect::Read),
    ("CloudFormation", "CreateChangeSet", Effect::Draft),
    ("CloudFormation", "DeleteChangeSet", Effect::Draft),
    ("CloudFormation", "DetectStackDrift", Effect::Draft),
    ("CloudFormation", "ExecuteChangeSet", Effect::Mutate),
    ("CloudFormation", "CancelUpdateStack", Effect::Mutate),
    ("CloudFormation", "ContinueUpdateRollback", Effect::Mutate),
    ("CloudFormation", "RollbackStack", Effect::Mutate),
    ("CloudFormation", "UpdateStack", Effect::Mutate),
    ("CloudFormation", "DeleteStack", Effect::Mutate),
    // Whatever the function does.
    ("Lambda", "Invoke", Effect::Mutate),
];

/// The operations that only read, by service.
pub(super) fn reads() -> impl Iterator<Item = (&'static str, &'static str)> {
    let read = OPERATIONS
        .iter()
        .filter(|(_, _, effect)| *effect == Effect::Read);
    read.map(|(service, name, _)| (*service, *name))
}

fn effect(service: &str, operation: &str) -> Option<Effect> {
    OPERATIONS
        .iter()
        .find(|(its_service, its_name, _)| *its_service == service && *its_name == operation)
        .map(|(_, _, effect)| *effect)
}

/// The interceptor that stands before an account.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wall {
    access: Access,
}

impl Wall {
    pub(super) fn new(access: Access) -> Self {
        Self { access }
    }

    fn pass(self, service: &str, operation: &str) -> Result<(), Refused> {
        let reason = match (effect(service, operation), self.access) {
            (Some(Effect::Read), _) | (Some(Effect::Draft | Effect::Mutate), Access::Operate) => {
                return Ok(());
            }
            (Some(Effect::Draft | Effect::Mutate), Access::ReadOnly | Access::OnceArmed) => {
                Reason::ReadOnly
            }
            (None, _) => Reason::Unclassified,
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
    ReadOnly,
    Unclassified,
}

impl Refused {
    pub(super) fn problem(&self, account: &str) -> Problem {
        match self.reason {
            Reason::ReadOnly => Problem::new(
                Kind::Denied,
                format!(
                    "{account} is read-only here, so {} was not sent.",
                    self.operation
                ),
            )
            .hint("Start with operating access to change something."),
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
        write!(out, "{} was stopped at the read-only wall", self.operation)
    }
}

impl std::error::Error for Refused {}
