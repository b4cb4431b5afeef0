//! How a filter is read.

use super::field::Path;
use super::filter::{Compare, FieldTest, FilterError, Part, Term, Test};
use super::level::Level;
use super::search::Pattern;

/// Comparisons, longer ones first, so that `>=` is not taken for `>`.
const COMPARISONS: [&str; 8] = ["=~", "!~", "!=", ">=", "<=", "=", ">", "<"];

/// Reads terms apart by spaces.
pub(super) fn terms(text: &str) -> Result<Vec<Term>, FilterError> {
    let mut reader = Reader { text, at: 0 };
    let mut terms = Vec::new();
    loop {
        reader.skip(char::is_whitespace);
        if reader.rest().is_empty() {
            return Ok(terms);
        }
        terms.extend(reader.term()?);
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip(&mut self, passes: fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(passes).len();
    }

    fn wrong<T>(&self, byte: usize, what: impl Into<String>) -> Result<T, FilterError> {
        let before = self.text.get(..byte).unwrap_or(self.text);
        Err(FilterError {
            at: before.chars().count(),
            what: what.into(),
        })
    }

    fn unfinished<T>(&self, byte: usize, term: &str) -> Result<T, FilterError> {
        self.wrong(byte, format!("nothing stands behind “{term}”"))
    }

    fn term(&mut self) -> Result<Option<Term>, FilterError> {
        let is_negated = self.rest().starts_with('!');
        self.at += usize::from(is_negated);
        let begin = self.at;
        let rest = self.rest();
        let test = match rest.chars().next() {
            None => return self.unfinished(begin, "!"),
            Some(space) if space.is_whitespace() => return self.unfinished(begin, "!"),
            Some('"') => {
                let words = self.value()?;
                self.literal(begin, &words)?
            }
            Some('~') => {
                self.at += 1;
                let pattern = self.value()?;
                self.regex(begin + 1, &pattern)?
            }
            Some('/') if closing_slash(rest).is_some() => {
                let end = closing_slash(rest).unwrap_or_default();
                self.at += end + 1;
                let pattern = rest.get(1..end).unwrap_or_default();
                self.regex(begin + 1, &pattern.replace("\\/", "/"))?
            }
            Some(_) => self.word()?,
        };
        Ok(test.map(|test| Term { test, is_negated }))
    }

    fn literal(&self, at: usize, words: &str) -> Result<Option<Test>, FilterError> {
        if words.is_empty() {
            return Ok(None);
        }
        match Pattern::literal(words) {
            Ok(pattern) => Ok(Some(Test::Text(pattern))),
            Err(why) => self.wrong(at, why),
        }
    }

    fn regex(&self, at: usize, pattern: &str) -> Result<Option<Test>, FilterError> {
        if pattern.is_empty() {
            return self.unfinished(at, "~");
        }
        Ok(Some(Test::Text(self.pattern(at, pattern)?)))
    }

    fn pattern(&self, at: usize, pattern: &str) -> Result<Pattern, FilterError> {
        Pattern::regex(pattern).or_else(|why| self.wrong(at, why))
    }

    /// `name=value`, or plain text.
    fn word(&mut self) -> Result<Option<Test>, FilterError> {
        let (begin, rest) = (self.at, self.rest());
        let ends =
            rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '@' | '$')));
        let (name, behind) = rest.split_at(ends.unwrap_or(rest.len()));
        let comparison = COMPARISONS
            .into_iter()
            .find(|sign| behind.starts_with(sign));
        let starts_well =
            name.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '@' | '$'));
        let Some(sign) = comparison.filter(|_| starts_well) else {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            self.at += end;
            return self.literal(begin, rest.get(..end).unwrap_or_default());
        };
        self.at += name.len() + sign.len();
        let at = self.at;
        let value = self.value()?;
        if value.is_empty() {
            return self.unfinished(at, &format!("{name}{sign}"));
        }
        match name {
            "level" => self.level(at, sign, &value),
            "region" => self.place(at, sign, Part::Region, &value),
            "account" => self.place(at, sign, Part::Account, &value),
            "group" => self.place(at, sign, Part::Group, &value),
            "stream" => self.origin(at, sign, &value, Test::Stream),
            _ => self.field(at, name, sign, value),
        }
        .map(Some)
    }

    fn level(&self, at: usize, sign: &str, value: &str) -> Result<Test, FilterError> {
        let mut levels = Vec::new();
        for name in value.split(',') {
            let Some(level) = Level::named(name) else {
                let known = Level::ALL.map(Level::name).join(", ");
                return self.wrong(at, format!("there is no level “{name}”; they are {known}"));
            };
            levels.push(level);
        }
        match compare(sign) {
            Some(compare) => Ok(Test::Level(compare, levels)),
            None => self.wrong(at - sign.len(), "a level has no text to match; use = or >="),
        }
    }

    fn place(&self, at: usize, sign: &str, part: Part, value: &str) -> Result<Test, FilterError> {
        self.origin(at, sign, value, |globs| Test::Place(part, globs))
    }

    fn origin(
        &self,
        at: usize,
        sign: &str,
        value: &str,
        test: impl FnOnce(Vec<String>) -> Test,
    ) -> Result<Test, FilterError> {
        if sign != "=" {
            let what = "an origin is compared with = and may have stars; put ! before the term for the others";
            return self.wrong(at - sign.len(), what);
        }
        Ok(test(value.split(',').map(str::to_owned).collect()))
    }

    fn field(&self, at: usize, name: &str, sign: &str, value: String) -> Result<Test, FilterError> {
        let test = match (sign, compare(sign)) {
            ("=~", _) => FieldTest::Matches(self.pattern(at, &value)?),
            ("!~", _) => FieldTest::MatchesNot(self.pattern(at, &value)?),
            (_, Some(compare)) => match value.parse() {
                Ok(number) => FieldTest::Number(compare, number),
                Err(_) if matches!(compare, Compare::Equal | Compare::Unequal) => {
                    let is_plain =
                        |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
                    let says_all = compare == Compare::Equal && value.bytes().all(is_plain);
                    let needle = says_all.then(|| Pattern::literal(&value).ok()).flatten();
                    FieldTest::Like(compare, value, needle)
                }
                Err(_) => return self.wrong(at, format!("“{value}” is no number")),
            },
            (_, None) => return self.wrong(at, "this cannot be compared"),
        };
        Ok(Test::Field(Path::new(name), test))
    }

    /// Up to the next space, or what stands in quotes.
    fn value(&mut self) -> Result<String, FilterError> {
        let (begin, rest) = (self.at, self.rest());
        let Some(quoted) = rest.strip_prefix('"') else {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            self.at += end;
            return Ok(rest.get(..end).unwrap_or_default().to_owned());
        };
        let mut value = String::new();
        let mut characters = quoted.char_indices();
        while let Some((at, character)) = characters.next() {
            match character {
                '"' => {
                    self.at += at + 2;
                    return Ok(value);
                }
                '\\' => match characters.next() {
                    Some((_, quote @ ('"' | '\\'))) => value.push(quote),
                    // Any other escape is the pattern's own.
                    Some((_, other)) => value.extend(['\\', other]),
                    None => {}
                },
                _ => value.push(character),
            }
        }
        self.wrong(begin, "this quote is not closed")
    }
}

/// Where a regex between slashes ends: at a slash before a space or at the end.
fn closing_slash(rest: &str) -> Option<usize> {
    let mut escaped = false;
    let mut characters = rest.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        let ends = characters
            .peek()
            .is_none_or(|(_, next)| next.is_whitespace());
        if character == '/' && !escaped && ends {
            return (at > 1).then_some(at);
        }
        escaped = character == '\\' && !escaped;
    }
    None
}

fn compare(sign: &str) -> Option<Compare> {
    Some(match sign {
        "=" => Compare::Equal,
        "!=" => Compare::Unequal,
        ">" => Compare::More,
        ">=" => Compare::Least,
        "<" => Compare::Less,
        "<=" => Compare::Most,
        _ => return None,
    })
}
