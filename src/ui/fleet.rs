//! The Fleet view: every region of every account on one page.

mod now;
pub(super) mod places;
mod reach;
mod region;
mod vital;
mod world;

use super::accelerator::mark_of_grade;
use super::chrome::{Narrowed, account_width, filtered, nowhere};
use super::layout;
use super::look::Signs;
use super::pulse::Pulse;
use super::sheet::{Focus, Sheet, line};
use super::status::Mark;
use super::table::{Align, Column as Field, List, Table, stand_out};
use super::text;
use crate::app::accelerator::Grade;
use crate::app::alarms::Standing;
use crate::app::fleet::{Column, Row};
use crate::app::{App, Target};
use crate::config::Role;
use crate::domain::Region;
use crate::domain::untrusted::sanitise;
use ratatui::layout::Rect;
use region::{RegionRow, Shape};
use vital::{FIGURE, Vitals};

/// Rows below which a panel has nothing to say.
const LEAST_PANEL: u16 = 6;

/// ```text
/// ╭ Regions · sorted by fleet file ────────────────────────────────────────────────────────────────────────╮
/// │    REGION          API  STACKS        LAMBDA ERRORS/MIN      P99  ALARMS   TROUBLE         DRIFT  LAST… AGE │
/// │▸ ✗ eu-west-1      91ms ▸41 ✓  1 ✗     ▂▃▂▂▅▇█▇█▇   41.7     1.9s  4 ⚠ 1 ⊘  ✗ checkout-api      2  che…  2s │
/// │  ⚠ ap-southeast-1    ?                throttled · retry in 8s                                           48s │
/// ╰─────────────────────────────────────────────────────────────────────────────────────────────────────────╯
/// ╭ World ───────────────────────────────────────╮╭ Now ────────────────────────────────────────────────────╮
/// ╰──────────────────────────────────────────────╯╰─────────────────────────────────────────────────────────╯
/// ```
pub(super) fn fleet(sheet: &mut Sheet<'_>, area: Rect) {
    if sheet.app.is_map_open() {
        world::whole(sheet, area);
        return;
    }
    let rows = u16::try_from(sheet.app.fleet_view().rows().len()).unwrap_or(u16::MAX);
    let wanted = rows.saturating_add(3).max(4);
    let is_roomy = layout::is_roomy(sheet.buffer.area);
    // With many regions the table takes most of the room; a roomy screen keeps a third for what happens now.
    let kept = if is_roomy { area.height / 3 } else { 0 };
    let (table, panels) = layout::top(area, wanted.min(area.height - kept));
    let (table, panels) = if panels.height < LEAST_PANEL {
        (
            area,
            Rect {
                height: 0,
                ..panels
            },
        )
    } else {
        (table, panels)
    };
    regions(sheet, table);
    if panels.is_empty() {
        return;
    }
    if is_roomy {
        let columns = (panels.width * 11 / 20).max(50);
        let (left, right) = layout::left(panels, columns);
        world::world(sheet, left);
        now::now(sheet, right);
    } else {
        now::now(sheet, panels);
    }
}

/// The table's columns, in order.
const REGION: usize = 0;
const ACCOUNT: usize = 1;
const API: usize = 2;
const STACKS: usize = 3;
const ERRORS: usize = 4;
const P99: usize = 5;
const ENDPOINTS: usize = 6;
const DIAL: usize = 7;
const ALARMS: usize = 8;
const TROUBLE: usize = 9;
const DRIFT: usize = 10;
const CHANGE: usize = 11;
const AGE: usize = 12;

/// Where each column that leads somewhere stands in the table.
fn place_of(column: Column) -> usize {
    match column {
        Column::Stacks => STACKS,
        Column::Errors => ERRORS,
        Column::P99 => P99,
        Column::Endpoints => ENDPOINTS,
        Column::Dial => DIAL,
        Column::Alarms => ALARMS,
    }
}

/// Columns that the name of what changed last and its age have a use for.
const CHANGE_AT_MOST: u16 = 40;

fn regions(sheet: &mut Sheet<'_>, area: Rect) {
    let app = sheet.app;
    let view = app.fleet_view();
    let focus = if app.detail().is_none() && app.overlays().is_empty() {
        Focus::Here
    } else {
        Focus::Elsewhere
    };
    let inner = sheet.frame(area, focus);
    sheet.spot(area, Target::List);
    title(sheet, area);
    if inner.is_empty() {
        return;
    }
    let shape = Shape::of(view.rows());
    let room = inner.width.saturating_sub(super::table::POINTER + 1);
    let columns = fields(app, inner.width, &shape);
    let table = Table::new(columns, room, sheet.signs());
    let (head, body) = layout::top(inner, 1);
    table.head(sheet, head);
    let look = sheet.look;
    let list = List {
        len: view.rows().len(),
        cursor: view.cursor(),
        target: Target::Row,
    };
    let window = table.rows(sheet, body, &list, |cells| {
        if let Some(row) = view.rows().get(cells.index) {
            RegionRow {
                app,
                look,
                row,
                shape: &shape,
            }
            .draw(cells);
        }
    });
    sparks(sheet, body, (&table, window.first));
    choices(sheet, body, (&table, window.first));
    sheet.viewport.list = window;
    sheet.scrollbar(area, body, (window.first, window.size, view.rows().len()));
    if view.rows().is_empty() {
        let muted = sheet.style(Role::Muted);
        let words = nowhere(app).unwrap_or("No region matches the filter.");
        sheet.pen(line(body, 0), 0).skip(2).text(words, muted);
    }
}

/// The columns of a table so wide, frame and pointer included, and how much each has a use for.
fn fields(app: &App, width: u16, shape: &Shape) -> Vec<Field> {
    let view = app.fleet_view();
    let regions = text::widest(view.rows().iter().map(region_name)).max(6);
    let account = account_width(app, 16);
    let has_drift = view.rows().iter().any(|row| row.counts.drifted > 0);
    // On a narrow screen the reason of a failure is worth more than the latency.
    let is_narrow = width < 100;
    let api = if is_narrow && account > 0 { 0 } else { 6 };
    let trouble = match width {
        ..100 => 16,
        100..130 => 20,
        _ => 28,
    };
    let room = width.saturating_sub(super::table::POINTER + 1);
    let drift = if has_drift { 5 } else { 0 };
    // A name and an age fill no half of a wide screen; the reason of a failure may.
    // A sparkline takes what a wide screen has; a narrow one has the figure alone.
    let spark = if is_narrow { 0 } else { width / 10 + 2 };
    let (p99, alarms) = (if is_narrow { 0 } else { 7 }, if is_narrow { 6 } else { 8 });
    // A fleet without accelerators has no columns for them.
    let (endpoints, dial) = match view.rows().iter().any(|row| row.reach.is_some()) {
        true if is_narrow => (7, 0),
        true => (9, 7),
        false => (0, 0),
    };
    let errors = Field {
        title: if is_narrow {
            "ERR/MIN"
        } else {
            "LAMBDA ERRORS/MIN"
        },
        align: Align::Right,
        least: 7.max(FIGURE + spark.min(11)),
        most: (FIGURE + 2 + spark).max(7),
        // Whether clients get through at all comes before how they fare.
        rank: if endpoints > 0 { 6 } else { 5 },
    };
    let others = [
        regions.min(24) + 2,
        account,
        api,
        shape.width(),
        errors.most,
        p99,
        endpoints,
        dial,
        alarms,
        drift,
        4,
    ];
    let gap = |width: &u16| if *width > 0 { 2 } else { 0 };
    let gaps = 2 + others.iter().map(gap).sum::<u16>();
    let wide = room.saturating_sub(others.iter().sum::<u16>() + gaps + CHANGE_AT_MOST);
    vec![
        Field::left("  REGION", (regions.min(14) + 2, regions.min(24) + 2), 0),
        Field::left("ACCOUNT", (account, account), 2),
        Field::right("API", api, 8),
        Field::left("STACKS", (shape.width(), shape.width()), 1),
        errors,
        Field::right("P99", p99, 6),
        Field::left(
            if is_narrow { "HEALTHY" } else { "ENDPOINTS" },
            (endpoints, endpoints),
            5,
        ),
        Field::right("DIAL", dial, 7),
        Field::left("ALARMS", (alarms, alarms), 1),
        Field::left("TROUBLE", (trouble, wide.max(40)), 3),
        Field::right("DRIFT", drift, 9),
        Field::left("LAST CHANGE", (18, CHANGE_AT_MOST), 10),
        Field::right("AGE", 4, 4),
    ]
}

/// The errors of every region over time, on one scale.
fn sparks(sheet: &mut Sheet<'_>, body: Rect, (table, first): (&Table, usize)) {
    let (app, look) = (sheet.app, sheet.look);
    let rows = app.fleet_view().rows().iter().skip(first);
    let cells = (0..body.height).map(|row| table.place(ERRORS, line(body, row)));
    let drawn: Vec<(Vitals<'_>, Rect)> = rows
        .zip(cells)
        .map(|(row, cell)| (Vitals::of(app, look, row), cell))
        .collect();
    let most = drawn
        .iter()
        .filter_map(|(vitals, cell)| vitals.most(*cell))
        .reduce(f64::max);
    for (vitals, cell) in &drawn {
        vitals.spark(sheet, *cell, most);
    }
}

/// What a click on a number chooses, and the one that is chosen: a pointer before it, and a style.
fn choices(sheet: &mut Sheet<'_>, body: Rect, (table, first): (&Table, usize)) {
    let view = sheet.app.fleet_view();
    let shown = view.rows().len().saturating_sub(first);
    for (row, index) in (0..body.height).zip(first..first + shown) {
        for column in Column::ALL {
            let cell = table.place(place_of(column), line(body, row));
            let target = Target::Cell {
                row: index,
                column: column.index(),
            };
            sheet.spot(cell, target);
            if index != view.cursor().index() || column != view.column() || cell.is_empty() {
                continue;
            }
            // A shape as well as a style: the pointer stands in the blank before the cell.
            let pointed = Rect {
                x: cell.x.saturating_sub(1),
                width: cell.width + 1,
                ..cell
            };
            let (pointer, title) = (sheet.signs().pointer, sheet.style(Role::Title));
            sheet.pen(pointed, 0).text(pointer, title);
            let style = stand_out(sheet.look);
            sheet.paint(pointed, style);
        }
    }
}

fn title(sheet: &mut Sheet<'_>, area: Rect) {
    let (app, look) = (sheet.app, sheet.look);
    let view = app.fleet_view();
    let (title, muted) = (sheet.style(Role::Title), sheet.style(Role::Muted));
    let (dot, warn) = (look.signs().dot, look.style(Role::Warn));
    let mut pen = sheet.title(area);
    pen.text(" Regions ", title);
    if let Some(narrowed) = Narrowed::of(app) {
        pen.text(&format!("{dot} "), muted)
            .text(&narrowed.long(dot), warn)
            .text(" ", muted);
    }
    pen.text(&format!("{dot} sorted by {} ", view.order.words()), muted);
    if !view.filter.text().is_empty() {
        filtered(&mut pen, look, &view.filter);
        pen.text(
            &format!("({} of {}) ", view.rows().len(), view.total()),
            muted,
        );
    }
}

fn region_name(row: &Row) -> std::borrow::Cow<'_, str> {
    sanitise(row.scope.region().map_or("", Region::as_str))
}

/// A region's own sign on the map, and how grave it is: what is known to be in trouble outranks what is not known.
fn state_of(sheet: &Sheet<'_>, row: &Row) -> (Mark, (usize, u8)) {
    let pulse = Pulse::of_stacks(sheet.app, &row.scope);
    let (known, gravest) = known(row, sheet.signs());
    let mark = if gravest > 0 {
        known
    } else {
        pulse.mark(sheet.look).unwrap_or(known)
    };
    (mark, (gravest, pulse.gravity()))
}

/// The sign of what is known of a region, and how grave that is: nought where nothing is the matter.
fn known(row: &Row, signs: &Signs) -> (Mark, usize) {
    let in_alarm = row.alarms.map_or(0, |tally| tally.in_alarm);
    let grade = row.reach.map(|reach| reach.grade);
    let has = |grades: [Grade; 2]| grade.is_some_and(|grade| grades.contains(&grade));
    let stacks = Mark::of_counts(row.counts, signs);
    let reach = grade.map_or(stacks, |grade| mark_of_grade(grade, signs));
    // From the least grave on: a stack that is only where it was before comes below an alarm, one that failed above.
    let troubles = [
        (row.counts.moving > 0, stacks),
        (row.counts.partial > 0, stacks),
        (has([Grade::Degraded, Grade::Empty]), reach),
        (in_alarm > 0, Mark::of_standing(Standing::InAlarm, signs)),
        (row.counts.failed > 0, stacks),
        (has([Grade::Down, Grade::FailsOpen]), reach),
    ];
    let gravest = troubles.iter().rposition(|(is_so, _)| *is_so);
    let mark = gravest.and_then(|place| troubles.get(place));
    (
        mark.map_or(stacks, |(_, mark)| *mark),
        gravest.map_or(0, |place| place + 1),
    )
}
