//! How lines get into blocks.
//!
//! Blocks never overlap: every line of one comes before every line of the next. What comes in order is added to the
//! last block; a late line goes into the block that spans its time, which is built anew, and halved when it is full.

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
                now.iter().for_each(|line| last.push(line, &mut streams));
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
        let lines = block.len() + ahead.len() + here.len();
        let bytes = block.text().len() + size(ahead) + size(here);
        let parts = lines.div_ceil(self.lines).max(bytes.div_ceil(self.bytes));
        let most = (lines.div_ceil(parts), bytes.div_ceil(parts));
        let mut new = self.block(most.0, most.1);
        let mut streams = Streams::default();
        let mut old = block.iter().peekable();
        let mut come = ahead.iter().chain(here).copied().peekable();
        loop {
            let from_old = match (old.peek(), come.peek()) {
                (Some(old), Some(come)) => old.id < come.id,
                (Some(_), None) => true,
                (None, Some(_)) => false,
                (None, None) => break,
            };
            let Some(line) = (if from_old { old.next() } else { come.next() }) else {
                break;
            };
            let is_full = new.len() >= most.0 || new.text().len() >= self.bytes;
            if is_full {
                new.seal();
                let next = self.block(most.0, most.1);
                blocks.push_back(Arc::new(std::mem::replace(&mut new, next)));
                streams = Streams::default();
            }
            new.push(&line, &mut streams);
        }
        new.seal();
        blocks.push_back(Arc::new(new));
    }

    /// How many of the lines go into a block.
    fn room(&self, block: &Block, lines: &[Line<'_>]) -> usize {
        let mut bytes = block.text().len();
        let most = self.lines.saturating_sub(block.len());
        let fit = lines.iter().take(most).take_while(|line| {
            let fits = bytes < self.bytes;
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
