//! What a pane holds of many sources: lines in the order of their times, within bounds.
//!
//! A book keeps the newest lines up to a number and a size; what it lets go at the old end it counts. A page is
//! merged in one pass: lines that come in order are added at the end, late ones build the blocks they belong to
//! anew. Every line has a [`LineId`] that stays; rows are counted afresh after every change.

use super::block::Block;
use super::level::Level;
use super::line::{Kind, Line, LineId};
use super::{Hole, LogEvents, LogSource, Millis, merge, timestamp};
use crate::domain::Untrusted;
use std::collections::VecDeque;
use std::sync::Arc;

/// Bytes of one message that are kept; what is beyond is cut, and the line says so.
pub const LINE_AT_MOST: usize = crate::domain::untrusted::SHOWN_AT_MOST;

/// How much a book holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    pub lines: usize,
    /// Bytes of text; memory is at most half as much again.
    pub bytes: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            lines: 1_000_000,
            bytes: 256 << 20,
        }
    }
}

/// Lines of many sources in one order.
#[derive(Debug)]
pub struct LogBook {
    bounds: Bounds,
    sources: Arc<[LogSource]>,
    blocks: VecDeque<Arc<Block>>,
    /// The row of each block's first line.
    starts: Vec<usize>,
    lines: usize,
    bytes: usize,
    /// The newest line that was let go: nothing older is taken in any more.
    floor: Option<LineId>,
    dropped: u64,
    late: u64,
    arrivals: u64,
    blocks_made: u64,
    /// How far each source has been told.
    reached: Vec<Millis>,
}

impl LogBook {
    pub fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            sources: Arc::default(),
            blocks: VecDeque::new(),
            starts: Vec::new(),
            lines: 0,
            bytes: 0,
            floor: None,
            dropped: 0,
            late: 0,
            arrivals: 0,
            blocks_made: 0,
            reached: Vec::new(),
        }
    }

    /// Says which sources the numbers mean: the tail's list, of which the old one is the beginning.
    pub fn set_sources(&mut self, sources: &[LogSource]) {
        self.sources = sources.into();
    }

    pub fn sources(&self) -> &Arc<[LogSource]> {
        &self.sources
    }

    /// Takes in a page: events of one source, and the moment up to which that source has been told with it.
    pub fn absorb(&mut self, source: usize, events: &LogEvents, reached: Millis) {
        let told = self.told(source, reached);
        let number = number(source);
        let mut lines: Vec<Line<'_>> = Vec::with_capacity(events.len());
        for event in events.iter() {
            self.arrivals += 1;
            let id = LineId::new(event.time, number, self.arrivals);
            let is_late = event.time < told;
            self.late += u64::from(is_late);
            let (message, cut) = within(event.exact());
            lines.push(Line {
                id,
                time: event.time,
                source,
                level: Level::sniff(message),
                stream: event.stream,
                kind: Kind::Event,
                is_late,
                cut,
                message,
            });
        }
        self.take(lines);
    }

    /// Notes where a source was not read.
    pub fn note(&mut self, source: usize, hole: &Hole) {
        let clock = |time| timestamp(time).format("%H:%M:%S");
        let what = match hole.events {
            Some(1) => "1 line not shown".to_owned(),
            Some(count) => format!("{count} lines not shown"),
            None => "lines may be missing".to_owned(),
        };
        let text = format!(
            "— {what} from {} to {} UTC: {} —",
            clock(hole.from),
            clock(hole.until),
            hole.why.trim_end_matches('.'),
        );
        self.arrivals += 1;
        let (message, cut) = within(&text);
        let note = Line {
            id: LineId::new(hole.from, number(source), self.arrivals),
            time: hole.from,
            source,
            level: None,
            stream: &Untrusted::from(""),
            kind: Kind::Note,
            is_late: false,
            cut,
            message,
        };
        self.take(vec![note]);
    }

    /// How many rows, notes included.
    pub fn len(&self) -> usize {
        self.lines
    }

    pub fn is_empty(&self) -> bool {
        self.lines == 0
    }

    /// Bytes of text.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Bytes of memory, spare room included.
    pub fn held(&self) -> usize {
        self.blocks.iter().map(|block| block.held()).sum::<usize>()
            + self.starts.capacity() * size_of::<usize>()
    }

    /// Rows that were let go at the old end, or came when their time was beyond it.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Lines that came after their source had been told beyond them, since the book was opened.
    pub fn late(&self) -> u64 {
        self.late
    }

    /// Rows taken in since the book was opened: those held, and those dropped.
    pub fn taken(&self) -> u64 {
        self.arrivals
    }

    /// The line in a row; rows count from the oldest.
    pub fn line(&self, row: usize) -> Option<Line<'_>> {
        let at = self
            .starts
            .partition_point(|&start| start <= row)
            .checked_sub(1)?;
        self.blocks.get(at)?.get(row - self.starts[at])
    }

    /// The row of a line; `None` once it was let go.
    pub fn row_of(&self, id: LineId) -> Option<usize> {
        let row = self.row_from(id);
        self.line(row)
            .is_some_and(|line| line.id == id)
            .then_some(row)
    }

    /// The row of a line, or of the next one if it was let go; the number of rows if there is none.
    pub fn row_from(&self, id: LineId) -> usize {
        let at = self.blocks.partition_point(|block| block.last() < Some(id));
        match self.blocks.get(at) {
            Some(block) => self.starts[at] + block.before(id),
            None => self.lines,
        }
    }

    /// The first row of this moment or a later one.
    pub fn row_at(&self, time: Millis) -> usize {
        self.row_from(LineId::at(time))
    }

    /// The lines from a row on.
    pub fn lines_from(&self, row: usize) -> impl Iterator<Item = Line<'_>> {
        (row..self.lines).map_while(|row| self.line(row))
    }

    /// The blocks, oldest first.
    pub fn blocks(&self) -> impl DoubleEndedIterator<Item = &Arc<Block>> + ExactSizeIterator {
        self.blocks.iter()
    }

    /// The block at a place in the order, and the row of its first line.
    pub(super) fn block(&self, at: usize) -> Option<(&Arc<Block>, usize)> {
        Some((self.blocks.get(at)?, *self.starts.get(at)?))
    }

    /// The place of the block in which a line stands, or would.
    pub(super) fn block_of(&self, id: LineId) -> usize {
        self.blocks.partition_point(|block| block.last() < Some(id))
    }

    /// Notes how far a source has been told, and answers how far it had been.
    fn told(&mut self, source: usize, reached: Millis) -> Millis {
        if self.reached.len() <= source {
            self.reached.resize(source + 1, Millis::MIN);
        }
        let told = self.reached[source];
        self.reached[source] = told.max(reached);
        told
    }

    fn take(&mut self, mut lines: Vec<Line<'_>>) {
        if let Some(floor) = self.floor {
            let before = lines.len();
            lines.retain(|line| line.id > floor);
            self.dropped += (before - lines.len()) as u64;
        }
        if !lines.is_sorted_by_key(|line| line.id) {
            lines.sort_unstable_by_key(|line| line.id);
        }
        self.lines += lines.len();
        self.bytes += lines.iter().map(|line| line.message.len()).sum::<usize>();
        let mut press = merge::Press {
            // Small bounds have small blocks, or letting one go would let everything go.
            lines: (self.bounds.lines / 64).clamp(1, 4_096),
            bytes: (self.bounds.bytes / 64).clamp(1_024, 1 << 20),
            made: &mut self.blocks_made,
        };
        press.merge(&mut self.blocks, &lines);
        self.evict();
        self.count();
    }

    fn evict(&mut self) {
        while self.lines > self.bounds.lines || self.bytes > self.bounds.bytes {
            let Some(block) = self.blocks.pop_front() else {
                return;
            };
            self.lines -= block.len();
            self.bytes -= block.text().len() - block.len();
            self.dropped += block.len() as u64;
            self.floor = self.floor.max(block.last());
        }
    }

    fn count(&mut self) {
        self.starts.clear();
        let mut row = 0;
        for block in &self.blocks {
            self.starts.push(row);
            row += block.len();
        }
    }
}

impl Default for LogBook {
    fn default() -> Self {
        Self::new(Bounds::default())
    }
}

/// A source's number as a line keeps it. Nobody tails 65,535 groups at once; those beyond would share a number.
fn number(source: usize) -> u16 {
    u16::try_from(source).unwrap_or(u16::MAX)
}

/// What is kept of a message, and how many bytes are not. Line ends at its end are no part of what it says.
fn within(message: &str) -> (&str, u32) {
    let message = message.trim_end_matches(['\n', '\r']);
    let kept = message
        .get(..message.floor_char_boundary(LINE_AT_MOST))
        .unwrap_or_default();
    (
        kept,
        u32::try_from(message.len() - kept.len()).unwrap_or(u32::MAX),
    )
}

#[cfg(test)]
mod tests;
