//! Lines for a person or a pipe.
//!
//! Styles only where a terminal reads them; text from outside is sanitised before it gets here. Data goes through here, so
//! that a closed pipe means the same everywhere.

use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::io::{self, Write};

/// How rows are written: as a table, or as one JSON object per line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    #[default]
    Table,
    Json,
}

/// Whether escape sequences may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Styling {
    Plain,
    Coloured,
}

/// What a word means, for its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    Well,
    Moving,
    Bad,
    Quiet,
}

/// The two streams.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    pub styling: Styling,
    /// Whether a terminal reads standard output.
    pub is_terminal: bool,
    /// The colours that tell regions apart, in turn.
    pub regions: [Style; 6],
}

/// A cell of a table.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) tone: Tone,
}

impl Output {
    /// Writes a table with a heading; columns are as wide as their widest cell.
    pub(super) fn table(self, heading: &[&str], rows: &[impl AsRef<[Cell]>]) -> io::Result<()> {
        use unicode_width::UnicodeWidthStr;
        let heading: Vec<Cell> = heading.iter().map(|text| Cell::quiet(*text)).collect();
        let lines = || std::iter::once(&heading[..]).chain(rows.iter().map(AsRef::as_ref));
        let mut widths = vec![0; heading.len()];
        for line in lines() {
            for (width, cell) in widths.iter_mut().zip(line) {
                *width = (*width).max(cell.text.width());
            }
        }
        let mut out = io::BufWriter::new(io::stdout().lock());
        for line in lines() {
            for (column, (cell, width)) in line.iter().zip(&widths).enumerate() {
                let gap = if column + 1 == widths.len() {
                    0
                } else {
                    width - cell.text.width() + 2
                };
                write!(out, "{}{:gap$}", self.painted(&cell.text, cell.tone), "")?;
            }
            writeln!(out)?;
        }
        out.flush()
    }

    /// A word in its colour.
    pub(super) fn painted(self, text: &str, tone: Tone) -> String {
        let style = match tone {
            Tone::Plain => Style::new(),
            Tone::Well => AnsiColor::Green.on_default(),
            Tone::Moving => AnsiColor::Yellow.on_default(),
            Tone::Bad => AnsiColor::Red.on_default().bold(),
            Tone::Quiet => Style::new().dimmed(),
        };
        match self.styling {
            Styling::Plain => text.to_owned(),
            Styling::Coloured => format!("{style}{text}{style:#}"),
        }
    }
}

/// Writes one line of data.
pub(super) fn line(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

/// Writes everything there is to write.
pub(super) fn whole(text: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text)?;
    out.flush()
}

/// Whether the reader of standard output has gone, which otherwise only the next line would find out.
pub(super) fn is_abandoned() -> bool {
    let out = rustix::stdio::stdout();
    // Only what went wrong is of interest, and that is told without being asked for.
    let mut watched = [PollFd::new(&out, PollFlags::empty())];
    poll(&mut watched, Some(&Timespec::default())).is_ok()
        && watched[0]
            .revents()
            .intersects(PollFlags::HUP | PollFlags::ERR)
}

/// Says something about the data.
pub(super) fn say(line: &str) {
    // Nobody can be told that stderr is closed.
    let _ = writeln!(io::stderr(), "{line}");
}

impl Cell {
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self::of(text, Tone::Plain)
    }

    pub(super) fn quiet(text: impl Into<String>) -> Self {
        Self::of(text, Tone::Quiet)
    }

    pub(super) fn of(text: impl Into<String>, tone: Tone) -> Self {
        Self {
            text: text.into(),
            tone,
        }
    }
}
