//! One line of a log book, and the name by which it is found again.

use super::Millis;
use super::level::Level;
use crate::domain::Untrusted;
use crate::domain::untrusted::sanitise;
use std::borrow::Cow;

/// Names a line for as long as the book lives, and says where it stands: by time, then by source, then by arrival.
///
/// A cursor, a mark or a reader's anchor keeps one of these and not a row: rows move when late lines come and when
/// old ones go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineId {
    time: Millis,
    source: u16,
    arrival: u64,
}

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An event, as CloudWatch told it.
    Event,
    /// A word of ours in the stream: what is missing here, and why.
    Note,
}

/// A line as it lies in the book.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    pub id: LineId,
    /// When it happened, as its writer says.
    pub time: Millis,
    /// The place of its source in the tail's list.
    pub source: usize,
    /// How serious it is, where it says so.
    pub level: Option<Level>,
    pub stream: &'a Untrusted,
    pub kind: Kind,
    /// It came after what happened later had been shown.
    pub is_late: bool,
    /// Bytes of the message that were not kept.
    pub cut: u32,
    pub(super) message: &'a str,
}

impl LineId {
    pub(super) fn new(time: Millis, source: u16, arrival: u64) -> Self {
        Self {
            time,
            source,
            arrival,
        }
    }

    /// A name before every line of this moment or later ones, and of none.
    pub fn at(time: Millis) -> Self {
        Self::new(time, 0, 0)
    }

    pub fn time(self) -> Millis {
        self.time
    }

    pub fn source(self) -> usize {
        usize::from(self.source)
    }

    pub(super) fn number(self) -> u16 {
        self.source
    }

    pub(super) fn arrival(self) -> u64 {
        self.arrival
    }
}

impl<'a> Line<'a> {
    /// The message, byte for byte as far as it was kept: for filters and for JSON, never for a terminal.
    pub fn exact(&self) -> &'a str {
        self.message
    }

    /// The message on one line, harmless to a terminal; says what was cut.
    pub fn safe(&self) -> Cow<'a, str> {
        let safe = sanitise(self.message);
        match self.cut {
            0 => safe,
            cut => Cow::Owned(format!("{safe}… ({cut} bytes more)")),
        }
    }
}
