//! Files to values: the fleet, themes, keymaps, and everything the environment says.
//!
//! Precedence is always flag, environment, file, default. Mistakes in files are collected as [`Warning`]s and
//! never fatal; mistakes on the command line are a [`Mistake`] and end the program. Nothing here talks to AWS.

pub mod alerts;
pub mod assembly;
pub mod assets;
pub mod colour;
mod document;
pub mod environment;
mod file;
pub mod flags;
pub mod fleet;
pub mod gco;
pub mod glyphs;
pub mod key;
pub mod keymap;
pub mod mistake;
pub mod options;
pub mod paths;
pub mod print;
pub mod profiles;
pub mod regions;
pub mod role;
pub mod sequence;
pub mod settings;
pub mod terminal;
pub mod theme;
pub mod warning;

pub use alerts::Alerts;
pub use assembly::{CloudAssembly, Synthesised};
pub use assets::Shelf;
pub use colour::{Colour, Depth};
pub use environment::Environment;
pub use flags::Flags;
pub use fleet::{Waves, World, blank, seconds};
pub use glyphs::Glyphs;
pub use key::{Code, Key, Modifiers};
pub use keymap::{Hint, Keymap, Resolution};
pub use mistake::{Mistake, near};
pub use paths::Paths;
pub use profiles::Profiles;
pub use role::Role;
pub use sequence::KeySequence;
pub use settings::{Settings, load, load_fleet_text};
pub use terminal::{Terminal, When};
pub use theme::Theme;
pub use warning::{Note, Warning};
