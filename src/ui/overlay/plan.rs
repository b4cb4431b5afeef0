//! What will be sent, where, and what cannot be undone about it, before it is sent.

use super::field::field;
use super::page::{columns, lines, open};
use crate::app::lambda::invoke::Plan;
use crate::app::overlay::Scroll;
use crate::config::Role;
use crate::domain::untrusted::sanitise;
use crate::domain::{Guard, Region, Slot};
use crate::ui::sheet::Sheet;
use crate::ui::text;
use ratatui::layout::Rect;

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
    let version = match (&plan.asked.qualifier, &plan.version) {
        (Some(_), Some(version)) => format!(", which is {version} now"),
        (Some(_), None) => String::new(),
        (None, _) => ":$LATEST".to_owned(),
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
    let payload = sanitise(&plan.asked.payload);
    for (nth, line) in text::wrap(&payload, room).take(6).enumerate() {
        let name = if nth == 0 { "payload" } else { "" };
        entries.push(Entry::Fact(name, line.to_owned()));
    }
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
    let (ordinary, muted, key, warn) = (
        sheet.style(Role::Text),
        sheet.style(Role::Muted),
        sheet.style(Role::Key),
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
                if let Some(complaint) = plan.complaint {
                    pen.right(&format!("{} {complaint}", signs.failed), warn);
                }
                match plan.guard {
                    Guard::None | Guard::Confirm => {
                        pen.text("Enter", key).text(" sends it, ", muted);
                        pen.text("Esc", key).text(" leaves it.", muted);
                    }
                    Guard::Typed => {
                        pen.text("Type ", muted).text(&name, key);
                        pen.text(" to go on ", muted);
                        field(&mut pen, &plan.input, look);
                    }
                }
            }
        },
    );
}
