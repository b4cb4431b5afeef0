//! What changed last, anywhere.

use crate::config::Role;
use crate::domain::time::short;
use crate::domain::untrusted::sanitise;
use crate::domain::{Region, Slot, Timestamp};
use crate::ui::sheet::{Focus, Sheet};
use crate::ui::status::Mark;
use crate::ui::text;
use chrono::TimeDelta;
use ratatui::layout::Rect;

/// ```text
/// 14:31:20  ✗ eu-west-1   checkout-api  UPDATE_ROLLBACK_FAILED
/// 14:29:41  ↻ us-east-1   orders-db     UPDATE_IN_PROGRESS
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
    let view = app.fleet_view();
    let changes = view.changes();
    let shown = changes.iter().take(usize::from(inner.height));
    let region = |change: &crate::app::fleet::Change| {
        change.scope.region().map_or("", Region::as_str).to_owned()
    };
    let regions = shown
        .clone()
        .map(|change| text::width(&region(change)))
        .max()
        .unwrap_or(0);
    let accounts = app
        .fleet()
        .accounts
        .iter()
        .map(|account| text::width(account.name.as_str()));
    let account = if accounts.len() > 1 {
        accounts.max().unwrap_or(0).min(12)
    } else {
        0
    };
    let mut row = 0;
    for change in shown {
        let slot = app.store().stacks(&change.scope);
        let Some(stack) = slot
            .and_then(Slot::value)
            .and_then(|stacks| stacks.get(change.stack))
        else {
            continue;
        };
        let mark = Mark::of_phase(stack.status.phase(), sheet.signs());
        let style = sheet.style(mark.role);
        let mut pen = sheet.pen(inner, row);
        pen.skip(1).take(9).text(&when(change.at, app.now()), muted);
        pen.text(mark.sign, style).skip(1);
        if account > 0 {
            pen.take(account)
                .text(&sanitise(change.scope.account.as_str()), muted);
            pen.skip(1);
        }
        pen.take(regions + 2)
            .text(&sanitise(&region(change)), muted);
        let name = stack.name.safe();
        // The name comes first, but the word keeps a place where there is one.
        let room = pen.room();
        let for_name = text::width(&name).min(room.saturating_sub(16).max(room * 3 / 5));
        pen.take(for_name).middle(&name, ordinary);
        pen.skip(2).text(&stack.status.to_string(), style);
        row += 1;
    }
    if row == 0 {
        sheet
            .pen(inner, 0)
            .skip(1)
            .text("Nothing has changed yet.", muted);
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
