//! The Logs view: many groups of many regions as one stream.

mod chips;
mod foot;
mod insights;
mod lines;
mod patterns;
mod rows;

use super::chrome::{count, nowhere};
use super::layout;
use super::pen::Pen;
use super::sheet::{Focus, Sheet};
use crate::app::Target;
use crate::app::logs::{Logs, Mode, Page, Tail};
use crate::command::{Command, Context};
use crate::config::Role;
use crate::config::keymap::around;
use crate::domain::time::words;
use chips::Chips;
use ratatui::layout::Rect;
use std::collections::BTreeSet;

/// Lower than this, every row goes to the lines.
const ROOM_FOR_CHIPS: u16 = 12;

/// ```text
/// ╭ Logs · 4 groups × 6 regions · 1 311 lines/s · following ── filter: checkout (37 of 48 210) ╮
/// │▸ 14:32:05.118 eu-west-1 checkout ERROR payment declined order=8812 latency_ms=1893          │
/// │ ● eu-west-1 2s  ● us-east-1 1s  ✗ ap-southeast-1 throttled · retry in 8s                    │
/// ╰ ▁▁▂▁▁▃▇█▇▆ errors/10s · eu-west-1 92%  us-east-1 3% ─────────────────────────────────────────╯
/// ```
pub(super) fn logs(sheet: &mut Sheet<'_>, area: Rect) {
    let app = sheet.app;
    let focus = if app.overlays().is_empty() {
        Focus::Here
    } else {
        Focus::Elsewhere
    };
    let inner = sheet.frame(area, focus);
    sheet.spot(area, Target::List);
    title(sheet, area);
    if inner.is_empty() {
        return;
    }
    let logs = app.logs();
    let page = logs.page();
    if page == Page::Insights {
        insights::insights(sheet, area, inner);
        return;
    }
    let Some(tail) = logs.tail() else {
        nothing(sheet, inner);
        return;
    };
    let most = match inner.height {
        0..ROOM_FOR_CHIPS => 0,
        ROOM_FOR_CHIPS..40 => 1,
        _ => 2,
    };
    let chips = Chips::of(sheet, tail, (inner.width, most));
    let (body, low) = layout::bottom(inner, chips.rows);
    chips.draw(sheet, low);
    match page {
        Page::Lines | Page::Insights => {
            let view = logs.view();
            lines::lines(sheet, body, &view);
            let window = sheet.viewport.list;
            sheet.scrollbar(area, body, (window.first, window.size, view.len()));
            if view.is_empty() {
                waiting(sheet, body);
            }
        }
        Page::Patterns => patterns::patterns(sheet, area, body),
    }
    foot::foot(sheet, area);
}

/// `Logs · 4 groups × 6 regions · 1 311 lines/s · following ── filter: level>=WARN checkout (37 of 48 210)`
fn title(sheet: &mut Sheet<'_>, area: Rect) {
    let (app, signs) = (sheet.app, sheet.signs());
    let logs = app.logs();
    let (title, muted, found) = (
        sheet.style(Role::Title),
        sheet.style(Role::Muted),
        sheet.style(Role::Match),
    );
    let (ok, warn, danger) = (
        sheet.style(Role::Ok),
        sheet.style(Role::Warn),
        sheet.style(Role::Danger),
    );
    let dot = signs.dot;
    let mut pen = sheet.title(area);
    pen.text(" Logs ", title);
    let Some(tail) = logs.tail() else { return };
    // What is hidden is the first thing to know about a stream.
    let (shown, all) = (logs.view().len(), logs.book().len());
    if !logs.filter_text().is_empty() {
        right(
            &mut pen,
            &[
                (" filter: ", muted),
                (
                    &crate::domain::untrusted::sanitise(logs.filter_text()),
                    found,
                ),
                (
                    &format!(" ({} of {}) ", grouped(shown), grouped(all)),
                    muted,
                ),
            ],
        );
    }
    if let Some((found, is_whole)) = logs.found() {
        let more = if is_whole { "" } else { "+" };
        let words = format!(" {} found{more} ", grouped(found));
        right(&mut pen, &[(&words, warn)]);
    }
    let groups = match (logs.groups(), logs.labels()) {
        (1, [label, ..]) => label.group.clone(),
        (groups, _) => count(groups, "group"),
    };
    let regions = regions(logs, tail);
    pen.text(&format!("{dot} {groups} {} {regions} ", signs.times), muted);
    match logs.page() {
        Page::Lines => {}
        Page::Patterns if logs.patterns().is_whole() => {
            _ = pen.text(&format!("{dot} patterns "), warn);
        }
        Page::Patterns => _ = pen.text(&format!("{dot} patterns, folding "), warn),
        Page::Insights => {
            pen.text(&format!("{dot} Insights "), warn);
            return;
        }
    }
    // The rate is the first thing that can be done without.
    let rate = format!("{dot} {} lines/s ", grouped_u64(logs.meter().rate()));
    let more = if tail.is_live() { 50 } else { 26 };
    if pen.room() > super::text::width(&rate) + more {
        pen.text(&rate, muted);
    }
    match logs.reader().mode {
        Mode::Following => pen.text(&format!("{dot} "), muted).text("following ", ok),
        Mode::Paused(_) => {
            let missed = logs.reader().missed(&logs.view());
            let state = match missed {
                0 => "paused ".to_owned(),
                missed => format!("paused, {} missed ", grouped(missed)),
            };
            pen.text(&format!("{dot} "), muted).text(&state, warn)
        }
    };
    if tail.is_live() {
        let (open, dollars) = tail.bill(app.now());
        let (word, style) = if tail.is_sampled() {
            ("SAMPLED", danger)
        } else {
            ("LIVE", warn)
        };
        let clock = format!("{word} {} {}${dollars:.2}", words(open), signs.about);
        pen.text(&format!("{dot} "), muted)
            .text(&clock, style)
            .text(" ", muted);
    }
    if logs.book().dropped() > 0 {
        pen.text(
            &format!("{dot} {} dropped ", grouped_u64(logs.book().dropped())),
            warn,
        );
    }
}

/// `6 regions`, or `4 of 6 regions` where some could not say which groups they have.
fn regions(logs: &Logs, tail: &Tail) -> String {
    let followed = tail.regions();
    let silent: BTreeSet<_> = logs
        .unreached()
        .keys()
        .filter_map(|scope| scope.region())
        .filter(|region| !followed.contains(region))
        .collect();
    match silent.len() {
        0 => count(followed.len(), "region"),
        silent => {
            let all = count(followed.len() + silent, "region");
            format!("{} of {all}", followed.len())
        }
    }
}

/// Writes several pieces so that the last one ends at the right; all of them or nothing.
fn right(pen: &mut Pen<'_>, pieces: &[(&str, ratatui::style::Style)]) {
    let width: u16 = pieces
        .iter()
        .map(|(words, _)| super::text::width(words))
        .sum();
    // The name of the pane and where it looks come first.
    if pen.room() < width + 34 {
        let Some((last, rest)) = pieces.split_last() else {
            return;
        };
        if pen.room() >= super::text::width(last.0) + 20 {
            pen.right(last.0, last.1);
        }
        let _ = rest;
        return;
    }
    for (words, style) in pieces.iter().rev() {
        pen.right(words, *style);
    }
}

/// Nothing is chosen: what to press, and what there is to choose from.
fn nothing(sheet: &mut Sheet<'_>, area: Rect) {
    let app = sheet.app;
    let (ordinary, muted, key_style) = (
        sheet.style(Role::Text),
        sheet.style(Role::Muted),
        sheet.style(Role::Key),
    );
    if let Some(why) = nowhere(app) {
        sheet.pen(area, 0).skip(2).text(why, muted);
        return;
    }
    let logs = app.logs();
    if logs.is_chosen() {
        let words = format!(
            "Looking for {} in {}.",
            logs.chosen_words(),
            count(app.stacks().scopes().len(), "region")
        );
        sheet.pen(area, 0).skip(2).text(&words, muted);
        if let Some(why) = logs.nowhere(app.store(), app.stacks().scopes()) {
            let warn = sheet.style(Role::Warn);
            sheet.pen(area, 1).skip(2).text(&why, warn);
        }
        return;
    }
    let keys = app
        .keymap()
        .keys_for(Command::LogGroups, around(Context::Logs));
    let key = keys
        .first()
        .map(|keys| keys.label(sheet.look.glyphs))
        .unwrap_or_default();
    sheet
        .pen(area, 0)
        .skip(2)
        .text("No log group is chosen. Press ", ordinary)
        .text(&key, key_style)
        .text(" to choose some, over all regions.", ordinary);
}

/// Groups are followed and no line is there.
fn waiting(sheet: &mut Sheet<'_>, area: Rect) {
    let logs = sheet.app.logs();
    let muted = sheet.style(Role::Muted);
    let since = logs
        .tail()
        .map(|tail| tail.from().format("%H:%M:%S UTC").to_string());
    let words = if !logs.book().is_empty() {
        "No line matches the filter.".to_owned()
    } else if logs.tail().is_some_and(Tail::is_asking) {
        "Asking every region for its lines.".to_owned()
    } else {
        format!(
            "No line since {}; waiting for the next.",
            since.unwrap_or_default()
        )
    };
    sheet.pen(area, 0).skip(2).text(&words, muted);
}

/// `48 210`.
pub(super) fn grouped(number: usize) -> String {
    grouped_u64(number as u64)
}

pub(super) fn grouped_u64(number: u64) -> String {
    let digits = number.to_string();
    let mut words = String::with_capacity(digits.len() + 4);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            words.push(' ');
        }
        words.push(digit);
    }
    words
}
