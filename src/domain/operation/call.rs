//! One change of one thing in AWS, as data: what a plan shows, a journal keeps, and a run carries out.
//!
//! A call is *convergent* or carries a *token*. A convergent one says how the thing is before and after, so that looking
//! at it tells whether it was done; one with a token is found again among the stack's events. Either way a call whose
//! reply got lost is resolved by looking, never by sending it again in the dark.

use super::{AliasTarget, Sizes, Token};
use crate::domain::{AcceleratorArn, StackId, Timestamp, Untrusted};
use serde::{Deserialize, Serialize};

/// A request that changes something, with everything it takes to send it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Call {
    /// `cloudformation:ExecuteChangeSet`.
    ExecuteChangeSet {
        stack: StackId,
        /// The change set's ARN.
        change_set: Untrusted,
        token: Token,
        /// How the stack stood when the change set was shown.
        seen: Seen,
        failing: OnFailure,
    },
    /// `cloudformation:UpdateStack`: only to get past a stack policy once, which a change set cannot.
    UpdateStack {
        stack: StackId,
        template: Body,
        parameters: Vec<Setting>,
        tags: Vec<(Untrusted, Untrusted)>,
        capabilities: Vec<String>,
        role: Option<Untrusted>,
        /// The policy for as long as the update takes.
        policy: String,
        token: Token,
        seen: Seen,
    },
    /// `cloudformation:CancelUpdateStack`.
    CancelUpdateStack {
        stack: StackId,
        token: Token,
        /// How the stack stood under the update that may be cancelled; none in journals of before.
        #[serde(default)]
        seen: Option<Seen>,
    },
    /// `cloudformation:RollbackStack`.
    RollbackStack {
        stack: StackId,
        token: Token,
        seen: Seen,
    },
    /// `cloudformation:ContinueUpdateRollback`.
    ContinueUpdateRollback {
        stack: StackId,
        /// Resources that are left as they are, as AWS names them (`Nested.Logical`).
        skip: Vec<Untrusted>,
        token: Token,
        seen: Seen,
    },
    /// `cloudformation:SetStackPolicy`.
    SetStackPolicy { stack: StackId, policy: String },
    /// `lambda:UpdateAlias`. The revision that it names is read just before it is sent.
    UpdateAlias {
        function: Untrusted,
        alias: String,
        before: AliasTarget,
        after: AliasTarget,
    },
    /// `globalaccelerator:UpdateEndpointGroup`, the dial alone.
    SetDial {
        group: AcceleratorArn,
        /// In hundredths: 100 is all of it.
        before: f64,
        after: f64,
    },
    /// `globalaccelerator:UpdateEndpointGroup` with the endpoints as they are, but for one weight.
    SetWeight {
        group: AcceleratorArn,
        endpoint: Untrusted,
        before: u8,
        after: u8,
    },
    /// Writes or deletes the tag that keeps what a stopped thing was like.
    Remember {
        thing: Thing,
        before: Option<String>,
        after: Option<String>,
    },
    /// `autoscaling:SuspendProcesses` or `ResumeProcesses`, of these alone.
    SetProcesses {
        group: Untrusted,
        processes: Vec<String>,
        to: Processes,
    },
    /// `autoscaling:UpdateAutoScalingGroup`, always all three sizes.
    SetSizes {
        group: Untrusted,
        before: Sizes,
        after: Sizes,
    },
    /// `ecs:UpdateService`, the number of tasks alone.
    SetTasks {
        /// The service's ARN.
        service: Untrusted,
        before: u32,
        after: u32,
    },
    /// `application-autoscaling:RegisterScalableTarget` of an ECS service: the least and the most that it is scaled to.
    SetTaskLimits {
        service: Untrusted,
        before: (u32, u32),
        after: (u32, u32),
    },
    /// `ec2:StopInstances`, `rds:StartDBCluster` and their like.
    SetPower { thing: Thing, to: Power },
}

/// How a stack stood when it was planned for; a stack that stands otherwise is planned for again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// AWS's word.
    pub status: String,
    pub updated: Option<Timestamp>,
}

/// What CloudFormation does when a resource fails. Always sent: AWS's own default differs between documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnFailure {
    #[default]
    RollBack,
    /// Everything stays as it is, for somebody to look at.
    Stay,
}

/// Where CloudFormation takes a template from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Body {
    Text(String),
    /// An object in S3, which may be larger.
    Url(String),
}

/// A parameter of a template as it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    pub key: Untrusted,
    /// None: whatever it is now (`UsePreviousValue`).
    pub value: Option<Untrusted>,
}

/// Something that can be stopped and started.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Thing {
    /// An Auto Scaling group, by name.
    Group(Untrusted),
    /// An ECS service, by ARN.
    Service(Untrusted),
    /// An EC2 instance, by id.
    Instance(Untrusted),
    /// An RDS instance, by identifier and ARN.
    Database(Untrusted, Untrusted),
    /// An Aurora cluster, by identifier and ARN.
    Cluster(Untrusted, Untrusted),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Power {
    Off,
    On,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Processes {
    Suspended,
    Resumed,
}

impl Call {
    /// The action as IAM and the audit name it.
    pub fn action(&self) -> &'static str {
        match self {
            Self::ExecuteChangeSet { .. } => "cloudformation:ExecuteChangeSet",
            Self::UpdateStack { .. } => "cloudformation:UpdateStack",
            Self::CancelUpdateStack { .. } => "cloudformation:CancelUpdateStack",
            Self::RollbackStack { .. } => "cloudformation:RollbackStack",
            Self::ContinueUpdateRollback { .. } => "cloudformation:ContinueUpdateRollback",
            Self::SetStackPolicy { .. } => "cloudformation:SetStackPolicy",
            Self::UpdateAlias { .. } => "lambda:UpdateAlias",
            Self::SetDial { .. } | Self::SetWeight { .. } => {
                "globalaccelerator:UpdateEndpointGroup"
            }
            Self::Remember { thing, after, .. } => match (thing, after) {
                (Thing::Group(_), Some(_)) => "autoscaling:CreateOrUpdateTags",
                (Thing::Group(_), None) => "autoscaling:DeleteTags",
                (Thing::Service(_), Some(_)) => "ecs:TagResource",
                (Thing::Service(_), None) => "ecs:UntagResource",
                (Thing::Instance(_), Some(_)) => "ec2:CreateTags",
                (Thing::Instance(_), None) => "ec2:DeleteTags",
                (Thing::Database(..) | Thing::Cluster(..), Some(_)) => "rds:AddTagsToResource",
                (Thing::Database(..) | Thing::Cluster(..), None) => "rds:RemoveTagsFromResource",
            },
            Self::SetProcesses { to, .. } => match to {
                Processes::Suspended => "autoscaling:SuspendProcesses",
                Processes::Resumed => "autoscaling:ResumeProcesses",
            },
            Self::SetSizes { .. } => "autoscaling:UpdateAutoScalingGroup",
            Self::SetTasks { .. } => "ecs:UpdateService",
            Self::SetTaskLimits { .. } => "application-autoscaling:RegisterScalableTarget",
            Self::SetPower { thing, to } => match (thing, to) {
                // A group and a service have no power of their own; their sizes are set.
                (Thing::Group(_) | Thing::Service(_), _) => "nothing",
                (Thing::Instance(_), Power::Off) => "ec2:StopInstances",
                (Thing::Instance(_), Power::On) => "ec2:StartInstances",
                (Thing::Database(..), Power::Off) => "rds:StopDBInstance",
                (Thing::Database(..), Power::On) => "rds:StartDBInstance",
                (Thing::Cluster(..), Power::Off) => "rds:StopDBCluster",
                (Thing::Cluster(..), Power::On) => "rds:StartDBCluster",
            },
        }
    }

    /// The token under which AWS keeps it, where it takes one.
    pub fn token(&self) -> Option<&Token> {
        match self {
            Self::ExecuteChangeSet { token, .. }
            | Self::UpdateStack { token, .. }
            | Self::CancelUpdateStack { token, .. }
            | Self::RollbackStack { token, .. }
            | Self::ContinueUpdateRollback { token, .. } => Some(token),
            Self::SetStackPolicy { .. }
            | Self::UpdateAlias { .. }
            | Self::SetDial { .. }
            | Self::SetWeight { .. }
            | Self::Remember { .. }
            | Self::SetProcesses { .. }
            | Self::SetSizes { .. }
            | Self::SetTasks { .. }
            | Self::SetTaskLimits { .. }
            | Self::SetPower { .. } => None,
        }
    }

    /// The stack that it is about.
    pub fn stack(&self) -> Option<&StackId> {
        match self {
            Self::ExecuteChangeSet { stack, .. }
            | Self::UpdateStack { stack, .. }
            | Self::CancelUpdateStack { stack, .. }
            | Self::RollbackStack { stack, .. }
            | Self::ContinueUpdateRollback { stack, .. }
            | Self::SetStackPolicy { stack, .. } => Some(stack),
            Self::UpdateAlias { .. }
            | Self::SetDial { .. }
            | Self::SetWeight { .. }
            | Self::Remember { .. }
            | Self::SetProcesses { .. }
            | Self::SetSizes { .. }
            | Self::SetTasks { .. }
            | Self::SetTaskLimits { .. }
            | Self::SetPower { .. } => None,
        }
    }

    /// What takes it back, where one call does: the same from after to before.
    pub fn reversed(&self) -> Option<Self> {
        Some(match self.clone() {
            Self::UpdateAlias {
                function,
                alias,
                before,
                after,
            } => Self::UpdateAlias {
                function,
                alias,
                before: after,
                after: before,
            },
            Self::SetDial {
                group,
                before,
                after,
            } => Self::SetDial {
                group,
                before: after,
                after: before,
            },
            Self::SetWeight {
                group,
                endpoint,
                before,
                after,
            } => Self::SetWeight {
                group,
                endpoint,
                before: after,
                after: before,
            },
            Self::Remember {
                thing,
                before,
                after,
            } => Self::Remember {
                thing,
                before: after,
                after: before,
            },
            Self::SetProcesses {
                group,
                processes,
                to,
            } => Self::SetProcesses {
                group,
                processes,
                to: match to {
                    Processes::Suspended => Processes::Resumed,
                    Processes::Resumed => Processes::Suspended,
                },
            },
            Self::SetSizes {
                group,
                before,
                after,
            } => Self::SetSizes {
                group,
                before: after,
                after: before,
            },
            Self::SetTasks {
                service,
                before,
                after,
            } => Self::SetTasks {
                service,
                before: after,
                after: before,
            },
            Self::SetTaskLimits {
                service,
                before,
                after,
            } => Self::SetTaskLimits {
                service,
                before: after,
                after: before,
            },
            Self::SetPower { thing, to } => Self::SetPower {
                thing,
                to: match to {
                    Power::Off => Power::On,
                    Power::On => Power::Off,
                },
            },
            Self::ExecuteChangeSet { .. }
            | Self::UpdateStack { .. }
            | Self::CancelUpdateStack { .. }
            | Self::RollbackStack { .. }
            | Self::ContinueUpdateRollback { .. }
            | Self::SetStackPolicy { .. } => return None,
        })
    }
}

impl Thing {
    /// What it is called.
    pub fn name(&self) -> &Untrusted {
        match self {
            Self::Group(name)
            | Self::Service(name)
            | Self::Instance(name)
            | Self::Database(name, _)
            | Self::Cluster(name, _) => name,
        }
    }
}
