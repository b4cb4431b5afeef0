//! Which release of a service a stack carries, and whether it is the one that most regions have.

use super::Stack;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What tells one release of a stack from another; the fleet file's `version`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum VersionRule {
    Tag(String),
    Parameter(String),
    Output(String),
    /// The template's fingerprint: always there, but one `GetTemplate` per stack and change.
    #[default]
    Template,
}

impl VersionRule {
    /// The version that the stack itself tells, sanitised; `None` when it does not, or when the rule is
    /// [`VersionRule::Template`], whose answer only a [`Template`](super::Template) knows.
    pub fn of<'a>(&self, stack: &'a Stack) -> Option<Cow<'a, str>> {
        let value = match self {
            Self::Tag(key) => stack.tag(key),
            Self::Parameter(key) => stack
                .parameters
                .iter()
                .find(|p| p.key.exact() == key)
                .map(|p| &p.value),
            Self::Output(key) => stack
                .outputs
                .iter()
                .find(|o| o.key.exact() == key)
                .map(|o| &o.value),
            Self::Template => None,
        };
        value.map(super::Untrusted::safe)
    }
}

/// The version that more than half of the places have; `None` when no version has such a majority.
pub fn majority<'a>(versions: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut total = 0;
    for version in versions {
        *counts.entry(version).or_default() += 1;
        total += 1;
    }
    counts
        .into_iter()
        .find(|(_, count)| count * 2 > total)
        .map(|(version, _)| version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_majority_is_more_than_half() {
        for (versions, expected) in [
            (vec!["v1", "v1", "v2"], Some("v1")),
            (vec!["v1", "v2"], None),
            (vec!["v3"], Some("v3")),
            (vec![], None),
            (vec!["a", "a", "b", "b"], None),
        ] {
            assert_eq!(majority(versions.iter().copied()), expected, "{versions:?}");
        }
    }
}
