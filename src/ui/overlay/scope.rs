//! Which accounts and regions are looked at.

use super::field::{frame, matched, rows, tick};
use crate::app::App;
use crate::app::choice::Choosable;
use crate::app::overlay::ScopePicker;
use crate::config::Role;
use crate::domain::time::short;
use crate::domain::untrusted::sanitise;
use crate::domain::{AccountName, Slot};
use crate::ui::fleet::places::place;
use crate::ui::sheet::Sheet;
use crate::ui::text;
use ratatui::layout::Rect;

const NAME: u16 = 18;

/// ```text
/// ╭ Scope · 2 accounts · 5 of 6 regions ─────────╮
/// │▸ [✓] prod              account 1234-5678-9012 │
/// │  [ ] eu-west-1         Ireland                │
/// ╰──────────────────────────────────────────────╯
/// ```
pub(super) fn scope(sheet: &mut Sheet<'_>, body: Rect, scope: &ScopePicker) {
    let dot = sheet.signs().dot;
    let title = title(scope, dot);
    let places = frame(sheet, body, (&title, &scope.picker));
    let app = sheet.app;
    rows(
        sheet,
        places,
        (&scope.picker, scope.picker.cursor()),
        |sheet, area, (thing, label, _, hit)| {
            let is_chosen = scope.choice.has(thing);
            let (muted, found) = (sheet.style(Role::Muted), sheet.style(Role::Match));
            let (sign, mark) = tick(sheet, is_chosen);
            let name = sheet.style(if is_chosen { Role::Text } else { Role::Muted });
            let mut pen = sheet.pen(area, 0);
            pen.text(sign, mark).skip(1);
            matched(
                &mut pen.take(NAME),
                &sanitise(label),
                (hit, 0),
                (name, found),
            );
            let note = match thing {
                Choosable::Account(name) => about(app, name, dot, pen.room()),
                Choosable::Region(region) => {
                    place(region).map_or_else(|| "region".to_owned(), |place| place.name.to_owned())
                }
            };
            pen.text(&note, muted);
        },
    );
}

/// `account 1234-5678-9012 · keys until 2026-11-20 15:14 UTC`, as fully as fits.
fn about(app: &App, name: &AccountName, dot: &str, room: u16) -> String {
    let slot = app.store().identity(name);
    if let Some(failing) = slot.and_then(Slot::failing) {
        return format!("account, {}", failing.problem.brief());
    }
    let Some(identity) = slot.and_then(Slot::value) else {
        return "account".to_owned();
    };
    let who = format!("account {}", identity.grouped_id());
    let Some(ends) = identity.expires.filter(|ends| *ends > app.now()) else {
        return who;
    };
    let until = ends.format("%Y-%m-%d %H:%M UTC");
    let full = format!("{who} {dot} keys until {until}");
    if text::width(&full) <= room {
        full
    } else {
        format!("{who} {dot} keys {}", short(ends - app.now()))
    }
}

/// `Scope · 2 accounts · 5 of 6 regions`
fn title(scope: &ScopePicker, dot: &str) -> String {
    let (mut accounts, mut regions) = ((0, 0), (0, 0));
    for thing in scope.picker.values() {
        let (chosen, all) = match thing {
            Choosable::Account(_) => &mut accounts,
            Choosable::Region(_) => &mut regions,
        };
        *all += 1;
        *chosen += usize::from(scope.choice.has(thing));
    }
    let words = |(chosen, all): (usize, usize), noun: &str| {
        let all = crate::ui::chrome::count(all, noun);
        if all.starts_with(&format!("{chosen} ")) {
            all
        } else {
            format!("{chosen} of {all}")
        }
    };
    format!(
        "Scope {dot} {} {dot} {}",
        words(accounts, "account"),
        words(regions, "region")
    )
}
