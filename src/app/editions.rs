//! For which state of its stack a template was read.
//!
//! Whether a template is up to date is a question about the stack, not about time: AWS's clock says when a stack was
//! touched, ours when an answer came, and the two need not agree. So the stack's state is remembered as it was when
//! its template was asked for, and compared for equality.

use crate::domain::{Phase, Scope, Stack, StackId, Timestamp};
use std::collections::BTreeMap;

/// A state of a stack that a template belongs to: when it was touched, and what became of it — a rollback brings the
/// template before back, and touches nothing.
pub(super) type Edition = (Timestamp, Phase);

type Key = (Scope, StackId);

/// What the templates were asked and read for; `None` for a stack that is not in the list.
#[derive(Debug, Default)]
pub(super) struct Editions {
    asked: BTreeMap<Key, Option<Edition>>,
    read: BTreeMap<Key, Option<Edition>>,
}

pub(super) fn edition(stack: &Stack) -> Edition {
    (stack.touched(), stack.status.phase())
}

impl Editions {
    pub(super) fn ask(&mut self, scope: &Scope, id: &StackId, edition: Option<Edition>) {
        self.asked.insert((scope.clone(), id.clone()), edition);
    }

    /// A template came; `now` is its stack's present state. Whether that is the state it was asked for.
    pub(super) fn read(&mut self, scope: &Scope, id: &StackId, now: Option<Edition>) -> bool {
        let key = (scope.clone(), id.clone());
        let asked = self.asked.remove(&key).unwrap_or(now);
        self.read.insert(key, asked);
        asked == now
    }

    pub(super) fn is_read(&self, scope: &Scope, id: &StackId, now: Option<Edition>) -> bool {
        self.read.get(&(scope.clone(), id.clone())) == Some(&now)
    }

    /// Forgets the stacks of a scope that `keep` does not know.
    pub(super) fn forget(&mut self, scope: &Scope, keep: impl Fn(&StackId) -> bool) {
        for editions in [&mut self.asked, &mut self.read] {
            editions.retain(|(of, id), _| of != scope || keep(id));
        }
    }
}
