//! Keys pressed one after the other: `g g`, `ctrl-w o`.

use super::key::UnreadableKey;
use super::{Glyphs, Key};
use std::fmt;
use std::str::FromStr;

/// Presses one after the other; never empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeySequence(Vec<Key>);

impl KeySequence {
    /// A sequence of presses; `None` when there are none.
    pub fn new(keys: Vec<Key>) -> Option<Self> {
        (!keys.is_empty()).then_some(Self(keys))
    }

    pub fn keys(&self) -> &[Key] {
        &self.0
    }

    /// The sequence as a footer shows it; letters run together, as in `gg`.
    pub fn label(&self, glyphs: Glyphs) -> String {
        let labels: Vec<String> = self.0.iter().map(|key| key.label(glyphs)).collect();
        let is_short = labels.iter().all(|label| label.chars().count() == 1);
        labels.join(if is_short { "" } else { " " })
    }
}

impl From<Key> for KeySequence {
    fn from(key: Key) -> Self {
        Self(vec![key])
    }
}

impl fmt::Display for KeySequence {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<String> = self.0.iter().map(Key::to_string).collect();
        out.pad(&keys.join(" "))
    }
}

impl FromStr for KeySequence {
    type Err = UnreadableKey;

    fn from_str(text: &str) -> Result<Self, UnreadableKey> {
        let keys: Vec<Key> = text
            .split_whitespace()
            .map(str::parse)
            .collect::<Result<_, _>>()?;
        Self::new(keys).ok_or_else(|| UnreadableKey {
            text: text.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_are_separated_by_spaces() {
        let sequence: KeySequence = "g  ctrl-w".parse().unwrap();
        assert_eq!(sequence.keys().len(), 2);
        assert_eq!(sequence.to_string(), "g ctrl-w");
        assert!("  ".parse::<KeySequence>().is_err());
    }

    #[test]
    fn labels_are_short_where_the_sign_is_well_known() {
        for (text, unicode, ascii) in [
            ("enter", "↵", "enter"),
            ("shift-up", "shift-↑", "shift-up"),
            ("ctrl-d", "^d", "^d"),
            ("g g", "gg", "gg"),
            ("ctrl-w o", "^w o", "^w o"),
            ("space", "space", "space"),
        ] {
            let sequence: KeySequence = text.parse().unwrap();
            assert_eq!(sequence.label(Glyphs::Unicode), unicode);
            assert_eq!(sequence.label(Glyphs::Ascii), ascii);
        }
    }
}
