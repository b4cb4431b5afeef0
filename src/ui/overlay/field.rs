//! A line of text being typed, and the picker below it.

use crate::app::cursor::Cursor;
use crate::app::input::Input;
use crate::app::picker::{Hit, Picker};
use crate::app::{Target, Window};
use crate::config::Role;
use crate::domain::untrusted::sanitise;
use crate::ui::layout;
use crate::ui::pen::Pen;
use crate::ui::sheet::{Focus, Sheet, line};
use crate::ui::table::{POINTER, select};
use crate::ui::text;
use crate::ui::{Look, layout::centred};
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

/// Writes the text with its caret; of a long one the part around the caret.
pub(super) fn field(pen: &mut Pen<'_>, input: &Input, look: &Look) {
    let (before, after) = input.halves();
    let (before, after) = (sanitise(before), sanitise(after));
    let style = look.style(Role::Text);
    // The caret needs a column of its own, and what is typed next should be seen.
    let room = pen.room().saturating_sub(2);
    let seen = text::ending(&before, room);
    pen.text(seen, style);
    let under = text::first(&after);
    if under.is_empty() {
        pen.text(look.signs().caret, look.style(Role::Key));
    } else {
        pen.text(under, style.add_modifier(Modifier::REVERSED));
        pen.text(after.get(under.len()..).unwrap_or_default(), style);
    }
}

/// Something that is asked in the footer's place: its name, what is typed, and at the right end what it means, or what
/// is wrong with it. What is said gives way to what is typed.
pub(super) fn typed(
    sheet: &mut Sheet<'_>,
    area: Rect,
    (name, input): (&str, &Input),
    hint: &str,
    complaint: Option<&str>,
) {
    let (look, signs) = (sheet.look, sheet.signs());
    sheet.clear(area);
    let mut pen = sheet.pen(area, 0);
    pen.skip(1).text(name, look.style(Role::Key)).skip(1);
    let (words, role) = match complaint {
        Some(why) => (format!("{} {why} ", signs.failed), Role::Error),
        None => (format!("{hint} "), Role::Muted),
    };
    let room = pen.room().saturating_sub(text::width(input.text()) + 6);
    let cut = text::cut_end(&words, room, signs.ellipsis);
    if room > 8 {
        let style = look.style(role);
        pen.right(cut.ellipsis, style).right(cut.head, style);
    }
    field(&mut pen, input, look);
}

/// The frame of a picker: its title, its field, and room for the rows that it returns.
pub(super) fn frame<T>(
    sheet: &mut Sheet<'_>,
    body: Rect,
    (title, picker): (&str, &Picker<T>),
) -> (Rect, Rect) {
    let rows = u16::try_from(picker.values().count()).unwrap_or(u16::MAX);
    let area = centred(layout::inset(body, 2), 96, rows.saturating_add(4).max(6));
    sheet.clear(area);
    let inner = sheet.frame(area, Focus::Here);
    // What lies beside the box is not for the mouse while the box is open.
    sheet.spot(body, Target::Overlay);
    let (title_style, muted, key) = (
        sheet.style(Role::Title),
        sheet.style(Role::Muted),
        sheet.style(Role::Key),
    );
    let (hits, all) = (picker.hits().len(), picker.values().count());
    let dot = sheet.signs().dot;
    let mut pen = sheet.title(area);
    pen.text(" ", title_style)
        .text(title, title_style)
        .text(" ", title_style);
    if hits < all {
        pen.text(&format!("{dot} {hits} of {all} "), muted);
    }
    let (top, rest) = layout::top(inner, 1);
    let look = sheet.look;
    let pointer = sheet.signs().pointer;
    let mut pen = sheet.pen(top, 0);
    pen.skip(1).text(pointer, key).skip(1);
    field(&mut pen, picker.input(), look);
    let (rule, rows) = layout::top(rest, 1);
    let (border, sign) = (
        sheet.style(Role::Border),
        sheet.signs().border.horizontal_top,
    );
    let mut pen = sheet.pen(rule, 0);
    for _ in 0..rule.width {
        pen.text(sign, border);
    }
    (area, rows)
}

/// Draws the rows of a picker that are visible.
pub(super) fn rows<T>(
    sheet: &mut Sheet<'_>,
    (framed, area): (Rect, Rect),
    (picker, cursor): (&Picker<T>, &Cursor<usize>),
    mut draw: impl FnMut(&mut Sheet<'_>, Rect, (&T, &str, &str, &Hit)),
) {
    let len = picker.hits().len();
    let size = usize::from(area.height);
    let first = cursor.first(len, size);
    for ((index, (item, hit)), row) in picker.hits().enumerate().skip(first).zip(0..area.height) {
        let place = line(area, row);
        let inside = Rect {
            x: place.x + POINTER.min(place.width),
            width: place.width.saturating_sub(POINTER + 1),
            ..place
        };
        draw(sheet, inside, (&item.value, &item.label, &item.note, hit));
        if index == cursor.index() {
            select(sheet, place);
        }
        sheet.spot(place, Target::PickerRow(index));
    }
    sheet.viewport.overlay = Window { first, size };
    sheet.scrollbar(framed, area, (first, size, len));
    if len == 0 {
        let muted = sheet.style(Role::Muted);
        sheet
            .pen(area, 0)
            .skip(POINTER)
            .text("Nothing matches.", muted);
    }
}

/// The sign before a thing that can be chosen, and its style.
pub(super) fn tick(sheet: &Sheet<'_>, is_chosen: bool) -> (&'static str, Style) {
    let signs = sheet.signs();
    if is_chosen {
        (signs.chosen, sheet.style(Role::Ok))
    } else {
        (signs.dropped, sheet.style(Role::Muted))
    }
}

/// Writes a text in which some characters were found; `from` is the number of its first character in what was searched.
pub(super) fn matched(
    pen: &mut Pen<'_>,
    text: &str,
    (hit, from): (&Hit, usize),
    (style, found): (Style, Style),
) {
    let mut rest = text;
    let is_found = |index: usize| hit.matched.iter().any(|at| *at as usize == from + index);
    let mut index = 0;
    while let Some(first) = rest.chars().next() {
        let here = is_found(index);
        let length: usize = rest
            .chars()
            .enumerate()
            .take_while(|(n, _)| is_found(index + n) == here)
            .map(|(_, it)| it.len_utf8())
            .sum();
        let (run, after) = rest.split_at(length.max(first.len_utf8()));
        pen.text(run, if here { style.patch(found) } else { style });
        index += run.chars().count();
        rest = after;
    }
}
