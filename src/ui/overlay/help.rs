//! Every key, by where it works: read from the commands and the keymap, so it cannot disagree with them.

use super::page::{lines, open};
use crate::app::overlay::Scroll;
use crate::command::{COMMANDS, Context, Spec};
use crate::config::Role;
use crate::config::keymap::around;
use crate::ui::chrome::contexts;
use crate::ui::pen::Pen;
use crate::ui::sheet::Sheet;
use crate::ui::text;
use ratatui::layout::Rect;

/// From this width on there are two columns.
const TWO_COLUMNS: u16 = 110;
/// Columns for the keys; three of them are shown at most.
const KEYS: u16 = 15;

/// A line of help.
enum Entry {
    Heading(&'static str),
    Key { keys: String, spec: &'static Spec },
    Blank,
}

/// ```text
/// ╭ Keys ─────────────────────────────────────────────────────────────────╮
/// │ Stacks                              Everywhere                         │
/// │   v          Change between the …     :          Find and run any …    │
/// ╰────────────────────────────────────────────────────────────────────────╯
/// ```
pub(super) fn help(sheet: &mut Sheet<'_>, body: Rect, scroll: Scroll) {
    let width = body.width.saturating_sub(2).min(160);
    let sections = sections(sheet);
    let columns = if width >= TWO_COLUMNS {
        balanced(sections)
    } else {
        vec![joined(sections)]
    };
    let len = columns.iter().map(Vec::len).max().unwrap_or(0);
    let places = open(sheet, body, ("Keys", width, len));
    let share = places.1.width / u16::try_from(columns.len().max(1)).unwrap_or(1);
    let (title, key, ordinary, muted) = (
        sheet.style(Role::Title),
        sheet.style(Role::Key),
        sheet.style(Role::Text),
        sheet.style(Role::Muted),
    );
    lines(sheet, places, (scroll, len), |mut pen, index| {
        for column in &columns {
            let mut cell: Pen<'_> = pen.take(share);
            match column.get(index) {
                Some(Entry::Heading(words)) => _ = cell.text(words, title),
                Some(Entry::Key { keys, spec }) => {
                    let mut part = cell.skip(2).take(KEYS);
                    part.text(keys, if keys.starts_with(':') { muted } else { key });
                    let mut rest = cell.skip(1).take(share.saturating_sub(KEYS + 4));
                    rest.text(spec.help, ordinary);
                }
                Some(Entry::Blank) | None => {}
            }
        }
    });
}

/// A section for each context, those that work here first.
fn sections(sheet: &Sheet<'_>) -> Vec<Vec<Entry>> {
    let here = contexts(sheet.app);
    let elsewhere = Context::ALL
        .iter()
        .filter(|context| !here.contains(context) && **context != Context::Shell);
    here.iter()
        .chain(elsewhere)
        .map(|context| section(sheet, *context))
        .filter(|section| section.len() > 1)
        .collect()
}

fn section(sheet: &Sheet<'_>, context: Context) -> Vec<Entry> {
    let keymap = sheet.app.keymap();
    let specs = COMMANDS.iter().filter(|spec| spec.context == context);
    let entries = specs.map(|spec| {
        let keys = keymap.keys_for(spec.command, around(context));
        let labels: Vec<String> = keys
            .iter()
            .map(|keys| keys.label(sheet.look.glyphs))
            .collect();
        Entry::Key {
            keys: fitting(&labels).unwrap_or_else(|| format!(":{}", spec.name)),
            spec,
        }
    });
    std::iter::once(Entry::Heading(heading(context)))
        .chain(entries)
        .collect()
}

/// As many of the keys as fit, the shortest first.
fn fitting(labels: &[String]) -> Option<String> {
    let mut words = labels.first()?.clone();
    for label in labels.iter().skip(1) {
        if text::width(&words) + 2 + text::width(label) <= KEYS {
            words.push_str("  ");
            words.push_str(label);
        }
    }
    Some(words)
}

fn heading(context: Context) -> &'static str {
    match context {
        Context::Global => "Everywhere",
        Context::List => "In a list",
        Context::Fleet => "Fleet",
        Context::Stacks => "Stacks",
        Context::Detail => "Detail of a stack",
        Context::Picker => "In a picker",
        Context::Shell => "Command line",
    }
}

fn joined(sections: Vec<Vec<Entry>>) -> Vec<Entry> {
    let mut all = Vec::new();
    for section in sections {
        if !all.is_empty() {
            all.push(Entry::Blank);
        }
        all.extend(section);
    }
    all
}

/// Two columns of whole sections, each put where there is less so far.
fn balanced(sections: Vec<Vec<Entry>>) -> Vec<Vec<Entry>> {
    let (mut left, mut right) = (Vec::new(), Vec::new());
    let height = |column: &[Vec<Entry>]| {
        column
            .iter()
            .map(|section| section.len() + 1)
            .sum::<usize>()
    };
    for section in sections {
        if height(&left) <= height(&right) {
            left.push(section)
        } else {
            right.push(section)
        }
    }
    [left, right].map(joined).into()
}
