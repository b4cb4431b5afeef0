//! A TOML file whose every value knows its line, and the list of what was wrong with it.
//!
//! Themes, keymaps and the fleet file are read through this, so all three forgive alike: a mistake becomes a
//! [`Warning`] and the rest of the file still counts. Nothing here fails.

use super::Warning;
use super::mistake::unknown;
use std::borrow::Cow;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One key with its value, both knowing where they stand.
pub(super) type Entry<'t> = (Spanned<Cow<'t, str>>, Spanned<DeValue<'t>>);

/// Errors of syntax that are told; after a few the rest is only their echo.
const TOLD_AT_MOST: usize = 3;

/// A file being read.
pub(super) struct Document<'t> {
    file: &'t str,
    text: &'t str,
    pub(super) warnings: Vec<Warning>,
    /// Whether all of it was TOML. If not, what was read may lack lines that the operator did write.
    pub(super) is_whole: bool,
}

impl<'t> Document<'t> {
    /// Opens the text of a file: the document to report to, and its entries in the order of the file.
    pub(super) fn open(file: &'t str, text: &'t str) -> (Self, Vec<Entry<'t>>) {
        let (table, errors) = DeTable::parse_recoverable(text);
        let mut document = Self {
            file,
            text,
            warnings: Vec::new(),
            is_whole: errors.is_empty(),
        };
        for error in &errors {
            let at = error.span().unwrap_or_default();
            document.warn_syntax(&at, error.message());
            // One wrong character is told for each token that it spoils.
            if let Some(last) = document.warnings.pop()
                && !document.warnings.contains(&last)
            {
                document.warnings.push(last);
            }
            if document.warnings.len() == TOLD_AT_MOST {
                break;
            }
        }
        (document, in_order(table.into_inner()))
    }

    /// A bare word is taken for a number or `true` gone wrong; what was meant is nearly always a text.
    fn warn_syntax(&mut self, at: &Range<usize>, message: &str) {
        match message.split_once(", expected") {
            Some((value, _)) if value.starts_with("invalid") => self.warn_with(
                at,
                format!("This is not TOML: {value}."),
                "Put texts in quotes.",
            ),
            _ => self.warn(at, format!("This is not TOML: {message}.")),
        }
    }

    /// Notes a mistake at a place of the file.
    pub(super) fn warn(&mut self, at: &Range<usize>, what: impl AsRef<str>) {
        let line = self.line(at);
        self.warnings.push(Warning::about(self.file, what).at(line));
    }

    /// Notes a mistake, and what to do about it.
    pub(super) fn warn_with(
        &mut self,
        at: &Range<usize>,
        what: impl AsRef<str>,
        hint: impl AsRef<str>,
    ) {
        let line = self.line(at);
        self.warnings
            .push(Warning::about(self.file, what).at(line).hint(hint));
    }

    /// Notes a name that leads nowhere, with the nearest that leads somewhere.
    pub(super) fn warn_unknown<'a>(
        &mut self,
        at: &Range<usize>,
        kind: &str,
        name: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) {
        self.warn(at, unknown(kind, name, known));
    }

    /// A text, or a warning that it is none.
    pub(super) fn text<'v>(
        &mut self,
        name: &str,
        value: &'v Spanned<DeValue<'_>>,
    ) -> Option<&'v str> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.warn_kind(name, value, "a text in quotes");
        }
        text
    }

    /// `true` or `false`, or a warning that it is neither.
    pub(super) fn truth(&mut self, name: &str, value: &Spanned<DeValue<'_>>) -> Option<bool> {
        let truth = value.get_ref().as_bool();
        if truth.is_none() {
            self.warn_kind(name, value, "`true` or `false`");
        }
        truth
    }

    /// The entries of a table, or a warning that it is none.
    pub(super) fn table<'v>(&mut self, name: &str, value: Spanned<DeValue<'v>>) -> Vec<Entry<'v>> {
        if let DeValue::Table(_) = value.get_ref() {
            entries(value)
        } else {
            self.warn_kind(name, &value, "a table");
            Vec::new()
        }
    }

    /// Notes that a value has the wrong form.
    pub(super) fn warn_kind(&mut self, name: &str, value: &Spanned<DeValue<'_>>, wanted: &str) {
        let found = value.get_ref().type_str();
        self.warn(
            &value.span(),
            format!(
                "`{name}` has to be {wanted}, not {} {found}.",
                article(found)
            ),
        );
    }

    /// The line of a place, counted from one.
    pub(super) fn line(&self, at: &Range<usize>) -> usize {
        let before = self.text.get(..at.start).unwrap_or(self.text);
        before.matches('\n').count() + 1
    }
}

/// The entries of a value that is a table; none when it is not.
pub(super) fn entries(value: Spanned<DeValue<'_>>) -> Vec<Entry<'_>> {
    match value.into_inner() {
        DeValue::Table(table) => in_order(table),
        _ => Vec::new(),
    }
}

/// A table forgets the order of the file; the places remember it.
fn in_order(table: DeTable<'_>) -> Vec<Entry<'_>> {
    let mut entries: Vec<Entry<'_>> = table.into_iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_in_the_order_of_the_file() {
        let (document, entries) = Document::open("x.toml", "z = 1\na = 2\n\n[m]\nq = 3\n");
        let names: Vec<_> = entries
            .iter()
            .map(|(key, _)| key.get_ref().as_ref())
            .collect();
        assert_eq!(names, ["z", "a", "m"]);
        assert!(document.is_whole && document.warnings.is_empty());
        assert_eq!(document.line(&entries[1].0.span()), 2);
    }

    #[test]
    fn what_is_not_toml_is_told_with_its_line_and_the_rest_still_counts() {
        let (document, entries) = Document::open("x.toml", "a = 1\nb = typed\nc = 3\n");
        assert!(!document.is_whole);
        let said: Vec<_> = document.warnings.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            ["x.toml:2: This is not TOML: invalid boolean. Put texts in quotes."]
        );
        assert!(entries.iter().any(|(key, _)| key.get_ref() == "c"));
    }

    #[test]
    fn one_bad_byte_is_never_told_twice_alike() {
        let sound = "v = { tag = \"x\" }\n[[a]]\nb = [\"u\", 'v']\nc = false # d\n";
        let mut spared = 0;
        for at in 0..sound.len() {
            for bad in ["\0", "\"", "[", "\u{fffd}"] {
                let (before, after) = sound.split_at(at);
                let text = format!("{before}{bad}{after}");
                let errors = DeTable::parse_recoverable(&text).1.len();
                let mut told: Vec<_> = Document::open("x.toml", &text)
                    .0
                    .warnings
                    .iter()
                    .map(ToString::to_string)
                    .collect();
                let count = told.len();
                told.sort();
                told.dedup();
                assert_eq!(told.len(), count, "{text:?}");
                spared += errors - count;
            }
        }
        assert!(spared > 0);
    }

    #[test]
    fn a_value_of_the_wrong_form_is_named_in_words() {
        let (mut document, entries) = Document::open("x.toml", "a = 1\nb = [true]\n");
        assert_eq!(document.text("a", &entries[0].1), None);
        assert_eq!(document.truth("b", &entries[1].1), None);
        let said: Vec<_> = document.warnings.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "x.toml:1: `a` has to be a text in quotes, not an integer.",
                "x.toml:2: `b` has to be `true` or `false`, not an array."
            ]
        );
    }
}
