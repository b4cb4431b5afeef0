//! ECS: services, how many containers they are to keep, and their tags.

mod ask;
mod services;
mod tags;

use super::{Answer, Call};

pub(super) fn answer(call: &Call<'_>) -> Answer {
    call.estate()?;
    match call.operation {
        "DescribeServices" => services::describe(call),
        "ListServices" => services::list(call),
        "UpdateService" => services::update(call),
        "TagResource" => tags::tag(call),
        "UntagResource" => tags::untag(call),
        "ListTagsForResource" => tags::list(call),
        _ => Err(call.unknown_operation()),
    }
}
