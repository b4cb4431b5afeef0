//! The rows of a pane: every line of a book, or those that a sieve keeps.

use super::Millis;
use super::book::LogBook;
use super::line::{Line, LineId};
use super::sieve::Sieve;

/// A book as it is looked at.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    book: &'a LogBook,
    sieve: Option<&'a Sieve>,
}

impl<'a> View<'a> {
    /// Every line, or what the sieve keeps; the sieve must have settled since the book changed.
    pub fn new(book: &'a LogBook, sieve: Option<&'a Sieve>) -> Self {
        Self { book, sieve }
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.sieve.map_or_else(|| self.book.len(), Sieve::len)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The line in a row; rows count from the oldest.
    pub fn line(&self, row: usize) -> Option<Line<'a>> {
        let Some(sieve) = self.sieve else {
            return self.book.line(row);
        };
        let at = sieve.part_of(row)?;
        let (block, _) = self.book.block(at)?;
        let (lines, start) = sieve.part(at, block.id())?;
        block.get(usize::from(*lines.get(row - start)?))
    }

    /// The row of a line; `None` if it is not shown.
    pub fn row_of(&self, id: LineId) -> Option<usize> {
        let row = self.row_from(id);
        self.line(row)
            .is_some_and(|line| line.id == id)
            .then_some(row)
    }

    /// The row of a line, or of the next one that is shown; the number of rows if there is none.
    pub fn row_from(&self, id: LineId) -> usize {
        let Some(sieve) = self.sieve else {
            return self.book.row_from(id);
        };
        let at = self.book.block_of(id);
        let Some((block, _)) = self.book.block(at) else {
            return sieve.len();
        };
        let Some((lines, start)) = sieve.part(at, block.id()) else {
            return sieve.len();
        };
        let before = block.before(id);
        start + lines.partition_point(|&line| usize::from(line) < before)
    }

    /// The first row of this moment or a later one.
    pub fn row_at(&self, time: Millis) -> usize {
        self.row_from(LineId::at(time))
    }

    /// The next line that is shown after this one: `n` on the view of a search.
    pub fn after(&self, id: LineId) -> Option<Line<'a>> {
        let row = self.row_from(id);
        let line = self.line(row)?;
        if line.id == id {
            self.line(row + 1)
        } else {
            Some(line)
        }
    }

    /// The last line that is shown before this one.
    pub fn before(&self, id: LineId) -> Option<Line<'a>> {
        self.line(self.row_from(id).checked_sub(1)?)
    }

    /// The newest line that is shown.
    pub fn last(&self) -> Option<Line<'a>> {
        self.line(self.len().checked_sub(1)?)
    }

    /// The lines from a row on.
    pub fn lines_from(&self, row: usize) -> impl Iterator<Item = Line<'a>> + use<'a> {
        let view = *self;
        (row..self.len()).map_while(move |row| view.line(row))
    }
}
