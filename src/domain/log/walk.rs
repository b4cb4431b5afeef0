//! Seeing every line of a book once, a few at a time, while the book changes.
//!
//! New lines may come anywhere in the order, and blocks are built anew. What was seen is told by arrivals: a round
//! goes through the book from its old end and sees what had come when it began and had not come when the last one did.

use super::Millis;
use super::book::LogBook;
use super::line::{Line, LineId};

/// A walk through a book.
#[derive(Debug, Default)]
pub struct Walk {
    /// Arrivals up to here were seen.
    seen: u64,
    round: Option<Round>,
}

#[derive(Clone, Copy, Debug)]
struct Round {
    /// Arrivals up to here are seen by this round.
    upto: u64,
    next: LineId,
}

impl Walk {
    /// Looks at up to `budget` lines; answers whether all were seen.
    pub fn visit(&mut self, book: &LogBook, budget: usize, mut see: impl FnMut(Line<'_>)) -> bool {
        let mut budget = budget;
        while self.seen < book.taken() {
            let begin = Round {
                upto: book.taken(),
                next: LineId::at(Millis::MIN),
            };
            let round = *self.round.get_or_insert(begin);
            let first = book.block_of(round.next);
            for block in book
                .blocks()
                .skip(first)
                .filter(|block| block.newest() > self.seen)
            {
                for index in block.before(round.next)..block.len() {
                    let Some((id, ..)) = block.mark(index) else {
                        break;
                    };
                    if !(self.seen + 1..=round.upto).contains(&id.arrival()) {
                        continue;
                    }
                    if budget == 0 {
                        self.round = Some(Round { next: id, ..round });
                        return false;
                    }
                    budget -= 1;
                    block.get(index).into_iter().for_each(&mut see);
                }
            }
            self.seen = round.upto;
            self.round = None;
        }
        true
    }
}
