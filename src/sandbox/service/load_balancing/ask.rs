//! What requests about load balancers have in common: which there are, which page, and how AWS words what is wrong.

use super::super::{Call, Refused, page};
use crate::sandbox::failure::Failure;
use crate::sandbox::value::Map;
use crate::sandbox::world::balancer::{Balancer, TargetGroup};

pub(super) fn no_balancer(names: &[String]) -> Refused {
    let words = match names {
        [] => "One or more load balancers not found".to_owned(),
        names => format!("Load balancers '[{}]' not found", names.join(", ")),
    };
    Failure::new(400, "LoadBalancerNotFound", words).into()
}

pub(super) fn no_group() -> Refused {
    Failure::new(
        400,
        "TargetGroupNotFound",
        "One or more target groups not found",
    )
    .into()
}

pub(super) fn no_listener() -> Refused {
    Failure::new(400, "ListenerNotFound", "One or more listeners not found").into()
}

pub(super) fn invalid(words: impl Into<String>) -> Refused {
    Failure::validation(words).into()
}

/// The balancers that are there now, by name.
pub(super) fn balancers<'c>(call: &Call<'c>) -> Result<Vec<&'c Balancer>, Refused> {
    let estate = call.world.estate(&call.caller.account, call.region)?;
    let now = call.now.timestamp_millis();
    let there = estate.balancers.iter();
    let mut there: Vec<&Balancer> = there.filter(|found| found.life.contains(&now)).collect();
    there.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(there)
}

/// The balancer of an ARN.
pub(super) fn balancer<'c>(call: &Call<'c>, arn: &str) -> Result<&'c Balancer, Refused> {
    if !arn.starts_with("arn:aws:elasticloadbalancing:") {
        return Err(invalid(format!("'{arn}' is not a valid load balancer ARN")));
    }
    let mut all = balancers(call)?.into_iter();
    all.find(|found| found.arn == arn)
        .ok_or_else(|| no_balancer(&[arn.to_owned()]))
}

/// The groups that are there now, each with its balancer.
pub(super) fn groups<'c>(call: &Call<'c>) -> Result<Vec<(&'c Balancer, &'c TargetGroup)>, Refused> {
    let balancers = balancers(call)?.into_iter();
    let groups = balancers.flat_map(|balancer| {
        let groups = balancer.groups.iter();
        groups.map(move |group| (balancer, group))
    });
    Ok(groups.collect())
}

/// The page that is asked for, as `answer` with its items under a name.
pub(super) fn paged<T>(
    call: &Call<'_>,
    member: &'static str,
    items: Vec<T>,
    name: impl Fn(&T) -> String,
    write: impl Fn(&T) -> Map,
) -> Result<Map, Refused> {
    let most = match call.input.integer("PageSize") {
        None => 400,
        Some(asked) => usize::try_from(asked)
            .ok()
            .filter(|asked| (1..=400).contains(asked))
            .ok_or_else(|| {
                invalid(format!(
                    "1 validation error detected: Value '{asked}' at 'pageSize' failed to satisfy constraint: \
                     Member must have value between 1 and 400"
                ))
            })?,
    };
    let most = most.min(call.world.pages.balancers);
    let marker = call.input.text("Marker");
    let cut = page::cut(items, most, marker.as_deref(), name);
    let (page, next) = cut.ok_or_else(|| invalid("The marker is not valid"))?;
    let written: Vec<Map> = page.iter().map(write).collect();
    Ok(Map::new()
        .with(member, written)
        .with_some("NextMarker", next))
}
