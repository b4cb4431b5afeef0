//! In which order places come: by number, by name, or by a name for both.

use super::values;
use crate::config::document::Document;
use crate::domain::scope::glob_matches;
use crate::domain::{Account, Region, Scope};
use toml::Spanned;
use toml::de::DeValue;

/// Which places together, then which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Waves {
    /// So many places of an account, then so many; the last number goes for the rest. And how long each wave bakes,
    /// where that goes with it.
    Sizes(Vec<usize>, Option<u32>),
    /// These, by globs: `eu-*`, or `prod/eu-*`.
    Named(Vec<Vec<String>>),
}

/// What has a name: sizes, and how long each wave bakes.
const PRESETS: [(&str, &[usize], u32); 2] = [
    ("cautious", &[1, 1, 3, 5], 3_600),
    ("interactive", &[1, 2], 300),
];

/// How long alarms are watched between waves where nobody says.
const BAKE: u32 = 600;

impl Default for Waves {
    /// One region, to see whether it works, and then two at a time.
    fn default() -> Self {
        Self::Sizes(vec![1, 2], None)
    }
}

impl Waves {
    /// Reads `1-2-3`, `cautious` or `interactive`. The error is a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let preset = PRESETS.iter().find(|(name, _, _)| *name == text);
        if let Some((_, sizes, bake)) = preset {
            return Ok(Self::Sizes(sizes.to_vec(), Some(*bake)));
        }
        let sizes: Option<Vec<usize>> = text
            .split('-')
            .map(|size| size.parse().ok().filter(|size| *size > 0))
            .collect();
        let sizes = sizes.ok_or_else(|| {
            let text = crate::domain::untrusted::sanitise(text);
            format!("`{text}` are no waves: write `1-2-3`, `cautious` or `interactive`.")
        })?;
        Ok(Self::Sizes(sizes, None))
    }

    /// How long each wave bakes if nobody has said so: where there is one wave alone, nothing comes after it.
    pub fn bake(&self, waves: usize) -> u32 {
        match self {
            Self::Sizes(_, Some(bake)) => *bake,
            Self::Sizes(_, None) | Self::Named(_) if waves > 1 => BAKE,
            Self::Sizes(_, None) | Self::Named(_) => 0,
        }
    }

    /// Puts places into waves. An account's places are done before the next account's begin.
    pub fn of(&self, places: &[Scope]) -> Vec<Vec<Scope>> {
        match self {
            Self::Sizes(sizes, _) => {
                let accounts = places.chunk_by(|a, b| a.account == b.account);
                accounts.flat_map(|places| sized(sizes, places)).collect()
            }
            Self::Named(waves) => {
                let mut left: Vec<&Scope> = places.iter().collect();
                let mut settled = Vec::new();
                for globs in waves {
                    let is_named = |scope: &&Scope| globs.iter().any(|glob| names(glob, scope));
                    let (these, rest): (Vec<_>, Vec<_>) = left.into_iter().partition(is_named);
                    left = rest;
                    settled.push(these.into_iter().cloned().collect());
                }
                settled.retain(|wave: &Vec<Scope>| !wave.is_empty());
                settled
            }
        }
    }

    /// What it names that is a region for certain, in order.
    pub(super) fn regions(&self) -> Vec<&str> {
        match self {
            Self::Sizes(..) => Vec::new(),
            Self::Named(waves) => waves.iter().flatten().map(|glob| region_of(glob)).collect(),
        }
    }

    /// Names that none of the places has, and that are no patterns.
    pub(super) fn strangers<'w>(&'w self, accounts: &[Account], places: &[Scope]) -> Vec<&'w str> {
        let Self::Named(waves) = self else {
            return Vec::new();
        };
        let is_strange = |glob: &&String| {
            let is_pattern = glob.contains(['*', '?']);
            !is_pattern && !accounts.is_empty() && !places.iter().any(|place| names(glob, place))
        };
        let globs = waves.iter().flatten();
        globs.filter(is_strange).map(String::as_str).collect()
    }
}

fn sized(sizes: &[usize], mut places: &[Scope]) -> Vec<Vec<Scope>> {
    let mut waves = Vec::new();
    let mut sizes = sizes.iter();
    let mut size = 1;
    while !places.is_empty() {
        size = *sizes.next().unwrap_or(&size);
        let (wave, rest) = places.split_at(size.min(places.len()));
        waves.push(wave.to_vec());
        places = rest;
    }
    waves
}

fn region_of(glob: &str) -> &str {
    glob.rsplit_once('/').map_or(glob, |(_, region)| region)
}

/// Whether a place is meant by `eu-*` or `prod/eu-*`.
fn names(glob: &str, place: &Scope) -> bool {
    let region = place.region().map_or("", Region::as_str);
    match glob.rsplit_once('/') {
        Some((account, of_region)) => {
            glob_matches(account, place.account.as_str()) && glob_matches(of_region, region)
        }
        None => glob_matches(glob, region),
    }
}

/// Reads `waves`.
pub(super) fn read(document: &mut Document<'_>, value: &Spanned<DeValue<'_>>) -> Option<Waves> {
    const FORM: &str = "a list of lists of regions, or a text such as `\"1-2-3\"`";
    match value.get_ref() {
        DeValue::String(text) => Waves::parse(text)
            .map_err(|sentence| document.warn(&value.span(), sentence))
            .ok(),
        DeValue::Array(list) => {
            let mut waves = Vec::new();
            for item in list {
                let DeValue::Array(_) = item.get_ref() else {
                    document.warn_kind("waves", item, FORM);
                    return None;
                };
                waves.push(values::globs(document, "waves", item));
            }
            Some(Waves::Named(waves))
        }
        _ => {
            document.warn_kind("waves", value, FORM);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::AccountName;

    fn places(account: &str, regions: &[&str]) -> Vec<Scope> {
        let account = AccountName::new(account);
        let scope = |region: &&str| Scope::regional(&account, &Region::new(*region));
        regions.iter().map(scope).collect()
    }

    fn said(waves: &Waves, places: &[Scope]) -> Vec<Vec<String>> {
        let waves = waves.of(places);
        let words = |wave: &Vec<Scope>| wave.iter().map(ToString::to_string).collect();
        waves.iter().map(words).collect()
    }

    #[test]
    fn numbers_count_the_places_of_each_account() {
        let both = [places("a", &["r1", "r2", "r3", "r4"]), places("b", &["r1"])].concat();
        assert_eq!(
            said(&Waves::default(), &both),
            [
                vec!["a/r1"],
                vec!["a/r2", "a/r3"],
                vec!["a/r4"],
                vec!["b/r1"]
            ]
        );
        let waves = Waves::parse("1-2-3").unwrap();
        let six = places("a", &["r1", "r2", "r3", "r4", "r5", "r6"]);
        let sizes: Vec<usize> = waves.of(&six).iter().map(Vec::len).collect();
        assert_eq!(sizes, [1, 2, 3]);
        assert_eq!((waves.bake(3), waves.bake(1)), (BAKE, 0));
        assert_eq!(Waves::parse("cautious").unwrap().bake(1), 3_600);
        for text in ["", "1-0", "one", "-1", "1-"] {
            assert!(
                Waves::parse(text).unwrap_err().contains("are no waves"),
                "{text}"
            );
        }
    }

    #[test]
    fn a_place_that_two_waves_name_belongs_to_the_first() {
        let waves = Waves::Named(vec![
            vec!["eu-1".into()],
            vec!["b/*".into()],
            vec!["*".into()],
        ]);
        let both = [
            places("a", &["eu-1", "us-1"]),
            places("b", &["eu-1", "us-1"]),
        ]
        .concat();
        assert_eq!(
            said(&waves, &both),
            [vec!["a/eu-1", "b/eu-1"], vec!["b/us-1"], vec!["a/us-1"]]
        );
    }
}
