//! Something about an operation that is being typed, in the footer's place.

use super::field::field;
use crate::app::operations::Asked;
use crate::config::Role;
use crate::ui::sheet::Sheet;
use crate::ui::text;
use ratatui::layout::Rect;

/// ```text
///  dial 50▏                              percent for eu-west-1, 100 now · Enter goes on
/// ```
pub(super) fn asked(sheet: &mut Sheet<'_>, area: Rect, asked: &Asked) {
    let (key, muted, error) = (
        sheet.style(Role::Key),
        sheet.style(Role::Muted),
        sheet.style(Role::Error),
    );
    let (look, signs) = (sheet.look, sheet.signs());
    sheet.clear(area);
    let mut pen = sheet.pen(area, 0);
    pen.skip(1).text(asked.question.name(), key).skip(1);
    let hint = format!("{} {} Enter goes on ", asked.question.hint(), signs.dot);
    let (words, style) = asked.complaint.as_ref().map_or((hint, muted), |why| {
        (format!("{} {why} ", signs.failed), error)
    });
    // What is said gives way to what is typed.
    let room = pen
        .room()
        .saturating_sub(text::width(asked.input.text()) + 6);
    let cut = text::cut_end(&words, room, signs.ellipsis);
    if room > 8 {
        pen.right(cut.ellipsis, style).right(cut.head, style);
    }
    field(&mut pen, &asked.input, look);
}
