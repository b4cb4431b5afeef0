//! A line of text being typed.
//!
//! Our own sixty lines, because the libraries for it bring a drawing library with them and this room has none.

use crate::config::key::{Code, Key, Modifiers};
use unicode_segmentation::UnicodeSegmentation;

/// Longer input helps nobody and slows the matching of every row.
const CHARACTERS_AT_MOST: usize = 512;

/// The text and where the caret stands in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Input {
    text: String,
    /// In bytes, on a boundary between graphemes.
    caret: usize,
}

/// Whether a key meant something to the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    Edited,
    Moved,
    NotForMe,
}

impl Input {
    pub fn with(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            caret: text.len(),
        }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text before and after the caret.
    pub fn halves(&self) -> (&str, &str) {
        self.text.split_at(self.caret)
    }

    pub fn key(&mut self, key: &Key) -> Typed {
        if let Some(character) = key.typed() {
            self.insert(character);
            return Typed::Edited;
        }
        match (key.code(), key.modifiers()) {
            (Code::Backspace, Modifiers::NONE) => self.cut(self.before()),
            (Code::Delete, Modifiers::NONE) => self.cut(self.after()),
            (Code::Char('u'), Modifiers::CTRL) => self.cut(0),
            (Code::Char('k'), Modifiers::CTRL) => self.cut(self.text.len()),
            (Code::Char('w'), Modifiers::CTRL) => self.cut(self.word_before()),
            (Code::Left, Modifiers::NONE) => self.go(self.before()),
            (Code::Right, Modifiers::NONE) => self.go(self.after()),
            (Code::Home, Modifiers::NONE) => self.go(0),
            (Code::End, Modifiers::NONE) => self.go(self.text.len()),
            _ => Typed::NotForMe,
        }
    }

    /// Takes pasted text up to its first line break; a paste can never press Enter.
    pub fn paste(&mut self, text: &str) -> Typed {
        let line = text.lines().next().unwrap_or_default();
        for character in line.chars().filter(|character| !character.is_control()) {
            self.insert(character);
        }
        Typed::Edited
    }

    fn insert(&mut self, character: char) {
        if self.text.len() < CHARACTERS_AT_MOST {
            self.text.insert(self.caret, character);
            self.caret += character.len_utf8();
        }
    }

    fn before(&self) -> usize {
        let (left, _) = self.halves();
        left.grapheme_indices(true)
            .next_back()
            .map_or(0, |(at, _)| at)
    }

    fn after(&self) -> usize {
        let (_, right) = self.halves();
        self.caret + right.graphemes(true).next().map_or(0, str::len)
    }

    fn word_before(&self) -> usize {
        let (left, _) = self.halves();
        left.trim_end()
            .rfind(char::is_whitespace)
            .map_or(0, |at| at + 1)
    }

    fn go(&mut self, to: usize) -> Typed {
        self.caret = to;
        Typed::Moved
    }

    /// Removes what lies between the caret and `to`.
    fn cut(&mut self, to: usize) -> Typed {
        let (from, to) = (self.caret.min(to), self.caret.max(to));
        self.text.replace_range(from..to, "");
        self.caret = from;
        Typed::Edited
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &[&str]) -> Input {
        let mut input = Input::default();
        for key in keys {
            input.key(&key.parse().unwrap());
        }
        input
    }

    #[test]
    fn keys_edit_the_line() {
        for (keys, halves) in [
            (vec!["a", "b", "left", "c"], ("ac", "b")),
            (vec!["a", "b", "backspace"], ("a", "")),
            (vec!["a", "b", "home", "delete"], ("", "b")),
            (
                vec!["o", "n", "e", "space", "t", "w", "ctrl-w"],
                ("one ", ""),
            ),
            (vec!["a", "b", "c", "left", "ctrl-u"], ("", "c")),
            (vec!["a", "b", "c", "left", "ctrl-k"], ("ab", "")),
            (vec!["backspace", "delete", "left", "right"], ("", "")),
        ] {
            assert_eq!(typed(&keys).halves(), halves, "{keys:?}");
        }
    }

    #[test]
    fn a_caret_never_stops_inside_a_character() {
        let mut input = Input::default();
        input.paste("e\u{301}👨\u{200d}👩\u{200d}👧");
        input.key(&"left".parse().unwrap());
        assert_eq!(input.halves().0, "e\u{301}");
        input.key(&"backspace".parse().unwrap());
        assert_eq!(input.halves().0, "");
    }

    #[test]
    fn a_paste_is_one_line_without_controls() {
        let mut input = Input::default();
        input.paste("rm\x1b[A -rf\nyes\n");
        assert_eq!(input.text(), "rm[A -rf");
    }
}
