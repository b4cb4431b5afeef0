//! What an operation does or has to know, in words: the verbs of sentences, and the permissions that they take.

use crate::domain::operation::{Call, Power, Processes, Thing};
use crate::domain::untrusted::sanitise;
use crate::domain::{AcceleratorArn, StackId, Untrusted};

/// One thing that the operator's half of [`Cloud`](crate::aws::Cloud) is asked for.
#[derive(Clone, Copy, Debug)]
pub(in crate::aws) enum Deed<'a> {
    /// Carries a call out.
    Call(&'a Call),
    /// Looks how the thing of a call stands.
    Look(&'a Call),
    /// A stack, by name or id.
    Stack(&'a str),
    Draft(&'a Untrusted),
    Undraft(&'a StackId),
    Snapshot(&'a StackId),
    /// What a template needs.
    Template,
    /// A bucket and a key.
    Upload(&'a str, &'a str),
    Standings,
    EndpointGroup(&'a AcceleratorArn),
    Exports(&'a StackId),
}

impl Deed<'_> {
    /// "execute the change set of checkout-api"
    pub(super) fn words(&self) -> String {
        match self {
            Self::Call(call) => sent(call),
            Self::Look(call) => format!("look at {}", thing(call)),
            Self::Stack(name) => format!("look for the stack {}", stack_name(name)),
            Self::Draft(name) => format!("make a change set of {}", name.safe()),
            Self::Undraft(stack) => format!("delete the change set of {}", name(stack)),
            Self::Snapshot(stack) => format!("read all of the stack {}", name(stack)),
            Self::Template => "read what the template needs".to_owned(),
            Self::Upload(bucket, key) => {
                format!("put {} into the bucket {}", sanitise(key), sanitise(bucket))
            }
            Self::Standings => "read how what can be stopped stands".to_owned(),
            Self::EndpointGroup(group) => format!("read the endpoint group {}", id(group)),
            Self::Exports(stack) => format!("read who uses the exports of {}", name(stack)),
        }
    }

    /// What does not exist, when AWS says that something does not.
    pub(super) fn thing(&self) -> String {
        match self {
            // The stack would be there, or nobody would have looked further.
            Self::Call(Call::ExecuteChangeSet { stack, .. }) => {
                format!("The change set of the stack {}", name(stack))
            }
            Self::Call(call) | Self::Look(call) => {
                let thing = thing(call);
                let mut letters = thing.chars();
                let first = letters.next().into_iter().flat_map(char::to_uppercase);
                first.chain(letters).collect()
            }
            Self::Stack(name) => format!("The stack {}", stack_name(name)),
            Self::Draft(name) => format!("The stack {}", name.safe()),
            Self::Undraft(stack) | Self::Snapshot(stack) | Self::Exports(stack) => {
                format!("The stack {}", name(stack))
            }
            Self::Template => "What the template names".to_owned(),
            Self::Upload(bucket, _) => format!("The bucket {}", sanitise(bucket)),
            Self::Standings => "What can be stopped".to_owned(),
            Self::EndpointGroup(group) => format!("The endpoint group {}", id(group)),
        }
    }

    /// The actions that it takes, for when AWS does not name the one that is missing.
    pub(super) fn action(&self) -> &'static str {
        match self {
            Self::Call(call) => call.action(),
            Self::Look(call) => look_action(call),
            Self::Stack(_) => "cloudformation:DescribeStacks",
            Self::Draft(_) => {
                "cloudformation:CreateChangeSet` and `cloudformation:DescribeChangeSet"
            }
            Self::Undraft(_) => "cloudformation:DeleteChangeSet",
            Self::Snapshot(_) => {
                "cloudformation:DescribeStacks`, `cloudformation:GetTemplate` and `cloudformation:GetStackPolicy"
            }
            Self::Template => "cloudformation:GetTemplateSummary",
            Self::Upload(_, _) => "s3:PutObject",
            Self::Standings => {
                "autoscaling:DescribeAutoScalingGroups`, `ecs:DescribeServices`, `application-autoscaling:DescribeScalableTargets`, `ec2:DescribeInstances`, `rds:DescribeDBInstances` and `rds:DescribeDBClusters"
            }
            Self::EndpointGroup(_) => "globalaccelerator:DescribeEndpointGroup",
            Self::Exports(_) => "cloudformation:ListImports",
        }
    }
}

fn sent(call: &Call) -> String {
    let thing = thing(call);
    match call {
        Call::ExecuteChangeSet { .. } => format!("execute the change set of {thing}"),
        Call::UpdateStack { .. } => format!("update {thing}"),
        Call::CancelUpdateStack { .. } => format!("cancel the update of {thing}"),
        Call::RollbackStack { .. } => format!("roll back {thing}"),
        Call::ContinueUpdateRollback { .. } => format!("go on rolling back {thing}"),
        Call::SetStackPolicy { .. } => format!("set the policy of {thing}"),
        Call::UpdateAlias { .. } => format!("move {thing}"),
        Call::SetDial { .. } => format!("set the dial of {thing}"),
        Call::SetWeight { endpoint, .. } => {
            format!("set the weight of {} in {thing}", endpoint.safe())
        }
        Call::Remember { after, .. } => match after {
            Some(_) => format!("write down on a tag what {thing} is like"),
            None => format!("take the tag off {thing}"),
        },
        Call::SetProcesses { to, .. } => match to {
            Processes::Suspended => format!("suspend the processes of {thing}"),
            Processes::Resumed => format!("resume the processes of {thing}"),
        },
        Call::SetSizes { .. } => format!("resize {thing}"),
        Call::SetTasks { .. } => format!("set the number of tasks of {thing}"),
        Call::SetTaskLimits { .. } => format!("set the limits of {thing}"),
        Call::SetPower { to, .. } => match to {
            Power::Off => format!("stop {thing}"),
            Power::On => format!("start {thing}"),
        },
    }
}

/// "the stack checkout-api"
fn thing(call: &Call) -> String {
    match call {
        Call::ExecuteChangeSet { stack, .. }
        | Call::UpdateStack { stack, .. }
        | Call::CancelUpdateStack { stack, .. }
        | Call::RollbackStack { stack, .. }
        | Call::ContinueUpdateRollback { stack, .. }
        | Call::SetStackPolicy { stack, .. } => format!("the stack {}", name(stack)),
        Call::UpdateAlias {
            function, alias, ..
        } => format!("the alias {} of {}", sanitise(alias), function.safe()),
        Call::SetDial { group, .. } | Call::SetWeight { group, .. } => {
            format!("the endpoint group {}", id(group))
        }
        Call::Remember { thing, .. } | Call::SetPower { thing, .. } => of_thing(thing),
        Call::SetProcesses { group, .. } | Call::SetSizes { group, .. } => {
            format!("the Auto Scaling group {}", group.safe())
        }
        Call::SetTasks { service, .. } | Call::SetTaskLimits { service, .. } => {
            format!("the service {}", service.safe())
        }
    }
}

fn of_thing(thing: &Thing) -> String {
    let name = thing.name().safe();
    match thing {
        Thing::Group(_) => format!("the Auto Scaling group {name}"),
        Thing::Service(_) => format!("the service {name}"),
        Thing::Instance(_) => format!("the instance {name}"),
        Thing::Database(..) => format!("the database {name}"),
        Thing::Cluster(..) => format!("the cluster {name}"),
    }
}

fn look_action(call: &Call) -> &'static str {
    match call {
        Call::ExecuteChangeSet { .. } => {
            "cloudformation:DescribeStacks`, `cloudformation:DescribeStackEvents` and `cloudformation:DescribeChangeSet"
        }
        Call::UpdateStack { .. }
        | Call::CancelUpdateStack { .. }
        | Call::RollbackStack { .. }
        | Call::ContinueUpdateRollback { .. } => {
            "cloudformation:DescribeStacks` and `cloudformation:DescribeStackEvents"
        }
        Call::SetStackPolicy { .. } => "cloudformation:GetStackPolicy",
        Call::UpdateAlias { .. } => "lambda:GetAlias",
        Call::SetDial { .. } | Call::SetWeight { .. } => {
            "globalaccelerator:DescribeEndpointGroup` and `globalaccelerator:DescribeAccelerator"
        }
        Call::Remember { thing, .. } | Call::SetPower { thing, .. } => match thing {
            Thing::Group(_) => "autoscaling:DescribeAutoScalingGroups",
            Thing::Service(_) => "ecs:DescribeServices",
            Thing::Instance(_) => "ec2:DescribeInstances",
            Thing::Database(..) => "rds:DescribeDBInstances",
            Thing::Cluster(..) => "rds:DescribeDBClusters",
        },
        Call::SetProcesses { .. } | Call::SetSizes { .. } => {
            "autoscaling:DescribeAutoScalingGroups"
        }
        Call::SetTasks { .. } => "ecs:DescribeServices",
        Call::SetTaskLimits { .. } => "application-autoscaling:DescribeScalableTargets",
    }
}

fn name(stack: &StackId) -> String {
    stack_name(stack.exact())
}

/// A stack may be called by its name or by its ARN.
fn stack_name(name: &str) -> String {
    sanitise(StackId::new(name).name()).into_owned()
}

fn id(group: &AcceleratorArn) -> String {
    sanitise(group.id()).into_owned()
}
