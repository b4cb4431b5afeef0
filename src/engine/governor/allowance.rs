//! What we may ask for of each service, before anything is observed.

use crate::domain::{Scope, Topic};

/// Calls per second to start with, and at most, where AWS publishes no rate.
pub(super) const RATE: f64 = 2.0;
/// Calls that may be made at once after a quiet time, where AWS publishes no rate.
const BURST: f64 = 4.0;
/// Calls in flight for one pair, but where a pair stands for more.
const IN_FLIGHT: usize = 4;
/// What we take of a published rate: other people and programs have the same account.
const OUR_PART: f64 = 0.5;
/// The services whose rates are kept apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::engine) enum Service {
    Sts,
    Account,
    CloudFormation,
    /// `logs:DescribeLogGroups`: CloudWatch Logs counts each of its operations on its own.
    LogGroups,
    /// `logs:FilterLogEvents`.
    LogEvents,
    /// `logs:StartLiveTail`.
    LiveTail,
    /// `logs:StartQuery` and `logs:GetQueryResults`.
    LogQueries,
    Lambda,
    /// `cloudwatch:GetMetricData`.
    Metrics,
    /// Of the account, for there is one control plane for all regions.
    GlobalAccelerator,
    LoadBalancing,
    Ssm,
    /// `cloudwatch:DescribeAlarms` and `cloudwatch:DescribeAlarmHistory`.
    Alarms,
    /// What can be stopped and started: Auto Scaling, ECS, EC2 and RDS, as a run looks at it.
    Machines,
}

/// How fast, by default.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Allowance {
    /// Calls per second to start with, and at most.
    pub(super) rate: f64,
    /// Calls that may be made at once after a quiet time.
    pub(super) burst: f64,
    /// Calls that may be in flight at once.
    pub(super) in_flight: usize,
}

impl Service {
    pub(in crate::engine) fn of(topic: &Topic) -> Self {
        match topic {
            Topic::Identity => Self::Sts,
            Topic::Regions => Self::Account,
            Topic::Stacks
            | Topic::Events(_)
            | Topic::Resources(_)
            | Topic::Template(_)
            | Topic::ChangeSets(_)
            | Topic::Drift(_)
            | Topic::Owner(_) => Self::CloudFormation,
            Topic::LogGroups(_) => Self::LogGroups,
            Topic::FunctionLog(_)
            | Topic::Functions
            | Topic::Function(_)
            | Topic::Versions(_)
            | Topic::Aliases(_)
            | Topic::EventSources(_)
            | Topic::Concurrency(_)
            | Topic::LambdaLimits => Self::Lambda,
            Topic::LastErrors(_) => Self::LogEvents,
            Topic::Metrics(_, _) => Self::Metrics,
            Topic::Alarms | Topic::AlarmHistory(_) => Self::Alarms,
            Topic::Accelerators | Topic::Listeners(_, _) | Topic::Attachments => {
                Self::GlobalAccelerator
            }
            Topic::Balancer(_) => Self::LoadBalancing,
            Topic::Parameters(_) => Self::Ssm,
        }
    }
}

impl Allowance {
    /// What we may take of a rate that AWS publishes: half of it, and all of a second's at once.
    fn of_published(rate: f64) -> Self {
        Self {
            rate: rate * OUR_PART,
            burst: rate,
            in_flight: IN_FLIGHT,
        }
    }

    /// Rates of 2026-11, per account and region: "CloudWatch Logs service quotas", "CloudWatch service quotas",
    /// "Lambda quotas".
    pub(super) fn of(service: Service, scope: &Scope) -> Self {
        let region = scope.region().map_or("", |region| region.as_str());
        match service {
            // Of metrics AWS takes 500 questions a second; one a minute is what we mean to ask.
            Service::Sts
            | Service::Account
            | Service::CloudFormation
            | Service::LoadBalancing
            | Service::Ssm
            | Service::Machines
            | Service::Metrics => Self {
                rate: RATE,
                burst: BURST,
                in_flight: IN_FLIGHT,
            },
            // One pair stands for what has one in every region elsewhere, and a tree is read from its root.
            Service::GlobalAccelerator => Self {
                rate: RATE,
                burst: 120.0,
                in_flight: 16,
            },
            Service::LogGroups | Service::LogQueries => Self::of_published(10.0),
            Service::LogEvents => Self::of_published(match region {
                "us-east-1" => 25.0,
                "eu-central-1" | "ap-northeast-3" | "ap-southeast-3" | "ca-west-1"
                | "il-central-1" => 5.0,
                _ => 10.0,
            }),
            Service::LiveTail => Self::of_published(5.0),
            Service::Lambda => Self::of_published(15.0),
            Service::Alarms => Self::of_published(9.0),
        }
    }
}
