//! A selection that follows the thing, not the row number.
//!
//! Lists are rebuilt whenever data arrives. The cursor remembers *what* was selected; after every rebuild it looks
//! the thing up again, and only when it is gone does it stay where it was.

use super::viewport::Window;

/// A position in a list of things with identity `K`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor<K> {
    index: usize,
    /// The first visible row as the last frame had it.
    first: usize,
    size: usize,
    key: Option<K>,
    grip: Grip,
}

/// Whether somebody chose the row, or it is just the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grip {
    Loose,
    Firm,
}

impl<K> Default for Cursor<K> {
    fn default() -> Self {
        Self {
            index: 0,
            first: 0,
            size: 1,
            key: None,
            grip: Grip::Loose,
        }
    }
}

/// A step that a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Back,
    Forth,
    PageBack,
    PageForth,
    First,
    Last,
}

impl<K: Clone + PartialEq> Cursor<K> {
    pub fn index(&self) -> usize {
        self.index
    }

    pub fn key(&self) -> Option<&K> {
        self.key.as_ref()
    }

    /// Whether somebody chose the row.
    pub fn is_chosen(&self) -> bool {
        self.grip == Grip::Firm
    }

    /// Finds the selected thing again in a list that changed; `key_of` gives the identity of a row.
    ///
    /// Until somebody has chosen, the first row is selected, whichever it is: regions answer in any order, and the
    /// first of them to do so is nobody's choice.
    pub fn settle(&mut self, len: usize, key_of: impl Fn(usize) -> K) {
        let found = self.key.as_ref().and_then(|key| {
            // Most rebuilds move nothing: look where it was first.
            let unmoved = (self.index < len && key_of(self.index) == *key).then_some(self.index);
            unmoved.or_else(|| (0..len).find(|index| key_of(*index) == *key))
        });
        let found = found.filter(|_| self.grip == Grip::Firm);
        self.index = found.unwrap_or(self.index.min(len.saturating_sub(1)));
        self.key = (len > 0).then(|| key_of(self.index));
    }

    /// Selects a row; out of range selects the last.
    pub fn select(&mut self, index: usize, len: usize, key_of: impl Fn(usize) -> K) {
        self.index = index.min(len.saturating_sub(1));
        self.key = (len > 0).then(|| key_of(self.index));
        self.grip = Grip::Firm;
    }

    /// Points somewhere better than at the first row, as long as nobody has chosen.
    pub fn lean(&mut self, index: usize, len: usize, key_of: impl Fn(usize) -> K) {
        if self.grip == Grip::Loose && index < len {
            self.index = index;
            self.key = Some(key_of(index));
        }
    }

    pub fn step(&mut self, step: Step, len: usize, key_of: impl Fn(usize) -> K) {
        let page = self.size.max(1);
        let index = match step {
            Step::Back => self.index.saturating_sub(1),
            Step::Forth => self.index + 1,
            Step::PageBack => self.index.saturating_sub(page),
            Step::PageForth => self.index + page,
            Step::First => 0,
            Step::Last => len,
        };
        self.select(index, len, key_of);
    }

    /// The first row to draw when `size` rows fit, so that the selected one is among them and nothing else moves.
    pub fn first(&self, len: usize, size: usize) -> usize {
        let last_start = len.saturating_sub(size);
        let first = self.first.min(last_start);
        if self.index < first {
            self.index
        } else if size > 0 && self.index >= first + size {
            self.index + 1 - size
        } else {
            first
        }
    }

    /// Takes note of what the last frame showed.
    pub fn drawn(&mut self, window: Window) {
        self.first = window.first;
        self.size = window.size;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys<'a>(list: &'a [&'a str]) -> impl Fn(usize) -> &'a str {
        |index| list[index]
    }

    #[test]
    fn the_selection_follows_the_thing() {
        let mut cursor = Cursor::default();
        cursor.select(1, 3, keys(&["a", "b", "c"]));
        cursor.settle(4, keys(&["new", "a", "b", "c"]));
        assert_eq!((cursor.index(), cursor.key()), (2, Some(&"b")));
    }

    #[test]
    fn an_untouched_selection_is_the_first_row() {
        let mut cursor = Cursor::default();
        cursor.settle(1, keys(&["late"]));
        cursor.settle(2, keys(&["first", "late"]));
        assert_eq!(cursor.key(), Some(&"first"));
    }

    #[test]
    fn when_the_thing_is_gone_the_place_stays() {
        let mut cursor = Cursor::default();
        cursor.select(1, 3, keys(&["a", "b", "c"]));
        cursor.settle(2, keys(&["a", "c"]));
        assert_eq!(cursor.key(), Some(&"c"));
        cursor.settle(0, keys(&[]));
        assert_eq!((cursor.index(), cursor.key()), (0, None));
    }

    #[test]
    fn the_window_moves_only_as_far_as_it_must() {
        let list: Vec<String> = (0..100).map(|n| n.to_string()).collect();
        let mut cursor = Cursor::default();
        cursor.drawn(Window { first: 10, size: 5 });
        for (index, first) in [(10, 10), (14, 10), (15, 11), (9, 9), (99, 95), (0, 0)] {
            cursor.select(index, 100, |n| list[n].clone());
            assert_eq!(cursor.first(100, 5), first, "index {index}");
        }
        assert_eq!(cursor.first(3, 5), 0);
    }
}
