//! What changed last, anywhere.

use crate::app::fleet::Change;
use crate::config::Role;
use crate::domain::time::short;
use crate::domain::untrusted::sanitise;
use crate::domain::{Region, Slot, Stack, Timestamp};
use crate::ui::chrome::{account_width, count};
use crate::ui::sheet::{Focus, Sheet};
use crate::ui::status::Mark;
use crate::ui::text;
use chrono::TimeDelta;
use ratatui::layout::Rect;
use std::borrow::Cow;

/// The same thing that happened to the same stack in one region after the other.
struct Group<'a> {
    change: &'a Change,
    stack: &'a Stack,
    regions: usize,
}

/// ```text
/// 14:31:20 ✗ eu-west-1  checkout-api  UPDATE_ROLLBACK_FAILED
/// 14:29:41 ↻ us-east-1  orders-db     UPDATE_IN_PROGRESS
/// 12:30:27 ✓ 4 regions  checkout-api  UPDATE_COMPLETE
/// ```
pub(super) fn now(sheet: &mut Sheet<'_>, area: Rect) {
    let app = sheet.app;
    let inner = sheet.frame(area, Focus::Elsewhere);
    let (title, muted, ordinary) = (
        sheet.style(Role::Title),
        sheet.style(Role::Muted),
        sheet.style(Role::Text),
    );
    sheet.title(area).text(" Now ", title);
    let groups = groups(sheet, usize::from(inner.height));
    let names = text::widest(groups.iter().map(|group| group.stack.name.safe()));
    let places = text::widest(groups.iter().map(Group::place));
    let account = account_width(app, 12);
    for (group, row) in groups.iter().zip(0..) {
        let mark = Mark::of_phase(group.stack.status.phase(), sheet.signs());
        let style = sheet.style(mark.role);
        let mut pen = sheet.pen(inner, row);
        pen.skip(1)
            .take(9)
            .text(&when(group.change.at, app.now()), muted);
        pen.text(mark.sign, style).skip(1);
        if account > 0 {
            pen.take(account)
                .text(&sanitise(group.change.scope.account.as_str()), muted);
            pen.skip(1);
        }
        pen.take(places).text(&group.place(), muted);
        pen.skip(2);
        // The word keeps a place beside the name, or the shape alone has to do.
        let name = if pen.room() < 28 {
            pen.room()
        } else {
            names.min(pen.room() - 14)
        };
        pen.take(name).middle(&group.stack.name.safe(), ordinary);
        pen.skip(2).middle(&group.stack.status.to_string(), style);
    }
    if groups.is_empty() {
        sheet
            .pen(inner, 0)
            .skip(1)
            .text("Nothing has changed yet.", muted);
    }
}

/// The latest changes, those of one stack in several regions as one.
fn groups<'a>(sheet: &Sheet<'a>, most: usize) -> Vec<Group<'a>> {
    let app = sheet.app;
    let mut groups: Vec<Group<'a>> = Vec::new();
    for change in app.fleet_view().changes() {
        let slot = app.store().stacks(&change.scope);
        let Some(stack) = slot
            .and_then(Slot::value)
            .and_then(|stacks| stacks.get(change.stack))
        else {
            continue;
        };
        if let Some(last) = groups.last_mut()
            && last.is_alike(change, stack)
        {
            last.regions += 1;
        } else if groups.len() < most {
            groups.push(Group {
                change,
                stack,
                regions: 1,
            });
        } else {
            break;
        }
    }
    groups
}

impl Group<'_> {
    fn is_alike(&self, change: &Change, stack: &Stack) -> bool {
        self.stack.name == stack.name
            && self.stack.status == stack.status
            && self.change.scope.account == change.scope.account
    }

    fn place(&self) -> Cow<'_, str> {
        match self.regions {
            1 => sanitise(self.change.scope.region().map_or("", Region::as_str)),
            several => count(several, "region").into(),
        }
    }
}

/// The time of day today, else how long ago.
fn when(at: Timestamp, now: Timestamp) -> String {
    if now - at < TimeDelta::hours(12) {
        at.format("%H:%M:%S").to_string()
    } else {
        format!("{} ago", short(now - at))
    }
}
