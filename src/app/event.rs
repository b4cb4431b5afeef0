//! What happens to the app, and what it wants done about it.

use super::alert::Alert;
use super::viewport::Viewport;
use crate::config::key::Key;
use crate::domain::Timestamp;
use crate::engine::message::{Request, Update};

/// Everything that can change the app.
#[derive(Clone, Debug)]
pub enum Event {
    Key(Key),
    Mouse {
        at: (u16, u16),
        deed: Mouse,
    },
    /// Text that was pasted: it may fill a field, it never presses a key.
    Paste(String),
    Resized,
    /// The terminal window gained or lost the focus.
    Focus(Focus),
    /// Time went on.
    Tick(Timestamp),
    Engine(Update),
    /// A file was written: where, or why not, as a sentence.
    Written(Result<String, String>),
    /// An alert could not be given as configured: why, as a sentence.
    Alerted(String),
    /// A frame was drawn with this geometry.
    Drawn(Viewport),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mouse {
    Click,
    DoubleClick,
    WheelUp,
    WheelDown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    Gained,
    Lost,
}

/// What the app wants from the outside. Data, so that a test can compare it.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    Ask(Request),
    /// Put this, already sanitised, on the clipboard (OSC 52).
    Copy(String),
    /// Write this to a file that does not exist yet, where the operator keeps what he exports.
    Write {
        name: String,
        lines: usize,
        text: String,
    },
    /// Give an alert, in the ways that the operator chose.
    Alert(Alert),
    /// Change to the theme after the current one.
    NextTheme,
    /// Draw another frame when it is due: there is more to work out than one event should.
    Again,
    /// Draw everything anew: something else wrote to the terminal.
    Redraw,
    Suspend,
    Quit,
}
