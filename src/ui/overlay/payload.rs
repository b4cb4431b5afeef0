//! The payload that a function is to be called with, in the footer's place.

use super::field::typed;
use crate::app::lambda::invoke::Payload;
use crate::ui::sheet::Sheet;
use ratatui::layout::Rect;

/// ```text
///  payload {"order": 8812}▏                          JSON for checkout-api · Enter shows the plan
/// ```
pub(super) fn payload(sheet: &mut Sheet<'_>, area: Rect, payload: &Payload) {
    let dot = sheet.signs().dot;
    let name = payload.function.safe();
    let hint = format!("JSON for {name} {dot} Enter shows the plan");
    let what = ("payload", &payload.input);
    typed(sheet, area, what, &hint, payload.complaint.as_deref());
}
