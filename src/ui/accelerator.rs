//! The Accelerator view.

use super::sheet::{Focus, Sheet};
use ratatui::layout::Rect;

pub(super) fn accelerator(sheet: &mut Sheet<'_>, area: Rect) {
    sheet.frame(area, Focus::Here);
}
