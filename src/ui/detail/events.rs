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
use chrono::{Datelike, TimeDelta};
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
    let forms = events.iter().map(|event| form(event.at, now));
    let time = forms.map(|(_, width)| width).max().unwrap_or(8);
    let names = text::widest(events.iter().map(|event| event.logical.safe()));
    let statuses = text::widest(events.iter().map(|event| event.status.safe()));
    let has_nested = events.iter().any(|event| event.stack != page.detail.id);
    let room = room(area);
    // On a narrow screen the reason is worth more than a status in full; the root cause says in which stack it is.
    let is_narrow = room < NARROW;
    let nested = if has_nested && !is_narrow { 12 } else { 0 };
    let (name, status, reason) = if is_narrow {
        (names.clamp(12, 16), (14, statuses.clamp(14, 18)), 16)
    } else {
        (
            names.clamp(12, 32),
            (statuses.clamp(14, 20), statuses.clamp(14, 28)),
            28,
        )
    };
    let columns = vec![
        Column::left("TIME", (time, time), 0),
        Column::left("  RESOURCE", (16.min(name + 2), name + 2), 0),
        Column::left("STATUS", status, 1),
        Column::left("STACK", (nested, nested * 2), 3),
        Column::left("REASON", (reason, 100), 2),
        Column::left("TYPE", (20, 40), 4),
    ];
    let table = Table::new(columns, room, sheet.signs());
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
        let time = event.at.format(form(event.at, now).0).to_string();
        row.cell(TIME).text(&time, look.style(Role::Muted));
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

/// Columns below which not everything can be said of an event.
const NARROW: u16 = 90;

/// How a time is written, and how many columns that takes.
fn form(at: Timestamp, now: Timestamp) -> (&'static str, u16) {
    if now - at < TODAY {
        ("%H:%M:%S", 8)
    } else if at.year() == now.year() {
        ("%m-%d %H:%M", 11)
    } else {
        ("%Y-%m-%d %H:%M", 16)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{TimeZone, Utc};

    #[test]
    fn a_time_says_what_differs_from_now() {
        let at = |year, month, day| Utc.with_ymd_and_hms(year, month, day, 12, 11, 7).unwrap();
        for (then, now, words) in [
            (at(2026, 11, 20), at(2026, 11, 20), "12:11:07"),
            (at(2026, 3, 24), at(2026, 11, 20), "03-24 12:11"),
            (at(2025, 3, 24), at(2026, 11, 20), "2025-03-24 12:11"),
        ] {
            let (form, width) = form(then, now);
            let written = then.format(form).to_string();
            assert_eq!((written.as_str(), text::width(&written)), (words, width));
        }
    }
}
