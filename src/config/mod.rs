//!
//! Precedence is always flag, environment, file, default. Mistakes in files are collected as [`Warning`]s and
//! never fatal; mistakes on the command line are a [`Mistake`] and end the program. Nothing here talks to AWS.

pub mod assets;
mod document;
pub mod glyphs;
pub mod key;
pub mod keymap;
pub mod mistake;
pub mod sequence;
pub mod warning;

pub use assets::Shelf;
pub use glyphs::Glyphs;
pub use key::{Code, Key, Modifiers};
pub use keymap::{Hint, Keymap, Resolution};
pub use mistake::Mistake;
pub use sequence::KeySequence;
pub use warning::{Note, Warning};
