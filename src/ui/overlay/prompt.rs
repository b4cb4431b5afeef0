//! What is typed about the logs, in the footer's place.

use super::field::field;
use crate::app::logs::{Ask, Prompt};
use crate::config::Role;
use crate::ui::logs::grouped;
use crate::ui::sheet::Sheet;
use crate::ui::text;
use ratatui::layout::Rect;

/// ```text
///  filter level>=WARN checkout▏       37 of 48 210   words  ~regex  level>=WARN  field=value  !not
/// ```
pub(super) fn prompt(sheet: &mut Sheet<'_>, area: Rect, prompt: &Prompt) {
    let app = sheet.app;
    let logs = app.logs();
    let (key, muted, ordinary, error) = (
        sheet.style(Role::Key),
        sheet.style(Role::Muted),
        sheet.style(Role::Text),
        sheet.style(Role::Error),
    );
    let (look, signs) = (sheet.look, sheet.signs());
    let (name, help) = match prompt.ask {
        Ask::Search => ("/", "words  ~regex"),
        Ask::Filter { .. } => (
            "filter",
            "words  ~regex  level>=WARN  region=eu-*  field=value  !not",
        ),
        Ask::Time => ("go to", "15m  2h  14:30  2026-11-20 14:30"),
        Ask::Query => ("insights", "1h fields ... costs by what it scans"),
        Ask::Export => ("export to", ".txt  .jsonl"),
    };
    let counts = match prompt.ask {
        Ask::Search => logs.found().map(|(found, is_whole)| {
            let more = if is_whole { "" } else { "+" };
            format!("{}{more} found", grouped(found))
        }),
        Ask::Filter { .. } => {
            let more = if logs.pending() == 0 { "" } else { "+" };
            Some(format!(
                "{}{more} of {}",
                grouped(logs.view().len()),
                grouped(logs.book().len())
            ))
        }
        Ask::Export => Some(format!("{} lines", grouped(logs.view().len()))),
        Ask::Time | Ask::Query => None,
    };
    sheet.clear(area);
    let mut pen = sheet.pen(area, 0);
    pen.skip(1).text(name, key).skip(1);
    if let Some(why) = &prompt.complaint {
        let words = format!("{} {why} ", signs.failed);
        // What is wrong gives way to what is typed.
        let room = pen
            .room()
            .saturating_sub(text::width(prompt.input.text()) + 6);
        let cut = text::cut_end(&words, room, signs.ellipsis);
        pen.right(cut.ellipsis, error).right(cut.head, error);
    } else {
        if let Some(counts) = &counts {
            pen.right(&format!("{counts} "), ordinary);
        }
        let help = format!("{help}  {}  ", signs.dot);
        // Help gives way to what is typed.
        if pen.room() > text::width(&help) + text::width(prompt.input.text()) + 8 {
            pen.right(&help, muted);
        }
    }
    field(&mut pen, &prompt.input, look);
}
