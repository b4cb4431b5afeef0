//! Every key, by where it works: read from the commands and the keymap, so it cannot disagree with them.

use super::page::{columns, lines, open};
use crate::app::overlay::Scroll;
use crate::command::{COMMANDS, Context};
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
const KEYS: u16 = 12;
/// Columns before the keys, between them and the help, and after it.
const BEFORE: u16 = 2;
const BETWEEN: u16 = 1;
const AFTER: u16 = 2;

/// A line of help.
enum Entry {
    Heading(&'static str),
    /// A command's keys and the beginning of its help.
    Key {
        keys: String,
        words: &'static str,
    },
    /// The rest of what does not fit on one line.
    More(&'static str),
    Blank,
}

/// ```text
/// ╭ Keys ─────────────────────────────────────────────────────────────────╮
/// │ Stacks                              Everywhere                         │
/// │   v          Change between the …     :          Find and run any …    │
/// ╰────────────────────────────────────────────────────────────────────────╯
/// ```
pub(super) fn help(sheet: &mut Sheet<'_>, body: Rect, scroll: Scroll) {
    let width = columns(body, 160);
    let several = if width >= TWO_COLUMNS { 2 } else { 1 };
    // The frame and the blank beside it on both sides.
    let share = width.saturating_sub(4) / several;
    let sections = sections(sheet, share.saturating_sub(BEFORE + KEYS + BETWEEN + AFTER));
    let halves = if several > 1 {
        balanced(sections)
    } else {
        vec![joined(sections)]
    };
    let len = halves.iter().map(Vec::len).max().unwrap_or(0);
    let places = open(sheet, body, ("Keys", width, len));
    let (title, key, ordinary) = (
        sheet.style(Role::Title),
        sheet.style(Role::Key),
        sheet.style(Role::Text),
    );
    let muted = sheet.style(Role::Muted);
    lines(sheet, places, (scroll, len), |mut pen, index| {
        for column in &halves {
            let mut cell: Pen<'_> = pen.take(share);
            match column.get(index) {
                Some(Entry::Heading(words)) => _ = cell.text(words, title),
                Some(Entry::Key { keys, words }) => {
                    let style = if keys.starts_with(':') && keys.len() > 1 {
                        muted
                    } else {
                        key
                    };
                    cell.skip(BEFORE).take(KEYS).text(keys, style);
                    cell.skip(BETWEEN).text(words, ordinary);
                }
                Some(Entry::More(words)) => {
                    _ = cell.skip(BEFORE + KEYS + BETWEEN).text(words, ordinary);
                }
                Some(Entry::Blank) | None => {}
            }
        }
    });
}

/// A section for each context, those that work here first; `room` is for the words.
fn sections(sheet: &Sheet<'_>, room: u16) -> Vec<Vec<Entry>> {
    let here = contexts(sheet.app);
    let elsewhere = Context::ALL
        .iter()
        .filter(|context| !here.contains(context) && **context != Context::Shell);
    let sections = here
        .iter()
        .chain(elsewhere)
        .map(|context| section(sheet, *context, room));
    sections.filter(|section| section.len() > 1).collect()
}

fn section(sheet: &Sheet<'_>, context: Context, room: u16) -> Vec<Entry> {
    let keymap = sheet.app.keymap();
    let mut entries = vec![Entry::Heading(heading(context))];
    for spec in COMMANDS.iter().filter(|spec| spec.context == context) {
        let keys = keymap.keys_for(spec.command, around(context));
        let labels: Vec<String> = keys
            .iter()
            .map(|keys| keys.label(sheet.look.glyphs))
            .collect();
        let mut words = text::wrap(spec.help, room);
        let keys = fitting(&labels).unwrap_or_else(|| format!(":{}", spec.name));
        entries.push(Entry::Key {
            keys,
            words: words.next().unwrap_or_default(),
        });
        entries.extend(words.map(Entry::More));
    }
    entries
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
        Context::Lambda => "Lambda",
        Context::Function => "Detail of a function",
        Context::Logs => "Logs",
        Context::Accelerator => "Accelerator",
        Context::Alarms => "Alarms",
        Context::Operations => "Operations",
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
        let shorter = if height(&left) <= height(&right) {
            &mut left
        } else {
            &mut right
        };
        shorter.push(section);
    }
    [left, right].map(joined).into()
}
