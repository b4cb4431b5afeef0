//! One row per function and region, for reading what each of them is.

use super::{figure, nothing, pointing};
use crate::app::lambda::Health;
use crate::app::stacks::Skew;
use crate::app::{App, Target};
use crate::config::Role;
use crate::domain::time::short;
use crate::domain::untrusted::sanitise;
use crate::domain::{Region, Untrusted};
use crate::ui::chrome::account_width;
use crate::ui::layout;
use crate::ui::pulse::Pulse;
use crate::ui::sheet::Sheet;
use crate::ui::status::Mark;
use crate::ui::table::{Column, List, POINTER, Table};
use crate::ui::text;
use ratatui::layout::Rect;

const NAME: usize = 0;
const ACCOUNT: usize = 1;
const REGION: usize = 2;
const ERRORS: usize = 3;
const ALIAS: usize = 4;
const CODE: usize = 5;
const MODIFIED: usize = 6;
const RUNTIME: usize = 7;
const MEMORY: usize = 8;
const TIMEOUT: usize = 9;
const STATE: usize = 10;
const PACKAGE: usize = 11;

/// ```text
/// │    FUNCTION      REGION      ERRORS  ALIAS       CODE       MODIFIED  RUNTIME     MEMORY  TIMEOUT  STATE   │
/// │▸ ⚠ checkout-api  eu-west-1   41.7 %  ACTIVE→19!  k8Fq2mZ1!       24m  python3.13  512 MB      30s  active  │
/// ```
pub(super) fn list(sheet: &mut Sheet<'_>, framed: Rect, inner: Rect) {
    let (app, look) = (sheet.app, sheet.look);
    let view = app.lambda();
    let alias = sanitise(&app.fleet().lambda.alias);
    let columns = columns(app, inner.width);
    let room = inner.width.saturating_sub(POINTER + 1);
    let table = Table::new(columns, room, sheet.signs());
    let (head, body) = layout::top(inner, 1);
    table.head(sheet, head);
    let now = app.now();
    let rows = List {
        len: view.entries().len(),
        cursor: view.cursor(),
        target: Target::Row,
    };
    let style = |role| look.style(role);
    let window = table.rows(sheet, body, &rows, |cells| {
        let Some(entry) = view.entries().get(cells.index) else {
            return;
        };
        let Some(row) = view.rows().get(entry.row) else {
            return;
        };
        let Some(cell) = row.cells.get(entry.column).and_then(Option::as_ref) else {
            return;
        };
        let (Some(function), Some(scope)) = (
            view.function(app.store(), cell.place),
            view.scopes().get(cell.place.scope),
        ) else {
            return;
        };
        let mark = Mark::of_health(cell.health, look.signs());
        cells.tone(Pulse::of_functions(app, scope).tone().map(style));
        cells
            .cell(NAME)
            .text(mark.sign, style(mark.role))
            .skip(1)
            .middle(&row.name.safe(), style(Role::Text));
        let muted = style(Role::Muted);
        cells
            .cell(ACCOUNT)
            .text(&sanitise(row.account.as_str()), muted);
        let region = scope.region().map_or("", Region::as_str);
        cells.cell(REGION).middle(&sanitise(region), muted);
        let stands_out = matches!(cell.health, Health::Alarm | Health::Errors | Health::Broken);
        let errors = if stands_out { style(mark.role) } else { muted };
        cells.cell(ERRORS).right(&figure(cell), errors);
        let points = (&cell.alias, cell.alias_skew);
        pointing(&mut cells.cell(ALIAS), &alias, points, look);
        let (code, differs) = match cell.code_skew {
            Skew::None => (muted, ""),
            Skew::Differs => (style(Role::Skew), "!"),
        };
        cells
            .cell(CODE)
            .text(&function.code_brief(), code)
            .text(differs, code);
        if let Some(modified) = function.modified {
            cells.cell(MODIFIED).right(&short(now - modified), muted);
        }
        let runtime = function.runtime.as_ref().map(Untrusted::safe);
        cells
            .cell(RUNTIME)
            .text(&runtime.unwrap_or_default(), muted);
        let memory = format!("{} MB", function.memory);
        cells.cell(MEMORY).right(&memory, muted);
        cells.cell(TIMEOUT).right(&short(function.timeout), muted);
        let state = function.condition.as_ref().map(|it| it.state.words());
        cells
            .cell(STATE)
            .text(state.as_deref().unwrap_or(look.signs().nothing), muted);
        cells.cell(PACKAGE).text(&function.package.words(), muted);
    });
    sheet.viewport.list = window;
    let len = view.entries().len();
    sheet.scrollbar(framed, body, (window.first, window.size, len));
    if view.entries().is_empty() {
        nothing(sheet, body);
    }
}

/// The columns in so much room.
fn columns(app: &App, width: u16) -> Vec<Column> {
    let view = app.lambda();
    let names = text::widest(view.rows().iter().map(|row| row.name.safe()));
    let regions = text::widest(view.columns().iter().map(Region::as_str));
    let account = account_width(app, 16);
    let alias = sanitise(&app.fleet().lambda.alias);
    let alias_width = text::width(&alias).saturating_add(6).clamp(7, 24);
    // Names tell more than the last columns do.
    let least = (width / 3).clamp(18, 30);
    vec![
        Column::left("  FUNCTION", (least, names.clamp(least, 48) + 2), 0),
        Column::left("ACCOUNT", (account, account), 2),
        Column::left("REGION", (regions.clamp(6, 14), regions.clamp(6, 20)), 1),
        Column::right("ERRORS", 7, 1),
        Column::left("ALIAS", (7, alias_width), 2),
        Column::left("CODE", (9, 9), 3),
        Column::right("MODIFIED", 8, 4),
        Column::left("RUNTIME", (11, 16), 5),
        Column::right("MEMORY", 8, 6),
        Column::right("TIMEOUT", 7, 7),
        Column::left("STATE", (8, 16), 8),
        Column::left("PACKAGE", (7, 7), 9),
    ]
}
