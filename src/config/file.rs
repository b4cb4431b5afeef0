//! Reading the operator's files: a name may lead to a directory, a device without end, or a film.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// No file that somebody writes by hand is larger.
const LARGEST: usize = 1024 * 1024;

/// The text of a regular file of a sensible size. The error says why not, for the end of a sentence.
pub(super) fn read(path: &Path) -> io::Result<String> {
    let refusal = |why: String| Err(io::Error::new(io::ErrorKind::InvalidData, why));
    // Opening a pipe waits for whoever writes to it, so this is asked before.
    if !fs::metadata(path)?.is_file() {
        return refusal("it is not a regular file".to_owned());
    }
    let mut bytes = Vec::new();
    File::open(path)?
        .take(LARGEST as u64 + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() > LARGEST {
        return refusal("it is larger than 1 MiB".to_owned());
    }
    String::from_utf8(bytes).or_else(|error| {
        let whole = error
            .as_bytes()
            .iter()
            .take(error.utf8_error().valid_up_to());
        let line = whole.filter(|byte| **byte == b'\n').count() + 1;
        refusal(format!("line {line} is not UTF-8"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_regular_file_of_text_is_read() {
        let home = tempfile::tempdir().unwrap();
        for (name, bytes, outcome) in [
            ("text", b"a = 1\n".to_vec(), Ok("a = 1\n")),
            (
                "torn",
                b"a = 1\nb = \xff\n".to_vec(),
                Err("line 2 is not UTF-8"),
            ),
            ("full", vec![b'#'; LARGEST], Ok(&*"#".repeat(LARGEST))),
            (
                "huge",
                vec![b'#'; LARGEST + 1],
                Err("it is larger than 1 MiB"),
            ),
        ] {
            let path = home.path().join(name);
            fs::write(&path, bytes).unwrap();
            let read = read(&path).map_err(|error| error.to_string());
            assert!(read.as_deref().map_err(String::as_str) == outcome, "{name}");
        }
        for path in [home.path(), Path::new("/dev/zero")] {
            let error = read(path).unwrap_err();
            assert_eq!(error.to_string(), "it is not a regular file");
        }
        let error = read(&home.path().join("gone")).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }
}
