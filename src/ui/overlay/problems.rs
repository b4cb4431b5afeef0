//! Everything that fails now, and what to do about it.

use super::page::{columns, lines, open};
use crate::app::overlay::Scroll;
use crate::config::Role;
use crate::domain::Failing;
use crate::domain::time::words;
use crate::domain::untrusted::sanitise;
use crate::ui::pulse::retry;
use crate::ui::sheet::Sheet;
use crate::ui::text;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// ```text
/// ╭ Problems · 2 ────────────────────────────────────────────────────────────╮
/// │ ✗ prod/ap-southeast-1  throttled · for 48s, 6 times · retry in 8s        │
/// │   AWS asks to slow down in ap-southeast-1.                               │
/// │   Wait.                                                                  │
/// ╰──────────────────────────────────────────────────────────────────────────╯
/// ```
pub(super) fn problems(sheet: &mut Sheet<'_>, body: Rect, scroll: Scroll) {
    let app = sheet.app;
    let problems = app.problems();
    let width = columns(body, 110);
    let room = width.saturating_sub(6);
    let mut shown: Vec<Vec<(String, Style)>> = Vec::new();
    let (error, title, muted, ordinary, key) = (
        sheet.style(Role::Error),
        sheet.style(Role::Title),
        sheet.style(Role::Muted),
        sheet.style(Role::Text),
        sheet.style(Role::Key),
    );
    let signs = sheet.signs();
    for (scope, failing) in &problems {
        if !shown.is_empty() {
            shown.push(Vec::new());
        }
        let scope = sanitise(&scope.to_string()).into_owned();
        shown.push(vec![
            (format!("{} ", signs.failed), error),
            (scope, title),
            (format!("  {}", failing.problem.brief()), error),
            (history(failing, app.now(), signs.dot), muted),
        ]);
        let what = text::wrap(&failing.problem.what, room).map(|line| (line, ordinary));
        let hint = failing
            .problem
            .hint
            .iter()
            .flat_map(|hint| text::wrap(hint, room))
            .map(|line| (line, key));
        shown.extend(
            what.chain(hint)
                .map(|(line, style)| vec![(format!("  {line}"), style)]),
        );
        if let Some(request) = &failing.problem.request {
            shown.push(vec![(format!("  request {}", sanitise(request)), muted)]);
        }
    }
    for remark in app.remarks() {
        if !shown.is_empty() {
            shown.push(Vec::new());
        }
        let sign = format!("{} ", signs.alarm);
        let mut lines = text::wrap(remark, room).map(str::to_owned);
        shown.push(vec![
            (sign, sheet.style(Role::Warn)),
            (lines.next().unwrap_or_default(), ordinary),
        ]);
        shown.extend(lines.map(|line| vec![(format!("  {line}"), ordinary)]));
    }
    if shown.is_empty() {
        let words = format!("{} Nothing fails: every region has answered.", signs.ok);
        shown.push(vec![(words, sheet.style(Role::Ok))]);
    }
    let heading = if problems.is_empty() {
        "Problems".to_owned()
    } else {
        format!("Problems {} {}", signs.dot, problems.len())
    };
    let places = open(sheet, body, (&heading, width, shown.len()));
    lines(sheet, places, (scroll, shown.len()), |mut pen, index| {
        for (words, style) in shown.get(index).into_iter().flatten() {
            pen.text(words, *style);
        }
    });
}

/// For how long, how often, and when it is tried again.
fn history(failing: &Failing, now: crate::domain::Timestamp, dot: &str) -> String {
    let since = words(now - failing.since);
    let times = if failing.times > 1 {
        format!(", {} times", failing.times)
    } else {
        String::new()
    };
    let next = retry(failing, now).unwrap_or_else(|| "waits for you".to_owned());
    format!(" {dot} for {since}{times} {dot} {next}")
}
