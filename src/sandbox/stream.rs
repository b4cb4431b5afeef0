//! An answer that goes on for as long as somebody listens.
//!
//! A service hands out a [`Stream`]; it knows what to say, and neither how that is written nor how the line
//! fares. The gateway asks it again every [`PACE`] of tokio's time, so a test with paused time leaps from one
//! update to the next; what has happened meanwhile is told by the sandbox's clock.

use std::fmt::Debug;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::value::Map;

/// How far apart two updates are.
pub(super) const PACE: Duration = Duration::from_secs(1);

/// What a service has to say over time. Dropped when nobody listens any more.
pub(super) trait Stream: Debug + Send + Sync {
    /// What is said at once.
    fn opening(&mut self) -> Said;

    /// What is said `elapsed` after the opening, when the sandbox's clock shows `now`.
    fn update(&mut self, now: DateTime<Utc>, elapsed: Duration) -> Said;

    /// What is said when the service itself breaks. The last thing.
    fn breakdown(&self) -> Said;
}

/// One thing said.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Said {
    /// An event of this type.
    Event(&'static str, Map),
    /// An exception of this type and its message; nothing comes after it.
    Exception(&'static str, String),
}
