//! A row on its way through the commands: an event and what was computed of it, or what `stats` made.

use super::datum::Datum;
use super::expression::Scope;
use super::record::Record;

#[derive(Clone, Debug)]
pub(super) struct Row<'r> {
    /// `None` behind a `stats`.
    pub(super) record: Option<&'r Record>,
    /// Computed fields, in the order in which they were.
    pub(super) computed: Vec<(String, Datum)>,
}

impl<'r> Row<'r> {
    pub(super) fn of(record: &'r Record) -> Row<'r> {
        Row {
            record: Some(record),
            computed: Vec::new(),
        }
    }

    /// The later of two fields of one name hides the earlier.
    pub(super) fn set(&mut self, name: &str, datum: Datum) {
        match self.computed.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = datum,
            None => self.computed.push((name.to_owned(), datum)),
        }
    }
}

impl Scope for Row<'_> {
    fn field(&self, name: &str) -> Datum {
        match self.computed.iter().find(|(known, _)| known == name) {
            Some((_, datum)) => datum.clone(),
            None => self
                .record
                .map_or(Datum::Missing, |record| record.field(name)),
        }
    }
}
