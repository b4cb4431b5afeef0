//! Figures over time, every region a line, the selected one over the others.

use super::{colour, legend, pulse};
use crate::app::lambda::detail::{FunctionDetail, Happening, Span};
use crate::app::{App, Window};
use crate::config::Role;
use crate::domain::{Fold, Measure, Scope, Series, Unit};
use crate::ui::chart::{Chart, Line, Marker, Occasion};
use crate::ui::layout;
use crate::ui::pulse::Pulse;
use crate::ui::sheet::Sheet;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

/// Rows below which a chart says nothing: its title, three rows of plot, its foot and its times.
const LOWEST: u16 = 6;
/// Rows from which on there is one to spare.
const ROOMY: u16 = 16;
/// Columns below which two charts do not stand side by side.
const NARROWEST: u16 = 70;

/// What one chart shows, the most telling first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Panel {
    Errors,
    Calls,
    Duration,
    Concurrent,
}

impl Panel {
    const ALL: [Self; 4] = [Self::Errors, Self::Calls, Self::Duration, Self::Concurrent];

    fn title(self) -> &'static str {
        match self {
            Self::Errors => "Error rate",
            Self::Calls => "Invocations/min",
            Self::Duration => "Duration: p99, and p50 of this region",
            Self::Concurrent => "Concurrent, and throttles of this region",
        }
    }

    fn unit(self) -> Unit {
        match self {
            Self::Errors => Unit::Percent,
            Self::Calls | Self::Concurrent => Unit::Count,
            Self::Duration => Unit::Milliseconds,
        }
    }

    fn fold(self) -> Fold {
        match self {
            Self::Errors | Self::Calls => Fold::Mean,
            Self::Duration | Self::Concurrent => Fold::Most,
        }
    }
}

pub(super) fn charts(sheet: &mut Sheet<'_>, (framed, area): (Rect, Rect), open: &FunctionDetail) {
    let area = happened(sheet, area, open);
    let regions = u16::try_from(open.regions().len()).unwrap_or(u16::MAX);
    let most = area.height.saturating_sub(LOWEST + 1).max(area.height / 3);
    let (upper, lower) = layout::bottom(area, regions.saturating_add(1).min(most));
    let columns = if upper.width >= NARROWEST { 2 } else { 1 };
    let rows = (upper.height / (LOWEST + 2)).clamp(1, 4 / columns);
    let panels = Panel::ALL.iter().take(usize::from(columns * rows));
    for (nth, panel) in (0_u16..).zip(panels) {
        let (column, row) = (nth % columns, nth / columns);
        let (width, height) = (upper.width / columns, upper.height / rows);
        // The last of a row or a column takes what is left over.
        let is_last = |nth: u16, of: u16| nth + 1 == of;
        let place = Rect {
            x: upper.x + column * width,
            y: upper.y + row * height,
            width: if is_last(column, columns) {
                upper.width - column * width
            } else {
                width
            },
            height: if is_last(row, rows) {
                upper.height - row * height
            } else {
                height
            },
        };
        one(sheet, layout::inset(place, 1), *panel, open);
    }
    let window: Window = legend::legend(sheet, (framed, lower), open);
    sheet.viewport.detail = window;
}

/// What happened in the selected region, in full: a chart has room for the beginning of it at most.
///
/// ```text
/// ▲ 18:59 v19, checkout-api  ⚠ 19:01 checkout-errors
/// ```
///
/// Returns the rest of the area.
fn happened(sheet: &mut Sheet<'_>, area: Rect, open: &FunctionDetail) -> Rect {
    if open.happened().is_empty() || area.height < ROOMY {
        return area;
    }
    let (top, rest) = layout::top(area, 1);
    let (signs, muted) = (sheet.signs(), sheet.style(Role::Muted));
    let styles = [Role::Moving, Role::Error, Role::Ok].map(|role| sheet.style(role));
    let form = match open.span() {
        Span::Hour | Span::ThreeHours | Span::Day => "%H:%M",
        Span::Week => "%d %b %H:%M",
    };
    let mut pen = sheet.pen(layout::inset(top, 1), 0);
    // The newest is worth most.
    for it in open.happened().iter().rev() {
        let (sign, style) = match it.what {
            Happening::Deploy => (signs.deploy, styles[0]),
            Happening::Alarm => (signs.alarm, styles[1]),
            Happening::Recovery => (signs.ok, styles[2]),
        };
        let time = format!(" {} ", it.at.format(form));
        pen.text(sign, style)
            .text(&time, muted)
            .text(&it.label, style)
            .skip(3);
    }
    rest
}

fn one(sheet: &mut Sheet<'_>, area: Rect, panel: Panel, open: &FunctionDetail) {
    let (app, look) = (sheet.app, sheet.look);
    let header = sheet.style(Role::Header);
    let (head, rest) = layout::top(area, 1);
    sheet.pen(head, 0).text(panel.title(), header);
    let selected = open.region();
    let mut lines: Vec<(Line<'_>, bool)> = Vec::new();
    for (index, scope) in open.regions().iter().enumerate() {
        let is_selected = Some(scope) == selected;
        let style = colour(app, look, scope);
        let style = if is_selected {
            style.add_modifier(Modifier::BOLD)
        } else {
            style
        };
        for (series, style) in of_region(app, open, (index, scope), panel, (style, is_selected)) {
            lines.push((Line { series, style }, is_selected));
        }
    }
    // The one that is read lies over the others.
    lines.sort_by_key(|(_, is_selected)| *is_selected);
    let lines: Vec<Line<'_>> = lines.into_iter().map(|(line, _)| line).collect();
    let markers: Vec<Marker<'_>> = open
        .happened()
        .iter()
        .map(|it| Marker {
            at: it.at,
            what: match it.what {
                Happening::Deploy => Occasion::Deploy,
                Happening::Alarm => Occasion::Alarm,
                Happening::Recovery => Occasion::Recovery,
            },
            label: &it.label,
        })
        .collect();
    let blank = excuse(app, open);
    Chart {
        window: open.window(app.now()),
        lines: &lines,
        unit: panel.unit(),
        cursor: open.at(),
        markers: &markers,
        fold: panel.fold(),
        blank: &blank,
    }
    .draw(sheet, rest);
}

/// The lines of a region in a panel.
fn of_region<'a>(
    app: &'a App,
    open: &'a FunctionDetail,
    (index, scope): (usize, &Scope),
    panel: Panel,
    (style, is_selected): (Style, bool),
) -> Vec<(&'a Series, Style)> {
    let curve = open.curves().get(index);
    let metrics = open.metrics(app.store(), scope);
    let measured = |measure| metrics.and_then(|metrics| metrics.get(measure));
    let beside = |measure| measured(measure).filter(|_| is_selected);
    let lines = match panel {
        Panel::Errors => [curve.map(|it| &it.rate), None],
        Panel::Calls => [curve.map(|it| &it.calls), None],
        Panel::Duration => [measured(Measure::P99), beside(Measure::P50)],
        Panel::Concurrent => [measured(Measure::Concurrent), beside(Measure::Throttles)],
    };
    let second = style
        .add_modifier(Modifier::DIM)
        .remove_modifier(Modifier::BOLD);
    let styles = [style, second];
    // The second is drawn first, so that the first lies over it.
    let lines = lines.into_iter().zip(styles).rev();
    lines
        .filter_map(|(series, style)| Some((series?, style)))
        .collect()
}

/// Why there is nothing to draw.
fn excuse(app: &App, open: &FunctionDetail) -> String {
    let pulse = open.region().map(|scope| pulse(app, open, scope));
    match pulse {
        Some(Pulse::Unseen) | None => "Asking CloudWatch.".to_owned(),
        Some(Pulse::Failing { failing, .. }) => failing.problem.to_string(),
        Some(Pulse::Fresh(_) | Pulse::Stale(_)) => {
            format!("No data in the last {}.", open.span().words())
        }
    }
}
