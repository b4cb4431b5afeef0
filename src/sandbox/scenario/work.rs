//! The words of a scenario about what can be stopped and started.
//!
//! Every scaling group, service, instance and database of a stack is there without a word, running, in an ordinary
//! size; a `[[work]]` says how one of them was found instead.

use serde::Deserialize;

use super::plan::Reach;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::sandbox) enum InstancePlan {
    #[default]
    Ordinary,
    /// Its root is gone when it stops.
    InstanceStore,
    /// AWS may take it back.
    Spot,
}

/// What is said of one resource; what is left out is as usual.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::sandbox) struct WorkPlan {
    pub(in crate::sandbox) stack: String,
    pub(in crate::sandbox) on: Reach,
    /// The logical id, in the stack or in one nested in it.
    pub(in crate::sandbox) resource: String,
    /// Of a scaling group: the least, the desired and the most instances.
    pub(in crate::sandbox) sizes: Option<(i64, i64, i64)>,
    /// Of a service: how many tasks are desired.
    pub(in crate::sandbox) tasks: Option<i64>,
    /// Of a service: between what its scalable target keeps it.
    pub(in crate::sandbox) scalable: Option<(i64, i64)>,
    /// An instance or a database that somebody stopped.
    pub(in crate::sandbox) stopped: bool,
    /// What sort of an instance it is.
    pub(in crate::sandbox) instance: InstancePlan,
    /// A database that belongs to no cluster, although its stack has one.
    pub(in crate::sandbox) alone: bool,
}
