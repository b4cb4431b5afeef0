//! Terms: words that have to be there, words of which one has to be, words that must not be.

use super::Invalid;
use super::cursor::{Cursor, invalid};

#[derive(Clone, Debug, Default)]
pub(super) struct Terms {
    all: Vec<String>,
    any: Vec<String>,
    none: Vec<String>,
}

pub(super) fn parse(cursor: &mut Cursor<'_>) -> Result<Terms, Invalid> {
    let mut terms = Terms::default();
    while !cursor.at_end() {
        let list = if cursor.eat("?") {
            &mut terms.any
        } else if cursor.eat("-") {
            &mut terms.none
        } else {
            &mut terms.all
        };
        list.push(term(cursor)?);
    }
    // AWS: a question mark beside other terms is ignored, with its term.
    if !terms.all.is_empty() || !terms.none.is_empty() {
        terms.any.clear();
    }
    Ok(terms)
}

fn term(cursor: &mut Cursor<'_>) -> Result<String, Invalid> {
    if cursor.next_is("\"") {
        return cursor.quoted('"');
    }
    let word = cursor.take_while(|letter| !letter.is_whitespace());
    if word.is_empty() {
        return Err(invalid());
    }
    let plain = |letter: char| letter.is_alphanumeric() || letter == '_';
    if !word.chars().all(plain) {
        return Err(format!("Invalid character(s) in term '{word}'"));
    }
    Ok(word.to_owned())
}

impl Terms {
    pub(super) fn match_in(&self, message: &str) -> bool {
        let has = |term: &String| message.contains(term.as_str());
        self.all.iter().all(has)
            && !self.none.iter().any(has)
            && (self.any.is_empty() || self.any.iter().any(has))
    }
}
