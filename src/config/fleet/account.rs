//! One `[[account]]` of the fleet file.
//!
//! Who signs in is essential: an account that says it wrongly is left out, because showing another account under
//! its name would be worse than showing none. Everything else has a default.

use super::{Declared, Regions, World};
use crate::config::Profiles;
use crate::config::colour::{self, Colour};
use crate::config::document::{Document, Entry};
use crate::config::options::Section;
use crate::config::regions;
use crate::domain::untrusted::sanitise;
use crate::domain::{Access, Account, AccountName, Credentials, Guard, Region, RegionChoice};
use std::ops::Range;
use toml::Spanned;
use toml::de::DeValue;

const GUARDS: [(&str, Guard); 3] = [
    ("none", Guard::None),
    ("confirm", Guard::Confirm),
    ("typed", Guard::Typed),
];

/// Reads an account; `None`, with a warning that says so, when it has to be left out.
pub(super) fn read(
    document: &mut Document<'_>,
    at: &Range<usize>,
    entries: &[Entry<'_>],
    world: World,
    profiles: &Profiles,
) -> Option<Declared> {
    let mut draft = Draft::default();
    for entry in entries {
        draft.set(document, entry, world);
    }
    draft.check(document, at, profiles);
    let name = draft.name.clone().or_else(|| draft.profile.clone());
    if name.is_none() && draft.state == State::Sound {
        let what =
            "An account needs a `name`, or a `profile` to be named after; this one is left out.";
        document.warn(at, what);
    }
    let name = name?;
    match draft.state {
        State::Sound => Some(draft.finish(&name, profiles)),
        State::Broken => {
            document.warn(at, format!("The account `{name}` is left out."));
            None
        }
    }
}

/// An account while it is read.
#[derive(Default)]
struct Draft {
    name: Option<String>,
    profile: Option<String>,
    profile_at: Option<Range<usize>>,
    role: Option<String>,
    external_id: Option<String>,
    access_key: Option<String>,
    colour: Option<String>,
    guard: Guard,
    access: Access,
    regions: Option<RegionChoice>,
    home: Option<Region>,
    state: State,
}

/// Whether it is certain who would sign in.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Sound,
    Broken,
}

impl Draft {
    fn set(&mut self, document: &mut Document<'_>, (key, value): &Entry<'_>, world: World) {
        match key.get_ref().as_ref() {
            "name" => self.name = self.essential(document, "name", value),
            "profile" => {
                self.profile = self.essential(document, "profile", value);
                self.profile_at = Some(value.span());
            }
            "role" => {
                self.role = self.essential(document, "role", value);
                if self.role.as_deref().is_some_and(|role| !is_role(role)) {
                    let what = "This is not the ARN of a role, which looks like `arn:aws:iam::111122223333:role/name`.";
                    document.warn(&value.span(), what);
                    self.state = State::Broken;
                }
            }
            "external_id" => self.external_id = self.essential(document, "external_id", value),
            "access_key" => match world {
                World::Sandbox => self.access_key = self.essential(document, "access_key", value),
                World::Real => {
                    document.warn_with(
                        &key.span(),
                        "Only the sandbox takes an `access_key` from its fleet file.",
                        "Keep keys in the AWS credentials file, and name the `profile` here.",
                    );
                    self.state = State::Broken;
                }
            },
            "colour" => self.colour = colour(document, value),
            "guard" => self.guard = guard(document, value),
            "read_only" => {
                self.access = match document.truth("read_only", value) {
                    Some(false) => Access::Operate,
                    // What could not be read is taken for the strictest.
                    Some(true) | None => Access::ReadOnly,
                };
            }
            "regions" => self.take_regions(document, value),
            "home" => self.home = home(document, value),
            name => document.warn_unknown(&key.span(), "option", name, Section::Account.names()),
        }
    }

    /// A text without which it is not certain who signs in.
    fn essential(
        &mut self,
        document: &mut Document<'_>,
        name: &str,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<String> {
        let text = document.text(name, value).map(str::trim);
        if text == Some("") {
            document.warn(&value.span(), format!("`{name}` is empty."));
        }
        let text = text.filter(|text| !text.is_empty()).map(str::to_owned);
        if text.is_none() {
            self.state = State::Broken;
        }
        text
    }

    fn take_regions(&mut self, document: &mut Document<'_>, value: &Spanned<DeValue<'_>>) {
        let items: Vec<&Spanned<DeValue<'_>>> = match value.get_ref() {
            DeValue::Array(list) => list.iter().collect(),
            _ => vec![value],
        };
        let mut selectors = Vec::new();
        for item in &items {
            match document.text("regions", item) {
                Some("enabled") => selectors.push("*"),
                Some(name) if regions::is_selector(name) => {
                    selectors.push(name);
                }
                Some(name) => document.warn(&item.span(), regions::implausible(name)),
                None => {}
            }
        }
        if !selectors.is_empty() {
            self.regions = Some(regions::choice(selectors));
        } else if items.is_empty() {
            document.warn(
                &value.span(),
                "`regions` names none, so it is as if it were not here.",
            );
        } else {
            document.warn(&value.span(), "No name in `regions` can be used.");
            self.state = State::Broken;
        }
    }

    /// What only shows when all of it has been read.
    fn check(&self, document: &mut Document<'_>, at: &Range<usize>, profiles: &Profiles) {
        if self.external_id.is_some() && self.role.is_none() {
            document.warn(at, "`external_id` means nothing without a `role`.");
        }
        if let (Some(profile), Some(at)) = (&self.profile, &self.profile_at)
            && profiles.get(profile).is_none()
        {
            document.warn_unknown(at, "profile", profile, profiles.names());
        }
    }

    fn finish(self, name: &str, profiles: &Profiles) -> Declared {
        let profiles_region = self
            .profile
            .as_deref()
            .and_then(|name| profiles.get(name)?.region.as_deref());
        let nearby = match &self.regions {
            Some(RegionChoice::Listed(list)) => list.first().map(Region::as_str),
            Some(RegionChoice::Enabled { .. }) | None => None,
        };
        let home = self
            .home
            .unwrap_or_else(|| regions::home_of(nearby.or(profiles_region)));
        let base = match (self.access_key, self.profile) {
            (Some(access_key), _) => Credentials::Sandbox { access_key },
            (None, Some(profile)) => Credentials::Profile(profile),
            (None, None) => Credentials::Environment,
        };
        let credentials = match self.role {
            Some(arn) => Credentials::Role {
                source: Box::new(base),
                arn,
                external_id: self.external_id,
            },
            None => base,
        };
        let said = if self.regions.is_some() {
            Regions::Said
        } else {
            Regions::Unsaid
        };
        let account = Account {
            name: AccountName::new(sanitise(name)),
            colour: self.colour,
            guard: self.guard,
            access: self.access,
            regions: self.regions.unwrap_or_else(super::everything),
            home,
            credentials,
        };
        Declared {
            account,
            regions: said,
        }
    }
}

fn colour(document: &mut Document<'_>, value: &Spanned<DeValue<'_>>) -> Option<String> {
    let text = document.text("colour", value)?;
    if text.parse::<Colour>().is_err() {
        document.warn_unknown(&value.span(), "colour", text, colour::NAMES);
        return None;
    }
    Some(text.to_owned())
}

/// A guard that cannot be read is the strictest: whoever wrote one wanted to be stopped.
fn guard(document: &mut Document<'_>, value: &Spanned<DeValue<'_>>) -> Guard {
    let Some(name) = document.text("guard", value) else {
        return Guard::Typed;
    };
    let found = GUARDS.iter().find(|(known, _)| *known == name);
    if found.is_none() {
        let known = GUARDS.iter().map(|(name, _)| *name);
        document.warn_unknown(&value.span(), "guard", name, known);
    }
    found.map_or(Guard::Typed, |(_, guard)| *guard)
}

fn home(document: &mut Document<'_>, value: &Spanned<DeValue<'_>>) -> Option<Region> {
    let name = document.text("home", value)?;
    if !regions::is_plausible(name) {
        document.warn(&value.span(), regions::implausible(name));
        return None;
    }
    Some(Region::new(name))
}

fn is_role(arn: &str) -> bool {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    match parts.as_slice() {
        ["arn", partition, "iam", "", account, resource] => {
            !partition.is_empty()
                && account.len() == 12
                && account.bytes().all(|digit| digit.is_ascii_digit())
                && resource
                    .strip_prefix("role/")
                    .is_some_and(|name| !name.is_empty())
        }
        _ => false,
    }
}
