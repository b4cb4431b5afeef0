//! What the operator got wrong in a way that leaves nothing sensible to show.
//!
//! Only the command line and files named on it can make a [`Mistake`]; everything else becomes a
//! [`Warning`](super::Warning) and a default. A mistake is one sentence and ends the program with exit code 2.

use crate::command::nearest;
use crate::domain::untrusted::sanitise;
use std::fmt;

/// A sentence for stderr.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    sentence: String,
}

impl Mistake {
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

/// Names that are few enough to be told in one sentence.
const TOLD_AT_MOST: usize = 12;

/// The sentence for a name that leads nowhere; the same wherever one is met.
///
/// It brings the nearest name if that is near, else all of them if they are few.
pub(super) fn unknown<'a>(
    kind: &str,
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    match near(name, known.iter().copied()) {
        Some(near) => format!("There is no {kind} `{name}`; did you mean `{near}`?"),
        None if (1..=TOLD_AT_MOST).contains(&known.len()) => {
            format!(
                "There is no {kind} `{name}`, only `{}`.",
                known.join("`, `")
            )
        }
        None => format!("There is no {kind} `{name}`."),
    }
}

/// The candidate that was probably meant, for a "did you mean" that is never silly.
pub fn near<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest(wrong, candidates).filter(|near| is_slip(wrong, near))
}

/// Whether one name is likely to be the other with a slip of the finger, or its beginning. The nearest of a few
/// names may still be far away, and to suggest it would be silly.
fn is_slip(wrong: &str, right: &str) -> bool {
    let (wrong, right) = (wrong.to_lowercase(), right.to_lowercase());
    let slips = wrong.len().max(right.len()) / 3;
    strsim::osa_distance(&wrong, &right) <= slips.max(1)
        || wrong.chars().count() > 2 && right.starts_with(&wrong)
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
    fn a_name_that_leads_nowhere_brings_the_nearest_or_all_of_a_few() {
        for (name, known, sentence) in [
            (
                "lihgt",
                &["default", "light"][..],
                "There is no theme `lihgt`; did you mean `light`?",
            ),
            ("x", &[], "There is no theme `x`."),
            (
                "xyz",
                &["default", "light"],
                "There is no theme `xyz`, only `default`, `light`.",
            ),
            (
                "\u{1b}[2J",
                &["light"],
                "There is no theme `␛[2J`, only `light`.",
            ),
        ] {
            let mistake = Mistake::unknown("theme", name, known.iter().copied());
            assert_eq!(mistake.to_string(), sentence);
        }
    }
}
