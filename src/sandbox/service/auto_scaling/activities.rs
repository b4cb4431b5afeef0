//! What groups did, newest first.

use chrono::DateTime;

use super::super::{Answer, Call};
use super::ask;
use crate::sandbox::value::Map;
use crate::sandbox::world::work::{Activity, Made};

pub(super) fn describe(call: &Call<'_>) -> Answer {
    let about = match call.input.text("AutoScalingGroupName") {
        Some(name) => vec![ask::of(call, &name)?],
        None => ask::groups(call),
    };
    let wanted = call.input.texts("ActivityIds");
    let now = call.now.timestamp_millis();
    let mut found: Vec<(Made, Activity)> = Vec::new();
    for made in about {
        let all = call
            .world
            .group(call.spot(), &made, |group| group.activities.clone());
        let begun = all.into_iter().filter(|activity| {
            activity.began <= now && (wanted.is_empty() || wanted.contains(&activity.id))
        });
        found.extend(begun.map(|activity| (made.clone(), activity)));
    }
    found.sort_by_key(|(_, activity)| std::cmp::Reverse(activity.began));
    ask::paged(
        call,
        "Activities",
        (found, 100),
        |(_, activity)| activity.id.clone(),
        |(made, activity)| described(call, made, activity),
    )
}

fn described(call: &Call<'_>, made: &Made, activity: &Activity) -> Map {
    let time = |millis| DateTime::from_timestamp_millis(millis).unwrap_or_default();
    let now = call.now.timestamp_millis();
    let is_over = activity.ends <= now;
    Map::new()
        .with("ActivityId", &activity.id)
        .with("AutoScalingGroupName", &made.physical)
        .with("Description", &activity.description)
        .with("Cause", &activity.cause)
        .with("StartTime", time(activity.began))
        .with_some("EndTime", is_over.then(|| time(activity.ends)))
        .with(
            "StatusCode",
            if is_over { "Successful" } else { "InProgress" },
        )
        .with("Progress", if is_over { 100_i64 } else { 50 })
        .with("Details", "{}")
        .with("AutoScalingGroupARN", ask::arn(call, made))
}
