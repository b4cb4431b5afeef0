//! Text that somebody else wrote, and the one way it gets onto a screen.
//!
//! Names, tags, reasons, outputs and error messages come from whoever could write them; anyone who can send a
//! request to a logged service can write to our terminal. [`Untrusted`] has no `Display` and no `Deref`: the
//! only ways out are [`Untrusted::safe`], for eyes, and [`Untrusted::exact`], for AWS and for comparing.
//!
//! The filter works on characters, not on escape sequences: a matcher of sequences can be thrown out of step
//! (CVE-2022-46663), a filter that leaves no control character cannot. Nothing is dropped silently: what would
//! act on a terminal is shown as a visible symbol.

use std::borrow::Cow;
use std::fmt::Write;
use std::sync::Arc;
use unicode_properties::{EmojiStatus, GeneralCategory, UnicodeEmoji, UnicodeGeneralCategory};

/// How much of one text is ever prepared for showing, in bytes.
pub const SHOWN_AT_MOST: usize = 64 * 1024;

/// How much of a text of many lines is ever shown, in bytes: CloudFormation's largest template.
const LINES_AT_MOST: usize = 1 << 20;

/// Combining marks that one character may carry before the rest is cut ("zalgo" text).
const MARKS_AT_MOST: usize = 8;

/// Text from outside.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Untrusted {
    text: Arc<str>,
    /// Known once on arrival, so that drawing ordinary text costs nothing.
    looks: Looks,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Looks {
    Clean,
    Suspect,
}

impl Untrusted {
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let looks = if is_clean(&text) {
            Looks::Clean
        } else {
            Looks::Suspect
        };
        Self { text, looks }
    }

    /// The text as it may be shown: one line, no character that acts on a terminal, at most
    /// [`SHOWN_AT_MOST`] bytes of the original.
    pub fn safe(&self) -> Cow<'_, str> {
        match self.looks {
            Looks::Clean => Cow::Borrowed(&self.text),
            Looks::Suspect => Cow::Owned(sanitise(&self.text).into_owned()),
        }
    }

    /// The lines of a text that may have several (a template, a long reason), each one safe, from the line
    /// `first` on. The lines before it are not even looked at.
    pub fn safe_lines(&self, first: usize) -> impl Iterator<Item = Cow<'_, str>> {
        within(&self.text, LINES_AT_MOST)
            .lines()
            .skip(first)
            .map(sanitise)
    }

    /// How many lines [`Untrusted::safe_lines`] has.
    pub fn line_count(&self) -> usize {
        within(&self.text, LINES_AT_MOST).lines().count()
    }

    /// The text as it came. For requests to AWS, for comparing, for parsing: never for a terminal.
    pub fn exact(&self) -> &str {
        &self.text
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

impl From<&str> for Untrusted {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

/// Makes any text harmless to a terminal, a title or a clipboard.
///
/// ```
/// use quarterdeck::domain::untrusted::sanitise;
/// assert_eq!(sanitise("ordinary"), "ordinary");
/// assert_eq!(sanitise("\u{1b}[2J"), "␛[2J");
/// assert_eq!(sanitise("a\u{202e}b"), "a⟨202E⟩b");
/// ```
pub fn sanitise(text: &str) -> Cow<'_, str> {
    if is_clean(text) {
        return Cow::Borrowed(text);
    }
    let shown = within(text, SHOWN_AT_MOST);
    let mut safe = String::with_capacity(shown.len() + 16);
    let mut marks = 0;
    let mut previous = None;
    let mut characters = shown.chars().peekable();
    while let Some(character) = characters.next() {
        marks = if is_mark(character) { marks + 1 } else { 0 };
        match character {
            ' '..='~' => safe.push(character),
            // A line break separates words; the whole is shown on one line.
            '\r' if characters.peek() == Some(&'\n') => {}
            '\n' => safe.push('⏎'),
            '\t' => safe.push_str("  "),
            '\0'..='\x1f' => safe.extend(char::from_u32(0x2400 + u32::from(character))),
            '\x7f' => safe.push('␡'),
            '\u{80}'..='\u{9f}' => _ = write!(safe, "\\x{:02x}", u32::from(character)),
            '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' if previous.is_some_and(is_emoji) => {
                safe.push(character);
            }
            _ if is_mark(character) && marks == MARKS_AT_MOST + 1 => safe.push('…'),
            _ if is_mark(character) && marks > MARKS_AT_MOST => {}
            _ => match fate(character) {
                Fate::Shown => safe.push(character),
                Fate::Named => _ = write!(safe, "⟨{:04X}⟩", u32::from(character)),
                Fate::Replaced => safe.push('\u{fffd}'),
            },
        }
        if !matches!(character, '\u{200d}' | '\u{fe0e}' | '\u{fe0f}') {
            previous = Some(character);
        }
    }
    if shown.len() < text.len() {
        let _ = write!(safe, "… ({} bytes more)", text.len() - shown.len());
    }
    Cow::Owned(safe)
}

/// What becomes of a character beyond ASCII and the C1 controls.
enum Fate {
    Shown,
    /// It has no shape of its own but changes how others look: its code is shown.
    Named,
    /// No two terminals agree on it.
    Replaced,
}

fn fate(character: char) -> Fate {
    use GeneralCategory as C;
    match character.general_category() {
        C::Format | C::LineSeparator | C::ParagraphSeparator | C::Control | C::Surrogate => {
            Fate::Named
        }
        C::Unassigned | C::PrivateUse => Fate::Replaced,
        // Variation selectors are marks; outside an emoji they have nothing to select.
        _ if matches!(character, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}') => {
            Fate::Named
        }
        // Fillers are letters to Unicode and nothing to the eye.
        _ if matches!(
            character,
            '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{34f}'
        ) =>
        {
            Fate::Named
        }
        _ => Fate::Shown,
    }
}

fn is_mark(character: char) -> bool {
    use GeneralCategory as C;
    !character.is_ascii()
        && matches!(
            character.general_category(),
            C::NonspacingMark | C::EnclosingMark | C::SpacingMark
        )
        && !matches!(character, '\u{fe00}'..='\u{fe0f}')
}

fn is_emoji(character: char) -> bool {
    !character.is_ascii()
        && !matches!(
            character.emoji_status(),
            EmojiStatus::NonEmoji | EmojiStatus::NonEmojiButEmojiComponent
        )
}

/// Whether every byte is printable ASCII, which nearly all text of AWS is.
fn is_clean(text: &str) -> bool {
    text.len() <= SHOWN_AT_MOST && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// The longest prefix of whole characters that fits into `bytes`.
fn within(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_acts_on_a_terminal_becomes_visible() {
        for (hostile, shown) in [
            ("\x1b]0;title\x07", "␛]0;title␇"),
            ("\x1bP$q\x1b\\", "␛P$q␛\\"),
            ("\u{9b}31m", "\\x9b31m"),
            ("a\u{202e}txt.exe", "a⟨202E⟩txt.exe"),
            ("line\r\nline\nline\rback", "line⏎line⏎line␍back"),
            ("tab\there", "tab  here"),
            ("\u{feff}bom", "⟨FEFF⟩bom"),
            ("tag\u{e0041}", "tag⟨E0041⟩"),
            ("private \u{e000}", "private \u{fffd}"),
            ("unassigned \u{378}", "unassigned \u{fffd}"),
            ("zero\u{200b}width", "zero⟨200B⟩width"),
            ("sep\u{2028}", "sep⟨2028⟩"),
            ("del\x7f", "del␡"),
        ] {
            assert_eq!(sanitise(hostile), shown, "{hostile:?}");
        }
    }

    #[test]
    fn honest_text_of_any_script_stays_as_it_is() {
        for honest in [
            "checkout-api",
            "Zürich café",
            "東京リージョン",
            "naïve e\u{301}",
            "ok ✅",
            "👨\u{200d}👩\u{200d}👧",
            "❤\u{fe0f}",
        ] {
            assert_eq!(sanitise(honest), honest);
        }
    }

    #[test]
    fn marks_cannot_pile_up() {
        let zalgo = format!("Z{}", "\u{301}".repeat(50));
        assert_eq!(sanitise(&zalgo), format!("Z{}…", "\u{301}".repeat(8)));
    }

    #[test]
    fn a_megabyte_is_cut_and_says_so() {
        let long = "é".repeat(500_000);
        let shown = sanitise(&long);
        assert!(
            shown.len() < SHOWN_AT_MOST + 40 && shown.ends_with("bytes more)"),
            "{}",
            shown.len()
        );
    }

    proptest! {
        #[test]
        fn nothing_that_acts_survives(text in any::<String>()) {
            for character in sanitise(&text).chars() {
                prop_assert!(!character.is_control(), "{character:?}");
                let is_joiner = matches!(character, '\u{200d}');
                prop_assert!(is_joiner || character.general_category() != GeneralCategory::Format, "{character:?}");
            }
        }
    }
}
