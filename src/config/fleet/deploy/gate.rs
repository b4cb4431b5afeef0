//! The gates of a deployment: `gates = [{ http = "https://…" }, { approve = "…" }]`.

use super::values;
use crate::config::document::{Document, Entry, entries};
use crate::domain::operation::Gate;
use crate::domain::{AccountName, Scope};
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::DeValue;

/// How long something may take to become well, where nobody says.
const WITHIN: u32 = 300;
/// How long a command has.
const COMMAND: u32 = 60;
/// How long errors are watched, and how many in a hundred are too many.
const WATCHED: u32 = 120;
const PERCENT: f64 = 1.0;

/// What makes a gate the kind that it is.
const KINDS: [&str; 7] = [
    "http",
    "endpoints",
    "errors",
    "command",
    "approve",
    "window",
    "wait",
];

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Reads the list.
pub(super) fn read(document: &mut Document<'_>, value: &Spanned<DeValue<'_>>) -> Vec<Gate> {
    let DeValue::Array(list) = value.get_ref() else {
        document.warn_kind(
            "gates",
            value,
            "a list of tables such as `{ http = \"…\" }`",
        );
        return Vec::new();
    };
    let items = list.iter().cloned();
    items
        .filter_map(|item| {
            let at = item.span();
            one(document, &at, entries(item))
        })
        .collect()
}

/// The options of one gate, taken one by one; what is left at the end is unknown.
struct Options<'v> {
    left: BTreeMap<String, (Range<usize>, Spanned<DeValue<'v>>)>,
}

impl<'v> Options<'v> {
    fn take(&mut self, name: &str) -> Option<Spanned<DeValue<'v>>> {
        self.left.remove(name).map(|(_, value)| value)
    }

    fn span(&mut self, document: &mut Document<'_>, name: &str, default: u32) -> u32 {
        let value = self.take(name);
        let given = value.and_then(|value| values::span(document, name, &value));
        given.unwrap_or(default)
    }
}

fn one(document: &mut Document<'_>, at: &Range<usize>, entries: Vec<Entry<'_>>) -> Option<Gate> {
    let keyed = entries
        .into_iter()
        .map(|(key, value)| (key.get_ref().to_string(), (key.span(), value)));
    let mut options = Options {
        left: keyed.collect(),
    };
    let mut kinds = KINDS
        .iter()
        .filter(|kind| options.left.contains_key(**kind));
    let (Some(kind), None) = (kinds.next().copied(), kinds.next()) else {
        let what = format!("A gate is one of `{}`.", KINDS.join("`, `"));
        document.warn(at, what);
        return None;
    };
    let value = options.take(kind)?;
    let gate = match kind {
        "http" => http(document, &value, &mut options),
        "endpoints" => document.truth(kind, &value).map(|_| Gate::Endpoints {
            seconds: options.span(document, "within", WITHIN),
        }),
        "errors" => errors(document, &value, &mut options),
        "command" => Some(Gate::Command {
            line: values::command(document, &value),
            seconds: options.span(document, "within", COMMAND),
        }),
        "approve" => document.text(kind, &value).map(|words| Gate::Approve {
            words: words.to_owned(),
        }),
        "window" => window(document, &value),
        _ => values::span(document, kind, &value).map(|seconds| Gate::Wait { seconds }),
    };
    for (name, (at, _)) in &options.left {
        document.warn_unknown(at, "option of this gate", name, of(kind).iter().copied());
    }
    gate
}

/// What else a gate of a kind takes.
fn of(kind: &str) -> &'static [&'static str] {
    match kind {
        "http" | "endpoints" | "command" => &["within"][..],
        "errors" => &["alias", "percent", "during"],
        _ => &[],
    }
}

fn http(
    document: &mut Document<'_>,
    value: &Spanned<DeValue<'_>>,
    options: &mut Options<'_>,
) -> Option<Gate> {
    let url = document.text("http", value)?;
    if !url.starts_with("https://") && !url.starts_with("http://") {
        document.warn(&value.span(), format!("`{url}` is no address of HTTP."));
    }
    Some(Gate::Http {
        url: url.to_owned(),
        seconds: options.span(document, "within", WITHIN),
    })
}

/// The scope and the alias are settled when the accounts are known: an account as a whole stands for the regions of each
/// wave.
fn errors(
    document: &mut Document<'_>,
    value: &Spanned<DeValue<'_>>,
    options: &mut Options<'_>,
) -> Option<Gate> {
    let function = document.text("errors", value)?;
    let alias = options.take("alias");
    let alias = alias.and_then(|alias| document.text("alias", &alias).map(str::to_owned));
    let percent = match options.take("percent") {
        None => PERCENT,
        Some(value) => match values::number(&value) {
            Some(percent) if (0.0..=100.0).contains(&percent) => percent,
            _ => {
                document.warn(&value.span(), "`percent` has to be a number from 0 to 100.");
                PERCENT
            }
        },
    };
    Some(Gate::Errors {
        scope: Scope::global(&AccountName::new("")),
        function: function.into(),
        alias: alias.unwrap_or_default(),
        percent,
        seconds: options.span(document, "during", WATCHED),
    })
}

/// `Mon-Fri 08:00-16:00`, `Sat,Sun 22:00-06:00`, `08:00-16:00`; in UTC.
fn window(document: &mut Document<'_>, value: &Spanned<DeValue<'_>>) -> Option<Gate> {
    let text = document.text("window", value)?;
    let gate = hours(text);
    if gate.is_none() {
        let what = format!("`{text}` is no window; write it as `Mon-Fri 08:00-16:00`, in UTC.");
        document.warn(&value.span(), what);
    }
    gate
}

fn hours(text: &str) -> Option<Gate> {
    let (days, hours) = text.trim().rsplit_once(' ').unwrap_or(("", text.trim()));
    let (from, until) = hours.split_once('-')?;
    let (from, until) = (minutes(from)?, minutes(until)?);
    let mut listed = Vec::new();
    for part in days
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let place = |day: &str| {
            DAYS.iter()
                .position(|known| known.eq_ignore_ascii_case(day))
        };
        let (first, last) = (place(first)?, place(last)?);
        let span = (last + DAYS.len() - first) % DAYS.len();
        let of_span = (0..=span).map(|after| DAYS[(first + after) % DAYS.len()].to_owned());
        listed.extend(of_span);
    }
    (from != until).then_some(Gate::Window {
        days: listed,
        from,
        until,
    })
}

fn minutes(text: &str) -> Option<u32> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60 || (hour, minute) == (24, 0)).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_names_days_and_hours() {
        for (text, days, from, until) in [
            ("08:00-16:30", &[][..], 480, 990),
            ("Mon-Wed 08:00-16:00", &["Mon", "Tue", "Wed"], 480, 960),
            ("sat,Sun 22:00-06:00", &["Sat", "Sun"], 1320, 360),
            ("Sat-Mon 00:00-24:00", &["Sat", "Sun", "Mon"], 0, 1440),
        ] {
            let days = days.iter().map(ToString::to_string).collect();
            assert_eq!(
                hours(text),
                Some(Gate::Window { days, from, until }),
                "{text}"
            );
        }
        for text in [
            "",
            "Mon",
            "8-16",
            "Mon-Fry 08:00-16:00",
            "08:00-25:00",
            "08:00-08:00",
        ] {
            assert_eq!(hours(text), None, "{text}");
        }
    }
}
