//! The same events told by a Live Tail session and by polls: whoever comes second is silent. Pure.
//!
//! A session gives no ids, so an event is known by its time, its stream and its message, and number matters: two equal
//! lines of one millisecond are two events. For each, what the session told and polls did not is counted up, what
//! polls told and the session did not is counted down; a teller for whom the other side is ahead has nothing new to
//! say. The time of ingestion is no part of it: twins that differ in it are alike to the reader, and one that the two
//! ways told differently would make everything come twice.

use crate::domain::LogEvent;
use crate::domain::log::Millis;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// How long after a poll a session may still say the same: it says it within a second, and AWS keeps at most ten
/// updates for one who listens slowly.
const ECHO: Millis = 15_000;

/// What is too old is looked for no more often than this.
const BETWEEN: Millis = 60_000;

/// What one side told and the other has not yet.
#[derive(Debug, Default)]
pub(super) struct Twins {
    leads: HashMap<u64, Lead>,
    /// All that was told before this is forgotten.
    forgotten: Millis,
}

#[derive(Clone, Copy, Debug)]
struct Lead {
    /// Events that the session is ahead; below nought, that polls are.
    session: i32,
    time: Millis,
    told: Millis,
}

impl Twins {
    /// Whether what a session says is new. `now` is when it says so.
    pub(super) fn is_new_live(&mut self, event: &LogEvent<'_>, now: Millis) -> bool {
        self.lead(event, now, 1) > 0
    }

    /// Whether what a poll reads, for the first time, is new.
    pub(super) fn is_new_polled(&mut self, event: &LogEvent<'_>, now: Millis) -> bool {
        self.lead(event, now, -1) < 0
    }

    /// Forgets what no poll will read again, and what no session will say any more.
    pub(super) fn forget(&mut self, settled: Millis, now: Millis) {
        self.leads.retain(|_, lead| match lead.session {
            0 => false,
            1.. => lead.time >= settled,
            _ => lead.told >= now - ECHO,
        });
    }

    /// Forgets what was told before a moment, once a minute.
    pub(super) fn forget_told(&mut self, before: Millis) {
        if before - self.forgotten >= BETWEEN {
            self.leads.retain(|_, lead| lead.told >= before);
            self.forgotten = before;
        }
    }

    fn lead(&mut self, event: &LogEvent<'_>, now: Millis, by: i32) -> i32 {
        let mut hasher = DefaultHasher::new();
        (event.time, event.stream.exact(), event.exact()).hash(&mut hasher);
        let lead = self.leads.entry(hasher.finish()).or_insert(Lead {
            session: 0,
            time: event.time,
            told: now,
        });
        lead.session = lead.session.saturating_add(by);
        lead.told = now;
        lead.session
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::LogEvents;
    use proptest::prelude::*;

    fn page(messages: &[(Millis, &str)]) -> LogEvents {
        let mut page = LogEvents::default();
        for (time, message) in messages {
            page.push("stream", (*time, *time), "", message);
        }
        page
    }

    fn live(twins: &mut Twins, events: &LogEvents) -> Vec<bool> {
        let is_new = |event: LogEvent<'_>| twins.is_new_live(&event, 0);
        events.iter().map(is_new).collect()
    }

    fn polled(twins: &mut Twins, events: &LogEvents) -> Vec<bool> {
        let is_new = |event: LogEvent<'_>| twins.is_new_polled(&event, 0);
        events.iter().map(is_new).collect()
    }

    #[test]
    fn equal_lines_are_told_as_often_as_they_are_there() {
        let mut twins = Twins::default();
        let two = page(&[(1, "x"), (1, "x")]);
        assert_eq!(live(&mut twins, &two), [true, true]);
        let three = page(&[(1, "x"), (1, "x"), (1, "x")]);
        assert_eq!(polled(&mut twins, &three), [false, false, true]);
        assert_eq!(
            live(&mut twins, &page(&[(1, "x"), (2, "x")])),
            [false, true]
        );
    }

    #[test]
    fn what_nobody_will_say_again_is_forgotten() {
        let mut twins = Twins::default();
        live(
            &mut twins,
            &page(&[(1_000, "old"), (5_000, "young"), (1, "both")]),
        );
        polled(&mut twins, &page(&[(7_000, "left out"), (1, "both")]));
        twins.forget(2_000, ECHO);
        assert_eq!(twins.leads.len(), 2);
        twins.forget(2_000, ECHO + 1);
        assert_eq!(twins.leads.len(), 1);
        assert_eq!(polled(&mut twins, &page(&[(5_000, "young")])), [false]);
    }

    #[test]
    fn what_was_told_long_ago_is_forgotten_even_when_nobody_polls() {
        let mut twins = Twins::default();
        for minute in 0..60 {
            let now = minute * BETWEEN;
            twins.forget_told(now - 5 * BETWEEN);
            let said = page(&[(now, "x"), (now, "y")]);
            said.iter().for_each(|event| {
                twins.is_new_live(&event, now);
            });
        }
        assert_eq!(twins.leads.len(), 2 * 6);
    }

    proptest! {
        /// Polls read everything in the end; a session says some of it, before or after.
        #[test]
        fn whoever_comes_first_each_event_is_told_once(
            events in prop::collection::vec((0_i64..3, 0_u8..2, any::<bool>(), any::<u32>(), any::<u32>()), 1..60),
        ) {
            let mut tellings = Vec::new();
            for (time, message, is_said, first, second) in &events {
                tellings.push((*first, false, *time, *message));
                if *is_said {
                    tellings.push((*second, true, *time, *message));
                }
            }
            tellings.sort_unstable();
            let mut twins = Twins::default();
            let mut told = 0;
            for (_, is_live, time, message) in tellings {
                let one = page(&[(time, &message.to_string())]);
                let is_new = if is_live { live(&mut twins, &one) } else { polled(&mut twins, &one) };
                told += is_new.iter().filter(|is_new| **is_new).count();
            }
            prop_assert_eq!(told, events.len());
        }
    }
}
