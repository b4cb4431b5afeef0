//! A few thousand neighbouring lines in one piece of memory.
//!
//! The texts stand in one string, each followed by a line feed, so that a search runs over all of them at once. A
//! block that others may hold never changes but by lines added at its end: the places of its lines stay what they are.

use super::Millis;
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
    /// The time of the first line.
    base: Millis,
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

/// What is known of a line, in twenty bytes: there are a million of them.
#[derive(Clone, Copy)]
struct Entry {
    /// Milliseconds since the block's first line.
    after: u32,
    /// The low bits of the arrival.
    low: u32,
    /// The high ones: a line in every microsecond, for eight years.
    high: u16,
    source: u16,
    /// Where the text ends; its line feed stands there.
    end: u32,
    stream: u16,
    level: Option<Level>,
    mark: Mark,
}

#[derive(Clone, Copy)]
enum Mark {
    Event,
    Late,
    Note,
}

impl Block {
    pub(super) fn new(id: BlockId, lines: usize, bytes: usize) -> Self {
        Self {
            id,
            base: 0,
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
        let id = self.name(entry);
        Some(Line {
            id,
            time: id.time(),
            source: id.source(),
            level: entry.level,
            stream: &self.streams[usize::from(entry.stream)],
            kind: entry.mark.kind(),
            is_late: matches!(entry.mark, Mark::Late),
            cut: self.cut(index),
            message: self.text.get(self.span(index)).unwrap_or_default(),
        })
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Line<'_>> + ExactSizeIterator {
        (0..self.len()).map(|index| self.get(index).expect("the index is below the length"))
    }

    /// The level and the source of a line, without a look at its text.
    pub(super) fn mark(&self, index: usize) -> Option<(LineId, Option<Level>, u16, Kind)> {
        self.entries.get(index).map(|entry| {
            (
                self.name(entry),
                entry.level,
                entry.stream,
                entry.mark.kind(),
            )
        })
    }

    pub(super) fn streams(&self) -> &[Untrusted] {
        &self.streams
    }

    pub(super) fn first(&self) -> Option<LineId> {
        self.entries.first().map(|entry| self.name(entry))
    }

    pub(super) fn last(&self) -> Option<LineId> {
        self.entries.last().map(|entry| self.name(entry))
    }

    /// How many lines come before this one.
    pub(super) fn before(&self, id: LineId) -> usize {
        self.entries.partition_point(|entry| self.name(entry) < id)
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
        if self.is_empty() {
            self.base = line.time;
        }
        let arrival = line.id.arrival();
        self.entries.push(Entry {
            after: self
                .after(line.time)
                .expect("the press gives what spans more a block of its own"),
            low: low(arrival),
            high: high(arrival),
            source: line.id.number(),
            end,
            stream: streams.index(line.stream, &mut self.streams),
            level: line.level,
            mark: match (line.kind, line.is_late) {
                (Kind::Note, _) => Mark::Note,
                (Kind::Event, true) => Mark::Late,
                (Kind::Event, false) => Mark::Event,
            },
        });
        self.newest = self.newest.max(line.id.arrival());
        self.has_notes |= line.kind == Kind::Note;
    }

    /// Milliseconds from the block's first line to a time; nothing if they are too many for one block.
    pub(super) fn after(&self, time: Millis) -> Option<u32> {
        u32::try_from(time.checked_sub(self.base)?).ok()
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

    fn name(&self, entry: &Entry) -> LineId {
        let arrival = u64::from(entry.high) << 32 | u64::from(entry.low);
        LineId::new(self.base + Millis::from(entry.after), entry.source, arrival)
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

impl Mark {
    fn kind(self) -> Kind {
        match self {
            Self::Event | Self::Late => Kind::Event,
            Self::Note => Kind::Note,
        }
    }
}

fn low(arrival: u64) -> u32 {
    u32::try_from(arrival & u64::from(u32::MAX)).expect("the mask leaves 32 bits")
}

fn high(arrival: u64) -> u16 {
    u16::try_from(arrival >> 32).unwrap_or(u16::MAX)
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
