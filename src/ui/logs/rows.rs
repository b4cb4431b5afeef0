//! Which lines are on screen: from the top where it holds still, from the bottom where it follows.

use super::lines::message;
use crate::app::logs::{Logs, Mode, Reader, Spot, Wrapping};
use crate::domain::log::{LineId, View};
use crate::ui::text;

/// A row of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) spot: Spot,
    /// The row of the line in the view.
    pub(super) row: usize,
    /// Which piece of a wrapped line.
    pub(super) segment: usize,
}

/// Fills screens.
pub(super) struct Filler<'f> {
    pub(super) view: &'f View<'f>,
    pub(super) logs: &'f Logs,
    pub(super) reader: &'f Reader,
    /// Rows of the screen.
    pub(super) height: usize,
    /// Columns of a message.
    pub(super) width: u16,
}

impl Filler<'_> {
    /// The rows to draw, so that the selected one is among them and nothing moves that need not.
    pub(super) fn fill(&self) -> Vec<Placed> {
        let Some(last) = self.view.len().checked_sub(1) else {
            return Vec::new();
        };
        let cursor = self.reader.cursor(self.view);
        let (Mode::Paused(_), Some(cursor)) = (self.reader.mode, cursor) else {
            return self.back_from(last, None);
        };
        let Some((top, segment)) = self.reader.top() else {
            return self.back_from(self.view.row_from(cursor.line), Some(cursor));
        };
        if cursor < top {
            let (here, there) = (
                self.view.row_from(cursor.line),
                self.view.row_from(top.line),
            );
            // Far from where one was, a line is shown with those before it.
            let is_far = there - here > self.height;
            let before = if is_far { self.height / 3 } else { 0 };
            let start = self.line(here.saturating_sub(before)).filter(|_| is_far);
            let start = start.map_or(cursor, |line| Spot { line, part: 0 });
            let rows = self.forth_from(start, 0);
            return if rows.iter().any(|placed| placed.spot == cursor) {
                rows
            } else {
                self.forth_from(cursor, 0)
            };
        }
        let rows = self.forth_from(top, segment);
        // Of a line that is open, what was opened should be seen too, as far as there is room.
        let opened = match cursor.part {
            0 => self
                .reader
                .parts(cursor.line)
                .len()
                .min(self.height.saturating_sub(1)),
            part => part,
        };
        let end = Spot {
            part: opened,
            ..cursor
        };
        let sees = |spot: Spot| rows.iter().any(|placed| placed.spot == spot);
        if !sees(cursor) || !sees(end) {
            return self.back_from(self.view.row_from(cursor.line), Some(end));
        }
        if rows.len() < self.height {
            let full = self.back_from(last, None);
            if full.len() > rows.len() {
                return full;
            }
        }
        rows
    }

    fn forth_from(&self, top: Spot, mut segment: usize) -> Vec<Placed> {
        let mut rows = Vec::with_capacity(self.height);
        let mut row = self.view.row_from(top.line);
        let is_there = self.line(row) == Some(top.line);
        let mut part = if is_there { top.part } else { 0 };
        while rows.len() < self.height {
            let Some(line) = self.line(row) else { break };
            if part == 0 {
                for segment in std::mem::take(&mut segment)..self.segments(row) {
                    rows.push(placed(line, 0, row, segment));
                }
                part = 1;
            }
            for part in part..=self.reader.parts(line).len() {
                rows.push(placed(line, part, row, 0));
            }
            (row, part, segment) = (row + 1, 0, 0);
        }
        rows.truncate(self.height);
        rows
    }

    /// The screen that ends with a row, or with a part of it.
    fn back_from(&self, last: usize, end: Option<Spot>) -> Vec<Placed> {
        let mut rows = Vec::with_capacity(self.height + 8);
        let mut row = last;
        while let Some(line) = self.line(row) {
            let parts = match end {
                Some(spot) if spot.line == line => spot.part,
                Some(_) | None => self.reader.parts(line).len(),
            };
            for part in (1..=parts).rev() {
                rows.push(placed(line, part, row, 0));
            }
            let segments = self.segments(row);
            // Of a line taller than the screen its beginning is worth more than its end.
            let segments = if rows.is_empty() && segments > self.height {
                self.height
            } else {
                segments
            };
            for segment in (0..segments).rev() {
                rows.push(placed(line, 0, row, segment));
            }
            if rows.len() >= self.height {
                break;
            }
            let Some(before) = row.checked_sub(1) else {
                break;
            };
            row = before;
        }
        rows.truncate(self.height);
        rows.reverse();
        rows
    }

    fn line(&self, row: usize) -> Option<LineId> {
        self.view.line(row).map(|line| line.id)
    }

    /// How many rows the head of a line takes.
    fn segments(&self, row: usize) -> usize {
        match self.reader.wrapping {
            Wrapping::Cut => 1,
            Wrapping::Wrap => {
                let line = self.view.line(row);
                line.map_or(1, |line| {
                    text::wrap(&message(self.logs, &line), self.width)
                        .count()
                        .max(1)
                })
            }
        }
    }
}

fn placed(line: LineId, part: usize, row: usize, segment: usize) -> Placed {
    Placed {
        spot: Spot { line, part },
        row,
        segment,
    }
}
