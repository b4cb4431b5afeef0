//! What frames every view: header, tabs, footer and notices.

mod footer;
mod header;
mod narrowed;
mod notice;

pub(super) use footer::footer;
pub(super) use header::{count, header};
pub(super) use narrowed::Narrowed;
pub(super) use notice::{stand, standing};

use super::look::Look;
use super::pen::Pen;
use super::sheet::Sheet;
use super::text;
use crate::app::choice::Nowhere;
use crate::app::filter::Filter;
use crate::app::{App, Target, View};
use crate::command::{Command, Context};
use crate::config::Role;
use crate::config::keymap::around;
use crate::domain::untrusted::sanitise;
use ratatui::layout::Rect;

/// From this width on there is room for every title beside the number of problems.
const ROOM_FOR_TITLES: u16 = 96;

/// The views by number, and on the right what needs attention everywhere.
pub(super) fn tabs(sheet: &mut Sheet<'_>, area: Rect) {
    let app = sheet.app;
    let mut x = area.x;
    for view in View::ALL {
        let command = match view {
            View::Fleet => Command::ViewFleet,
            View::Stacks => Command::ViewStacks,
            View::Lambda => Command::ViewLambda,
            View::Logs => Command::ViewLogs,
            View::Accelerator => Command::ViewAccelerator,
            View::Alarms => Command::ViewAlarms,
            View::Operations => Command::ViewOperations,
        };
        let keys = app.keymap().keys_for(command, &[Context::Global]);
        let key = keys
            .first()
            .map(|keys| keys.label(sheet.look.glyphs))
            .unwrap_or_default();
        let (key_style, style) = if view == app.view() {
            let selection = sheet.style(Role::Selection);
            (
                sheet.style(Role::Key).patch(selection),
                sheet.style(Role::Title).patch(selection),
            )
        } else {
            (sheet.style(Role::Key), sheet.style(Role::Muted))
        };
        let title = if area.width < ROOM_FOR_TITLES {
            view.short_title()
        } else {
            view.title()
        };
        let rest = Rect {
            x,
            width: area.right().saturating_sub(x),
            ..area
        };
        let mut pen = sheet.pen(rest, 0);
        pen.text(" ", style)
            .text(&key, key_style)
            .text(" ", style)
            .text(title, style)
            .text(" ", style);
        let end = pen.x();
        sheet.spot(
            Rect {
                x,
                width: end - x,
                ..area
            },
            Target::View(view),
        );
        x = end;
    }
    let problems = app.problems().len();
    if problems > 0 {
        problems_of(
            sheet,
            Rect {
                x,
                width: area.right().saturating_sub(x),
                ..area
            },
            problems,
        );
    }
}

/// Where keys are looked up beneath the overlays, innermost first.
pub(super) fn contexts(app: &App) -> &'static [Context] {
    around(match (app.detail(), app.view()) {
        (Some(_), _) => Context::Detail,
        (None, View::Fleet) => Context::Fleet,
        (None, View::Stacks) => Context::Stacks,
        (None, View::Lambda) if app.function().is_some() => Context::Function,
        (None, View::Lambda) => Context::Lambda,
        (None, View::Logs) => Context::Logs,
        (None, View::Accelerator) => Context::Accelerator,
        (None, View::Alarms) => Context::Alarms,
        (None, View::Operations) => Context::Operations,
    })
}

/// Columns that the names of accounts need; none where there is only one account.
pub(super) fn account_width(app: &App, most: u16) -> u16 {
    let accounts = &app.fleet().accounts;
    let widest = text::widest(accounts.iter().map(|account| account.name.as_str()));
    if accounts.len() > 1 {
        widest.clamp(7, most)
    } else {
        0
    }
}

/// A filter in a title; one that cannot be used says that it hides nothing.
pub(super) fn filtered(pen: &mut Pen<'_>, look: &Look, filter: &Filter) {
    let (muted, error) = (look.style(Role::Muted), look.style(Role::Error));
    let signs = look.signs();
    pen.text(&format!("{} filter: ", signs.dot), muted)
        .text(&sanitise(filter.text()), look.style(Role::Match))
        .text(" ", muted);
    if let Some(why) = filter.complaint() {
        pen.text(&format!("{} {why} ", signs.failed), error);
    }
}

/// Why there is no region on screen; `None` where there is one.
pub(super) fn nowhere(app: &App) -> Option<&'static str> {
    app.nowhere().map(|why| match why {
        Nowhere::Asking => "Asking which regions there are.",
        Nowhere::Dropped => "Every account or region is dropped from the scope.",
        Nowhere::NoneSuch => "No enabled region is among those that the fleet asks for.",
    })
}

/// How many problems there are, and the key that lists them.
fn problems_of(sheet: &mut Sheet<'_>, room: Rect, count: usize) {
    let signs = sheet.signs();
    let keys = sheet
        .app
        .keymap()
        .keys_for(Command::Problems, &[Context::Global]);
    let key = keys
        .first()
        .map(|keys| keys.label(sheet.look.glyphs))
        .unwrap_or_default();
    let noun = if count == 1 { "problem" } else { "problems" };
    let words = format!("{} {count} {noun} ", signs.alarm);
    let (key_style, style) = (sheet.style(Role::Key), sheet.style(Role::Error));
    let mut pen = sheet.pen(room, 0);
    let end = pen.x() + pen.room();
    pen.right(" ", style)
        .right(&key, key_style)
        .right(&words, style);
    let from = pen.x() + pen.room();
    sheet.spot(
        Rect {
            x: from,
            width: end - from,
            ..room
        },
        Target::Command(Command::Problems),
    );
}
