//! A few thousand neighbouring lines in one piece of memory.
//!
//! The texts stand in one string, each followed by a line feed, so that a search runs over all of them at once. A
//! block that others may hold never changes but by lines added at its end: the places of its lines stay what they are.

use super::level::Level;
use super::line::{Kind, Line, LineId};
use crate::domain::Untrusted;
use std::collections::HashMap;
use std::fmt;

/// Names a block. One that was built anew has a new name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockId(pub(super) u64);

/// Lines in their order, with what is known of each.
#[derive(Clone)]
pub struct Block {
    id: BlockId,
    text: String,
    entries: Vec<Entry>,
    /// The streams that the entries count.
    streams: Vec<Untrusted>,
    /// Bytes that were cut, by line: few have any.
    cuts: Vec<(u16, u32)>,
    /// The arrival of the line that came last.
    newest: u64,
    has_notes: bool,
}

#[derive(Clone, Copy)]
struct Entry {
    id: LineId,
    /// Where the text ends; its line feed stands there.
    end: u32,
    stream: u16,
    level: Option<Level>,
    kind: Kind,
    is_late: bool,
}

impl Block {
    pub(super) fn new(id: BlockId, lines: usize, bytes: usize) -> Self {
        Self {
            id,
            text: String::with_capacity(bytes),
            entries: Vec::with_capacity(lines),
            streams: Vec::new(),
            cuts: Vec::new(),
            newest: 0,
            has_notes: false,
        }
    }

    pub fn id(&self) -> BlockId {
        self.id
    }

    /// How many lines.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// All texts, each followed by a line feed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where the text of a line stands in [`Block::text`], its line feed left out.
    pub fn span(&self, index: usize) -> std::ops::Range<usize> {
        let end = self
            .entries
            .get(index)
            .map_or(self.text.len(), |entry| entry.end as usize);
        self.start(index)..end
    }

    /// The line whose text, or line feed, stands at this byte; the search starts at line `from`.
    pub fn line_at(&self, byte: usize, from: usize) -> usize {
        let rest = self.entries.get(from..).unwrap_or_default();
        // Hits are often in the next line or the one after; a look is cheaper than halving four thousand.
        let near = rest
            .iter()
            .take(4)
            .position(|entry| entry.end as usize >= byte);
        from + near.unwrap_or_else(|| rest.partition_point(|entry| (entry.end as usize) < byte))
    }

    /// The line at a place.
    pub fn get(&self, index: usize) -> Option<Line<'_>> {
        let entry = self.entries.get(index)?;
        Some(Line {
            id: entry.id,
            time: entry.id.time(),
            source: entry.id.source(),
            level: entry.level,
            stream: &self.streams[usize::from(entry.stream)],
            kind: entry.kind,
            is_late: entry.is_late,
            cut: self.cut(index),
            message: self.text.get(self.span(index)).unwrap_or_default(),
        })
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Line<'_>> + ExactSizeIterator {
        (0..self.len()).map(|index| self.get(index).expect("the index is below the length"))
    }

    /// The level and the source of a line, without a look at its text.
    pub(super) fn mark(&self, index: usize) -> Option<(LineId, Option<Level>, u16, Kind)> {
        self.entries
            .get(index)
            .map(|entry| (entry.id, entry.level, entry.stream, entry.kind))
    }

    pub(super) fn streams(&self) -> &[Untrusted] {
        &self.streams
    }

    pub(super) fn first(&self) -> Option<LineId> {
        self.entries.first().map(|entry| entry.id)
    }

    pub(super) fn last(&self) -> Option<LineId> {
        self.entries.last().map(|entry| entry.id)
    }

    /// How many lines come before this one.
    pub(super) fn before(&self, id: LineId) -> usize {
        self.entries.partition_point(|entry| entry.id < id)
    }

    pub(super) fn has_notes(&self) -> bool {
        self.has_notes
    }

    pub(super) fn newest(&self) -> u64 {
        self.newest
    }

    /// Bytes of memory, spare room included.
    pub(super) fn held(&self) -> usize {
        size_of::<Self>()
            + self.text.capacity()
            + self.entries.capacity() * size_of::<Entry>()
            + self.streams.capacity() * size_of::<Untrusted>()
            + self
                .streams
                .iter()
                .map(|stream| stream.exact().len() + 16)
                .sum::<usize>()
            + self.cuts.capacity() * size_of::<(u16, u32)>()
    }

    /// Adds a line at the end.
    pub(super) fn push(&mut self, line: &Line<'_>, streams: &mut Streams) {
        if let (Ok(index), true) = (u16::try_from(self.len()), line.cut > 0) {
            self.cuts.push((index, line.cut));
        }
        self.text.push_str(line.message);
        let end = u32::try_from(self.text.len()).expect("a block is far smaller than 4 GiB");
        self.text.push('\n');
        self.entries.push(Entry {
            id: line.id,
            end,
            stream: streams.index(line.stream, &mut self.streams),
            level: line.level,
            kind: line.kind,
            is_late: line.is_late,
        });
        self.newest = self.newest.max(line.id.arrival());
        self.has_notes |= line.kind == Kind::Note;
    }

    /// Makes room for lines to come.
    pub(super) fn reserve(&mut self, lines: usize, bytes: usize) {
        self.entries.reserve_exact(lines);
        self.text.reserve_exact(bytes);
    }

    /// Gives spare room back.
    pub(super) fn seal(&mut self) {
        self.text.shrink_to_fit();
        self.entries.shrink_to_fit();
        self.streams.shrink_to_fit();
    }

    fn start(&self, index: usize) -> usize {
        let before = index
            .checked_sub(1)
            .and_then(|before| self.entries.get(before));
        before.map_or(0, |entry| entry.end as usize + 1)
    }

    fn cut(&self, index: usize) -> u32 {
        let found = self
            .cuts
            .binary_search_by_key(&index, |&(line, _)| usize::from(line));
        found.map_or(0, |at| self.cuts[at].1)
    }
}

/// A block is what its name says, as far as it reaches.
impl PartialEq for Block {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.len() == other.len()
    }
}

impl Eq for Block {}

impl fmt::Debug for Block {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Block {} of {} lines", self.id.0, self.len())
    }
}

/// Which number a stream has in a block that is being written.
#[derive(Default)]
pub(super) struct Streams {
    numbers: HashMap<Untrusted, u16>,
    /// Neighbours are mostly of one stream.
    last: Option<(Untrusted, u16)>,
}

impl Streams {
    pub(super) fn of(block: &Block) -> Self {
        let numbers = block.streams.iter().cloned().zip(0..).collect();
        Self {
            numbers,
            last: None,
        }
    }

    fn index(&mut self, stream: &Untrusted, known: &mut Vec<Untrusted>) -> u16 {
        if let Some((last, number)) = &self.last
            && last == stream
        {
            return *number;
        }
        let number = self.numbers.get(stream).copied().unwrap_or_else(|| {
            // A block has fewer lines than there are numbers.
            let number = u16::try_from(known.len()).unwrap_or(u16::MAX);
            known.push(stream.clone());
            self.numbers.insert(stream.clone(), number);
            number
        });
        self.last = Some((stream.clone(), number));
        number
    }
}
