//! `{ $.a.b = "x" && ($.n > 5 || $.list[0] IS NULL) }`: selectors, comparisons, and what joins them.

use serde_json::Value;

use super::Invalid;
use super::cursor::{Cursor, invalid};
use super::test::{self, Test};

#[derive(Clone, Debug)]
pub(super) enum Expression {
    Both(Box<Expression>, Box<Expression>),
    Either(Box<Expression>, Box<Expression>),
    Condition(Selector, Condition),
}

#[derive(Clone, Debug)]
pub(super) enum Condition {
    Test(Test),
    Null,
    True,
    False,
    Exists,
    Missing,
}

/// The way to a value.
#[derive(Clone, Debug)]
pub(super) struct Selector(Vec<Step>);

#[derive(Clone, Debug)]
enum Step {
    Member(String),
    Place(usize),
    AnyPlace,
}

/// AWS allows so many regular expressions in one pattern.
const MOST_REGEXES: usize = 2;

pub(super) fn parse(cursor: &mut Cursor<'_>) -> Result<Expression, Invalid> {
    cursor.expect("{")?;
    let expression = either(cursor)?;
    cursor.expect("}")?;
    if !cursor.at_end() || expression.regexes() > MOST_REGEXES {
        return Err(invalid());
    }
    Ok(expression)
}

fn either(cursor: &mut Cursor<'_>) -> Result<Expression, Invalid> {
    let mut left = both(cursor)?;
    while cursor.eat("||") {
        left = Expression::Either(Box::new(left), Box::new(both(cursor)?));
    }
    Ok(left)
}

fn both(cursor: &mut Cursor<'_>) -> Result<Expression, Invalid> {
    let mut left = condition(cursor)?;
    while cursor.eat("&&") {
        left = Expression::Both(Box::new(left), Box::new(condition(cursor)?));
    }
    Ok(left)
}

fn condition(cursor: &mut Cursor<'_>) -> Result<Expression, Invalid> {
    if cursor.eat("(") {
        let inner = either(cursor)?;
        cursor.expect(")")?;
        return Ok(inner);
    }
    let selector = selector(cursor)?;
    let condition = if let Some(test) = test::parse(cursor)? {
        Condition::Test(test)
    } else if cursor.eat_word("IS") {
        if cursor.eat_word("NULL") {
            Condition::Null
        } else if cursor.eat_word("TRUE") {
            Condition::True
        } else if cursor.eat_word("FALSE") {
            Condition::False
        } else {
            return Err(invalid());
        }
    } else if cursor.eat_word("NOT") && cursor.eat_word("EXISTS") {
        Condition::Missing
    } else if cursor.eat_word("EXISTS") {
        Condition::Exists
    } else {
        return Err(invalid());
    };
    Ok(Expression::Condition(selector, condition))
}

fn selector(cursor: &mut Cursor<'_>) -> Result<Selector, Invalid> {
    cursor.expect("$")?;
    let mut steps = Vec::new();
    loop {
        if cursor.next_is(".[") || cursor.next_is("[") {
            cursor.eat(".");
            cursor.eat("[");
            steps.push(bracketed(cursor)?);
        } else if cursor.next_is(".") {
            cursor.eat(".");
            let name =
                cursor.take_while(|letter| letter.is_alphanumeric() || "_-@$:/#".contains(letter));
            if name.is_empty() {
                return Err(invalid());
            }
            steps.push(Step::Member(name.to_owned()));
        } else {
            break;
        }
    }
    if steps.is_empty() {
        return Err(invalid());
    }
    Ok(Selector(steps))
}

/// What stands in brackets: a place, any place, or a name that could not stand after a dot.
fn bracketed(cursor: &mut Cursor<'_>) -> Result<Step, Invalid> {
    cursor.skip_space();
    let step = if cursor.next_is("'") {
        Step::Member(cursor.quoted('\'')?)
    } else if cursor.next_is("\"") {
        Step::Member(cursor.quoted('"')?)
    } else if cursor.eat("*") {
        Step::AnyPlace
    } else {
        let digits = cursor.take_while(|letter| letter.is_ascii_digit());
        Step::Place(digits.parse().map_err(|_error| invalid())?)
    };
    cursor.expect("]")?;
    Ok(step)
}

impl Expression {
    pub(super) fn holds(&self, event: &Value) -> bool {
        match self {
            Expression::Both(left, right) => left.holds(event) && right.holds(event),
            Expression::Either(left, right) => left.holds(event) || right.holds(event),
            Expression::Condition(selector, condition) => {
                let found = select(event, &selector.0);
                match condition {
                    Condition::Missing => found.is_empty(),
                    Condition::Exists => !found.is_empty(),
                    Condition::Null => found.iter().any(|value| value.is_null()),
                    Condition::True => found.iter().any(|value| value.as_bool() == Some(true)),
                    Condition::False => found.iter().any(|value| value.as_bool() == Some(false)),
                    // What is not there is neither equal nor unequal to anything.
                    Condition::Test(test) => found.iter().any(|value| holds_for(test, value)),
                }
            }
        }
    }

    fn regexes(&self) -> usize {
        match self {
            Expression::Both(left, right) | Expression::Either(left, right) => {
                left.regexes() + right.regexes()
            }
            Expression::Condition(_, Condition::Test(test)) => usize::from(test.is_regex()),
            Expression::Condition(..) => 0,
        }
    }
}

fn select<'v>(value: &'v Value, steps: &[Step]) -> Vec<&'v Value> {
    let Some((first, rest)) = steps.split_first() else {
        return vec![value];
    };
    match first {
        Step::Member(name) => value
            .get(name)
            .map_or_else(Vec::new, |inner| select(inner, rest)),
        Step::Place(place) => value
            .get(*place)
            .map_or_else(Vec::new, |inner| select(inner, rest)),
        Step::AnyPlace => {
            let items = value.as_array().into_iter().flatten();
            items.flat_map(|inner| select(inner, rest)).collect()
        }
    }
}

fn holds_for(test: &Test, value: &Value) -> bool {
    match value {
        Value::String(text) => test.holds_for_text(text),
        Value::Number(number) => number
            .as_f64()
            .is_some_and(|number| test.holds_for_number(number)),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => false,
    }
}
