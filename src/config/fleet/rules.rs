//! The sections of the fleet file that hold rules for a part of the house: `[alarms]`, `[lambda]`, `[metrics]`.
//!
//! A value that cannot be used is warned of with its line, and the default holds in its place.

use crate::config::Alerts;
use crate::config::document::{Document, Entry};
use crate::config::options::Section;
use crate::domain::{Dollars, LambdaRules, SpendingCap};
use toml::Spanned;
use toml::de::DeValue;

/// More than this an hour is a slip of the finger.
const DOLLARS_AT_MOST: f64 = 1_000.0;

pub(super) fn alarms(document: &mut Document<'_>, (key, value): &Entry<'_>, alerts: &mut Alerts) {
    match key.get_ref().as_ref() {
        "bell" => alerts.bell = document.truth("bell", value).unwrap_or(alerts.bell),
        "notify" => alerts.notify = document.truth("notify", value).unwrap_or(alerts.notify),
        "command" => alerts.command = command(document, value).unwrap_or_default(),
        name => document.warn_unknown(&key.span(), "option", name, Section::Alarms.names()),
    }
}

/// A program and its arguments. No shell reads it, so a line in one piece would be a program of that name.
fn command(document: &mut Document<'_>, value: &Spanned<DeValue<'_>>) -> Option<Vec<String>> {
    const FORM: &str = "a list of texts, the program first";
    let DeValue::Array(list) = value.get_ref() else {
        document.warn_kind("command", value, FORM);
        return None;
    };
    let words: Option<Vec<String>> = list
        .iter()
        .map(|word| document.text("command", word).map(str::to_owned))
        .collect();
    let words = words?;
    if words
        .first()
        .is_some_and(|program| program.trim().is_empty())
    {
        document.warn(&value.span(), "`command` names no program, so none is run.");
        return None;
    }
    Some(words)
}

pub(super) fn lambda(
    document: &mut Document<'_>,
    (key, value): &Entry<'_>,
    rules: &mut LambdaRules,
) {
    match key.get_ref().as_ref() {
        "alias" => match document.text("alias", value).map(str::trim) {
            Some(alias) if is_alias(alias) => alias.clone_into(&mut rules.alias),
            Some(alias) => {
                let what = format!(
                    "`{alias}` cannot be an alias of a function; `{}` is used.",
                    rules.alias
                );
                document.warn(&value.span(), what);
            }
            None => {}
        },
        "ping" => {
            let Some(ping) = document.text("ping", value) else {
                return;
            };
            match serde_json::from_str::<serde_json::Value>(ping) {
                Ok(_) => ping.clone_into(&mut rules.ping),
                Err(error) => {
                    let what = format!("`ping` is not JSON: {error}. The default is sent.");
                    document.warn(&value.span(), what);
                }
            }
        }
        name => document.warn_unknown(&key.span(), "option", name, Section::Lambda.names()),
    }
}

/// Lambda's own rule: letters, digits, `-` and `_`, and not a number, which would be a version.
fn is_alias(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (1..=128).contains(&name.len())
        && name.bytes().all(is_letter)
        && !name.bytes().all(|byte| byte.is_ascii_digit())
}

pub(super) fn metrics(
    document: &mut Document<'_>,
    (key, value): &Entry<'_>,
    cap: &mut SpendingCap,
) {
    match key.get_ref().as_ref() {
        "cap" => {
            let SpendingCap(before) = *cap;
            if let Some(dollars) = dollars(value.get_ref()) {
                *cap = SpendingCap(dollars);
            } else {
                let what = format!(
                    "`cap` has to be dollars an hour, a number from 0 to {DOLLARS_AT_MOST}; {before} is used."
                );
                document.warn(&value.span(), what);
            }
        }
        name => document.warn_unknown(&key.span(), "option", name, Section::Metrics.names()),
    }
}

fn dollars(value: &DeValue<'_>) -> Option<Dollars> {
    let dollars: f64 = match value {
        DeValue::Float(number) => number.as_str().replace('_', "").parse().ok()?,
        DeValue::Integer(number) => number.as_str().replace('_', "").parse().ok()?,
        DeValue::String(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_)
        | DeValue::Table(_) => return None,
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between nought and a thousand million, by the range"
    )]
    (0.0..=DOLLARS_AT_MOST)
        .contains(&dollars)
        .then(|| Dollars::millionths((dollars * 1_000_000.0).round() as u64))
}
