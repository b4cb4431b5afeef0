//! Names of regions: which could be one, and which are alike.
//!
//! The list serves hints only. AWS opens regions faster than lists are updated, so nothing is refused for not
//! being in it; what is refused is a name that no region could have.

use super::mistake::unknown;
use crate::domain::{Region, RegionChoice};

/// Regions that are known to exist, for "did you mean".
pub const KNOWN: [&str; 46] = [
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "cn-north-1",
    "cn-northwest-1",
    "us-gov-east-1",
    "us-gov-west-1",
    "eusc-de-east-1",
    "us-iso-east-1",
    "us-iso-west-1",
    "us-isob-east-1",
    "us-isob-west-1",
    "us-isof-east-1",
    "us-isof-south-1",
    "eu-isoe-west-1",
];

/// Where a region may lie, as every region's name so far says.
const DIRECTIONS: [&str; 9] = [
    "north",
    "northeast",
    "east",
    "southeast",
    "south",
    "southwest",
    "west",
    "northwest",
    "central",
];

/// Partitions whose regions know nothing of `us-east-1`, and where each has its account-wide services.
const HOMES: [(&str, &str); 7] = [
    ("cn-", "cn-north-1"),
    ("us-gov-", "us-gov-west-1"),
    ("eusc-", "eusc-de-east-1"),
    ("us-iso-", "us-iso-east-1"),
    ("us-isob-", "us-isob-east-1"),
    ("us-isof-", "us-isof-south-1"),
    ("eu-isoe-", "eu-isoe-west-1"),
];

/// Where account-wide calls of most accounts go.
pub const HOME: &str = "us-east-1";

/// Whether a text is a pattern rather than a name.
pub fn is_glob(text: &str) -> bool {
    text.contains(['*', '?'])
}

/// Whether a text can choose regions: a name that one could have, or a pattern that some name could fit.
pub fn is_selector(text: &str) -> bool {
    if !is_glob(text) {
        return is_plausible(text);
    }
    let mut letters = text.chars();
    letters.all(|letter| matches!(letter, 'a'..='z' | '0'..='9' | '-' | '*' | '?'))
}

/// Whether a region could have this name: `eu-wset-1` has the form, but no such direction exists.
pub fn is_plausible(name: &str) -> bool {
    let direction = name.rsplit('-').nth(1).unwrap_or_default();
    Region::is_plausible(name) && DIRECTIONS.contains(&direction)
}

/// The sentence for a name that no region could have.
pub fn implausible(name: &str) -> String {
    unknown("region", name, KNOWN)
}

/// The region with the account-wide services of the partition that a region belongs to.
pub fn home_of(region: Option<&str>) -> Region {
    let special = region.and_then(|region| {
        HOMES
            .iter()
            .find(|(prefix, _)| region.starts_with(prefix))
            .map(|(_, home)| *home)
    });
    Region::new(special.unwrap_or(HOME))
}

/// The choice that a list of names and patterns makes: names alone are a list, a pattern needs to be asked of the
/// account. `*` alone is everything.
pub fn choice<'a>(selectors: impl IntoIterator<Item = &'a str>) -> RegionChoice {
    let mut distinct: Vec<&str> = Vec::new();
    for selector in selectors {
        if !distinct.contains(&selector) {
            distinct.push(selector);
        }
    }
    if distinct.contains(&"*") {
        return RegionChoice::Enabled {
            matching: Vec::new(),
        };
    }
    if distinct.iter().any(|selector| is_glob(selector)) {
        let matching = distinct.into_iter().map(str::to_owned).collect();
        return RegionChoice::Enabled { matching };
    }
    RegionChoice::Listed(distinct.into_iter().map(Region::new).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_region_is_plausible_and_listed_once() {
        for (at, name) in KNOWN.iter().enumerate() {
            assert!(is_plausible(name), "{name}");
            assert!(KNOWN.iter().take(at).all(|other| other != name), "{name}");
        }
    }

    #[test]
    fn a_new_region_is_plausible_and_a_slip_of_the_finger_is_not() {
        for new in ["us-east-9", "xx-north-1", "ap-southwest-1"] {
            assert!(is_plausible(new), "{new}");
        }
        for (slip, near) in [
            ("eu-wset-1", "eu-west-1"),
            ("us-est-1", "us-east-1"),
            ("eu-central1", "eu-central-1"),
            ("EU-WEST-1", "eu-west-1"),
        ] {
            assert!(!is_plausible(slip), "{slip}");
            let sentence = format!("There is no region `{slip}`; did you mean `{near}`?");
            assert_eq!(implausible(slip), sentence);
        }
    }

    #[test]
    fn account_wide_calls_stay_in_their_partition() {
        for (region, home) in [
            (None, "us-east-1"),
            (Some("eu-west-1"), "us-east-1"),
            (Some("cn-northwest-1"), "cn-north-1"),
            (Some("us-gov-east-1"), "us-gov-west-1"),
            (Some("us-iso-west-1"), "us-iso-east-1"),
            (Some("us-isob-west-1"), "us-isob-east-1"),
        ] {
            assert_eq!(home_of(region), Region::new(home), "{region:?}");
        }
    }

    #[test]
    fn names_make_a_list_and_patterns_a_question() {
        let enabled = |matching: &[&str]| RegionChoice::Enabled {
            matching: matching.iter().map(ToString::to_string).collect(),
        };
        let listed = |names: &[&str]| {
            RegionChoice::Listed(names.iter().map(|name| Region::new(*name)).collect())
        };
        for (selectors, chosen) in [
            (
                &["eu-west-1", "us-east-1", "eu-west-1"][..],
                listed(&["eu-west-1", "us-east-1"]),
            ),
            (&["us-east-1", "eu-*"], enabled(&["us-east-1", "eu-*"])),
            (&["eu-*", "*"], enabled(&[])),
        ] {
            assert_eq!(choice(selectors.iter().copied()), chosen);
        }
    }
}
