//! What the command line says of the configuration, whoever parses it.

use super::{Glyphs, When};
use std::path::PathBuf;

/// The flags that every door of the house shares.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Flags {
    /// `--config FILE`
    pub config: Option<PathBuf>,
    /// `-p NAME`: accounts of the fleet or profiles; lists and patterns are welcome.
    pub profiles: Vec<String>,
    /// `-r NAME`: regions; lists and patterns are welcome.
    pub regions: Vec<String>,
    /// `--theme NAME`
    pub theme: Option<String>,
    /// `--keymap NAME`
    pub keymap: Option<String>,
    /// `--glyphs SET`
    pub glyphs: Option<Glyphs>,
    /// `--color WHEN`
    pub color: When,
    /// `--read-only`: whatever the fleet file allows.
    pub read_only: bool,
}
