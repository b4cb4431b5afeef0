//! What a stack is meant to be: everything that somebody said when they deployed it.
//!
//! The one a scenario gives a stack may say `{version}`, which is filled in with the version of the time; those that
//! clients deploy are written out. A definition is never changed, only followed by the next one.

use std::sync::Arc;

use crate::sandbox::template::Template;

#[derive(Clone, Debug, Default)]
pub(in crate::sandbox) struct Definition {
    pub(in crate::sandbox) description: String,
    pub(in crate::sandbox) parameters: Vec<Parameter>,
    pub(in crate::sandbox) tags: Vec<(String, String)>,
    pub(in crate::sandbox) outputs: Vec<Output>,
    pub(in crate::sandbox) capabilities: Vec<String>,
    pub(in crate::sandbox) transform: Option<String>,
    /// The exports of other stacks that this one uses.
    pub(in crate::sandbox) imports: Vec<String>,
    /// `None` for what a scenario describes: its template is written from that.
    pub(in crate::sandbox) template: Option<Arc<Template>>,
    pub(in crate::sandbox) role: Option<String>,
    pub(in crate::sandbox) notified: Vec<String>,
    pub(in crate::sandbox) rollback: RollbackConfiguration,
    pub(in crate::sandbox) on_failure: OnFailure,
}

#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Parameter {
    pub(in crate::sandbox) key: String,
    pub(in crate::sandbox) value: String,
    pub(in crate::sandbox) echo: Echo,
}

/// Whether AWS shows a parameter's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Echo {
    Shown,
    /// `NoEcho: true`, answered as `****`.
    Masked,
}

#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Output {
    pub(in crate::sandbox) key: String,
    pub(in crate::sandbox) value: String,
    pub(in crate::sandbox) description: Option<String>,
    pub(in crate::sandbox) export: Option<String>,
    /// The value and the export as the template writes them, the same in every region; `None` where a client's own
    /// template says it.
    pub(in crate::sandbox) declared: Option<Declared>,
}

/// Texts of a blueprint, their places not filled in.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Declared {
    pub(in crate::sandbox) value: String,
    pub(in crate::sandbox) export: Option<String>,
}

/// The alarms that are watched during an operation, and for how long after it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::sandbox) struct RollbackConfiguration {
    /// ARN and resource type.
    pub(in crate::sandbox) triggers: Vec<(String, String)>,
    pub(in crate::sandbox) minutes: Option<i64>,
}

/// What becomes of an operation that fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::sandbox) enum OnFailure {
    #[default]
    RollsBack,
    /// `DisableRollback`: what was done stays, and so does what was not.
    Stays,
}
