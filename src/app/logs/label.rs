//! What a source is called on a line: short names that still tell the chosen groups apart.

use crate::domain::{LogSource, Region};

/// A source, in as few words as a line has room for. Harmless to a terminal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label {
    pub account: String,
    pub region: String,
    /// The place of its region among those of the fleet, for its colour.
    pub colour: usize,
    pub group: String,
}

/// Names the sources; `regions` are those of the fleet, in its order.
pub(super) fn labels<'s>(
    sources: impl Iterator<Item = &'s LogSource> + Clone,
    regions: &[Region],
) -> Vec<Label> {
    let mut names: Vec<&str> = sources.clone().map(|source| source.group.exact()).collect();
    names.sort_unstable();
    names.dedup();
    sources
        .map(|source| {
            let region = source.scope.region();
            let colour = regions.iter().position(|known| Some(known) == region);
            Label {
                account: safe(source.scope.account.as_str()),
                region: safe(region.map_or("", Region::as_str)),
                colour: colour.unwrap_or(regions.len()),
                group: safe(short(source.group.exact(), &names)),
            }
        })
        .collect()
}

/// Services whose name in front of a group says nothing that the rest of it does not.
const SERVICES: [&str; 10] = [
    "lambda",
    "ecs",
    "codebuild",
    "rds",
    "eks",
    "apigateway",
    "appsync",
    "vendedlogs",
    "batch",
    "containerinsights",
];

/// A name without the beginning that most names have, as far as no other name becomes the same by that.
fn short<'n>(name: &'n str, all: &[&'n str]) -> &'n str {
    let mine = bare(name);
    let is_alone = all.iter().filter(|other| bare(other) == mine).count() <= 1;
    if is_alone {
        mine
    } else {
        name.strip_prefix("/aws/").unwrap_or(name)
    }
}

/// `/aws/lambda/checkout` is `checkout`, `/aws/checkout/Logs` is `checkout/Logs`.
fn bare(name: &str) -> &str {
    let Some(of_aws) = name.strip_prefix("/aws/") else {
        return name
            .strip_prefix('/')
            .filter(|rest| !rest.is_empty())
            .unwrap_or(name);
    };
    match of_aws.split_once('/') {
        Some((service, rest)) if SERVICES.contains(&service) && !rest.is_empty() => rest,
        Some(_) | None => of_aws,
    }
}

fn safe(text: &str) -> String {
    crate::domain::untrusted::sanitise(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_name_is_as_long_as_it_has_to_be() {
        let names = [
            "/aws/lambda/checkout",
            "/aws/ecs/checkout",
            "/aws/lambda/orders",
            "/aws/worker/Logs",
            "/audit/sign-in",
            "plain",
            "/",
        ];
        let shorts: Vec<&str> = names.iter().map(|name| short(name, &names)).collect();
        assert_eq!(
            shorts,
            [
                "lambda/checkout",
                "ecs/checkout",
                "orders",
                "worker/Logs",
                "audit/sign-in",
                "plain",
                "/"
            ]
        );
    }
}
