//! The lines themselves: time, region, account, group, level, message.

use super::rows::{Filler, Placed};
use crate::app::Target;
use crate::app::logs::{Label, Logs, TimeFormat, Wrapping};
use crate::config::Role;
use crate::domain::log::gist::gist;
use crate::domain::log::{Level, Line, LineKind, View, timestamp};
use crate::domain::time::short;
use crate::ui::pen::Pen;
use crate::ui::sheet::{Sheet, line};
use crate::ui::table::{POINTER, select};
use crate::ui::text;
use ratatui::layout::Rect;
use ratatui::style::Style;
use std::borrow::Cow;

/// Where the columns of a line stand; a width of nought is a column that was dropped.
#[derive(Clone, Copy, Debug, Default)]
struct Columns {
    time: u16,
    region: u16,
    account: u16,
    group: u16,
    level: u16,
}

/// Columns of a message at least, before others are dropped.
const MESSAGE: u16 = 24;
const LEVEL: u16 = 5;
/// Columns of a time with its date, in full and without its year and milliseconds.
const DATED: u16 = 23;
const DATED_SHORT: u16 = 14;

impl Columns {
    /// Drops what there is no room for: the account first, then the group, the level, the region's full name.
    fn of(logs: &Logs, times: TimeFormat, room: u16) -> Self {
        let labels = logs.labels();
        let widest = |of: fn(&Label) -> &str| text::widest(labels.iter().map(of));
        let differs = |of: fn(&Label) -> &str| {
            let mut all = labels.iter().map(of);
            let first = all.next();
            all.any(|other| Some(other) != first)
        };
        let mut columns = Self {
            time: match times {
                TimeFormat::Utc | TimeFormat::Local => 12,
                TimeFormat::Dated => DATED,
                TimeFormat::Age => 4,
            },
            region: widest(|label| &label.region).min(14),
            account: if differs(|label| &label.account) {
                widest(|label| &label.account).min(12)
            } else {
                0
            },
            group: if differs(|label| &label.group) {
                widest(|label| &label.group).min(if room >= 138 { 36 } else { 20 })
            } else {
                0
            },
            level: LEVEL,
        };
        // Half of the row, where it can be had by cutting; the least, before a column is dropped.
        let fits = |columns: &Self| columns.taken() + (room / 2).clamp(MESSAGE, 60) <= room;
        if !fits(&columns) {
            columns.group = columns.group.min(12);
        }
        if !fits(&columns) {
            columns.account = columns.account.min(6);
        }
        if !fits(&columns) {
            columns.region = columns.region.min(9);
        }
        if !fits(&columns) {
            columns.time = columns.time.min(DATED_SHORT);
        }
        let fits = |columns: &Self| columns.taken() + MESSAGE <= room;
        if !fits(&columns) {
            columns.account = 0;
        }
        if !fits(&columns) {
            columns.group = 0;
        }
        if !fits(&columns) {
            columns.time = columns.time.min(8);
        }
        if !fits(&columns) {
            columns.level = 1;
        }
        columns
    }

    fn taken(self) -> u16 {
        let widths = [self.time, self.region, self.account, self.group, self.level];
        widths
            .iter()
            .filter(|width| **width > 0)
            .map(|width| width + 1)
            .sum()
    }
}

/// Draws the lines that are in sight.
///
/// ```text
/// │▸ 14:32:05.118 eu-west-1 checkout ERROR payment declined order=8812 latency_ms=1893        │
/// │               {                                                                            │
/// ```
pub(super) fn lines(sheet: &mut Sheet<'_>, area: Rect, view: &View<'_>) {
    let app = sheet.app;
    let (logs, reader) = (app.logs(), app.logs().reader());
    let room = area.width.saturating_sub(POINTER);
    let columns = Columns::of(logs, reader.times, room);
    let filler = Filler {
        view,
        logs,
        reader,
        height: usize::from(area.height),
        width: room.saturating_sub(columns.taken()).max(1),
    };
    let rows = filler.fill();
    let cursor = reader.cursor(view);
    let selection = sheet.style(Role::Selection);
    for (placed, row) in rows.iter().zip(0..area.height) {
        let place = line(area, row);
        if let Some(line) = view.line(placed.row) {
            draw(sheet, place, columns, (placed, &line));
        }
        if cursor == Some(placed.spot) {
            select(sheet, place);
            if placed.segment > 0 {
                sheet.pen(place, 0).text(" ", selection);
            }
        }
        sheet.spot(place, Target::Row(usize::from(row)));
    }
    sheet.viewport.segment = rows.first().map_or(0, |placed| placed.segment);
    sheet.viewport.list.first = rows.first().map_or(0, |placed| placed.row);
    sheet.viewport.list.size = usize::from(area.height);
    sheet.viewport.lines = rows.into_iter().map(|placed| placed.spot).collect();
}

fn draw(
    sheet: &mut Sheet<'_>,
    place: Rect,
    columns: Columns,
    (placed, line): (&Placed, &Line<'_>),
) {
    let logs = sheet.app.logs();
    let (muted, ordinary, look) = (
        sheet.style(Role::Muted),
        sheet.style(Role::Text),
        sheet.look,
    );
    let signs = sheet.signs();
    if line.kind == LineKind::Note {
        let style = sheet.style(Role::Warn);
        sheet.pen(place, 0).skip(POINTER).text(&line.safe(), style);
        return;
    }
    let level = line.level.map_or(Role::Text, role);
    let (mark, level_style) = (sheet.style(Role::Key), sheet.style(level));
    let late = sheet.style(Role::Stale);
    let label = logs.labels().get(line.source);
    let region = sheet.style(label.map_or(Role::Muted, |label| {
        Role::REGIONS[label.colour % Role::REGIONS.len()]
    }));
    let found = sheet.style(Role::Match);
    let now = sheet.app.now();
    let mut pen = sheet.pen(place, 0);
    pen.skip(POINTER - 1);
    if placed.spot.part > 0 {
        let parts = logs.reader().parts(line.id);
        let Some(part) = parts.get(placed.spot.part - 1) else {
            return;
        };
        let (name, value) = part
            .text
            .split_at_checked(part.value)
            .unwrap_or(("", &part.text));
        pen.skip(1 + columns.time.min(8))
            .text("  ", muted)
            .text(name, muted)
            .text(value, ordinary);
        return;
    }
    if placed.segment == 0 {
        match (logs.reader().is_marked(line.id), line.is_late) {
            (true, _) => pen.text(signs.mark, mark),
            (false, true) => pen.text(signs.late, late),
            (false, false) => pen.skip(1),
        };
        let time = match logs.reader().times {
            TimeFormat::Utc => timestamp(line.time).format("%H:%M:%S%.3f").to_string(),
            TimeFormat::Dated if columns.time < DATED => {
                timestamp(line.time).format("%m-%d %H:%M:%S").to_string()
            }
            TimeFormat::Dated => timestamp(line.time)
                .format("%Y-%m-%d %H:%M:%S%.3f")
                .to_string(),
            TimeFormat::Age => short(now - timestamp(line.time)),
            TimeFormat::Local => logs
                .local(timestamp(line.time))
                .format("%H:%M:%S%.3f")
                .to_string(),
        };
        let mut cell = |width: u16, write: &mut dyn FnMut(&mut Pen<'_>)| {
            if width > 0 {
                write(&mut pen.take(width));
                pen.skip(1);
            }
        };
        let empty = Label::default();
        let label = label.unwrap_or(&empty);
        cell(columns.time, &mut |pen| {
            // Cut without a sign: a time that has lost its milliseconds is still a time.
            let shown = text::beginning(&time, pen.room());
            pen.text(shown, if line.is_late { late } else { muted });
        });
        cell(columns.region, &mut |pen| {
            _ = pen.middle(&label.region, region);
        });
        cell(columns.account, &mut |pen| {
            _ = pen.middle(&label.account, muted);
        });
        cell(columns.group, &mut |pen| {
            _ = pen.middle(&label.group, ordinary);
        });
        cell(columns.level, &mut |pen| {
            let name = line.level.map_or("", Level::name);
            let shown = text::beginning(name, pen.room());
            pen.text(shown, level_style);
        });
    } else {
        pen.skip(1 + columns.taken());
    }
    let style = look.style(if line.level >= Some(Level::Warn) {
        level
    } else {
        Role::Text
    });
    let message = message(logs, line);
    let shown = match logs.reader().wrapping {
        Wrapping::Wrap => text::wrap(&message, pen.room())
            .nth(placed.segment)
            .unwrap_or_default(),
        Wrapping::Cut => behind(&message, logs.reader().sideways),
    };
    written(&mut pen, logs, shown, (style, style.patch(found)));
}

/// What a line says: of JSON the gist, unless what is searched for is in the rest of it.
pub(super) fn message<'l>(logs: &Logs, line: &Line<'l>) -> Cow<'l, str> {
    let Some(gist) = gist(line.exact()) else {
        return without_level(line.safe(), line.level);
    };
    let hides = logs
        .search_pattern()
        .is_some_and(|pattern| pattern.matches(line.exact()) && !pattern.matches(&gist));
    if hides { line.safe() } else { Cow::Owned(gist) }
}

/// A text without the level that it begins with: that has a column of its own.
fn without_level(text: Cow<'_, str>, level: Option<Level>) -> Cow<'_, str> {
    let rest = level.and_then(|level| text.strip_prefix(level.name()));
    let rest = rest
        .and_then(|rest| rest.strip_prefix([' ', ':', '\t']))
        .map(str::trim_start);
    match (rest, &text) {
        (Some("") | None, _) => text,
        (Some(rest), Cow::Owned(_)) => Cow::Owned(rest.to_owned()),
        (Some(rest), Cow::Borrowed(whole)) => {
            Cow::Borrowed(whole.get(whole.len() - rest.len()..).unwrap_or(whole))
        }
    }
}

/// Writes a message in which what is searched for stands out.
fn written(pen: &mut Pen<'_>, logs: &Logs, message: &str, (style, found): (Style, Style)) {
    let mut at = 0;
    if let Some(pattern) = logs.search_pattern() {
        // What lies beyond the right edge need not be looked at.
        let seen = message
            .get(..message.floor_char_boundary(usize::from(pen.room()) * 4))
            .unwrap_or(message);
        for hit in pattern.spans(seen) {
            if let (Some(before), Some(words)) =
                (message.get(at..hit.start), message.get(hit.clone()))
            {
                pen.text(before, style).text(words, found);
                at = hit.end;
            }
        }
    }
    pen.text(message.get(at..).unwrap_or_default(), style);
}

/// A text without its first columns.
fn behind(text: &str, columns: usize) -> &str {
    if columns == 0 {
        return text;
    }
    let left = text::beginning(text, u16::try_from(columns).unwrap_or(u16::MAX));
    text.get(left.len()..).unwrap_or_default()
}

pub(super) fn role(level: Level) -> Role {
    match level {
        Level::Trace | Level::Debug => Role::Muted,
        Level::Info => Role::Ok,
        Level::Warn => Role::Warn,
        Level::Error | Level::Fatal => Role::Error,
    }
}
