//! A terminal's screen as an SVG picture: one grid of cells, the same in every viewer.
//!
//! Every word has its own x and the width of its cells, so that a font of another width cannot shift the columns
//! (an x for every letter would be exact too, but librsvg knows only the first). Lines, blocks and braille are drawn
//! as shapes: few fonts have all of them, and fewer join them without gaps. The same screen always gives the same
//! bytes, so pictures can be compared and kept.

mod color;
mod shapes;

use super::terminal::{Seen, Size};
use color::{PAPER, Paint};
use shapes::{Shape, shape_of};
use std::collections::BTreeMap;

/// A cell in pixels; a column is 0.6 of the font's size in nearly every monospaced font.
const WIDTH: u16 = 9;
const HEIGHT: u16 = 18;
const FONT_SIZE: u16 = 15;
/// From the top of a cell to the line that letters stand on.
const BASELINE: u16 = 14;
/// Around the grid.
const MARGIN: u16 = 14;
const FONTS: &str =
    "ui-monospace, 'JetBrains Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace";

/// Draws the screen; `title` is what a reader that cannot see it is told.
pub(crate) fn svg(seen: &Seen, title: &str) -> String {
    let Size { columns, rows } = seen.size();
    let (width, height) = (columns * WIDTH + 2 * MARGIN, rows * HEIGHT + 2 * MARGIN);
    let title = escaped(title);
    let mut out = Picture(String::new());
    out.line(&format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{title}\">"
    ));
    out.line(&format!("<title>{title}</title>"));
    out.line(&format!(
        "<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{PAPER}\"/>"
    ));
    out.line(&format!(
        "<g transform=\"translate({MARGIN} {MARGIN})\" font-family=\"{FONTS}\" font-size=\"{FONT_SIZE}\" \
         xml:space=\"preserve\">"
    ));
    for row in 0..rows {
        out.row(&runs(seen, row), row * HEIGHT);
    }
    out.line("</g>");
    out.line("</svg>");
    out.0
}

/// Neighbouring cells that are painted alike.
struct Run {
    paint: Paint,
    from: u16,
    to: u16,
    /// What stands in each cell that is not blank, and in which column.
    cells: Vec<(u16, String)>,
}

fn runs(seen: &Seen, row: u16) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for column in 0..seen.size().columns {
        let cell = seen
            .cell(column, row)
            .expect("the column is inside the screen");
        if cell.is_wide_continuation() {
            // Covered by the letter before it, and painted with it.
            if let Some(run) = runs.last_mut() {
                run.to = column + 1;
            }
            continue;
        }
        let paint = Paint::of(cell);
        if runs.last().is_none_or(|run| run.paint != paint) {
            runs.push(Run {
                paint,
                from: column,
                to: column,
                cells: Vec::new(),
            });
        }
        let run = runs.last_mut().expect("a run was just begun");
        run.to = column + 1;
        if !cell.contents().trim().is_empty() {
            run.cells.push((column, cell.contents().to_owned()));
        }
    }
    runs
}

struct Picture(String);

impl Picture {
    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    /// Backgrounds first: a wide letter may reach into the next run's cells.
    fn row(&mut self, runs: &[Run], y: u16) {
        for run in runs.iter().filter(|run| run.paint.ground != PAPER) {
            let (x, width, ground) = (
                run.from * WIDTH,
                (run.to - run.from) * WIDTH,
                &run.paint.ground,
            );
            self.line(&format!("<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{HEIGHT}\" fill=\"{ground}\"/>"));
        }
        for run in runs {
            self.shapes(run, y);
            self.text(run, y);
            if run.paint.is_underlined {
                let (from, to, y) = (run.from * WIDTH, run.to * WIDTH, y + BASELINE + 2);
                self.line(&format!(
                    "<path d=\"M{from} {y}H{to}\" stroke=\"{}\"/>",
                    run.paint.ink
                ));
            }
        }
    }

    fn shapes(&mut self, run: &Run, y: u16) {
        let drawn = run
            .cells
            .iter()
            .filter_map(|(column, text)| Some((column, shape_of(text)?)));
        let mut strokes = BTreeMap::new();
        let mut fills = String::new();
        for (column, shape) in drawn {
            let corner = (f32::from(column * WIDTH), f32::from(y));
            match shape {
                Shape::Stroke(stroke) => stroke.draw(&mut strokes, corner),
                Shape::Fill(fill) => fill.draw(&mut fills, corner),
            }
        }
        let ink = &run.paint.ink;
        for (pen, path) in strokes {
            let thickness = pen.thickness();
            self.line(&format!(
                "<path d=\"{path}\" fill=\"none\" stroke=\"{ink}\" stroke-width=\"{thickness}\" stroke-linecap=\"round\"/>"
            ));
        }
        if !fills.is_empty() {
            self.line(&format!(
                "<g fill=\"{ink}\" shape-rendering=\"crispEdges\">{fills}</g>"
            ));
        }
    }

    fn text(&mut self, run: &Run, y: u16) {
        let (y, attributes) = (y + BASELINE, run.paint.attributes());
        for word in words(run) {
            let (x, width, text) = (word.from * WIDTH, word.cells * WIDTH, escaped(&word.text));
            let fit = if word.cells > 1 {
                format!(" textLength=\"{width}\"")
            } else {
                String::new()
            };
            self.line(&format!(
                "<text x=\"{x}\" y=\"{y}\"{fit}{attributes}>{text}</text>"
            ));
        }
    }
}

/// Letters in neighbouring cells that one font surely has.
struct Word {
    from: u16,
    cells: u16,
    text: String,
}

/// The written cells of a run. Whatever is not plain text stands alone: it may come from a font of another width.
fn words(run: &Run) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut is_open = false;
    for (column, text) in run
        .cells
        .iter()
        .filter(|(_, text)| shape_of(text).is_none())
    {
        let is_plain = text.is_ascii();
        match words.last_mut() {
            Some(word) if is_open && is_plain && word.from + word.cells == *column => {
                word.cells += 1;
                word.text.push_str(text);
            }
            _ => words.push(Word {
                from: *column,
                cells: 1,
                text: text.clone(),
            }),
        }
        is_open = is_plain;
    }
    words
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
