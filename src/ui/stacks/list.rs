//! One row per stack, for reading and for narrow screens.

use super::shelves;
use crate::app::Target;
use crate::app::stacks::{Cell, Skew};
use crate::config::Role;
use crate::domain::time::short;
use crate::domain::untrusted::sanitise;
use crate::domain::{DriftStatus, Region, Stack};
use crate::ui::chrome::account_width;
use crate::ui::layout;
use crate::ui::pulse::Pulse;
use crate::ui::sheet::Sheet;
use crate::ui::status::{Mark, progress};
use crate::ui::table::{Column, List, POINTER, Row, Table};
use crate::ui::text;
use ratatui::layout::Rect;

const NAME: usize = 0;
const ACCOUNT: usize = 1;
const REGION: usize = 2;
const STATUS: usize = 3;
const VERSION: usize = 4;
const UPDATED: usize = 5;
const DRIFT: usize = 6;
const REASON: usize = 7;

/// ```text
/// │    STACK          ACCOUNT  REGION      STATUS                  VERSION  UPDATED  DRIFT     REASON            │
/// │▸ ✗ checkout-api   prod     eu-west-1   UPDATE_ROLLBACK_FAILED  v419!         2m  drifted   Memory limit…     │
/// ```
pub(super) fn list(sheet: &mut Sheet<'_>, framed: Rect, inner: Rect) {
    let app = sheet.app;
    let stacks = app.stacks();
    let names = text::widest(stacks.rows().iter().map(|row| row.name.safe()));
    let regions = text::widest(stacks.columns().iter().map(Region::as_str));
    let cells = stacks.rows().iter().flat_map(|row| row.cells.iter());
    let versions = cells.filter_map(|cell| cell.as_ref()?.version.as_deref());
    // One more for the mark of a version that differs.
    let versions = (text::widest(versions) + 1).clamp(7, 14);
    let account = account_width(app, 16);
    let columns = vec![
        Column::left("  STACK", (18, names.clamp(16, 48) + 2), 0),
        Column::left("ACCOUNT", (account, account), 2),
        Column::left("REGION", (regions.clamp(6, 14), regions.clamp(6, 20)), 1),
        Column::left("STATUS", (18, 24), 1),
        Column::left("VERSION", (versions.min(9), versions), 3),
        Column::right("UPDATED", 7, 4),
        Column::left("DRIFT", (9, 9), 6),
        Column::left("REASON", (15, u16::MAX), 5),
    ];
    let table = Table::new(
        columns,
        inner.width.saturating_sub(POINTER + 1),
        sheet.signs(),
    );
    let (head, body) = layout::top(inner, 1);
    table.head(sheet, head);
    let (look, now, shelves) = (sheet.look, app.now(), shelves(sheet));
    let pulses: Vec<Pulse<'_>> = stacks
        .scopes()
        .iter()
        .map(|scope| Pulse::of_stacks(app, scope))
        .collect();
    let rows = List {
        len: stacks.entries().len(),
        cursor: stacks.cursor(),
        target: Target::Row,
    };
    let window = table.rows(sheet, body, &rows, |cells| {
        let Some(entry) = stacks.entries().get(cells.index) else {
            return;
        };
        let Some(row) = stacks.rows().get(entry.row) else {
            return;
        };
        let Some(cell) = row.cells.get(entry.column).and_then(Option::as_ref) else {
            return;
        };
        let shelf = shelves.get(cell.place.scope).copied().flatten();
        let Some(stack) = shelf.and_then(|shelf| shelf.get(cell.place.stack)) else {
            return;
        };
        let tone = pulses.get(cell.place.scope).and_then(|pulse| pulse.tone());
        let style = |role| look.style(role);
        let mark = Mark::of_phase(stack.status.phase(), look.signs());
        cells.tone(tone.map(style));
        cells
            .cell(NAME)
            .text(mark.sign, style(mark.role))
            .skip(1)
            .middle(&row.name.safe(), style(Role::Text));
        cells
            .cell(ACCOUNT)
            .text(&sanitise(row.account.as_str()), style(Role::Muted));
        let region = stacks
            .columns()
            .get(entry.column)
            .map_or("", |region| region.as_str());
        cells
            .cell(REGION)
            .middle(&sanitise(region), style(Role::Muted));
        if stack.status.phase().is_moving() {
            cells
                .cell(STATUS)
                .text(&progress(stack, now, u16::MAX), style(mark.role));
        } else {
            cells
                .cell(STATUS)
                .middle(&stack.status.to_string(), style(mark.role));
        }
        version(cells, cell, look);
        cells
            .cell(UPDATED)
            .right(&short(now - stack.touched()), style(Role::Muted));
        drift(cells, stack, look);
        if let Some(reason) = &stack.reason {
            cells.cell(REASON).text(&reason.safe(), style(Role::Muted));
        }
    });
    sheet.viewport.list = window;
    sheet.scrollbar(
        framed,
        body,
        (window.first, window.size, stacks.entries().len()),
    );
    if stacks.entries().is_empty() {
        super::nothing(sheet, body);
    }
}

fn version(cells: &mut Row<'_>, cell: &Cell, look: &crate::ui::Look) {
    let Some(version) = &cell.version else { return };
    let mut pen = cells.cell(VERSION);
    match cell.skew {
        Skew::None => _ = pen.text(version, look.style(Role::Text)),
        Skew::Differs => {
            let room = pen.room().saturating_sub(1).min(text::width(version));
            pen.take(room).text(version, look.style(Role::Skew));
            pen.text("!", look.style(Role::Skew));
        }
    }
}

fn drift(cells: &mut Row<'_>, stack: &Stack, look: &crate::ui::Look) {
    if stack.drift != DriftStatus::NotChecked {
        let mark = Mark::of_drift(&stack.drift, look.signs());
        let style = look.style(mark.role);
        cells
            .cell(DRIFT)
            .text(mark.sign, style)
            .skip(1)
            .text(&stack.drift.words(), style);
    }
}
