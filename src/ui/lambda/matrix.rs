//! One row per function name, one column per region.

use super::{figure, nothing, version};
use crate::app::lambda::{Cell, Health};
use crate::app::stacks::Skew;
use crate::config::Role;
use crate::ui::grid::{Grid, Matrix, absent};
use crate::ui::pulse::Pulse;
use crate::ui::sheet::Sheet;
use crate::ui::status::Mark;
use crate::ui::text;
use ratatui::layout::Rect;

/// ```text
/// │  FUNCTION         ▸eu-west-1     us-east-1     ap-sout…st-1    │
/// │                    2m            2m            ⚠ throttl… 12m   │
/// │▸ checkout-api     ▸⚠ 41.7 % →19! ✓ 0.02 % →18  ✓         →18   │
/// ```
pub(super) fn matrix(sheet: &mut Sheet<'_>, framed: Rect, inner: Rect) {
    let app = sheet.app;
    let view = app.lambda();
    let (rows, scopes) = (view.rows(), view.scopes().iter());
    let matrix = Matrix {
        noun: "FUNCTION",
        longest: text::widest(rows.iter().map(|row| row.name.safe())),
        columns: view.columns(),
        scopes: view.scopes(),
        pulses: scopes.map(|it| Pulse::of_functions(app, it)).collect(),
        column: view.column(),
    };
    let grid = Grid::of(sheet, inner.width, matrix);
    let body = grid.draw(
        sheet,
        (framed, inner),
        (rows.len(), view.cursor()),
        |row| (&rows[row].account, &rows[row].name),
        |sheet, (row, column), place, pulse| match rows[row]
            .cells
            .get(column)
            .and_then(Option::as_ref)
        {
            Some(cell) => standing(sheet, cell, pulse, place),
            None => absent(sheet, pulse, place),
        },
    );
    if rows.is_empty() {
        nothing(sheet, body);
    }
}

/// A function in its cell: `⚠ 41.7 % →19!`.
fn standing(sheet: &mut Sheet<'_>, cell: &Cell, pulse: Option<Pulse<'_>>, place: Rect) {
    let look = sheet.look;
    let signs = look.signs();
    let mark = match cell.health {
        Health::Unknown if cell.is_refused => Mark {
            sign: signs.unknown,
            role: Role::Unknown,
        },
        health => Mark::of_health(health, signs),
    };
    let style = look.style(mark.role);
    // What nobody can tell any more is as old as what nobody lists any more.
    let refused = cell.is_refused.then_some(Role::Stale);
    let tone = pulse
        .and_then(Pulse::tone)
        .or(refused)
        .map(|role| look.style(role));
    let mut pen = sheet.pen(place, 0).toned(tone);
    pen.text(mark.sign, style).skip(1);
    let figure = figure(cell);
    let stands_out = matches!(cell.health, Health::Alarm | Health::Errors | Health::Broken);
    let figure_style = if stands_out {
        style
    } else {
        look.style(Role::Muted)
    };
    let room = pen.room();
    if let Some(version) = version((&cell.alias, cell.alias_skew), look) {
        let skew = if cell.alias_skew == Skew::Differs {
            "!"
        } else {
            ""
        };
        let words = format!("{}{version}{skew}", signs.becomes);
        let style = match cell.alias_skew {
            Skew::None => look.style(Role::Text),
            Skew::Differs => look.style(Role::Skew),
        };
        // The figure comes first where something is wrong; else the version.
        let both = text::width(&words) + text::width(&figure) + 1;
        if both <= room || !stands_out {
            pen.right(&words, style);
        }
    } else if cell.code_skew == Skew::Differs {
        pen.right("code!", look.style(Role::Skew));
    }
    if text::width(&figure) < pen.room() || pen.room() == room {
        pen.text(&figure, figure_style);
    }
}
