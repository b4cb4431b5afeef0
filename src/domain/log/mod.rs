//! Log groups, their events, and what is known to be missing from them.
//!
//! A *source* is one group in one region of one account: the unit that is read, throttled and counted on its own.
//! Times are CloudWatch's own: milliseconds since 1970, in UTC. Everything that somebody else wrote stays exact here
//! and is made harmless where it is shown.

pub mod confluence;
pub mod destination;
pub mod events;
pub mod group;
pub mod level;
pub mod moment;
pub mod selector;

pub use confluence::Confluence;
pub use events::{LogEvent, LogEvents};
pub use group::{Hole, LogGroup, LogSource};
pub use level::Level;
pub use moment::Moment;
pub use selector::Selector;

use super::Timestamp;

/// Milliseconds since 1970, as CloudWatch Logs counts.
pub type Millis = i64;

/// The moment, or the nearest that a timestamp can hold.
pub fn timestamp(time: Millis) -> Timestamp {
    Timestamp::from_timestamp_millis(time).unwrap_or(if time < 0 {
        Timestamp::MIN_UTC
    } else {
        Timestamp::MAX_UTC
    })
}
