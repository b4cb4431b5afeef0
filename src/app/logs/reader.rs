//! Where the operator reads: following the newest line, or holding still at one.
//!
//! A place is a line's name and a part of it, never a row number: late lines come in above and old ones go, and what
//! is looked at stays where it is. Only following moves, and only because lines came.

use crate::app::cursor::Step;
use crate::app::viewport::Window;
use crate::domain::log::{LineId, Millis, View};
use std::collections::{BTreeMap, BTreeSet};

/// Lines that are open at once; the one opened first is closed for another.
const OPEN_AT_MOST: usize = 32;

/// Whether the screen goes with the newest line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Mode {
    #[default]
    Following,
    /// The last line that had come when it was paused.
    Paused(Option<LineId>),
}

/// How long lines are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Wrapping {
    #[default]
    Cut,
    Wrap,
}

/// How times are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum TimeFormat {
    /// Hours to milliseconds, in UTC.
    #[default]
    Utc,
    /// The same with its date.
    Dated,
    /// How long ago.
    Age,
    /// Hours to milliseconds, in this machine's zone.
    Local,
}

impl TimeFormat {
    pub(super) fn next(self) -> Self {
        match self {
            Self::Utc => Self::Dated,
            Self::Dated => Self::Age,
            Self::Age => Self::Local,
            Self::Local => Self::Utc,
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Self::Utc => "in UTC",
            Self::Dated => "in UTC with their dates",
            Self::Age => "as ages",
            Self::Local => "in this machine's zone",
        }
    }
}

/// A line, and which part of it: nought is its own row, the others are those of what was opened below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    pub line: LineId,
    pub part: usize,
}

/// One row below an opened line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Harmless to a terminal.
    pub text: String,
    /// Where a value begins, in bytes; what stands before it is its name.
    pub value: usize,
}

/// The state of reading.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    pub mode: Mode,
    pub wrapping: Wrapping,
    pub times: TimeFormat,
    /// Columns of the message that lie beyond the left edge.
    pub sideways: usize,
    cursor: Option<Spot>,
    /// Where the screen began when it was last drawn, and with which piece of a wrapped line.
    top: Option<(Spot, usize)>,
    size: usize,
    /// The moment to stay at while its lines are still coming.
    seeks: Option<Millis>,
    open: BTreeMap<LineId, Vec<Part>>,
    opened: Vec<LineId>,
    marks: BTreeSet<LineId>,
}

impl Reader {
    pub fn is_following(&self) -> bool {
        self.mode == Mode::Following
    }

    /// The selected place; following, that is the last line.
    pub fn cursor(&self, view: &View<'_>) -> Option<Spot> {
        let last = || {
            let line = view.last()?.id;
            Some(Spot { line, part: 0 })
        };
        match (self.mode, self.cursor) {
            (Mode::Following, _) | (Mode::Paused(_), None) => last(),
            (Mode::Paused(_), Some(spot)) => match view.row_of(spot.line) {
                Some(_) => Some(spot),
                // It was let go, or the filter hides it: the next one stands in for it.
                None => view
                    .line(view.row_from(spot.line))
                    .map(|line| Spot {
                        line: line.id,
                        part: 0,
                    })
                    .or_else(last),
            },
        }
    }

    /// Where the screen began when it was last drawn, and with which piece of a wrapped line.
    pub fn top(&self) -> Option<(Spot, usize)> {
        self.top
    }

    /// What was opened below a line.
    pub fn parts(&self, line: LineId) -> &[Part] {
        self.open.get(&line).map_or(&[], Vec::as_slice)
    }

    pub fn is_marked(&self, line: LineId) -> bool {
        self.marks.contains(&line)
    }

    pub fn marks(&self) -> usize {
        self.marks.len()
    }

    /// Lines that came since it was paused and lie below what was there then.
    pub fn missed(&self, view: &View<'_>) -> usize {
        match self.mode {
            Mode::Following => 0,
            Mode::Paused(None) => view.len(),
            Mode::Paused(Some(last)) => {
                let row = view.row_from(last);
                let is_there = view.line(row).is_some_and(|line| line.id == last);
                view.len().saturating_sub(row + usize::from(is_there))
            }
        }
    }

    /// Holds still where it is.
    pub(super) fn pause(&mut self, view: &View<'_>) {
        if self.is_following() {
            self.cursor = self.cursor(view);
            self.mode = Mode::Paused(view.last().map(|line| line.id));
        }
    }

    pub(super) fn follow(&mut self) {
        self.mode = Mode::Following;
        self.cursor = None;
        self.seeks = None;
    }

    /// Goes to a line and stays there.
    pub(super) fn go_to(&mut self, line: LineId, view: &View<'_>) {
        self.pause(view);
        self.cursor = Some(Spot { line, part: 0 });
    }

    /// Goes to a line and puts it at the top of the screen.
    pub(super) fn put_on_top(&mut self, line: LineId, view: &View<'_>) {
        self.go_to(line, view);
        self.top = self.cursor.map(|spot| (spot, 0));
    }

    /// Goes to a moment, and stays there while its lines are coming.
    pub(super) fn seek(&mut self, time: Millis, view: &View<'_>) {
        self.pause(view);
        self.seeks = Some(time);
        self.sought(view);
    }

    /// More lines came: those of the moment that is looked for may be among them.
    pub(super) fn sought(&mut self, view: &View<'_>) {
        if let Some(time) = self.seeks {
            let row = view.row_at(time).min(view.len().saturating_sub(1));
            if let Some(line) = view.line(row) {
                self.put_on_top(line.id, view);
                // What comes until somebody moves is not missed: it is what was asked for.
                self.mode = Mode::Paused(view.last().map(|last| last.id));
            }
        }
    }

    pub(super) fn step(&mut self, step: Step, view: &View<'_>) {
        self.seeks = None;
        if step == Step::Last {
            self.follow();
            return;
        }
        self.pause(view);
        let Some(here) = self.cursor(view) else {
            return;
        };
        // A page leaves one row of the last one in sight.
        let page = self.size.saturating_sub(1).max(1);
        let there = match step {
            Step::Back => self.walk_back(here, 1, view),
            Step::Forth => self.walk_forth(here, 1, view),
            Step::PageBack => self.walk_back(here, page, view),
            Step::PageForth => self.walk_forth(here, page, view),
            Step::First | Step::Last => view.line(0).map_or(here, |line| Spot {
                line: line.id,
                part: 0,
            }),
        };
        self.cursor = Some(there);
    }

    fn walk_back(&self, mut spot: Spot, mut count: usize, view: &View<'_>) -> Spot {
        loop {
            if spot.part >= count {
                spot.part -= count;
                return spot;
            }
            count -= spot.part + 1;
            let row = view.row_from(spot.line);
            let Some(line) = row.checked_sub(1).and_then(|row| view.line(row)) else {
                return Spot { part: 0, ..spot };
            };
            spot = Spot {
                line: line.id,
                part: self.parts(line.id).len(),
            };
        }
    }

    fn walk_forth(&self, mut spot: Spot, mut count: usize, view: &View<'_>) -> Spot {
        loop {
            let left = self.parts(spot.line).len().saturating_sub(spot.part);
            if left >= count {
                spot.part += count;
                return spot;
            }
            count -= left + 1;
            let row = view.row_from(spot.line);
            let Some(line) = view.line(row + 1) else {
                spot.part += left;
                return spot;
            };
            spot = Spot {
                line: line.id,
                part: 0,
            };
        }
    }

    /// Selects what stands so many rows below the top of the screen.
    pub(super) fn select(&mut self, spot: Spot, view: &View<'_>) {
        self.pause(view);
        self.seeks = None;
        self.cursor = Some(spot);
    }

    /// Takes note of what the last frame showed.
    pub(in crate::app) fn drawn(&mut self, top: Option<(Spot, usize)>, window: Window) {
        self.top = top;
        self.size = window.size;
    }

    /// Opens a line, with this below it.
    pub(super) fn open(&mut self, line: LineId, parts: Vec<Part>) {
        if self.opened.len() >= OPEN_AT_MOST {
            let first = self.opened.remove(0);
            self.open.remove(&first);
        }
        self.opened.push(line);
        self.open.insert(line, parts);
    }

    /// Closes a line; tells whether it was open.
    pub(super) fn close(&mut self, line: LineId) -> bool {
        self.opened.retain(|opened| *opened != line);
        if let Some(cursor) = &mut self.cursor
            && cursor.line == line
        {
            cursor.part = 0;
        }
        self.open.remove(&line).is_some()
    }

    /// Closes the line that was opened last; tells whether one was open.
    pub(super) fn close_last(&mut self) -> bool {
        let last = self.opened.last().copied();
        last.is_some_and(|line| self.close(line))
    }

    pub(super) fn toggle_mark(&mut self, line: LineId) -> bool {
        let is_new = self.marks.insert(line);
        if !is_new {
            self.marks.remove(&line);
        }
        is_new
    }

    /// The first mark after a line, or the first of all.
    pub(super) fn next_mark(&self, after: LineId) -> Option<LineId> {
        use std::ops::Bound::{Excluded, Unbounded};
        let mut later = self.marks.range((Excluded(after), Unbounded));
        later.next().or_else(|| self.marks.first()).copied()
    }

    /// Forgets every place: another tail begins.
    pub(super) fn start_over(&mut self) {
        *self = Self {
            wrapping: self.wrapping,
            times: self.times,
            size: self.size,
            ..Self::default()
        };
    }
}
