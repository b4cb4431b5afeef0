//! The world, with a marker for each region in the shape of its state.

use super::places::place;
use super::state_of;
use crate::app::fleet::Row;
use crate::config::Role;
use crate::domain::Region;
use crate::domain::untrusted::sanitise;
use crate::ui::sheet::{Focus, Sheet, line};
use crate::ui::status::Mark;
use crate::ui::text;
use ratatui::layout::Rect;
use ratatui::style::Color;
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
    let app = sheet.app;
    markers(sheet, map, app.fleet_view().rows());
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

/// Draws every marker, the gravest on top, then the names that find room beside them.
fn markers(sheet: &mut Sheet<'_>, map: Rect, rows: &[Row]) {
    let mut markers: Vec<Marker<'_>> = Vec::new();
    for row in rows {
        let Some((region, (x, y))) = row
            .scope
            .region()
            .and_then(|region| Some((region, cell(map, region)?)))
        else {
            continue;
        };
        let (mark, gravity) = state_of(sheet, row);
        // Accounts share a region's place: the gravest state is shown.
        match markers.iter_mut().find(|marker| marker.region == region) {
            Some(marker) if marker.gravity >= gravity => {}
            Some(marker) => (marker.mark, marker.gravity) = (mark, gravity),
            None => markers.push(Marker {
                x,
                y,
                region,
                mark,
                gravity,
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
    let style = sheet.style(Role::Muted);
    for marker in markers.iter().rev() {
        let name = sanitise(marker.region.as_str());
        let width = text::width(&name);
        let right = Rect::new(marker.x.saturating_add(1), marker.y, width, 1);
        let left = Rect::new(marker.x.saturating_sub(width), marker.y, width, 1);
        let free = |spot: &Rect| {
            map.intersection(*spot) == *spot && taken.iter().all(|taken| !taken.intersects(*spot))
        };
        let Some(spot) = [right, left].into_iter().find(free) else {
            continue;
        };
        sheet.pen(line(spot, 0), 0).text(&name, style);
        taken.push(spot);
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
