//! How lines get into blocks.
//!
//! Blocks never overlap: every line of one comes before every line of the next. What comes in order is added to the
//! last block; a late line goes into the block that spans its time, which is built anew, and halved when it is full.

use super::Millis;
use super::block::{Block, BlockId, Streams};
use super::line::Line;
use std::collections::VecDeque;
use std::sync::Arc;

/// Makes blocks.
pub(super) struct Press<'a> {
    /// Lines of a block at most.
    pub lines: usize,
    /// Bytes of a block's text at most, but for its last line.
    pub bytes: usize,
    /// Blocks made so far, for their names.
    pub made: &'a mut u64,
}

impl Press<'_> {
    /// Brings sorted lines in.
    pub(super) fn merge(&mut self, blocks: &mut VecDeque<Arc<Block>>, mut lines: &[Line<'_>]) {
        let Some(first) = lines.first() else { return };
        let at = blocks.partition_point(|block| block.last() < Some(first.id));
        let behind = blocks.split_off(at);
        for block in behind {
            let inside = lines.partition_point(|line| Some(line.id) < block.last());
            let (here, rest) = lines.split_at(inside);
            // Those before the block's first line may find room behind the block before it.
            let ahead = here.partition_point(|line| Some(line.id) < block.first());
            let (ahead, here) = here.split_at(ahead);
            if here.is_empty() && (ahead.is_empty() || self.fits(blocks.back(), ahead)) {
                self.append(blocks, ahead);
                blocks.push_back(block);
            } else {
                self.weave(blocks, &block, ahead, here);
            }
            lines = rest;
        }
        self.append(blocks, lines);
    }

    /// Adds lines behind the last block, and new blocks behind that.
    fn append(&mut self, blocks: &mut VecDeque<Arc<Block>>, mut lines: &[Line<'_>]) {
        while !lines.is_empty() {
            let room = blocks.back().map_or(0, |last| self.room(last, lines));
            if room == 0 {
                blocks.push_back(Arc::new(self.block(lines.len().min(self.lines), 0)));
                continue;
            }
            let (now, later) = lines.split_at(room);
            if let Some(last) = blocks.back_mut() {
                // Copies the block if a worker is looking at it.
                let last = Arc::make_mut(last);
                last.reserve(now.len(), size(now));
                let mut streams = Streams::of(last);
                for line in now {
                    last.push(line, &mut streams);
                }
                if !later.is_empty() {
                    last.seal();
                }
            }
            lines = later;
        }
    }

    /// Builds a block anew with lines before and among its own.
    fn weave(
        &mut self,
        blocks: &mut VecDeque<Arc<Block>>,
        block: &Block,
        ahead: &[Line<'_>],
        here: &[Line<'_>],
    ) {
        let mut merged = Vec::with_capacity(block.len() + ahead.len() + here.len());
        let mut come = ahead.iter().chain(here).copied().peekable();
        for old in block.iter() {
            while let Some(line) = come.next_if(|line| line.id < old.id) {
                merged.push(line);
            }
            merged.push(old);
        }
        merged.extend(come);
        let parts = merged.len().div_ceil(self.lines);
        for part in merged.chunks(merged.len().div_ceil(parts.max(1)).max(1)) {
            self.lay(blocks, part);
        }
    }

    /// Lays lines into new blocks of just their size.
    fn lay(&mut self, blocks: &mut VecDeque<Arc<Block>>, mut lines: &[Line<'_>]) {
        while !lines.is_empty() {
            let mut new = self.block(0, 0);
            let (now, later) = lines.split_at(self.room(&new, lines));
            new.reserve(now.len(), size(now));
            let mut streams = Streams::default();
            for line in now {
                new.push(line, &mut streams);
            }
            blocks.push_back(Arc::new(new));
            lines = later;
        }
    }

    /// How many of the lines go into a block.
    fn room(&self, block: &Block, lines: &[Line<'_>]) -> usize {
        let mut bytes = block.text().len();
        let first = lines.first().map_or(0, |line| line.time);
        let in_reach = |time: Millis| {
            if block.is_empty() {
                time.checked_sub(first)
                    .is_some_and(|after| u32::try_from(after).is_ok())
            } else {
                block.after(time).is_some()
            }
        };
        let most = self.lines.saturating_sub(block.len());
        let fit = lines.iter().take(most).take_while(|line| {
            let fits = bytes < self.bytes && in_reach(line.time);
            bytes += line.message.len() + 1;
            fits
        });
        fit.count()
    }

    fn fits(&self, block: Option<&Arc<Block>>, lines: &[Line<'_>]) -> bool {
        block.is_some_and(|block| self.room(block, lines) == lines.len())
    }

    fn block(&mut self, lines: usize, bytes: usize) -> Block {
        *self.made += 1;
        Block::new(BlockId(*self.made), lines, bytes)
    }
}

/// Bytes that lines take in a block's text.
fn size(lines: &[Line<'_>]) -> usize {
    lines.iter().map(|line| line.message.len() + 1).sum()
}
