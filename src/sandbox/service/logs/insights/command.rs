//! A query: its commands, one after the other.

use super::expression::Expression;
use super::glob::Cut;

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
    Sort(Vec<(Expression, bool)>),
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
    pub(super) expression: Expression,
}
