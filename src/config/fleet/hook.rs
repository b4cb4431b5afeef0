//! One `[[hook]]` of the fleet file: who is told of operations, and when.

use super::deploy::command;
use crate::config::document::{Document, Entry};
use crate::config::options::Section;
use crate::domain::{Hook, Occasion, Told};
use std::ops::Range;
use toml::Spanned;
use toml::de::DeValue;

const OCCASIONS: [(&str, Occasion); 5] = [
    ("plan", Occasion::Plan),
    ("start", Occasion::Start),
    ("wave", Occasion::Wave),
    ("failure", Occasion::Failure),
    ("end", Occasion::End),
];

/// Reads a hook; one that tells nobody is left out with a warning.
pub(super) fn read(
    document: &mut Document<'_>,
    at: &Range<usize>,
    entries: &[Entry<'_>],
) -> Option<Hook> {
    let before = document.warnings.len();
    let mut occasions = Vec::new();
    let mut told = None;
    for (key, value) in entries {
        match key.get_ref().as_ref() {
            "at" => occasions = at_of(document, value),
            "command" => told = Some(Told::Command(command(document, value))),
            "webhook" => told = webhook(document, value).map(Told::Webhook),
            name => document.warn_unknown(&key.span(), "option", name, Section::Hook.names()),
        }
    }
    let Some(told) = told else {
        if document.warnings.len() == before {
            document.warn(
                at,
                "A hook needs a `command` or a `webhook`; this one is left out.",
            );
        }
        return None;
    };
    let is_empty = matches!(&told, Told::Command(line) if line.is_empty());
    (!is_empty).then_some(Hook {
        at: occasions,
        told,
    })
}

fn at_of(document: &mut Document<'_>, value: &Spanned<DeValue<'_>>) -> Vec<Occasion> {
    let items: Vec<&Spanned<DeValue<'_>>> = match value.get_ref() {
        DeValue::Array(list) => list.iter().collect(),
        _ => vec![value],
    };
    let mut occasions = Vec::new();
    for item in items {
        let Some(name) = document.text("at", item) else {
            continue;
        };
        let known = OCCASIONS.iter().find(|(known, _)| *known == name);
        if let Some((_, occasion)) = known {
            occasions.push(*occasion);
        } else {
            let known = OCCASIONS.iter().map(|(name, _)| *name);
            document.warn_unknown(&item.span(), "occasion", name, known);
        }
    }
    occasions
}

fn webhook(document: &mut Document<'_>, value: &Spanned<DeValue<'_>>) -> Option<String> {
    let url = document.text("webhook", value)?;
    if !url.starts_with("https://") && !url.starts_with("http://") {
        // It may have a secret in it, so it is not repeated.
        document.warn(&value.span(), "`webhook` has to be an address of HTTP.");
        return None;
    }
    Some(url.to_owned())
}
