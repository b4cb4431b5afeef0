//! Where the resources differ from the template.

use super::{Page, room, short_type};
use crate::app::Window;
use crate::app::detail::Line;
use crate::config::Role;
use crate::domain::time::short;
use crate::domain::{Difference, Slot};
use crate::ui::Look;
use crate::ui::sheet::Sheet;
use crate::ui::status::Mark;
use crate::ui::table::{Column, Row, Table};
use crate::ui::text;
use ratatui::layout::Rect;

const RESOURCE: usize = 0;
const STATUS: usize = 1;
const TYPE: usize = 2;
const CHECKED: usize = 3;
const PHYSICAL: usize = 4;

/// ```text
/// ⚠ CheckoutFn   drifted   Lambda::Function   checked 2h   checkout-fn
///   └ /Properties/MemorySize  512 → 1024
/// ```
pub(super) fn drift(sheet: &mut Sheet<'_>, area: Rect, page: &Page<'_>) -> Window {
    let (look, now) = (sheet.look, page.app.now());
    let slot = page.app.store().drift(&page.detail.scope, &page.topic());
    let resources = slot.and_then(Slot::value).unwrap_or_default();
    let names = text::widest(resources.iter().map(|resource| resource.logical.safe()));
    let columns = vec![
        Column::left("  RESOURCE", (16, names.clamp(14, 36) + 2), 0),
        Column::left("STATUS", (11, 11), 0),
        Column::left("TYPE", (20, 44), 1),
        Column::right("CHECKED", 7, 2),
        Column::left("PHYSICAL ID", (16, u16::MAX), 3),
    ];
    let table = Table::new(columns, room(area), sheet.signs());
    page.table(sheet, area, &table, |row, line| match line {
        Line::Drift(index) => {
            let Some(resource) = resources.get(index) else {
                return;
            };
            let mark = Mark::of_drift(&resource.status, look.signs());
            row.cell(RESOURCE)
                .text(mark.sign, look.style(mark.role))
                .skip(1)
                .middle(&resource.logical.safe(), look.style(Role::Text));
            row.cell(STATUS)
                .text(&resource.status.words(), look.style(mark.role));
            row.cell(TYPE).middle(
                short_type(&resource.resource_type.safe()),
                look.style(Role::Muted),
            );
            row.cell(CHECKED)
                .right(&short(now - resource.checked), look.style(Role::Muted));
            if let Some(physical) = &resource.physical {
                row.cell(PHYSICAL)
                    .middle(&physical.safe(), look.style(Role::Muted));
            }
        }
        Line::Difference(resource, index) => {
            if let Some(it) = resources
                .get(resource)
                .and_then(|resource| resource.differences.get(index))
            {
                difference(row, it, look);
            }
        }
        _ => {}
    })
}

/// What the template says, and what is there instead.
fn difference(row: &mut Row<'_>, difference: &Difference, look: &Look) {
    let (signs, muted) = (look.signs(), look.style(Role::Muted));
    let mut pen = row.span(RESOURCE, PHYSICAL);
    pen.skip(2).text(signs.branch, muted).skip(1);
    let (path, expected, actual) = (
        difference.path.safe(),
        difference.expected.safe(),
        difference.actual.safe(),
    );
    // Each has a third where they do not all fit.
    let third = pen.room() / 3;
    pen.take(text::width(&path).min(third))
        .middle(&path, look.style(Role::Text));
    pen.skip(2)
        .take(text::width(&expected).min(third))
        .text(&expected, muted);
    pen.skip(1)
        .text(signs.becomes, muted)
        .skip(1)
        .text(&actual, look.style(Role::Warn));
}
