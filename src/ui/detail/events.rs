//! The stack's events and those of the stacks nested in it, newest first.

use super::{Page, gist, room, short_type};
use crate::app::Window;
use crate::app::detail::Line;
use crate::config::Role;
use crate::domain::Timestamp;
use crate::ui::sheet::Sheet;
use crate::ui::status::Mark;
use crate::ui::table::{Column, Table};
use crate::ui::text;
use chrono::TimeDelta;
use ratatui::layout::Rect;

const TIME: usize = 0;
const RESOURCE: usize = 1;
const STATUS: usize = 2;
const STACK: usize = 3;
const REASON: usize = 4;
const TYPE: usize = 5;

pub(super) fn events(sheet: &mut Sheet<'_>, area: Rect, page: &Page<'_>) -> Window {
    let (look, now) = (sheet.look, page.app.now());
    let events = page.detail.events(page.app.store());
    let cause = page.detail.cause(page.app.store());
    let is_old = events.last().is_some_and(|event| now - event.at >= TODAY);
    let time = if is_old { 11 } else { 8 };
    let names = text::widest(events.iter().map(|event| event.logical.safe()));
    let statuses = text::widest(events.iter().map(|event| event.status.safe()));
    let has_nested = events.iter().any(|event| event.stack != page.detail.id);
    let nested = if has_nested { 12 } else { 0 };
    let columns = vec![
        Column::left("TIME", (time, time), 0),
        Column::left("  RESOURCE", (16, names.clamp(12, 32) + 2), 0),
        Column::left(
            "STATUS",
            (statuses.clamp(14, 20), statuses.clamp(14, 28)),
            1,
        ),
        Column::left("STACK", (nested, nested * 2), 3),
        Column::left("REASON", (28, 100), 2),
        Column::left("TYPE", (20, 40), 4),
    ];
    let table = Table::new(columns, room(area), sheet.signs());
    page.table(sheet, area, &table, |row, line| {
        let Line::Event(index) = line else { return };
        let Some(event) = events.get(index) else {
            return;
        };
        let status = event.status.safe();
        let mark = Mark::of_word(&status, look.signs());
        let style = look.style(mark.role);
        let is_cause = cause.is_some_and(|cause| std::ptr::eq(cause, event));
        // The stack's own rows frame what its resources did.
        let name = if is_cause || event.is_of_the_stack_itself() {
            Role::Title
        } else {
            Role::Text
        };
        row.cell(TIME)
            .text(&time_of(event.at, now), look.style(Role::Muted));
        row.cell(RESOURCE)
            .text(mark.sign, style)
            .skip(1)
            .middle(&event.logical.safe(), look.style(name));
        row.cell(STATUS).middle(&status, style);
        if event.stack != page.detail.id {
            row.cell(STACK)
                .middle(&event.stack_name.safe(), look.style(Role::Muted));
        }
        if let Some(reason) = &event.reason {
            let role = if event.is_failure() {
                Role::Text
            } else {
                Role::Muted
            };
            row.cell(REASON)
                .text(gist(&reason.safe()), look.style(role));
        }
        row.cell(TYPE).middle(
            short_type(&event.resource_type.safe()),
            look.style(Role::Muted),
        );
    })
}

/// So long ago the time of day alone would mislead.
const TODAY: TimeDelta = TimeDelta::hours(18);

fn time_of(at: Timestamp, now: Timestamp) -> String {
    let form = if now - at < TODAY {
        "%H:%M:%S"
    } else {
        "%m-%d %H:%M"
    };
    at.format(form).to_string()
}
