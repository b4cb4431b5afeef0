//! From words to commands.
//!
//! A query is commands with bars between them, and a command is a word and what it takes; what that is made of is in
//! `precedence.rs`. A word that has no business where it stands is named with its place, as AWS does.

use super::Malformed;
use super::command::{Command, Named, Query};
use super::expression::Expression;
use super::glob::Cut;
use super::token::{Kind, Token, tokens, unexpected};

/// The most that `limit` takes.
pub(in crate::sandbox::service::logs) const MOST_ROWS: usize = 100_000;

impl Query {
    pub(in crate::sandbox::service::logs) fn parse(text: &str) -> Result<Query, Malformed> {
        let source: Vec<char> = text.chars().collect();
        let mut parser = Parser {
            tokens: tokens(&source)?,
            source,
            at: 0,
            in_stats: false,
        };
        let mut commands = vec![parser.command()?];
        while parser.takes("|") {
            commands.push(parser.command()?);
        }
        match parser.peek() {
            Kind::End => Ok(Query { commands }),
            _ => Err(parser.unexpected()),
        }
    }
}

pub(super) struct Parser {
    source: Vec<char>,
    tokens: Vec<Token>,
    pub(super) at: usize,
    /// Aggregates have a meaning.
    pub(super) in_stats: bool,
}

impl Parser {
    pub(super) fn token(&self) -> &Token {
        // The last word is the end, and nothing goes past it.
        &self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    pub(super) fn peek(&self) -> &Kind {
        &self.token().kind
    }

    pub(super) fn next(&mut self) -> Kind {
        let kind = self.peek().clone();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        kind
    }

    pub(super) fn unexpected(&self) -> Malformed {
        let token = self.token();
        unexpected(&self.source, token.start, token.end)
    }

    pub(super) fn refuse(&self, message: String, from: usize) -> Malformed {
        let start = self.tokens[from].start;
        let end = self.tokens[self.at.max(from + 1) - 1].end;
        Malformed {
            message,
            start,
            end,
        }
    }

    pub(super) fn takes(&mut self, symbol: &str) -> bool {
        let fits = matches!(self.peek(), Kind::Symbol(here) if *here == symbol);
        self.at += usize::from(fits);
        fits
    }

    pub(super) fn takes_word(&mut self, word: &str) -> bool {
        let fits = matches!(self.peek(), Kind::Word(here) if here.eq_ignore_ascii_case(word));
        self.at += usize::from(fits);
        fits
    }

    pub(super) fn expect(&mut self, symbol: &str) -> Result<(), Malformed> {
        if self.takes(symbol) {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    fn command(&mut self) -> Result<Command, Malformed> {
        let Kind::Word(word) = self.peek().clone() else {
            return Err(self.unexpected());
        };
        let begin = self.at;
        self.at += 1;
        self.in_stats = false;
        Ok(match word.to_lowercase().as_str() {
            "fields" => Command::Fields(self.list(Parser::named)?),
            "display" => Command::Display(self.list(Parser::named)?),
            "filter" | "where" => Command::Filter(self.expression()?),
            "sort" | "order" => {
                self.takes_word("by");
                Command::Sort(self.list(Parser::sorted)?)
            }
            "limit" | "head" => Command::Limit(self.limit(begin)?),
            "dedup" => Command::Dedup(self.list(Parser::expression)?),
            "parse" => self.cut(begin)?,
            "stats" => {
                self.in_stats = true;
                let items = self.list(Parser::named)?;
                self.in_stats = false;
                let by = if self.takes_word("by") {
                    self.list(Parser::named)?
                } else {
                    Vec::new()
                };
                Command::Stats { items, by }
            }
            _ => {
                self.at = begin;
                return Err(self.unexpected());
            }
        })
    }

    /// One or more, with commas between them.
    pub(super) fn list<T>(
        &mut self,
        one: impl Fn(&mut Parser) -> Result<T, Malformed>,
    ) -> Result<Vec<T>, Malformed> {
        let mut list = vec![one(self)?];
        while self.takes(",") {
            list.push(one(self)?);
        }
        Ok(list)
    }

    fn named(&mut self) -> Result<Named, Malformed> {
        let begin = self.token().start;
        let expression = self.expression()?;
        let end = self.tokens[self.at - 1].end;
        let is_alias = self.takes_word("as");
        let name = match &expression {
            _ if is_alias => self.name()?,
            Expression::Field(name) => name.clone(),
            _ => self.source[begin..end].iter().collect(),
        };
        Ok(Named {
            name,
            is_alias,
            expression,
        })
    }

    fn name(&mut self) -> Result<String, Malformed> {
        match self.peek().clone() {
            Kind::Word(name) | Kind::Quoted(name) => {
                self.at += 1;
                Ok(name)
            }
            _ => Err(self.unexpected()),
        }
    }

    fn sorted(&mut self) -> Result<(Named, bool), Malformed> {
        // What `stats` calls `count(*)` is a column here.
        self.in_stats = true;
        let key = self.named()?;
        self.in_stats = false;
        let descending = self.takes_word("desc");
        if !descending {
            self.takes_word("asc");
        }
        Ok((key, descending))
    }

    fn limit(&mut self, begin: usize) -> Result<usize, Malformed> {
        self.takes_word("any");
        let Kind::Number(number) = *self.peek() else {
            return Err(self.unexpected());
        };
        self.at += 1;
        let rows = super::datum::whole(number);
        match usize::try_from(rows) {
            Ok(rows @ 1..=MOST_ROWS) => Ok(rows),
            _ => Err(self.refuse(format!("limit must be between 1 and {MOST_ROWS}"), begin)),
        }
    }

    fn cut(&mut self, begin: usize) -> Result<Command, Malformed> {
        let subject = match self.peek().clone() {
            Kind::Word(name) | Kind::Quoted(name) => {
                self.at += 1;
                name
            }
            _ => "@message".to_owned(),
        };
        let pattern = self.next();
        let names = if self.takes_word("as") {
            self.list(Parser::name)?
        } else {
            Vec::new()
        };
        let cut = match pattern {
            Kind::Text(text) => Cut::by_stars(&text, names),
            Kind::Regex(pattern) => Cut::by_groups(self.regex(&pattern, begin)?, names),
            _ => {
                self.at = begin + 2;
                return Err(self.unexpected());
            }
        };
        let cut = cut.ok_or_else(|| {
            let message = "the number of names does not match the pattern of parse";
            self.refuse(message.to_owned(), begin)
        })?;
        Ok(Command::Parse {
            subject: Expression::Field(subject),
            cut,
        })
    }
}
