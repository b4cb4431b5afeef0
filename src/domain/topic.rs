//! What can be asked of AWS, and what one asking brings home.

use super::{
    Accelerator, AcceleratorArn, Alarm, AlarmTransition, Alias, Attachment, Balancer, ChangeSet,
    Concurrency, EventSource, Function, FunctionVersion, Grain, LambdaLimits, LastErrors, Listener,
    LogGroup, Metrics, Region, ResourceDrift, Routing, SsmParameter, Stack, StackEvent, StackId,
    StackResource, Subject, Template, Timestamp, Untrusted,
};

/// A question with one current answer per scope.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Who are we? (`sts:GetCallerIdentity`)
    Identity,
    /// Which regions does the account have? (`account:ListRegions, else ec2:DescribeRegions`)
    Regions,
    /// Every stack that is not deleted. (`cloudformation:DescribeStacks`)
    Stacks,
    /// A stack's events and those of the stacks nested in it. (`cloudformation:DescribeStackEvents`)
    Events(StackId),
    /// (`cloudformation:ListStackResources`)
    Resources(StackId),
    /// (`cloudformation:GetTemplate`)
    Template(StackId),
    /// (`cloudformation:ListChangeSets, DescribeChangeSet`)
    ChangeSets(StackId),
    /// (`cloudformation:DescribeStackResourceDrifts`)
    Drift(StackId),
    /// The log groups whose names begin so. (`logs:DescribeLogGroups`)
    LogGroups(Untrusted),
    /// The log group that a Lambda function writes to. (`lambda:GetFunctionConfiguration`)
    FunctionLog(Untrusted),
    /// Every Lambda function. (`lambda:ListFunctions`)
    Functions,
    /// One function, with its state. (`lambda:GetFunctionConfiguration`)
    Function(Untrusted),
    /// A function's published versions. (`lambda:ListVersionsByFunction`)
    Versions(Untrusted),
    /// A function's aliases. (`lambda:ListAliases`)
    Aliases(Untrusted),
    /// What calls a function by itself. (`lambda:ListEventSourceMappings`)
    EventSources(Untrusted),
    /// What is set aside for a function. (`lambda:GetFunctionConcurrency, ListProvisionedConcurrencyConfigs`)
    Concurrency(Untrusted),
    /// How much the account may run at once. (`lambda:GetAccountSettings`)
    LambdaLimits,
    /// The stack that made a resource, by the resource's physical id. (`cloudformation:DescribeStackResources`)
    Owner(Untrusted),
    /// Metrics over a window that ends now. Costs money. (`cloudwatch:GetMetricData`)
    Metrics(Subject, Grain),
    /// Every metric and composite alarm. (`cloudwatch:DescribeAlarms`)
    Alarms,
    /// How an alarm's state changed. (`cloudwatch:DescribeAlarmHistory`)
    AlarmHistory(Untrusted),
    /// The newest lines of a log group that tell of a failure. (`logs:FilterLogEvents`)
    LastErrors(Untrusted),
    /// Every accelerator. (`globalaccelerator:ListAccelerators, ListCustomRoutingAccelerators`)
    Accelerators,
    /// An accelerator's listeners and endpoint groups. (`globalaccelerator:ListListeners, ListEndpointGroups`)
    Listeners(AcceleratorArn, Routing),
    /// What other accounts share with ours, and ours with them. (`globalaccelerator:ListCrossAccountAttachments`)
    Attachments,
    /// A load balancer and the health of its targets, by its ARN. (`elasticloadbalancing:DescribeLoadBalancers,
    /// DescribeTargetGroups, DescribeTargetHealth`)
    Balancer(Untrusted),
    /// The parameters below a path. (`ssm:GetParametersByPath`)
    Parameters(Untrusted),
}

/// What one question brought home.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    Identity(Identity),
    Regions(Vec<KnownRegion>),
    Stacks(Vec<Stack>),
    /// Newest first.
    Events(Vec<StackEvent>),
    Resources(Vec<StackResource>),
    Template(Template),
    ChangeSets(Vec<ChangeSet>),
    Drift(Vec<ResourceDrift>),
    /// By name.
    LogGroups(Vec<LogGroup>),
    /// The group's name.
    FunctionLog(Untrusted),
    /// By name.
    Functions(Vec<Function>),
    /// Boxed, because it is larger than everything else.
    Function(Box<Function>),
    /// Newest first, without `$LATEST`.
    Versions(Vec<FunctionVersion>),
    /// By name.
    Aliases(Vec<Alias>),
    EventSources(Vec<EventSource>),
    Concurrency(Concurrency),
    LambdaLimits(LambdaLimits),
    /// None where no stack made it.
    Owner(Option<StackId>),
    Metrics(Metrics),
    /// By name.
    Alarms(Vec<Alarm>),
    /// Newest first.
    AlarmHistory(Vec<AlarmTransition>),
    LastErrors(LastErrors),
    /// By name.
    Accelerators(Vec<Accelerator>),
    Listeners(Vec<Listener>),
    Attachments(Vec<Attachment>),
    /// None where it does not exist.
    Balancer(Box<Option<Balancer>>),
    /// By name.
    Parameters(Vec<SsmParameter>),
}

/// Who STS says we are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The twelve digits.
    pub account_id: Untrusted,
    /// The principal's ARN.
    pub arn: Untrusted,
    /// When the keys at hand end, where their source says so. Most sources give new ones before that without being
    /// asked: it is a fact, not a warning.
    pub expires: Option<Timestamp>,
}

/// A region of the partition, and whether this account may use it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownRegion {
    pub region: Region,
    pub enabled: Enabled,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enabled {
    Yes,
    No,
}

impl Identity {
    /// `1234-5678-9012`, the way the console groups the digits.
    pub fn grouped_id(&self) -> String {
        let digits = self.account_id.safe();
        if digits.len() == 12 && digits.bytes().all(|b| b.is_ascii_digit()) {
            let digit = |range: std::ops::Range<usize>| digits.get(range).unwrap_or_default();
            format!("{}-{}-{}", digit(0..4), digit(4..8), digit(8..12))
        } else {
            digits.into_owned()
        }
    }
}

impl Topic {
    /// The stack that the question is about.
    pub fn stack(&self) -> Option<&StackId> {
        match self {
            Self::Identity
            | Self::Regions
            | Self::Stacks
            | Self::LogGroups(_)
            | Self::FunctionLog(_)
            | Self::Functions
            | Self::Function(_)
            | Self::Versions(_)
            | Self::Aliases(_)
            | Self::EventSources(_)
            | Self::Concurrency(_)
            | Self::LambdaLimits
            | Self::Owner(_)
            | Self::Metrics(_, _)
            | Self::Alarms
            | Self::AlarmHistory(_)
            | Self::LastErrors(_)
            | Self::Accelerators
            | Self::Listeners(_, _)
            | Self::Attachments
            | Self::Balancer(_)
            | Self::Parameters(_) => None,
            Self::Events(id)
            | Self::Resources(id)
            | Self::Template(id)
            | Self::ChangeSets(id)
            | Self::Drift(id) => Some(id),
        }
    }

    /// What the answer is, in an operator's words: "Not allowed to list *stacks*".
    pub fn noun(&self) -> &'static str {
        match self {
            Self::Identity => "who we are",
            Self::Regions => "the regions",
            Self::Stacks => "the stacks",
            Self::Events(_) => "the events",
            Self::Resources(_) => "the resources",
            Self::Template(_) => "the template",
            Self::ChangeSets(_) => "the change sets",
            Self::Drift(_) => "the drift",
            Self::LogGroups(_) => "the log groups",
            Self::FunctionLog(_) => "the function's log group",
            Self::Functions => "the functions",
            Self::Function(_) => "the configuration",
            Self::Versions(_) => "the versions",
            Self::Aliases(_) => "the aliases",
            Self::EventSources(_) => "the event sources",
            Self::Concurrency(_) => "the concurrency",
            Self::LambdaLimits => "the limits of Lambda",
            Self::Owner(_) => "the stack",
            Self::Metrics(_, _) => "the metrics",
            Self::Alarms => "the alarms",
            Self::AlarmHistory(_) => "the history",
            Self::LastErrors(_) => "the last errors",
            Self::Accelerators => "the accelerators",
            Self::Listeners(_, _) => "the endpoint groups",
            Self::Attachments => "the cross-account attachments",
            Self::Balancer(_) => "the load balancer",
            Self::Parameters(_) => "the parameters",
        }
    }
}
