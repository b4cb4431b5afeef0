//! Which characters the terminal can be trusted to draw.

use super::Mistake;
use std::str::FromStr;

/// The set of signs that shapes, borders and keys are drawn with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Glyphs {
    #[default]
    Unicode,
    Ascii,
}

impl Glyphs {
    pub const NAMES: [&'static str; 2] = ["unicode", "ascii"];
}

impl FromStr for Glyphs {
    type Err = Mistake;

    fn from_str(name: &str) -> Result<Self, Mistake> {
        match name {
            "unicode" => Ok(Self::Unicode),
            "ascii" => Ok(Self::Ascii),
            _ => Err(Mistake::unknown("set of glyphs", name, Self::NAMES)),
        }
    }
}
