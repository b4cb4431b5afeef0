//! A pen on one row: writes from left to right, cuts what does not fit, never leaves its cell.

use super::look::Signs;
use super::text::{self, Cut};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// Writes into a part of one row. A pen without room writes nothing, so callers need not ask.
pub(super) struct Pen<'b> {
    buffer: &'b mut Buffer,
    x: u16,
    y: u16,
    end: u16,
    signs: &'static Signs,
    /// Laid over every style, for rows that are dimmed as a whole.
    tone: Option<Style>,
}

impl<'b> Pen<'b> {
    /// A pen for the first row of an area; without room when the area does not lie in the buffer.
    pub(super) fn new(buffer: &'b mut Buffer, area: Rect, signs: &'static Signs) -> Self {
        let area = area.intersection(buffer.area);
        let end = if area.height == 0 {
            area.x
        } else {
            area.right()
        };
        Self {
            buffer,
            x: area.x,
            y: area.y,
            end,
            signs,
            tone: None,
        }
    }

    pub(super) fn toned(mut self, tone: Option<Style>) -> Self {
        self.tone = tone;
        self
    }

    /// How many columns are left.
    pub(super) fn room(&self) -> u16 {
        self.end - self.x
    }

    /// Where the next letter would stand.
    pub(super) fn x(&self) -> u16 {
        self.x
    }

    /// Writes a text, or as much of its beginning as fits.
    pub(super) fn text(&mut self, text: &str, style: Style) -> &mut Self {
        let cut = text::cut_end(text, self.room(), self.signs.ellipsis);
        self.put(cut, style)
    }

    /// Writes a text, or as much of both its ends as fits.
    pub(super) fn middle(&mut self, text: &str, style: Style) -> &mut Self {
        let cut = text::cut_middle(text, self.room(), self.signs.ellipsis);
        self.put(cut, style)
    }

    /// Writes a text at the right end; nothing can be written after it, and what comes next ends before it.
    pub(super) fn right(&mut self, text: &str, style: Style) -> &mut Self {
        let cut = text::cut_end(text, self.room(), self.signs.ellipsis);
        let x = self.x;
        let end = self.end - cut.width().min(self.room());
        self.x = end;
        self.put(cut, style);
        self.x = x;
        self.end = end;
        self
    }

    pub(super) fn skip(&mut self, columns: u16) -> &mut Self {
        self.x = self.x.saturating_add(columns).min(self.end);
        self
    }

    /// A pen for the next columns only; this one goes on after them.
    pub(super) fn take(&mut self, columns: u16) -> Pen<'_> {
        let (from, y) = (self.x, self.y);
        self.skip(columns);
        Pen {
            buffer: &mut *self.buffer,
            x: from,
            y,
            end: self.x,
            signs: self.signs,
            tone: self.tone,
        }
    }

    fn put(&mut self, cut: Cut<'_>, style: Style) -> &mut Self {
        let style = self.tone.map_or(style, |tone| style.patch(tone));
        for part in [cut.head, cut.ellipsis, cut.tail] {
            match self.signs.stand_in {
                Some(stand_in) if !part.is_ascii() => {
                    let part: String = part.chars().map(stand_in).collect();
                    self.write(&part, style);
                }
                Some(_) | None => self.write(part, style),
            }
        }
        self
    }

    fn write(&mut self, part: &str, style: Style) {
        if !part.is_empty() && self.room() > 0 {
            let room = usize::from(self.room());
            (self.x, _) = self.buffer.set_stringn(self.x, self.y, part, room, style);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::look::{ASCII, UNICODE};
    use super::*;

    fn row(width: u16, write: impl FnOnce(&mut Pen<'_>)) -> String {
        let area = Rect::new(0, 0, width, 1);
        let mut buffer = Buffer::empty(area);
        write(&mut Pen::new(&mut buffer, area, &UNICODE));
        buffer
            .content
            .iter()
            .map(ratatui::buffer::Cell::symbol)
            .collect()
    }

    #[test]
    fn it_writes_from_both_ends_and_stops_where_they_meet() {
        let style = Style::new();
        assert_eq!(
            row(12, |pen| _ =
                pen.right("2s", style).text("eu-west-1", style)),
            "eu-west-1 2s"
        );
        assert_eq!(
            row(9, |pen| _ = pen.right("2s", style).text("eu-west-1", style)),
            "eu-wes…2s"
        );
        assert_eq!(
            row(3, |pen| _ = pen.right("12345", style).text("x", style)),
            "12…"
        );
        assert_eq!(
            row(0, |pen| _ = pen.text("x", style).right("y", style).skip(9)),
            ""
        );
    }

    #[test]
    fn a_taken_part_keeps_to_itself() {
        let style = Style::new();
        let drawn = row(10, |pen| {
            pen.take(4).text("abcdef", style);
            pen.text("ghijklm", style);
        });
        assert_eq!(drawn, "abc…ghijk…");
    }

    #[test]
    fn a_plain_terminal_gets_plain_signs() {
        let area = Rect::new(0, 0, 12, 1);
        let mut buffer = Buffer::empty(area);
        Pen::new(&mut buffer, area, &ASCII).text("a · b⏎␛ zürich", Style::new());
        let drawn: String = buffer
            .content
            .iter()
            .map(ratatui::buffer::Cell::symbol)
            .collect();
        assert_eq!(drawn, "a - b/? zür~");
    }

    #[test]
    fn outside_the_buffer_there_is_no_room() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 4, 1));
        let mut pen = Pen::new(&mut buffer, Rect::new(2, 7, 9, 1), &UNICODE);
        assert_eq!(pen.text("lost", Style::new()).room(), 0);
    }
}
