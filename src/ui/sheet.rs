//! What a drawing function is given: the app to read, the look, the cells to fill, and the geometry to report.

use super::look::{Look, Signs};
use super::pen::Pen;
use crate::app::{App, Area, Target, Viewport};
use crate::config::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

pub(super) struct Sheet<'a> {
    pub(super) app: &'a App,
    pub(super) look: &'a Look,
    pub(super) buffer: &'a mut Buffer,
    pub(super) viewport: Viewport,
}

/// Whether the keys go to what a frame holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Focus {
    Here,
    Elsewhere,
}

impl Sheet<'_> {
    pub(super) fn style(&self, role: Role) -> Style {
        self.look.style(role)
    }

    pub(super) fn signs(&self) -> &'static Signs {
        self.look.signs()
    }

    /// A pen on a row of an area, counted from the area's top; without room below its end.
    pub(super) fn pen(&mut self, area: Rect, row: u16) -> Pen<'_> {
        let signs = self.signs();
        Pen::new(self.buffer, line(area, row), signs)
    }

    /// Notes what a click on an area means.
    pub(super) fn spot(&mut self, area: Rect, target: Target) {
        if !area.is_empty() {
            let area = Area {
                x: area.x,
                y: area.y,
                width: area.width,
                height: area.height,
            };
            self.viewport.spots.push((area, target));
        }
    }

    /// Lays a style over what is already drawn.
    pub(super) fn paint(&mut self, area: Rect, style: Style) {
        self.buffer.set_style(area, style);
    }

    /// Empties an area, for what lies above the view.
    pub(super) fn clear(&mut self, area: Rect) {
        let area = area.intersection(self.buffer.area);
        for position in area.positions() {
            if let Some(cell) = self.buffer.cell_mut(position) {
                cell.reset();
            }
        }
        let style = self.style(Role::Text);
        self.paint(area, style);
    }

    /// Draws a frame and returns what is inside. Titles are written over its top edge by whoever has them.
    pub(super) fn frame(&mut self, area: Rect, focus: Focus) -> Rect {
        let style = self.style(match focus {
            Focus::Here => Role::BorderFocus,
            Focus::Elsewhere => Role::Border,
        });
        let area = area.intersection(self.buffer.area);
        if area.width < 2 || area.height < 2 {
            return Rect {
                width: 0,
                height: 0,
                ..area
            };
        }
        let set = &self.signs().border;
        let (left, right) = (area.x, area.right() - 1);
        let (top, bottom) = (area.y, area.bottom() - 1);
        let mut put = |x, y, sign: &str| {
            if let Some(cell) = self.buffer.cell_mut((x, y)) {
                cell.set_symbol(sign).set_style(style);
            }
        };
        for x in left + 1..right {
            put(x, top, set.horizontal_top);
            put(x, bottom, set.horizontal_bottom);
        }
        for y in top + 1..bottom {
            put(left, y, set.vertical_left);
            put(right, y, set.vertical_right);
        }
        put(left, top, set.top_left);
        put(right, top, set.top_right);
        put(left, bottom, set.bottom_left);
        put(right, bottom, set.bottom_right);
        Rect {
            x: left + 1,
            y: top + 1,
            width: area.width - 2,
            height: area.height - 2,
        }
    }

    /// A pen on the top edge of a frame, between its corners.
    pub(super) fn title(&mut self, framed: Rect) -> Pen<'_> {
        let inset = Rect {
            x: framed.x.saturating_add(2),
            width: framed.width.saturating_sub(4),
            ..framed
        };
        self.pen(inset, 0)
    }

    /// Shows on a frame's right edge which part of a list is on screen.
    pub(super) fn scrollbar(
        &mut self,
        framed: Rect,
        rows: Rect,
        (first, size, len): (usize, usize, usize),
    ) {
        if len <= size || rows.height == 0 || framed.width < 2 {
            return;
        }
        let height = usize::from(rows.height);
        let thumb = (height * size / len).max(1);
        let travel = height - thumb.min(height);
        let top = (travel * first).div_ceil((len - size).max(1)).min(travel);
        let style = self.style(Role::BorderFocus);
        let sign = self.signs().thumb;
        for row in top..top + thumb {
            let y = rows
                .y
                .saturating_add(u16::try_from(row).unwrap_or(u16::MAX));
            if let Some(cell) = self.buffer.cell_mut((framed.right() - 1, y)) {
                cell.set_symbol(sign).set_style(style);
            }
        }
    }
}

/// One row of an area; empty when the area has no such row.
pub(super) fn line(area: Rect, row: u16) -> Rect {
    let height = u16::from(row < area.height);
    Rect {
        y: area.y.saturating_add(row),
        height,
        ..area
    }
}
