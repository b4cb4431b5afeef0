//! Expressions of a query and their values.

use std::cmp::Ordering;

use regex::Regex;

use super::datum::Datum;
use super::function::Function;
use super::row::Row;
use super::stats::Aggregate;

#[derive(Clone, Debug)]
pub(super) enum Expression {
    Field(String),
    Literal(Datum),
    Not(Box<Expression>),
    And(Box<Expression>, Box<Expression>),
    Or(Box<Expression>, Box<Expression>),
    Compared(Comparison, Box<Expression>, Box<Expression>),
    Computed(Operator, Box<Expression>, Box<Expression>),
    Like(Box<Expression>, Regex),
    In(Box<Expression>, Vec<Expression>),
    Call(Function, Vec<Expression>),
    /// Over the rows of a group; in `stats` only.
    Aggregate(Aggregate),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
}

/// Where an expression finds its fields.
pub(super) trait Scope {
    fn field(&self, name: &str) -> Datum;

    /// The rows that aggregates are over.
    fn rows(&self) -> &[Row<'_>] {
        &[]
    }
}

impl Expression {
    pub(super) fn value(&self, scope: &dyn Scope) -> Datum {
        match self {
            Expression::Field(name) => scope.field(name),
            Expression::Literal(datum) => datum.clone(),
            Expression::Not(inner) => Datum::Flag(!inner.value(scope).holds()),
            Expression::And(left, right) => {
                Datum::Flag(left.value(scope).holds() && right.value(scope).holds())
            }
            Expression::Or(left, right) => {
                Datum::Flag(left.value(scope).holds() || right.value(scope).holds())
            }
            Expression::Compared(comparison, left, right) => {
                let order = left.value(scope).compared(&right.value(scope));
                Datum::Flag(order.is_some_and(|order| comparison.allows(order)))
            }
            Expression::Computed(operator, left, right) => {
                let numbers = (left.value(scope).number(), right.value(scope).number());
                match numbers {
                    (Some(left), Some(right)) => operator.of(left, right),
                    _ => Datum::Missing,
                }
            }
            Expression::Like(subject, pattern) => {
                let text = subject.value(scope).text();
                Datum::Flag(text.is_some_and(|text| pattern.is_match(&text)))
            }
            Expression::In(subject, list) => {
                let subject = subject.value(scope);
                let mut list = list.iter().map(|item| item.value(scope));
                Datum::Flag(list.any(|item| subject.compared(&item) == Some(Ordering::Equal)))
            }
            Expression::Call(function, arguments) => {
                let values = arguments.iter().map(|argument| argument.value(scope));
                function.of(&values.collect::<Vec<Datum>>())
            }
            Expression::Aggregate(aggregate) => aggregate.over(scope.rows()),
        }
    }
}

impl Comparison {
    fn allows(self, order: Ordering) -> bool {
        match self {
            Comparison::Equal => order.is_eq(),
            Comparison::Unequal => order.is_ne(),
            Comparison::Less => order.is_lt(),
            Comparison::LessOrEqual => order.is_le(),
            Comparison::Greater => order.is_gt(),
            Comparison::GreaterOrEqual => order.is_ge(),
        }
    }
}

impl Operator {
    fn of(self, left: f64, right: f64) -> Datum {
        let number = match self {
            Operator::Add => left + right,
            Operator::Subtract => left - right,
            Operator::Multiply => left * right,
            Operator::Divide => left / right,
            Operator::Remainder => left % right,
            Operator::Power => left.powf(right),
        };
        // By zero there is nothing to show.
        if number.is_finite() {
            Datum::Number(number)
        } else {
            Datum::Missing
        }
    }
}
