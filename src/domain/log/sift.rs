//! Sifting: which lines of a block a filter keeps. The slow part of a filter, made to be done elsewhere.

use super::LogSource;
use super::block::{Block, BlockId};
use super::filter::Filter;
use std::sync::Arc;

/// Names a sieve: a newer turn of the same name takes the place of the older.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SieveName {
    pub name: u64,
    pub turn: u64,
}

/// Lines to sift. The blocks do not change while others hold them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiftJob {
    pub name: SieveName,
    pub filter: Arc<Filter>,
    pub sources: Arc<[LogSource]>,
    /// Blocks, and the first line of each that is to be looked at.
    pub parts: Vec<(Arc<Block>, usize)>,
}

/// What came of a part of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sifted {
    pub name: SieveName,
    pub block: BlockId,
    /// The lines that were looked at.
    pub from: usize,
    pub upto: usize,
    /// Those that were kept, in their order.
    pub lines: Vec<u16>,
}

/// A filter, with what it says of each source worked out.
#[derive(Clone, Debug)]
pub struct Sifter {
    filter: Arc<Filter>,
    sources: Vec<bool>,
}

impl Sifter {
    pub fn new(filter: &Arc<Filter>, sources: &[LogSource]) -> Self {
        let verdicts = sources
            .iter()
            .map(|source| filter.keeps_source(Some(source)));
        Self {
            filter: Arc::clone(filter),
            sources: verdicts.collect(),
        }
    }

    /// The lines of a block that are kept, from line `from` on.
    pub fn sift(&self, block: &Block, from: usize) -> Vec<u16> {
        let filter = &*self.filter;
        let mut kept = Vec::new();
        let minds_streams = filter.minds_streams();
        let streams: Vec<bool> = if minds_streams {
            let names = block.streams().iter();
            names
                .map(|stream| filter.keeps_stream(super::LineKind::Event, stream.exact()))
                .collect()
        } else {
            Vec::new()
        };
        let mut look = |index: usize| {
            let Some((id, level, stream, kind)) = block.mark(index) else {
                return;
            };
            let passes = self.sources.get(id.source()).copied().unwrap_or(true)
                && (kind == super::LineKind::Note
                    || streams.get(usize::from(stream)).copied().unwrap_or(true))
                && filter.keeps_level(kind, level)
                && filter.keeps_text(
                    kind,
                    block.text().get(block.span(index)).unwrap_or_default(),
                );
            if passes {
                kept.extend(u16::try_from(index));
            }
        };
        match filter.driver() {
            // A note has none of the words, and is kept all the same.
            Some(driver) if !block.has_notes() => driver.sift(block, from, &mut look),
            _ => (from..block.len()).for_each(&mut look),
        }
        kept
    }
}
