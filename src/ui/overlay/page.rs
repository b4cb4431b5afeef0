//! A text that is longer than its box.

use crate::app::overlay::Scroll;
use crate::app::{Target, Window};
use crate::config::Role;
use crate::ui::layout::{self, centred};
use crate::ui::pen::Pen;
use crate::ui::sheet::{Focus, Sheet, line};
use crate::ui::text;
use ratatui::layout::Rect;

/// A box so little smaller than the body is as large as the body.
const NEARLY: u16 = 6;

/// How wide a box is that may have so many columns.
pub(super) fn columns(body: Rect, most: u16) -> u16 {
    if most.saturating_add(NEARLY) > body.width {
        body.width
    } else {
        most
    }
}

/// Opens a box for so many lines and returns its frame and what is inside.
pub(super) fn open(
    sheet: &mut Sheet<'_>,
    body: Rect,
    (title, width, lines): (&str, u16, usize),
) -> (Rect, Rect) {
    let height = u16::try_from(lines)
        .unwrap_or(u16::MAX)
        .saturating_add(2)
        .max(4);
    // Two frames or two scrollbars side by side are read as one: a box that nearly fills the body fills it.
    let fills = width == body.width && height.saturating_add(NEARLY) >= body.height;
    let height = if fills { body.height } else { height };
    let area = centred(body, width, height);
    sheet.clear(area);
    let inner = sheet.frame(area, Focus::Here);
    // What lies beside the box is not for the mouse while the box is open.
    sheet.spot(body, Target::Overlay);
    let style = sheet.style(Role::Title);
    sheet
        .title(area)
        .text(" ", style)
        .text(title, style)
        .text(" ", style);
    (area, layout::inset(inner, 1))
}

/// Draws the lines that are visible.
pub(super) fn lines(
    sheet: &mut Sheet<'_>,
    (framed, area): (Rect, Rect),
    (scroll, len): (Scroll, usize),
    mut draw: impl FnMut(Pen<'_>, usize),
) {
    let size = usize::from(area.height);
    let first = scroll.first(len, size);
    for (index, row) in (first..len).zip(0..area.height) {
        draw(sheet.pen(line(area, row), 0), index);
    }
    sheet.viewport.overlay = Window { first, size };
    sheet.scrollbar(framed, area, (first, size, len));
}

/// One text in full.
pub(super) fn text(
    sheet: &mut Sheet<'_>,
    body: Rect,
    (title, words): (&str, &str),
    scroll: Scroll,
) {
    let width = columns(body, 100);
    let wrapped: Vec<&str> = text::wrap(words, width.saturating_sub(4)).collect();
    let places = open(sheet, body, (title, width, wrapped.len()));
    let style = sheet.style(Role::Text);
    lines(sheet, places, (scroll, wrapped.len()), |mut pen, index| {
        pen.text(wrapped.get(index).copied().unwrap_or_default(), style);
    });
}
