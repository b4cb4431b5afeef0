//! What the operator got wrong in a way that leaves nothing sensible to show.
//!
//! Only the command line and files named on it can make a [`Mistake`]; everything else becomes a
//! [`Warning`](super::Warning) and a default. A mistake is one sentence and ends the program with exit code 2.

use crate::domain::untrusted::sanitise;
use std::fmt;

/// A sentence for stderr.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    sentence: String,
}

impl Mistake {
    /// What a shell sees: the usual code for "used wrongly".
    pub const EXIT_CODE: u8 = 2;

    pub fn new(sentence: impl AsRef<str>) -> Self {
        Self {
            sentence: sanitise(sentence.as_ref()).into_owned(),
        }
    }

    /// Words "There is no … `name`", with the nearest that there is.
    pub(super) fn unknown<'a>(
        kind: &str,
        name: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        Self::new(unknown(kind, name, known))
    }
}

/// The sentence for a name that leads nowhere; the same wherever one is met.
pub(super) fn unknown<'a>(
    kind: &str,
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> String {
    match crate::command::nearest(name, known) {
        Some(near) => format!("There is no {kind} `{name}`; did you mean `{near}`?"),
        None => format!("There is no {kind} `{name}`."),
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.sentence)
    }
}

impl std::error::Error for Mistake {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_leads_nowhere_brings_the_nearest() {
        for (name, known, sentence) in [
            (
                "lihgt",
                &["default", "light"][..],
                "There is no theme `lihgt`; did you mean `light`?",
            ),
            ("x", &[], "There is no theme `x`."),
            (
                "\u{1b}[2J",
                &["light"],
                "There is no theme `␛[2J`; did you mean `light`?",
            ),
        ] {
            let mistake = Mistake::unknown("theme", name, known.iter().copied());
            assert_eq!(mistake.to_string(), sentence);
        }
    }
}
