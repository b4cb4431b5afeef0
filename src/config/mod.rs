//! Files to values: the fleet, themes, keymaps, and everything the environment says.
//!
//! Precedence is always flag, environment, file, default. Mistakes in files are collected as [`Warning`]s and
//! never fatal; mistakes on the command line are a [`Mistake`] and end the program. Nothing here talks to AWS.

mod document;
pub mod glyphs;
pub mod key;
pub mod mistake;
pub mod warning;

pub use glyphs::Glyphs;
pub use key::{Code, Key, KeySequence, Modifiers};
pub use mistake::Mistake;
pub use warning::{Note, Warning};
