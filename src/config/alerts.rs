//! How the operator wants to be told of alarms when he does not look at the screen.

/// Nothing is done unless it was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Alerts {
    /// Rings the terminal's bell.
    pub bell: bool,
    /// Asks the terminal for a desktop notification.
    pub notify: bool,
    /// A program and its arguments; nothing to run where it is empty.
    pub command: Vec<String>,
}
