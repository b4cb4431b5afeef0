//! A line of a journal: a record as JSON, behind a checksum of what follows it.
//!
//! `{"sum":"…","number":3,"at":"…","record":{…}}`. The checksum is over the object as it would stand without it, so a
//! line that was torn, or changed by hand, is not taken for what somebody did.

use crate::domain::operation::Stamped;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// Hexadecimal digits of a checksum.
const DIGITS: usize = 16;
const BEFORE: &str = r#"{"sum":""#;
const AFTER: &str = r#"","#;

/// The line, with its end.
pub(super) fn write(stamped: &Stamped) -> Result<String, serde_json::Error> {
    let body = serde_json::to_string(stamped)?;
    let fields = body.strip_prefix('{').unwrap_or(&body);
    let sum = fingerprint(body.as_bytes(), DIGITS);
    Ok(format!("{BEFORE}{sum}{AFTER}{fields}\n"))
}

/// What a line says, without its end; none where it is not as it was written.
pub(super) fn read(line: &[u8]) -> Option<Stamped> {
    let line = std::str::from_utf8(line).ok()?;
    let (sum, fields) = line.strip_prefix(BEFORE)?.split_once(AFTER)?;
    let body = format!("{{{fields}");
    if sum != fingerprint(body.as_bytes(), DIGITS) {
        return None;
    }
    serde_json::from_str(&body).ok()
}

/// The beginning of a text's SHA-256, in hexadecimal.
pub(in crate::engine) fn fingerprint(bytes: &[u8], digits: usize) -> String {
    let mut text = String::new();
    for byte in Sha256::digest(bytes) {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text.truncate(digits);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Timestamp;
    use crate::domain::operation::Record;

    fn stamped() -> Stamped {
        Stamped {
            number: 3,
            at: Timestamp::from_timestamp(1_795_000_000, 5).unwrap(),
            record: Record::Resumed {
                by: "ann \"\u{1b}".to_owned(),
            },
        }
    }

    #[test]
    fn a_line_is_json_and_is_read_as_it_was_written() {
        let line = write(&stamped()).unwrap();
        let json: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(json["number"], 3);
        assert_eq!(read(line.trim_end().as_bytes()), Some(stamped()));
    }

    #[test]
    fn a_line_with_any_byte_changed_or_missing_is_not_read() {
        let line = write(&stamped()).unwrap();
        let line = line.trim_end().as_bytes();
        for at in 0..line.len() {
            let mut changed = line.to_vec();
            changed[at] ^= 1;
            assert_eq!(read(&changed), None, "{at}");
            assert_eq!(read(&line[..at]), None, "{at}");
        }
    }
}
