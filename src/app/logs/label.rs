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

/// The end of a name from a `/` on, as long as it has to be for no other name to end so.
fn short<'n>(name: &'n str, all: &[&str]) -> &'n str {
    let ends = name.rmatch_indices('/').filter_map(|(at, _)| {
        let end = name.get(at + 1..)?;
        (!end.is_empty()).then_some(end)
    });
    let is_alone = |end: &&str| {
        let ending = |other: &&&str| {
            other
                .strip_suffix(*end)
                .is_some_and(|before| before.is_empty() || before.ends_with('/'))
        };
        all.iter().filter(ending).count() <= 1
    };
    let mut ends = ends;
    ends.find(is_alone).unwrap_or(name)
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
            "plain",
            "/trailing/",
        ];
        let shorts: Vec<&str> = names.iter().map(|name| short(name, &names)).collect();
        assert_eq!(
            shorts,
            [
                "lambda/checkout",
                "ecs/checkout",
                "orders",
                "plain",
                "trailing/"
            ]
        );
    }
}
