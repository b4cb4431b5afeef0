//! What a reader wants to see, as it was typed: terms that must all hold.
//!
//! | term | keeps |
//! |---|---|
//! | `word`, `"two words"` | lines with this text; case counts if there is a capital |
//! | `~regex`, `/a regex with spaces/` | lines that match |
//! | `level>=WARN`, `level=ERROR,FATAL` | by level; a line that tells none is kept by no such term |
//! | `region=eu-*`, `account=prod`, `group=*api*`, `stream=2026/*` | by origin; commas for several |
//! | `user.id=7`, `ms>100`, `path=~^/v1`, `user=*` | by a field of JSON or of `key=value` words |
//! | `!term` | what the term does not keep |
//!
//! Notes about what is missing pass every term but those about their origin.

use super::LogSource;
use super::field::{Held, Path};
use super::fold;
use super::level::Level;
use super::line::{Kind, Line};
use super::parse;
use super::search::Pattern;
use crate::domain::scope::glob_matches;
use std::fmt;

/// A filter, ready to test.
#[derive(Clone, Debug)]
pub struct Filter {
    pub(super) text: String,
    pub(super) terms: Vec<Term>,
}

/// What is wrong with a filter, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterError {
    /// The character at which it goes wrong, from 0.
    pub at: usize,
    /// A sentence without its end.
    pub what: String,
}

#[derive(Clone, Debug)]
pub(super) struct Term {
    pub(super) test: Test,
    pub(super) is_negated: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Test {
    Text(Pattern),
    Level(Compare, Vec<Level>),
    Place(Part, Vec<String>),
    Stream(Vec<String>),
    Field(Path, FieldTest),
    /// The template that a line folds into.
    Template(String),
}

/// The part of an origin that a term is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Region,
    Account,
    Group,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compare {
    Equal,
    Unequal,
    More,
    Least,
    Less,
    Most,
}

#[derive(Clone, Debug)]
pub(super) enum FieldTest {
    /// A glob; case counts if there is a capital. A line that is to hold a plain text has it somewhere, which costs
    /// less to see than JSON to read.
    Like(Compare, String, Option<Pattern>),
    Number(Compare, f64),
    Matches(Pattern),
    MatchesNot(Pattern),
}

impl Filter {
    /// Reads what was typed.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        let terms = parse::terms(text)?;
        Ok(Self {
            text: text.to_owned(),
            terms,
        })
    }

    /// Reads what a search was given: words as they stand, or `~` and a regular expression.
    pub fn search(text: &str) -> Result<Self, FilterError> {
        let (pattern, at) = match text.strip_prefix('~') {
            Some("") => (Err("nothing stands behind “~”".to_owned()), 1),
            Some(pattern) => (Pattern::regex(pattern), 1),
            None => (Pattern::literal(text), 0),
        };
        let pattern = pattern.map_err(|what| FilterError { at, what })?;
        Ok(Self::of(text, Test::Text(pattern)))
    }

    fn of(text: &str, test: Test) -> Self {
        let term = Term {
            test,
            is_negated: false,
        };
        Self {
            text: text.to_owned(),
            terms: vec![term],
        }
    }

    /// The lines that a template was folded from.
    pub fn of_template(template: &str) -> Self {
        Self::of(template, Test::Template(template.to_owned()))
    }

    /// Both at once: a search among what a filter keeps.
    pub fn and(&self, other: &Self) -> Self {
        let terms = self.terms.iter().chain(&other.terms).cloned().collect();
        Self {
            text: format!("{} {}", self.text, other.text),
            terms,
        }
    }

    /// As it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether everything passes.
    pub fn is_open(&self) -> bool {
        self.terms.is_empty()
    }

    /// The texts that every kept line has, to be highlighted.
    pub fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        self.terms.iter().filter_map(|term| match &term.test {
            Test::Text(pattern) if !term.is_negated => Some(pattern),
            Test::Text(_)
            | Test::Level(..)
            | Test::Place(..)
            | Test::Stream(_)
            | Test::Field(..)
            | Test::Template(_) => None,
        })
    }

    /// Whether a line passes. `sources` is the list that lines count in.
    pub fn keeps(&self, line: &Line<'_>, sources: &[LogSource]) -> bool {
        self.keeps_source(sources.get(line.source))
            && self.keeps_stream(line.kind, line.stream.exact())
            && self.keeps_level(line.kind, line.level)
            && self.keeps_text(line.kind, line.message)
    }

    /// The part that is about the source; an unknown one passes.
    pub(super) fn keeps_source(&self, source: Option<&LogSource>) -> bool {
        let Some(source) = source else { return true };
        self.terms.iter().all(|term| match &term.test {
            Test::Place(part, globs) => {
                let name = match part {
                    Part::Region => source
                        .scope
                        .region()
                        .map_or("global", |region| region.as_str()),
                    Part::Account => source.scope.account.as_str(),
                    Part::Group => source.group.exact(),
                };
                one_matches(globs, name) != term.is_negated
            }
            Test::Text(_)
            | Test::Level(..)
            | Test::Stream(_)
            | Test::Field(..)
            | Test::Template(_) => true,
        })
    }

    pub(super) fn keeps_stream(&self, kind: Kind, stream: &str) -> bool {
        kind == Kind::Note
            || self.terms.iter().all(|term| match &term.test {
                Test::Stream(globs) => one_matches(globs, stream) != term.is_negated,
                Test::Text(_)
                | Test::Level(..)
                | Test::Place(..)
                | Test::Field(..)
                | Test::Template(_) => true,
            })
    }

    pub(super) fn keeps_level(&self, kind: Kind, level: Option<Level>) -> bool {
        kind == Kind::Note
            || self.terms.iter().all(|term| match &term.test {
                Test::Level(compare, levels) => {
                    let fits = level.is_some_and(|level| compare.level(level, levels));
                    fits != term.is_negated
                }
                Test::Text(_)
                | Test::Place(..)
                | Test::Stream(_)
                | Test::Field(..)
                | Test::Template(_) => true,
            })
    }

    pub(super) fn keeps_text(&self, kind: Kind, text: &str) -> bool {
        kind == Kind::Note || self.terms.iter().all(|term| term.keeps_text(text))
    }

    /// A text that every kept line has, to find the lines worth a look by.
    pub(super) fn driver(&self) -> Option<&Pattern> {
        let words = self.patterns().next();
        words.or_else(|| {
            self.terms.iter().find_map(|term| match &term.test {
                Test::Field(path, test) if !term.is_negated => {
                    test.needle().or_else(|| Some(path.rarest()))
                }
                Test::Text(_)
                | Test::Level(..)
                | Test::Place(..)
                | Test::Stream(_)
                | Test::Field(..)
                | Test::Template(_) => None,
            })
        })
    }

    /// Whether a term looks at streams.
    pub(super) fn minds_streams(&self) -> bool {
        self.terms
            .iter()
            .any(|term| matches!(term.test, Test::Stream(_)))
    }
}

/// Two filters are the same if they were typed the same.
impl PartialEq for Filter {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Filter {}

impl Term {
    /// The part that is about the message.
    fn keeps_text(&self, text: &str) -> bool {
        let fits = match &self.test {
            Test::Text(pattern) => pattern.matches(text),
            Test::Field(path, test) => {
                test.needle().is_none_or(|needle| needle.matches(text))
                    && path.find(text).is_some_and(|held| test.fits(&held))
            }
            Test::Template(template) => fold::template(text) == *template,
            Test::Level(..) | Test::Place(..) | Test::Stream(_) => return true,
        };
        fits != self.is_negated
    }
}

impl Compare {
    fn level(self, level: Level, wanted: &[Level]) -> bool {
        match self {
            Self::Equal => wanted.contains(&level),
            Self::Unequal => !wanted.contains(&level),
            Self::More => wanted.iter().all(|wanted| level > *wanted),
            Self::Least => wanted.iter().all(|wanted| level >= *wanted),
            Self::Less => wanted.iter().all(|wanted| level < *wanted),
            Self::Most => wanted.iter().all(|wanted| level <= *wanted),
        }
    }

    #[allow(
        clippy::float_cmp,
        reason = "two spellings of one number are one number, and nothing was computed"
    )]
    fn number(self, number: f64, wanted: f64) -> bool {
        match self {
            Self::Equal => number == wanted,
            Self::Unequal => number != wanted,
            Self::More => number > wanted,
            Self::Least => number >= wanted,
            Self::Less => number < wanted,
            Self::Most => number <= wanted,
        }
    }
}

impl FieldTest {
    /// Something that every line with such a field has; a value written with escapes in the JSON is not found.
    fn needle(&self) -> Option<&Pattern> {
        match self {
            Self::Like(_, _, needle) => needle.as_ref(),
            Self::Number(..) | Self::Matches(_) | Self::MatchesNot(_) => None,
        }
    }

    fn fits(&self, held: &Held<'_>) -> bool {
        match self {
            Self::Like(compare, glob, _) => {
                is_like(glob, &held.text()) != (*compare == Compare::Unequal)
            }
            Self::Number(compare, wanted) => held
                .number()
                .is_some_and(|number| compare.number(number, *wanted)),
            Self::Matches(pattern) => pattern.matches(&held.text()),
            Self::MatchesNot(pattern) => !pattern.matches(&held.text()),
        }
    }
}

impl fmt::Display for FilterError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Character {}: {}.", self.at + 1, self.what)
    }
}

impl std::error::Error for FilterError {}

fn one_matches(globs: &[String], name: &str) -> bool {
    globs.iter().any(|glob| is_like(glob, name))
}

fn is_like(glob: &str, text: &str) -> bool {
    if glob.chars().any(char::is_uppercase) {
        return likeness(glob, text);
    }
    likeness(glob, &text.to_lowercase())
}

/// Most have no star, and comparing costs nothing.
fn likeness(glob: &str, text: &str) -> bool {
    if glob.contains(['*', '?']) {
        glob_matches(glob, text)
    } else {
        glob == text
    }
}
