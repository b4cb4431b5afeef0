//! A filter at work on a book: which lines it keeps, block by block, as far as they have been looked at.

use super::block::BlockId;
use super::book::LogBook;
use super::filter::Filter;
use super::sift::{SieveName, SiftJob, Sifted, Sifter};
use std::collections::HashMap;
use std::sync::Arc;

/// What a filter keeps of a book.
///
/// After every change of the book [`Sieve::settle`] is due. Lines that were not looked at yet are not shown; how many
/// there are says [`Sieve::pending`].
#[derive(Debug)]
pub struct Sieve {
    name: SieveName,
    filter: Arc<Filter>,
    kept: HashMap<BlockId, Kept>,
    /// The blocks in their order, with the row of the first line that is kept of each.
    order: Vec<(BlockId, usize)>,
    len: usize,
    pending: usize,
}

#[derive(Debug, Default)]
struct Kept {
    /// Lines that were looked at.
    upto: usize,
    /// Lines that were looked at, or that somebody was asked to look at.
    asked: usize,
    lines: Vec<u16>,
}

impl Sieve {
    pub fn new(name: SieveName, filter: Arc<Filter>) -> Self {
        Self {
            name,
            filter,
            kept: HashMap::new(),
            order: Vec::new(),
            len: 0,
            pending: 0,
        }
    }

    pub fn name(&self) -> SieveName {
        self.name
    }

    pub fn filter(&self) -> &Arc<Filter> {
        &self.filter
    }

    /// Lines kept, as far as is known.
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Lines that were not looked at yet.
    pub fn pending(&self) -> usize {
        self.pending
    }

    /// Follows the book: looks at up to `budget` new lines, the newest first, and answers with the work that is left
    /// for a worker, if there is any that nobody was asked to do.
    pub fn settle(&mut self, book: &LogBook, budget: usize) -> Option<SiftJob> {
        let mut budget = budget;
        let mut old = std::mem::take(&mut self.kept);
        let sifter = Sifter::new(&self.filter, book.sources());
        let mut parts = Vec::new();
        for block in book.blocks().rev() {
            let mut kept = old.remove(&block.id()).unwrap_or_default();
            let new = block.len() - kept.asked;
            if new > 0 && new <= budget && kept.asked == kept.upto {
                budget -= new;
                kept.take(block.len(), &sifter.sift(block, kept.upto));
            } else if new > 0 {
                budget = 0;
                parts.push((Arc::clone(block), kept.asked));
                kept.asked = block.len();
            }
            self.kept.insert(block.id(), kept);
        }
        self.count(book);
        (!parts.is_empty()).then(|| SiftJob {
            name: self.name,
            filter: Arc::clone(&self.filter),
            sources: Arc::clone(book.sources()),
            parts,
        })
    }

    /// Takes in what a worker found; what belongs to an older turn, or to a block that is gone, is nothing to it.
    pub fn accept(&mut self, book: &LogBook, sifted: &Sifted) {
        if sifted.name != self.name {
            return;
        }
        if let Some(kept) = self.kept.get_mut(&sifted.block)
            && kept.upto == sifted.from
        {
            kept.take(sifted.upto, &sifted.lines);
            self.count(book);
        }
    }

    /// The lines kept of the block at a place in the order, and the row of the first.
    pub(super) fn part(&self, at: usize, block: BlockId) -> Option<(&[u16], usize)> {
        let &(id, start) = self.order.get(at)?;
        let kept = self.kept.get(&id).filter(|_| id == block)?;
        Some((&kept.lines, start))
    }

    /// The place in the order of the block that has this row.
    pub(super) fn part_of(&self, row: usize) -> Option<usize> {
        self.order
            .partition_point(|&(_, start)| start <= row)
            .checked_sub(1)
    }

    fn count(&mut self, book: &LogBook) {
        self.order.clear();
        (self.len, self.pending) = (0, 0);
        for block in book.blocks() {
            self.order.push((block.id(), self.len));
            if let Some(kept) = self.kept.get(&block.id()) {
                self.len += kept.lines.len();
                self.pending += block.len() - kept.upto;
            }
        }
    }
}

impl Kept {
    fn take(&mut self, upto: usize, lines: &[u16]) {
        self.lines.extend_from_slice(lines);
        self.upto = upto;
        self.asked = self.asked.max(upto);
    }
}

#[cfg(test)]
mod tests;
