//! A comparison with a value: what JSON selectors and columns have in common.

use regex::Regex;

use super::Invalid;
use super::cursor::{Cursor, invalid};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Debug)]
enum Value {
    /// `*` stands for any letters.
    Text(String),
    Number {
        number: f64,
        text: String,
    },
    Regex(Regex),
}

#[derive(Clone, Debug)]
pub(super) struct Test {
    comparison: Comparison,
    value: Value,
}

/// The signs, longest first.
const SIGNS: [(&str, Comparison); 6] = [
    ("!=", Comparison::NotEqual),
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("=", Comparison::Equal),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
];

/// Reads a sign and a value; `None` if no sign is next.
pub(super) fn parse(cursor: &mut Cursor<'_>) -> Result<Option<Test>, Invalid> {
    let Some((_, comparison)) = SIGNS.into_iter().find(|(sign, _)| cursor.eat(sign)) else {
        return Ok(None);
    };
    let value = value(cursor)?;
    let ordered = !matches!(comparison, Comparison::Equal | Comparison::NotEqual);
    if ordered && !matches!(value, Value::Number { .. }) {
        return Err(invalid());
    }
    Ok(Some(Test { comparison, value }))
}

fn value(cursor: &mut Cursor<'_>) -> Result<Value, Invalid> {
    if cursor.next_is_regex() {
        return cursor.regex().map(Value::Regex);
    }
    if cursor.next_is("\"") {
        return cursor.quoted('"').map(Value::Text);
    }
    let word = cursor.take_while(|letter| !letter.is_whitespace() && !")}],&|\"(".contains(letter));
    if word.is_empty() {
        return Err(invalid());
    }
    let text = word.to_owned();
    Ok(match word.parse::<f64>() {
        Ok(number) if number.is_finite() => Value::Number { number, text },
        Ok(_) | Err(_) => Value::Text(text),
    })
}

impl Test {
    pub(super) fn holds_for_text(&self, text: &str) -> bool {
        let equal = match &self.value {
            Value::Text(pattern) => glob(pattern, text),
            Value::Regex(regex) => regex.is_match(text),
            Value::Number { number, text: own } => match text.parse::<f64>() {
                Ok(found) => return self.holds_between(found, *number),
                Err(_) => own == text,
            },
        };
        match self.comparison {
            Comparison::Equal => equal,
            Comparison::NotEqual => !equal,
            Comparison::Less
            | Comparison::LessOrEqual
            | Comparison::Greater
            | Comparison::GreaterOrEqual => false,
        }
    }

    pub(super) fn holds_for_number(&self, found: f64) -> bool {
        match &self.value {
            Value::Number { number, .. } => self.holds_between(found, *number),
            Value::Text(_) | Value::Regex(_) => self.holds_for_text(&found.to_string()),
        }
    }

    #[allow(
        clippy::float_cmp,
        reason = "a pattern asks for exactly the number it names"
    )]
    fn holds_between(&self, found: f64, wanted: f64) -> bool {
        match self.comparison {
            Comparison::Equal => found == wanted,
            Comparison::NotEqual => found != wanted,
            Comparison::Less => found < wanted,
            Comparison::LessOrEqual => found <= wanted,
            Comparison::Greater => found > wanted,
            Comparison::GreaterOrEqual => found >= wanted,
        }
    }

    pub(super) fn is_regex(&self) -> bool {
        matches!(self.value, Value::Regex(_))
    }
}

/// Whether `*` in the pattern can stand for something that makes it the text.
fn glob(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut text) = text.strip_prefix(head) else {
        return false;
    };
    let mut pieces = rest.split('*').peekable();
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return text.ends_with(piece);
        }
        let Some((_, after)) = text.split_once(piece) else {
            return false;
        };
        text = after;
    }
    true
}
