//! The stack's template, line by line.

use super::{Page, room};
use crate::app::Window;
use crate::app::detail::Line;
use crate::config::Role;
use crate::domain::Slot;
use crate::ui::sheet::Sheet;
use crate::ui::table::{Column, Table};
use ratatui::layout::Rect;

const NUMBER: usize = 0;
const TEXT: usize = 1;

pub(super) fn template(sheet: &mut Sheet<'_>, area: Rect, page: &Page<'_>) -> Window {
    let look = sheet.look;
    let slot = page.app.store().template(&page.detail.scope, &page.topic());
    let Some(template) = slot.and_then(Slot::value) else {
        return Window::default();
    };
    let highest = page.detail.lines().len().max(1);
    let digits = u16::try_from(highest.ilog10() + 1)
        .unwrap_or(u16::MAX)
        .max(4);
    let columns = vec![
        Column::right("LINE", digits, 1),
        Column::left("TEMPLATE", (20, u16::MAX), 0),
    ];
    let table = Table::new(columns, room(area), sheet.signs());
    // Lines come in ascending order, so one walk through the text serves them all.
    let mut text = None;
    let mut next = 0;
    page.table(sheet, area, &table, |row, line| {
        let Line::Template(number) = line else { return };
        let lines = text.get_or_insert_with(|| {
            next = number;
            template.body.safe_lines(number)
        });
        let words = lines.nth(number - next).unwrap_or_default();
        next = number + 1;
        row.cell(NUMBER)
            .right(&(number + 1).to_string(), look.style(Role::Muted));
        let role = if words.trim_start().starts_with('#') {
            Role::Muted
        } else {
            Role::Text
        };
        row.cell(TEXT).text(&words, look.style(role));
    })
}
