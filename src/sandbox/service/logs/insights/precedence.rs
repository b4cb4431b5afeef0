//! From words to expressions: what binds how strongly.
//!
//! Weakest first: `or`, `and`, `not`, comparisons with `like` and `in`, sums, products, powers. A name in front of a
//! bracket is a function; which ones are aggregates, and where these mean something, is decided here.

use regex::Regex;

use super::Malformed;
use super::datum::Datum;
use super::expression::{Comparison, Expression, Operator};
use super::function::Function;
use super::parse::Parser;
use super::stats::{Aggregate, AggregateKind};
use super::token::Kind;

impl Parser {
    pub(super) fn regex(&self, pattern: &str, begin: usize) -> Result<Regex, Malformed> {
        let message = format!("invalid regular expression /{pattern}/");
        // The crate's own words are not AWS's.
        Regex::new(pattern)
            .ok()
            .ok_or_else(|| self.refuse(message, begin))
    }

    pub(super) fn expression(&mut self) -> Result<Expression, Malformed> {
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
