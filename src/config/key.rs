//! Keys as the operator writes them: `ctrl-d`, `shift-tab`, `G`, `g g`.
//!
//! Our own type, so that neither keymaps nor the app know which library reads the terminal. What prints also
//! parses, to the same key; [`Key::new`] makes sure that one press has one spelling, whatever a terminal reports.

use super::Glyphs;
use std::fmt;
use std::str::FromStr;

/// One press.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    code: Code,
    modifiers: Modifiers,
}

/// What was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    Char(char),
    Function(u8),
    Enter,
    Esc,
    Tab,
    Backspace,
    Delete,
    Insert,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
}

/// What was held meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Modifiers {
    pub ctrl: bool,
    pub alt: bool,
    pub shift: bool,
}

/// A text that names no key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableKey {
    pub text: String,
}

/// Every key with a name: the name that is printed comes first, the others are only read.
const NAMED: [(Code, &[&str]); 16] = [
    (Code::Enter, &["enter", "return"]),
    (Code::Esc, &["esc", "escape"]),
    (Code::Tab, &["tab"]),
    (Code::Backspace, &["backspace"]),
    (Code::Delete, &["delete", "del"]),
    (Code::Insert, &["insert", "ins"]),
    (Code::Up, &["up"]),
    (Code::Down, &["down"]),
    (Code::Left, &["left"]),
    (Code::Right, &["right"]),
    (Code::Home, &["home"]),
    (Code::End, &["end"]),
    (Code::PageUp, &["pageup", "pgup"]),
    (Code::PageDown, &["pagedown", "pgdn"]),
    (Code::Char(' '), &["space"]),
    (Code::Char('-'), &["-", "minus"]),
];

/// Function keys of the largest keyboard that a terminal protocol knows.
const LAST_FUNCTION: u8 = 35;

impl Modifiers {
    pub const NONE: Self = Self {
        ctrl: false,
        alt: false,
        shift: false,
    };
    pub const CTRL: Self = Self {
        ctrl: true,
        ..Self::NONE
    };
    pub const ALT: Self = Self {
        alt: true,
        ..Self::NONE
    };
    pub const SHIFT: Self = Self {
        shift: true,
        ..Self::NONE
    };
}

impl Key {
    /// A key in its one spelling.
    ///
    /// Shift is part of a character (`G`), so it is not said twice. With ctrl most terminals cannot tell `g`
    /// from `G`, so neither do we.
    pub fn new(code: Code, mut modifiers: Modifiers) -> Self {
        let code = match code {
            Code::Char(letter) => {
                let shifted = modifiers.shift;
                modifiers.shift = false;
                Code::Char(if modifiers.ctrl {
                    letter.to_ascii_lowercase()
                } else if shifted {
                    letter.to_ascii_uppercase()
                } else {
                    letter
                })
            }
            other => other,
        };
        Self { code, modifiers }
    }

    /// A character without modifiers.
    pub fn char(letter: char) -> Self {
        Self::new(Code::Char(letter), Modifiers::NONE)
    }

    pub fn code(self) -> Code {
        self.code
    }

    pub fn modifiers(self) -> Modifiers {
        self.modifiers
    }

    /// The character that this press writes into a text field, if it writes one.
    pub fn typed(self) -> Option<char> {
        match self.code {
            Code::Char(letter) if self.modifiers == Modifiers::NONE => Some(letter),
            _ => None,
        }
    }

    /// The key as a footer shows it: `↵`, `↑`, `^d` where the short sign is well known.
    pub fn label(self, glyphs: Glyphs) -> String {
        let sign = match (self.code, glyphs) {
            (Code::Enter, Glyphs::Unicode) => "↵",
            (Code::Up, Glyphs::Unicode) => "↑",
            (Code::Down, Glyphs::Unicode) => "↓",
            (Code::Left, Glyphs::Unicode) => "←",
            (Code::Right, Glyphs::Unicode) => "→",
            (Code::Char(letter), _) if self.modifiers == Modifiers::CTRL && letter != ' ' => {
                return format!("^{letter}");
            }
            _ => return self.to_string(),
        };
        let mut label = self.prefix();
        label.push_str(sign);
        label
    }

    fn prefix(self) -> String {
        let Modifiers { ctrl, alt, shift } = self.modifiers;
        [(ctrl, "ctrl-"), (alt, "alt-"), (shift, "shift-")]
            .into_iter()
            .filter_map(|(is_held, name)| is_held.then_some(name))
            .collect()
    }
}

impl fmt::Display for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = self.prefix();
        let known = NAMED.iter().find(|(code, _)| *code == self.code);
        let text = match (known, self.code) {
            (Some((_, names)), _) => format!("{prefix}{}", names[0]),
            (None, Code::Char(letter)) => format!("{prefix}{letter}"),
            (None, Code::Function(number)) => format!("{prefix}f{number}"),
            (None, _) => prefix,
        };
        out.pad(&text)
    }
}

impl FromStr for Key {
    type Err = UnreadableKey;

    fn from_str(text: &str) -> Result<Self, UnreadableKey> {
        let mut modifiers = Modifiers::NONE;
        let mut rest = text;
        // Prefix by prefix, so that `-` and `ctrl--` need no rule of their own.
        loop {
            let (held, after) = if let Some(after) = after_word(rest, "ctrl-") {
                (&mut modifiers.ctrl, after)
            } else if let Some(after) = after_word(rest, "alt-") {
                (&mut modifiers.alt, after)
            } else if let Some(after) = after_word(rest, "shift-") {
                (&mut modifiers.shift, after)
            } else {
                break;
            };
            *held = true;
            rest = after;
        }
        code(rest)
            .map(|code| Self::new(code, modifiers))
            .ok_or_else(|| UnreadableKey {
                text: text.to_owned(),
            })
    }
}

/// What follows a word at the start of a text, whatever its case.
fn after_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let (head, rest) = text.split_at_checked(word.len())?;
    head.eq_ignore_ascii_case(word).then_some(rest)
}

fn code(name: &str) -> Option<Code> {
    let mut letters = name.chars();
    if let (Some(only), None) = (letters.next(), letters.next()) {
        let is_visible = !only.is_control() && !only.is_whitespace();
        return is_visible.then_some(Code::Char(only));
    }
    let lower = name.to_ascii_lowercase();
    let named = NAMED
        .iter()
        .find(|(_, names)| names.contains(&lower.as_str()));
    if let Some((code, _)) = named {
        return Some(*code);
    }
    let number: u8 = lower.strip_prefix('f')?.parse().ok()?;
    (1..=LAST_FUNCTION)
        .contains(&number)
        .then_some(Code::Function(number))
}

impl fmt::Display for UnreadableKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "`{}` is not a key; keys are written like `ctrl-d`, `shift-tab`, `f5`, `space`, `G` or `g g`.",
            self.text
        )
    }
}

impl std::error::Error for UnreadableKey {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_printed_is_what_was_written() {
        for text in [
            "ctrl-d",
            "alt-x",
            "shift-tab",
            "f5",
            "space",
            "enter",
            "esc",
            "G",
            "?",
            "backspace",
            "pageup",
            "-",
            "ctrl--",
            "ctrl-alt-delete",
            "é",
            "@",
            "ctrl-space",
        ] {
            let key: Key = text.parse().unwrap();
            assert_eq!(key.to_string(), text);
        }
    }

    #[test]
    fn one_press_has_one_spelling() {
        for (written, printed) in [
            ("Ctrl-D", "ctrl-d"),
            ("shift-g", "G"),
            ("escape", "esc"),
            ("PgUp", "pageup"),
            ("minus", "-"),
            ("ctrl-minus", "ctrl--"),
            ("shift-alt-ctrl-up", "ctrl-alt-shift-up"),
            ("alt-X", "alt-X"),
        ] {
            assert_eq!(written.parse::<Key>().unwrap().to_string(), printed);
        }
        let reported = Key::new(Code::Char('G'), Modifiers::SHIFT);
        assert_eq!(reported, "G".parse().unwrap());
    }

    #[test]
    fn what_names_no_key_is_refused_with_examples() {
        for text in ["", "ctl-d", "ctrl-", "f0", "f36", "gg", "\t", "shift-"] {
            let error = text.parse::<Key>().unwrap_err();
            assert!(error.to_string().contains("`ctrl-d`"), "{text:?}");
        }
    }

    #[test]
    fn only_bare_characters_are_typed() {
        assert_eq!(Key::char('x').typed(), Some('x'));
        assert_eq!("space".parse::<Key>().unwrap().typed(), Some(' '));
        assert_eq!("ctrl-x".parse::<Key>().unwrap().typed(), None);
        assert_eq!("enter".parse::<Key>().unwrap().typed(), None);
    }

    proptest! {
        #[test]
        fn any_character_survives_printing(letter in any::<char>(), ctrl: bool, alt: bool) {
            prop_assume!(!letter.is_control() && (!letter.is_whitespace() || letter == ' '));
            let key = Key::new(Code::Char(letter), Modifiers { ctrl, alt, shift: false });
            prop_assert_eq!(key.to_string().parse::<Key>(), Ok(key));
        }
    }
}
