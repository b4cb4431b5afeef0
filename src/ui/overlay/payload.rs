//! The payload that a function is to be called with, in the footer's place.

use super::field::field;
use crate::app::lambda::invoke::Payload;
use crate::config::Role;
use crate::ui::sheet::Sheet;
use crate::ui::text;
use ratatui::layout::Rect;

/// ```text
///  payload {"order": 8812}▏                          JSON · for checkout-api   ↵ shows what will be sent
/// ```
pub(super) fn payload(sheet: &mut Sheet<'_>, area: Rect, payload: &Payload) {
    let (key, muted, error) = (
        sheet.style(Role::Key),
        sheet.style(Role::Muted),
        sheet.style(Role::Error),
    );
    let (look, signs) = (sheet.look, sheet.signs());
    sheet.clear(area);
    let mut pen = sheet.pen(area, 0);
    pen.skip(1).text("payload", key).skip(1);
    let name = payload.function.safe();
    let hint = format!("JSON for {name} {} Enter shows the plan ", signs.dot);
    let (words, style) = payload.complaint.as_ref().map_or((hint, muted), |why| {
        (format!("{} {why} ", signs.failed), error)
    });
    // What is said gives way to what is typed.
    let room = pen
        .room()
        .saturating_sub(text::width(payload.input.text()) + 6);
    let cut = text::cut_end(&words, room, signs.ellipsis);
    if room > 8 {
        pen.right(cut.ellipsis, style).right(cut.head, style);
    }
    field(&mut pen, &payload.input, look);
}
