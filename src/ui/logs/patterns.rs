//! Lines that say the same, as one row: how often, when, and what.

use super::foot::spark;
use super::grouped_u64;
use super::lines::role;
use crate::app::Target;
use crate::config::Role;
use crate::domain::log::{Level, timestamp};
use crate::domain::time::short;
use crate::ui::layout;
use crate::ui::sheet::Sheet;
use crate::ui::table::{Column, List, POINTER, Table};
use ratatui::layout::Rect;

const COUNT: usize = 0;
const WHEN: usize = 1;
const LAST: usize = 2;
const LEVEL: usize = 3;
const WORDS: usize = 4;
/// Columns of ten seconds.
const COLUMNS: u16 = 30;

/// ```text
/// │    COUNT  LAST 5 MINUTES        AGE  LEVEL  PATTERN                                     │
/// │▸  12 481  ▁▁▂▁▁▃▇█▇▆▁▁▂▁▁        2s  ERROR  payment declined order=<num> latency_ms=<num> │
/// ```
pub(super) fn patterns(sheet: &mut Sheet<'_>, framed: Rect, inner: Rect) {
    let app = sheet.app;
    let patterns = app.logs().patterns();
    let templates = patterns.templates();
    let columns = vec![
        Column::right("COUNT", 9, 0),
        Column::left("LAST 5 MINUTES", (COLUMNS, COLUMNS), 4),
        Column::right("AGE", 4, 3),
        Column::left("LEVEL", (5, 5), 2),
        Column::left("PATTERN", (24, u16::MAX), 1),
    ];
    let table = Table::new(
        columns,
        inner.width.saturating_sub(POINTER + 1),
        sheet.signs(),
    );
    let (head, body) = layout::top(inner, 1);
    table.head(sheet, head);
    let (look, now, signs) = (sheet.look, app.now(), sheet.signs());
    let rows = List {
        len: templates.len(),
        cursor: patterns.cursor(),
        target: Target::Row,
    };
    let window = table.rows(sheet, body, &rows, |cells| {
        let Some(template) = templates.get(cells.index) else {
            return;
        };
        let level = template.level();
        let style = look.style(level.map_or(Role::Text, role));
        cells
            .cell(COUNT)
            .right(&grouped_u64(template.count), look.style(Role::Text));
        let counts = template
            .tally
            .until(now.timestamp_millis(), usize::from(COLUMNS));
        let most = counts.iter().copied().max().unwrap_or(0);
        let mut pen = cells.cell(WHEN);
        for count in counts {
            pen.text(spark(count, most, signs.bars), style);
        }
        let age = short(now - timestamp(template.last));
        cells.cell(LAST).right(&age, look.style(Role::Muted));
        cells.cell(LEVEL).text(level.map_or("", Level::name), style);
        let words = if level >= Some(Level::Warn) {
            style
        } else {
            look.style(Role::Text)
        };
        cells.cell(WORDS).text(&template.safe(), words);
    });
    sheet.viewport.list = window;
    sheet.scrollbar(framed, body, (window.first, window.size, templates.len()));
    if templates.is_empty() {
        let muted = sheet.style(Role::Muted);
        sheet.pen(body, 0).skip(2).text("No line to fold.", muted);
    }
}
