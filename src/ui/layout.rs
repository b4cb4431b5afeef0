//! Which part of the screen is whose, by how much of it there is.

use ratatui::layout::Rect;

/// Below this nothing can be read, so nothing is drawn but a word that says so.
pub(super) const NARROWEST: u16 = 40;
pub(super) const LOWEST: u16 = 10;

/// The areas of a frame, from the top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Areas {
    pub(super) header: Rect,
    pub(super) tabs: Rect,
    /// The run that is followed; empty while there is none.
    pub(super) followed: Rect,
    pub(super) body: Rect,
    /// A condition that stands; empty while there is none.
    pub(super) standing: Rect,
    pub(super) footer: Rect,
}

impl Areas {
    pub(super) fn of(screen: Rect, (followed, standing): (u16, u16)) -> Self {
        let (header, rest) = top(screen, 1);
        let (tabs, rest) = top(rest, 1);
        let (followed, rest) = top(rest, followed);
        let (rest, footer) = bottom(rest, 1);
        let (body, standing) = bottom(rest, standing);
        Self {
            header,
            tabs,
            followed,
            body,
            standing,
            footer,
        }
    }
}

pub(super) fn is_too_small(screen: Rect) -> bool {
    screen.width < NARROWEST || screen.height < LOWEST
}

/// Whether there is room for more than what is needed.
pub(super) fn is_roomy(screen: Rect) -> bool {
    screen.width >= 100 && screen.height >= 30
}

/// Cuts rows off the top: those, and the rest.
pub(super) fn top(area: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(area.height);
    (
        Rect {
            height: rows,
            ..area
        },
        Rect {
            y: area.y + rows,
            height: area.height - rows,
            ..area
        },
    )
}

/// Cuts rows off the bottom: the rest, and those.
pub(super) fn bottom(area: Rect, rows: u16) -> (Rect, Rect) {
    top(area, area.height - rows.min(area.height))
}

/// Cuts columns off the left: those, and the rest.
pub(super) fn left(area: Rect, columns: u16) -> (Rect, Rect) {
    let columns = columns.min(area.width);
    (
        Rect {
            width: columns,
            ..area
        },
        Rect {
            x: area.x + columns,
            width: area.width - columns,
            ..area
        },
    )
}

/// A box in the middle, a little above it, no larger than the area.
pub(super) fn centred(area: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height));
    Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 3,
        width,
        height,
    }
}

/// An area without its first and last columns.
pub(super) fn inset(area: Rect, columns: u16) -> Rect {
    let columns = columns.min(area.width / 2);
    Rect {
        x: area.x + columns,
        width: area.width - columns * 2,
        ..area
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_screen_belongs_to_one_area() {
        for height in 0..40 {
            for (followed, standing) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                let screen = Rect::new(0, 0, 80, height);
                let areas = Areas::of(screen, (followed, standing));
                let parts = [
                    areas.header,
                    areas.tabs,
                    areas.followed,
                    areas.body,
                    areas.standing,
                    areas.footer,
                ];
                let mut y = 0;
                for part in parts {
                    assert_eq!(part.y, y, "{height} rows");
                    y += part.height;
                }
                assert_eq!(y, height);
            }
        }
    }

    #[test]
    fn a_box_never_leaves_its_area() {
        let area = Rect::new(3, 2, 20, 10);
        for (width, height) in [(0, 0), (5, 5), (20, 10), (90, 90)] {
            let inner = centred(area, width, height);
            assert_eq!(inner.intersection(area), inner);
        }
    }
}
