//! Fields of a line: of the JSON that it is or ends with, or of `key=value` words.

use super::search::Pattern;
use serde_json::Value;
use std::borrow::Cow;

/// A field's name, as `request.headers.host` or `items.0.id`.
#[derive(Clone, Debug)]
pub struct Path {
    text: String,
    /// The longest part: a line without it has no such field, which costs less to see than JSON to read.
    rarest: Pattern,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Held<'a> {
    Text(Cow<'a, str>),
    Number(f64),
    /// `true`, `null`, or a list or a map in JSON.
    Other(String),
}

impl Path {
    pub fn new(text: &str) -> Self {
        let rarest = text
            .split('.')
            .max_by_key(|part| part.len())
            .unwrap_or(text);
        Self {
            text: text.to_owned(),
            rarest: Pattern::exact(rarest),
        }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn rarest(&self) -> &Pattern {
        &self.rarest
    }

    /// The field of a line. A name that is written with escapes in the JSON is not found.
    pub fn find<'a>(&self, line: &'a str) -> Option<Held<'a>> {
        if !self.rarest.matches(line) {
            return None;
        }
        if let Some(value) = json(line) {
            return held(walk(&value, &self.text)?);
        }
        let value = logfmt(line, &self.text)?;
        Some(match value.parse() {
            Ok(number) => Held::Number(number),
            Err(_) => Held::Text(value),
        })
    }
}

impl Held<'_> {
    /// As text; JSON for what is no text.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Held::Text(text) => Cow::Borrowed(text),
            Held::Number(number) => Cow::Owned(number.to_string()),
            Held::Other(json) => Cow::Borrowed(json),
        }
    }

    /// As a number, if it is one or reads as one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Held::Text(text) => text.trim().parse().ok(),
            Held::Number(number) => Some(*number),
            Held::Other(_) => None,
        }
    }
}

/// The JSON object that a line is, or that stands at its end behind a prefix.
pub(super) fn json(line: &str) -> Option<Value> {
    let trimmed = line.trim_ascii_end();
    if !trimmed.ends_with('}') {
        return None;
    }
    // A prefix may have a brace or two of its own.
    let starts = memchr::memchr_iter(b'{', trimmed.as_bytes()).take(3);
    starts
        .filter_map(|at| trimmed.get(at..))
        .find_map(|text| serde_json::from_str(text).ok())
}

fn walk<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    let inner = match value {
        Value::Object(map) => map.get(path),
        Value::Array(list) => path.parse::<usize>().ok().and_then(|at| list.get(at)),
        _ => return None,
    };
    // A key may have dots of its own: the shortest beginning that leads somewhere counts.
    inner.or_else(|| {
        path.match_indices('.').find_map(|(dot, _)| {
            let (first, rest) = (path.get(..dot)?, path.get(dot + 1..)?);
            let next = match value {
                Value::Object(map) => map.get(first),
                Value::Array(list) => first.parse::<usize>().ok().and_then(|at| list.get(at)),
                _ => None,
            };
            walk(next?, rest)
        })
    })
}

fn held<'a>(value: &Value) -> Option<Held<'a>> {
    Some(match value {
        Value::String(text) => Held::Text(Cow::Owned(text.clone())),
        Value::Number(number) => Held::Number(number.as_f64()?),
        Value::Bool(_) | Value::Null | Value::Array(_) | Value::Object(_) => {
            Held::Other(value.to_string())
        }
    })
}

/// The value behind `key=`, in quotes or up to the next space.
fn logfmt<'a>(line: &'a str, key: &str) -> Option<Cow<'a, str>> {
    let starts = line.match_indices(key).map(|(at, _)| at);
    starts.into_iter().find_map(|at| {
        let before = line.get(..at)?.chars().next_back();
        let is_word =
            before.is_none_or(|c| c.is_whitespace() || matches!(c, ',' | '[' | '(' | '{' | ';'));
        let rest = line.get(at + key.len()..)?.strip_prefix('=')?;
        if !is_word {
            return None;
        }
        let Some(quoted) = rest.strip_prefix('"') else {
            let end =
                rest.find(|c: char| c.is_whitespace() || matches!(c, ',' | ']' | ')' | '}' | ';'));
            return rest.get(..end.unwrap_or(rest.len())).map(Cow::Borrowed);
        };
        let mut escaped = false;
        let end = quoted.find(|c| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        })?;
        let value = quoted.get(..end)?;
        Some(if value.contains('\\') {
            Cow::Owned(value.replace("\\\"", "\"").replace("\\\\", "\\"))
        } else {
            Cow::Borrowed(value)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_in_json_behind_a_prefix_and_in_logfmt() {
        for (line, path, text) in [
            (r#"{"a":{"b":[1,{"c":"x"}]}}"#, "a.b.1.c", Some("x")),
            (r#"{"a.b":{"c":7}}"#, "a.b.c", Some("7")),
            (r#"2026 INFO {"user":"kim","ok":true}"#, "ok", Some("true")),
            (r#"[x {y}] {"user":"kim"} "#, "user", Some("kim")),
            (r#"{"a":null}"#, "a", Some("null")),
            (r#"{"a":1}"#, "b", None),
            (r#"{"a":1"#, "a", None),
            (
                "level=info status=200 path=\"/a \\\"b\\\"\" x=1",
                "path",
                Some("/a \"b\""),
            ),
            ("level=info status=200,x", "status", Some("200")),
            ("substatus=1", "status", None),
            ("status", "status", None),
        ] {
            let found = Path::new(path).find(line);
            assert_eq!(
                found.as_ref().map(Held::text).as_deref(),
                text,
                "{path} of {line}"
            );
        }
        assert_eq!(
            Path::new("n").find("n=12.5").and_then(|held| held.number()),
            Some(12.5)
        );
        assert_eq!(
            Path::new("n")
                .find(r#"{"n":"12"}"#)
                .and_then(|held| held.number()),
            Some(12.0)
        );
    }

    #[test]
    fn json_without_bottom_ends_the_search_and_not_the_program() {
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(30_000), "]".repeat(30_000));
        assert_eq!(Path::new("a").find(&deep), None);
    }
}
