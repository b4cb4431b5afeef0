//! One table for every list: only visible rows are built, columns drop by rank and never wrap.

use super::look::{Look, Signs};
use super::pen::Pen;
use super::sheet::{Sheet, line};
use crate::app::cursor::Cursor;
use crate::app::{Target, Window};
use crate::config::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

/// What a table knows of a column before it knows its room.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub(super) title: &'static str,
    pub(super) align: Align,
    /// Columns it may not go below; below it the column is dropped.
    pub(super) least: u16,
    /// Columns it has a use for.
    pub(super) most: u16,
    /// The highest rank is dropped first, and given more room last.
    pub(super) rank: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Right,
}

/// A table whose columns have found their places.
#[derive(Debug)]
pub(super) struct Table {
    columns: Vec<Column>,
    /// Offset from the table's left edge and width; a width of nought was dropped.
    places: Vec<(u16, u16)>,
    signs: &'static Signs,
}

/// The row of a table that is being drawn.
pub(super) struct Row<'r> {
    buffer: &'r mut Buffer,
    table: &'r Table,
    area: Rect,
    /// The index of what stands on it.
    pub(super) index: usize,
    tone: Option<Style>,
}

/// The column in front of every row, in which the pointer stands.
pub(super) const POINTER: u16 = 2;
const GAP: u16 = 2;

impl Column {
    pub(super) fn left(title: &'static str, (least, most): (u16, u16), rank: u8) -> Self {
        Self {
            title,
            align: Align::Left,
            least,
            most,
            rank,
        }
    }

    pub(super) fn right(title: &'static str, width: u16, rank: u8) -> Self {
        Self {
            title,
            align: Align::Right,
            least: width,
            most: width,
            rank,
        }
    }
}

impl Table {
    /// Finds places for the columns in so much room.
    pub(super) fn new(columns: Vec<Column>, room: u16, signs: &'static Signs) -> Self {
        let mut widths: Vec<u16> = columns.iter().map(|column| column.least).collect();
        let taken = |widths: &[u16]| {
            let shown = widths.iter().filter(|width| **width > 0).count();
            let gaps =
                GAP.saturating_mul(u16::try_from(shown.saturating_sub(1)).unwrap_or(u16::MAX));
            widths
                .iter()
                .fold(gaps, |sum, width| sum.saturating_add(*width))
        };
        while taken(&widths) > room {
            let shown = (0..columns.len()).filter(|index| widths[*index] > 0);
            match shown.max_by_key(|index| columns[*index].rank) {
                Some(last) if widths.iter().filter(|width| **width > 0).count() > 1 => {
                    widths[last] = 0;
                }
                Some(last) => {
                    widths[last] = room;
                    break;
                }
                None => break,
            }
        }
        let mut order: Vec<usize> = (0..columns.len())
            .filter(|index| widths[*index] > 0)
            .collect();
        order.sort_by_key(|index| columns[*index].rank);
        for index in order {
            let spare = room.saturating_sub(taken(&widths));
            let wanted = columns[index].most.saturating_sub(widths[index]);
            widths[index] += wanted.min(spare);
        }
        let mut x = 0;
        let places = widths
            .into_iter()
            .map(|width| {
                let place = (x, width);
                x += if width > 0 {
                    width.saturating_add(GAP)
                } else {
                    0
                };
                place
            })
            .collect();
        Self {
            columns,
            places,
            signs,
        }
    }

    /// Writes the headings on the first row of an area.
    pub(super) fn head(&self, sheet: &mut Sheet<'_>, area: Rect) {
        let style = sheet.style(Role::Header);
        let mut row = self.row(sheet.buffer, line(area, 0), 0);
        for (index, column) in self.columns.iter().enumerate() {
            let mut cell = row.cell(index);
            match column.align {
                Align::Left => cell.text(column.title, style),
                Align::Right => cell.right(column.title, style),
            };
        }
    }

    /// A row that belongs to no list.
    pub(super) fn row<'r>(&'r self, buffer: &'r mut Buffer, area: Rect, index: usize) -> Row<'r> {
        let area = Rect {
            x: area.x.saturating_add(POINTER),
            width: area.width.saturating_sub(POINTER),
            ..area
        };
        Row {
            buffer,
            table: self,
            area,
            index,
            tone: None,
        }
    }

    /// Where a column stands on a row; without width where it was dropped.
    pub(super) fn place(&self, column: usize, row: Rect) -> Rect {
        let (x, width) = self.places.get(column).copied().unwrap_or_default();
        let x = row.x.saturating_add(POINTER).saturating_add(x);
        Rect {
            x,
            width: width.min(row.right().saturating_sub(x)),
            ..row
        }
    }

    /// Draws the rows that are visible and tells which those were.
    ///
    /// `draw` is called once for each; the selection is laid over the row afterwards.
    pub(super) fn rows<K: Clone + PartialEq>(
        &self,
        sheet: &mut Sheet<'_>,
        area: Rect,
        list: &List<'_, K>,
        mut draw: impl FnMut(&mut Row<'_>),
    ) -> Window {
        let size = usize::from(area.height);
        let first = list.cursor.first(list.len, size);
        for (index, row) in (first..list.len).zip(0..area.height) {
            let place = line(area, row);
            draw(&mut self.row(sheet.buffer, place, index));
            if index == list.cursor.index() {
                select(sheet, place);
            }
            sheet.spot(place, (list.target)(index));
        }
        Window { first, size }
    }
}

/// The list behind a table's rows.
pub(super) struct List<'l, K> {
    pub(super) len: usize,
    pub(super) cursor: &'l Cursor<K>,
    pub(super) target: fn(usize) -> Target,
}

/// Points at a row and lays the selection over it.
pub(super) fn select(sheet: &mut Sheet<'_>, row: Rect) {
    let (pointer, style) = (sheet.signs().pointer, sheet.style(Role::Title));
    sheet.pen(row, 0).text(pointer, style);
    let selection = sheet.style(Role::Selection);
    let paper = sheet.style(Role::Text).bg.unwrap_or(Color::Reset);
    for position in row.intersection(sheet.buffer.area).positions() {
        // What has a ground of its own, like a word of danger, is unreadable on another.
        if let Some(cell) = sheet.buffer.cell_mut(position)
            && cell.bg == paper
        {
            cell.set_style(selection);
        }
    }
}

/// The style that stands out from a selected row, in a theme that reverses the row as in one that colours it.
///
/// One colour for the whole cell: reversed as they are, its words would be a patchwork. Its shapes still tell.
pub(super) fn stand_out(look: &Look) -> Style {
    if look
        .style(Role::Selection)
        .add_modifier
        .contains(Modifier::REVERSED)
    {
        Style::new()
            .remove_modifier(Modifier::REVERSED)
            .add_modifier(Modifier::BOLD)
    } else {
        let ink = look.style(Role::Text).fg.unwrap_or(Color::Reset);
        Style::new().fg(ink).add_modifier(Modifier::REVERSED)
    }
}

impl Row<'_> {
    /// Draws what follows in one style, whatever it would have been.
    pub(super) fn tone(&mut self, tone: Option<Style>) {
        self.tone = tone;
    }

    /// A pen for a column; one without room when the column was dropped.
    pub(super) fn cell(&mut self, column: usize) -> Pen<'_> {
        self.span(column, column)
    }

    /// Where a column lies; without room when it was dropped.
    pub(super) fn place(&self, column: usize) -> Rect {
        let (x, width) = self.table.places.get(column).copied().unwrap_or_default();
        let room = self.area.width;
        Rect {
            x: self.area.x + x.min(room),
            width: width.min(room - x.min(room)),
            ..self.area
        }
    }

    /// A pen for a run of columns, for a sentence that is wider than one.
    pub(super) fn span(&mut self, from: usize, to: usize) -> Pen<'_> {
        let shown = self
            .table
            .places
            .get(from..=to)
            .unwrap_or_default()
            .iter()
            .filter(|(_, width)| *width > 0);
        let (start, end) = shown.fold((u16::MAX, 0), |(start, end), (x, width)| {
            (start.min(*x), end.max(x + width))
        });
        let room = self.area.width;
        let (start, end) = (start.min(room), end.min(room));
        let area = Rect {
            x: self.area.x + start.min(end),
            width: end.saturating_sub(start),
            ..self.area
        };
        Pen::new(self.buffer, area, self.table.signs).toned(self.tone)
    }
}

#[cfg(test)]
mod tests {
    use super::super::look::UNICODE;
    use super::*;
    use proptest::prelude::*;

    fn places(columns: &[Column], room: u16) -> Vec<(u16, u16)> {
        Table::new(columns.to_vec(), room, &UNICODE).places
    }

    #[test]
    fn columns_drop_by_rank_and_the_first_ranks_grow_first() {
        let columns = [
            Column::left("NAME", (6, 10), 0),
            Column::right("AGE", 4, 1),
            Column::left("REASON", (8, u16::MAX), 2),
        ];
        for (room, widths) in [
            (40, [10, 4, 22]),
            (24, [8, 4, 8]),
            (22, [6, 4, 8]),
            (21, [10, 4, 0]),
            (12, [6, 4, 0]),
            (11, [10, 0, 0]),
            (3, [3, 0, 0]),
        ] {
            let found: Vec<u16> = places(&columns, room)
                .iter()
                .map(|(_, width)| *width)
                .collect();
            assert_eq!(found, widths, "in {room}");
        }
    }

    proptest! {
        #[test]
        fn no_column_leaves_the_room(
            columns in prop::collection::vec((1u16..30, 0u16..60, 0u8..9), 0..9),
            room in 0u16..250,
        ) {
            let columns: Vec<Column> = columns
                .into_iter()
                .map(|(least, more, rank)| Column::left("", (least, least + more), rank))
                .collect();
            let mut from = 0;
            for (x, width) in places(&columns, room).into_iter().filter(|(_, width)| *width > 0) {
                prop_assert!(x >= from && x + width <= room);
                from = x + width;
            }
        }
    }
}
