//! Every command by name: what it does, its keys, and why it cannot be run where it cannot.

use super::field::{frame, matched, rows};
use crate::app::enabled;
use crate::app::picker::Picker;
use crate::command::Command;
use crate::config::Role;
use crate::ui::chrome::contexts;
use crate::ui::sheet::Sheet;
use ratatui::layout::Rect;

/// Columns of a command's name, and of its keys.
const NAME: u16 = 16;
const KEYS: u16 = 12;

/// ```text
/// ╭ Commands · 3 of 36 ──────────────────────────────────────────╮
/// │ ▸ sta▏                                                        │
/// │───────────────────────────────────────────────────────────────│
/// │▸ stacks          Every stack, one column per region.        2 │
/// │  nested          This belongs to the Stacks view.           N │
/// ╰───────────────────────────────────────────────────────────────╯
/// ```
pub(super) fn palette(sheet: &mut Sheet<'_>, body: Rect, picker: &Picker<Command>) {
    let places = frame(sheet, body, ("Commands", picker));
    let app = sheet.app;
    let here = contexts(app);
    rows(
        sheet,
        places,
        (picker, picker.cursor()),
        |sheet, area, (command, label, note, hit)| {
            let why_not = enabled(app, *command).err();
            let keys = app.keymap().keys_for(*command, here);
            let keys = keys
                .first()
                .map(|keys| keys.label(sheet.look.glyphs))
                .unwrap_or_default();
            let found = sheet.style(Role::Match);
            let (key, muted, ordinary) = (
                sheet.style(Role::Key),
                sheet.style(Role::Muted),
                sheet.style(Role::Text),
            );
            let (name, reason) = (
                if why_not.is_some() { muted } else { ordinary },
                sheet.style(Role::Stale),
            );
            let mut pen = sheet.pen(area, 0);
            if pen.room() > NAME + KEYS {
                pen.right(&keys, if why_not.is_some() { muted } else { key })
                    .right("  ", muted);
            }
            matched(&mut pen.take(NAME), label, (hit, 0), (name, found));
            match why_not {
                Some(why) => _ = pen.text(why, reason),
                None => matched(
                    &mut pen,
                    note,
                    (hit, label.chars().count() + 1),
                    (muted, found),
                ),
            }
        },
    );
}
