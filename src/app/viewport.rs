//! The geometry of the last frame, as drawing reports it: what a click hits, and how long a page is.

use super::View;
use super::detail::Tab;
use super::lambda::detail::FunctionPage;
use super::logs::Spot;
use crate::command::Command;
use std::collections::BTreeSet;

/// A rectangle of cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Area {
    pub x: u16,
    pub y: u16,
    pub width: u16,
    pub height: u16,
}

impl Area {
    pub fn contains(self, (x, y): (u16, u16)) -> bool {
        x >= self.x && x - self.x < self.width && y >= self.y && y - self.y < self.height
    }
}

/// What is drawn in an area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    View(View),
    /// A row of the view, by its index among the rows that pass the filter.
    Row(usize),
    /// A cell of the matrix, or a number of the Fleet view.
    Cell {
        row: usize,
        column: usize,
    },
    /// Anywhere else in the view's list: the wheel works there.
    List,
    Tab(Tab),
    FunctionPage(FunctionPage),
    DetailRow(usize),
    /// Anywhere else in the detail.
    Detail,
    PickerRow(usize),
    /// Anywhere else in the top overlay.
    Overlay,
    /// A key in the footer.
    Command(Command),
}

/// The last frame's geometry.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Viewport {
    /// Rows of the view's list that were visible.
    pub list: Window,
    /// Columns of the matrix that were visible.
    pub columns: Window,
    /// What stood on each row of the logs, from the top.
    pub lines: Vec<Spot>,
    /// With which piece of a wrapped line they began.
    pub segment: usize,
    pub detail: Window,
    pub overlay: Window,
    /// Whether the last line of the top overlay was visible.
    pub reach: Reach,
    /// Areas in drawing order: a later one lies above an earlier one.
    pub spots: Vec<(Area, Target)>,
}

/// Whether the end of a text was visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Reach {
    #[default]
    Part,
    End,
}

/// Which part of a list was visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Window {
    pub first: usize,
    pub size: usize,
}

impl Viewport {
    /// The columns of which any cell was visible.
    pub fn shown_columns(&self) -> BTreeSet<usize> {
        let columns = self.spots.iter().filter_map(|(_, target)| {
            if let Target::Cell { column, .. } = target {
                Some(*column)
            } else {
                None
            }
        });
        columns.collect()
    }

    /// What lies on top at a cell.
    pub fn hit(&self, at: (u16, u16)) -> Option<Target> {
        self.spots
            .iter()
            .rev()
            .find(|(area, _)| area.contains(at))
            .map(|(_, target)| *target)
    }
}
