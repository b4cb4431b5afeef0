//! What Insights answers: the rows of every region in one table.

use super::grouped;
use crate::app::Target;
use crate::app::logs::{Answer, Query};
use crate::config::Role;
use crate::domain::Region;
use crate::domain::untrusted::sanitise;
use crate::ui::layout;
use crate::ui::sheet::Sheet;
use crate::ui::table::{Column, List, POINTER, Table};
use crate::ui::text;
use ratatui::layout::Rect;
use std::collections::BTreeSet;

/// ```text
/// │ fields @timestamp, @message | limit 100 · the last 1h 00m · 6 of 6 regions · 12 481 rows · ≈ $0.02          │
/// │  REGION      @timestamp               @message                                                              │
/// │▸ eu-west-1   2026-11-20 14:32:05.118  payment declined                                                      │
/// ```
pub(super) fn insights(sheet: &mut Sheet<'_>, framed: Rect, inner: Rect) {
    let app = sheet.app;
    let Some(query) = app.logs().query() else {
        return;
    };
    let (top, rest) = layout::top(inner, 1);
    summary(sheet, top, query);
    let problems = problems(query);
    let (rest, low) = layout::bottom(
        rest,
        u16::try_from(problems.len())
            .unwrap_or(0)
            .min(rest.height / 3),
    );
    let error = sheet.style(Role::Error);
    for (row, words) in (0..low.height).zip(&problems) {
        sheet.pen(low, row).skip(2).text(words, error);
    }
    let regions = query.rows().iter().filter_map(|row| row.scope.region());
    let region = text::widest(regions.map(Region::as_str)).clamp(6, 14);
    let mut columns = vec![Column::left("REGION", (region.min(9), region), 0)];
    let names = query.columns();
    for (index, _) in names.iter().enumerate() {
        let values = query
            .rows()
            .iter()
            .take(200)
            .filter_map(|row| row.values.get(index));
        let widest = text::widest(values).max(text::width(&names[index]));
        let most = if index + 1 == names.len() {
            u16::MAX
        } else {
            widest.max(4)
        };
        let rank = u8::try_from(index + 1).unwrap_or(u8::MAX);
        columns.push(Column::left("", (widest.clamp(4, 24), most), rank));
    }
    let table = Table::new(
        columns,
        rest.width.saturating_sub(POINTER + 1),
        sheet.signs(),
    );
    let (head, body) = layout::top(rest, 1);
    table.head(sheet, head);
    let header = sheet.style(Role::Header);
    let mut row = table.row(sheet.buffer, crate::ui::sheet::line(head, 0), 0);
    for (index, name) in names.iter().enumerate() {
        row.cell(index + 1).text(name, header);
    }
    let look = sheet.look;
    let fleet = app.logs().regions();
    let rows = List {
        len: query.rows().len(),
        cursor: query.cursor(),
        target: Target::Row,
    };
    let window = table.rows(sheet, body, &rows, |cells| {
        let Some(row) = query.rows().get(cells.index) else {
            return;
        };
        let region = row.scope.region();
        let place = fleet
            .iter()
            .position(|known| Some(known) == region)
            .unwrap_or(fleet.len());
        let colour = look.style(Role::REGIONS[place % Role::REGIONS.len()]);
        let name = region.map_or("", |region| region.as_str());
        cells.cell(0).middle(&sanitise(name), colour);
        for (index, value) in row.values.iter().enumerate() {
            cells.cell(index + 1).text(value, look.style(Role::Text));
        }
    });
    sheet.viewport.list = window;
    sheet.scrollbar(
        framed,
        body,
        (window.first, window.size, query.rows().len()),
    );
    if query.rows().is_empty() {
        let muted = sheet.style(Role::Muted);
        let words = if query.is_running() {
            "Asking every region."
        } else {
            "No row."
        };
        sheet.pen(body, 0).skip(2).text(words, muted);
    }
}

fn summary(sheet: &mut Sheet<'_>, area: Rect, query: &Query) {
    let signs = sheet.signs();
    let dot = signs.dot;
    let (muted, ordinary, moving) = (
        sheet.style(Role::Muted),
        sheet.style(Role::Text),
        sheet.style(Role::Moving),
    );
    let places: BTreeSet<_> = query
        .answers()
        .keys()
        .filter_map(|scope| scope.region())
        .collect();
    let running: BTreeSet<_> = query
        .answers()
        .iter()
        .filter(|(_, answer)| answer.ended.is_none())
        .filter_map(|(scope, _)| scope.region())
        .collect();
    let (done, all) = (places.len() - running.len(), places.len());
    let span = crate::domain::time::words(query.until - query.from);
    let price = match query.dollars() {
        little if little < 0.01 => "less than $0.01".to_owned(),
        dollars => format!("{} ${dollars:.2}", signs.about),
    };
    let rows = grouped(query.rows().len());
    let words = format!(" {dot} the last {span} {dot} {rows} rows {dot} {price} {dot} ");
    let progress = format!("{done} of {all} regions ");
    let mut pen = sheet.pen(area, 0);
    pen.right(&progress, if query.is_running() { moving } else { muted });
    if pen.room() > text::width(&words) + 12 {
        pen.right(&words, muted);
    }
    pen.skip(1).text(&sanitise(query.text()), ordinary);
}

/// What went wrong, region by region.
fn problems(query: &Query) -> Vec<String> {
    let problem = |answer: &Answer| {
        let ended = answer.ended.as_ref().and_then(|ended| ended.as_ref().err());
        ended.or(answer.failing.as_ref()).map(ToString::to_string)
    };
    query
        .answers()
        .iter()
        .filter_map(|(scope, answer)| Some(format!("{scope}: {}", problem(answer)?)))
        .collect()
}
