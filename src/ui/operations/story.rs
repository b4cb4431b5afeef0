//! One run in full: its waves as a tree, and its journal.

use super::{bar, mark, sign};
use crate::app::operations::{Entry, Mark, Open};
use crate::app::{Target, Window};
use crate::config::Role;
use crate::ui::layout;
use crate::ui::pen::Pen;
use crate::ui::sheet::{Focus, Sheet, line};
use crate::ui::text;
use ratatui::layout::Rect;

/// Columns of a place's name, of a bar, and of the time of a line.
const NAME: u16 = 16;
const BAR: u16 = 20;
const TIME: u16 = 8;

/// ```text
/// ╭ Deploy checkout-api · RUNNING · 20261120-143012-deploy-4711 ────────────────────────────────────────────────╮
/// │ ✓ Wave 1 of 3                                                                                        4m 02s │
/// │   ✓ us-east-1        done                                                                            3m 58s │
/// │   ✓ then             wait until: bake for 5m 00s                                                            │
/// │ ↻ Wave 2 of 3                                                                                        2m 10s │
/// │   ↻ eu-west-1        ██████······  1/2 3 of 11 resources                                    2m 10s of 3m 50s │
/// │ Journal                                                                                                     │
/// │ 14:31:44 ↻ eu-west-1: AWS has taken it to execute the change set. (request 1f3a…)                            │
/// ╰─────────────────────────────────────────────────────────────────────────────────────────────────────────────╯
/// ```
pub(in crate::ui) fn story(sheet: &mut Sheet<'_>, area: Rect, open: &Open) {
    let (app, look, signs) = (sheet.app, sheet.look, sheet.signs());
    let focus = if app.overlays().is_empty() {
        Focus::Here
    } else {
        Focus::Elsewhere
    };
    let inner = sheet.frame(area, focus);
    sheet.spot(area, Target::Detail);
    let view = app.operations();
    let Some(run) = view.run(&open.id) else {
        return;
    };
    let standing = view.standing(run);
    let (shape, role) = mark(standing, signs);
    let (title, muted) = (look.style(Role::Title), look.style(Role::Muted));
    let words = format!(
        " {} {} ",
        run.plan.verb.imperative(),
        run.plan.target.safe()
    );
    sheet
        .title(area)
        .text(&words, title)
        .text(&format!("{} ", signs.dot), muted)
        .text(&format!("{shape} {} ", standing.word()), look.style(role))
        .text(&format!("{} {} ", signs.dot, run.plan.id), muted);
    let inner = layout::inset(inner, 1);
    let entries = crate::app::operations::story(view, run, app.now());
    let rows: Vec<Row<'_>> = entries
        .iter()
        .flat_map(|entry| rows(entry, inner.width))
        .collect();
    let size = usize::from(inner.height);
    let first = open.scroll.first(rows.len(), size);
    for (row, place) in rows.iter().skip(first).zip(0..inner.height) {
        row.draw(&mut sheet.pen(line(inner, place), 0), look);
    }
    sheet.viewport.detail = Window { first, size };
    sheet.scrollbar(area, inner, (first, size, rows.len()));
}

/// A row on the screen: an entry, or the rest of what does not fit on its first.
struct Row<'e> {
    entry: &'e Entry,
    words: &'e str,
    is_first: bool,
}

/// Columns before the words of an entry.
fn before(entry: &Entry) -> u16 {
    let mark = match entry.mark {
        Mark::None | Mark::Heading => 0,
        _ => 2,
    };
    let name = match entry.name.as_str() {
        "" => 0,
        name => text::width(name).max(NAME) + 1,
    };
    let time = entry.at.map_or(0, |_| TIME + 1 + 2 - mark);
    let bar = entry.share.map_or(0, |_| BAR + 2);
    u16::from(entry.depth) * 2 + mark + name + time + bar
}

fn rows(entry: &Entry, width: u16) -> Vec<Row<'_>> {
    let note = match entry.note.as_str() {
        "" => 0,
        note => text::width(note) + 2,
    };
    let room = width.saturating_sub(before(entry) + note).max(12);
    let mut rows: Vec<Row<'_>> = text::wrap(&entry.words, room)
        .map(|words| Row {
            entry,
            words,
            is_first: false,
        })
        .collect();
    if rows.is_empty() {
        rows.push(Row {
            entry,
            words: "",
            is_first: false,
        });
    }
    if let Some(first) = rows.first_mut() {
        first.is_first = true;
    }
    rows
}

impl Row<'_> {
    fn draw(&self, pen: &mut Pen<'_>, look: &crate::ui::Look) {
        let (entry, signs) = (self.entry, look.signs());
        let style = |role| look.style(role);
        let (muted, ordinary) = (style(Role::Muted), style(Role::Text));
        let words = match entry.mark {
            Mark::Heading => style(Role::Title),
            Mark::Waiting => muted,
            Mark::Failed => style(Role::Error),
            Mark::Wanted => style(Role::Warn),
            Mark::None | Mark::Going | Mark::Done | Mark::Back => ordinary,
        };
        if !self.is_first {
            pen.skip(before(entry)).text(self.words, words);
            return;
        }
        if !entry.note.is_empty() {
            pen.right(&entry.note, muted).right("  ", muted);
        }
        pen.skip(u16::from(entry.depth) * 2);
        if let Some(at) = entry.at {
            pen.text(&at.format("%H:%M:%S").to_string(), muted).skip(1);
        }
        let (shape, role) = sign(entry.mark, signs);
        match entry.mark {
            Mark::None if entry.at.is_some() => _ = pen.skip(2),
            Mark::None | Mark::Heading => {}
            Mark::Waiting | Mark::Going | Mark::Done | Mark::Failed | Mark::Back | Mark::Wanted => {
                pen.text(shape, style(role)).skip(1);
            }
        }
        if !entry.name.is_empty() {
            let width = text::width(&entry.name).max(NAME);
            pen.take(width).text(&entry.name, style(Role::Header));
            pen.skip(1);
        }
        if let Some(share) = entry.share {
            bar(pen, (share, BAR), signs, (style(Role::Moving), muted));
            pen.skip(2);
        }
        pen.text(self.words, words);
    }
}
