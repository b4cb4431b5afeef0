//! A few things to do, of which one is meant.

use super::field::{frame, matched, rows};
use crate::app::operations::Menu;
use crate::config::Role;
use crate::ui::sheet::Sheet;
use crate::ui::text;
use ratatui::layout::Rect;

/// ```text
/// ╭ Roll back checkout-api ─────────────────────────────────────╮
/// │ ▸ ▏                                                          │
/// │──────────────────────────────────────────────────────────────│
/// │▸ eu-west-1        This region alone.                         │
/// │  all 6 regions    Wherever the stack stands.                 │
/// ╰──────────────────────────────────────────────────────────────╯
/// ```
pub(super) fn menu(sheet: &mut Sheet<'_>, body: Rect, menu: &Menu) {
    let places = frame(sheet, body, (&menu.title, &menu.picker));
    let hits = menu.picker.hits();
    let most = places.1.width / 2;
    let name = text::widest(hits.map(|(item, _)| item.label.as_str())).min(most);
    rows(
        sheet,
        places,
        (&menu.picker, menu.picker.cursor()),
        |sheet, area, (_, label, note, hit)| {
            let (muted, ordinary, found) = (
                sheet.style(Role::Muted),
                sheet.style(Role::Text),
                sheet.style(Role::Match),
            );
            let mut pen = sheet.pen(area, 0);
            matched(&mut pen.take(name), label, (hit, 0), (ordinary, found));
            pen.skip(2);
            let from = label.chars().count() + 1;
            matched(&mut pen, note, (hit, from), (muted, found));
        },
    );
}
