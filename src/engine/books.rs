//! What the house writes down about what it does, and where.

use super::audit::Audit;
use super::journal::Journals;

/// The audit, for everybody, and the journals of operations, for whoever takes one up again.
#[derive(Clone, Debug)]
pub struct Books {
    pub audit: Audit,
    pub journals: Journals,
}

impl Books {
    /// No books, and so nothing can be changed.
    pub fn nowhere() -> Self {
        Self {
            audit: Audit::nowhere(),
            journals: Journals::nowhere(),
        }
    }
}
