//! The picker of log groups: every name that stands in some region, once.

use crate::app::picker::{Item, Picker};
use crate::domain::log::Selector;
use crate::domain::{LogGroup, LogSource, Region, Scope, Slot, Store, Topic, Untrusted};
use std::collections::{BTreeMap, BTreeSet};

/// Where Lambda's own groups begin.
const LAMBDA: &str = "/aws/lambda/";

/// The question that lists the groups of a scope.
pub(in crate::app) fn topic() -> Topic {
    Topic::LogGroups(Untrusted::new(""))
}

/// The groups of a scope, once they are known.
pub(super) fn known<'s>(store: &'s Store, scope: &Scope) -> Option<&'s [LogGroup]> {
    store.log_groups(scope, &topic()).and_then(Slot::value)
}

/// The picker behind `a`: what is followed changes only when it is accepted.
#[derive(Clone, Debug)]
pub struct GroupPicker {
    pub picker: Picker<Untrusted>,
    pub chosen: BTreeSet<Untrusted>,
    /// Scopes that have said which groups they have, out of how many.
    pub answered: (usize, usize),
    standing: BTreeMap<Untrusted, Vec<Scope>>,
}

impl GroupPicker {
    pub(super) fn new(store: &Store, scopes: &[Scope], chosen: BTreeSet<Untrusted>) -> Self {
        let mut picker = Self {
            picker: Picker::new(Vec::new()),
            chosen,
            answered: (0, 0),
            standing: BTreeMap::new(),
        };
        picker.settle(store, scopes);
        picker
    }

    /// Takes in what has been read since.
    pub(in crate::app) fn settle(&mut self, store: &Store, scopes: &[Scope]) {
        let regions: BTreeSet<&Region> = scopes.iter().filter_map(Scope::region).collect();
        let mut standing: BTreeMap<Untrusted, Vec<Scope>> = BTreeMap::new();
        for name in &self.chosen {
            standing.insert(name.clone(), Vec::new());
        }
        let mut answered = 0;
        for scope in scopes {
            let Some(groups) = known(store, scope) else {
                continue;
            };
            answered += 1;
            for group in groups {
                let places = standing.entry(group.name.clone()).or_default();
                places.push(scope.clone());
            }
        }
        let has_changed = self.answered != (answered, scopes.len()) || self.standing != standing;
        self.answered = (answered, scopes.len());
        self.standing = standing;
        if has_changed {
            let items = self.standing.iter().map(|(name, places)| Item {
                label: name.safe().into_owned(),
                note: note(name, places, regions.len()),
                value: name.clone(),
            });
            self.picker.renew(items.collect());
        }
    }

    /// Where a group stands.
    pub fn places(&self, name: &Untrusted) -> &[Scope] {
        self.standing.get(name).map_or(&[], Vec::as_slice)
    }

    pub(in crate::app) fn toggle(&mut self) {
        if let Some(name) = self.picker.selected().cloned()
            && !self.chosen.remove(&name)
        {
            self.chosen.insert(name);
        }
    }

    /// Chooses everything that typing has left, or drops it when all of it is chosen.
    pub(in crate::app) fn toggle_all(&mut self) {
        let visible: Vec<Untrusted> = self.hits().cloned().collect();
        if visible.iter().all(|name| self.chosen.contains(name)) {
            self.chosen.retain(|name| !visible.contains(name));
        } else {
            self.chosen.extend(visible);
        }
    }

    /// The sources that the chosen names mean, region by region, as far as they have answered.
    pub(super) fn sources(&self, scopes: &[Scope]) -> Vec<LogSource> {
        let in_scope = |scope: &Scope| {
            let names = self.chosen.iter();
            let here = names.filter(|name| self.places(name).contains(scope));
            here.map(|group| LogSource {
                scope: scope.clone(),
                group: group.clone(),
            })
            .collect::<Vec<_>>()
        };
        scopes.iter().flat_map(in_scope).collect()
    }

    /// What Enter takes: what was chosen, or the selected row where nothing was. What is typed and is none of them
    /// may still say what is meant: `lambda:NAME`, `stack:NAME`, a glob.
    pub(super) fn accept(&mut self) -> BTreeSet<Selector> {
        if self.chosen.is_empty() {
            self.toggle();
        }
        let typed = self.picker.input().text().trim();
        let says_itself =
            !typed.is_empty() && (self.picker.hits().len() == 0 || typed.starts_with("stack:"));
        if says_itself {
            return [Selector::parse(typed)].into();
        }
        let names = self.chosen.iter();
        names
            .map(|name| Selector::Group(name.exact().to_owned()))
            .collect()
    }

    fn hits(&self) -> impl Iterator<Item = &Untrusted> {
        self.picker.hits().map(|(item, _)| &item.value)
    }
}

/// `all 6 regions  lambda:checkout-api`, `eu-west-1 us-east-1`: shown beside the name, and searched.
fn note(name: &Untrusted, places: &[Scope], all: usize) -> String {
    // A region that several accounts have is one region.
    let mut regions: Vec<&str> = Vec::new();
    for region in places.iter().filter_map(Scope::region).map(Region::as_str) {
        if !regions.contains(&region) {
            regions.push(region);
        }
    }
    let mut note = match regions.len() {
        0 => "not found yet".to_owned(),
        all_of_them if all_of_them == all && all > 3 => format!("all {all} regions"),
        _ => regions.join(" "),
    };
    if let Some(function) = name.exact().strip_prefix(LAMBDA) {
        note.push_str("  lambda:");
        note.push_str(&Untrusted::new(function).safe());
    }
    note
}
