//! What a failed update leaves behind.

use super::stack::Stack;
use crate::sandbox::timeline::Ending;

/// Work that fails since some time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::sandbox) struct Ailment {
    /// Milliseconds since the epoch.
    pub(in crate::sandbox) since: i64,
    /// Between 0 and 1.
    pub(in crate::sandbox) share: f64,
    /// What durations are multiplied with.
    pub(in crate::sandbox) slower: f64,
}

impl Ailment {
    /// A stack whose update failed is ill: most where it failed, some beside it.
    pub(in crate::sandbox) fn of(stack: &Stack, logical: &str) -> Option<Ailment> {
        let failed = |ending: &Ending| match ending {
            Ending::Succeeds => None,
            Ending::RollsBack { touch, .. } | Ending::GetsStuck { touch, .. } => Some(*touch),
        };
        let (episode, touch) = stack
            .past
            .iter()
            .rev()
            .find_map(|episode| Some((episode, failed(&episode.script.ending)?)))?;
        let cause = episode.script.touches.get(touch)?;
        let here = cause.logical == logical;
        Some(Ailment {
            since: episode.started.timestamp_millis(),
            share: if here { 0.6 } else { 0.12 },
            slower: if here { 5.0 } else { 1.8 },
        })
    }
}
