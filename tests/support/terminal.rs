//! A terminal that answers: `vt100` wrapped once, with the replies a real one would give.
//!
//! A bare pseudo-terminal answers no query, and a program that asks for the cursor, the colours or the terminal's
//! name waits for seconds and then fails. `vt100` also refuses to be smaller than two rows or columns, so nobody
//! else may hold its parser.

use std::collections::BTreeSet;
use std::fmt;
use std::num::NonZeroU16;
use vt100::{Callbacks, MouseProtocolMode};

/// Columns and rows, in the order everybody says them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) columns: u16,
    pub(crate) rows: u16,
}

impl Size {
    pub(crate) const fn new(columns: u16, rows: u16) -> Self {
        Self { columns, rows }
    }

    /// The smallest the emulator takes without a panic; the program is still told the true size.
    fn emulated(self) -> (NonZeroU16, NonZeroU16) {
        let at_least_two = |cells: u16| NonZeroU16::new(cells.max(2)).expect("two is not zero");
        (at_least_two(self.rows), at_least_two(self.columns))
    }
}

/// Everything a terminal knows after the bytes it was fed.
pub(crate) struct Terminal {
    parser: vt100::Parser<Outside>,
}

impl Terminal {
    pub(crate) fn new(size: Size) -> Self {
        let (rows, columns) = size.emulated();
        let parser = vt100::Parser::new_with_callbacks(rows, columns, 0, Outside::default());
        Self { parser }
    }

    pub(crate) fn resize(&mut self, size: Size) {
        let (rows, columns) = size.emulated();
        self.parser.set_size(rows, columns);
    }

    /// Reads output of the program; what it answers has to be sent back as input.
    #[must_use = "a program that asks waits for the answer"]
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.parser.process(bytes);
        std::mem::take(&mut self.parser.callbacks_mut().replies)
    }

    /// Whether the program is between the two ends of a synchronized update, with half a frame drawn.
    pub(crate) fn is_mid_frame(&self) -> bool {
        self.parser.callbacks().modes.contains(&SYNCHRONIZED_UPDATE)
    }

    pub(crate) fn seen(&self) -> Seen {
        let outside = self.parser.callbacks();
        Seen {
            screen: self.parser.screen().clone(),
            modes: outside.modes.clone(),
            keyboard: outside.keyboard,
            title: outside.title.clone(),
            clipboard: outside.clipboard.clone(),
        }
    }
}

const SYNCHRONIZED_UPDATE: u16 = 2026;

/// Private modes that `vt100` keeps itself; all others are kept in [`Outside::modes`].
const KEPT_BY_VT100: [u16; 12] = [1, 6, 9, 25, 47, 1000, 1002, 1003, 1005, 1006, 1049, 2004];

/// What a terminal is asked and told beside the cells of its screen.
#[derive(Default)]
struct Outside {
    replies: Vec<u8>,
    modes: BTreeSet<u16>,
    /// How many times the kitty keyboard protocol was switched on and not off.
    keyboard: u32,
    title: String,
    clipboard: Option<String>,
}

impl Outside {
    fn reply(&mut self, answer: impl AsRef<[u8]>) {
        self.replies.extend_from_slice(answer.as_ref());
    }
}

impl Callbacks for Outside {
    fn unhandled_csi(
        &mut self,
        screen: &mut vt100::Screen,
        first: Option<u8>,
        second: Option<u8>,
        params: &[&[u16]],
        last: char,
    ) {
        let params: Vec<u16> = params
            .iter()
            .filter_map(|param| param.first().copied())
            .collect();
        match (first, second, params.as_slice(), last) {
            // Where is the cursor? (DSR 6) Are you well? (DSR 5)
            (None | Some(b'?'), None, [6], 'n') => {
                let (row, column) = screen.cursor_position();
                self.reply(format!("\x1b[{};{}R", row + 1, column + 1));
            }
            (None, None, [5], 'n') => self.reply("\x1b[0n"),
            // What are you? (DA1, DA2, XTVERSION)
            (None, None, [] | [0], 'c') => self.reply("\x1b[?62;22c"),
            (Some(b'>'), None, [] | [0], 'c') => self.reply("\x1b[>1;10;0c"),
            (Some(b'>'), None, [] | [0], 'q') => self.reply("\x1bP>|quarterdeck-tests(1)\x1b\\"),
            // Which keyboard protocol? None; but remember who switches it on.
            (Some(b'?'), None, _, 'u') => self.reply("\x1b[?0u"),
            (Some(b'>'), None, _, 'u') => self.keyboard += 1,
            (Some(b'<'), None, params, 'u') => {
                let popped = params.first().copied().unwrap_or(1).max(1);
                self.keyboard = self.keyboard.saturating_sub(popped.into());
            }
            // Do you know this mode? (DECRQM) Of those we may be asked about, only synchronized updates.
            (Some(b'?'), Some(b'$'), [mode], 'p') => {
                let state = match *mode {
                    SYNCHRONIZED_UPDATE if self.modes.contains(mode) => 1,
                    SYNCHRONIZED_UPDATE => 2,
                    _ => 0,
                };
                self.reply(format!("\x1b[?{mode};{state}$y"));
            }
            (Some(b'?'), None, params, 'h') => self.modes.extend(foreign(params)),
            (Some(b'?'), None, params, 'l') => {
                for mode in foreign(params) {
                    self.modes.remove(&mode);
                }
            }
            // How large is the text area, in characters?
            (None, None, [18], 't') => {
                let (rows, columns) = screen.size();
                self.reply(format!("\x1b[8;{rows};{columns}t"));
            }
            _ => {}
        }
    }

    fn unhandled_osc(&mut self, _: &mut vt100::Screen, params: &[&[u8]]) {
        // Which colours do you have? A dark screen with light text.
        match params {
            [b"10", b"?"] => self.reply("\x1b]10;rgb:d0d0/d0d0/d0d0\x1b\\"),
            [b"11", b"?"] => self.reply("\x1b]11;rgb:1414/1616/1a1a\x1b\\"),
            [b"12", b"?"] => self.reply("\x1b]12;rgb:d0d0/d0d0/d0d0\x1b\\"),
            [b"4", color, b"?"] => {
                let color = String::from_utf8_lossy(color).into_owned();
                self.reply(format!("\x1b]4;{color};rgb:8080/8080/8080\x1b\\"));
            }
            _ => {}
        }
    }

    fn set_window_title(&mut self, _: &mut vt100::Screen, title: &[u8]) {
        self.title = String::from_utf8_lossy(title).into_owned();
    }

    fn copy_to_clipboard(&mut self, _: &mut vt100::Screen, _: &[u8], data: &[u8]) {
        self.clipboard = Some(String::from_utf8_lossy(data).into_owned());
    }
}

fn foreign(modes: &[u16]) -> impl Iterator<Item = u16> + '_ {
    let modes = modes.iter().copied();
    modes.filter(|mode| !KEPT_BY_VT100.contains(mode))
}

/// One moment of a terminal: what a person looking at it would see and know.
#[derive(Clone)]
pub(crate) struct Seen {
    screen: vt100::Screen,
    modes: BTreeSet<u16>,
    keyboard: u32,
    title: String,
    clipboard: Option<String>,
}

impl Seen {
    pub(crate) fn size(&self) -> Size {
        let (rows, columns) = self.screen.size();
        Size::new(columns.get(), rows.get())
    }

    /// The rows as text; blanks at their ends are gone, blank rows are not.
    pub(crate) fn rows(&self) -> Vec<String> {
        let Size { columns, .. } = self.size();
        let rows = self.screen.rows(0, columns);
        rows.map(|row| row.trim_end().to_owned()).collect()
    }

    pub(crate) fn text(&self) -> String {
        self.rows().join("\n")
    }

    pub(crate) fn contains(&self, text: &str) -> bool {
        self.rows().iter().any(|row| row.contains(text))
    }

    /// The first row that shows `text`, counted from the top.
    pub(crate) fn row_of(&self, text: &str) -> Option<u16> {
        let row = self.rows().iter().position(|row| row.contains(text))?;
        u16::try_from(row).ok()
    }

    pub(crate) fn cell(&self, column: u16, row: u16) -> Option<&vt100::Cell> {
        self.screen.cell(row, column)
    }

    /// Column and row, from zero.
    pub(crate) fn cursor(&self) -> (u16, u16) {
        let (row, column) = self.screen.cursor_position();
        (column, row)
    }

    pub(crate) fn title(&self) -> &str {
        &self.title
    }

    /// What was last copied with OSC 52, in its base64.
    pub(crate) fn clipboard(&self) -> Option<&str> {
        self.clipboard.as_deref()
    }

    pub(crate) fn is_alternate(&self) -> bool {
        self.screen.alternate_screen()
    }

    pub(crate) fn is_cursor_visible(&self) -> bool {
        !self.screen.hide_cursor()
    }

    /// Every mode that a program switched on and a shell would not want, in words.
    pub(crate) fn leftovers(&self) -> Vec<String> {
        let screen = &self.screen;
        let plain = (vt100::Color::Default, vt100::Color::Default);
        let styled = screen.bold()
            || screen.dim()
            || screen.italic()
            || screen.underline()
            || screen.inverse();
        let known = [
            (screen.alternate_screen(), "the alternate screen"),
            (screen.hide_cursor(), "a hidden cursor"),
            (screen.bracketed_paste(), "bracketed paste"),
            (
                screen.mouse_protocol_mode() != MouseProtocolMode::None,
                "mouse reports",
            ),
            (screen.application_cursor(), "application cursor keys"),
            (screen.application_keypad(), "the application keypad"),
            (
                (screen.fgcolor(), screen.bgcolor()) != plain || styled,
                "a colour or style",
            ),
            (self.keyboard > 0, "the kitty keyboard protocol"),
        ];
        let known = known
            .iter()
            .filter(|(left, _)| *left)
            .map(|(_, name)| (*name).to_owned());
        known
            .chain(self.modes.iter().map(|mode| format!("private mode {mode}")))
            .collect()
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Size { columns, rows } = self.size();
        let (column, row) = self.cursor();
        writeln!(
            out,
            "{columns}x{rows}, cursor at {column},{row}, left on: {:?}",
            self.leftovers()
        )?;
        let rows = self.rows();
        let used = rows
            .iter()
            .rposition(|row| !row.is_empty())
            .map_or(0, |last| last + 1);
        for row in &rows[..used] {
            writeln!(out, "  |{row}")?;
        }
        Ok(())
    }
}
