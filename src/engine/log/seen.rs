//! What has been told of a source, so that nothing is told twice. Pure.
//!
//! An event is known by its id. Where there is none (Live Tail, some servers) it is known by everything else it has,
//! and then number matters: two equal lines of one millisecond are two events. Eight bytes are kept for each, second by
//! second, and the oldest second goes first.

use crate::domain::LogEvent;
use crate::domain::log::Millis;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasherDefault, DefaultHasher, Hash, Hasher};

/// The events of one source that were told.
#[derive(Debug)]
pub(super) struct Seen {
    seconds: BTreeMap<i64, Second>,
    /// How many are kept.
    kept: usize,
    /// How many may be.
    most: usize,
    floor: Millis,
    /// The walk that goes on.
    walk: u32,
}

/// The events of one second.
#[derive(Debug, Default)]
struct Second {
    ids: HashSet<u64, AsItIs>,
    nameless: HashMap<u64, Count, AsItIs>,
}

/// Of equal events without ids.
#[derive(Debug, Default)]
struct Count {
    told: u32,
    /// How often they came in one walk, and in which.
    came: u32,
    walk: u32,
}

impl Seen {
    /// Remembers at most so many events.
    pub(super) fn new(most: usize) -> Self {
        Self {
            seconds: BTreeMap::new(),
            kept: 0,
            most,
            floor: Millis::MIN,
            walk: 0,
        }
    }

    /// A walk begins: what it reads twice is there twice, what an earlier one read is the same again.
    pub(super) fn begin(&mut self) {
        self.walk = self.walk.wrapping_add(1);
    }

    /// Whether the event has not been told before; from now on it has.
    pub(super) fn is_new(&mut self, event: &LogEvent<'_>) -> bool {
        if event.id.is_empty() {
            let content = (event.ingested, event.stream.exact(), event.exact());
            self.is_new_content(event.time, hash(&content))
        } else {
            let key = hash(event.id);
            let second = self.second(event.time);
            let is_new = second.ids.insert(key);
            self.count(is_new);
            is_new
        }
    }

    /// Whether an event that could not be read has not been told of before.
    pub(super) fn is_new_ruin(&mut self, time: Millis) -> bool {
        self.is_new_content(time, hash("an event that cannot be read"))
    }

    /// Forgets what happened before a moment.
    pub(super) fn forget(&mut self, before: Millis) {
        while let Some(oldest) = self.seconds.first_entry()
            && *oldest.key() < before.div_euclid(1_000)
        {
            self.drop_oldest();
        }
    }

    /// What happened before this is no longer known.
    pub(super) fn floor(&self) -> Millis {
        self.floor
    }

    /// Whether so little is kept that there is no need to forget.
    pub(super) fn is_roomy(&self) -> bool {
        self.kept <= self.most / 4
    }

    /// How many events are known since a moment, to the second.
    pub(super) fn since(&self, time: Millis) -> usize {
        let seconds = self.seconds.range(time.div_euclid(1_000)..);
        seconds.map(|(_, second)| second.len()).sum()
    }

    fn is_new_content(&mut self, time: Millis, content: u64) -> bool {
        let walk = self.walk;
        let count = self
            .second(time)
            .nameless
            .entry(hash(&(time, content)))
            .or_default();
        if count.walk != walk {
            (count.walk, count.came) = (walk, 0);
        }
        count.came += 1;
        let (is_first, is_new) = (count.told == 0, count.came > count.told);
        count.told = count.told.max(count.came);
        self.count(is_first);
        is_new
    }

    fn second(&mut self, time: Millis) -> &mut Second {
        self.seconds.entry(time.div_euclid(1_000)).or_default()
    }

    fn count(&mut self, is_one_more: bool) {
        self.kept += usize::from(is_one_more);
        while self.kept > self.most && self.seconds.len() > 1 {
            self.drop_oldest();
        }
    }

    fn drop_oldest(&mut self) {
        if let Some((second, gone)) = self.seconds.pop_first() {
            self.kept -= gone.len();
            self.floor = self.floor.max((second + 1) * 1_000);
        }
    }
}

impl Second {
    fn len(&self) -> usize {
        self.ids.len() + self.nameless.len()
    }
}

fn hash(of: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

type AsItIs = BuildHasherDefault<Already>;

/// Hashes what is a hash already.
#[derive(Debug, Default)]
struct Already(u64);

impl Hasher for Already {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::LogEvents;
    use proptest::prelude::*;

    fn new_of(seen: &mut Seen, events: &[(Millis, &str, &str)]) -> Vec<bool> {
        let mut page = LogEvents::default();
        for (time, id, message) in events {
            page.push("stream", (*time, *time), id, message);
        }
        page.iter().map(|event| seen.is_new(&event)).collect()
    }

    #[test]
    fn an_id_is_told_once_and_equal_lines_with_other_ids_are_other_events() {
        let mut seen = Seen::new(100);
        let page = [(1, "a", "x"), (1, "b", "x"), (1, "a", "x")];
        assert_eq!(new_of(&mut seen, &page), [true, true, false]);
        assert_eq!(new_of(&mut seen, &page[..2]), [false, false]);
    }

    #[test]
    fn equal_lines_without_ids_are_as_many_as_one_walk_reads() {
        let mut seen = Seen::new(100);
        let page = [(1, "", "x"), (1, "", "x"), (2, "", "x")];
        seen.begin();
        assert_eq!(new_of(&mut seen, &page), [true, true, true]);
        seen.begin();
        assert_eq!(new_of(&mut seen, &page), [false, false, false]);
        assert_eq!(new_of(&mut seen, &page[..1]), [true]);
    }

    #[test]
    fn the_oldest_go_first_and_that_is_known() {
        let mut seen = Seen::new(3);
        let page = [(500, "a", ""), (1_500, "b", ""), (2_500, "c", "")];
        new_of(&mut seen, &page);
        assert_eq!((seen.floor(), seen.since(0)), (Millis::MIN, 3));
        new_of(&mut seen, &[(2_600, "d", "")]);
        assert_eq!(
            (seen.floor(), seen.since(0), seen.since(2_000)),
            (1_000, 3, 2)
        );
        seen.forget(2_400);
        assert_eq!((seen.floor(), seen.since(0)), (2_000, 2));
    }

    proptest! {
        #[test]
        fn in_whatever_windows_events_are_read_each_is_told_once(
            times in prop::collection::vec((0_i64..20_000, any::<bool>(), 0_u8..3), 1..80),
            windows in prop::collection::vec((0_i64..20_000, 0_i64..20_000), 0..30),
        ) {
            let ids: Vec<String> = (0..times.len()).map(|index| index.to_string()).collect();
            let mut page = LogEvents::default();
            for ((time, has_id, message), id) in times.iter().zip(&ids) {
                page.push("stream", (*time, *time), if *has_id { id } else { "" }, &message.to_string());
            }
            let mut seen = Seen::new(1_000);
            let mut told = 0;
            for (from, length) in windows.into_iter().chain([(0, 20_000)]) {
                seen.begin();
                let inside = page.iter().filter(|event| (from..from + length).contains(&event.time));
                told += inside.filter(|event| seen.is_new(event)).count();
            }
            prop_assert_eq!(told, times.len());
        }
    }
}
