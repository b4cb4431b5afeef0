//! A question that wants a yes or a no.

use super::page::{columns, lines, open};
use crate::app::logs::Confirm;
use crate::app::overlay::Scroll;
use crate::config::Role;
use crate::ui::sheet::Sheet;
use crate::ui::text;
use ratatui::layout::Rect;

/// ```text
/// ╭ Live Tail ─────────────────────────────────────────────╮
/// │ AWS sends new lines within a second or two, through …   │
/// │                                                         │
/// │ y yes   n no                                            │
/// ╰─────────────────────────────────────────────────────────╯
/// ```
pub(super) fn confirm(sheet: &mut Sheet<'_>, body: Rect, question: &Confirm) {
    let width = columns(body, 72);
    let wrapped: Vec<&str> = text::wrap(&question.words, width.saturating_sub(4)).collect();
    let len = wrapped.len() + 2;
    let places = open(sheet, body, (question.title, width, len));
    let (ordinary, key, muted) = (
        sheet.style(Role::Text),
        sheet.style(Role::Key),
        sheet.style(Role::Muted),
    );
    lines(sheet, places, (Scroll::default(), len), |mut pen, index| {
        if let Some(words) = wrapped.get(index) {
            pen.text(words, ordinary);
        } else if index + 1 == len {
            pen.text("y", key)
                .text(" yes   ", muted)
                .text("n", key)
                .text(" no", muted);
        }
    });
}
