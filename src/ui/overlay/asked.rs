//! Something about an operation that is being typed, in the footer's place.

use super::field::typed;
use crate::app::operations::Asked;
use crate::ui::sheet::Sheet;
use ratatui::layout::Rect;

/// ```text
///  dial 50▏                              percent for eu-west-1, 100 now · Enter goes on
/// ```
pub(super) fn asked(sheet: &mut Sheet<'_>, area: Rect, asked: &Asked) {
    let dot = sheet.signs().dot;
    let hint = format!("{} {dot} Enter goes on", asked.question.hint());
    let what = (asked.question.name(), &asked.input);
    typed(sheet, area, what, &hint, asked.complaint.as_deref());
}
