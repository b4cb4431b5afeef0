//! The last lines of its logs that tell of a failure, over all regions, newest first.

use super::line::{Known, Lead, Line, Page, Tone, sentence};
use crate::domain::log::gist::gist;
use crate::domain::{Kind, Region, Scope, Search, Slot, Topic, Untrusted, untrusted::sanitise};
use std::cmp::Reverse;

/// What is said of a region whose log holds more than is read for this page.
const PARTIAL: &str =
    "The log is too long to be looked through: it may hold other failures, and newer ones.";

pub(super) fn page(known: &Known<'_>) -> Page {
    let mut found = Vec::new();
    let (mut failing, mut is_asking) = (Vec::new(), false);
    for scope in known.scopes {
        let slot = known.store.last_errors(scope, &topic(known, scope));
        is_asking |= slot.is_none_or(|slot| slot.good().is_none() && slot.failing().is_none());
        let is_missing = slot
            .and_then(Slot::failing)
            .is_some_and(|failing| failing.problem.kind == Kind::Missing);
        if !is_missing {
            failing.extend(sentence(slot).map(|it| (scope.clone(), it)));
        }
        let Some(last) = slot.and_then(Slot::value) else {
            continue;
        };
        if last.search == Search::Partial {
            failing.push((scope.clone(), PARTIAL.to_owned()));
        }
        // What REPORT says of a failure, the lines before it have said.
        let telling = last
            .lines
            .iter()
            .filter(|it| !it.message.exact().starts_with("REPORT "));
        found.extend(telling.map(|line| (scope, line)));
    }
    found.sort_by_key(|(_, line)| Reverse(line.at));
    let mut lines: Vec<Line> = found
        .iter()
        .enumerate()
        .map(|(nth, (scope, line))| {
            let message = line.message.exact();
            let words = match gist(message) {
                Some(gist) => gist,
                None => bare(&line.message.safe()).to_owned(),
            };
            let region = sanitise(scope.region().map_or("", Region::as_str)).into_owned();
            let time = line.at.format("%H:%M:%S%.3f").to_string();
            // Two lines of a millisecond are told apart by their place in it.
            let same = found
                .iter()
                .take(nth)
                .filter(|(_, it)| it.at == line.at)
                .count();
            let key = format!("{time} {region} {same}");
            let mut made = Line::new(Tone::Bad, key, vec![time, region, words]);
            made.lead = Lead::Log {
                scope: (*scope).clone(),
                at: Some(line.at),
            };
            made
        })
        .collect();
    lines.extend(known.problems(failing));
    let excuse = if is_asking {
        "Reading the logs of every region."
    } else {
        "No line of the last 3 h tells of a failure."
    };
    Page {
        lines,
        excuse: excuse.to_owned(),
    }
}

/// A message without the time and the request's id that Lambda puts before it: the line has its time already.
fn bare(message: &str) -> &str {
    let message = message.trim_matches(['⏎', ' ']);
    let message = message.strip_prefix("RequestId: ").unwrap_or(message);
    let is_time = |word: &str| word.len() > 19 && word.ends_with('Z') && word.contains('T');
    let is_id = |word: &str| {
        word.len() == 36
            && word
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
    };
    let mut rest = message;
    while let Some((word, behind)) = rest.split_once([' ', '\t'])
        && (is_time(word) || is_id(word))
    {
        rest = behind.trim_start();
    }
    rest
}

fn topic(known: &Known<'_>, scope: &Scope) -> Topic {
    Topic::LastErrors(log_group(known.store, scope, known.name))
}

/// Where a function writes its log: its own setting, or the name that Lambda gives.
pub(in crate::app::lambda) fn log_group(
    store: &crate::domain::Store,
    scope: &Scope,
    name: &Untrusted,
) -> Untrusted {
    let functions = crate::app::lambda::functions_of(store, scope);
    let at = functions.binary_search_by(|function| function.name.cmp(name));
    let function = at.ok().and_then(|at| functions.get(at));
    function.map_or_else(
        || Untrusted::new(format!("/aws/lambda/{}", name.exact())),
        |function| function.log_group.clone(),
    )
}

#[cfg(test)]
mod tests {
    use super::bare;

    #[test]
    fn a_message_begins_where_it_says_something() {
        for (message, words) in [
            (
                "2026-11-28T19:34:38.995Z c51cc99c-0f35-4c4f-a54c-0f35a54c0f35 Task timed out⏎⏎",
                "Task timed out",
            ),
            (
                "RequestId: c51cc99c-0f35-4c4f-a54c-0f35a54c0f35 Error: Runtime exited",
                "Error: Runtime exited",
            ),
            ("KeyError: 'price'", "KeyError: 'price'"),
            ("", ""),
        ] {
            assert_eq!(bare(message), words);
        }
    }
}
