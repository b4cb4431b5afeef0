//! Metrics over time: several series in one block, with axes, a cursor and what happened meanwhile.
//!
//! *No data never looks like zero*: a line breaks where there is no value, zero is drawn as a line on the foot,
//! and a chart without any value says so in words. Who wants a legend writes it beside the chart.

mod plot;

use super::sheet::{Sheet, line};
use super::text;
use crate::config::Role;
use crate::domain::{Axis, Floor, Fold, Series, TimeAxis, Timestamp, Unit};
use chrono::TimeDelta;
use plot::Plot;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// Columns of the labels on the left and of the axis beside them; the same for every chart, so that the moments
/// of charts that stand one under the other do too.
const GUTTER: u16 = 9;

/// Columns below which a chart is drawn without labels on its left.
const NARROW: u16 = 24;

/// Several series over one window of time.
pub(super) struct Chart<'a> {
    /// The first moment, and the first after the last.
    pub(super) window: (Timestamp, Timestamp),
    /// The last is drawn over the others.
    pub(super) lines: &'a [Line<'a>],
    pub(super) unit: Unit,
    /// The moment whose values are read; it stands where these values are drawn.
    pub(super) cursor: Option<Timestamp>,
    pub(super) markers: &'a [Marker<'a>],
    /// How the periods that one dot has to stand for become one value. With [`Fold::Sum`] the axis counts per
    /// dot, so a rate is folded with [`Fold::Mean`].
    pub(super) fold: Fold,
    /// What is said in place of lines when there is no value to draw.
    pub(super) blank: &'a str,
}

/// One series of a chart.
pub(super) struct Line<'a> {
    pub(super) series: &'a Series,
    pub(super) style: Style,
}

/// Something that happened at a moment.
pub(super) struct Marker<'a> {
    pub(super) at: Timestamp,
    pub(super) what: Occasion,
    pub(super) label: &'a str,
}

/// What can have happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Occasion {
    Deploy,
    Alarm,
    /// The end of an alarm.
    Recovery,
}

/// Where the parts of a chart stand.
struct Parts {
    markers: Rect,
    labels: Rect,
    plot: Rect,
    /// The level axis under the plot.
    foot: Rect,
    times: Rect,
}

impl Parts {
    /// A low chart gives up its markers first, then the times, then its foot; a narrow one its labels.
    fn of(area: Rect, markers: usize) -> Self {
        let left = if area.width < NARROW { 0 } else { GUTTER };
        let top = u16::from(area.height > 4 && markers > 0);
        let foot = u16::from(area.height > 2);
        let times = u16::from(area.height > 3);
        let height = area.height.saturating_sub(top + foot + times);
        let right = Rect {
            x: area.x + left,
            width: area.width - left,
            ..area
        };
        let rows = |from: u16, height: u16| Rect {
            y: area.y + from,
            height,
            ..right
        };
        Self {
            markers: rows(0, top),
            labels: Rect {
                x: area.x,
                width: left,
                ..rows(top, height)
            },
            plot: rows(top, height),
            foot: rows(top + height, foot),
            times: rows(top + height + foot, times),
        }
    }
}

impl Chart<'_> {
    /// Draws into an area of any size.
    ///
    /// ```text
    ///             ▲ v419           ⚠ checkout-errors
    ///     200 ┤   ┊       ⢀⠔⠒⠒⠢⢄  ┊
    ///     100 ┤⠤⠤⠤┊⠤⠤⠤⠔⠁     ⠑⠒┊⠢⠤⠤⠤
    ///       0 ┤   ┊                ┊     ⣀⣀⣀⣀
    ///         ╰──────┬─────────┬─────────┬─────
    ///             13:50     14:00     14:10
    /// ```
    pub(super) fn draw(&self, sheet: &mut Sheet<'_>, area: Rect) {
        let area = area.intersection(sheet.buffer.area);
        if area.is_empty() {
            return;
        }
        let parts = Parts::of(area, self.markers.len());
        let plot = Plot::new(parts.plot, sheet.signs().ink);
        let coarse: Vec<Series> = self
            .lines
            .iter()
            .map(|line| self.coarse(line, &plot))
            .collect();
        self.times(sheet, &parts);
        self.markers(sheet, &parts);
        let values = || {
            let lines = self.lines.iter().zip(&coarse);
            lines.flat_map(|(line, coarse)| self.points(line, coarse))
        };
        if values().all(|(_, value)| value.is_none()) {
            self.excuse(sheet, parts.plot);
            return;
        }
        let axis = Axis::of(
            values().filter_map(|(_, value)| value),
            usize::from(parts.plot.height),
            Floor::Zero,
        );
        self.labels(sheet, &parts, &plot, &axis);
        let cursor = self.cursor_column(coarse.last(), parts.plot);
        if let Some(column) = cursor {
            let (sign, style) = (sheet.signs().cursor, sheet.style(Role::Muted));
            fill(sheet, column, sign, style);
        }
        let time = self.time();
        for (number, (line, coarse)) in self.lines.iter().zip(&coarse).enumerate() {
            let mut last = None;
            for (at, value) in self.points(line, coarse) {
                let dot = value.and_then(|value| {
                    Some((
                        time.place(at, plot.columns())?,
                        axis.place(value, plot.rows()),
                    ))
                });
                if let Some(dot) = dot {
                    plot.join(sheet.buffer, last.unwrap_or(dot), dot, (number, line.style));
                }
                last = dot;
            }
        }
        if let Some(column) = cursor {
            let style = sheet.style(Role::Selection);
            sheet.paint(column, style);
        }
    }

    fn time(&self) -> TimeAxis {
        let (from, until) = self.window;
        TimeAxis { from, until }
    }

    /// A line's values, as many as there are dots.
    fn coarse(&self, line: &Line<'_>, plot: &Plot) -> Series {
        let (from, until) = self.window;
        line.series.coarse(plot.columns(), from, until, self.fold)
    }

    /// Where a line goes: the middle of every period, and its value.
    fn points(
        &self,
        line: &Line<'_>,
        coarse: &Series,
    ) -> impl Iterator<Item = (Timestamp, Option<f64>)> {
        let (from, until) = self.window;
        let period = coarse.period();
        // The sum of a part of what others are the sum of would look like a fall.
        let whole = self.fold == Fold::Sum && period > line.series.period();
        coarse.points().map(move |(begin, value)| {
            let is_whole = begin >= from
                && begin
                    .checked_add_signed(period)
                    .is_some_and(|end| end <= until);
            let value = value.filter(|_| is_whole || !whole);
            (middle(begin, period, (from, until)), value)
        })
    }

    /// Says in the middle why there is nothing.
    fn excuse(&self, sheet: &mut Sheet<'_>, area: Rect) {
        let style = sheet.style(Role::Muted);
        let rows = text::wrap(self.blank, area.width).count();
        let rows = u16::try_from(rows).unwrap_or(u16::MAX).min(area.height);
        let top = (area.height - rows) / 2;
        for (words, row) in text::wrap(self.blank, area.width).zip(top..top + rows) {
            let indent = area.width.saturating_sub(text::width(words)) / 2;
            sheet.pen(area, row).skip(indent).text(words, style);
        }
    }

    /// The foot, and the times under it.
    fn times(&self, sheet: &mut Sheet<'_>, parts: &Parts) {
        let (signs, border, muted) = (
            sheet.signs(),
            sheet.style(Role::Border),
            sheet.style(Role::Muted),
        );
        fill(sheet, parts.foot, signs.border.horizontal_bottom, border);
        if parts.labels.width > 0 {
            let corner = Rect {
                x: parts.foot.x - 1,
                width: 1,
                ..parts.foot
            };
            fill(sheet, corner, signs.border.bottom_left, border);
        }
        for tick in self.time().ticks(usize::from(parts.times.width)) {
            fill(sheet, column(parts.foot, tick.column), signs.foot, border);
            let start = u16::try_from(tick.start).unwrap_or(u16::MAX);
            sheet
                .pen(parts.times, 0)
                .skip(start)
                .text(&tick.words, muted);
        }
    }

    /// What happened: a sign with its label on the top row as far as the next, and a line down from it.
    fn markers(&self, sheet: &mut Sheet<'_>, parts: &Parts) {
        let (time, width) = (self.time(), usize::from(parts.plot.width));
        let signs = sheet.signs();
        let place = |marker: &Marker<'_>| time.place(marker.at, width);
        for marker in self.markers {
            let Some(at) = place(marker) else {
                continue;
            };
            let (sign, role) = match marker.what {
                Occasion::Deploy => (signs.deploy, Role::Moving),
                Occasion::Alarm => (signs.alarm, Role::Error),
                Occasion::Recovery => (signs.ok, Role::Ok),
            };
            let style = sheet.style(role);
            fill(sheet, column(parts.plot, at), signs.dash, style);
            let next = self
                .markers
                .iter()
                .filter_map(place)
                .filter(|next| *next > at)
                .min();
            let room = next.unwrap_or(width + 1).saturating_sub(at + 1);
            let mut pen = sheet.pen(parts.markers, 0);
            pen.skip(u16::try_from(at).unwrap_or(u16::MAX));
            let mut pen = pen.take(u16::try_from(room.max(1)).unwrap_or(u16::MAX));
            pen.text(sign, style);
            // Less than a few letters of a label say nothing.
            if pen.room() > 4 {
                pen.skip(1).text(marker.label, style);
            }
        }
    }

    /// The upright axis with its labels, and a line at nought where there are values below it.
    fn labels(&self, sheet: &mut Sheet<'_>, parts: &Parts, plot: &Plot, axis: &Axis) {
        let (signs, border, muted) = (
            sheet.signs(),
            sheet.style(Role::Border),
            sheet.style(Role::Muted),
        );
        if axis.low() < 0.0 {
            let nought = line(parts.plot, plot.row(axis.place(0.0, plot.rows())));
            fill(sheet, nought, signs.border.horizontal_bottom, border);
        }
        let Some(width) = parts.labels.width.checked_sub(1) else {
            return;
        };
        let upright = Rect {
            x: parts.plot.x - 1,
            width: 1,
            ..parts.plot
        };
        fill(sheet, upright, signs.border.vertical_left, border);
        let mut taken = None;
        for tick in axis.ticks() {
            let row = plot.row(axis.place(tick, plot.rows()));
            if taken.replace(row) == Some(row) {
                continue;
            }
            fill(sheet, line(upright, row), signs.notch, border);
            let words = self.unit.words(tick);
            let room = Rect {
                width,
                ..parts.labels
            };
            sheet.pen(room, row).right(&words, muted);
        }
    }

    /// The column in which the values of the cursor's moment are drawn, those of the last line first of all.
    fn cursor_column(&self, coarse: Option<&Series>, plot: Rect) -> Option<Rect> {
        let moment = self.cursor?;
        let time = self.time();
        time.place(moment, 1)?;
        let period = coarse?.period();
        let into = moment
            .timestamp_millis()
            .rem_euclid(period.num_milliseconds().max(1));
        let begin = moment - TimeDelta::milliseconds(into);
        let at = time.place(middle(begin, period, self.window), usize::from(plot.width))?;
        Some(column(plot, at))
    }
}

/// The middle of the part of a period that lies in a window.
fn middle(begin: Timestamp, period: TimeDelta, (from, until): (Timestamp, Timestamp)) -> Timestamp {
    let end = begin
        .checked_add_signed(period)
        .map_or(until, |end| end.min(until));
    let begin = begin.max(from);
    begin + (end - begin) / 2
}

/// One column of an area; empty when the area has no such column.
fn column(area: Rect, column: usize) -> Rect {
    let along = u16::try_from(column).unwrap_or(u16::MAX);
    Rect {
        x: area.x.saturating_add(along),
        width: u16::from(along < area.width),
        ..area
    }
}

/// The same sign in every cell.
fn fill(sheet: &mut Sheet<'_>, area: Rect, sign: &str, style: Style) {
    for position in area.intersection(sheet.buffer.area).positions() {
        if let Some(cell) = sheet.buffer.cell_mut(position) {
            cell.set_symbol(sign).set_style(style);
        }
    }
}

#[cfg(test)]
mod tests;
