//! Where the aliases point in each region, and which versions there are.

use super::line::{Known, Line, Page, Told, Tone, sentence, shared};
use crate::domain::{FunctionVersion, Scope, Slot, Topic, time::short};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn page(known: &Known<'_>) -> Page {
    let mut lines = aliases(known);
    lines.extend(versions(known));
    let mut failing = Vec::new();
    let mut is_asking = false;
    for scope in known.scopes {
        let aliases = known
            .store
            .aliases(scope, &Topic::Aliases(known.name.clone()));
        let versions = known
            .store
            .versions(scope, &Topic::Versions(known.name.clone()));
        is_asking |= versions.is_none_or(|slot| slot.good().is_none() && slot.failing().is_none());
        let sentences = [sentence(aliases), sentence(versions)];
        failing.extend(
            sentences
                .into_iter()
                .flatten()
                .map(|it| (scope.clone(), it)),
        );
    }
    lines.extend(known.problems(failing));
    let excuse = if is_asking {
        "Asking for the versions and aliases."
    } else {
        "No version was published, and there is no alias."
    };
    Page {
        lines,
        excuse: excuse.to_owned(),
    }
}

/// A line for each alias and each version that it points to.
fn aliases(known: &Known<'_>) -> Vec<Line> {
    let mut by_name: BTreeMap<String, Vec<(Scope, Told)>> = BTreeMap::new();
    for scope in known.scopes {
        let slot = known
            .store
            .aliases(scope, &Topic::Aliases(known.name.clone()));
        for alias in slot.and_then(Slot::value).unwrap_or_default() {
            let points = by_name.entry(alias.name.safe().into_owned()).or_default();
            points.push((scope.clone(), Told::Known(alias.words())));
        }
    }
    let mut lines = Vec::new();
    for (name, points) in by_name {
        for it in shared(points) {
            let Told::Known(version) = &it.value else {
                continue;
            };
            let tone = if it.is_odd { Tone::Skew } else { Tone::Good };
            let cells = vec![
                name.clone(),
                format!("→ {version}"),
                String::new(),
                known.regions(&it.scopes),
                String::new(),
            ];
            lines.push(Line::new(tone, format!("alias {name} {version}"), cells));
        }
    }
    lines
}

/// A line for each version, newest first; one that is other code elsewhere has a line for each.
fn versions(known: &Known<'_>) -> Vec<Line> {
    let mut found: BTreeMap<_, (&FunctionVersion, Vec<Scope>)> = BTreeMap::new();
    for scope in known.scopes {
        let slot = known
            .store
            .versions(scope, &Topic::Versions(known.name.clone()));
        for version in slot.and_then(Slot::value).unwrap_or_default() {
            let number = std::cmp::Reverse(version.number());
            let key = (number, version.version.exact(), version.code.exact());
            let (_, scopes) = found.entry(key).or_insert_with(|| (version, Vec::new()));
            scopes.push(scope.clone());
        }
    }
    let used: BTreeSet<String> = known
        .scopes
        .iter()
        .flat_map(|scope| pointed(known, scope))
        .collect();
    let lines = found.into_values().map(|(version, scopes)| {
        let number = version.version.safe().into_owned();
        let published = version
            .modified
            .map(|at| format!("{} ago", short(known.now - at)));
        let description = version
            .description
            .as_ref()
            .map(|it| it.safe().into_owned());
        let tone = if used.contains(&number) {
            Tone::Plain
        } else {
            Tone::Quiet
        };
        let cells = vec![
            number.clone(),
            published.unwrap_or_default(),
            version.code_brief().into_owned(),
            known.regions(&scopes),
            description.unwrap_or_default(),
        ];
        Line::new(
            tone,
            format!("version {number} {}", version.code.safe()),
            cells,
        )
    });
    lines.collect()
}

/// The versions that some alias points to in a region.
fn pointed(known: &Known<'_>, scope: &Scope) -> Vec<String> {
    let slot = known
        .store
        .aliases(scope, &Topic::Aliases(known.name.clone()));
    let aliases = slot.and_then(Slot::value).unwrap_or_default().iter();
    let versions = aliases.flat_map(|alias| {
        let shares = alias.weights.iter().map(|(version, _)| version);
        std::iter::once(&alias.version).chain(shares)
    });
    versions
        .map(|version| version.safe().into_owned())
        .collect()
}
