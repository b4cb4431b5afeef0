//! The keys that may come next, after one that begins a sequence.

use crate::config::keymap::Resolution;
use crate::config::{Hint, Role};
use crate::ui::layout;
use crate::ui::sheet::{Focus, Sheet, line};
use crate::ui::text;
use ratatui::layout::Rect;

/// ```text
/// ╭ g ───────────────╮
/// │ e  events        │
/// │ g  top           │
/// ╰──────────────────╯
/// ```
///
/// At the bottom right, where the eye is after a key in the footer's corner.
pub(super) fn hints(sheet: &mut Sheet<'_>, body: Rect) {
    let app = sheet.app;
    let Resolution::Prefix(hints) = app.keymap().resolve(app.contexts(), app.pending()) else {
        return;
    };
    let glyphs = sheet.look.glyphs;
    let keys: Vec<String> = hints.iter().map(|hint| hint.key.label(glyphs)).collect();
    let key_width = text::widest(keys.iter());
    let title_width = text::widest(hints.iter().map(|hint| hint.title));
    let width = (key_width + title_width + 6).max(18);
    let height = u16::try_from(hints.len())
        .unwrap_or(u16::MAX)
        .saturating_add(2);
    let (_, low) = layout::bottom(body, height.min(body.height));
    let (_, area) = layout::left(low, low.width.saturating_sub(width));
    sheet.clear(area);
    let inner = sheet.frame(area, Focus::Here);
    let (title, key_style, ordinary) = (
        sheet.style(Role::Title),
        sheet.style(Role::Key),
        sheet.style(Role::Text),
    );
    let pressed: Vec<String> = app.pending().iter().map(|key| key.label(glyphs)).collect();
    sheet
        .title(area)
        .text(" ", title)
        .text(&pressed.join(" "), title)
        .text(" ", title);
    for ((key, hint), row) in keys.iter().zip(&hints).zip(0..inner.height) {
        let words = words(hint, sheet.signs().ellipsis);
        let mut pen = sheet.pen(line(inner, row), 0);
        pen.skip(1).take(key_width).text(key, key_style);
        pen.skip(2).text(words, ordinary);
    }
}

/// A key that only leads to more keys has a sign for a title; here it is one that the terminal can show.
fn words<'h>(hint: &'h Hint, ellipsis: &'static str) -> &'h str {
    if hint.title.is_ascii() {
        hint.title
    } else {
        ellipsis
    }
}
