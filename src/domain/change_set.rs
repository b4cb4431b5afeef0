//! Change sets: what would happen to a stack, as AWS has computed it.

use super::{Timestamp, Untrusted};
use serde::{Deserialize, Serialize};

/// A change set with its changes, from `ListChangeSets` and `DescribeChangeSet`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeSet {
    /// The change set's ARN.
    pub id: Untrusted,
    pub name: Untrusted,
    pub status: Untrusted,
    /// Whether it can be executed, in AWS's word (`AVAILABLE`, `OBSOLETE`, …).
    pub execution: Untrusted,
    pub reason: Option<Untrusted>,
    pub description: Option<Untrusted>,
    pub created: Timestamp,
    pub changes: Vec<Change>,
}

/// What would happen to one resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// `Add`, `Modify`, `Remove`, `Import`, `Dynamic`.
    pub action: Untrusted,
    pub logical: Untrusted,
    pub physical: Option<Untrusted>,
    pub resource_type: Untrusted,
    /// `True`, `False`, `Conditional`; absent unless modified.
    pub replacement: Option<Untrusted>,
    /// Which parts change: `Properties`, `Tags`, ….
    pub scope: Vec<Untrusted>,
}

impl Change {
    /// Whether the existing resource, and what it holds, may be lost.
    pub fn may_destroy(&self) -> bool {
        self.action.exact() == "Remove"
            || self
                .replacement
                .as_ref()
                .is_some_and(|word| matches!(word.exact(), "True" | "Conditional"))
    }
}
