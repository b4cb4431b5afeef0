//! The cells in which lines are drawn, as dots: eight a cell in Braille, one a cell in letters.
//!
//! Dots are put straight into the screen. Where two lines meet in a cell of Braille their dots are united.

use crate::ui::look::Ink;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

/// The sign of Braille without a dot, and the dots of a cell by row and column.
const BLANK: u32 = 0x2800;
const DOTS: [[u32; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

/// A column and a row of dots, from the top left.
pub(super) type Dot = (usize, usize);

/// An area as dots.
pub(super) struct Plot {
    area: Rect,
    ink: Ink,
}

impl Plot {
    pub(super) fn new(area: Rect, ink: Ink) -> Self {
        Self { area, ink }
    }

    /// Columns of dots.
    pub(super) fn columns(&self) -> usize {
        usize::from(self.area.width) * self.grain().0
    }

    /// Rows of dots.
    pub(super) fn rows(&self) -> usize {
        usize::from(self.area.height) * self.grain().1
    }

    /// The row of cells that a row of dots lies in.
    pub(super) fn row(&self, dots: usize) -> u16 {
        u16::try_from(dots / self.grain().1).unwrap_or(u16::MAX)
    }

    /// Draws from one dot to another, both of them too. A line has a number, counted from 0, and a style.
    pub(super) fn join(
        &self,
        buffer: &mut Buffer,
        (x, y): Dot,
        (to_x, to_y): Dot,
        line: (usize, Style),
    ) {
        let steps = x.abs_diff(to_x).max(y.abs_diff(to_y));
        let along = |from: usize, to: usize, step: usize| {
            (from * (steps - step) + to * step + steps / 2)
                .checked_div(steps)
                .unwrap_or(to)
        };
        for step in 0..=steps {
            self.dot(buffer, (along(x, to_x, step), along(y, to_y, step)), line);
        }
    }

    fn dot(&self, buffer: &mut Buffer, (x, y): Dot, (number, style): (usize, Style)) {
        let (across, down) = self.grain();
        let cell = u16::try_from(x / across)
            .ok()
            .and_then(|column| self.area.x.checked_add(column))
            .zip(
                u16::try_from(y / down)
                    .ok()
                    .and_then(|row| self.area.y.checked_add(row)),
            );
        let Some(cell) = cell.and_then(|position| buffer.cell_mut(position)) else {
            return;
        };
        match self.ink {
            Ink::Letters(letters) => {
                cell.set_symbol(letters[number % letters.len()]);
            }
            Ink::Braille => {
                let sign = cell.symbol().chars().next().map_or(0, u32::from);
                let there = if (BLANK..BLANK + 0x100).contains(&sign) {
                    sign
                } else {
                    BLANK
                };
                cell.set_char(char::from_u32(there | DOTS[y % 4][x % 2]).unwrap_or(' '));
            }
        }
        // What was there before, a marker or another line, leaves nothing of its look.
        cell.modifier = Modifier::empty();
        cell.set_style(style);
    }

    /// Dots of a cell, across and down.
    fn grain(&self) -> (usize, usize) {
        match self.ink {
            Ink::Braille => (2, 4),
            Ink::Letters(_) => (1, 1),
        }
    }
}
