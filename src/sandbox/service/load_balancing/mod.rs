//! Elastic Load Balancing (version 2): load balancers, listeners and rules, target groups, and how targets stand.

mod ask;
mod balancers;
mod doors;
mod groups;
mod health;
mod tags;

use super::{Answer, Call};

/// The first version of the service goes by the same name.
const VERSION: &str = "2015-12-01";

pub(super) fn answer(call: &Call<'_>) -> Answer {
    call.estate()?;
    match (call.version, call.operation) {
        (VERSION, "DescribeLoadBalancers") => balancers::describe(call),
        (VERSION, "DescribeListeners") => doors::describe(call),
        (VERSION, "DescribeRules") => doors::rules(call),
        (VERSION, "DescribeTargetGroups") => groups::describe(call),
        (VERSION, "DescribeTargetHealth") => health::describe(call),
        (VERSION, "DescribeTags") => tags::describe(call),
        _ => Err(call.unknown_operation()),
    }
}
