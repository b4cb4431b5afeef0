//! Colours as themes and fleet files write them: `red`, `bright-blue`, `#ff8800`, `208`, `default`.
//!
//! Our own type, because only `theme` may know the library that draws; it also knows how to make do with a
//! terminal of fewer colours.

use std::str::FromStr;

/// One colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Colour {
    /// Whatever the terminal has as its own.
    Default,
    /// A place in the terminal's palette; the first sixteen are the ANSI colours.
    Indexed(u8),
    Rgb(u8, u8, u8),
}

/// How many colours a terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Depth {
    Sixteen,
    Indexed,
    #[default]
    True,
}

/// The ANSI colours by their places, and `default`.
pub const NAMES: [&str; 17] = [
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "white",
    "bright-black",
    "bright-red",
    "bright-green",
    "bright-yellow",
    "bright-blue",
    "bright-magenta",
    "bright-cyan",
    "bright-white",
    "default",
];

/// The ANSI colours as xterm shows them; every terminal may differ, so they only serve to find the nearest.
const ANSI: [(u8, u8, u8); 16] = [
    (0, 0, 0),
    (205, 0, 0),
    (0, 205, 0),
    (205, 205, 0),
    (0, 0, 238),
    (205, 0, 205),
    (0, 205, 205),
    (229, 229, 229),
    (127, 127, 127),
    (255, 0, 0),
    (0, 255, 0),
    (255, 255, 0),
    (92, 92, 255),
    (255, 0, 255),
    (0, 255, 255),
    (255, 255, 255),
];

impl Colour {
    /// The nearest colour that a terminal of this depth can show.
    pub fn at(self, depth: Depth) -> Self {
        let (is_shown, places) = match (self, depth) {
            (Self::Default | Self::Indexed(0..16), _)
            | (Self::Indexed(_), Depth::Indexed)
            | (_, Depth::True) => return self,
            (_, Depth::Indexed) => (self.components(), 16..=255),
            (_, Depth::Sixteen) => (self.components(), 0..=15),
        };
        let nearest = places.min_by_key(|place| distance(is_shown, palette(*place)));
        nearest.map_or(self, Self::Indexed)
    }

    /// Red, green and blue; the terminal's own colour counts as black.
    pub fn components(self) -> (u8, u8, u8) {
        match self {
            Self::Default => (0, 0, 0),
            Self::Indexed(place) => palette(place),
            Self::Rgb(red, green, blue) => (red, green, blue),
        }
    }
}

/// A text that names no colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnreadableColour;

impl FromStr for Colour {
    type Err = UnreadableColour;

    fn from_str(text: &str) -> Result<Self, UnreadableColour> {
        let lower = text.trim().to_ascii_lowercase().replace(['_', ' '], "-");
        if let Some(digits) = lower.strip_prefix('#') {
            return hexadecimal(digits).ok_or(UnreadableColour);
        }
        if let Ok(place) = lower.parse() {
            return Ok(Self::Indexed(place));
        }
        let name = match lower.as_str() {
            "gray" | "grey" => "bright-black",
            other => other,
        };
        match (0..).zip(NAMES).find(|(_, known)| *known == name) {
            Some((place @ 0..16, _)) => Ok(Self::Indexed(place)),
            Some(_) => Ok(Self::Default),
            None => Err(UnreadableColour),
        }
    }
}

/// `rrggbb`, or `rgb` for the same with every digit doubled.
fn hexadecimal(digits: &str) -> Option<Colour> {
    if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let number = u32::from_str_radix(digits, 16).ok()?;
    let [_, red, green, blue] = match digits.len() {
        6 => number.to_be_bytes(),
        3 => {
            let double = |digit: u32| (digit & 0xf) * 0x11;
            (double(number >> 8) << 16 | double(number >> 4) << 8 | double(number)).to_be_bytes()
        }
        _ => return None,
    };
    Some(Colour::Rgb(red, green, blue))
}

/// xterm's palette: sixteen ANSI colours, a cube of 6×6×6, a ramp of 24 greys.
fn palette(place: u8) -> (u8, u8, u8) {
    let step = |level: u8| if level == 0 { 0 } else { 55 + level * 40 };
    match place {
        0..16 => ANSI[usize::from(place)],
        16..232 => {
            let cell = place - 16;
            (step(cell / 36), step(cell / 6 % 6), step(cell % 6))
        }
        232.. => {
            let grey = 8 + (place - 232) * 10;
            (grey, grey, grey)
        }
    }
}

fn distance(one: (u8, u8, u8), other: (u8, u8, u8)) -> u32 {
    let square = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
    square(one.0, other.0) + square(one.1, other.1) + square(one.2, other.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_read_in_every_spelling() {
        for (text, colour) in [
            ("red", Colour::Indexed(1)),
            ("Bright_Blue", Colour::Indexed(12)),
            ("bright white", Colour::Indexed(15)),
            ("grey", Colour::Indexed(8)),
            ("208", Colour::Indexed(208)),
            ("#ff8800", Colour::Rgb(255, 136, 0)),
            ("#F80", Colour::Rgb(255, 136, 0)),
            ("default", Colour::Default),
        ] {
            assert_eq!(text.parse(), Ok(colour), "{text}");
        }
        for text in ["", "reddish", "#ff88", "#gg0000", "256", "-1", "#+f0000"] {
            assert_eq!(text.parse::<Colour>(), Err(UnreadableColour), "{text}");
        }
    }

    #[test]
    fn a_poor_terminal_gets_the_nearest_colour_it_has() {
        for (colour, depth, shown) in [
            (Colour::Rgb(255, 0, 0), Depth::True, Colour::Rgb(255, 0, 0)),
            (Colour::Rgb(255, 0, 0), Depth::Indexed, Colour::Indexed(196)),
            (Colour::Rgb(9, 8, 8), Depth::Indexed, Colour::Indexed(232)),
            (Colour::Rgb(250, 9, 4), Depth::Sixteen, Colour::Indexed(9)),
            (Colour::Indexed(196), Depth::Indexed, Colour::Indexed(196)),
            (Colour::Indexed(196), Depth::Sixteen, Colour::Indexed(9)),
            (Colour::Indexed(3), Depth::Sixteen, Colour::Indexed(3)),
            (Colour::Default, Depth::Sixteen, Colour::Default),
        ] {
            assert_eq!(colour.at(depth), shown, "{colour:?} {depth:?}");
        }
    }
}
