//! Regions side by side: where the columns of a matrix stand, how old each is and why, and which cell is selected.
//!
//! Columns scroll sideways when they do not fit; the frame says how many lie beyond either end.

use super::chrome::account_width;
use super::layout;
use super::pulse::Pulse;
use super::sheet::{Sheet, line};
use super::table::{POINTER, select, stand_out};
use super::text;
use crate::app::cursor::Cursor;
use crate::app::{Target, Window};
use crate::config::Role;
use crate::domain::time::short;
use crate::domain::untrusted::sanitise;
use crate::domain::{AccountName, Region, Scope, Untrusted};
use ratatui::layout::Rect;

/// Columns of a region: a shape, a version of five letters, its mark, an age.
const NARROW: u16 = 12;
/// With a fingerprint of eight letters, or `UPDATE 12m34s`.
const WIDE: u16 = 17;
const GAP: u16 = 1;
/// Between regions: a blank, and one for the pointer.
const BETWEEN: u16 = 2;

/// What a matrix is of.
pub(super) struct Matrix<'a> {
    /// What a row is: `STACK`.
    pub(super) noun: &'static str,
    /// Columns that the longest name of a row takes.
    pub(super) longest: u16,
    pub(super) columns: &'a [Region],
    pub(super) scopes: &'a [Scope],
    /// By scope.
    pub(super) pulses: Vec<Pulse<'a>>,
    pub(super) column: &'a Cursor<Region>,
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
    fn of(sheet: &Sheet<'_>, width: u16, matrix: &Matrix<'_>) -> Self {
        let account = match account_width(sheet.app, 12) {
            0 => 0,
            width => width + GAP,
        };
        let room = width.saturating_sub(POINTER + account + 1);
        let longest = matrix.longest;
        let regions = u16::try_from(matrix.columns.len()).unwrap_or(u16::MAX);
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

/// A matrix that has found its places.
pub(super) struct Grid<'a> {
    matrix: Matrix<'a>,
    plan: Plan,
    window: Window,
    /// Of the columns in the window.
    widths: Vec<u16>,
    /// For each account the scope of every column.
    scopes: Vec<(&'a AccountName, Vec<Option<usize>>)>,
}

impl<'a> Grid<'a> {
    pub(super) fn of(sheet: &Sheet<'_>, width: u16, matrix: Matrix<'a>) -> Self {
        let plan = Plan::of(sheet, width, &matrix);
        let window = Window {
            first: matrix.column.first(matrix.columns.len(), plan.shown),
            size: plan.shown,
        };
        let mut scopes: Vec<(&AccountName, Vec<Option<usize>>)> = Vec::new();
        for (index, scope) in matrix.scopes.iter().enumerate() {
            let mut columns = matrix.columns.iter();
            let Some(column) = columns.position(|region| Some(region) == scope.region()) else {
                continue;
            };
            let account = scopes
                .iter()
                .position(|(account, _)| **account == scope.account)
                .unwrap_or_else(|| {
                    scopes.push((&scope.account, vec![None; matrix.columns.len()]));
                    scopes.len() - 1
                });
            scopes[account].1[column] = Some(index);
        }
        let shown = matrix.columns.iter().skip(window.first);
        let shown: Vec<Region> = shown.take(window.size).cloned().collect();
        Self {
            plan,
            window,
            widths: widths(&shown, plan.spare),
            scopes,
            matrix,
        }
    }

    /// Draws the headings and the rows that are visible.
    ///
    /// `row` tells whose a row is; `draw` fills one of its cells, which begins behind the blank for the pointer.
    pub(super) fn draw<'r, K: Clone + PartialEq>(
        &self,
        sheet: &mut Sheet<'_>,
        (framed, inner): (Rect, Rect),
        (len, cursor): (usize, &Cursor<K>),
        row: impl Fn(usize) -> (&'r AccountName, &'r Untrusted),
        draw: impl Fn(&mut Sheet<'_>, (usize, usize), Rect, Option<Pulse<'a>>),
    ) -> Rect {
        let (head, body) = layout::top(inner, 2);
        self.head(sheet, head);
        let size = usize::from(body.height);
        let first = cursor.first(len, size);
        for (index, y) in (first..len).zip(0..body.height) {
            let place = line(body, y);
            let (account, name) = row(index);
            let is_selected = index == cursor.index();
            self.name(sheet, (account, name), place);
            if is_selected {
                select(sheet, place);
            }
            sheet.spot(place, Target::Row(index));
            for column in self.columns() {
                let cell = self.place(column, place);
                let inner = Rect {
                    x: cell.x + GAP.min(cell.width),
                    width: cell.width.saturating_sub(GAP),
                    ..cell
                };
                draw(sheet, (index, column), inner, self.pulse(account, column));
                sheet.spot(cell, Target::Cell { row: index, column });
                if is_selected && column == self.matrix.column.index() {
                    // A shape as well as a style: the pointer stands in the blank before the cell.
                    let (pointer, title) = (sheet.signs().pointer, sheet.style(Role::Title));
                    sheet.pen(cell, 0).text(pointer, title);
                    let style = stand_out(sheet.look);
                    sheet.paint(cell, style);
                }
            }
        }
        sheet.viewport.list = Window { first, size };
        sheet.viewport.columns = self.window;
        sheet.scrollbar(framed, body, (first, size, len));
        body
    }

    /// How the region of an account stands; none where the account does not look at it.
    fn pulse(&self, account: &AccountName, column: usize) -> Option<Pulse<'a>> {
        let mut scopes = self.scopes.iter();
        let (_, scopes) = scopes.find(|(known, _)| *known == account)?;
        Some(self.matrix.pulses[scopes[column]?])
    }

    fn columns(&self) -> std::ops::Range<usize> {
        self.window.first..(self.window.first + self.window.size).min(self.matrix.columns.len())
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
        pen.take(self.plan.name).text(self.matrix.noun, header);
        for column in self.columns() {
            let is_selected = column == self.matrix.column.index();
            let region = &self.matrix.columns[column];
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
            scopes.map(|(account, scope)| (account, self.matrix.pulses[scope]))
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

    fn name(
        &self,
        sheet: &mut Sheet<'_>,
        (account, name): (&AccountName, &Untrusted),
        place: Rect,
    ) {
        let (ordinary, muted) = (sheet.style(Role::Text), sheet.style(Role::Muted));
        let mut pen = sheet.pen(place, 0);
        pen.skip(POINTER);
        if self.plan.account > 0 {
            pen.take(self.plan.account - GAP)
                .text(&sanitise(account.as_str()), muted);
            pen.skip(GAP);
        }
        pen.take(self.plan.name).middle(&name.safe(), ordinary);
    }
}

/// A cell without a thing: because there is none, or because nobody knows.
pub(super) fn absent(sheet: &mut Sheet<'_>, pulse: Option<Pulse<'_>>, place: Rect) {
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

/// How many of so many columns lie beyond either end: `◂ 2 · 3 ▸`.
pub(super) fn beyond(sheet: &Sheet<'_>, columns: usize) -> String {
    let (signs, window) = (sheet.signs(), sheet.viewport.columns);
    let after = columns.saturating_sub(window.first + window.size);
    let (left, right) = (
        format!(" {} {} ", signs.left, window.first),
        format!(" {after} {} ", signs.right),
    );
    match (window.first, after) {
        (0, 0) => String::new(),
        (0, _) => right,
        (_, 0) => left,
        (_, _) => format!("{left}{}{right}", signs.dot),
    }
}
