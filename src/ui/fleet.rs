//! The Fleet view: every region of every account on one page.

mod now;
pub(super) mod places;
mod vital;
mod world;

use super::chrome::{Narrowed, account_width, filtered, nowhere};
use super::layout;
use super::pulse::Pulse;
use super::sheet::{Focus, Sheet, line};
use super::status::{Mark, progress};
use super::table::{Align, Column as Field, List, Row as Cells, Table, stand_out};
use super::text;
use crate::app::Target;
use crate::app::fleet::{Column, Counts, Row};
use crate::config::Role;
use crate::domain::time::short;
use crate::domain::untrusted::sanitise;
use crate::domain::{Region, Slot, Stack};
use ratatui::layout::Rect;
use ratatui::style::Style;
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
const ALARMS: usize = 6;
const TROUBLE: usize = 7;
const DRIFT: usize = 8;
const CHANGE: usize = 9;
const AGE: usize = 10;

/// Where each column that leads somewhere stands in the table.
fn place_of(column: Column) -> usize {
    match column {
        Column::Stacks => STACKS,
        Column::Errors => ERRORS,
        Column::P99 => P99,
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
    let regions = text::widest(view.rows().iter().map(region_name)).max(6);
    let account = account_width(app, 16);
    let has_drift = view.rows().iter().any(|row| row.counts.drifted > 0);
    // On a narrow screen the reason of a failure is worth more than the latency.
    let is_narrow = inner.width < 100;
    let api = if is_narrow && account > 0 { 0 } else { 6 };
    let trouble = if is_narrow { 16 } else { 28 };
    let room = inner.width.saturating_sub(super::table::POINTER + 1);
    let drift = if has_drift { 5 } else { 0 };
    // A name and an age fill no half of a wide screen; the reason of a failure may.
    // A sparkline takes what a wide screen has; a narrow one has the figure alone.
    let spark = if is_narrow { 0 } else { inner.width / 10 + 2 };
    let (p99, alarms) = (if is_narrow { 0 } else { 7 }, if is_narrow { 6 } else { 8 });
    let errors = Field {
        title: if is_narrow {
            "ERR/MIN"
        } else {
            "LAMBDA ERRORS/MIN"
        },
        align: Align::Right,
        least: 7.max(FIGURE + spark.min(11)),
        most: (FIGURE + 2 + spark).max(7),
        rank: 5,
    };
    let others = [
        regions.min(24) + 2,
        account,
        api,
        shape.width(),
        errors.most,
        p99,
        alarms,
        drift,
        4,
    ];
    let gap = |width: &u16| if *width > 0 { 2 } else { 0 };
    let gaps = 2 + others.iter().map(gap).sum::<u16>();
    let wide = room.saturating_sub(others.iter().sum::<u16>() + gaps + CHANGE_AT_MOST);
    let columns = vec![
        Field::left("  REGION", (regions.min(14) + 2, regions.min(24) + 2), 0),
        Field::left("ACCOUNT", (account, account), 2),
        Field::right("API", api, 8),
        Field::left("STACKS", (shape.width(), shape.width()), 1),
        errors,
        Field::right("P99", p99, 7),
        Field::left("ALARMS", (alarms, alarms), 1),
        Field::left("TROUBLE", (trouble, wide.max(40)), 3),
        Field::right("DRIFT", drift, 9),
        Field::left("LAST CHANGE", (18, CHANGE_AT_MOST), 10),
        Field::right("AGE", 4, 4),
    ];
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
    for (row, place) in view
        .rows()
        .iter()
        .skip(window.first)
        .zip((0..body.height).map(|row| line(body, row)))
    {
        Vitals::of(app, look, row).spark(sheet, table.place(ERRORS, place));
    }
    choices(sheet, body, (&table, window.first));
    sheet.viewport.list = window;
    sheet.scrollbar(area, body, (window.first, window.size, view.rows().len()));
    if view.rows().is_empty() {
        let muted = sheet.style(Role::Muted);
        let words = nowhere(app).unwrap_or("No region matches the filter.");
        sheet.pen(line(body, 0), 0).skip(2).text(words, muted);
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
    let counts = Mark::of_counts(row.counts, sheet.signs());
    let trouble = [row.counts.moving, row.counts.partial, row.counts.failed];
    let gravest = trouble
        .iter()
        .rposition(|count| *count > 0)
        .map_or(0, |place| place + 1);
    let mark = if gravest > 0 {
        counts
    } else {
        pulse.mark(sheet.look).unwrap_or(counts)
    };
    (mark, (gravest, pulse.gravity()))
}

/// How wide each kind of count is, so that equal shapes stand under each other.
struct Shape {
    digits: [u16; 5],
}

impl Shape {
    fn of(rows: &[Row]) -> Self {
        let mut digits = [0; 5];
        for row in rows {
            for (most, count) in digits.iter_mut().zip(Self::counts(row.counts)) {
                if count > 0 {
                    *most = (*most).max(width_of(count));
                }
            }
        }
        Self { digits }
    }

    fn counts(counts: Counts) -> [usize; 5] {
        [
            counts.well,
            counts.failed,
            counts.moving,
            counts.partial,
            counts.other,
        ]
    }

    fn width(&self) -> u16 {
        // A count, a blank and its shape; a blank between kinds.
        let shown = self.digits.iter().filter(|digits| **digits > 0);
        shown
            .map(|digits| digits + 3)
            .sum::<u16>()
            .saturating_sub(1)
            .max(6)
    }
}

fn width_of(count: usize) -> u16 {
    u16::try_from(count.checked_ilog10().unwrap_or(0) + 1).unwrap_or(u16::MAX)
}

/// One region, being drawn.
struct RegionRow<'a> {
    app: &'a crate::app::App,
    look: &'a super::Look,
    row: &'a Row,
    shape: &'a Shape,
}

impl RegionRow<'_> {
    fn style(&self, role: Role) -> Style {
        self.look.style(role)
    }

    fn draw(&self, cells: &mut Cells<'_>) {
        let slot = self.app.store().stacks(&self.row.scope);
        let pulse = Pulse::of_stacks(self.app, &self.row.scope);
        let mark = pulse
            .mark(self.look)
            .unwrap_or_else(|| Mark::of_counts(self.row.counts, self.look.signs()));
        cells.cell(REGION).text(mark.sign, self.style(mark.role));
        let tone = pulse.tone().map(|role| self.style(role));
        cells.tone(tone);
        cells
            .cell(REGION)
            .skip(2)
            .middle(&region_name(self.row), self.style(Role::Text));
        cells.cell(ACCOUNT).text(
            &sanitise(self.row.scope.account.as_str()),
            self.style(Role::Muted),
        );
        if let Some(good) = slot.and_then(Slot::good) {
            cells.cell(API).right(
                &latency(good.took.num_milliseconds()),
                self.style(Role::Muted),
            );
            self.counts(cells);
            self.last_change(cells, &good.value);
        }
        if self.row.counts.drifted > 0 {
            cells
                .cell(DRIFT)
                .right(&self.row.counts.drifted.to_string(), self.style(Role::Warn));
        }
        let vitals = Vitals::of(self.app, self.look, self.row);
        vitals.errors(cells.cell(ERRORS));
        vitals.p99(cells.cell(P99));
        vitals.alarms(cells.cell(ALARMS));
        cells
            .cell(AGE)
            .right(&pulse.age_words(self.look), self.style(Role::Muted));
        let stacks = slot.and_then(Slot::value).unwrap_or_default();
        self.trouble(cells, (pulse, &vitals), stacks);
    }

    fn counts(&self, cells: &mut Cells<'_>) {
        let signs = self.look.signs();
        let kinds = [
            (signs.ok, Role::Ok),
            (signs.failed, Role::Error),
            (signs.moving, Role::Moving),
            (signs.partial, Role::Warn),
            (signs.unknown, Role::Unknown),
        ];
        if self.row.counts.total() == 0 {
            cells.cell(STACKS).text("none", self.style(Role::Muted));
            return;
        }
        let mut pen = cells.cell(STACKS);
        let counts = Shape::counts(self.row.counts)
            .into_iter()
            .zip(kinds)
            .zip(self.shape.digits);
        for ((count, (sign, role)), digits) in counts.filter(|(_, digits)| *digits > 0) {
            let mut part = pen.take(digits + 2);
            if count > 0 {
                part.skip(digits - width_of(count).min(digits));
                part.text(&count.to_string(), self.style(Role::Text))
                    .skip(1)
                    .text(sign, self.style(role));
            }
            pen.skip(1);
        }
    }

    /// Why the data is old, else the stack that needs attention most, else what moves.
    fn trouble(
        &self,
        cells: &mut Cells<'_>,
        (pulse, vitals): (Pulse<'_>, &Vitals<'_>),
        stacks: &[Stack],
    ) {
        let now = self.app.now();
        if !pulse.is_live() {
            // A sentence may run on over the columns that have nothing to say.
            cells.tone(None);
            let role = match pulse {
                Pulse::Failing { .. } => Role::Error,
                Pulse::Unseen => Role::Unknown,
                Pulse::Fresh(_) | Pulse::Stale(_) => Role::Stale,
            };
            let until = if pulse.age().is_none() {
                CHANGE
            } else {
                TROUBLE
            };
            let mut pen = cells.span(TROUBLE, until);
            let why = pulse.why(self.look, now, pen.room());
            pen.text(&why, self.style(role));
            return;
        }
        let Some(stack) = self
            .row
            .worst
            .or(self.row.moving)
            .and_then(|position| stacks.get(position))
        else {
            self.unread(cells, vitals);
            return;
        };
        let mark = Mark::of_phase(stack.status.phase(), self.look.signs());
        let mut pen = cells.cell(TROUBLE);
        pen.text(mark.sign, self.style(mark.role)).skip(1);
        if stack.status.phase().is_moving() {
            let name = stack.name.safe();
            let words = progress(
                stack,
                now,
                pen.room().saturating_sub(text::width(&name) + 1),
            );
            let room = pen
                .room()
                .saturating_sub(text::width(&words) + 1)
                .min(text::width(&name));
            pen.take(room).middle(&name, self.style(Role::Text));
            pen.skip(1).text(&words, self.style(mark.role));
        } else {
            pen.middle(&stack.name.safe(), self.style(Role::Text));
        }
    }

    /// Why the metrics or the alarms are old, where the stacks have nothing to say.
    fn unread(&self, cells: &mut Cells<'_>, vitals: &Vitals<'_>) {
        let unread = [("alarms", vitals.alarms), ("metrics", vitals.pulse)];
        let failing = unread
            .into_iter()
            .find(|(_, pulse)| matches!(pulse, Pulse::Failing { .. }));
        let Some((noun, pulse)) = failing else { return };
        cells.tone(None);
        let mut pen = cells.cell(TROUBLE);
        pen.text(&format!("{noun}: "), self.style(Role::Muted));
        let why = pulse.why(self.look, self.app.now(), pen.room());
        pen.text(&why, self.style(Role::Error));
    }

    fn last_change(&self, cells: &mut Cells<'_>, stacks: &[Stack]) {
        // A nested stack changes with its parent, whose name says more.
        let named = stacks.iter().filter(|stack| stack.parent.is_none());
        let Some(stack) = named.max_by_key(|stack| stack.touched()) else {
            return;
        };
        let mut pen = cells.cell(CHANGE);
        let age = short(self.app.now() - stack.touched());
        let name = stack.name.safe();
        let room = pen
            .room()
            .saturating_sub(text::width(&age) + 1)
            .min(text::width(&name));
        pen.take(room).middle(&name, self.style(Role::Muted));
        pen.skip(1).text(&age, self.style(Role::Muted));
    }
}

fn latency(milliseconds: i64) -> String {
    match milliseconds {
        ..1_000 => format!("{milliseconds}ms"),
        1_000..10_000 => format!("{}.{}s", milliseconds / 1_000, milliseconds % 1_000 / 100),
        _ => format!("{}s", milliseconds / 1_000),
    }
}
