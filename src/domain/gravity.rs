//! How much something that was found matters.

/// Gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gravity {
    /// Traffic is lost, or would be.
    Grave,
    /// Somebody should look.
    Doubtful,
    /// What would tell could not be read: it may be fine, or not.
    Unknown,
    /// Good to know.
    Note,
}
