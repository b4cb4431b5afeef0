//! The filter being typed, in the footer's place; it is in force with every letter.

use super::field::field;
use crate::app::View;
use crate::app::input::Input;
use crate::config::Role;
use crate::ui::sheet::Sheet;
use crate::ui::text;
use ratatui::layout::Rect;

/// ```text
///  / check▏                                  37 of 48   words, ~regex, ! for the opposite   ↵ accept  esc cancel
/// ```
pub(super) fn filter(sheet: &mut Sheet<'_>, area: Rect, input: &Input) {
    let app = sheet.app;
    let (shown, all) = match (app.detail(), app.view()) {
        (Some(detail), _) => (detail.lines().len(), None),
        (None, View::Fleet) => (
            app.fleet_view().rows().len(),
            Some(app.fleet_view().total()),
        ),
        (None, View::Operations) => (
            app.operations().rows().len(),
            Some(app.operations().total()),
        ),
        (None, View::Alarms) => (
            app.alarms().rows().len(),
            Some(app.alarms().tally().total()),
        ),
        (None, View::Lambda) if app.function().is_some() => {
            (app.function().map_or(0, |it| it.lines().len()), None)
        }
        (None, View::Lambda) => (app.lambda().rows().len(), Some(app.lambda().total())),
        (None, View::Accelerator) => {
            let (all, kept) = app.accelerator().counts();
            (kept, Some(all))
        }
        (None, View::Logs) => (app.logs().view().len(), Some(app.logs().book().len())),
        (None, View::Stacks) => (app.stacks().rows().len(), Some(app.stacks().total())),
    };
    let counts = all.map_or_else(
        || format!("{shown} shown"),
        |all| format!("{shown} of {all}"),
    );
    let complaint = app.filter().and_then(crate::app::filter::Filter::complaint);
    let (key, muted, ordinary, error) = (
        sheet.style(Role::Key),
        sheet.style(Role::Muted),
        sheet.style(Role::Text),
        sheet.style(Role::Error),
    );
    let (look, signs) = (sheet.look, sheet.signs());
    let dot = signs.dot;
    sheet.clear(area);
    let mut pen = sheet.pen(area, 0);
    pen.skip(1).text("/", key).skip(1);
    let (words, style) = match complaint {
        Some(why) => (
            format!("{} {why}: everything is shown ", signs.failed),
            error,
        ),
        None => (format!("{counts} "), ordinary),
    };
    pen.right(&words, style);
    let help = format!("words  ~regex  !not  {dot}  ");
    // Help gives way to what is typed.
    if complaint.is_none() && pen.room() > text::width(&help) + text::width(input.text()) + 8 {
        pen.right(&help, muted);
    }
    field(&mut pen, input, look);
}
