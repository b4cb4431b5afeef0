//! Messages: one line for what stands, and the footer's place for the answer to a key.

use crate::app::App;
use crate::app::notice::{About, Notice, Severity};
use crate::config::Role;
use crate::ui::sheet::Sheet;
use ratatui::layout::Rect;

/// The gravest condition that stands until it is withdrawn.
pub(in crate::ui) fn standing(app: &App) -> Option<&Notice> {
    let standing = app
        .notices()
        .all()
        .iter()
        .filter(|notice| notice.about != About::Key);
    standing.max_by_key(|notice| notice.severity)
}

/// The answer to the last key.
pub(in crate::ui) fn answer(app: &App) -> Option<&Notice> {
    app.notices()
        .current()
        .filter(|notice| notice.about == About::Key)
}

/// Draws the condition that stands.
pub(in crate::ui) fn stand(sheet: &mut Sheet<'_>, area: Rect) {
    if let Some(notice) = standing(sheet.app) {
        say(sheet, area, notice);
    }
}

/// Draws a message with the sign of its severity.
pub(super) fn say(sheet: &mut Sheet<'_>, area: Rect, notice: &Notice) {
    let signs = sheet.signs();
    let (sign, role) = match notice.severity {
        Severity::Info => (signs.dot, Role::Text),
        Severity::Warning => (signs.alarm, Role::Warn),
        Severity::Error => (signs.failed, Role::Error),
    };
    let style = sheet.style(role);
    sheet
        .pen(area, 0)
        .skip(1)
        .text(sign, style)
        .skip(1)
        .text(&notice.text, style);
}
