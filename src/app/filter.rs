//! What `/` keeps: text, `~regex`, and `!` for the opposite.

use regex::{Regex, RegexBuilder};

/// A filter as it was typed, ready to match.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    text: String,
    test: Test,
    keep: Keep,
}

#[derive(Clone, Debug, Default)]
enum Test {
    #[default]
    Anything,
    /// Every word, in any order, whatever the case.
    Words(Vec<String>),
    Pattern(Box<Regex>),
    /// A pattern that cannot be read yet; keeps everything, and says why.
    Broken(String),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Keep {
    #[default]
    Matching,
    Others,
}

/// A regular expression larger than this would cost more memory than an answer is worth.
const PATTERN_AT_MOST: usize = 1 << 20;

impl Filter {
    /// Reads `word word`, `~regex`, `!word`, `!~regex`. Case is ignored unless a pattern has a capital letter.
    pub fn parse(text: &str) -> Self {
        let (keep, rest) = match text.strip_prefix('!') {
            Some(rest) => (Keep::Others, rest),
            None => (Keep::Matching, text),
        };
        let test = match rest.strip_prefix('~') {
            Some("") => Test::Anything,
            Some(pattern) => {
                let caseless = !pattern.chars().any(char::is_uppercase);
                match RegexBuilder::new(pattern)
                    .case_insensitive(caseless)
                    .size_limit(PATTERN_AT_MOST)
                    .build()
                {
                    Ok(regex) => Test::Pattern(Box::new(regex)),
                    Err(regex::Error::CompiledTooBig(_)) => {
                        Test::Broken("the pattern is too large".into())
                    }
                    Err(error) => {
                        // The library draws a caret over several lines; the last one is the sentence.
                        let why = error.to_string();
                        Test::Broken(
                            why.lines()
                                .last()
                                .unwrap_or("it cannot be read")
                                .trim_start_matches("error: ")
                                .to_owned(),
                        )
                    }
                }
            }
            None if rest.trim().is_empty() => Test::Anything,
            None => Test::Words(rest.split_whitespace().map(str::to_lowercase).collect()),
        };
        Self {
            text: text.to_owned(),
            test,
            keep,
        }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether everything passes.
    pub fn is_open(&self) -> bool {
        matches!(self.test, Test::Anything | Test::Broken(_))
    }

    /// Why the pattern cannot be used, as the rest of a sentence.
    pub fn complaint(&self) -> Option<&str> {
        match &self.test {
            Test::Broken(why) => Some(why),
            Test::Anything | Test::Words(_) | Test::Pattern(_) => None,
        }
    }

    pub fn keeps(&self, line: &str) -> bool {
        let matching = match &self.test {
            Test::Anything | Test::Broken(_) => return true,
            Test::Words(words) => {
                let line = line.to_lowercase();
                words.iter().all(|word| line.contains(word))
            }
            Test::Pattern(regex) => regex.is_match(line),
        };
        match self.keep {
            Keep::Matching => matching,
            Keep::Others => !matching,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_keep_what_they_say() {
        for (filter, line, kept) in [
            ("", "anything", true),
            ("check", "checkout-api eu-west-1", true),
            ("CHECK west", "checkout-api eu-west-1", true),
            ("check east", "checkout-api eu-west-1", false),
            ("!check", "checkout-api", false),
            ("!check", "orders-db", true),
            ("~^orders-(db|api)$", "orders-db", true),
            ("~FAILED", "update_failed", false),
            ("~failed", "UPDATE_FAILED", true),
            ("!~failed$", "UPDATE_FAILED", false),
            ("~", "anything", true),
            ("!", "anything", true),
        ] {
            assert_eq!(
                Filter::parse(filter).keeps(line),
                kept,
                "{filter:?} on {line:?}"
            );
        }
    }

    #[test]
    fn an_unfinished_pattern_keeps_everything_and_says_why() {
        let filter = Filter::parse("~(unclosed");
        assert!(filter.keeps("anything") && filter.is_open());
        assert_eq!(filter.complaint(), Some("unclosed group"));
    }
}
