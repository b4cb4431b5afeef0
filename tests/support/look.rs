//! A drawn buffer as two grids of text: what stands in each cell, and in which role.
//!
//! Symbols alone would pass a row that has lost its red. Roles instead of colours keep a snapshot the same under
//! every theme; the probe theme gives each role a style of its own, from which `role_of` reads it back.

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::Style;
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

/// Writes both grids, each row between quotes so that blanks at its end are seen.
pub(crate) fn look(buffer: &Buffer, role_of: impl Fn(Style) -> char) -> String {
    let mut text = String::new();
    for row in rows(buffer) {
        line(&mut text, &symbols(row));
    }
    text.push('\n');
    for row in rows(buffer) {
        let roles: String = row.iter().map(|cell| role_of(cell.style())).collect();
        line(&mut text, &roles);
    }
    text
}

fn rows(buffer: &Buffer) -> impl Iterator<Item = &[Cell]> {
    let width = usize::from(buffer.area.width);
    buffer.content.chunks(width.max(1))
}

fn line(text: &mut String, row: &str) {
    writeln!(text, "\"{row}\"").expect("a string takes text");
}

/// What stands in the row; a wide character covers the cell after it.
fn symbols(row: &[Cell]) -> String {
    let mut covered = 0;
    let mut symbols = String::new();
    for cell in row {
        if covered > 0 {
            covered -= 1;
            continue;
        }
        symbols.push_str(cell.symbol());
        covered = cell.symbol().width().saturating_sub(1);
    }
    symbols
}
