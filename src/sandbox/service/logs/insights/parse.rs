//! From words to commands.

use regex::Regex;

use super::Malformed;
use super::command::{Command, Named, Query};
use super::datum::Datum;
use super::expression::{Comparison, Expression, Operator};
use super::function::Function;
use super::glob::Cut;
use super::stats::{Aggregate, AggregateKind};
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

struct Parser {
    source: Vec<char>,
    tokens: Vec<Token>,
    at: usize,
    /// Aggregates have a meaning.
    in_stats: bool,
}

impl Parser {
    fn token(&self) -> &Token {
        // The last word is the end, and nothing goes past it.
        &self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    fn peek(&self) -> &Kind {
        &self.token().kind
    }

    fn next(&mut self) -> Kind {
        let kind = self.peek().clone();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        kind
    }

    fn unexpected(&self) -> Malformed {
        let token = self.token();
        unexpected(&self.source, token.start, token.end)
    }

    fn refuse(&self, message: String, from: usize) -> Malformed {
        let start = self.tokens[from].start;
        let end = self.tokens[self.at.max(from + 1) - 1].end;
        Malformed {
            message,
            start,
            end,
        }
    }

    fn takes(&mut self, symbol: &str) -> bool {
        let fits = matches!(self.peek(), Kind::Symbol(here) if *here == symbol);
        self.at += usize::from(fits);
        fits
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let fits = matches!(self.peek(), Kind::Word(here) if here.eq_ignore_ascii_case(word));
        self.at += usize::from(fits);
        fits
    }

    fn expect(&mut self, symbol: &str) -> Result<(), Malformed> {
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
    fn list<T>(
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

    fn regex(&self, pattern: &str, begin: usize) -> Result<Regex, Malformed> {
        let message = format!("invalid regular expression /{pattern}/");
        // The crate's own words are not AWS's.
        Regex::new(pattern)
            .ok()
            .ok_or_else(|| self.refuse(message, begin))
    }

    fn expression(&mut self) -> Result<Expression, Malformed> {
        let mut left = self.conjunction()?;
        while self.takes_word("or") {
            let right = self.conjunction()?;
            left = Expression::Or(Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn conjunction(&mut self) -> Result<Expression, Malformed> {
        let mut left = self.negation()?;
        while self.takes_word("and") {
            let right = self.negation()?;
            left = Expression::And(Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn negation(&mut self) -> Result<Expression, Malformed> {
        if self.takes_word("not") {
            return Ok(Expression::Not(Box::new(self.negation()?)));
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Result<Expression, Malformed> {
        let left = self.sum()?;
        let begin = self.at;
        let negated = self.takes_word("not");
        let comparison = if self.takes_word("like") || (!negated && self.takes("=~")) {
            Expression::Like(Box::new(left), self.pattern()?)
        } else if self.takes_word("in") {
            self.expect("[")?;
            let list = self.list(Parser::sum)?;
            self.expect("]")?;
            Expression::In(Box::new(left), list)
        } else if negated {
            self.at = begin;
            return Err(self.unexpected());
        } else if let Some(comparison) = self.comparison_sign() {
            let right = self.sum()?;
            Expression::Compared(comparison, Box::new(left), Box::new(right))
        } else {
            return Ok(left);
        };
        Ok(if negated {
            Expression::Not(Box::new(comparison))
        } else {
            comparison
        })
    }

    fn comparison_sign(&mut self) -> Option<Comparison> {
        let Kind::Symbol(symbol) = self.peek() else {
            return None;
        };
        let comparison = match *symbol {
            "=" => Comparison::Equal,
            "!=" => Comparison::Unequal,
            "<" => Comparison::Less,
            "<=" => Comparison::LessOrEqual,
            ">" => Comparison::Greater,
            ">=" => Comparison::GreaterOrEqual,
            _ => return None,
        };
        self.at += 1;
        Some(comparison)
    }

    /// What stands behind `like`: a part of the text, or a pattern.
    fn pattern(&mut self) -> Result<Regex, Malformed> {
        let begin = self.at;
        match self.next() {
            Kind::Text(text) => self.regex(&regex::escape(&text), begin),
            Kind::Regex(pattern) => self.regex(&pattern, begin),
            _ => {
                self.at = begin;
                Err(self.unexpected())
            }
        }
    }

    fn sum(&mut self) -> Result<Expression, Malformed> {
        let signs = [("+", Operator::Add), ("-", Operator::Subtract)];
        self.chain(&signs, Parser::product)
    }

    fn product(&mut self) -> Result<Expression, Malformed> {
        let signs = [
            ("*", Operator::Multiply),
            ("/", Operator::Divide),
            ("%", Operator::Remainder),
        ];
        self.chain(&signs, Parser::power)
    }

    fn power(&mut self) -> Result<Expression, Malformed> {
        self.chain(&[("^", Operator::Power)], Parser::primary)
    }

    fn chain(
        &mut self,
        signs: &[(&str, Operator)],
        one: impl Fn(&mut Parser) -> Result<Expression, Malformed>,
    ) -> Result<Expression, Malformed> {
        let mut left = one(self)?;
        while let Some((_, operator)) = signs.iter().find(|(sign, _)| self.takes(sign)) {
            let right = one(self)?;
            left = Expression::Computed(*operator, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn primary(&mut self) -> Result<Expression, Malformed> {
        let begin = self.at;
        match self.next() {
            Kind::Word(word) if self.takes("(") => self.call(&word, begin),
            Kind::Word(name) if !is_keyword(&name) => Ok(Expression::Field(name)),
            Kind::Quoted(name) => Ok(Expression::Field(name)),
            Kind::Text(text) => Ok(Expression::Literal(Datum::Text(text))),
            Kind::Number(number) | Kind::Span(number) => {
                Ok(Expression::Literal(Datum::Number(number)))
            }
            Kind::Symbol("(") => {
                let inner = self.expression()?;
                self.expect(")")?;
                Ok(inner)
            }
            Kind::Symbol("-") => {
                let zero = Expression::Literal(Datum::Number(0.0));
                let inner = self.primary()?;
                Ok(Expression::Computed(
                    Operator::Subtract,
                    Box::new(zero),
                    Box::new(inner),
                ))
            }
            _ => {
                self.at = begin;
                Err(self.unexpected())
            }
        }
    }

    /// Behind a name and its opening bracket.
    fn call(&mut self, name: &str, begin: usize) -> Result<Expression, Malformed> {
        let everything = self.takes("*");
        let mut arguments = Vec::new();
        if !self.takes(")") {
            if !everything {
                arguments = self.list(Parser::expression)?;
            }
            self.expect(")")?;
        }
        if let Some(kind) = AggregateKind::named(name) {
            return self.aggregate(name, kind, everything, arguments, begin);
        }
        if name.eq_ignore_ascii_case("bin") && arguments.len() == 1 {
            arguments.insert(0, Expression::Field("@timestamp".to_owned()));
            return Ok(Expression::Call(Function::DateFloor, arguments));
        }
        match Function::named(name, arguments.len()) {
            Some(function) if !everything => Ok(Expression::Call(function, arguments)),
            _ => Err(self.refuse(
                format!("Invalid function or arguments of function: {name}"),
                begin,
            )),
        }
    }

    fn aggregate(
        &self,
        name: &str,
        kind: AggregateKind,
        everything: bool,
        mut arguments: Vec<Expression>,
        begin: usize,
    ) -> Result<Expression, Malformed> {
        if !self.in_stats {
            let message = format!("{name} is a function of stats and can be used there only");
            return Err(self.refuse(message, begin));
        }
        let rank = match (name.to_lowercase().as_str(), arguments.get(1)) {
            ("pct" | "percentile", Some(Expression::Literal(rank))) => rank.number(),
            _ => None,
        };
        let kind = match (kind, rank) {
            (AggregateKind::Percentile(_), Some(rank)) => {
                arguments.truncate(1);
                AggregateKind::Percentile(rank)
            }
            _ => kind,
        };
        let fits = match arguments.len() {
            0 => kind == AggregateKind::Count,
            1 => !everything && (rank.is_some() || !matches!(name, "pct" | "percentile")),
            _ => false,
        };
        if !fits {
            let message = format!("Invalid arguments of function: {name}");
            return Err(self.refuse(message, begin));
        }
        Ok(Expression::Aggregate(Aggregate {
            kind,
            argument: arguments.pop().map(Box::new),
        }))
    }
}

fn is_keyword(word: &str) -> bool {
    let keywords = ["and", "or", "not", "like", "in", "as", "by", "asc", "desc"];
    keywords
        .iter()
        .any(|keyword| word.eq_ignore_ascii_case(keyword))
}
