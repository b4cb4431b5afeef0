//! What will be sent, where, and what cannot be undone about it, before it is sent.

use super::page::{columns, lines, open};
use super::review::consent;
use crate::app::lambda::Pointing;
use crate::app::lambda::invoke::Plan;
use crate::app::overlay::Scroll;
use crate::config::Role;
use crate::domain::untrusted::sanitise;
use crate::domain::{Guard, Region, Slot};
use crate::ui::sheet::Sheet;
use crate::ui::text;
use ratatui::layout::Rect;

/// Lines of a payload that are shown; what is longer says so.
const PAYLOAD: usize = 6;

/// A line of a plan.
enum Entry {
    Blank,
    Words(String),
    Fact(&'static str, String),
    Consent,
}

/// Columns for what a fact is about.
const NAME: u16 = 10;

/// ```text
/// ╭ Ping checkout-api ─────────────────────────────────────────────────────╮
/// │ 1 region · account prod 1234-5678-9012 (guarded)                        │
/// │                                                                         │
/// │   eu-west-1   lambda:Invoke  checkout-api:ACTIVE, which is 19           │
/// │   payload     {"ramuda_action":"ping"}                                  │
/// │   then        waits for the answer and the end of the log               │
/// │   undo        not undone: whatever the function does                    │
/// │                                                                         │
/// │ Type checkout-api to go on ▏                                            │
/// ╰─────────────────────────────────────────────────────────────────────────╯
/// ```
pub(super) fn plan(sheet: &mut Sheet<'_>, body: Rect, plan: &Plan) {
    let (app, look, signs) = (sheet.app, sheet.look, sheet.signs());
    let width = columns(body, 84);
    let room = width.saturating_sub(4 + 2 + NAME + 2);
    let account = &plan.scope.account;
    let identity = app.store().identity(account).and_then(Slot::value);
    let digits = identity.map_or_else(String::new, |it| format!(" {}", it.grouped_id()));
    let guard = match plan.guard {
        Guard::None => "not guarded",
        Guard::Confirm => "guarded: asks",
        Guard::Typed => "guarded: the name is typed",
    };
    let region = sanitise(plan.scope.region().map_or("", Region::as_str)).into_owned();
    let version = match &plan.pointing {
        Pointing::At(version) => format!(", which is {version} now"),
        Pointing::Absent | Pointing::Unread => ":$LATEST".to_owned(),
    };
    let name = sanitise(account.as_str());
    let mut entries = vec![
        Entry::Words(format!(
            "1 region {} account {name}{digits} ({guard})",
            signs.dot
        )),
        Entry::Blank,
        Entry::Fact("region", region),
        Entry::Fact("call", "lambda:Invoke, once".to_owned()),
        Entry::Fact("function", format!("{}{version}", plan.asked.target())),
    ];
    if plan.pointing == Pointing::Absent {
        let alias = sanitise(&app.fleet().lambda.alias);
        let words = format!("it has no alias {alias} there");
        entries.push(Entry::Fact("", words));
    }
    entries.extend(payload(&plan.asked.payload, room));
    entries.extend([
        Entry::Fact(
            "then",
            "waits for the answer and the end of its log".to_owned(),
        ),
        Entry::Fact("undo", "not undone: whatever the function does".to_owned()),
        Entry::Blank,
        Entry::Consent,
    ]);
    let name = plan.asked.function.safe();
    let title = format!("{} {name}", plan.deed.words());
    let places = open(sheet, body, (&title, width, entries.len()));
    let (ordinary, muted, warn) = (
        sheet.style(Role::Text),
        sheet.style(Role::Muted),
        sheet.style(Role::Warn),
    );
    let len = entries.len();
    lines(
        sheet,
        places,
        (Scroll::default(), len),
        |mut pen, index| match entries.get(index) {
            Some(Entry::Blank) | None => {}
            Some(Entry::Words(words)) => _ = pen.text(words, ordinary),
            Some(Entry::Fact(name, words)) => {
                pen.skip(2).take(NAME).text(name, muted);
                let style = if *name == "undo" { warn } else { ordinary };
                pen.skip(2).text(words, style);
            }
            Some(Entry::Consent) => {
                consent(&mut pen, &plan.agreement, look);
            }
        },
    );
}

/// What is sent: its beginning, and how much more there is.
fn payload(payload: &str, room: u16) -> Vec<Entry> {
    let safe = sanitise(payload);
    let mut lines = text::wrap(&safe, room);
    let mut entries: Vec<Entry> = Vec::new();
    let mut shown = 0;
    for line in lines.by_ref().take(PAYLOAD) {
        // Lines are parts of the text, one after the other: what lies between them is blank.
        shown += safe
            .get(shown..)
            .and_then(|rest| rest.find(line))
            .unwrap_or(0)
            + line.len();
        let name = if entries.is_empty() { "payload" } else { "" };
        entries.push(Entry::Fact(name, line.to_owned()));
    }
    if lines.next().is_some() {
        let all = payload.len();
        let more = all.saturating_sub(shown);
        let words = format!("… {more} more bytes of {all}");
        entries.push(Entry::Fact("", words));
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_that_is_cut_says_by_how_much() {
        let words = |text: &str| {
            let entries = payload(text, 10);
            let last = entries.into_iter().next_back();
            let Some(Entry::Fact(_, words)) = last else {
                panic!("no payload");
            };
            words
        };
        assert_eq!(words(&"x".repeat(60)), "x".repeat(10), "all of it fits");
        assert_eq!(words(&"x".repeat(61)), "… 1 more bytes of 61");
        let spaced = "xxxxxxxx yyyyyyyy ".repeat(100);
        assert_eq!(words(&spaced), "… 1747 more bytes of 1800");
    }
}
