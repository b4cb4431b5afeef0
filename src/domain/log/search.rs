//! What a text is searched for: words as they stand, or a regular expression.
//!
//! A search runs over all the text of a [`Block`] at once, which is many times faster than line after line. A hit says
//! only which line is worth a look: whether it matches is asked of the line alone, so that no match crosses a line end.

use super::block::Block;
use memchr::memmem::Finder;
use regex::{Regex, RegexBuilder};
use std::ops::Range;

/// A regular expression larger than this would cost more memory than an answer is worth.
const PATTERN_AT_MOST: usize = 1 << 20;
/// Hits that may cross line ends in one block, before its lines are asked one by one. Each may cost a look at the
/// whole block.
const CROSSINGS: usize = 16;

/// Something to search for.
#[derive(Clone, Debug)]
pub struct Pattern(Test);

#[derive(Clone, Debug)]
enum Test {
    Literal(Box<Finder<'static>>),
    Regex {
        /// As it was typed.
        line: Regex,
        /// Finds at least every line that the other matches; `None` where no such can be made.
        block: Option<Regex>,
    },
}

impl Pattern {
    /// These words, one after the other. Case counts if one letter is a capital.
    pub fn literal(text: &str) -> Result<Self, String> {
        let is_caseless = text.chars().all(|letter| !letter.is_uppercase())
            && text.chars().any(char::is_alphabetic);
        if is_caseless {
            return Self::compile(&regex::escape(text), true);
        }
        Ok(Self::exact(text))
    }

    /// These very bytes.
    pub(super) fn exact(text: &str) -> Self {
        Self(Test::Literal(Box::new(Finder::new(text).into_owned())))
    }

    /// A regular expression. Case counts if one letter is a capital; `\S` and its like are none.
    pub fn regex(pattern: &str) -> Result<Self, String> {
        let mut escaped = false;
        let has_capital = pattern.chars().any(|letter| {
            let counts = !escaped && letter.is_uppercase();
            escaped = letter == '\\' && !escaped;
            counts
        });
        Self::compile(pattern, !has_capital)
    }

    fn compile(pattern: &str, is_caseless: bool) -> Result<Self, String> {
        let build = |lines| {
            RegexBuilder::new(pattern)
                .case_insensitive(is_caseless)
                .multi_line(lines)
                .size_limit(PATTERN_AT_MOST)
                .build()
        };
        let line = build(false).map_err(|error| why(&error))?;
        let block = if minds_the_ends(pattern) {
            None
        } else {
            build(true).ok()
        };
        Ok(Self(Test::Regex { line, block }))
    }

    /// Whether it is somewhere in the text.
    pub fn matches(&self, text: &str) -> bool {
        match &self.0 {
            Test::Literal(finder) => finder.find(text.as_bytes()).is_some(),
            Test::Regex { line, .. } => line.is_match(text),
        }
    }

    /// Where it is in the text, in bytes, for highlighting.
    pub fn spans(&self, text: &str) -> Vec<Range<usize>> {
        match &self.0 {
            Test::Literal(finder) => {
                let length = finder.needle().len();
                finder
                    .find_iter(text.as_bytes())
                    .map(|at| at..at + length)
                    .collect()
            }
            Test::Regex { line, .. } => {
                let found = line.find_iter(text).map(|hit| hit.range());
                found.filter(|hit| !hit.is_empty()).collect()
            }
        }
    }

    /// Tells every line that matches, from line `from` on.
    pub(super) fn sift(&self, block: &Block, from: usize, tell: &mut impl FnMut(usize)) {
        match &self.0 {
            Test::Literal(finder) => {
                let bytes = block.text().as_bytes();
                let find = |at| {
                    let start = at + finder.find(bytes.get(at..)?)?;
                    Some(start..start + finder.needle().len())
                };
                self.follow(block, from, find, tell);
            }
            Test::Regex {
                block: Some(regex), ..
            } => {
                let find = |at| Some(regex.find_at(block.text(), at)?.range());
                self.follow(block, from, find, tell);
            }
            Test::Regex { block: None, .. } => self.ask_each(block, from, tell),
        }
    }

    /// Goes from hit to hit.
    fn follow(
        &self,
        block: &Block,
        from: usize,
        find: impl Fn(usize) -> Option<Range<usize>>,
        tell: &mut impl FnMut(usize),
    ) {
        let (mut line, mut crossings) = (from, 0);
        while line < block.len() {
            let Some(hit) = find(block.span(line).start) else {
                return;
            };
            line = block.line_at(hit.start, line);
            if line >= block.len() {
                return;
            }
            // The hit begins no later than any line's own match, so the lines before it have none.
            if self.has(block, line) {
                tell(line);
            }
            crossings += usize::from(hit.end > block.span(line).end);
            line += 1;
            if crossings > CROSSINGS {
                return self.ask_each(block, line, tell);
            }
        }
    }

    fn ask_each(&self, block: &Block, from: usize, tell: &mut impl FnMut(usize)) {
        (from..block.len())
            .filter(|&line| self.has(block, line))
            .for_each(tell);
    }

    fn has(&self, block: &Block, line: usize) -> bool {
        block
            .text()
            .get(block.span(line))
            .is_some_and(|text| self.matches(text))
    }
}

/// Whether the pattern can tell the end of a line from the end of all text, so that a block cannot be asked for it.
fn minds_the_ends(pattern: &str) -> bool {
    let has_flags = pattern.match_indices("(?").any(|(at, _)| {
        let rest = pattern.get(at + 2..).unwrap_or_default();
        let flags = rest
            .chars()
            .take_while(|&c| c.is_ascii_alphabetic() || c == '-');
        flags
            .into_iter()
            .any(|flag| matches!(flag, '-' | 'm' | 'R'))
    });
    has_flags || pattern.contains("\\A") || pattern.contains("\\z")
}

/// The sentence of an error that the library draws over several lines.
fn why(error: &regex::Error) -> String {
    if let regex::Error::CompiledTooBig(_) = error {
        return "the pattern is too large".into();
    }
    let text = error.to_string();
    let last = text.lines().last().unwrap_or("the pattern cannot be read");
    last.trim_start_matches("error: ").to_owned()
}
