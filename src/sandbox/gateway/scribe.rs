//! A test's hands and eyes in the log groups: lines put in with any times, and what is really there.

use std::ops::Range;
use std::sync::Arc;

use super::Gateway;
use crate::sandbox::world::logs::{Group, LogEvent, LogLine, Streams};

impl Gateway {
    /// Puts lines into a stream of a log group; what is missing of the two is made. Unlike
    /// `PutLogEvents` this lets the ingestion time be said, so lateness can be scripted exactly.
    pub fn put_log_events(
        &self,
        (account, region): (&str, &str),
        group: &str,
        stream: &str,
        lines: &[LogLine],
    ) {
        if let Some(group) = self.log_group((account, region), group) {
            group.put(stream, lines);
        }
    }

    /// Every event of a group with a timestamp in `window` (milliseconds since the epoch), in order of
    /// time, whether anybody can read it yet or not. Empty if there is no such group.
    pub fn log_truth(
        &self,
        (account, region): (&str, &str),
        group: &str,
        window: Range<i64>,
    ) -> Vec<LogEvent> {
        let found = self
            .0
            .world
            .log_group(account, region, group)
            .ok()
            .flatten();
        found.map_or_else(Vec::new, |group| {
            group.written(window, Streams::All).collect()
        })
    }

    /// The group of that name, made if it is not there; `None` where the account has no such region.
    fn log_group(&self, (account, region): (&str, &str), name: &str) -> Option<Arc<Group>> {
        let now = self.0.clock.now().timestamp_millis();
        let made = self
            .0
            .world
            .make_log_group((account, region), name, "STANDARD", now);
        made.ok().map(|made| made.unwrap_or_else(|known| known))
    }
}
