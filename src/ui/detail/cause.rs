//! What explains the failure, above everything that followed from it.

use crate::app::detail::Detail;
use crate::config::Role;
use crate::domain::StackEvent;
use crate::ui::layout;
use crate::ui::sheet::Sheet;
use crate::ui::text;
use ratatui::layout::Rect;

/// Rows that have to remain for the events themselves.
const LEAST_EVENTS: u16 = 4;

/// ```text
/// ✗ root cause  CheckoutFn in checkout-api-web · 14:30:58 · AWS::Lambda::Function
///   Resource handler returned: "Memory limit exceeded"
/// ```
///
/// Returns the rest of the area.
pub(super) fn cause(
    sheet: &mut Sheet<'_>,
    area: Rect,
    (detail, event): (&Detail, &StackEvent),
) -> Rect {
    let most = match area.height {
        ..=LEAST_EVENTS => return area,
        5..8 => 1,
        8..14 => 2,
        _ => 3,
    };
    let (place, signs) = (layout::inset(area, 1), sheet.signs());
    let (error, title, muted, ordinary) = (
        sheet.style(Role::Error),
        sheet.style(Role::Title),
        sheet.style(Role::Muted),
        sheet.style(Role::Text),
    );
    let mut pen = sheet.pen(place, 0);
    pen.text(signs.failed, error)
        .text(" root cause  ", error)
        .text(&event.logical.safe(), title);
    if event.stack != detail.id {
        pen.text(" in ", muted)
            .text(&event.stack_name.safe(), title);
    }
    pen.text(
        &format!(" {} {}", signs.dot, event.at.format("%H:%M:%S")),
        muted,
    );
    pen.text(&format!(" {} ", signs.dot), muted)
        .text(&event.resource_type.safe(), muted);

    let reason = event
        .reason
        .as_ref()
        .map(|reason| reason.safe())
        .unwrap_or_default();
    let place = layout::inset(area, 3);
    let mut lines = text::wrap(&reason, place.width).peekable();
    let mut rows = 1;
    while rows <= most
        && let Some(line) = lines.next()
    {
        let is_cut = rows == most && lines.peek().is_some();
        let mut pen = sheet.pen(place, rows);
        let seen = if is_cut {
            text::beginning(line, pen.room().saturating_sub(1))
        } else {
            line
        };
        pen.text(seen, ordinary)
            .text(if is_cut { signs.ellipsis } else { "" }, muted);
        rows += 1;
    }
    layout::top(area, rows).1
}
