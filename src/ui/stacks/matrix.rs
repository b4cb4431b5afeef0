//! One row per stack name, one column per region.

use super::shelves;
use crate::app::stacks::{Cell, Skew};
use crate::config::Role;
use crate::domain::Stack;
use crate::domain::time::short;
use crate::ui::grid::{Grid, Matrix, absent};
use crate::ui::pulse::Pulse;
use crate::ui::sheet::Sheet;
use crate::ui::status::{Mark, progress};
use crate::ui::text;
use ratatui::layout::Rect;

/// ```text
/// │  STACK            ▸eu-west-1    us-east-1    ap-sout…st-1      │
/// │                    2s           2s           ⚠ throttl… 48s    │
/// │▸ checkout-api     ▸✗ v419!  2m  ✓ v418   2h  ✓ v417    3d      │
/// │  orders-db         ↻ UPDATE 7s  ✓ v77    9d  —                 │
/// ```
pub(super) fn matrix(sheet: &mut Sheet<'_>, framed: Rect, inner: Rect) {
    let app = sheet.app;
    let stacks = app.stacks();
    let (rows, shelves) = (stacks.rows(), shelves(sheet));
    let scopes = stacks.scopes().iter();
    let matrix = Matrix {
        noun: "STACK",
        longest: text::widest(rows.iter().map(|row| row.name.safe())),
        columns: stacks.columns(),
        scopes: stacks.scopes(),
        pulses: scopes.map(|scope| Pulse::of_stacks(app, scope)).collect(),
        column: stacks.column(),
    };
    let grid = Grid::of(sheet, inner.width, matrix);
    let body = grid.draw(
        sheet,
        (framed, inner),
        (rows.len(), stacks.cursor()),
        |row| (&rows[row].account, &rows[row].name),
        |sheet, (row, column), place, pulse| {
            let cell = rows[row].cells.get(column).and_then(Option::as_ref);
            let Some(cell) = cell else {
                absent(sheet, pulse, place);
                return;
            };
            let shelf = shelves.get(cell.place.scope).copied().flatten();
            if let Some(stack) = shelf.and_then(|shelf| shelf.get(cell.place.stack)) {
                standing(sheet, (cell, stack), pulse, place);
            }
        },
    );
    if rows.is_empty() {
        super::nothing(sheet, body);
    }
}

/// A stack in its cell: `✓ v418! 2h`, or what is being done to it.
fn standing(
    sheet: &mut Sheet<'_>,
    (cell, stack): (&Cell, &Stack),
    pulse: Option<Pulse<'_>>,
    place: Rect,
) {
    let now = sheet.app.now();
    let phase = stack.status.phase();
    let mark = Mark::of_phase(phase, sheet.signs());
    let style = sheet.style(mark.role);
    let tone = pulse.and_then(Pulse::tone).map(|role| sheet.style(role));
    let (ordinary, muted, skew) = (
        sheet.style(Role::Text),
        sheet.style(Role::Muted),
        sheet.style(Role::Skew),
    );
    let mut pen = sheet.pen(place, 0).toned(tone);
    pen.text(mark.sign, style).skip(1);
    if phase.is_moving() {
        let words = progress(stack, now, pen.room());
        pen.text(&words, style);
        return;
    }
    let age = short(now - stack.touched());
    let mut age_place = pen.room();
    if text::width(&age) + 1 < age_place {
        age_place -= 4.max(text::width(&age) + 1);
    }
    if let Some(version) = &cell.version {
        let mut part = pen.take(age_place);
        match cell.skew {
            Skew::None => _ = part.text(version, ordinary),
            Skew::Differs => {
                let room = part.room().saturating_sub(1).min(text::width(version));
                part.take(room).text(version, skew);
                part.text("!", skew);
            }
        }
    }
    pen.right(&age, muted);
}
