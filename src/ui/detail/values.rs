//! Names and their values: outputs, parameters, tags.

use super::{Page, room};
use crate::app::Window;
use crate::app::detail::Line;
use crate::config::Role;
use crate::domain::Untrusted;
use crate::ui::Look;
use crate::ui::sheet::Sheet;
use crate::ui::table::{Column, Row, Table};
use crate::ui::text;
use ratatui::layout::Rect;

const NAME: usize = 0;
const VALUE: usize = 1;
const THIRD: usize = 2;
const LAST: usize = 3;

pub(super) fn outputs(sheet: &mut Sheet<'_>, area: Rect, page: &Page<'_>) -> Window {
    let look = sheet.look;
    let outputs = page
        .stack
        .map(|stack| stack.outputs.as_slice())
        .unwrap_or_default();
    let names = widest(outputs.iter().map(|output| &output.key));
    let values = widest(outputs.iter().map(|output| &output.value));
    let exports = widest(outputs.iter().filter_map(|output| output.export.as_ref()));
    let columns = vec![
        Column::left("OUTPUT", (12, names.clamp(12, 40)), 0),
        Column::left("VALUE", (20, values.clamp(20, 120)), 0),
        Column::left(
            "EXPORTED AS",
            (if exports > 0 { 12 } else { 0 }, exports.clamp(12, 40)),
            2,
        ),
        Column::left("DESCRIPTION", (20, u16::MAX), 3),
    ];
    let table = Table::new(columns, room(area), sheet.signs());
    page.table(sheet, area, &table, |row, line| {
        let Line::Output(index) = line else { return };
        let Some(output) = outputs.get(index) else {
            return;
        };
        row.cell(NAME)
            .middle(&output.key.safe(), look.style(Role::Title));
        value(row, &output.value, look);
        if let Some(export) = &output.export {
            row.cell(THIRD)
                .middle(&export.safe(), look.style(Role::Muted));
        }
        if let Some(description) = &output.description {
            row.cell(LAST)
                .text(&description.safe(), look.style(Role::Muted));
        }
    })
}

pub(super) fn parameters(sheet: &mut Sheet<'_>, area: Rect, page: &Page<'_>) -> Window {
    let look = sheet.look;
    let Some(stack) = page.stack else {
        return Window::default();
    };
    let names = widest(
        stack
            .parameters
            .iter()
            .map(|it| &it.key)
            .chain(stack.tags.iter().map(|it| &it.key)),
    );
    let resolved = widest(
        stack
            .parameters
            .iter()
            .filter_map(|parameter| parameter.resolved.as_ref()),
    );
    let columns = vec![
        Column::left("PARAMETER OR TAG", (16, names.clamp(16, 48)), 0),
        Column::left("VALUE", (20, u16::MAX), 0),
        Column::left(
            "RESOLVES TO",
            (if resolved > 0 { 12 } else { 0 }, resolved.clamp(12, 60)),
            2,
        ),
        Column::left("KIND", (9, 9), 1),
    ];
    let table = Table::new(columns, room(area), sheet.signs());
    page.table(sheet, area, &table, |row, line| match line {
        Line::Parameter(index) => {
            let Some(parameter) = stack.parameters.get(index) else {
                return;
            };
            row.cell(NAME)
                .middle(&parameter.key.safe(), look.style(Role::Title));
            value(row, &parameter.value, look);
            if let Some(resolved) = &parameter.resolved {
                row.cell(THIRD)
                    .middle(&resolved.safe(), look.style(Role::Muted));
            }
            row.cell(LAST).text("parameter", look.style(Role::Muted));
        }
        Line::Tag(index) => {
            let Some(tag) = stack.tags.get(index) else {
                return;
            };
            row.cell(NAME)
                .middle(&tag.key.safe(), look.style(Role::Text));
            value(row, &tag.value, look);
            row.cell(LAST).text("tag", look.style(Role::Muted));
        }
        _ => {}
    })
}

/// An ARN or an address tells itself by both its ends, a sentence by its beginning.
fn value(row: &mut Row<'_>, value: &Untrusted, look: &Look) {
    let safe = value.safe();
    let mut pen = row.cell(VALUE);
    if safe.contains(' ') {
        pen.text(&safe, look.style(Role::Text));
    } else {
        pen.middle(&safe, look.style(Role::Text));
    }
}

fn widest<'t>(texts: impl Iterator<Item = &'t Untrusted>) -> u16 {
    text::widest(texts.map(Untrusted::safe))
}
