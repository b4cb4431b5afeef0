//! What everything is drawn with: the theme, and the signs that a terminal can be trusted with.

use crate::config::{Glyphs, Role, Theme};
use ratatui::style::Style;
use ratatui::symbols::{Marker, border};

/// How the house looks. Whoever owns the terminal keeps one and changes its theme when asked to.
#[derive(Clone, Debug)]
pub struct Look {
    pub theme: Theme,
    pub glyphs: Glyphs,
}

/// Every sign that is not a letter. Two sets: [`UNICODE`], and [`ASCII`] for terminals that cannot show it.
#[derive(Debug)]
pub(super) struct Signs {
    pub(super) ok: &'static str,
    pub(super) moving: &'static str,
    /// Moving, but backwards.
    pub(super) undoing: &'static str,
    pub(super) failed: &'static str,
    pub(super) partial: &'static str,
    /// At rest, because there is nothing to do yet.
    pub(super) stopped: &'static str,
    pub(super) unknown: &'static str,
    pub(super) alarm: &'static str,
    /// An alarm that sees nothing.
    pub(super) blind: &'static str,
    pub(super) live: &'static str,
    /// Nobody has answered yet.
    pub(super) unseen: &'static str,
    /// There is nothing here.
    pub(super) nothing: &'static str,
    pub(super) ellipsis: &'static str,
    /// Between two things on a line.
    pub(super) dot: &'static str,
    /// Points at what is selected.
    pub(super) pointer: &'static str,
    /// More lies this way.
    pub(super) left: &'static str,
    pub(super) right: &'static str,
    /// What becomes of what.
    pub(super) becomes: &'static str,
    /// What hangs on a row is shown, or hidden.
    pub(super) open: &'static str,
    pub(super) closed: &'static str,
    /// A line that belongs to the one above.
    pub(super) branch: &'static str,
    pub(super) chosen: &'static str,
    pub(super) dropped: &'static str,
    /// Where the next letter goes.
    pub(super) caret: &'static str,
    /// A line that somebody marked.
    pub(super) mark: &'static str,
    /// A line that came after later ones had been shown.
    pub(super) late: &'static str,
    /// So many times so many.
    pub(super) times: &'static str,
    /// More or less.
    pub(super) about: &'static str,
    /// From nothing to as much as there is.
    pub(super) bars: &'static [&'static str; 9],
    /// The part of a list that is on screen.
    pub(super) thumb: &'static str,
    /// Where a chart's upright axis has a label, and its level one.
    pub(super) notch: &'static str,
    pub(super) foot: &'static str,
    /// The moment whose values a chart is read at.
    pub(super) cursor: &'static str,
    /// A moment at which something happened.
    pub(super) dash: &'static str,
    pub(super) deploy: &'static str,
    /// What lines of a chart are drawn with.
    pub(super) ink: Ink,
    pub(super) border: border::Set<'static>,
    pub(super) land: Marker,
    /// What stands in for signs that come in with a text; each takes as many columns as what it replaces.
    pub(super) stand_in: Option<fn(char) -> char>,
}

/// What lines of a chart are drawn with.
#[derive(Clone, Copy, Debug)]
pub(super) enum Ink {
    /// Eight dots a cell.
    Braille,
    /// One sign a cell; each line has its own, in turn.
    Letters(&'static [&'static str; 6]),
}

pub(super) const UNICODE: Signs = Signs {
    ok: "✓",
    moving: "↻",
    undoing: "↺",
    failed: "✗",
    partial: "◐",
    stopped: "○",
    unknown: "?",
    alarm: "⚠",
    blind: "⊘",
    live: "●",
    unseen: "…",
    nothing: "—",
    ellipsis: "…",
    dot: "·",
    pointer: "▸",
    left: "◂",
    right: "▸",
    becomes: "→",
    open: "▾",
    closed: "▹",
    branch: "└",
    chosen: "[✓]",
    dropped: "[ ]",
    caret: "▏",
    mark: "◆",
    late: "‹",
    times: "×",
    about: "≈",
    bars: &[" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
    thumb: "┃",
    notch: "┤",
    foot: "┬",
    cursor: "│",
    dash: "┊",
    deploy: "▲",
    ink: Ink::Braille,
    border: border::ROUNDED,
    land: Marker::Braille,
    stand_in: None,
};

pub(super) const ASCII: Signs = Signs {
    ok: "+",
    moving: "~",
    undoing: "<",
    failed: "x",
    partial: "%",
    stopped: "o",
    unknown: "?",
    alarm: "!",
    blind: "/",
    live: "*",
    unseen: ".",
    nothing: "-",
    ellipsis: "~",
    dot: "-",
    pointer: ">",
    left: "<",
    right: ">",
    becomes: "->",
    open: "v",
    closed: ">",
    branch: "`",
    chosen: "[x]",
    dropped: "[ ]",
    caret: "_",
    mark: "#",
    late: "<",
    times: "x",
    about: "~",
    bars: &[" ", ".", ":", "-", "=", "+", "*", "#", "@"],
    thumb: "#",
    notch: "+",
    foot: "+",
    cursor: "|",
    dash: ":",
    deploy: "^",
    ink: Ink::Letters(&["*", "o", "+", "x", "#", "@"]),
    border: border::Set {
        top_left: "+",
        top_right: "+",
        bottom_left: "+",
        bottom_right: "+",
        vertical_left: "|",
        vertical_right: "|",
        horizontal_top: "-",
        horizontal_bottom: "-",
    },
    land: Marker::Custom('.'),
    stand_in: Some(ascii),
};

/// Our own punctuation, and the sanitiser's, in ASCII. Letters of other scripts stay: they are somebody's names.
fn ascii(sign: char) -> char {
    match sign {
        '·' | '—' | '–' => '-',
        '…' => '~',
        '→' | '⟩' => '>',
        '⟨' => '<',
        '⏎' => '/',
        '\u{2400}'..='\u{2426}' | '\u{fffd}' => '?',
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        other => other,
    }
}

impl Look {
    pub fn new(theme: Theme, glyphs: Glyphs) -> Self {
        Self { theme, glyphs }
    }

    pub(super) fn style(&self, role: Role) -> Style {
        self.theme.style(role)
    }

    pub(super) fn signs(&self) -> &'static Signs {
        match self.glyphs {
            Glyphs::Unicode => &UNICODE,
            Glyphs::Ascii => &ASCII,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::text;

    /// The signs that stand in a column of their own and have to be told apart there.
    fn statuses(signs: &Signs) -> [&'static str; 9] {
        [
            signs.ok,
            signs.moving,
            signs.undoing,
            signs.failed,
            signs.partial,
            signs.stopped,
            signs.unknown,
            signs.alarm,
            signs.blind,
        ]
    }

    #[test]
    fn every_status_has_a_shape_of_its_own_and_takes_one_column() {
        for signs in [&UNICODE, &ASCII] {
            let mut shapes = statuses(signs).to_vec();
            assert!(
                shapes.iter().all(|shape| text::width(shape) == 1),
                "{shapes:?}"
            );
            shapes.sort_unstable();
            shapes.dedup();
            assert_eq!(shapes.len(), 9);
            assert_eq!(text::width(signs.chosen), text::width(signs.dropped));
            assert_eq!(text::width(signs.ellipsis), 1);
        }
    }

    #[test]
    fn a_stand_in_is_as_wide_as_what_it_stands_for() {
        for sign in "·—–…→⟨⟩⏎␛␇␡\u{fffd}“”‘’".chars() {
            let stand_in = ascii(sign);
            assert!(stand_in.is_ascii(), "{sign}");
            assert_eq!(text::width(&sign.to_string()), 1, "{sign}");
        }
        assert_eq!(ascii('ü'), 'ü');
    }

    #[test]
    fn the_ascii_set_is_ascii() {
        let drawn = format!("{ASCII:?}");
        assert!(drawn.is_ascii(), "{drawn}");
    }
}
