//! CloudWatch's pattern language: terms, JSON selectors, columns.
//!
//! One language for `FilterLogEvents` and Live Tail. What stands first in a pattern decides its kind: `{` a
//! JSON expression, `[` columns divided by spaces, `%` a regular expression, anything else terms.

mod columns;
mod cursor;
mod json;
mod terms;
mod test;

use regex::Regex;

use columns::Columns;
use cursor::Cursor;
use json::Expression;
use terms::Terms;

/// What an event has to be like.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Pattern(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Everything,
    Terms(Terms),
    Json(Expression),
    Columns(Columns),
    Regex(Regex),
}

/// What AWS says of a pattern that it cannot read.
type Invalid = String;

impl Pattern {
    /// Reads a pattern; the error is AWS's sentence about it.
    pub(in crate::sandbox) fn parse(text: &str) -> Result<Pattern, String> {
        let text = text.trim();
        let mut cursor = Cursor::new(text);
        let kind = if text.is_empty() {
            Kind::Everything
        } else if text.starts_with('{') {
            if !text.ends_with('}') {
                return Err("If a filter pattern starts with '{' it must end with '}'".to_owned());
            }
            Kind::Json(json::parse(&mut cursor)?)
        } else if text.starts_with('[') {
            if !text.ends_with(']') {
                return Err("If a filter pattern starts with '[' it must end with ']'".to_owned());
            }
            Kind::Columns(columns::parse(&mut cursor)?)
        } else if text.starts_with('%') {
            let regex = cursor.regex()?;
            if !cursor.at_end() {
                return Err(cursor::invalid());
            }
            Kind::Regex(regex)
        } else {
            Kind::Terms(terms::parse(&mut cursor)?)
        };
        Ok(Pattern(kind))
    }

    pub(in crate::sandbox) fn matches(&self, message: &str) -> bool {
        match &self.0 {
            Kind::Everything => true,
            Kind::Terms(terms) => terms.match_in(message),
            Kind::Json(expression) => {
                // A pattern for JSON matches nothing else; most lines are told by their first letter.
                message.trim_start().starts_with('{')
                    && serde_json::from_str(message.trim())
                        .is_ok_and(|value: serde_json::Value| expression.holds(&value))
            }
            Kind::Columns(columns) => columns.match_in(message),
            Kind::Regex(regex) => regex.is_match(message),
        }
    }
}

#[cfg(test)]
mod tests;
