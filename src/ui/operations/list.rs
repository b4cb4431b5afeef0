//! One row per run: those that want somebody, those that go on, then the newest.

use super::{mark, places};
use crate::app::operations::{Standing, tally};
use crate::app::{App, Target};
use crate::config::Role;
use crate::domain::operation::{Outcome, Run};
use crate::domain::time::{short, words as span};
use crate::domain::untrusted::sanitise;
use crate::ui::layout;
use crate::ui::look::Look;
use crate::ui::sheet::Sheet;
use crate::ui::table::{Column, List, POINTER, Row as Cells, Table};
use crate::ui::text;
use ratatui::layout::Rect;

/// Columns from which on there is room for the names of several regions.
const WIDE: u16 = 150;

const WHAT: usize = 0;
const STATE: usize = 1;
const WHERE: usize = 2;
const DONE: usize = 3;
const BEGAN: usize = 4;
const TOOK: usize = 5;
const USUAL: usize = 6;
const BY: usize = 7;
const ENDED: usize = 8;

/// ```text
/// │   OPERATION                 STATE        WHERE       DONE  BEGAN  TOOK     USUAL   BY    OUTCOME              │
/// │▸ ↻ Deploy checkout-api      RUNNING      6 regions   1/6      4m  4m 10s   6m 02s  ann                        │
/// │  ✗ Roll back orders         FAILED       eu-west-1   0/1      2h  31s              ann   The alias points …   │
/// ```
pub(super) fn list(sheet: &mut Sheet<'_>, framed: Rect, inner: Rect) {
    let app = sheet.app;
    let view = app.operations();
    let rows = view.rows();
    let runs = || rows.iter().filter_map(|id| view.run(id));
    let what = text::widest(runs().map(title));
    let by = text::widest(runs().map(|run| sanitise(&run.plan.by).into_owned()));
    // A column in which nothing would stand is none.
    let usual = if runs().any(|run| view.usual(run).is_some()) {
        7
    } else {
        0
    };
    let room = inner.width.saturating_sub(POINTER + 1);
    // Every name where there is room for all of it, else how many.
    let places = if room < WIDE { 14 } else { 40 };
    let columns = vec![
        Column::left(
            "  OPERATION",
            (what.clamp(20, 32) + 2, what.clamp(20, 44) + 2),
            0,
        ),
        Column::left("STATE", (11, 11), 1),
        Column::left("WHERE", (12, places), 3),
        Column::right("DONE", 5, 2),
        Column::right("BEGAN", 5, 4),
        Column::right("TOOK", 7, 5),
        Column::right("USUAL", usual, 8),
        Column::left("BY", (by.clamp(2, 8), by.clamp(2, 20)), 7),
        Column::left("OUTCOME", (16, u16::MAX), 6),
    ];
    let table = Table::new(columns, room, sheet.signs());
    let (head, body) = layout::top(inner, 1);
    table.head(sheet, head);
    let look = sheet.look;
    let list = List {
        len: rows.len(),
        cursor: view.cursor(),
        target: Target::Row,
    };
    let window = table.rows(sheet, body, &list, |cells| {
        let run = rows.get(cells.index).and_then(|id| view.run(id));
        if let Some(run) = run {
            row(app, look, cells, run);
        }
    });
    sheet.viewport.list = window;
    sheet.scrollbar(framed, body, (window.first, window.size, rows.len()));
    if rows.is_empty() {
        nothing(sheet, body);
    }
}

/// How many rows there are.
pub(in crate::ui) fn list_rows(app: &App) -> usize {
    app.operations().rows().len()
}

fn title(run: &Run) -> String {
    format!("{} {}", run.plan.verb.imperative(), run.plan.target.safe())
}

fn row(app: &App, look: &Look, cells: &mut Cells<'_>, run: &Run) {
    let view = app.operations();
    let style = |role| look.style(role);
    let standing = view.standing(run);
    let (shape, role) = mark(standing, look.signs());
    let (muted, ordinary) = (style(Role::Muted), style(Role::Text));
    cells
        .cell(WHAT)
        .text(shape, style(role))
        .skip(1)
        .middle(&title(run), ordinary);
    cells.cell(STATE).text(standing.word(), style(role));
    let mut pen = cells.cell(WHERE);
    let room = pen.room();
    pen.text(&places(run, room), muted);
    let (done, bad, all) = tally(run);
    let role = if bad > 0 { Role::Error } else { Role::Text };
    cells
        .cell(DONE)
        .right(&format!("{done}/{all}"), style(role));
    cells
        .cell(BEGAN)
        .right(&short(app.now() - run.began), muted);
    let end = run.outcome.as_ref().map_or(app.now(), |(at, _)| *at);
    // What nobody goes on with takes no time.
    if standing != Standing::LeftBehind {
        cells.cell(TOOK).right(&span(end - run.began), ordinary);
    }
    if let Some(usual) = view.usual(run) {
        cells.cell(USUAL).right(&span(usual), muted);
    }
    cells.cell(BY).text(&sanitise(&run.plan.by), muted);
    let (words, role) = outcome(app, run, standing);
    cells.cell(ENDED).text(&words, style(role));
}

/// How it ended, or what is wanted.
fn outcome(app: &App, run: &Run, standing: Standing) -> (String, Role) {
    match (&run.outcome, standing) {
        (Some((_, Outcome::Failed(why) | Outcome::Rejected(why))), _) => {
            (sanitise(why).into_owned(), Role::Text)
        }
        (Some(_), _) => (String::new(), Role::Muted),
        (None, Standing::LeftBehind) => {
            ("Enter, then c continues, r reverses".to_owned(), Role::Warn)
        }
        (None, Standing::Approval) => ("a approves, n rejects".to_owned(), Role::Warn),
        (None, Standing::Elsewhere) => ("another process goes on with it".to_owned(), Role::Muted),
        (None, _) => (
            super::present(app.operations(), run).unwrap_or_default(),
            Role::Muted,
        ),
    }
}

/// Says why there are no rows.
fn nothing(sheet: &mut Sheet<'_>, area: Rect) {
    let view = sheet.app.operations();
    let (muted, error) = (sheet.style(Role::Muted), sheet.style(Role::Error));
    let failing = view.failing().map(ToString::to_string);
    let (words, style) = match failing {
        Some(words) => (words, error),
        None if !view.filter.is_open() => ("No operation matches the filter.".to_owned(), muted),
        None if !view.is_told() => ("Reading the journals.".to_owned(), muted),
        None => (
            "Nothing was changed from this machine. d deploys, R rolls back, s stops a stack; t, D and u set traffic."
                .to_owned(),
            muted,
        ),
    };
    sheet.pen(area, 0).skip(2).text(&words, style);
}
