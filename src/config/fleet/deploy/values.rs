//! The forms of value that a deployment has: spans, lists, parameters, policies.

use crate::config::document::Document;
use crate::domain::log::moment::duration;
use crate::domain::operation::Given;
use toml::Spanned;
use toml::de::DeValue;

/// One text, or a list of them.
pub(in crate::config::fleet) fn texts(
    document: &mut Document<'_>,
    name: &str,
    value: &Spanned<DeValue<'_>>,
) -> Option<Vec<String>> {
    let DeValue::Array(list) = value.get_ref() else {
        return document.text(name, value).map(|text| vec![text.to_owned()]);
    };
    list.iter()
        .map(|item| document.text(name, item).map(str::to_owned))
        .collect()
}

/// Names or patterns; to name none is taken for a mistake.
pub(super) fn globs(
    document: &mut Document<'_>,
    name: &str,
    value: &Spanned<DeValue<'_>>,
) -> Vec<String> {
    let globs = texts(document, name, value).unwrap_or_default();
    if globs.is_empty() {
        document.warn(&value.span(), format!("`{name}` names none."));
    }
    globs
}

/// A program and its arguments. No shell reads it.
pub(in crate::config::fleet) fn command(
    document: &mut Document<'_>,
    value: &Spanned<DeValue<'_>>,
) -> Vec<String> {
    let DeValue::Array(_) = value.get_ref() else {
        document.warn_kind("command", value, "a list of texts, the program first");
        return Vec::new();
    };
    let words = texts(document, "command", value).unwrap_or_default();
    if words
        .first()
        .is_none_or(|program| program.trim().is_empty())
    {
        document.warn(&value.span(), "`command` names no program.");
    }
    words
}

/// Seconds, as a number or as `90s`, `5m`, `1h`.
pub(super) fn span(
    document: &mut Document<'_>,
    name: &str,
    value: &Spanned<DeValue<'_>>,
) -> Option<u32> {
    let seconds = match value.get_ref() {
        DeValue::Integer(number) => number.as_str().replace('_', "").parse().ok(),
        DeValue::String(text) => match seconds(text) {
            Ok(seconds) => Some(seconds),
            Err(sentence) => {
                document.warn(&value.span(), sentence);
                return None;
            }
        },
        _ => None,
    };
    if seconds.is_none() {
        document.warn_kind(name, value, "seconds, or a span such as `\"5m\"`");
    }
    seconds
}

/// The seconds of `90s`, `5m`, `1h`. The error is a sentence.
pub fn seconds(text: &str) -> Result<u32, String> {
    let span = duration(text)?;
    u32::try_from(span.num_seconds()).map_err(|_too_long| {
        let text = crate::domain::untrusted::sanitise(text);
        format!("`{text}` is longer than anybody waits.")
    })
}

/// A number, with or without a point.
pub(super) fn number(value: &Spanned<DeValue<'_>>) -> Option<f64> {
    match value.get_ref() {
        DeValue::Float(number) => number.as_str().replace('_', "").parse().ok(),
        DeValue::Integer(number) => number.as_str().replace('_', "").parse().ok(),
        _ => None,
    }
}

/// One of a few words.
pub(super) fn one_of<T: Copy>(
    document: &mut Document<'_>,
    (name, kind): (&str, &str),
    value: &Spanned<DeValue<'_>>,
    known: &[(&str, T)],
) -> Option<T> {
    let word = document.text(name, value)?;
    let found = known.iter().find(|(known, _)| *known == word);
    if found.is_none() {
        let names = known.iter().map(|(name, _)| *name);
        document.warn_unknown(&value.span(), kind, word, names);
    }
    found.map(|(_, value)| *value)
}

/// A table of keys and values, for everywhere or for the regions of a glob.
pub(super) fn given(
    document: &mut Document<'_>,
    name: &str,
    value: Spanned<DeValue<'_>>,
    region: Option<&str>,
) -> Vec<Given> {
    let mut given = Vec::new();
    for (key, value) in document.table(name, value) {
        let key = key.get_ref().to_string();
        let Some(value) = plain(value.get_ref()) else {
            document.warn_kind(
                &key,
                &value,
                "a text, a number, `true` or `false`, or a list of them",
            );
            continue;
        };
        given.push(Given {
            key,
            value,
            region: region.map(str::to_owned),
        });
    }
    given
}

/// A value as CloudFormation takes it: a text, and a list joined by commas.
fn plain(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.as_str().replace('_', "")),
        DeValue::Float(number) => Some(number.as_str().replace('_', "")),
        DeValue::Boolean(truth) => Some(truth.to_string()),
        DeValue::Datetime(moment) => Some(moment.to_string()),
        DeValue::Array(list) => {
            let items = list.iter().map(|item| match item.get_ref() {
                DeValue::Array(_) | DeValue::Table(_) => None,
                item => plain(item),
            });
            items.collect::<Option<Vec<_>>>().map(|it| it.join(","))
        }
        DeValue::Table(_) => None,
    }
}

/// JSON, or the name of a file that has it; what is JSON has to be whole.
pub(super) fn policy(
    document: &mut Document<'_>,
    name: &str,
    value: &Spanned<DeValue<'_>>,
) -> Option<String> {
    let text = document.text(name, value)?.trim();
    if text.is_empty() {
        document.warn(&value.span(), format!("`{name}` is empty."));
        return None;
    }
    if let Some(error) = is_json(text)
        .then(|| serde_json::from_str::<serde_json::Value>(text).err())
        .flatten()
    {
        document.warn(&value.span(), format!("`{name}` is not JSON: {error}."));
    }
    Some(text.to_owned())
}

/// Whether it is the policy itself, and not a file's name.
pub(super) fn is_json(text: &str) -> bool {
    text.starts_with('{')
}
