//! Characters that are drawn instead of written: box lines, blocks and braille.

use super::{HEIGHT, WIDTH};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Something drawn inside one cell.
pub(super) enum Shape {
    Stroke(Stroke),
    Fill(Fill),
}

/// Lines, each from a place in the cell and on from there.
pub(super) struct Stroke(Vec<Line>);

struct Line {
    from: (f32, f32),
    /// The rest of the path, relative to where it begins.
    then: String,
    pen: Pen,
}

/// What a line is drawn with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Pen {
    Light,
    Heavy,
    Dot,
}

/// Rectangles in eighths of the cell (left, top, right, bottom) and how much they cover.
pub(super) struct Fill(Vec<[u8; 4]>, f32);

/// What a cell with this text looks like, if it is drawn.
pub(super) fn shape_of(text: &str) -> Option<Shape> {
    let mut letters = text.chars();
    let letter = letters.next().filter(|_| letters.next().is_none())?;
    match letter {
        '\u{2500}'..='\u{257f}' => lines(letter).map(Shape::Stroke),
        '\u{2580}'..='\u{259f}' => Some(Shape::Fill(block(letter))),
        '\u{2800}'..='\u{28ff}' => Some(Shape::Stroke(braille(letter))),
        _ => None,
    }
}

impl Pen {
    pub(super) fn thickness(self) -> f32 {
        match self {
            Self::Light => 1.2,
            Self::Heavy => 2.6,
            Self::Dot => 2.2,
        }
    }
}

impl Stroke {
    fn of(from: (f32, f32), then: impl Into<String>, pen: Pen) -> Self {
        Self(vec![Line {
            from,
            then: then.into(),
            pen,
        }])
    }

    /// Adds the lines to the paths of their pens.
    pub(super) fn draw(&self, paths: &mut BTreeMap<Pen, String>, (x, y): (f32, f32)) {
        for line in &self.0 {
            let path = paths.entry(line.pen).or_default();
            let (x, y) = (x + line.from.0, y + line.from.1);
            write!(path, "M{x} {y}{}", line.then).expect("a string takes text");
        }
    }
}

impl Fill {
    pub(super) fn draw(&self, out: &mut String, (x, y): (f32, f32)) {
        let Self(rectangles, cover) = self;
        let (width, height) = (f32::from(WIDTH) / 8.0, f32::from(HEIGHT) / 8.0);
        let opacity = if *cover < 1.0 {
            format!(" opacity=\"{cover}\"")
        } else {
            String::new()
        };
        for rectangle in rectangles {
            let [left, top, right, bottom] = rectangle.map(f32::from);
            let (x, y) = (x + left * width, y + top * height);
            let (w, h) = ((right - left) * width, (bottom - top) * height);
            write!(
                out,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"{opacity}/>"
            )
            .expect("a string takes text");
        }
    }
}

/// The arms of U+2500 to U+257F: up, right, down, left; 1 light, 2 heavy, 3 double, 0 none.
/// Dashes, arcs and diagonals have none here and are drawn by name.
const ARMS: &str = "
    0101 0202 1010 2020 0000 0000 0000 0000 0000 0000 0000 0000 0110 0210 0120 0220
    0011 0012 0021 0022 1100 1200 2100 2200 1001 1002 2001 2002 1110 1210 2110 1120
    2120 2210 1220 2220 1011 1012 2011 1021 2021 2012 1022 2022 0111 0112 0211 0212
    0121 0122 0221 0222 1101 1102 1201 1202 2101 2102 2201 2202 1111 1112 1211 1212
    2111 1121 2121 2112 2211 1122 1221 2212 1222 2122 2221 2222 0000 0000 0000 0000
    0303 3030 0310 0130 0330 0013 0031 0033 1300 3100 3300 1003 3001 3003 1310 3130
    3330 1013 3031 3033 0313 0131 0333 1303 3101 3303 1313 3131 3333 0000 0000 0000
    0000 0000 0000 0000 0001 1000 0100 0010 0002 2000 0200 0020 0201 1020 0102 2010";

/// Half the way between the two lines of a double one.
const APART: f32 = 1.6;

fn lines(letter: char) -> Option<Stroke> {
    const DASHES_ACROSS: &str = "h1.5m1.5 0h1.5m1.5 0h1.5";
    const DASHES_DOWN: &str = "v3m0 3v3m0 3v3";
    let (right, bottom) = (f32::from(WIDTH), f32::from(HEIGHT));
    let (x, y) = (right / 2.0, bottom / 2.0);
    let light = |from, then: String| Some(Stroke::of(from, then, Pen::Light));
    match letter {
        '╭' => light((right, y), format!("q-{x} 0 -{x} {y}")),
        '╮' => light((0.0, y), format!("q{x} 0 {x} {y}")),
        '╯' => light((0.0, y), format!("q{x} 0 {x} -{y}")),
        '╰' => light((right, y), format!("q-{x} 0 -{x} -{y}")),
        '╱' => light((right, 0.0), format!("l-{right} {bottom}")),
        '╲' => light((0.0, 0.0), format!("l{right} {bottom}")),
        '╳' => light(
            (0.0, 0.0),
            format!("l{right} {bottom}m0 -{bottom}l-{right} {bottom}"),
        ),
        '┄' | '┈' | '╌' => Some(Stroke::of((0.75, y), DASHES_ACROSS, Pen::Light)),
        '┅' | '┉' | '╍' => Some(Stroke::of((0.75, y), DASHES_ACROSS, Pen::Heavy)),
        '┆' | '┊' | '╎' => Some(Stroke::of((x, 1.5), DASHES_DOWN, Pen::Light)),
        '┇' | '┋' | '╏' => Some(Stroke::of((x, 1.5), DASHES_DOWN, Pen::Heavy)),
        '─' => light((0.0, y), format!("h{right}")),
        '│' => light((x, 0.0), format!("v{bottom}")),
        _ => {
            let index = usize::try_from(u32::from(letter) - 0x2500).ok()?;
            let arms = ARMS.split_whitespace().nth(index)?.bytes();
            let to = [(0.0, -y), (x, 0.0), (0.0, y), (-x, 0.0)];
            Some(Stroke(
                to.into_iter()
                    .zip(arms)
                    .flat_map(|(to, weight)| arm((x, y), to, weight))
                    .collect(),
            ))
        }
    }
}

/// One arm from the middle of the cell to an edge.
fn arm((x, y): (f32, f32), (right, down): (f32, f32), weight: u8) -> Vec<Line> {
    let then = if down == 0.0 {
        format!("h{right}")
    } else {
        format!("v{down}")
    };
    let line = |aside: f32, pen| {
        let from = if down == 0.0 {
            (x, y + aside)
        } else {
            (x + aside, y)
        };
        Line {
            from,
            then: then.clone(),
            pen,
        }
    };
    match weight {
        b'1' => vec![line(0.0, Pen::Light)],
        b'2' => vec![line(0.0, Pen::Heavy)],
        b'3' => vec![line(-APART, Pen::Light), line(APART, Pen::Light)],
        _ => Vec::new(),
    }
}

fn block(letter: char) -> Fill {
    const QUARTERS: [[u8; 4]; 4] = [[0, 0, 4, 4], [4, 0, 8, 4], [0, 4, 4, 8], [4, 4, 8, 8]];
    let index = u8::try_from(u32::from(letter) - 0x2580).unwrap_or(0);
    let quarters = |which: &[usize]| which.iter().map(|quarter| QUARTERS[*quarter]).collect();
    let whole = |rectangle| Fill(vec![rectangle], 1.0);
    match index {
        0x00 => whole([0, 0, 8, 4]),
        0x01..=0x08 => whole([0, 8 - index, 8, 8]),
        0x09..=0x0f => whole([0, 0, 0x10 - index, 8]),
        0x10 => whole([4, 0, 8, 8]),
        0x11 => Fill(vec![[0, 0, 8, 8]], 0.25),
        0x12 => Fill(vec![[0, 0, 8, 8]], 0.5),
        0x13 => Fill(vec![[0, 0, 8, 8]], 0.75),
        0x14 => whole([0, 0, 8, 1]),
        0x15 => whole([7, 0, 8, 8]),
        0x16 => Fill(quarters(&[2]), 1.0),
        0x17 => Fill(quarters(&[3]), 1.0),
        0x18 => Fill(quarters(&[0]), 1.0),
        0x19 => Fill(quarters(&[0, 2, 3]), 1.0),
        0x1a => Fill(quarters(&[0, 3]), 1.0),
        0x1b => Fill(quarters(&[0, 1, 2]), 1.0),
        0x1c => Fill(quarters(&[0, 1, 3]), 1.0),
        0x1d => Fill(quarters(&[1]), 1.0),
        0x1e => Fill(quarters(&[1, 2]), 1.0),
        _ => Fill(quarters(&[1, 2, 3]), 1.0),
    }
}

/// A dot for each bit; the round ends of a line without length.
fn braille(letter: char) -> Stroke {
    const PLACES: [(f32, f32); 8] = [
        (0.0, 0.0),
        (0.0, 1.0),
        (0.0, 2.0),
        (1.0, 0.0),
        (1.0, 1.0),
        (1.0, 2.0),
        (0.0, 3.0),
        (1.0, 3.0),
    ];
    let bits = u32::from(letter) - 0x2800;
    let dots = (0..8).zip(PLACES).filter(|(bit, _)| bits >> bit & 1 == 1);
    let (across, down) = (f32::from(WIDTH) / 2.0, f32::from(HEIGHT) / 4.0);
    let dot = |(column, row)| Line {
        from: (across * (column + 0.5), down * (row + 0.5)),
        then: "h0".to_owned(),
        pen: Pen::Dot,
    };
    Stroke(dots.map(|(_, place)| dot(place)).collect())
}
