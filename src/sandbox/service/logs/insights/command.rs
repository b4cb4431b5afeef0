//! A query: its commands, one after the other.

use super::datum::Datum;
use super::expression::Expression;
use super::glob::Cut;
use super::row::Row;

/// A query that was understood.
#[derive(Clone, Debug)]
pub(in crate::sandbox::service::logs) struct Query {
    pub(super) commands: Vec<Command>,
}

#[derive(Clone, Debug)]
pub(super) enum Command {
    Fields(Vec<Named>),
    Display(Vec<Named>),
    Filter(Expression),
    Stats {
        items: Vec<Named>,
        by: Vec<Named>,
    },
    /// With the largest first where the flag says so.
    Sort(Vec<(Named, bool)>),
    Limit(usize),
    Parse {
        subject: Expression,
        cut: Cut,
    },
    Dedup(Vec<Expression>),
}

/// An expression and the column it makes: its alias, or its own text.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) is_alias: bool,
    pub(super) expression: Expression,
}

impl Named {
    /// Its value in a row. Behind a `stats` that has a column of its text, it is that column.
    pub(super) fn value(&self, row: &Row<'_>) -> Datum {
        let column = row.computed.iter().find(|(name, _)| *name == self.name);
        match column {
            Some((_, datum)) if !self.is_alias => datum.clone(),
            _ => self.expression.value(row),
        }
    }
}
