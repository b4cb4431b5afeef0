//! The Lambda view: every function over all regions, and the selected one in each of them.

mod list;
mod matrix;
mod strips;

use super::chrome::{Narrowed, count, filtered, nowhere};
use super::layout;
use super::pen::Pen;
use super::sheet::{Focus, Sheet};
use super::text;
use crate::app::Target;
use crate::app::lambda::{Cell, Health, Pointing};
use crate::app::stacks::{Direction, Layout, Skew};
use crate::config::Role;
use crate::domain::{Slot, Unit};
use crate::ui::Look;
use ratatui::layout::Rect;

/// Rows of the list that stay however many regions there are: its frame, its heads, and some functions.
const LEAST_LIST: u16 = 8;

/// ```text
/// ╭ Functions · 43 names · 6 regions · sorted by trouble ─────────────────────╮
/// │  FUNCTION          ▸eu-west-1      us-east-1      eu-central-1            │
/// │▸ checkout-api      ▸⚠ 41.7 %  →19! ✓ 0.02 %  →18  ✓ 0.1 %  →18            │
/// ╰───────────────────────────────────────────────────────────────────────────╯
/// ╭ checkout-api · last 3h by the minute, figures of 10m ─────────────────────╮
/// │▸⚠ eu-west-1   ACTIVE→19!  ▃▃▄▄▅▅▂▁▁▁  311/min  41.7 %  …                  │
/// │ ✓ us-east-1   ACTIVE→18   ▃▃▄▄▅▅▄▄▃▃  1.2k/min 0.02 %  …                  │
/// ╰───────────────────────────────────────────────────────────────────────────╯
/// ```
pub(super) fn lambda(sheet: &mut Sheet<'_>, area: Rect) {
    let app = sheet.app;
    let view = app.lambda();
    let wanted = |rows: usize, more: u16| {
        let rows = u16::try_from(rows).unwrap_or(u16::MAX);
        rows.saturating_add(more)
    };
    let (list_wants, strips_want) = (wanted(view.len(), 5), wanted(view.strips().len(), 3));
    let spare = area.height.saturating_sub(list_wants);
    let most = area.height.saturating_sub(LEAST_LIST);
    let half = area.height / 2;
    let under = if strips_want <= 3 || area.height < LEAST_LIST + 4 {
        0
    } else {
        strips_want.min(spare.max(half)).min(most)
    };
    let (top, bottom) = layout::bottom(area, under);
    functions(sheet, top);
    if !bottom.is_empty() {
        strips::strips(sheet, bottom);
    }
}

/// The list alone, above a function's detail.
pub(super) fn functions(sheet: &mut Sheet<'_>, area: Rect) {
    let app = sheet.app;
    let is_covered = app.detail().is_some() || !app.overlays().is_empty();
    let focus = if is_covered {
        Focus::Elsewhere
    } else {
        Focus::Here
    };
    let inner = sheet.frame(area, focus);
    sheet.spot(area, Target::List);
    if !inner.is_empty() {
        match app.lambda().layout {
            Layout::Matrix => matrix::matrix(sheet, area, inner),
            Layout::List => list::list(sheet, area, inner),
        }
    }
    title(sheet, area);
}

/// `Functions · 43 names · 6 regions · sorted by trouble · filter: check (7 of 43)`
fn title(sheet: &mut Sheet<'_>, area: Rect) {
    let (app, look) = (sheet.app, sheet.look);
    let view = app.lambda();
    let (title, muted, warn) = (
        sheet.style(Role::Title),
        sheet.style(Role::Muted),
        sheet.style(Role::Warn),
    );
    let dot = sheet.signs().dot;
    let beyond = match view.layout {
        Layout::Matrix => super::grid::beyond(sheet, view.columns().len()),
        Layout::List => String::new(),
    };
    let mut pen = sheet.title(area);
    pen.right(&beyond, title).text(" Functions ", title);
    let names = count(view.total(), "name");
    if view.filter.text().is_empty() {
        pen.text(&format!("{dot} {names} "), muted);
    } else {
        pen.text(&format!("{dot} {} of {names} ", view.rows().len()), muted);
        filtered(&mut pen, look, &view.filter);
    }
    if view.layout == Layout::List {
        pen.text(&format!("{dot} {} ", count(view.len(), "function")), muted);
    }
    match Narrowed::of(app) {
        None => {
            let regions = count(view.columns().len(), "region");
            pen.text(&format!("{dot} {regions} "), muted);
        }
        Some(narrowed) => {
            pen.text(&format!("{dot} "), muted)
                .text(&narrowed.long(dot), warn)
                .text(" ", muted);
        }
    }
    let turned = match view.direction {
        Direction::Normal => "",
        Direction::Reversed => ", reversed",
    };
    pen.text(
        &format!("{dot} sorted by {}{turned} ", view.order.words()),
        muted,
    );
}

/// Says why there are no rows.
fn nothing(sheet: &mut Sheet<'_>, area: Rect) {
    let app = sheet.app;
    let view = app.lambda();
    let slots = || {
        let scopes = view.scopes().iter();
        scopes.map(|scope| app.store().functions(scope))
    };
    let is_open = |slot: Option<&Slot<_>>| {
        slot.is_none_or(|slot| slot.good().is_none() && slot.failing().is_none())
    };
    let failing = slots().flatten().find_map(Slot::failing);
    let style = sheet.style(Role::Muted);
    let words = if let Some(why) = nowhere(app) {
        why.to_owned()
    } else if view.total() > 0 {
        "No function matches the filter.".to_owned()
    } else if slots().any(is_open) {
        "Asking every region for its functions.".to_owned()
    } else if let Some(failing) = failing {
        failing.problem.to_string()
    } else {
        "There is no function in any of these regions.".to_owned()
    };
    for (line, row) in text::wrap(&words, area.width.saturating_sub(4)).zip(0..area.height) {
        sheet.pen(area, row).skip(2).text(line, style);
    }
}

/// The most telling figure of a function in a region, without its shape.
fn figure(cell: &Cell) -> String {
    let rate = cell.vitals.and_then(|vitals| vitals.rate);
    match (cell.health, rate) {
        (Health::Broken, _) => "failed".to_owned(),
        // Without its blank, so that the version has room beside it.
        (_, Some(rate)) => Unit::Percent.words(rate).replace(' ', ""),
        (Health::Alarm, None) => "alarm".to_owned(),
        (Health::Skewed, None) => "skew".to_owned(),
        (Health::Unknown, None) if cell.is_refused => "?".to_owned(),
        (Health::Errors | Health::Unknown | Health::Quiet | Health::Well, None) => String::new(),
    }
}

/// What an alias is said to point to; nothing to say where it is not known, or missing as in most regions.
fn version<'a>((pointing, skew): (&'a Pointing, Skew), look: &Look) -> Option<&'a str> {
    match (pointing, skew) {
        (Pointing::At(version), _) => Some(version),
        (Pointing::Absent, Skew::Differs) => Some(look.signs().nothing),
        (Pointing::Absent | Pointing::Unread, _) => None,
    }
}

/// `→19!`, with the alias's name where there is room for it; `→–!` where most regions have it and this one does not.
pub(super) fn pointing(
    pen: &mut Pen<'_>,
    name: &str,
    (pointing, skew): (&Pointing, Skew),
    look: &Look,
) {
    let Some(version) = version((pointing, skew), look) else {
        pen.text(look.signs().nothing, look.style(Role::Muted));
        return;
    };
    let becomes = look.signs().becomes;
    let long = text::width(name) + text::width(becomes) + text::width(version) + 1;
    let (style, mark) = match skew {
        Skew::None => (look.style(Role::Text), ""),
        Skew::Differs => (look.style(Role::Skew), "!"),
    };
    let muted = look.style(Role::Muted);
    if pen.room() >= long {
        pen.text(name, muted);
    }
    pen.text(becomes, muted);
    let room = pen.room().saturating_sub(text::width(mark));
    pen.take(room.min(text::width(version)))
        .text(version, style);
    pen.text(mark, style);
}
