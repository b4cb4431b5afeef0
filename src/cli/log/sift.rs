//! Which events are printed: what the operator asks of their messages, on our side.

use super::arguments::Logs;
use crate::command::nearest;
use crate::domain::log::Level;
use crate::domain::untrusted::sanitise;
use regex::Regex;

/// The tests that a message has to pass.
#[derive(Debug)]
pub(super) struct Sift {
    /// One of them has to match, if there are any.
    grep: Vec<Regex>,
    /// None of them may.
    exclude: Vec<Regex>,
    level: Option<Level>,
}

impl Sift {
    /// What was asked for. The error is a sentence.
    pub(super) fn of(asked: &Logs) -> Result<Self, String> {
        let all = |flag: &str, patterns: &[String]| -> Result<Vec<Regex>, String> {
            patterns.iter().map(|text| pattern(flag, text)).collect()
        };
        Ok(Self {
            grep: all("--grep", &asked.grep)?,
            exclude: all("--exclude", &asked.exclude)?,
            level: asked.level.as_deref().map(level).transpose()?,
        })
    }

    pub(super) fn keeps(&self, message: &str) -> bool {
        let fits = |pattern: &Regex| pattern.is_match(message);
        (self.grep.is_empty() || self.grep.iter().any(fits))
            && !self.exclude.iter().any(fits)
            && self
                .level
                .is_none_or(|least| Level::sniff(message).is_some_and(|level| level >= least))
    }
}

/// Reads a regular expression. The error is a sentence.
pub(super) fn pattern(flag: &str, text: &str) -> Result<Regex, String> {
    Regex::new(text).map_err(|error| {
        // The library draws a caret over several lines; the last one is the sentence.
        let why = error.to_string();
        let why = why.lines().last().unwrap_or("it cannot be read");
        format!(
            "The pattern of `{flag}` cannot be read: {}.",
            sanitise(why.trim_start_matches("error: ").trim_end_matches('.'))
        )
    })
}

fn level(text: &str) -> Result<Level, String> {
    Level::named(text).ok_or_else(|| {
        let names = Level::ALL.map(Level::name);
        format!(
            "There is no level `{}`; did you mean `{}`?",
            sanitise(text),
            nearest(text, names).unwrap_or("ERROR")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Door, Verb, parse};

    fn sift(words: &[&str]) -> Result<Sift, String> {
        let door = parse(["quarterdeck", "logs", "g"].iter().chain(words))
            .unwrap()
            .door;
        let Door::Verb(Verb::Logs(asked)) = door else {
            panic!("{door:?}");
        };
        Sift::of(&asked)
    }

    #[test]
    fn an_event_has_to_pass_every_kind_of_test() {
        let sift = sift(&[
            "--grep",
            "order",
            "--grep",
            "pay",
            "--exclude",
            "health",
            "--level",
            "warn",
        ])
        .unwrap();
        for (message, kept) in [
            ("ERROR order 7 failed", true),
            ("WARN payment is slow", true),
            ("INFO order 7 done", false),
            ("ERROR health of orders", false),
            ("ERROR disk", false),
            ("order 7", false),
        ] {
            assert_eq!(sift.keeps(message), kept, "{message}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_said_in_a_sentence() {
        for (words, sentence) in [
            (
                ["--grep", "(a"],
                "The pattern of `--grep` cannot be read: unclosed group.",
            ),
            (
                ["--exclude", "a{2,1}"],
                "The pattern of `--exclude` cannot be read: invalid repetition count range, the start must be <= the end.",
            ),
            (
                ["--level", "eror"],
                "There is no level `eror`; did you mean `ERROR`?",
            ),
        ] {
            assert_eq!(sift(&words).unwrap_err(), sentence);
        }
    }
}
