//! A place in a pattern that is being read.

use regex::Regex;

use super::Invalid;

pub(super) struct Cursor<'t> {
    rest: &'t str,
}

/// What AWS says where it says nothing better.
pub(super) fn invalid() -> Invalid {
    "Invalid filter pattern".to_owned()
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Cursor<'t> {
        Cursor { rest: text }
    }

    pub(super) fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    pub(super) fn at_end(&self) -> bool {
        self.rest.trim_start().is_empty()
    }

    pub(super) fn next_is(&self, text: &str) -> bool {
        self.rest.starts_with(text)
    }

    /// Takes `text` if it is next, after any space.
    pub(super) fn eat(&mut self, text: &str) -> bool {
        self.skip_space();
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Takes a keyword whatever its case, if it stands alone.
    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        self.skip_space();
        let Some((head, rest)) = self.rest.split_at_checked(word.len()) else {
            return false;
        };
        let ends = !rest.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '_');
        if head.eq_ignore_ascii_case(word) && ends {
            self.rest = rest;
            return true;
        }
        false
    }

    pub(super) fn expect(&mut self, text: &str) -> Result<(), Invalid> {
        if self.eat(text) {
            Ok(())
        } else {
            Err(invalid())
        }
    }

    pub(super) fn take_while(&mut self, keep: impl Fn(char) -> bool) -> &'t str {
        let end = self
            .rest
            .find(|next| !keep(next))
            .unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    /// Text between quotes; a backslash keeps what follows it.
    pub(super) fn quoted(&mut self, quote: char) -> Result<String, Invalid> {
        let mut letters = self.rest.char_indices();
        if letters.next().is_none_or(|(_, first)| first != quote) {
            return Err(invalid());
        }
        let mut text = String::new();
        while let Some((place, letter)) = letters.next() {
            if letter == quote {
                self.rest = self
                    .rest
                    .get(place + quote.len_utf8()..)
                    .unwrap_or_default();
                return Ok(text);
            }
            if letter == '\\' {
                match letters.next() {
                    Some((_, kept)) if kept == quote || kept == '\\' => text.push(kept),
                    Some((_, other)) => text.extend(['\\', other]),
                    None => return Err(invalid()),
                }
            } else {
                text.push(letter);
            }
        }
        Err(invalid())
    }

    /// A regular expression between per cent signs, of the part of the language that AWS allows.
    pub(super) fn regex(&mut self) -> Result<Regex, Invalid> {
        self.expect("%")?;
        let (text, rest) = self.rest.split_once('%').ok_or_else(invalid)?;
        self.rest = rest;
        let allowed = |letter: char| {
            letter.is_ascii_alphanumeric() || " :_#=@/;,-^$?[]{}|\\*+.".contains(letter)
        };
        if text.is_empty() || !text.chars().all(allowed) {
            return Err("Invalid regex pattern in the filter pattern".to_owned());
        }
        Regex::new(text).map_err(|_error| "Invalid regex pattern in the filter pattern".to_owned())
    }

    pub(super) fn next_is_regex(&mut self) -> bool {
        self.skip_space();
        self.next_is("%")
    }
}
