//! One stream out of many, by the times of the events.
//!
//! Every source brings its events about in order, but no two are equally far. So an event waits until every other
//! source has come past its time. In a range that ends it waits as long as that takes: every source ends, well or not.
//! Where sources follow the present it waits no longer than is good for it: for one that has caught up until that
//! should have been read once more, some seconds for one that has not and does not move. What comes after that is
//! handed out all the same, as late as it is. Events are looked at where they lie; a page is let go when its last event is handed out, which is what
//! lets its source read on.

use super::{LogEvent, LogEvents, Millis};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

/// How long an event waits for a source that follows the present, beyond the time between two readings of it.
pub const HOLD: Duration = Duration::from_secs(1);

/// The same for sources that are read so seldom that waiting for them would be worse than disorder.
pub const HOLD_AT_MOST: Duration = Duration::from_secs(10);

/// How long a source that has not caught up may stand still before the others go on without it.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// The merge of the pages `P`. Spans are counted from any one moment, the same for all calls.
#[derive(Debug)]
pub struct Confluence<P> {
    sources: Vec<Queue<P>>,
    /// The first event of each source that has any.
    heads: BinaryHeap<Reverse<(Millis, usize)>>,
    /// Where the present began: a source that has read up to here has caught up. A range has no present.
    present: Option<Millis>,
    /// The newest time that was handed out.
    newest: Millis,
    waits: Waits,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Waits {
    Yes,
    No,
}

#[derive(Debug)]
struct Queue<P> {
    pages: VecDeque<Waiting<P>>,
    /// The place in the first page.
    at: usize,
    /// Everything before this is here.
    reached: Millis,
    /// When it last came further.
    moved: Duration,
    /// How long an event waits for it.
    hold: Duration,
    state: State,
}

#[derive(Debug)]
struct Waiting<P> {
    page: Arc<P>,
    arrived: Duration,
    /// How far its source had come with it: times beyond are of a clock that is wrong.
    reached: Millis,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Reading,
    /// It cannot read at present.
    Failing,
    Ended,
}

/// An event in its turn.
#[derive(Clone, Copy, Debug)]
pub struct Merged<'a, P> {
    pub source: usize,
    /// The page that it lies in.
    pub page: &'a P,
    pub event: LogEvent<'a>,
    /// How many milliseconds it happened before the newest that was handed out before it: by so much the stream is out
    /// of order. An event from the future makes nothing late: it counts as if it had happened when it was read.
    ///
    /// A [book](super::LogBook) has no order of telling: there every line comes into its place, and is late if its own
    /// source had been told beyond it.
    pub late: Option<Millis>,
}

/// Why no more events came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// Whoever took them has had enough for now.
    Stopped,
    /// There are none.
    Empty,
    /// The next one waits for other sources; at most until this moment, if there is one.
    Waiting(Option<Duration>),
}

impl<P: AsRef<LogEvents>> Confluence<P> {
    /// A merge without sources. Those that have read up to `present` count as caught up; `None`: a range, in which
    /// all are waited for.
    pub fn new(present: Option<Millis>) -> Self {
        Self {
            sources: Vec::new(),
            heads: BinaryHeap::new(),
            present,
            newest: Millis::MIN,
            waits: Waits::Yes,
        }
    }

    /// Adds a source; they are numbered as they come.
    pub fn add(&mut self, now: Duration) {
        self.sources.push(Queue {
            pages: VecDeque::new(),
            at: 0,
            reached: Millis::MIN,
            moved: now,
            hold: HOLD,
            state: State::Reading,
        });
    }

    /// Takes a page in. What its source had before `reached` has come with it.
    pub fn push(&mut self, source: usize, page: Arc<P>, reached: Millis, now: Duration) {
        let Some(queue) = self.sources.get_mut(source) else {
            return;
        };
        queue.moved = now;
        queue.reached = queue.reached.max(reached);
        let Some(first) = (*page).as_ref().get(0).map(|event| event.time) else {
            return;
        };
        if queue.pages.is_empty() {
            self.heads.push(Reverse((first, source)));
        }
        queue.pages.push_back(Waiting {
            page,
            arrived: now,
            reached: queue.reached,
        });
    }

    /// A source has nothing more before this moment.
    pub fn reach(&mut self, source: usize, reached: Millis, now: Duration) {
        if let Some(queue) = self.sources.get_mut(source)
            && queue.reached < reached
        {
            queue.reached = reached;
            queue.moved = now;
        }
    }

    /// Between two readings of a source that has caught up.
    pub fn pace(&mut self, source: usize, period: Duration) {
        if let Some(queue) = self.sources.get_mut(source) {
            queue.hold = period.saturating_add(HOLD).min(HOLD_AT_MOST);
        }
    }

    /// Whether a source cannot read at present. Where the others follow, they do not wait for it.
    pub fn fail(&mut self, source: usize, is_failing: bool) {
        if let Some(queue) = self.sources.get_mut(source)
            && queue.state != State::Ended
            && self.present.is_some()
        {
            queue.state = if is_failing {
                State::Failing
            } else {
                State::Reading
            };
        }
    }

    /// A source brings nothing more.
    pub fn end(&mut self, source: usize) {
        if let Some(queue) = self.sources.get_mut(source) {
            queue.state = State::Ended;
        }
    }

    /// From now on nothing waits.
    pub fn hurry(&mut self) {
        self.waits = Waits::No;
    }

    /// Whether every source has ended and everything was handed out.
    pub fn is_over(&self) -> bool {
        self.heads.is_empty() && self.sources.iter().all(|queue| queue.state == State::Ended)
    }

    /// Hands out what is due, in order, until `take` breaks off.
    pub fn drain(
        &mut self,
        now: Duration,
        mut take: impl FnMut(Merged<'_, P>) -> ControlFlow<()>,
    ) -> Rest {
        let mut idle: Vec<usize> = (0..self.sources.len())
            .filter(|&source| self.sources[source].is_awaited())
            .collect();
        while let Some(&Reverse((time, source))) = self.heads.peek() {
            let arrived = self.sources[source].arrived();
            let floor = match self.waits {
                Waits::Yes => self.floor(&idle, time, arrived, now),
                Waits::No => Floor::default(),
            };
            if let Wait::Until(until) = floor.wait {
                return Rest::Waiting(until);
            }
            self.heads.pop();
            let next = self.heads.peek().map(|&Reverse(head)| head);
            let queue = &mut self.sources[source];
            let Some(Waiting { page, reached, .. }) = queue.pages.front() else {
                continue;
            };
            let events = (**page).as_ref();
            let mut head = None;
            let mut stopped = false;
            while let Some(event) = events.get(queue.at) {
                let is_next = next.is_none_or(|next| (event.time, source) <= next);
                if stopped || !is_next || event.time >= floor.before {
                    head = Some(event.time);
                    break;
                }
                let newest = self.newest;
                self.newest = newest.max(event.time.min(*reached));
                queue.at += 1;
                stopped = take(Merged {
                    source,
                    page,
                    event,
                    late: (newest > event.time).then(|| newest.saturating_sub(event.time)),
                })
                .is_break();
            }
            if head.is_none() {
                queue.pages.pop_front();
                queue.at = 0;
                head = queue.first();
            }
            match head {
                Some(time) => self.heads.push(Reverse((time, source))),
                None if queue.is_awaited() => idle.push(source),
                None => {}
            }
            if stopped {
                return Rest::Stopped;
            }
        }
        Rest::Empty
    }

    /// Up to which time events of a page that came at `arrived` need not wait, and how long the one of `time` has to.
    fn floor(&self, idle: &[usize], time: Millis, arrived: Duration, now: Duration) -> Floor {
        let mut floor = Floor::default();
        for queue in idle.iter().map(|&source| &self.sources[source]) {
            let until = self.present.map(|present| {
                if queue.reached < present {
                    queue.moved + PATIENCE
                } else {
                    arrived + queue.hold
                }
            });
            if until.is_none_or(|until| now < until) {
                floor.before = floor.before.min(queue.reached);
                if queue.reached <= time {
                    floor.wait = floor.wait.max(Wait::Until(until));
                }
            }
        }
        floor
    }
}

struct Floor {
    before: Millis,
    wait: Wait,
}

/// In the order of their ends, but for the endless one, which only a range knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Wait {
    Not,
    Until(Option<Duration>),
}

impl Default for Floor {
    fn default() -> Self {
        Self {
            before: Millis::MAX,
            wait: Wait::Not,
        }
    }
}

impl<P: AsRef<LogEvents>> Queue<P> {
    /// Whether it has nothing now and may have something later.
    fn is_awaited(&self) -> bool {
        self.pages.is_empty() && self.state == State::Reading
    }

    fn arrived(&self) -> Duration {
        let first = self.pages.front();
        first.map(|waiting| waiting.arrived).unwrap_or_default()
    }

    fn first(&self) -> Option<Millis> {
        let Waiting { page, .. } = self.pages.front()?;
        (**page).as_ref().get(self.at).map(|event| event.time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const START: Duration = Duration::from_secs(100);

    fn page(times: &[Millis]) -> Arc<LogEvents> {
        let mut events = LogEvents::default();
        for time in times {
            events.push("s", (*time, *time), &time.to_string(), "m");
        }
        Arc::new(events)
    }

    fn merge(sources: usize, present: Option<Millis>) -> Confluence<LogEvents> {
        let mut merge = Confluence::new(present);
        (0..sources).for_each(|_| merge.add(START));
        merge
    }

    type Seen = Vec<(usize, Millis, Option<Millis>)>;

    fn drain(merge: &mut Confluence<LogEvents>, now: Duration) -> (Seen, Rest) {
        let mut seen = Vec::new();
        let rest = merge.drain(now, |merged| {
            seen.push((merged.source, merged.event.time, merged.late));
            ControlFlow::Continue(())
        });
        (seen, rest)
    }

    #[test]
    fn an_event_waits_for_a_source_that_has_not_come_so_far() {
        let mut merge = merge(2, None);
        merge.push(0, page(&[10, 20, 30]), 31, START);
        assert_eq!(drain(&mut merge, START), (vec![], Rest::Waiting(None)));
        merge.push(1, page(&[15]), 25, START);
        let (seen, rest) = drain(&mut merge, START);
        assert_eq!(seen, [(0, 10, None), (1, 15, None), (0, 20, None)]);
        assert_eq!(rest, Rest::Waiting(None));
        merge.end(1);
        assert_eq!(drain(&mut merge, START), (vec![(0, 30, None)], Rest::Empty));
        assert!(!merge.is_over());
        merge.end(0);
        assert!(merge.is_over());
    }

    #[test]
    fn a_source_that_stands_still_holds_nobody_for_long_and_comes_late() {
        let mut merge = merge(2, Some(1_000));
        merge.push(0, page(&[10, 20]), 21, START);
        let later = START + PATIENCE;
        assert_eq!(drain(&mut merge, later).0.len(), 2);
        merge.push(1, page(&[15, 25]), 26, later);
        assert_eq!(
            drain(&mut merge, later).0,
            [(1, 15, Some(5)), (1, 25, None)]
        );
    }

    #[test]
    fn who_has_caught_up_is_waited_for_a_second() {
        let mut merge = merge(2, Some(50));
        merge.reach(0, 60, START);
        merge.reach(1, 60, START);
        let arrived = START + Duration::from_secs(30);
        merge.push(0, page(&[70]), 71, arrived);
        assert_eq!(
            drain(&mut merge, arrived),
            (vec![], Rest::Waiting(Some(arrived + HOLD)))
        );
        assert_eq!(drain(&mut merge, arrived + HOLD).0, [(0, 70, None)]);
    }

    #[test]
    fn who_is_read_seldom_is_waited_for_until_the_next_reading() {
        for (period, hold) in [(2, 3), (5, 6), (60, 10)] {
            let mut merge = merge(2, Some(50));
            merge.pace(1, Duration::from_secs(period));
            merge.reach(1, 60, START);
            merge.push(0, page(&[70]), 71, START);
            let until = START + Duration::from_secs(hold);
            assert_eq!(
                drain(&mut merge, START),
                (vec![], Rest::Waiting(Some(until)))
            );
            merge.push(1, page(&[65]), 75, until);
            assert_eq!(
                drain(&mut merge, until).0,
                [(1, 65, None), (0, 70, None)],
                "in order although the one was read much later"
            );
        }
    }

    #[test]
    fn one_event_from_the_future_makes_no_other_late() {
        let mut merge = merge(1, Some(50));
        let year = 31_536_000_000;
        merge.push(0, page(&[60, year]), 70, START);
        merge.push(0, page(&[65, 80, 90]), 91, START);
        assert_eq!(
            drain(&mut merge, START).0,
            [
                (0, 60, None),
                (0, year, None),
                (0, 65, Some(5)),
                (0, 80, None),
                (0, 90, None)
            ]
        );
    }

    #[test]
    fn nobody_waits_for_a_source_that_cannot_read_unless_all_is_to_be_in_order() {
        for (present, handed_out) in [(Some(50), 1), (None, 0)] {
            let mut merge = merge(2, present);
            merge.reach(1, 60, START);
            merge.fail(1, true);
            merge.push(0, page(&[70]), 71, START);
            assert_eq!(drain(&mut merge, START).0.len(), handed_out);
            merge.fail(1, false);
            merge.push(0, page(&[80]), 81, START);
            assert_eq!(drain(&mut merge, START).0.len(), 0);
            merge.end(1);
            merge.fail(1, false);
            assert_eq!(drain(&mut merge, START).0.len(), 2 - handed_out);
        }
    }

    #[test]
    fn in_a_hurry_nothing_waits() {
        let mut merge = merge(3, None);
        merge.push(1, page(&[5]), 6, START);
        merge.push(0, page(&[4, 7]), 8, START);
        merge.hurry();
        assert_eq!(drain(&mut merge, START).0.len(), 3);
    }

    #[test]
    fn who_breaks_off_goes_on_where_it_was() {
        let mut merge = merge(1, None);
        merge.push(0, page(&[1, 2, 3]), 4, START);
        let mut seen = Vec::new();
        for _ in 0..3 {
            let rest = merge.drain(START, |merged| {
                seen.push(merged.event.time);
                ControlFlow::Break(())
            });
            assert_eq!(rest, Rest::Stopped);
        }
        assert_eq!(seen, [1, 2, 3]);
        assert_eq!(drain(&mut merge, START), (vec![], Rest::Empty));
    }

    /// Pages of each source, in order within the source.
    fn sources() -> impl Strategy<Value = Vec<Vec<Vec<Millis>>>> {
        let source = proptest::collection::vec(0..1_000_i64, 0..40).prop_map(|mut times| {
            times.sort_unstable();
            times.chunks(4).map(<[Millis]>::to_vec).collect()
        });
        proptest::collection::vec(source, 1..5)
    }

    proptest! {
        #[test]
        fn sources_that_keep_coming_give_one_ordered_whole(sources in sources(), turns in proptest::collection::vec(0..5_usize, 0..200)) {
            let mut merge = merge(sources.len(), None);
            let mut rest: Vec<VecDeque<Vec<Millis>>> = sources.iter().cloned().map(VecDeque::from).collect();
            let mut seen = Vec::new();
            let last = 0..sources.len();
            for source in turns.into_iter().chain(last.flat_map(|source| [source; 11])) {
                let source = source % sources.len();
                match rest[source].pop_front() {
                    Some(times) => merge.push(source, page(&times), times[times.len() - 1], START),
                    None => merge.end(source),
                }
                seen.extend(drain(&mut merge, START).0);
            }
            prop_assert!(merge.is_over());
            let mut expected: Vec<Millis> = sources.iter().flatten().flatten().copied().collect();
            expected.sort_unstable();
            let times: Vec<Millis> = seen.iter().map(|(_, time, _)| *time).collect();
            prop_assert_eq!(times, expected);
            prop_assert!(seen.iter().all(|(_, _, late)| late.is_none()));
        }

        #[test]
        fn however_slow_nothing_is_lost_or_repeated_and_lateness_is_told(
            pages in proptest::collection::vec((0..4_usize, proptest::collection::vec(0..1_000_i64, 0..6), 0..3_000_u64), 0..60)
        ) {
            let mut merge = merge(4, Some(500));
            let mut now = START;
            let mut seen = Vec::new();
            let mut expected = Vec::new();
            for (source, mut times, wait) in pages {
                times.sort_unstable();
                expected.extend(times.iter().map(|time| (source, *time)));
                let reached = times.last().map_or(0, |last| last + 1);
                merge.push(source, page(&times), reached, now);
                seen.extend(drain(&mut merge, now).0);
                now += Duration::from_millis(wait);
            }
            seen.extend(drain(&mut merge, now + PATIENCE + HOLD).0);
            let mut newest = Millis::MIN;
            for (_, time, late) in &seen {
                prop_assert_eq!(*late, (newest > *time).then(|| newest - time));
                newest = newest.max(*time);
            }
            let mut told: Vec<_> = seen.iter().map(|(source, time, _)| (*source, *time)).collect();
            told.sort_unstable();
            expected.sort_unstable();
            prop_assert_eq!(told, expected);
        }
    }
}
