//! The words of a query.

use super::Malformed;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// A command, a keyword, a function or a field.
    Word(String),
    /// A field in backticks.
    Quoted(String),
    /// A string in single or double quotes.
    Text(String),
    /// What stands between slashes.
    Regex(String),
    Number(f64),
    /// `5m`, in milliseconds.
    Span(f64),
    Symbol(&'static str),
    End,
}

/// A word and where it stands, in characters.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
}

const SYMBOLS: [&str; 19] = [
    "!=", "<=", ">=", "=~", "|", ",", "(", ")", "[", "]", "=", "<", ">", "+", "-", "*", "/", "%",
    "^",
];

/// All words of a query; the last is [`Kind::End`].
pub(super) fn tokens(source: &[char]) -> Result<Vec<Token>, Malformed> {
    let mut reader = Reader {
        source,
        at: 0,
        tokens: Vec::new(),
        command: String::new(),
    };
    while reader.next()? {}
    Ok(reader.tokens)
}

struct Reader<'s> {
    source: &'s [char],
    at: usize,
    tokens: Vec<Token>,
    /// The first word since the last `|`.
    command: String,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.source.get(self.at).copied()
    }

    /// Reads one word; false when there are no more.
    fn next(&mut self) -> Result<bool, Malformed> {
        self.skip();
        let start = self.at;
        let Some(first) = self.peek() else {
            self.push(Kind::End, start);
            return Ok(false);
        };
        let kind = match first {
            '"' | '\'' => Kind::Text(self.enclosed(first)?),
            '`' => Kind::Quoted(self.enclosed(first)?),
            '/' if self.regex_may_follow() => Kind::Regex(self.enclosed(first)?),
            '0'..='9' => self.number()?,
            letter if is_letter(letter) => {
                let word = self.take_while(|c| is_letter(c) || c.is_ascii_digit() || c == '.');
                if self.command.is_empty() {
                    self.command = word.to_lowercase();
                }
                Kind::Word(word)
            }
            _ => self.symbol()?,
        };
        if kind == Kind::Symbol("|") {
            self.command.clear();
        }
        self.push(kind, start);
        Ok(true)
    }

    fn push(&mut self, kind: Kind, start: usize) {
        let end = self.at;
        self.tokens.push(Token { kind, start, end });
    }

    /// Over blanks and comments.
    fn skip(&mut self) {
        while let Some(letter) = self.peek() {
            if letter == '#' {
                self.take_while(|c| c != '\n');
            } else if letter.is_whitespace() {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    /// A slash divides, unless a pattern is expected.
    fn regex_may_follow(&self) -> bool {
        match self.tokens.last().map(|token| &token.kind) {
            Some(Kind::Word(word)) => word.eq_ignore_ascii_case("like") || self.command == "parse",
            Some(Kind::Quoted(_)) => self.command == "parse",
            Some(Kind::Symbol(symbol)) => matches!(*symbol, "=~" | "(" | "," | "["),
            _ => false,
        }
    }

    fn take_while(&mut self, fits: impl Fn(char) -> bool) -> String {
        let rest = self.source.iter().skip(self.at).copied();
        let word: String = rest.take_while(|letter| fits(*letter)).collect();
        self.at += word.chars().count();
        word
    }

    /// What stands between two `quote`s. A backslash keeps the next one from ending it; in a pattern it stays.
    fn enclosed(&mut self, quote: char) -> Result<String, Malformed> {
        let start = self.at;
        let mut inside = String::new();
        self.at += 1;
        while let Some(letter) = self.peek() {
            self.at += 1;
            if letter == quote {
                return Ok(inside);
            }
            match (letter, self.peek()) {
                ('\\', Some(next)) => {
                    self.at += 1;
                    if quote == '/' && next != '/' {
                        inside.push('\\');
                    }
                    inside.push(if quote == '/' { next } else { unescaped(next) });
                }
                _ => inside.push(letter),
            }
        }
        Err(unexpected(self.source, start, self.source.len()))
    }

    fn number(&mut self) -> Result<Kind, Malformed> {
        let start = self.at;
        let digits = self.take_while(|c| c.is_ascii_digit() || c == '.');
        let unit = self.take_while(is_letter);
        let number: Option<f64> = digits.parse().ok();
        let millis = match unit.as_str() {
            "" => None,
            "ms" | "msec" => Some(1.0),
            "s" | "sec" => Some(1_000.0),
            "m" | "min" => Some(60_000.0),
            "h" | "hr" => Some(3_600_000.0),
            "d" => Some(86_400_000.0),
            "w" => Some(604_800_000.0),
            _ => return Err(unexpected(self.source, start, self.at)),
        };
        match (number, millis) {
            (None, _) => Err(unexpected(self.source, start, self.at)),
            (Some(number), None) => Ok(Kind::Number(number)),
            (Some(number), Some(millis)) => Ok(Kind::Span(number * millis)),
        }
    }

    fn symbol(&mut self) -> Result<Kind, Malformed> {
        let fits = |symbol: &&&str| {
            let here = self.source.iter().skip(self.at);
            symbol.chars().eq(here.take(symbol.len()).copied())
        };
        let Some(symbol) = SYMBOLS.iter().find(fits) else {
            return Err(unexpected(self.source, self.at, self.at + 1));
        };
        self.at += symbol.len();
        Ok(Kind::Symbol(symbol))
    }
}

fn is_letter(letter: char) -> bool {
    letter.is_alphabetic() || matches!(letter, '_' | '@')
}

fn unescaped(letter: char) -> char {
    match letter {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        other => other,
    }
}

/// What AWS says of a word that it did not expect.
pub(super) fn unexpected(source: &[char], start: usize, end: usize) -> Malformed {
    let word: String = source.iter().take(end).skip(start).collect();
    let word = if word.is_empty() { "<EOF>" } else { &word };
    let before = source.iter().take(start);
    let line = 1 + before.clone().filter(|letter| **letter == '\n').count();
    let column = before.rev().take_while(|letter| **letter != '\n').count();
    Malformed {
        message: format!("unexpected symbol found {word} at line {line} and position {column}"),
        start,
        end,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<Kind> {
        let source: Vec<char> = text.chars().collect();
        let tokens = tokens(&source).unwrap();
        tokens.into_iter().map(|token| token.kind).collect()
    }

    #[test]
    fn a_slash_divides_unless_a_pattern_is_expected() {
        assert_eq!(
            kinds("filter a / 2 =~ /b\\/c\\d/ # and no more"),
            [
                Kind::Word("filter".to_owned()),
                Kind::Word("a".to_owned()),
                Kind::Symbol("/"),
                Kind::Number(2.0),
                Kind::Symbol("=~"),
                Kind::Regex("b/c\\d".to_owned()),
                Kind::End,
            ]
        );
        assert_eq!(kinds("parse @message /x/")[2], Kind::Regex("x".to_owned()));
    }

    #[test]
    fn spans_are_milliseconds_and_backticks_hold_fields() {
        assert_eq!(
            kinds("bin(5m) `a-b`"),
            [
                Kind::Word("bin".to_owned()),
                Kind::Symbol("("),
                Kind::Span(300_000.0),
                Kind::Symbol(")"),
                Kind::Quoted("a-b".to_owned()),
                Kind::End,
            ]
        );
    }

    #[test]
    fn what_is_no_word_is_named_with_its_place() {
        let source: Vec<char> = "fields a\n| ~".chars().collect();
        let malformed = tokens(&source).unwrap_err();
        assert_eq!(
            malformed,
            Malformed {
                message: "unexpected symbol found ~ at line 2 and position 2".to_owned(),
                start: 11,
                end: 12,
            }
        );
    }
}
