//! What requests about groups have in common: which group, which page, and how AWS words what is wrong.

use super::super::{Call, Refused, page};
use crate::sandbox::failure::Failure;
use crate::sandbox::value::Map;
use crate::sandbox::world::work::{GROUP, Made};

pub(super) fn invalid(words: impl Into<String>) -> Refused {
    Failure::validation(words).into()
}

pub(super) fn missing(name: &str) -> Refused {
    invalid(format!(
        "AutoScalingGroup name not found - AutoScalingGroup {name} not found"
    ))
}

/// The groups that are there, by name.
pub(super) fn groups(call: &Call<'_>) -> Vec<Made> {
    call.world.made(call.spot(), GROUP)
}

/// The group of a name, or of an ARN that ends in it.
pub(super) fn of(call: &Call<'_>, asked: &str) -> Result<Made, Refused> {
    let name = asked
        .rsplit_once(":autoScalingGroupName/")
        .map_or(asked, |(_, name)| name);
    let mut all = groups(call).into_iter();
    all.find(|made| made.physical == name)
        .ok_or_else(|| missing(name))
}

/// The group that the request is about.
pub(super) fn named(call: &Call<'_>) -> Result<Made, Refused> {
    of(call, &call.required("AutoScalingGroupName")?)
}

pub(super) fn arn(call: &Call<'_>, made: &Made) -> String {
    format!(
        "arn:aws:autoscaling:{}:{}:autoScalingGroup:{}:autoScalingGroupName/{}",
        call.region,
        call.caller.account,
        call.world.id_of(call.spot(), made).uuid(),
        made.physical
    )
}

/// The page that is asked for, as an answer with its items under a name.
pub(super) fn paged<T>(
    call: &Call<'_>,
    member: &'static str,
    (items, most): (Vec<T>, i64),
    name: impl Fn(&T) -> String,
    write: impl Fn(&T) -> Map,
) -> Result<Map, Refused> {
    let asked = call.input.integer("MaxRecords").unwrap_or(most.min(50));
    let Some(asked) = usize::try_from(asked)
        .ok()
        .filter(|_| (1..=most).contains(&asked))
    else {
        return Err(invalid(format!(
            "1 validation error detected: Value '{asked}' at 'maxRecords' failed to satisfy constraint: Member must \
             have value between 1 and {most}"
        )));
    };
    let token = call.input.text("NextToken");
    let cut = page::cut(items, asked, token.as_deref(), name);
    let words = "The token is not valid.";
    let (page, next) = cut.ok_or_else(|| Failure::new(400, "InvalidNextToken", words))?;
    let written: Vec<Map> = page.iter().map(write).collect();
    Ok(Map::new()
        .with(member, written)
        .with_some("NextToken", next))
}
