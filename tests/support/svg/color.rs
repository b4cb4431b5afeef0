//! The colours of a cell, worked out to the last: palette, inverse and dim.

use vt100::{Cell, Color};

/// The default background and letters: those the terminal of the tests answers when it is asked.
pub(super) const PAPER: &str = "#14161a";
const INK: &str = "#d0d0d0";

/// The sixteen colours that a terminal's theme decides.
const THEME: [&str; 16] = [
    "#1d1f21", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#c8ccd4",
    "#5c6370", "#ff7b86", "#b5e890", "#ffd68a", "#7cc0ff", "#d89cf0", "#6fd3e0", "#ffffff",
];

/// How a cell is painted.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Paint {
    pub(super) ink: String,
    pub(super) ground: String,
    is_bold: bool,
    is_italic: bool,
    pub(super) is_underlined: bool,
}

impl Paint {
    pub(super) fn of(cell: &Cell) -> Self {
        let (mut ink, mut ground) = (hex(cell.fgcolor(), INK), hex(cell.bgcolor(), PAPER));
        if cell.inverse() {
            std::mem::swap(&mut ink, &mut ground);
        }
        if cell.dim() {
            ink = between(&ink, &ground);
        }
        Self {
            ink,
            ground,
            is_bold: cell.bold(),
            is_italic: cell.italic(),
            is_underlined: cell.underline(),
        }
    }

    pub(super) fn attributes(&self) -> String {
        let weight = if self.is_bold {
            " font-weight=\"bold\""
        } else {
            ""
        };
        let style = if self.is_italic {
            " font-style=\"italic\""
        } else {
            ""
        };
        format!(" fill=\"{}\"{weight}{style}", self.ink)
    }
}

fn hex(color: Color, default: &str) -> String {
    match color {
        Color::Default => default.to_owned(),
        Color::Rgb(red, green, blue) => rgb([red, green, blue]),
        Color::Idx(index @ 0..16) => THEME[usize::from(index)].to_owned(),
        Color::Idx(index @ 16..232) => {
            // The cube of xterm: six steps of each, which are not evenly apart.
            let step = |place: u8| match (index - 16) / place % 6 {
                0 => 0,
                level => 55 + level * 40,
            };
            rgb([step(36), step(6), step(1)])
        }
        Color::Idx(index) => rgb([8 + (index - 232) * 10; 3]),
    }
}

fn rgb([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Three parts of `ink` and two of `ground`: what terminals make of dim.
fn between(ink: &str, ground: &str) -> String {
    let part = |color: &str, from: usize| {
        let digits = color.get(from..from + 2);
        digits
            .and_then(|digits| u8::from_str_radix(digits, 16).ok())
            .map_or(0, u16::from)
    };
    let mixed = [1, 3, 5].map(|from| (part(ink, from) * 3 + part(ground, from) * 2) / 5);
    rgb(mixed.map(|part| u8::try_from(part).unwrap_or(u8::MAX)))
}
