//! Errors in every ten seconds, by place.

use super::book::LogBook;
use super::level::Level;
use super::tally::Tally;
use super::walk::Walk;
use super::{LineKind, Millis};
use crate::domain::Scope;
use std::collections::BTreeMap;

/// Columns that are kept of a place: one hour.
const COLUMNS: usize = 360;

/// Errors of every account and region, counted as lines come.
#[derive(Debug, Default)]
pub struct Histogram {
    walk: Walk,
    places: BTreeMap<Scope, Tally>,
}

impl Histogram {
    /// Counts up to `budget` lines that were not counted yet; answers whether that was all.
    pub fn settle(&mut self, book: &LogBook, budget: usize) -> bool {
        let Self { walk, places } = self;
        walk.visit(book, budget, |line| {
            let Some(source) = book.sources().get(line.source) else {
                return;
            };
            if line.kind == LineKind::Note {
                return;
            }
            if !places.contains_key(&source.scope) {
                places.insert(source.scope.clone(), Tally::new(COLUMNS));
            }
            if line.level >= Some(Level::Error)
                && let Some(tally) = places.get_mut(&source.scope)
            {
                tally.add(line.time);
            }
        })
    }

    /// Every place that lines came from, with its errors in the last columns up to `now`, oldest first.
    pub fn rows(&self, now: Millis, columns: usize) -> impl Iterator<Item = (&Scope, Vec<u32>)> {
        self.places
            .iter()
            .map(move |(scope, tally)| (scope, tally.until(now, columns)))
    }
}
