//! One row per stack name, one column per region.

use super::shelves;
use crate::app::stacks::{Cell, Row, Skew, Stacks};
use crate::app::{Target, Window};
use crate::config::Role;
use crate::domain::time::short;
use crate::domain::untrusted::sanitise;
use crate::domain::{AccountName, Region, Stack};
use crate::ui::chrome::account_width;
use crate::ui::layout;
use crate::ui::pulse::Pulse;
use crate::ui::sheet::{Sheet, line};
use crate::ui::status::{Mark, progress};
use crate::ui::table::{POINTER, select, stand_out};
use crate::ui::text;
use ratatui::layout::Rect;

/// Columns of a region: a shape, a version of five letters, its mark, an age.
const NARROW: u16 = 12;
/// With a fingerprint of eight letters, or `UPDATE 12m34s`.
const WIDE: u16 = 17;
const GAP: u16 = 1;
/// Between regions: a blank, and one for the pointer.
const BETWEEN: u16 = 2;

/// ```text
/// │  STACK            ▸eu-west-1    us-east-1    ap-sout…st-1      │
/// │                    2s           2s           ⚠ throttl… 48s    │
/// │▸ checkout-api     ▸✗ v419!  2m  ✓ v418   2h  ✓ v417    3d      │
/// │  orders-db         ↻ UPDATE 7s  ✓ v77    9d  —                 │
/// ```
///
/// Columns scroll sideways when they do not fit; the frame says how many lie beyond either end.
pub(super) fn matrix(sheet: &mut Sheet<'_>, framed: Rect, inner: Rect) {
    let app = sheet.app;
    let stacks = app.stacks();
    let plan = Plan::of(sheet, inner.width);
    let window = Window {
        first: stacks.column().first(stacks.columns().len(), plan.shown),
        size: plan.shown,
    };
    let (head, body) = layout::top(inner, 2);
    let grid = Grid::of(sheet, plan, window);
    grid.head(sheet, head);
    let size = usize::from(body.height);
    let first = stacks.cursor().first(stacks.rows().len(), size);
    for (index, (row, place)) in stacks
        .rows()
        .iter()
        .enumerate()
        .skip(first)
        .zip(0..body.height)
        .map(|((index, row), y)| (index, (row, line(body, y))))
    {
        let is_selected = index == stacks.cursor().index();
        grid.name(sheet, row, place);
        if is_selected {
            select(sheet, place);
        }
        sheet.spot(place, Target::Row(index));
        for column in grid.columns() {
            let cell = grid.place(column, place);
            grid.cell(sheet, row, column, cell);
            sheet.spot(cell, Target::Cell { row: index, column });
            if is_selected && column == stacks.column().index() {
                // A shape as well as a style: the pointer stands in the blank before the cell.
                let (pointer, title) = (sheet.signs().pointer, sheet.style(Role::Title));
                sheet.pen(cell, 0).text(pointer, title);
                let style = stand_out(sheet.look);
                sheet.paint(cell, style);
            }
        }
    }
    sheet.viewport.list = Window { first, size };
    sheet.viewport.columns = window;
    sheet.scrollbar(framed, body, (first, size, stacks.rows().len()));
    if stacks.rows().is_empty() {
        super::nothing(sheet, body);
    }
}

/// How the width is shared out.
#[derive(Clone, Copy, Debug)]
struct Plan {
    /// Nought where there is only one account.
    account: u16,
    name: u16,
    /// Columns that the regions may have beyond the least.
    spare: u16,
    /// How many regions fit.
    shown: usize,
}

impl Plan {
    fn of(sheet: &Sheet<'_>, width: u16) -> Self {
        let stacks = sheet.app.stacks();
        let account = match account_width(sheet.app, 12) {
            0 => 0,
            width => width + GAP,
        };
        let room = width.saturating_sub(POINTER + account + 1);
        let longest = text::widest(stacks.rows().iter().map(|row| row.name.safe()));
        let regions = u16::try_from(stacks.columns().len()).unwrap_or(u16::MAX);
        let columns =
            |name: u16, region: u16| (room.saturating_sub(name) / (region + BETWEEN)).min(regions);
        // Names get what they need up to a third; what the regions cannot use goes back to them.
        let name = longest.clamp(12, (room / 3).clamp(12, 40));
        let shown = columns(name, NARROW);
        // What no region has a use for goes back to the names.
        let most = name + shown * (WIDE + BETWEEN);
        let name = name + room.saturating_sub(most).min(longest.saturating_sub(name));
        let spare = room.saturating_sub(name + shown * (NARROW + BETWEEN));
        Self {
            account,
            name,
            spare,
            shown: usize::from(shown),
        }
    }

    /// Where the first region's column begins.
    fn start(self) -> u16 {
        POINTER + self.account + self.name + BETWEEN
    }
}

/// The widths of some regions' columns: a name is read in full if that can be, then all are as wide as each other.
fn widths(regions: &[Region], mut spare: u16) -> Vec<u16> {
    let mut widths = vec![NARROW; regions.len()];
    for (width, region) in widths.iter_mut().zip(regions) {
        let wanted = text::width(&sanitise(region.as_str())).clamp(NARROW, WIDE) - NARROW;
        let more = wanted.min(spare);
        *width += more;
        spare -= more;
    }
    while let Some(least) = widths.iter_mut().min_by_key(|width| **width)
        && *least < WIDE
        && spare > 0
    {
        *least += 1;
        spare -= 1;
    }
    widths
}

/// What every cell needs, worked out once for the frame.
struct Grid<'a> {
    plan: Plan,
    window: Window,
    /// Of the columns in the window.
    widths: Vec<u16>,
    shelves: Vec<Option<&'a [Stack]>>,
    /// By scope.
    pulses: Vec<Pulse<'a>>,
    stacks: &'a Stacks,
    /// For each account the scope of every column.
    scopes: Vec<(&'a AccountName, Vec<Option<usize>>)>,
}

impl<'a> Grid<'a> {
    fn of(sheet: &Sheet<'a>, plan: Plan, window: Window) -> Self {
        let stacks = sheet.app.stacks();
        let pulses = stacks
            .scopes()
            .iter()
            .map(|scope| Pulse::of_stacks(sheet.app, scope))
            .collect();
        let mut scopes: Vec<(&AccountName, Vec<Option<usize>>)> = Vec::new();
        for (index, scope) in stacks.scopes().iter().enumerate() {
            let Some(column) = stacks
                .columns()
                .iter()
                .position(|region| Some(region) == scope.region())
            else {
                continue;
            };
            let account = scopes
                .iter()
                .position(|(account, _)| **account == scope.account)
                .unwrap_or_else(|| {
                    scopes.push((&scope.account, vec![None; stacks.columns().len()]));
                    scopes.len() - 1
                });
            scopes[account].1[column] = Some(index);
        }
        let shown = stacks.columns().iter().skip(window.first);
        let shown: Vec<Region> = shown.take(window.size).cloned().collect();
        Self {
            plan,
            window,
            widths: widths(&shown, plan.spare),
            shelves: shelves(sheet),
            pulses,
            stacks,
            scopes,
        }
    }

    fn columns(&self) -> std::ops::Range<usize> {
        self.window.first..(self.window.first + self.window.size).min(self.stacks.columns().len())
    }

    /// The cell of a column on a row: the blank before it belongs to it, for the pointer.
    fn place(&self, column: usize, row: Rect) -> Rect {
        let nth = column - self.window.first;
        let before = self.widths.iter().take(nth);
        let offset = self.plan.start() + before.map(|width| width + BETWEEN).sum::<u16>();
        let width = GAP + self.widths.get(nth).copied().unwrap_or(NARROW);
        let x = row.x.saturating_add(offset).saturating_sub(GAP);
        Rect {
            x,
            width: width.min(row.right().saturating_sub(x)),
            ..row
        }
    }

    fn head(&self, sheet: &mut Sheet<'_>, head: Rect) {
        let (signs, header) = (sheet.signs(), sheet.style(Role::Header));
        let mut pen = sheet.pen(line(head, 0), 0);
        pen.skip(POINTER);
        if self.plan.account > 0 {
            pen.take(self.plan.account - GAP).text("ACCOUNT", header);
            pen.skip(GAP);
        }
        pen.take(self.plan.name).text("STACK", header);
        for column in self.columns() {
            let is_selected = column == self.stacks.column().index();
            let region = &self.stacks.columns()[column];
            let place = self.place(column, head);
            let (sign, style) = if is_selected {
                (signs.pointer, sheet.style(Role::Title))
            } else {
                (" ", header)
            };
            let mut pen = sheet.pen(place, 0);
            pen.text(sign, style)
                .middle(&sanitise(region.as_str()), style);
            self.freshness(
                sheet,
                column,
                Rect {
                    x: place.x + 1,
                    width: place.width.saturating_sub(1),
                    ..place
                },
            );
        }
    }

    /// Under a region's name: how old what stands below is, and why.
    fn freshness(&self, sheet: &mut Sheet<'_>, column: usize, place: Rect) {
        let (look, now) = (sheet.look, sheet.app.now());
        let here = || {
            let scopes = self.scopes.iter();
            let scopes = scopes.filter_map(|(account, scopes)| Some((account, scopes[column]?)));
            scopes.map(|(account, scope)| (account, self.pulses[scope]))
        };
        let Some((culprit, worst)) = here().max_by_key(|(_, pulse)| pulse.gravity()) else {
            return;
        };
        // Where only some accounts fail, the column is as fresh as the others make it, and says who does not.
        let live = here().map(|(_, pulse)| pulse).find(|pulse| pulse.is_live());
        let age = live.unwrap_or(worst).age().map(short).unwrap_or_default();
        let muted = sheet.style(Role::Muted);
        let mark = worst.mark(look).map(|mark| (mark, sheet.style(mark.role)));
        let mut pen = sheet.pen(place, 1);
        match mark {
            None => _ = pen.text(&age, muted),
            Some((mark, style)) => {
                pen.text(mark.sign, style).skip(1);
                let room = pen
                    .room()
                    .saturating_sub(text::width(&age) + u16::from(!age.is_empty()));
                // The age stands beside it already.
                let why = match worst {
                    _ if live.is_some() => sanitise(culprit.as_str()).into_owned(),
                    Pulse::Failing { failing, .. } => failing.problem.brief().to_owned(),
                    Pulse::Unseen | Pulse::Fresh(_) | Pulse::Stale(_) => worst.why(look, now, room),
                };
                pen.take(room.min(text::width(&why))).text(&why, style);
                pen.skip(1).text(&age, style);
            }
        }
    }

    fn name(&self, sheet: &mut Sheet<'_>, row: &Row, place: Rect) {
        let (ordinary, muted) = (sheet.style(Role::Text), sheet.style(Role::Muted));
        let mut pen = sheet.pen(place, 0);
        pen.skip(POINTER);
        if self.plan.account > 0 {
            pen.take(self.plan.account - GAP)
                .text(&sanitise(row.account.as_str()), muted);
            pen.skip(GAP);
        }
        pen.take(self.plan.name).middle(&row.name.safe(), ordinary);
    }

    fn cell(&self, sheet: &mut Sheet<'_>, row: &Row, column: usize, place: Rect) {
        let scopes = self
            .scopes
            .iter()
            .find(|(account, _)| **account == row.account);
        let scope = scopes.and_then(|(_, scopes)| scopes[column]);
        let pulse = scope.map(|scope| self.pulses[scope]);
        let inner = Rect {
            x: place.x + GAP.min(place.width),
            width: place.width.saturating_sub(GAP),
            ..place
        };
        match row.cells.get(column).and_then(Option::as_ref) {
            Some(cell) => self.standing(sheet, cell, pulse, inner),
            None => absent(sheet, pulse, inner),
        }
    }

    /// A stack in its cell: `✓ v418! 2h`, or what is being done to it.
    fn standing(&self, sheet: &mut Sheet<'_>, cell: &Cell, pulse: Option<Pulse<'_>>, place: Rect) {
        let standing = self.shelves.get(cell.place.scope).copied().flatten();
        let Some(stack) = standing.and_then(|stacks| stacks.get(cell.place.stack)) else {
            return;
        };
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
}

/// A cell without a stack: because there is none, or because nobody knows.
fn absent(sheet: &mut Sheet<'_>, pulse: Option<Pulse<'_>>, place: Rect) {
    let signs = sheet.signs();
    let (sign, role) = match pulse {
        Some(Pulse::Unseen) => (signs.unseen, Role::Unknown),
        Some(Pulse::Failing { age: None, .. }) => (signs.unknown, Role::Unknown),
        Some(Pulse::Fresh(_) | Pulse::Stale(_) | Pulse::Failing { .. }) => {
            (signs.nothing, Role::Muted)
        }
        // The account does not look at this region.
        None => (" ", Role::Muted),
    };
    let style = sheet.style(role);
    sheet.pen(place, 0).text(sign, style);
}
