//! Which log groups are followed, and in which regions each of them stands.

use super::field::{frame, matched, rows, tick};
use crate::app::logs::GroupPicker;
use crate::config::Role;
use crate::ui::chrome::count;
use crate::ui::sheet::Sheet;
use crate::ui::text;
use ratatui::layout::Rect;

/// Columns of a name: at least, and beside what else there is.
const NAME: u16 = 24;

/// ```text
/// ╭ Log groups · 2 chosen · 6 regions, 1 asking ──────────────────────────────╮
/// │ ▸ check▏                                                                   │
/// │▸ [✓] /aws/lambda/checkout-api     all 6 regions  lambda:checkout-api       │
/// │  [ ] /aws/lambda/orders           eu-west-1 us-east-1  lambda:orders       │
/// ╰────────────────────────────────────────────────────────────────────────────╯
/// ```
pub(super) fn groups(sheet: &mut Sheet<'_>, body: Rect, groups: &GroupPicker) {
    let dot = sheet.signs().dot;
    let (answered, all) = groups.answered;
    let regions = count(sheet.app.stacks().columns().len(), "region");
    let regions = if answered == all {
        regions
    } else {
        format!("{regions}, {} asking", all - answered)
    };
    let title = match groups.chosen.len() {
        0 => format!("Log groups {dot} {regions}"),
        chosen => format!("Log groups {dot} {chosen} chosen {dot} {regions}"),
    };
    let places = frame(sheet, body, (&title, &groups.picker));
    let labels = groups.picker.hits().map(|(item, _)| item.label.as_str());
    let room = places.1.width.saturating_sub(8);
    let name = text::widest(labels).clamp(NAME, (room * 3 / 5).max(NAME));
    rows(
        sheet,
        places,
        (&groups.picker, groups.picker.cursor()),
        |sheet, area, (value, label, note, hit)| {
            let is_chosen = groups.chosen.contains(value);
            let (muted, found) = (sheet.style(Role::Muted), sheet.style(Role::Match));
            let (sign, mark) = tick(sheet, is_chosen);
            let style = sheet.style(Role::Text);
            let mut pen = sheet.pen(area, 0);
            pen.text(sign, mark).skip(1);
            matched(&mut pen.take(name), label, (hit, 0), (style, found));
            pen.skip(2);
            matched(
                &mut pen,
                note,
                (hit, label.chars().count() + 1),
                (muted, found),
            );
        },
    );
    if answered < all && groups.picker.values().next().is_none() {
        let muted = sheet.style(Role::Muted);
        sheet
            .pen(places.1, 0)
            .skip(2)
            .text("Asking every region for its groups.", muted);
    }
}
