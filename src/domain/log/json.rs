//! A JSON line unfolded into rows.
//!
//! Values are shown as they were written: a number is not read and written again. What looks like JSON and is none is
//! left alone; rows are bounded, however the line was made.

use crate::domain::untrusted::sanitise;
use serde::de::IgnoredAny;

/// Rows of one line; the rest is said in one more.
const ROWS: usize = 5_000;
/// Indents beyond this one look like it.
const DEEPEST: usize = 40;
/// Braces that are tried: a prefix may have some of its own.
const TRIES: usize = 8;

/// A line with JSON in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfolded {
    /// What stands before the JSON, harmless to a terminal.
    pub before: String,
    pub rows: Vec<JsonRow>,
    /// What stands behind it.
    pub behind: String,
}

/// One row; its texts are harmless to a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonRow {
    pub indent: usize,
    /// The field's name, without quotes.
    pub key: Option<String>,
    /// The value as it was written, or the bracket.
    pub value: String,
    pub kind: JsonKind,
}

/// What a row holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonKind {
    Text,
    Number,
    /// `true` or `false`.
    Bool,
    Null,
    /// `{`, `[`, and both at once where nothing is inside.
    Open,
    Close,
    /// How much is not shown.
    Rest,
}

/// Unfolds the JSON that a line is, or has in it.
pub fn unfold(line: &str) -> Option<Unfolded> {
    let starts = line.match_indices('{').take(TRIES).map(|(at, _)| at);
    let list = line
        .trim_ascii_start()
        .starts_with('[')
        .then(|| line.find('['))
        .flatten();
    let mut found = starts
        .chain(list)
        .filter_map(|at| Some((at, length(line.get(at..)?)?)));
    let (at, length) = found.next()?;
    Some(Unfolded {
        before: sanitise(line.get(..at)?.trim_ascii()).into_owned(),
        rows: Printer::default().print(line.get(at..at + length)?),
        behind: sanitise(line.get(at + length..)?.trim_ascii()).into_owned(),
    })
}

/// The length of the JSON that the text begins with.
fn length(text: &str) -> Option<usize> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    values.next()?.ok()?;
    Some(values.byte_offset())
}

#[derive(Default)]
struct Printer {
    rows: Vec<JsonRow>,
    depth: usize,
    key: Option<String>,
    left_out: usize,
}

impl Printer {
    /// Goes through JSON that is known to be valid.
    fn print(mut self, json: &str) -> Vec<JsonRow> {
        let mut rest = json;
        while let Some(first) = rest.chars().next() {
            let taken = match first {
                '{' | '[' => self.open(rest),
                '}' | ']' => {
                    self.depth = self.depth.saturating_sub(1);
                    self.row(first.into(), JsonKind::Close);
                    1
                }
                '"' => self.text(rest),
                ',' | ':' => 1,
                space if space.is_whitespace() => space.len_utf8(),
                _ => self.plain(rest),
            };
            rest = rest.get(taken..).unwrap_or_default();
        }
        if self.left_out > 0 {
            let value = format!("… {} rows more", self.left_out);
            self.rows.push(JsonRow {
                indent: 0,
                key: None,
                value,
                kind: JsonKind::Rest,
            });
        }
        self.rows
    }

    fn open(&mut self, rest: &str) -> usize {
        let inside = rest.get(1..).unwrap_or_default();
        let next = inside.trim_ascii_start();
        if next.starts_with(['}', ']']) {
            let both = if rest.starts_with('{') { "{}" } else { "[]" };
            self.row(both.into(), JsonKind::Open);
            return rest.len() - next.len() + 1;
        }
        self.row(rest.get(..1).unwrap_or_default().into(), JsonKind::Open);
        self.depth += 1;
        1
    }

    /// A string: a name if a colon follows.
    fn text(&mut self, rest: &str) -> usize {
        let mut escaped = false;
        let end = rest.bytes().skip(1).position(|byte| {
            let ends = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            ends
        });
        let end = end.map_or(rest.len(), |end| end + 2);
        let whole = rest.get(..end).unwrap_or(rest);
        if rest
            .get(end..)
            .unwrap_or_default()
            .trim_ascii_start()
            .starts_with(':')
        {
            self.key = Some(sanitise(whole.trim_matches('"')).into_owned());
        } else {
            self.row(sanitise(whole).into_owned(), JsonKind::Text);
        }
        end
    }

    fn plain(&mut self, rest: &str) -> usize {
        let ends =
            |character: char| matches!(character, ',' | '}' | ']') || character.is_whitespace();
        let end = rest.find(ends).unwrap_or(rest.len());
        let value = rest.get(..end).unwrap_or(rest);
        let kind = match value {
            "true" | "false" => JsonKind::Bool,
            "null" => JsonKind::Null,
            _ => JsonKind::Number,
        };
        self.row(value.to_owned(), kind);
        end
    }

    fn row(&mut self, value: String, kind: JsonKind) {
        let key = self.key.take();
        if self.rows.len() < ROWS {
            self.rows.push(JsonRow {
                indent: self.depth.min(DEEPEST),
                key,
                value,
                kind,
            });
        } else {
            self.left_out += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(line: &str) -> Option<String> {
        let rows = unfold(line)?.rows.into_iter().map(|row| {
            let key = row.key.map(|key| format!("{key}: ")).unwrap_or_default();
            format!("{}{key}{}", "  ".repeat(row.indent), row.value)
        });
        Some(rows.collect::<Vec<_>>().join("\n"))
    }

    #[test]
    fn a_line_unfolds_as_it_was_written() {
        let line = r#"2026 INFO {x} {"id":12345678901234567890123,"a":{"b":[1,"t\"x"],"c":{ }},"n":null,"k":true} bye"#;
        let unfolded = unfold(line).unwrap();
        assert_eq!(
            (unfolded.before.as_str(), unfolded.behind.as_str()),
            ("2026 INFO {x}", "bye")
        );
        assert_eq!(
            shown(line).unwrap(),
            "{\n  id: 12345678901234567890123\n  a: {\n    b: [\n      1\n      \"t\\\"x\"\n    ]\n    c: {}\n  }\n  \
             n: null\n  k: true\n}"
        );
        assert_eq!(shown("[1, 2]").unwrap(), "[\n  1\n  2\n]");
    }

    #[test]
    fn what_is_no_json_is_left_alone() {
        for line in [
            "",
            "{",
            "{x}",
            "plain",
            "[ERROR] x",
            "{\"a\":1",
            "fn main() { \"a\" }",
        ] {
            assert_eq!(unfold(line), None, "{line}");
        }
    }

    #[test]
    fn escapes_in_names_and_values_do_no_harm() {
        let unfolded = unfold("{\"\u{202e}\":\"\u{9b}31m\"}").unwrap();
        assert_eq!(unfolded.rows[1].key.as_deref(), Some("⟨202E⟩"));
        assert_eq!(unfolded.rows[1].value, "\"\\x9b31m\"");
    }

    #[test]
    fn depth_and_length_have_an_end() {
        let deep = format!(
            "{}{}",
            "{\"a\":".repeat(60),
            "1".to_owned() + &"}".repeat(60)
        );
        assert!(
            unfold(&deep)
                .unwrap()
                .rows
                .iter()
                .all(|row| row.indent <= DEEPEST)
        );
        let bottomless = "[".repeat(60_000) + &"]".repeat(60_000);
        assert!(unfold(&bottomless).is_none_or(|unfolded| unfolded.rows.len() <= ROWS + 1));
        let long = format!("{{\"a\":[{}1]}}", "1,".repeat(20_000));
        let rows = unfold(&long).unwrap().rows;
        assert_eq!(rows.len(), ROWS + 1);
        assert_eq!(rows[ROWS].value, "… 15005 rows more");
    }

    proptest! {
        #[test]
        fn no_line_makes_it_panic(line in "[\\[\\]{}\",:a1\\\\ é\u{1b}]{0,60}") {
            let _ = unfold(&line);
        }
    }
}
