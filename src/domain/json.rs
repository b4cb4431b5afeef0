//! JSON that is harmless to a terminal and still exact.
//!
//! JSON demands escapes only below U+0020. A terminal obeys more than that: the C1 controls, and what turns, joins or
//! hides text. Whatever the sanitiser would not show as it is, leaves as `\uXXXX`, so a parser reads the same text.

use crate::domain::untrusted::sanitise;
use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{Formatter, Serializer};
use std::io;

/// The value on one line.
///
/// # Panics
///
/// Never: a vector takes every byte.
pub fn text(value: &Value) -> String {
    let mut bytes = Vec::new();
    value
        .serialize(&mut Serializer::with_formatter(&mut bytes, Harmless))
        .expect("a vector takes every byte, and the keys of a value are texts");
    String::from_utf8(bytes).expect("the pieces of a text are cut between characters")
}

/// Adds a text in quotes.
///
/// # Panics
///
/// Never: a vector takes every byte.
pub fn append(out: &mut Vec<u8>, text: &str) {
    if text.bytes().all(is_plain) {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    } else {
        text.serialize(&mut Serializer::with_formatter(out, Harmless))
            .expect("a vector takes every byte");
    }
}

/// Whether it stands in JSON as it is, and harms no terminal.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\'
}

struct Harmless;

impl Formatter for Harmless {
    fn write_string_fragment<W>(&mut self, out: &mut W, fragment: &str) -> io::Result<()>
    where
        W: ?Sized + io::Write,
    {
        if fragment.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return out.write_all(fragment.as_bytes());
        }
        let mut character = [0; 4];
        for next in fragment.chars() {
            if is_harmless(next) {
                out.write_all(next.encode_utf8(&mut character).as_bytes())?;
            } else {
                escape(out, next)?;
            }
        }
        Ok(())
    }
}

/// Whether the sanitiser shows it as it is, wherever it stands: a joiner is harmless only between emoji.
fn is_harmless(character: char) -> bool {
    matches!(character, ' '..='~') || {
        let mut bytes = [0; 4];
        let alone = character.encode_utf8(&mut bytes);
        sanitise(alone) == *alone
    }
}

/// JSON knows UTF-16 only: two escapes above U+FFFF.
fn escape(out: &mut (impl io::Write + ?Sized), character: char) -> io::Result<()> {
    let mut units = [0; 2];
    for unit in character.encode_utf16(&mut units) {
        write!(out, "\\u{unit:04x}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn what_acts_on_a_terminal_is_escaped() {
        for (hostile, written) in [
            ("\x1b[2J", r#""\u001b[2J""#),
            ("\x7f", r#""\u007f""#),
            ("\u{9b}31m", r#""\u009b31m""#),
            ("a\u{202e}b", r#""a\u202eb""#),
            ("\u{2028}\u{2029}", r#""\u2028\u2029""#),
            ("\u{feff}\u{200d}", r#""\ufeff\u200d""#),
            ("tag\u{e0041}", r#""tag\udb40\udc41""#),
            ("\u{e000}", r#""\ue000""#),
            ("quote\" é 東京 ✅\n", r#""quote\" é 東京 ✅\n""#),
        ] {
            assert_eq!(text(&json!(hostile)), written);
        }
        assert_eq!(
            text(&json!({ "\u{202e}key": [1, null] })),
            r#"{"\u202ekey":[1,null]}"#
        );
    }

    proptest! {
        #[test]
        fn every_text_is_harmless_and_comes_back_exactly(key in any::<String>(), value in any::<String>()) {
            let object = json!({ key: value });
            let written = text(&object);
            prop_assert!(written.chars().all(is_harmless), "{written:?}");
            prop_assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), object);
        }

        #[test]
        fn a_text_alone_is_written_as_in_a_value(value in any::<String>()) {
            let mut written = Vec::new();
            append(&mut written, &value);
            prop_assert_eq!(String::from_utf8(written).unwrap(), text(&json!(value)));
        }
    }
}
