//! Pages of lines: configuration, versions, event sources, errors.

use crate::app::Target;
use crate::app::lambda::detail::{FunctionDetail, FunctionPage, Lead, Tone};
use crate::config::Role;
use crate::ui::layout;
use crate::ui::look::Signs;
use crate::ui::sheet::Sheet;
use crate::ui::status::Mark;
use crate::ui::table::{Column, List, POINTER, Table};
use crate::ui::text;
use ratatui::layout::Rect;

pub(super) fn lines(sheet: &mut Sheet<'_>, (framed, area): (Rect, Rect), open: &FunctionDetail) {
    if open.lines().is_empty() {
        let muted = sheet.style(Role::Muted);
        let place = layout::inset(area, 2);
        for (words, row) in text::wrap(open.excuse(), place.width).zip(0..place.height) {
            sheet.pen(place, row).text(words, muted);
        }
        return;
    }
    let columns = columns(open);
    let last = columns.len().saturating_sub(1);
    let room = area.width.saturating_sub(POINTER + 1);
    let table = Table::new(columns, room, sheet.signs());
    let (head, body) = layout::top(area, 1);
    table.head(sheet, head);
    let (look, signs) = (sheet.look, sheet.signs());
    let list = List {
        len: open.lines().len(),
        cursor: open.cursor(),
        target: Target::DetailRow,
    };
    let window = table.rows(sheet, body, &list, |cells| {
        let Some(line) = open.lines().get(cells.index) else {
            return;
        };
        let mark = mark(line.tone, signs);
        let muted = look.style(Role::Muted);
        for (column, words) in line.cells.iter().enumerate() {
            let mut pen = match (line.tone, column) {
                // A sentence about what is not known runs on over the columns behind it.
                (Tone::Problem, 1) => cells.span(1, last),
                (Tone::Problem, 2) => continue,
                (_, _) => cells.cell(column),
            };
            let style = match (column, line.tone) {
                (0, _) => look.style(Role::Title),
                (1, Tone::Plain) => look.style(Role::Text),
                (1, _) => look.style(mark.map_or(Role::Muted, |mark| mark.role)),
                (_, _) => muted,
            };
            if column == 1
                && let Some(mark) = mark
            {
                pen.text(mark.sign, look.style(mark.role)).skip(1);
            }
            let is_sentence = words.contains(' ') || open.page() == FunctionPage::Errors;
            if is_sentence {
                pen.text(words, style);
            } else {
                pen.middle(words, style);
            }
            if column == 1 && matches!(line.lead, Lead::Stack(..)) {
                pen.skip(1).text(signs.right, look.style(Role::Key));
            }
        }
    });
    sheet.viewport.detail = window;
    let len = open.lines().len();
    sheet.scrollbar(framed, body, (window.first, window.size, len));
}

/// The columns of a page; the cells of its lines are in their order.
fn columns(open: &FunctionDetail) -> Vec<Column> {
    let widest = |column: usize, least: u16, most: u16| {
        let cells = open
            .lines()
            .iter()
            .filter_map(|line| line.cells.get(column));
        text::widest(cells).clamp(least, most)
    };
    match open.page() {
        FunctionPage::Charts | FunctionPage::Configuration => vec![
            Column::left("SETTING", (12, 12), 0),
            Column::left("VALUE", (24, u16::MAX), 2),
            Column::left("WHERE", (10, widest(2, 10, 40)), 1),
        ],
        FunctionPage::Versions => vec![
            Column::left("VERSION", (8, widest(0, 8, 24)), 0),
            Column::left("POINTS TO, OR AGE", (12, widest(1, 17, 24)), 0),
            Column::left("CODE", (8, 8), 2),
            Column::left("WHERE", (10, widest(3, 10, 40)), 1),
            Column::left("DESCRIPTION", (12, u16::MAX), 3),
        ],
        FunctionPage::Sources => vec![
            Column::left("SOURCE", (16, widest(0, 16, 40)), 0),
            Column::left("STATE", (12, widest(1, 12, 20)), 0),
            Column::left("LAST RESULT", (16, widest(2, 16, 30)), 1),
            Column::left("REGION", (9, widest(3, 9, 16)), 0),
            Column::left("BATCH", (14, 16), 3),
            Column::left("WHY", (12, u16::MAX), 2),
        ],
        FunctionPage::Errors => vec![
            Column::left("TIME", (12, 12), 0),
            Column::left("REGION", (11, widest(1, 9, 16) + 2), 1),
            Column::left("MESSAGE", (20, u16::MAX), 0),
        ],
    }
}

/// A shape for what stands out.
fn mark(tone: Tone, signs: &Signs) -> Option<Mark> {
    let (sign, role) = match tone {
        Tone::Plain | Tone::Quiet => return None,
        Tone::Good => (signs.ok, Role::Ok),
        Tone::Bad => (signs.failed, Role::Error),
        Tone::Moving => (signs.moving, Role::Moving),
        Tone::Skew => (signs.partial, Role::Skew),
        Tone::Unknown | Tone::Problem => (signs.unknown, Role::Unknown),
    };
    Some(Mark { sign, role })
}
