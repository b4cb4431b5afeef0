//! Where something is: an account, a region, or both.
//!
//! Names compare and sort as text; the order regions are *shown* in is the fleet file's, see
//! [`Fleet`](super::Fleet).

use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// An account as the fleet file calls it (`prod`), not its twelve digits, which only STS can tell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountName(Arc<str>);

/// An AWS region code such as `eu-west-1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(Arc<str>);

/// A region, or the account as a whole (identity, list of regions).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Place {
    Global,
    In(Region),
}

/// One account in one place: the unit that is polled, throttled and shown on its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Scope {
    pub account: AccountName,
    pub place: Place,
}

macro_rules! name {
    ($type:ident) => {
        impl $type {
            pub fn new(text: impl Into<Arc<str>>) -> Self {
                Self(text.into())
            }
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $type {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.pad(&self.0)
            }
        }
    };
}
name!(AccountName);
name!(Region);

impl Region {
    /// Whether the text has the form of a region code: `xx-word(-word)-n`.
    ///
    /// AWS adds regions faster than lists are updated, so form is all that is checked offline.
    pub fn is_plausible(text: &str) -> bool {
        let parts: Vec<&str> = text.split('-').collect();
        parts.len() >= 3
            && parts.last().is_some_and(|last| {
                last.len() <= 2 && !last.is_empty() && last.bytes().all(|b| b.is_ascii_digit())
            })
            && parts.iter().all(|part| {
                !part.is_empty()
                    && part
                        .bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            })
    }
}

impl Region {
    /// Whether one of the globs (`eu-*`) matches; no globs at all match everything.
    pub fn is_among(&self, globs: &[String]) -> bool {
        globs.is_empty() || globs.iter().any(|glob| glob_matches(glob, &self.0))
    }
}

/// Whether `text` has the form of `glob`, in which `*` stands for any run of characters and `?` for one.
pub fn glob_matches(glob: &str, text: &str) -> bool {
    let mut glob_rest = glob.chars();
    match glob_rest.next() {
        None => text.is_empty(),
        Some('*') => {
            let rest = glob_rest.as_str();
            text.char_indices()
                .map(|(at, _)| at)
                .chain([text.len()])
                .any(|at| glob_matches(rest, text.get(at..).unwrap_or_default()))
        }
        Some(wanted) => {
            let mut text_rest = text.chars();
            text_rest
                .next()
                .is_some_and(|found| wanted == '?' || wanted == found)
                && glob_matches(glob_rest.as_str(), text_rest.as_str())
        }
    }
}

impl Scope {
    pub fn global(account: &AccountName) -> Self {
        Self {
            account: account.clone(),
            place: Place::Global,
        }
    }

    pub fn regional(account: &AccountName, region: &Region) -> Self {
        Self {
            account: account.clone(),
            place: Place::In(region.clone()),
        }
    }

    /// The region, when the scope has one.
    pub fn region(&self) -> Option<&Region> {
        match &self.place {
            Place::In(region) => Some(region),
            Place::Global => None,
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Global => write!(out, "{}", self.account),
            Place::In(region) => write!(out, "{}/{region}", self.account),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_match_whole_names() {
        for (glob, text, matches) in [
            ("eu-*", "eu-west-1", true),
            ("eu-*", "us-east-1", false),
            ("*-1", "eu-west-1", true),
            ("eu-west-?", "eu-west-1", true),
            ("*", "anything", true),
            ("", "eu-west-1", false),
            ("eu-west-1", "eu-west-10", false),
        ] {
            assert_eq!(glob_matches(glob, text), matches, "{glob} {text}");
        }
    }

    #[test]
    fn region_codes_are_told_by_their_form() {
        for good in [
            "eu-west-1",
            "us-gov-west-1",
            "ap-southeast-5",
            "mx-central-1",
            "us-iso-east-1",
        ] {
            assert!(Region::is_plausible(good), "{good}");
        }
        for bad in [
            "",
            "europe",
            "eu-west",
            "EU-WEST-1",
            "eu--1",
            "eu-west-1a",
            "eu-west-123",
        ] {
            assert!(!Region::is_plausible(bad), "{bad}");
        }
    }
}
