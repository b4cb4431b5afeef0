//! The world, with a marker for each region in the shape of its state.

use super::places::place;
use super::reach::{dial_words, flow_words};
use super::state_of;
use crate::app::fleet::{Reach, Row};
use crate::app::{Target, Window};
use crate::config::Role;
use crate::domain::Region;
use crate::domain::untrusted::sanitise;
use crate::ui::chrome::{count, nowhere};
use crate::ui::layout;
use crate::ui::sheet::{Focus, Sheet, line};
use crate::ui::status::Mark;
use crate::ui::table::stand_out;
use crate::ui::text;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use ratatui::widgets::Widget;
use ratatui::widgets::canvas::{Canvas, Map, MapResolution};

/// The part of the world that has regions: without the poles the rest is larger.
const WEST: f64 = -170.0;
const EAST: f64 = 180.0;
const SOUTH: f64 = -56.0;
const NORTH: f64 = 74.0;

/// A marker that has found its cell.
struct Marker<'r> {
    x: u16,
    y: u16,
    region: &'r Region,
    mark: Mark,
    gravity: (usize, u8),
    reach: Option<Reach>,
}

/// Rows that a map of so many columns may take: a cell is about twice as high as it is wide, and a map may be
/// stretched upwards as Mercator does before it looks wrong.
fn rows_for(columns: u16) -> u16 {
    // (NORTH - SOUTH) / (EAST - WEST) / 2, half as much again.
    u16::try_from(u32::from(columns) * 130 * 3 / (700 * 2)).unwrap_or(u16::MAX)
}

pub(super) fn world(sheet: &mut Sheet<'_>, area: Rect) {
    let inner = sheet.frame(area, Focus::Elsewhere);
    let title = sheet.style(Role::Title);
    sheet.title(area).text(" World ", title);
    if inner.is_empty() {
        return;
    }
    let map = fitting(inner);
    land(sheet, map);
    let app = sheet.app;
    markers(sheet, (map, map), app.fleet_view().rows(), Labels::Names);
}

/// The largest part of the area that has the world's proportions, in its middle.
fn fitting(area: Rect) -> Rect {
    let height = rows_for(area.width).clamp(1, area.height.max(1));
    if height < area.height {
        let above = (area.height - height) / 2;
        return Rect {
            y: area.y + above,
            height,
            ..area
        };
    }
    let width = u16::try_from(u32::from(area.height) * 700 / 130)
        .unwrap_or(u16::MAX)
        .min(area.width);
    Rect {
        x: area.x + (area.width - width) / 2,
        width,
        ..area
    }
}

/// How much the labels beside the markers say.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Labels {
    Names,
    /// Dial and flow too, where they find room.
    Full,
}

/// Rows of the legend below a map that has the screen.
const LEGEND: u16 = 2;

/// ```text
/// ╭ World · 6 regions ─────────────────────────────────────────────────────────────╮
/// │        ⣀⣤⣶  ◐us-west-2 50 % 3.7/s     ✗eu-west-1 100 % 0/s                      │
/// │  …                                                                             │
/// │ ✓ ok  ↻ moving  ◐ partial  ⚠ alarm  ✗ failed  ? unknown    dial, new flows a s │
/// │ ✓ eu-central-1 80 % 4.1/s                                                      │
/// ╰────────────────────────────────────────────────────────────────────────────────╯
/// ```
pub(super) fn whole(sheet: &mut Sheet<'_>, area: Rect) {
    let inner = sheet.frame(area, Focus::Here);
    sheet.spot(area, Target::List);
    let (title, muted) = (sheet.style(Role::Title), sheet.style(Role::Muted));
    let app = sheet.app;
    let rows = app.fleet_view().rows();
    let dot = sheet.signs().dot;
    let count = count(rows.len(), "region");
    sheet
        .title(area)
        .text(" World ", title)
        .text(&format!("{dot} {count} "), muted);
    if inner.is_empty() {
        return;
    }
    let legend = if inner.height > 8 { LEGEND } else { 0 };
    let (upper, lower) = layout::bottom(inner, legend);
    let map = fitting(upper);
    land(sheet, map);
    let unlabelled = markers(sheet, (map, upper), rows, Labels::Full);
    sheet.viewport.list = Window {
        first: 0,
        size: rows.len(),
    };
    legend_of(sheet, lower, &unlabelled);
    if rows.is_empty() {
        let words = nowhere(app).unwrap_or("No region matches the filter.");
        sheet.pen(line(inner, 0), 0).skip(1).text(words, muted);
    }
}

/// What the signs mean, and the regions that found no room beside their markers.
fn legend_of(sheet: &mut Sheet<'_>, area: Rect, unlabelled: &[(Mark, String)]) {
    let signs = sheet.signs();
    let meanings = [
        (signs.ok, Role::Ok, "ok"),
        (signs.moving, Role::Moving, "moving"),
        (signs.partial, Role::Warn, "partial"),
        (signs.stopped, Role::Warn, "no endpoint"),
        (signs.alarm, Role::Error, "alarm"),
        (signs.failed, Role::Error, "failed"),
        (signs.unknown, Role::Unknown, "unknown"),
    ];
    let styles = meanings.map(|(_, role, _)| sheet.style(role));
    let (muted, ordinary) = (sheet.style(Role::Muted), sheet.style(Role::Text));
    let mut pen = sheet.pen(area, 0);
    if area.width > 84 {
        pen.right("dial, new flows a second ", muted);
    }
    pen.skip(1);
    for ((sign, _, meaning), style) in meanings.into_iter().zip(styles) {
        pen.text(sign, style).skip(1).text(meaning, muted).skip(2);
    }
    let styles: Vec<Style> = unlabelled
        .iter()
        .map(|(mark, _)| sheet.style(mark.role))
        .collect();
    let mut pen = sheet.pen(area, 1);
    pen.skip(1);
    for ((mark, words), style) in unlabelled.iter().zip(styles) {
        pen.text(mark.sign, style)
            .skip(1)
            .text(words, ordinary)
            .skip(2);
    }
}

fn land(sheet: &mut Sheet<'_>, map: Rect) {
    let (land, marker) = (
        sheet.style(Role::Border).fg.unwrap_or(Color::Reset),
        sheet.signs().land,
    );
    let shape = Map {
        resolution: MapResolution::High,
        color: land,
    };
    Canvas::default()
        .marker(marker)
        .x_bounds([WEST, EAST])
        .y_bounds([SOUTH, NORTH])
        .paint(|context| context.draw(&shape))
        .render(map, sheet.buffer);
}

/// Draws every marker, the gravest on top, then the labels that find room beside them; what comes back found none.
fn markers(
    sheet: &mut Sheet<'_>,
    (map, around): (Rect, Rect),
    rows: &[Row],
    labels: Labels,
) -> Vec<(Mark, String)> {
    let mut markers: Vec<Marker<'_>> = Vec::new();
    let mut nowhere: Vec<(Mark, String)> = Vec::new();
    for row in rows {
        let Some(region) = row.scope.region() else {
            continue;
        };
        let (mark, gravity) = state_of(sheet, row);
        let Some((x, y)) = cell(map, region) else {
            nowhere.push((mark, sanitise(region.as_str()).into_owned()));
            continue;
        };
        // Accounts share a region's place: the gravest state is shown, and all that goes there.
        match markers.iter_mut().find(|marker| marker.region == region) {
            Some(marker) => {
                if gravity > marker.gravity {
                    (marker.mark, marker.gravity) = (mark, gravity);
                }
                marker.reach = match (marker.reach, row.reach) {
                    (Some(mut mine), Some(theirs)) => {
                        mine.join(&theirs);
                        Some(mine)
                    }
                    (mine, theirs) => mine.or(theirs),
                };
            }
            None => markers.push(Marker {
                x,
                y,
                region,
                mark,
                gravity,
                reach: row.reach,
            }),
        }
    }
    markers.sort_by_key(|marker| marker.gravity);
    let mut taken: Vec<Rect> = markers
        .iter()
        .map(|marker| Rect::new(marker.x, marker.y, 1, 1))
        .collect();
    for marker in &markers {
        let style = sheet.style(marker.mark.role);
        sheet
            .pen(Rect::new(marker.x, marker.y, 1, 1), 0)
            .text(marker.mark.sign, style);
    }
    let selected = sheet
        .app
        .fleet_view()
        .selected()
        .and_then(|row| row.scope.region());
    let muted = sheet.style(Role::Muted);
    for marker in markers.iter().rev() {
        let is_selected = labels == Labels::Full && selected == Some(marker.region);
        let style = if is_selected {
            stand_out(sheet.look)
        } else if marker.gravity.0 > 0 {
            sheet.style(marker.mark.role)
        } else {
            muted
        };
        let words = marker.words(labels);
        let found = words.iter().find_map(|words| {
            let spot = marker.spot(around, &taken, (text::width(words), labels))?;
            Some((words, spot))
        });
        if let Some((words, spot)) = found {
            sheet.pen(line(spot, 0), 0).text(words, style);
            taken.push(spot);
        } else {
            let words = words.into_iter().next().unwrap_or_default();
            nowhere.push((marker.mark, words));
        }
    }
    nowhere
}

impl Marker<'_> {
    /// What its label may say, the fullest first.
    fn words(&self, labels: Labels) -> Vec<String> {
        let name = sanitise(self.region.as_str()).into_owned();
        let Some(reach) = self.reach.filter(|_| labels == Labels::Full) else {
            return vec![name];
        };
        let dial = format!("{name} {}", dial_words(&reach));
        let full = flow_words(&reach).map(|flow| format!("{dial} {flow}"));
        full.into_iter().chain([dial, name]).collect()
    }

    /// A free place for so many columns beside the marker, or a row away from it.
    fn spot(&self, around: Rect, taken: &[Rect], (width, labels): (u16, Labels)) -> Option<Rect> {
        let right = self.x.saturating_add(1);
        let left = self.x.checked_sub(width);
        let mut spots = vec![(Some(right), self.y), (left, self.y)];
        if labels == Labels::Full {
            let (above, below) = (self.y.saturating_sub(1), self.y.saturating_add(1));
            let over = Some(self.x.saturating_sub(width / 2));
            for y in [above, below] {
                spots.extend([(Some(right), y), (left, y), (over, y)]);
            }
        }
        let free = |spot: &Rect| {
            // A blank on either side keeps two labels from being read as one.
            let wide = Rect {
                x: spot.x.saturating_sub(u16::from(labels == Labels::Full)),
                width: spot.width + 2 * u16::from(labels == Labels::Full),
                ..*spot
            };
            around.intersection(*spot) == *spot
                && taken.iter().all(|taken| {
                    let own = *taken == Rect::new(self.x, self.y, 1, 1);
                    if own {
                        !taken.intersects(*spot)
                    } else {
                        !taken.intersects(wide)
                    }
                })
        };
        let spots = spots.into_iter();
        spots
            .filter_map(|(x, y)| Some(Rect::new(x?, y, width, 1)))
            .find(free)
    }
}

/// The cell in which a region lies.
fn cell(map: Rect, region: &Region) -> Option<(u16, u16)> {
    let place = place(region)?;
    let along = (place.longitude - WEST) / (EAST - WEST) * f64::from(map.width);
    let down = (NORTH - place.latitude) / (NORTH - SOUTH) * f64::from(map.height);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the places lie within the bounds, so both are between nought and the size of the map"
    )]
    let (x, y) = (along as u16, down as u16);
    Some((
        map.x + x.min(map.width.checked_sub(1)?),
        map.y + y.min(map.height.checked_sub(1)?),
    ))
}
