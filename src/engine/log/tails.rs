//! The tails that run.

use super::{TailId, TailSpec};
use crate::domain::Timestamp;
use crate::engine::Shop;
use tokio::task::JoinSet;

/// Every tail, and what its sources are told.
pub(in crate::engine) struct Tails {
    shop: Shop,
}

impl Tails {
    pub(in crate::engine) fn new(shop: Shop) -> Self {
        Self { shop }
    }

    /// Starts a tail, or gives one that runs its new list.
    pub(in crate::engine) fn tail(&mut self, tasks: &mut JoinSet<()>, spec: TailSpec) {
        let _ = (&self.shop, tasks, spec);
    }

    /// Has a tail read up to `until`, late arrivals included, and end.
    pub(in crate::engine) fn finish(&mut self, id: TailId, until: Timestamp) {
        let _ = (id, until);
    }

    /// Ends a tail at once.
    pub(in crate::engine) fn drop(&mut self, id: TailId) {
        let _ = id;
    }

    /// After a sleep: every source is asked again soon.
    pub(in crate::engine) fn wake(&mut self) {}
}
