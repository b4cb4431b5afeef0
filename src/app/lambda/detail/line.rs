//! A line of a page: what it says, how it looks, and where it leads.

use crate::domain::{
    Region, Scope, Slot, StackId, Store, Timestamp, Untrusted, untrusted::sanitise,
};
use std::collections::BTreeMap;

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub tone: Tone,
    /// A text for each of the page's columns, harmless to a terminal.
    pub cells: Vec<String>,
    /// What it is about, whatever stands around it.
    pub key: String,
    pub lead: Lead,
}

/// What a line is to somebody who looks for trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Quiet,
    Good,
    Bad,
    Moving,
    /// Not what most regions have.
    Skew,
    /// Nobody could tell.
    Unknown,
    /// The sentence that says why nobody could, and the regions that it is true of.
    Problem,
}

/// Where Enter leads from a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lead {
    Nowhere,
    Stack(Scope, StackId),
    /// The function's log in a region, around a moment or as of now.
    Log {
        scope: Scope,
        at: Option<Timestamp>,
    },
}

/// The lines of a page.
#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    pub(super) lines: Vec<Line>,
    /// Why there are none.
    pub(super) excuse: String,
}

/// What pages are made of.
pub(super) struct Known<'a> {
    pub(super) store: &'a Store,
    /// Where the function stands.
    pub(super) scopes: &'a [Scope],
    pub(super) name: &'a Untrusted,
    pub(super) now: Timestamp,
}

impl Line {
    pub(super) fn new(tone: Tone, key: String, cells: Vec<String>) -> Self {
        Self {
            tone,
            cells,
            key,
            lead: Lead::Nowhere,
        }
    }
}

/// What an answer says, or why there is none, in two words.
pub(super) fn told<T: ?Sized>(slot: Option<&Slot<T>>, words: impl FnOnce(&T) -> String) -> Told {
    match slot.map(|slot| (slot.value(), slot.failing())) {
        Some((Some(value), _)) => Told::Known(words(value)),
        Some((None, Some(failing))) => Told::Failed(failing.problem.brief().to_owned()),
        Some((None, None)) | None => Told::Asking,
    }
}

/// What has come of a question.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Told {
    Known(String),
    Failed(String),
    Asking,
}

/// A value, and the regions that have it.
pub(super) struct Shared {
    pub(super) value: Told,
    pub(super) scopes: Vec<Scope>,
    /// Fewer regions have it than have another.
    pub(super) is_odd: bool,
}

/// The values of several regions, each once, the one that most have first.
pub(super) fn shared(values: impl IntoIterator<Item = (Scope, Told)>) -> Vec<Shared> {
    let mut by_value: BTreeMap<Told, Vec<Scope>> = BTreeMap::new();
    for (scope, value) in values {
        by_value.entry(value).or_default().push(scope);
    }
    let known = by_value
        .iter()
        .filter(|(value, _)| matches!(value, Told::Known(_)));
    let most = known.map(|(_, scopes)| scopes.len()).max().unwrap_or(0);
    let mut shared: Vec<Shared> = by_value
        .into_iter()
        .map(|(value, scopes)| Shared {
            is_odd: matches!(value, Told::Known(_)) && scopes.len() < most,
            value,
            scopes,
        })
        .collect();
    shared.sort_by_key(|it| std::cmp::Reverse(it.scopes.len()));
    shared
}

impl Known<'_> {
    /// `eu-west-1 us-east-1`, `all but eu-west-1`, or `everywhere` where there is no other.
    pub(super) fn regions(&self, scopes: &[Scope]) -> String {
        if scopes.len() == self.scopes.len() && scopes.len() > 1 {
            return "everywhere".to_owned();
        }
        let others: Vec<&Scope> = self
            .scopes
            .iter()
            .filter(|it| !scopes.contains(it))
            .collect();
        // The shorter list says the same.
        if others.len() <= 2 && others.len() < scopes.len() {
            return format!("all but {}", names(others));
        }
        names(scopes)
    }

    /// A line for each sentence that says why something is not known, with the regions that it is true of.
    pub(super) fn problems(&self, failing: Vec<(Scope, String)>) -> Vec<Line> {
        let values = failing
            .into_iter()
            .map(|(scope, what)| (scope, Told::Known(what)));
        let lines = shared(values).into_iter().map(|it| {
            let Told::Known(what) = it.value else {
                return Line::new(Tone::Problem, String::new(), Vec::new());
            };
            let cells = vec![
                "not known".to_owned(),
                what.clone(),
                self.regions(&it.scopes),
            ];
            Line::new(Tone::Problem, format!("problem {what}"), cells)
        });
        lines.collect()
    }
}

/// The names of regions, one after the other.
fn names<'a>(scopes: impl IntoIterator<Item = &'a Scope>) -> String {
    let regions = scopes.into_iter().filter_map(Scope::region);
    let names: Vec<_> = regions
        .map(|region| sanitise(Region::as_str(region)))
        .collect();
    names.join(" ")
}

/// Why a question has never been answered.
pub(super) fn sentence<T: ?Sized>(slot: Option<&Slot<T>>) -> Option<String> {
    let slot = slot?;
    let failing = slot.failing().filter(|_| slot.value().is_none())?;
    Some(failing.problem.to_string())
}
