//! A stack's resource as `ListStackResources` tells of it.

use super::{DriftStatus, Timestamp, Untrusted};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StackResource {
    pub logical: Untrusted,
    /// Absent until AWS has made it.
    pub physical: Option<Untrusted>,
    pub resource_type: Untrusted,
    pub status: Untrusted,
    pub reason: Option<Untrusted>,
    pub updated: Timestamp,
    pub drift: DriftStatus,
}
