//! The Alarms view: every alarm over all regions, those in alarm first, and those that see nothing marked as blind.

/// The view's state.
#[derive(Clone, Debug, Default)]
pub struct AlarmsView {}
