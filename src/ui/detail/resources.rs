//! The stack's resources.

use super::{Page, gist, room, short_type};
use crate::app::Window;
use crate::app::detail::Line;
use crate::config::Role;
use crate::domain::time::short;
use crate::domain::{DriftStatus, Slot};
use crate::ui::sheet::Sheet;
use crate::ui::status::Mark;
use crate::ui::table::{Column, Table};
use crate::ui::text;
use ratatui::layout::Rect;

const RESOURCE: usize = 0;
const STATUS: usize = 1;
const TYPE: usize = 2;
const PHYSICAL: usize = 3;
const UPDATED: usize = 4;
const DRIFT: usize = 5;
const REASON: usize = 6;

pub(super) fn resources(sheet: &mut Sheet<'_>, area: Rect, page: &Page<'_>) -> Window {
    let (look, now) = (sheet.look, page.app.now());
    let slot = page
        .app
        .store()
        .resources(&page.detail.scope, &page.topic());
    let resources = slot.and_then(Slot::value).unwrap_or_default();
    let names = text::widest(resources.iter().map(|resource| resource.logical.safe()));
    let types = resources
        .iter()
        .map(|resource| text::width(short_type(&resource.resource_type.safe())))
        .max()
        .unwrap_or(0);
    let has_reasons = resources.iter().any(|resource| resource.reason.is_some());
    let has_drift = resources
        .iter()
        .any(|resource| resource.drift != DriftStatus::NotChecked);
    let columns = vec![
        Column::left("  RESOURCE", (16, names.clamp(12, 32) + 2), 0),
        Column::left("STATUS", (16, 24), 1),
        Column::left("TYPE", (15, types.clamp(15, 40)), 3),
        Column::left(
            "PHYSICAL ID",
            (16, if has_reasons { 40 } else { u16::MAX }),
            4,
        ),
        Column::right("UPDATED", 7, 5),
        Column::left("DRIFT", (if has_drift { 11 } else { 0 }, 11), 6),
        Column::left("REASON", (if has_reasons { 20 } else { 0 }, u16::MAX), 2),
    ];
    let table = Table::new(columns, room(area), sheet.signs());
    page.table(sheet, area, &table, |row, line| {
        let Line::Resource(index) = line else { return };
        let Some(resource) = resources.get(index) else {
            return;
        };
        let status = resource.status.safe();
        let mark = Mark::of_word(&status, look.signs());
        row.cell(RESOURCE)
            .text(mark.sign, look.style(mark.role))
            .skip(1)
            .middle(&resource.logical.safe(), look.style(Role::Text));
        row.cell(STATUS).middle(&status, look.style(mark.role));
        row.cell(TYPE).middle(
            short_type(&resource.resource_type.safe()),
            look.style(Role::Muted),
        );
        if let Some(physical) = &resource.physical {
            row.cell(PHYSICAL)
                .middle(&physical.safe(), look.style(Role::Text));
        }
        row.cell(UPDATED)
            .right(&short(now - resource.updated), look.style(Role::Muted));
        if resource.drift != DriftStatus::NotChecked {
            let mark = Mark::of_drift(&resource.drift, look.signs());
            row.cell(DRIFT)
                .text(mark.sign, look.style(mark.role))
                .skip(1)
                .text(&resource.drift.words(), look.style(mark.role));
        }
        if let Some(reason) = &resource.reason {
            row.cell(REASON)
                .text(gist(&reason.safe()), look.style(Role::Text));
        }
    })
}
