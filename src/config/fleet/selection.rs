//! What `-p` and `-r` leave of a fleet, or make of none.
//!
//! A name that leads nowhere is a [`Mistake`] here, not a warning: it was just typed, and the one who typed it is
//! still there to type it again.

use super::{Declared, Regions};
use crate::config::{Mistake, Profiles, regions};
use crate::domain::scope::glob_matches;
use crate::domain::{Account, Region, RegionChoice};

/// The accounts that `-p` names, in its order: those of the fleet first, else profiles of the same name.
pub(super) fn accounts(
    flags: &[String],
    declared: Vec<Declared>,
    profiles: &Profiles,
) -> Result<Vec<Declared>, Mistake> {
    let names = items(flags, "-p")?;
    if names.is_empty() {
        return Ok(declared);
    }
    let mut chosen: Vec<Declared> = Vec::new();
    for name in names {
        let fits = |candidate: &str| glob_matches(name, candidate);
        let mut found: Vec<Declared> = declared
            .iter()
            .filter(|declared| fits(declared.account.name.as_str()))
            .cloned()
            .collect();
        if found.is_empty() {
            let profiles_found = profiles.names().filter(|profile| fits(profile));
            found.extend(profiles_found.map(|profile| Declared::of_profile(profile, profiles)));
        }
        if found.is_empty() {
            let known = declared
                .iter()
                .map(|declared| declared.account.name.as_str());
            let known = known.chain(profiles.names());
            return Err(Mistake::unknown("account or profile", name, known));
        }
        for declared in found {
            if !chosen
                .iter()
                .any(|other| other.account.name == declared.account.name)
            {
                chosen.push(declared);
            }
        }
    }
    Ok(chosen)
}

/// Gives every account the regions that `-r` names.
pub(super) fn regions(flags: &[String], accounts: &mut [Declared]) -> Result<(), Mistake> {
    let selectors = items(flags, "-r")?;
    if selectors.is_empty() {
        return Ok(());
    }
    for selector in &selectors {
        if !regions::is_selector(selector) {
            return Err(Mistake::new(regions::implausible(selector)));
        }
    }
    for declared in accounts {
        declared.account.regions = narrowed(&declared.account, &selectors);
        declared.regions = Regions::Said;
    }
    Ok(())
}

/// Patterns keep those of an account's listed regions that fit, and names are added to them. Where none is listed,
/// or a pattern fits none, all are asked of the account, as `*` always is.
fn narrowed(account: &Account, selectors: &[&str]) -> RegionChoice {
    let (globs, names): (Vec<&str>, Vec<&str>) =
        selectors.iter().partition(|text| regions::is_glob(text));
    let RegionChoice::Listed(listed) = &account.regions else {
        return regions::choice(selectors.iter().copied());
    };
    let is_narrowing = |glob: &&str| *glob != "*" && listed.iter().any(|region| fits(glob, region));
    if globs.is_empty() || !globs.iter().all(is_narrowing) {
        return regions::choice(selectors.iter().copied());
    }
    let kept = listed
        .iter()
        .filter(|region| globs.iter().any(|glob| fits(glob, region)));
    regions::choice(kept.map(Region::as_str).chain(names))
}

fn fits(glob: &str, region: &Region) -> bool {
    glob_matches(glob, region.as_str())
}

/// The items of a flag that may be repeated and may be a list.
fn items<'f>(flags: &'f [String], flag: &str) -> Result<Vec<&'f str>, Mistake> {
    let items: Vec<&str> = flags
        .iter()
        .flat_map(|text| text.split(','))
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .collect();
    if items.is_empty() && !flags.is_empty() {
        // An empty variable of a script; taking it for "everything" would be the opposite of what was meant.
        return Err(Mistake::new(format!(
            "`{flag}` was given and names nothing."
        )));
    }
    Ok(items)
}
