//! Change sets that wait, each with what it would do; what would be lost stands out.

use super::{Page, room, short_type};
use crate::app::Window;
use crate::app::detail::Line;
use crate::config::Role;
use crate::domain::time::short;
use crate::domain::{Change, ChangeSet, Slot, Timestamp, Untrusted};
use crate::ui::Look;
use crate::ui::chrome::count;
use crate::ui::sheet::Sheet;
use crate::ui::status::Mark;
use crate::ui::table::{Column, Row, Table};
use ratatui::layout::Rect;

const ACTION: usize = 0;
const RESOURCE: usize = 1;
const EFFECT: usize = 2;
const TYPE: usize = 3;
const PARTS: usize = 4;
const PHYSICAL: usize = 5;

/// ```text
/// ✓ release-v420 · CREATE_COMPLETE · AVAILABLE · 3 changes · 1 may destroy · 2h
///   Modify  OrdersDb     replace     RDS::DBInstance   Properties
/// ```
pub(super) fn change_sets(sheet: &mut Sheet<'_>, area: Rect, page: &Page<'_>) -> Window {
    let (look, now) = (sheet.look, page.app.now());
    let slot = page
        .app
        .store()
        .change_sets(&page.detail.scope, &page.topic());
    let sets = slot.and_then(Slot::value).unwrap_or_default();
    let columns = vec![
        Column::left("  ACTION", (9, 9), 0),
        Column::left("RESOURCE", (14, 36), 0),
        Column::left("EFFECT", (11, 11), 1),
        Column::left("TYPE", (18, 44), 2),
        Column::left("CHANGES", (10, 30), 3),
        Column::left("PHYSICAL ID", (16, u16::MAX), 4),
    ];
    let table = Table::new(columns, room(area), sheet.signs());
    page.table(sheet, area, &table, |row, line| match line {
        Line::ChangeSet(index) => {
            if let Some(set) = sets.get(index) {
                head(row, set, (look, now));
            }
        }
        Line::Change(set, index) => {
            if let Some(it) = sets.get(set).and_then(|set| set.changes.get(index)) {
                change(row, it, look);
            }
        }
        _ => {}
    })
}

fn head(row: &mut Row<'_>, set: &ChangeSet, (look, now): (&Look, Timestamp)) {
    let (signs, muted) = (look.signs(), look.style(Role::Muted));
    let status = set.status.safe();
    let mark = Mark::of_word(&status, signs);
    let mut pen = row.span(ACTION, PHYSICAL);
    let dot = format!(" {} ", signs.dot);
    pen.text(mark.sign, look.style(mark.role))
        .skip(1)
        .text(&set.name.safe(), look.style(Role::Title));
    pen.text(&dot, muted).text(&status, look.style(mark.role));
    pen.text(&dot, muted).text(&set.execution.safe(), muted);
    pen.text(&dot, muted)
        .text(&count(set.changes.len(), "change"), muted);
    let lost = set
        .changes
        .iter()
        .filter(|change| change.may_destroy())
        .count();
    if lost > 0 {
        pen.text(&dot, muted)
            .text(&format!(" {lost} may destroy "), look.style(Role::Danger));
    }
    pen.text(&dot, muted).text(&short(now - set.created), muted);
    for words in [&set.reason, &set.description].into_iter().flatten() {
        pen.text(&dot, muted).text(&words.safe(), muted);
    }
}

fn change(row: &mut Row<'_>, change: &Change, look: &Look) {
    let muted = look.style(Role::Muted);
    let loses = change.may_destroy();
    row.cell(ACTION).skip(2).text(
        &change.action.safe(),
        look.style(if loses { Role::Error } else { Role::Text }),
    );
    row.cell(RESOURCE)
        .middle(&change.logical.safe(), look.style(Role::Text));
    row.cell(EFFECT).text(
        effect(change),
        look.style(if loses { Role::Danger } else { Role::Muted }),
    );
    row.cell(TYPE)
        .middle(short_type(&change.resource_type.safe()), muted);
    let mut pen = row.cell(PARTS);
    for (index, part) in change.scope.iter().enumerate() {
        pen.text(if index > 0 { " " } else { "" }, muted)
            .text(&part.safe(), muted);
    }
    if let Some(physical) = &change.physical {
        row.cell(PHYSICAL).middle(&physical.safe(), muted);
    }
}

/// What becomes of the resource that is there.
fn effect(change: &Change) -> &'static str {
    match (
        change.action.exact(),
        change.replacement.as_ref().map(Untrusted::exact),
    ) {
        ("Remove", _) => "destroy",
        (_, Some("True")) => "replace",
        (_, Some("Conditional")) => "may replace",
        ("Modify", _) => "in place",
        ("Add", _) => "new",
        ("Import", _) => "adopt",
        _ => "",
    }
}
