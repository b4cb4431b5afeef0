//! The Stacks view: is it the same everywhere?

mod list;
mod matrix;

use super::chrome::{Narrowed, count, filtered, nowhere};
use super::sheet::{Focus, Sheet};
use crate::app::Target;
use crate::app::stacks::{Direction, Layout, NestedStacks};
use crate::config::Role;
use crate::domain::{Scope, Slot, Stack};
use ratatui::layout::Rect;

/// The matrix or the flat list, whichever is chosen.
pub(super) fn stacks(sheet: &mut Sheet<'_>, area: Rect) {
    let app = sheet.app;
    let focus = if app.detail().is_none() && app.overlays().is_empty() {
        Focus::Here
    } else {
        Focus::Elsewhere
    };
    let inner = sheet.frame(area, focus);
    sheet.spot(area, Target::List);
    if !inner.is_empty() {
        match app.stacks().layout {
            Layout::Matrix => matrix::matrix(sheet, area, inner),
            Layout::List => list::list(sheet, area, inner),
        }
    }
    let beyond = match app.stacks().layout {
        Layout::Matrix => super::grid::beyond(sheet, app.stacks().columns().len()),
        Layout::List => String::new(),
    };
    title(sheet, area, &beyond);
}

/// `Stacks · 43 names · 6 regions · sorted by trouble · filter: check (7 of 43)`
fn title(sheet: &mut Sheet<'_>, area: Rect, beyond: &str) {
    let (app, look) = (sheet.app, sheet.look);
    let stacks = app.stacks();
    let (title, muted, warn) = (
        sheet.style(Role::Title),
        sheet.style(Role::Muted),
        sheet.style(Role::Warn),
    );
    let dot = sheet.signs().dot;
    let mut pen = sheet.title(area);
    pen.right(beyond, title).text(" Stacks ", title);
    if stacks.filter.text().is_empty() {
        pen.text(&format!("{dot} {} ", count(stacks.total(), "name")), muted);
    } else {
        // What is hidden is the first thing to know about a list.
        pen.text(
            &format!(
                "{dot} {} of {} ",
                stacks.rows().len(),
                count(stacks.total(), "name")
            ),
            muted,
        );
        filtered(&mut pen, look, &stacks.filter);
    }
    if stacks.layout == Layout::List {
        pen.text(&format!("{dot} {} ", count(stacks.len(), "stack")), muted);
    }
    match Narrowed::of(app) {
        None => {
            let regions = count(stacks.columns().len(), "region");
            pen.text(&format!("{dot} {regions} "), muted);
        }
        Some(narrowed) => {
            pen.text(&format!("{dot} "), muted)
                .text(&narrowed.long(dot), warn)
                .text(" ", muted);
        }
    }
    let turned = if stacks.direction == Direction::Reversed {
        ", reversed"
    } else {
        ""
    };
    pen.text(
        &format!("{dot} sorted by {}{turned} ", stacks.order.words()),
        muted,
    );
    if stacks.nested == NestedStacks::Shown {
        pen.text(&format!("{dot} nested too "), muted);
    }
}

/// The stacks of every scope, looked up once for the whole frame.
fn shelves<'a>(sheet: &Sheet<'a>) -> Vec<Option<&'a [Stack]>> {
    let app = sheet.app;
    app.stacks()
        .scopes()
        .iter()
        .map(|scope: &Scope| app.store().stacks(scope).and_then(Slot::value))
        .collect()
}

/// Says why there are no rows.
fn nothing(sheet: &mut Sheet<'_>, area: Rect) {
    let app = sheet.app;
    let stacks = app.stacks();
    let style = sheet.style(Role::Muted);
    let answered = shelves(sheet).iter().flatten().count();
    let words = if let Some(why) = nowhere(app) {
        why
    } else if stacks.total() > 0 {
        "No stack matches the filter."
    } else if answered < stacks.scopes().len() {
        "Asking every region for its stacks."
    } else {
        "There is no stack in any of these regions."
    };
    sheet.pen(area, 0).skip(2).text(words, style);
}
