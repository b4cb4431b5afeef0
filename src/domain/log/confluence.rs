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
mod tests;
